"""What becomes of a shared response when its patient goes on with it, takes it back, or its time is over."""

from __future__ import annotations

import copy
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from questionnaire.models import FinishedVersion, Recall, Response, Review, ReviewEntry
from questionnaire.services import audit, letters, queueing
from questionnaire.services.sealing import seal

_PURGED_AT_ONCE = 500


def current(response: Response) -> Review | None:
    """The review of this response while it is shared, locked until the transaction ends."""
    return Review.objects.select_for_update().filter(response=response, ended_at=None).first()


def add_entry(review: Review, kind: str, *, by: Any = None, text: str = "") -> ReviewEntry:
    """Note one step of a review and raise its revision, without saving the review."""
    review.revision += 1
    return ReviewEntry.objects.create(
        review=review,
        number=review.revision,
        kind=kind,
        text=seal(text) if text else "",
        by=by,
        at=timezone.now(),
    )


def renewed(response: Response, version: FinishedVersion) -> None:
    """The patient confirmed other answers: the review goes on with the new version, and back to the new ones."""
    review = current(response)
    if review is None:
        return
    before = copy.copy(review)
    # What was checked before is older than the version, which has it.
    queueing.apply(review, version, letter=letters.any_about(version, review))
    if review.state in (Review.State.WAITING, Review.State.REVIEWED):
        review.state = Review.State.NEW
    # What they read now is new to them, so there is nothing to tell them about the version before.
    Recall.objects.filter(review=review, handled_at=None).update(review=None)
    add_entry(review, ReviewEntry.Kind.CHANGED)
    queueing.settle(review, before)
    detail = {"version": version.number}
    audit.record(kind="answers changed", actor=audit.PATIENT, subject=review.pk, detail=detail)


def end(response: Response, ending: str) -> None:
    """Take a response back from the practice: the fact and the times of the steps stay, no content does."""
    review = current(response)
    if review is not None:
        before = copy.copy(review)
        review.state, review.ending, review.ended_at = Review.State.WITHDRAWN, ending, timezone.now()
        review.identity = review.question = review.problem = review.standing = ""
        review.version, review.level, review.flags, review.preferred, review.facts = None, None, [], [], {}
        review.entries.update(text="")
        review.present.all().delete()
        Recall.objects.filter(review=review).update(review=None)
        add_entry(review, ReviewEntry.Kind.WITHDRAWN)
        queueing.leave(review, before)
        audit.record(kind=str(ending), actor=audit.PATIENT, subject=review.pk)
    response.is_shared = False


def purge_expired() -> int:
    """Delete the reviews whose time is over, each in a transaction of its own; how many. The access record stays."""
    over = Review.objects.filter(expires_at__lte=timezone.now()).order_by("expires_at")
    count = 0
    while batch := list(over.values_list("pk", flat=True)[:_PURGED_AT_ONCE]):
        for pk in batch:
            with transaction.atomic():
                count += _purged(pk)
    return count


def _purged(pk: UUID) -> bool:
    """Delete this review, unless somebody did meanwhile. A response that goes on without it is its patient's alone."""
    # The response first, as every other step does, so that two never wait for each other.
    shown = Response.objects.select_for_update(of=("self",)).filter(reviews__pk=pk, reviews__ended_at=None).first()
    review = Review.objects.select_for_update().filter(pk=pk).first()
    if review is None:
        return False
    if shown is not None:
        shown.is_shared, shown.revision = False, shown.revision + 1
        shown.save(update_fields=["is_shared", "revision"])
    queueing.forget(review)
    # Last, since whoever seals the record waits for those who have written into it.
    audit.record(kind="expired", actor=audit.PROGRAM, subject=pk)
    return True
