"""A step that met a colleague's, or the patient's: whose response it is, what was done meanwhile, and both texts."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse

from questionnaire.models import Review, ReviewEntry
from questionnaire.physician import frame, opened, response, texts
from questionnaire.services import reviews, staff
from questionnaire.services.reviews import Entry

Kind, State = ReviewEntry.Kind, Review.State
_DID = {
    Kind.TAKEN: "took it",
    Kind.NOTE: "wrote a note",
    Kind.REPLY: "wrote a reply to the patient",
    Kind.REFERRED: "wrote a referral",
    Kind.REVIEWED: "marked it reviewed",
    Kind.REOPENED: "reopened it",
    Kind.STUDY: "checked the study again, and its record says more than the patient read",
    Kind.RECALLED: "looked at it after a safety change",
    Kind.CHANGED: "changed their answers",
    Kind.SHARED: "shared it",
}


def page(request: HttpRequest, pk: UUID, name: str, label: str, typed: dict[str, str], seen: int) -> HttpResponse:
    """Both texts: what was done meanwhile, and what was typed, to be sent after all or changed first.

    Args:
        label: of the step that was to be taken.
        typed: every text by its field, as far as it is not stored.
        seen: the revision that the physician saw.
    """
    review = opened.open_review(request, pk, "conflict")
    own = texts.field_of(request, name)
    context = {
        "who": reviews.identity(review),
        "since": [(each, did(each)) for each in reviews.entries(review, after=seen)],
        "stands": stands(review, request.user),
        "address": f"physician:{name}",
        "field": own if own != name else "",
        "label": label,
        "yours": [(field, texts.BOXES[field], typed[field]) for field in sorted(typed, key=lambda each: each != own)],
        "then": "next" if "next" in (request.POST.get("then"), request.GET.get("then")) else "",
        **response.around(request, review),
    }
    return frame.page(request, "physician/conflict.html", context, 409)


def did(entry: Entry) -> str:
    """Who did what, as a sentence without its end: "Dr Lee took it"."""
    kind = Kind(entry.kind)
    patient = kind in (Kind.CHANGED, Kind.SHARED)
    who = entry.by or ("The patient" if patient else "The program")
    return f"{who} {_DID.get(kind, entry.label.lower())}"


def stands(review: Review, user: object) -> str:
    """The state of a review, and with whom it is, in words."""
    who = "you" if review.taken_by == user else staff.shown_name(review.taken_by) if review.taken_by else ""
    if not who:
        return review.get_state_display()
    if review.state == State.NEW:
        # It came back: the patient changed their answers, or the study's record changed.
        return f"New again; {who} had taken it before"
    if review.state == State.TAKEN:
        return f"Taken by {who}"
    return f"{review.get_state_display()}, with {who}"
