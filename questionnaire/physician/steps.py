"""What a physician does with a response, by forms of its page: take, mark reviewed, reply, note, refer, reopen."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.text import capfirst
from django.views.decorators.http import require_http_methods

from questionnaire.models import Review
from questionnaire.physician import filters, frame, opened, response, searches
from questionnaire.physician.access import caller
from questionnaire.physician.errors import TEXT, typed
from questionnaire.physician.opened import of_one_response
from questionnaire.services import inbox, reviews
from questionnaire.services.inbox import Cursor
from questionnaire.services.reviews import LONGEST_TEXT, Conflict, NothingWritten, NotNow

PLAIN: dict[str, tuple[Callable[..., Review], str, str]] = {
    "take": (reviews.take, "Take", "You have taken it."),
    "reviewed": (reviews.mark_reviewed, "Mark reviewed", "Marked reviewed."),
    "reopen": (reviews.reopen, "Reopen", "Reopened; it is yours now."),
}
WRITTEN: dict[str, tuple[Callable[..., Review], str, str]] = {
    "reply": (reviews.reply, "Send the reply", "The reply is sent. The patient reads it on coming back."),
    "note": (reviews.note, "Keep the note", "The note is kept."),
    "refer": (reviews.refer, "Keep the referral", "The referral is kept."),
}
STEPS = PLAIN | WRITTEN
NAMED = {"reply": "reply", "note": "note", "refer": "referral"}


@require_http_methods(["GET", "HEAD", "POST"])
@of_one_response
def step(request: HttpRequest, pk: UUID, name: str) -> HttpResponse:
    """Take one step; then back to the page, or on to the next response of the same list."""
    if request.method != "POST":
        # Somebody reloads the page on which a step was refused.
        return redirect("physician:response", pk=pk)
    place = Review.objects.filter(pk=pk).values_list("queue", flat=True).first()
    try:
        _take(request, pk, name)
    except Conflict:
        return _conflict(request, pk, name)
    except NotNow as error:
        title = "That step does not fit any more"
        return frame.sorry(request, title, f"{capfirst(str(error))}.", 409, typed(request))
    except NothingWritten:
        return response.shown(request, pk, refused=_refused(request, name))
    messages.success(request, STEPS[name][2])
    return _onward(request, pk, place or 0)


def _take(request: HttpRequest, pk: UUID, name: str) -> Review:
    given: dict[str, Any] = {"by": caller(request), "pk": pk, "revision": _revision(request)}
    if name in WRITTEN:
        given["text"] = request.POST.get(TEXT, "")
    return STEPS[name][0](**given)


def _revision(request: HttpRequest) -> int:
    """The revision that the physician saw; one that nobody saw if none was sent, so that nothing is overwritten."""
    given = request.POST.get("revision", "")
    return int(given) if given.isascii() and given.isdigit() and len(given) < 10 else -1


def _onward(request: HttpRequest, pk: UUID, place: int) -> HttpResponse:
    came_from = filters.carried(request)
    then = came_from.link
    if request.POST.get("then") != "next":
        return redirect(f"{reverse('physician:response', args=(pk,))}{then}")
    kept = searches.find(request.session, came_from.token) if came_from.token else None
    following = inbox.next_after(
        filters=came_from.filters,
        user=request.user,
        cursor=Cursor(place, pk),
        search=kept.search if kept else None,
    )
    if following is None:
        messages.info(request, "That was the last one of this list.")
        return redirect(response.list_address(request))
    return redirect(f"{reverse('physician:response', args=(following.pk,))}{then}")


def _refused(request: HttpRequest, name: str) -> dict[str, str]:
    text = request.POST.get(TEXT, "")
    length = len(text.strip().replace("\r\n", "\n"))
    problem = (
        f"Use {LONGEST_TEXT:,} characters or fewer. You used {length:,}."
        if length
        else f"Write the {NAMED[name]} before you send it."
    )
    return {"step": name, "text": text, "problem": problem}


def _conflict(request: HttpRequest, pk: UUID, name: str) -> HttpResponse:
    """Both texts: what a colleague did meanwhile, and what was typed, to be sent after all or changed first."""
    review = opened.open_review(request, pk, "conflict")
    context = {
        "since": reviews.entries(review, after=max(_revision(request), 0)),
        "address": f"physician:{name}",
        "label": STEPS[name][1],
        "with_text": name in WRITTEN,
        "typed": request.POST.get(TEXT, ""),
        "then": "next" if request.POST.get("then") == "next" else "",
        **response.around(request, review),
    }
    return frame.page(request, "physician/conflict.html", context, 409)
