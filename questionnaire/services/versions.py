"""Which finished versions of a response its practice may read, the one that was shared and those that followed; and
which hold the same."""

from __future__ import annotations

from django.db.models import Max, QuerySet

from questionnaire.models import FinishedVersion, Response, Review
from questionnaire.services.sealing import unsealed


def shared_with(review: Review) -> QuerySet[FinishedVersion]:
    """Versions that this review shows, the newest first, with their editions but without those editions' content.

    What the patient finished before the one that they chose to share is not among them, and nothing is once they took
    the response back.
    """
    if review.state == Review.State.WITHDRAWN or review.version is None or review.response_id is None:
        return FinishedVersion.objects.none()
    of_response = FinishedVersion.objects.filter(response=review.response_id)
    earliest = of_response.filter(finished_at__lte=review.shared_at).aggregate(number=Max("number"))["number"]
    shown = of_response.filter(number__gte=earliest or review.version.number, number__lte=review.version.number)
    return shown.select_related("edition").defer("edition__document").order_by("-number")


def same_answers(one: FinishedVersion, other: FinishedVersion | Response) -> bool:
    """Whether two hold the same answers; the same words sealed twice are two different texts."""
    return bool(one.answers == other.answers or unsealed(one.answers) == unsealed(other.answers))
