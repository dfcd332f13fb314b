"""Pages of the physicians for what went wrong: each says what to do next, and none loses what was typed."""

from __future__ import annotations

from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from questionnaire.physician import frame

TEXT = "text"
"""Name of the one field in which a physician writes."""


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    text = (
        "Either it was far too much text at once, or something in it could not be read. Nothing was stored. Go back in "
        "your browser: what you typed is still there. Shorten it, and send it again."
    )
    return _told(request, "That could not be taken in", text, 400)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    text = (
        "Patients share their answers with the physicians of this practice, and your account is not one of theirs, or "
        "no longer is. Nothing was stored. An administrator can put you into the group."
    )
    return _told(request, "You cannot open this page", text, 403, typed(request))


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    text = "The address may be mistyped, or the time for which the response was shared is over."
    return _told(request, "There is no such page", text, 404, typed(request))


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A page that had been open too long: everything typed comes back in a form with a fresh token."""
    text = "Look at what you typed, and send it again. If this comes back, allow cookies for this site."
    return _again(request, "This page had been open too long", text)


def signed_out(request: HttpRequest) -> HttpResponse:
    """Sent by somebody whose session has ended: it can be sent again from here once they are signed in."""
    text = "Sign in again in another tab. Then come back to this one and send it again."
    return _again(request, "You are signed out", text, sign_in=reverse("admin:login"))


def _again(request: HttpRequest, title: str, text: str, sign_in: str = "") -> HttpResponse:
    sent = request.POST
    context = {
        "title": title,
        "text": text,
        "sign_in": sign_in,
        "address": request.path_info,
        "written": sent.getlist(TEXT),
        "held": [
            (name, value) for name in sent if name not in ("csrfmiddlewaretoken", TEXT) for value in sent.getlist(name)
        ],
    }
    return frame.page(request, "physician/again.html", context, 403)


def typed(request: HttpRequest) -> list[tuple[str, str]]:
    """What somebody wrote, to be shown again on a page that cannot store it."""
    written = request.POST.get(TEXT, "") if request.method == "POST" else ""
    return [("What you typed. It is not stored.", written)] if written.strip() else []


def _told(
    request: HttpRequest, title: str, text: str, status: int, kept: list[tuple[str, str]] | None = None
) -> HttpResponse:
    if not hasattr(request, "user"):
        # It failed before anybody was looked up.
        request.user = AnonymousUser()
    return frame.sorry(request, title, text, status, kept or [])
