"""What a change would mean for people who have finished: how many would now read something else."""

from __future__ import annotations

import datetime as dt
import json
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import Max, OuterRef, QuerySet, Subquery

from questionnaire.domain.content import Aid
from questionnaire.domain.outcome import Outcome, Unfinished, outcome
from questionnaire.models import FinishedVersion
from questionnaire.services import editions
from questionnaire.services.sealing import unsealed

BATCH = 500


@dataclass(frozen=True, slots=True)
class Counted:
    """How many of `looked_at` newest finished versions would read differently; `complete` where all were looked at."""

    looked_at: int
    differ: int
    total: int
    complete: bool


def newest_versions() -> QuerySet[FinishedVersion]:
    """The newest finished version of each response."""
    newest = FinishedVersion.objects.filter(response=OuterRef("response")).values("response").annotate(n=Max("number"))
    return FinishedVersion.objects.filter(number=Subquery(newest.values("n")[:1]))


def count(*, after: Aid, since: dt.datetime, seconds: float) -> Counted:
    """How many finished responses since then would read differently in `after`.

    Args:
        seconds: after which it stops and tells what it has.
    """
    ends = time.monotonic() + seconds
    wanted = newest_versions().filter(finished_at__gte=since)
    total = wanted.count()
    looked_at = differ = 0
    judge = Judge(after)
    for version in in_batches(wanted):
        if time.monotonic() > ends:
            break
        looked_at += 1
        differ += judge.differs(version)
    return Counted(looked_at, differ, total, looked_at >= total)


def in_batches(wanted: QuerySet[FinishedVersion], after: int = 0) -> Iterator[FinishedVersion]:
    """All of them by id, so many at a time, so that memory does not grow with their number."""
    while True:
        batch = list(wanted.filter(pk__gt=after).order_by("pk")[:BATCH])
        yield from batch
        if len(batch) < BATCH:
            return
        after = batch[-1].pk


class Judge:
    """Tells whether finished versions would read differently in another content. The same answers are judged once."""

    def __init__(self, after: Aid) -> None:
        self.after = after
        self._known: dict[tuple[int, str, str], bool] = {}

    def differs(self, version: FinishedVersion) -> bool:
        key = (version.edition_id, version.language, json.dumps([version.answers, version.facts], sort_keys=True))
        if key not in self._known:
            if len(self._known) > 20 * BATCH:
                self._known.clear()
            self._known[key] = self._judged(version)
        return self._known[key]

    def _judged(self, version: FinishedVersion) -> bool:
        before = editions.aid_of(version.edition_id)
        shown = Outcome.from_json(version.outcome)
        try:
            now = outcome(self.after, unsealed(version.answers), version.facts)
        except Unfinished:
            return True
        slugs = [each.slug for each in (*shown.meaning, *shown.items)]
        if slugs != [each.slug for each in (*now.meaning, *now.items)]:
            return True
        return any(_words(before, slug) != _words(self.after, slug) for slug in slugs)


def _words(aid: Aid, slug: str) -> Any:
    """All that a person reads of an item or a sentence, and the claims behind it."""
    item = aid.item.get(slug)
    if item is None:
        sentence = aid.sentence[slug]
        return sentence.text, [aid.claim[id].claim for id in sentence.evidence]
    return item.title, item.body, item.now, item.option, [aid.claim[id].claim for id in item.evidence]
