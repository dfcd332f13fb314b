"""Open one response for a page: the look is on record, and what cannot be opened is told in one way everywhere."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

from questionnaire.models import FinishedVersion, Review
from questionnaire.physician import frame
from questionnaire.physician.access import caller, physician
from questionnaire.physician.errors import typed
from questionnaire.services import reviews, versions
from questionnaire.services.reviews import Ended, NoReview
from questionnaire.services.staff import NotAllowed

Page = Callable[..., HttpResponseBase]


def of_one_response(view: Page) -> Page:
    """A page of one response, for physicians: what the services refuse is told in words, with what was typed."""

    @physician
    @wraps(view)
    def told(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            return view(request, *args, **kwargs)
        except NotAllowed as error:
            raise PermissionDenied from error
        except NoReview as error:
            raise Http404 from error
        except Ended:
            return ended(request)

    return told


def open_review(request: HttpRequest, pk: UUID, page: str, exported: str = "") -> Review:
    """The review while it holds something.

    Raises:
        NotAllowed, NoReview, Ended.
    """
    review = reviews.look(by=caller(request), pk=pk, page=page, exported=exported)
    if review.state == Review.State.WITHDRAWN:
        raise Ended(pk)
    return review


def open_version(request: HttpRequest, pk: UUID, number: int, page: str, exported: str = "") -> FinishedVersion:
    """One of the versions that the patient shared; the look is on record under `page` and the number.

    Raises:
        NotAllowed, NoReview (this version was not shared, or is none), Ended.
    """
    by, place = caller(request), f"{page}, version {number}"
    review = Review.objects.select_related("version").filter(pk=pk).first()
    if review is None or review.state == Review.State.WITHDRAWN:
        open_review(request, pk, place)
        raise NoReview(pk)
    version = versions.shared_with(review).filter(number=number).first()
    if version is None:
        reviews.refused(by=by, pk=pk, step=place, why="not shared")
        raise NoReview(pk)
    open_review(request, pk, place, exported)
    return version


def ended(request: HttpRequest) -> HttpResponse:
    """The patient has taken the response back; nothing of it is shown, and what the physician typed is not lost."""
    text = (
        "The patient has taken this response back, so nothing of it can be shown or answered. "
        "That it was shared, and what was done with it, stays on record."
    )
    return frame.sorry(request, "Withdrawn by the patient", text, 410, typed(request))
