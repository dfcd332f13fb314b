"""The recall list: after a safety change, the finished responses that would now read differently, for physicians.

Publishing only notes that there is a list to make. It is made afterwards in small steps, each of which can be broken
off at any moment and taken up again, by a timer or by whoever looks at it.
"""

from __future__ import annotations

import time

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from questionnaire.models import Edition, FinishedVersion, Recall, RecallRun, Response, Review
from questionnaire.services import editions
from questionnaire.services.differences import Judge, newest_versions

STEP = 200
"""Versions that one transaction looks at."""


def start(edition: Edition) -> None:
    """Note that this safety change needs a list; within the transaction that publishes it."""
    RecallRun.objects.create(edition=edition)


def work(*, seconds: float) -> bool:
    """Go on with every unfinished list for about so long; whether all are finished."""
    ends = time.monotonic() + seconds
    for run in RecallRun.objects.filter(finished_at=None).order_by("pk"):
        judge = Judge(editions.aid_of(run.edition_id))
        while _step(run.pk, judge):
            if time.monotonic() > ends:
                return False
    return True


def _step(run_id: int, judge: Judge) -> bool:
    """Look at the next versions; False when there are none left."""
    with transaction.atomic():
        run = RecallRun.objects.select_for_update(of=("self",)).select_related("edition").get(pk=run_id)
        if run.finished_at is not None:
            return False
        # What was finished on a later edition is newer than this change.
        before = newest_versions().filter(pk__gt=run.last_version_id, edition__number__lt=run.edition.number)
        versions = list(before.order_by("pk")[:STEP])
        _add(run, [each for each in versions if judge.differs(each)])
        if versions:
            run.last_version_id = versions[-1].pk
        else:
            run.finished_at = timezone.now()
        run.save(update_fields=["last_version_id", "finished_at"])
        return bool(versions)


def _add(run: RecallRun, touched: list[FinishedVersion]) -> None:
    """Put these versions on the list, with the reviews of those that are shared."""
    # Locked, so that nobody shares, withdraws or erases one between our look and our row.
    ids = [each.response_id for each in touched]
    there = set(Response.objects.select_for_update().filter(pk__in=ids).order_by("pk").values_list("pk", flat=True))
    shared = dict(Review.objects.filter(response__in=there, ended_at=None).values_list("response", "pk"))
    rows = [
        Recall(edition_id=run.edition_id, version=each, review_id=shared.get(each.response_id))
        for each in touched
        if each.response_id in there
    ]
    Recall.objects.bulk_create(rows, ignore_conflicts=True)


def waiting(edition: Edition) -> QuerySet[Recall]:
    """What is still to be looked at: a response that its person finished again since is no longer."""
    newer = FinishedVersion.objects.filter(
        response=OuterRef("version__response"), number__gt=OuterRef("version__number")
    )
    return Recall.objects.filter(edition=edition, handled_at=None).exclude(Exists(newer))


def is_finished(edition: Edition) -> bool:
    """Whether every finished response has been looked at; True for an edition that needs no list."""
    return not RecallRun.objects.filter(edition=edition, finished_at=None).exists()
