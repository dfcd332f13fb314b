"""The page of one shared response, who else has it open, and its access record."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_POST, require_safe

from questionnaire.models import Edition, Review
from questionnaire.pages import finished
from questionnaire.physician import answers, elsewhere, filters, frame, histories
from questionnaire.physician.access import caller
from questionnaire.physician.histories import event_in_words
from questionnaire.physician.opened import of_one_response
from questionnaire.physician.study_panel import panel
from questionnaire.physician.summary import summary
from questionnaire.physician.texts import Refused
from questionnaire.services import checking, practices, queueing, record_search, reviews, staff, trail

MOST_EVENTS = 50
"""Lines of the access record on the page of a response; all of them have a page of their own."""
EVENTS_A_PAGE = 200
INBOX = "/physician/"


@gzip_page
@require_safe
@of_one_response
def response(request: HttpRequest, pk: UUID) -> HttpResponse:
    return shown(request, pk)


def shown(
    request: HttpRequest,
    pk: UUID,
    *,
    refused: Refused | None = None,
    typed: Mapping[str, str] | None = None,
    revision: int | None = None,
) -> HttpResponse:
    """The page, after the look was recorded.

    Args:
        refused: why a step was not taken.
        typed: texts that are not stored, by their field, to be shown in it again.
        revision: that the physician had seen when a step was refused. What was done since is then a conflict for the
            next step too, though this page shows it: nobody was told that it is new.
    """
    review = reviews.look(by=caller(request), pk=pk)
    context = {**around(request, review), "steps": reviews.entries(review), **_record(pk)}
    context |= {} if revision is None else {"revision": revision}
    if review.state == Review.State.WITHDRAWN or review.version is None:
        return frame.page(request, "physician/withdrawn.html", context)
    context |= _content(review, request) | {
        "others": presence(reviews.present(review, but=request.user)),
        "refused": refused,
        "typed": typed or {},
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
        "seen": finished.page_of(version, practices.current(), today),
        "superseded": version.edition.status != Edition.Status.PUBLISHED,
        "past": past,
        "older": older,
    }


def _record(pk: UUID) -> dict[str, Any]:
    events = trail.of_review(pk, most=MOST_EVENTS + 1)
    return {
        "events": list(map(event_in_words, events[:MOST_EVENTS])),
        "more_events": len(events) > MOST_EVENTS,
        "elsewhere": elsewhere.at_a_glance(pk),
    }


def around(request: HttpRequest, review: Review) -> dict[str, Any]:
    """What pages with a form of one response need: whose it is, and the list from which the physician came."""
    came_from = filters.carried(request)
    return {
        "review": review,
        "revision": review.revision,
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
    """The whole access record of this response, and where else it was seen, each a stretch at a time."""
    given = request.GET.get("before", "")
    before = int(given) if given.isascii() and given.isdigit() and len(given) < 18 else None
    review = reviews.look(by=caller(request), pk=pk, page="access record")
    events = trail.of_review(pk, before=before, most=EVENTS_A_PAGE + 1)
    after = record_search.Place.read(request.GET.get("elsewhere", ""))
    others = trail.each_elsewhere(pk, after=after, most=EVENTS_A_PAGE + 1)
    more = len(others) > EVENTS_A_PAGE
    context = {
        "review": review,
        "elsewhere": elsewhere.folded(others[:EVENTS_A_PAGE]),
        "earlier_elsewhere": record_search.place_of(others[EVENTS_A_PAGE - 1]) if more else None,
        "events": list(map(event_in_words, events[:EVENTS_A_PAGE])),
        "earlier": events[EVENTS_A_PAGE - 1].number if len(events) > EVENTS_A_PAGE else None,
    }
    return frame.page(request, "physician/record.html", context)
