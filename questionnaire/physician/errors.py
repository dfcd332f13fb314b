"""Pages of the physicians for what went wrong: each says what to do next, and none loses what was typed."""

from __future__ import annotations

from collections.abc import Mapping

from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse

from questionnaire.physician import frame, texts
from questionnaire.signin.refusals import csrf_failure

__all__ = ["bad_request", "csrf_failure", "forbidden", "not_found", "typed"]


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


def typed(request: HttpRequest) -> list[tuple[str, str]]:
    """What somebody wrote, to be shown again on a page that cannot store it."""
    return kept(texts.typed(request))


def kept(written: Mapping[str, str]) -> list[tuple[str, str]]:
    """These texts by field, each with a label that says that it is not stored."""
    nouns = {name: f"The {box.noun} you typed. It is not stored." for name, box in texts.BOXES.items()}
    return [(nouns.get(name, "What you typed. It is not stored."), text) for name, text in written.items()]


def _told(
    request: HttpRequest, title: str, text: str, status: int, kept: list[tuple[str, str]] | None = None
) -> HttpResponse:
    if not hasattr(request, "user"):
        # It failed before anybody was looked up.
        request.user = AnonymousUser()
    return frame.sorry(request, title, text, status, kept or [])
