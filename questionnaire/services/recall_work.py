"""Physicians work off the recall lists: those who shared, what they would read differently now, and who saw to it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from questionnaire.domain.reread import Reread, reread
from questionnaire.models import Edition, FinishedVersion, Recall, RecallRun, Review, ReviewEntry
from questionnaire.services import audit, editions, finishing, recalls, reviews, staff, versions
from questionnaire.services.reviews import Ended, NotNow
from questionnaire.services.sealing import unsealed
from questionnaire.services.staff import Caller

SIZE = 25
MOST_COUNTED = 100
"""How many are counted before "more than" is said, so that counting costs the same at any size."""
_MORE = ("review", "version", "version__edition", "edition", "handled_by")
_DOCUMENTS = ("version__edition__document", "edition__document")


@dataclass(frozen=True, slots=True)
class Place:
    """A place in what is to do: by the queue of the inbox, so that what a physician acts on first comes first."""

    queue: int
    id: int

    def __str__(self) -> str:
        return f"{self.queue}.{self.id}"

    @classmethod
    def read(cls, given: str) -> Place | None:
        """The place that this text names; None when it is none."""
        queue, _, pk = given.partition(".")
        if not (given.isascii() and queue.isdigit() and pk.isdigit() and max(len(queue), len(pk)) < 19):
            return None
        return cls(int(queue), int(pk))

    @classmethod
    def of(cls, recall: Recall) -> Place | None:
        """Where an entry stands; None once its response is not shared any more."""
        return cls(recall.review.queue, recall.pk) if recall.review is not None else None


class NoRecall(LookupError):
    """There is nothing of this id on a recall list, or its response is not shared."""


@dataclass(frozen=True, slots=True)
class RecallList:
    """What a safety change leaves for physicians to do.

    Attributes:
        percent: how much of the finished responses has been looked through; None once all has.
        to_do: a page of it, in the order of the inbox; `later` is the place after which the next one begins, None at
            the end.
        count: of all that is to do, at most `MOST_COUNTED` + 1.
        done: what was worked off, the newest first; `earlier` is the id after which the next page begins.
    """

    edition: Edition
    percent: int | None
    to_do: list[Recall]
    later: Place | None
    count: int
    done: list[Recall]
    earlier: int | None


def runs() -> list[RecallRun]:
    """Every safety change that has a list, the newest first."""
    return list(RecallRun.objects.select_related("edition").defer("edition__document").order_by("-edition__number"))


def page(*, by: Caller, run: RecallRun, after: Place | None = None, done_after: int = 0) -> RecallList:
    """A page of a list; the look is recorded.

    Args:
        after: the place in the list after which the page begins.
        done_after: the id of an entry among those that were worked off.

    Raises:
        staff.NotAllowed.
    """
    with transaction.atomic():
        user = staff.require_physician(by.user)
        found = list(_after(_to_do(run.edition), after)[: SIZE + 1])
        done = list(_done(run.edition, done_after)[: SIZE + 1])
        shown = [each.review_id for each in (*found[:SIZE], *done[:SIZE]) if each.review_id]
        detail = {"page": "recalls", "edition": run.edition.number}
        audit.record(kind="viewed", by=user, address=by.address, detail=detail, naming=shown)
        return RecallList(
            edition=run.edition,
            percent=_percent(run),
            to_do=found[:SIZE],
            later=Place.of(found[SIZE - 1]) if len(found) > SIZE else None,
            count=_to_do(run.edition).values("pk")[: MOST_COUNTED + 1].count(),
            done=done[:SIZE],
            earlier=done[SIZE - 1].pk if len(done) > SIZE else None,
        )


def _to_do(edition: Edition) -> QuerySet[Recall]:
    shared = recalls.waiting(edition).filter(review__isnull=False)
    return shared.select_related(*_MORE).defer(*_DOCUMENTS)


def _after(found: QuerySet[Recall], place: Place | None) -> QuerySet[Recall]:
    if place is not None:
        found = found.filter(Q(review__queue__gt=place.queue) | Q(review__queue=place.queue, pk__gt=place.id))
    return found.order_by("review__queue", "pk")


def _done(edition: Edition, after: int) -> QuerySet[Recall]:
    done = Recall.objects.filter(edition=edition, handled_at__isnull=False, review__isnull=False)
    last = done.filter(pk=after).first() if after else None
    if last is not None:
        done = done.filter(Q(handled_at__lt=last.handled_at) | Q(handled_at=last.handled_at, pk__lt=last.pk))
    return done.select_related(*_MORE).defer(*_DOCUMENTS).order_by("-handled_at", "-pk")


def _percent(run: RecallRun) -> int | None:
    if run.finished_at is not None:
        return None
    last = FinishedVersion.objects.order_by("-pk").values_list("pk", flat=True).first()
    return min(99, 100 * run.last_version_id // last) if last else 0


def look(*, by: Caller, pk: int) -> Recall:
    """Open one entry of a list, with its review; the look is recorded as one at the review.

    Raises:
        staff.NotAllowed, NoRecall.
        Ended: the patient has taken the response back.
    """
    with transaction.atomic():
        staff.require_physician(by.user)
        recall = _found(pk)
        review = reviews.look(by=by, pk=_review_of(recall), page="recall")
    if review.state == Review.State.WITHDRAWN:
        raise Ended(review.pk)
    if not versions.shared_with(review).filter(pk=recall.version_id).exists():
        reviews.refused(by=by, pk=review.pk, step="recall", why="NotShared")
        raise NoRecall(pk)
    recall.review = review
    return recall


def _found(pk: int) -> Recall:
    found = Recall.objects.select_related(*_MORE, "version__response").defer(*_DOCUMENTS).filter(pk=pk).first()
    if found is None:
        raise NoRecall(pk)
    return found


def _review_of(recall: Recall) -> UUID:
    """The review that the entry belongs to: also once the patient finished again, or took the response back."""
    if recall.review_id is not None:
        return recall.review_id
    held = Review.objects.filter(response=recall.version.response_id).order_by("-shared_at")
    pk = held.values_list("pk", flat=True).first()
    if pk is None:
        raise NoRecall(recall.pk)
    return pk


def work_off(*, by: Caller, pk: int, revision: int, note: str = "") -> Recall:
    """Say that a physician has seen to it.

    Args:
        revision: of the review, as the physician saw it.
        note: for colleagues; the patient never sees it.

    Raises:
        staff.NotAllowed, NoRecall, reviews.NothingWritten (a note that is too long), Ended, Conflict.
        NotNow: it is worked off already, or the patient finished again on the new edition.
    """
    staff.require_physician(by.user)
    recall = _found(pk)

    def change(review: Review, user: Any) -> None:
        recall.handled_by, recall.handled_at = user, timezone.now()
        still = recalls.waiting(recall.edition).filter(pk=pk, review=review)
        if not still.update(handled_by=user, handled_at=recall.handled_at):
            raise NotNow("it is worked off already")

    kind = ReviewEntry.Kind.RECALLED
    recall.review = reviews.step(by=by, pk=_review_of(recall), revision=revision, kind=kind, change=change, text=note)
    return recall


def reply(*, by: Caller, pk: int, revision: int, text: str) -> None:
    """Answer the patient of this entry.

    Raises:
        NoRecall, and whatever `reviews.reply` raises.
    """
    staff.require_physician(by.user)
    reviews.reply(by=by, pk=_review_of(_found(pk)), revision=revision, text=text)


def next_after(recall: Recall) -> int | None:
    """Id of what is to do after this one."""
    later = _after(recalls.waiting(recall.edition).filter(review__isnull=False), Place.of(recall))
    return later.exclude(pk=recall.pk).values_list("pk", flat=True).first()


def changes(recall: Recall) -> Reread:
    """What its patient would read differently since this safety change."""
    version = recall.version
    return reread(
        editions.aid_of(version.edition_id),
        finishing.shown_outcome(version),
        editions.aid_of(recall.edition_id),
        unsealed(version.answers),
        version.facts,
        language=version.language,
    )


@dataclass(frozen=True, slots=True)
class CameBack:
    """What the patient did since: `finished_at` when they confirmed again; `began` when they only opened it."""

    finished_at: dt.datetime | None
    began: bool


def came_back(recall: Recall) -> CameBack:
    """Whether the patient has come back since the safety change."""
    newer = FinishedVersion.objects.filter(
        response=recall.version.response_id, number__gt=recall.version.number
    ).order_by("-number")
    finished_at = newer.values_list("finished_at", flat=True).first()
    return CameBack(finished_at, recall.version.response.edition_id != recall.version.edition_id)
