"""What a physician does with a response, by buttons of its page: take, mark reviewed, reply, note, refer, reopen."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.text import capfirst
from django.views.decorators.http import require_http_methods

from questionnaire.models import Review
from questionnaire.physician import conflicts, errors, filters, frame, onward, response, texts
from questionnaire.physician.access import caller
from questionnaire.physician.opened import of_one_response
from questionnaire.physician.texts import BOXES, Choice, Refused
from questionnaire.services import reviews
from questionnaire.services.reviews import Conflict, NotNow

THEN = "then"
UNSENT = "unsent"
"""What to do with texts that a step would leave behind: `SEND` them too, or `LEAVE` them."""
SEND, LEAVE = "send", "leave"


@dataclass(frozen=True, slots=True)
class Step:
    """A step: what does it, the words of its button and of what it came to, and if it goes before any text."""

    do: Callable[..., Review]
    label: str
    told: str
    first: bool = False


STEPS = {
    "take": Step(reviews.take, "Take it", "You have taken it.", first=True),
    "reviewed": Step(reviews.mark_reviewed, "Mark reviewed", "Marked reviewed."),
    "reopen": Step(reviews.reopen, "Reopen", "Reopened; it is yours now.", first=True),
    "reply": Step(reviews.reply, "Send the reply", "The reply is sent. The patient reads it on coming back."),
    "note": Step(reviews.note, "Keep the note", "The note is kept."),
    "refer": Step(reviews.refer, "Keep the referral", "The referral is kept."),
}


@require_http_methods(["GET", "HEAD", "POST"])
@of_one_response
def step(request: HttpRequest, pk: UUID, name: str) -> HttpResponse:
    """Take one step; then back to the page, or on to the next response of the same list."""
    if request.method != "POST":
        # Somebody reloads the page on which a step was refused.
        return redirect("physician:response", pk=pk)
    typed = texts.typed(request, name)
    refused = _refused(request, pk, name, typed)
    if refused is not None:
        return response.shown(request, pk, refused=refused, typed=typed, revision=_revision(request))
    place = Review.objects.filter(pk=pk).values_list("queue", flat=True).first()
    try:
        _take(request, pk, name, typed)
    except Conflict:
        return conflicts.page(request, pk, name, STEPS[name].label, typed, max(_revision(request), 0))
    except NotNow as error:
        title = "That step does not fit any more"
        return frame.sorry(request, title, f"{capfirst(str(error))}.", 409, errors.kept(typed))
    if _goes_on(request):
        return onward.after(request, pk, place or 0, name)
    messages.success(request, STEPS[name].told)
    if typed:
        return response.shown(request, pk, typed=typed)
    return redirect(f"{reverse('physician:response', args=(pk,))}{filters.carried(request).link}")


def _refused(request: HttpRequest, pk: UUID, name: str, typed: dict[str, str]) -> Refused | None:
    """Why nothing is done yet: a text that cannot be stored, or texts of which nobody said what becomes of them."""
    how, own = request.POST.get(UNSENT), texts.field_of(request, name)
    sent = {own: texts.sent(request, name)} if own in BOXES else {}
    sent |= typed if how == SEND else {}
    problems = {field: said for field, text in sent.items() if (said := texts.problem(field, text))}
    if problems:
        return Refused(problems)
    left = [field for field in typed if field != own]
    if not left or how in (SEND, LEAVE):
        return None
    return Refused(
        {field: BOXES[field].left for field in left}, _address(request, pk, name), _choices(request, name, left)
    )


def _choices(request: HttpRequest, name: str, left: list[str]) -> tuple[Choice, Choice]:
    goes_on = _goes_on(request)
    does = f"{STEPS[name].label}{' and go on' if goes_on else ''}"
    send = texts.listed(BOXES[field].send for field in left)
    nouns = texts.listed(f"the {BOXES[field].noun}" for field in left)
    stays = f"drop {nouns}" if goes_on else f"leave {nouns} in {'their fields' if len(left) > 1 else 'its field'}"
    return Choice(SEND, f"{does}, and {send} too"), Choice(LEAVE, f"{does}, and {stays}")


def _address(request: HttpRequest, pk: UUID, name: str) -> str:
    """Where this step is sent to again, with what its button would have told."""
    more = {THEN: "next"} if _goes_on(request) else {}
    if texts.field_of(request, name) != name:
        more |= {texts.FIELD: texts.field_of(request, name)}
    return f"{reverse(f'physician:{name}', args=(pk,))}{f'?{urlencode(more)}' if more else ''}"


def _goes_on(request: HttpRequest) -> bool:
    return "next" in (request.POST.get(THEN), request.GET.get(THEN))


def _take(request: HttpRequest, pk: UUID, name: str, typed: dict[str, str]) -> None:
    """The step, and with it the texts that are to go too. What is stored is taken out of `typed`.

    Each is a step of its own, on the revision that the one before made: should a colleague come between two of them,
    the rest is a conflict like any other.
    """
    own = texts.field_of(request, name)
    also = [field for field in typed if field != own] if request.POST.get(UNSENT) == SEND else []
    order = [own, *also] if STEPS[name].first else [*also, own]
    revision = _revision(request)
    for field in order:
        given: dict[str, Any] = {"by": caller(request), "pk": pk, "revision": revision}
        if field in BOXES:
            given["text"] = typed.get(field) or texts.sent(request, name)
        taken = name if field == own else BOXES[field].step
        revision = STEPS[taken].do(**given).revision
        typed.pop(field, None)


def _revision(request: HttpRequest) -> int:
    """The revision that the physician saw; one that nobody saw if none was sent, so that nothing is overwritten."""
    given = request.POST.get("revision", "")
    return int(given) if given.isascii() and given.isdigit() and len(given) < 10 else -1
