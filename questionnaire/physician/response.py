"""The page of one shared response, who else has it open, and its access record."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_POST, require_safe

from questionnaire.models import Edition, Review
from questionnaire.pages import finished
from questionnaire.physician import answers, filters, frame, histories
from questionnaire.physician.access import caller
from questionnaire.physician.histories import event_in_words
from questionnaire.physician.opened import of_one_response
from questionnaire.physician.study_panel import panel
from questionnaire.physician.summary import summary
from questionnaire.services import checking, queueing, reviews, staff, trail

MOST_EVENTS = 50
"""Lines of the access record on the page of a response; all of them have a page of their own."""
EVENTS_A_PAGE = 200
INBOX = "/physician/"


@gzip_page
@require_safe
@of_one_response
def response(request: HttpRequest, pk: UUID) -> HttpResponse:
    return shown(request, pk)


def shown(request: HttpRequest, pk: UUID, *, refused: dict[str, str] | None = None) -> HttpResponse:
    """The page, after the look was recorded.

    Args:
        refused: `step`, `text` as it was typed and `problem`, when a step was sent that could not be stored.
    """
    review = reviews.look(by=caller(request), pk=pk)
    context = {**around(request, review), "steps": reviews.entries(review), **_record(pk)}
    if review.state == Review.State.WITHDRAWN or review.version is None:
        return frame.page(request, "physician/withdrawn.html", context)
    context |= _content(review, request) | {
        "others": presence(reviews.present(review, but=request.user)),
        "refused": refused,
        "longest": reviews.LONGEST_TEXT,
    }
    return frame.page(request, "physician/response.html", context, 422 if refused else 200)


def _content(review: Review, request: HttpRequest) -> dict[str, Any]:
    version = review.version
    if version is None:
        raise reviews.Ended(review.pk)
    today, found, journey = checking.today(), queueing.of_review(review, version), histories.journey_of(version)
    study, letters = panel(review, version, journey, today)
    past, older = histories.versions_of(review, every=request.GET.get("versions") == "all")
    return {
        "version": version,
        "summary": summary(review, found, journey, today, letters),
        "study": study,
        "answers": answers.whole(found.aid, journey, version.language),
        "seen": finished.page_of(version, today),
        "superseded": version.edition.status != Edition.Status.PUBLISHED,
        "past": past,
        "older": older,
    }


def _record(pk: UUID) -> dict[str, Any]:
    events = trail.of_review(pk, most=MOST_EVENTS + 1)
    return {"events": list(map(event_in_words, events[:MOST_EVENTS])), "more_events": len(events) > MOST_EVENTS}


def around(request: HttpRequest, review: Review) -> dict[str, Any]:
    """What pages with a form of one response need: whose it is, and the list from which the physician came."""
    came_from = filters.carried(request)
    return {
        "review": review,
        "is_mine": review.taken_by_id == request.user.pk,
        "taken_by": staff.shown_name(review.taken_by) if review.taken_by else "",
        "from": came_from.query,
        "link": came_from.link,
        "back": list_address(request),
    }


def list_address(request: HttpRequest) -> str:
    """The list from which the physician came."""
    query = filters.carried(request).query
    return f"{INBOX}?{query}" if query else INBOX


def presence(names: list[str]) -> str:
    """That colleagues have it open, in a sentence; empty when nobody has."""
    if not names:
        return ""
    return f"{' and '.join(names)} {'has' if len(names) == 1 else 'have'} this open now"


@require_POST
@of_one_response
def here(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The page is still open somewhere: note it, and tell who else has it open and whether something was done since."""
    reviews.here(by=caller(request), pk=pk)
    review = Review.objects.filter(pk=pk).first()
    if review is None:
        reviews.refused(by=caller(request), pk=pk, step="here", why="NoReview")
        raise reviews.NoReview(pk)
    if review.state == Review.State.WITHDRAWN:
        raise reviews.Ended(pk)
    told = presence(reviews.present(review, but=request.user))
    return JsonResponse({"open": told, "changed": str(review.revision) != request.POST.get("revision")})


@require_safe
@of_one_response
def record(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The whole access record of this response, a stretch at a time."""
    given = request.GET.get("before", "")
    before = int(given) if given.isascii() and given.isdigit() and len(given) < 18 else None
    review = reviews.look(by=caller(request), pk=pk, page="access record")
    events = trail.of_review(pk, before=before, most=EVENTS_A_PAGE + 1)
    context = {
        "review": review,
        "events": list(map(event_in_words, events[:EVENTS_A_PAGE])),
        "earlier": events[EVENTS_A_PAGE - 1].number if len(events) > EVENTS_A_PAGE else None,
    }
    return frame.page(request, "physician/record.html", context)
