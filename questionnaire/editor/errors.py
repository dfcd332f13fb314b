"""Pages of the guidance editor for what went wrong: each says what to do next, and none loses what was typed."""

from __future__ import annotations

from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from questionnaire.editor import frame
from questionnaire.signin import held_words


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    text = (
        "Either it was far too much text at once, or something in it could not be read. Nothing was stored. Go back in "
        "your browser: what you typed is still there. Shorten it, and save again."
    )
    return _told(request, "That could not be taken in", text, 400)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    text = "It needs a role that you do not have, or no longer have. An administrator can give it to you."
    return _told(request, "You cannot open this page", text, 403)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    text = "The address may be mistyped, or the entry was taken out of the draft."
    return _told(request, "There is no such page", text, 404)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A page that had been open too long: everything typed comes back in a form with a fresh token."""
    held = [
        (name, held_words.label_of(name, request.path_info), value)
        for name in request.POST
        if name != "csrfmiddlewaretoken"
        for value in request.POST.getlist(name)
    ]
    return frame.page(request, "editor/again.html", {"held": held, "address": request.get_full_path()}, 403)


def _told(request: HttpRequest, title: str, text: str, status: int) -> HttpResponse:
    if not hasattr(request, "user"):
        # It failed before anybody was looked up.
        request.user = AnonymousUser()
    return render(request, "editor/sorry.html", {"title": title, "text": text}, status=status)
