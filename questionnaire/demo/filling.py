"""Fill an instance with made-up shared responses, as if patients and physicians had been at it for some weeks."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from operator import itemgetter
from random import Random
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.utils import timezone

from questionnaire.demo import letter, making, people, studies_kept, writing
from questionnaire.demo.checking import Checks
from questionnaire.demo.making import Plan, Portion
from questionnaire.demo.rows import COLUMNS, FIRST_REAL, Batch
from questionnaire.models import FinishedVersion, Review, SearchToken
from questionnaire.services import editions, kept

PORTION = 10_000
"""Responses that one transaction adds."""
MANY = 20_000
"""Responses from which on an empty instance gets its indexes last."""
_CACHE = 256
"""MiB of the database that SQLite may keep in memory meanwhile."""
Say = Callable[[str], Any]


def holds_real() -> bool:
    """Whether a patient has shared a response with this instance: anybody who is not made up."""
    return Review.objects.filter(pk__gte=FIRST_REAL).exists()


def fill(
    *,
    responses: int,
    physicians: Sequence[int],
    seed: int,
    say: Say,
    now: dt.datetime | None = None,
    portion: int = PORTION,
) -> None:
    """Add so many made-up shared responses, worked on by these accounts.

    Each transaction adds a portion with everything that is kept of it, so a stop in between leaves fewer, and nothing
    half done; an index that a killed run left out is built by the next one. The same seed and the same moment give the
    same people.

    Raises:
        editions.NoEdition: nothing is published.
    """
    edition = editions.live()
    aid = editions.aid_of(edition.pk)
    moment = now or timezone.now()
    letter.keep()
    say("Making up what people answer.")
    random = Random(seed)
    pool = people.pool(aid, random, responses, Checks(aid, studies_kept.keep(moment), moment, random))
    plan = Plan(edition.pk, aid.language, tuple(physicians), seed, responses, moment, pool)
    begin, done = time.monotonic(), 0
    writing.build_missing(COLUMNS)
    with _much_memory(), _indexes_last(responses):
        for batch in making.batches(plan, _portions(responses, portion)):
            done += _write(batch)
            say(f"{done:,} of {responses:,} responses, {time.monotonic() - begin:.0f} s")
    _tell_the_planner()


def _portions(responses: int, size: int) -> list[Portion]:
    """What is to be made, with ids that nobody else gets."""
    with transaction.atomic():
        versions = writing.reserve_ids(FinishedVersion, responses)
        serial = _next_serial()
    return [Portion(first, versions[first : first + size], serial + first) for first in range(0, responses, size)]


def _next_serial() -> int:
    """The first number that no made-up review has: made-up ids rise, which keeps a million of them fast to add."""
    last: UUID | None = Review.objects.filter(pk__lt=FIRST_REAL).order_by("-pk").values_list("pk", flat=True).first()
    return (last.int >> 48) + 1 if last else 1


def _write(batch: Batch) -> int:
    with transaction.atomic():
        # In the order of the largest index, so that it is gone through once.
        batch.rows[SearchToken].sort(key=itemgetter(1))
        for model, columns in COLUMNS.items():
            writing.insert(model, columns, batch.rows.get(model, []))
        kept.add(batch.counts)
        kept.tally_all(batch.tallies)
    return len(batch.rows[Review])


@contextmanager
def _much_memory() -> Iterator[None]:
    """SQLite's usual 2 MB would have it read the same pages of its indexes again and again."""
    if connection.vendor != "sqlite":
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA cache_size")
        (before,) = cursor.fetchone()
        cursor.execute(f"PRAGMA cache_size = {-_CACHE * 1024}")
        try:
            yield
        finally:
            cursor.execute(f"PRAGMA cache_size = {before}")


def _indexes_last(responses: int) -> AbstractContextManager[None]:
    """Where so many come that building indexes anew costs less, and nobody has looked for anything yet."""
    if responses < MANY or Review.objects.exists():
        return nullcontext()
    return writing.indexes_last(COLUMNS)


def _tell_the_planner() -> None:
    """So much at once leaves the planner with figures of an empty database, until it looks again."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE" if connection.vendor == "postgresql" else "PRAGMA optimize")
