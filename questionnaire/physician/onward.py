"""On to the next response of the list from which a physician came."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_safe

from questionnaire.models import Review
from questionnaire.physician import done, filters, response, searches
from questionnaire.physician.access import caller
from questionnaire.physician.opened import of_one_response
from questionnaire.services import inbox, reviews
from questionnaire.services.inbox import Cursor


@require_safe
@of_one_response
def following(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Leads to the next one; an address of its own, so that no page has to look for it before anybody asks."""
    review = Review.objects.filter(pk=pk).only("queue", "state").first()
    if review is None:
        reviews.refused(by=caller(request), pk=pk, step="next", why="NoReview")
        raise reviews.NoReview(pk)
    if review.state == Review.State.WITHDRAWN:
        raise reviews.Ended(pk)
    return _led(request, pk, review.queue)


def after(request: HttpRequest, pk: UUID, place: int, step: str) -> HttpResponse:
    """After a step, which the next page tells of.

    Args:
        place: in the queue, where the response was before the step.
    """
    done.keep(request, pk, step)
    return _led(request, pk, place)


def _led(request: HttpRequest, pk: UUID, place: int) -> HttpResponse:
    came_from = filters.carried(request)
    kept = searches.find(request.session, came_from.token) if came_from.token else None
    found = inbox.next_after(
        filters=came_from.filters,
        user=request.user,
        cursor=Cursor(place, pk),
        search=kept.search if kept else None,
    )
    if found is None:
        messages.info(request, "That was the last one of this list.")
        return redirect(response.list_address(request))
    return redirect(f"{reverse('physician:response', args=(found.pk,))}{came_from.link}")
