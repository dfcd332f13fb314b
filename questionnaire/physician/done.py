"""What was done with the response before, told on the next page with the name of whom it was about.

The session holds only the response's id: a message of Django's would put the name into a cookie, where anybody with the
browser reads it.
"""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.contrib.messages.storage.base import Message
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html

from questionnaire.physician import filters
from questionnaire.physician.access import caller
from questionnaire.services import listing, staff

_KEPT = "done"
_SAID = {
    "reviewed": "marked reviewed",
    "reply": "the reply is sent",
    "refer": "the referral is kept",
    "note": "the note is kept",
    "take": "taken",
    "reopen": "reopened",
    "recall": "worked off",
}


def keep(request: HttpRequest, pk: UUID, step: str) -> None:
    """Have the next page tell that this step was taken with this response."""
    request.session[_KEPT] = [str(pk), step, filters.carried(request).link]


def told(request: HttpRequest) -> list[Message]:
    """What there is to tell on this page; told once."""
    # A page for what went wrong may come before there is a session.
    kept = request.session.pop(_KEPT, None) if hasattr(request, "session") else None
    if kept is None:
        return []
    pk, step, link = kept
    try:
        who = listing.name_of(by=caller(request), pk=UUID(pk))
    except staff.NotAllowed:
        return []
    if who is None:
        return [Message(messages.INFO, f"The response before this one: {_SAID[step]}. Its patient has taken it back.")]
    address = f"{reverse('physician:response', args=(pk,))}{link}"
    words = format_html('{}: {}. <a href="{}">Back to that response</a>', who, _SAID[step], address)
    return [Message(messages.SUCCESS, words)]
