"""Shared responses as FHIR, for physicians alone: taken out of here, so on record as an export."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse

from questionnaire.exports.fhir_response import bundle, questionnaire_response
from questionnaire.fhir.access import physician
from questionnaire.fhir.replies import Refused, read_only, response_reply
from questionnaire.fhir.resources import resource_of
from questionnaire.models import Edition, FinishedVersion, Review
from questionnaire.services import editions, exporting, network, reviews, staff
from questionnaire.services.sealing import unsealed
from questionnaire.services.staff import Caller


@physician
@read_only
def response(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The answers that count now, without a name."""
    review, version = _taken_out(request, pk)
    return response_reply(_resource(review, version))


@physician
@read_only
def with_questions(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The same in one file with the questions that were asked."""
    review, version = _taken_out(request, pk)
    aid, number = version.edition.aid, version.edition.number
    is_live = version.edition.status == Edition.Status.PUBLISHED
    asked = resource_of("Questionnaire", version.edition, id=aid if is_live else f"{aid}.{number}")
    return response_reply(bundle(asked, _resource(review, version)))


def _taken_out(request: HttpRequest, pk: UUID) -> tuple[Review, FinishedVersion]:
    by = Caller(request.user, network.address(request))
    try:
        review = exporting.chart(by=by, pk=pk, form="fhir")
    except reviews.NoReview:
        raise Refused(404, "not-found", "No response is shared under this id.") from None
    except staff.NotAllowed as error:
        raise PermissionDenied from error
    if review.version is None:
        raise Refused(410, "deleted", "The patient has taken this response back.")
    return review, review.version


def _resource(review: Review, version: FinishedVersion) -> dict[str, Any]:
    return questionnaire_response(
        editions.aid_of(version.edition_id),
        unsealed(version.answers),
        base=settings.FHIR_BASE_URL,
        id=str(review.pk),
        version=version.edition.number,
        status="completed" if version.number == 1 else "amended",
        authored=version.finished_at.isoformat(timespec="milliseconds"),
        language=version.language,
        facts=version.facts,
    )
