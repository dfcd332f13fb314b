"""Making many responses up: in this process when they are few, beside it when they are many."""

from __future__ import annotations

import datetime as dt
import os
import pickle
import secrets
from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from random import Random

from django.conf import settings

from questionnaire.demo import names, worker
from questionnaire.demo.histories import Found, history
from questionnaire.demo.people import Told, patient
from questionnaire.demo.rows import FINISHED_BEFORE, Batch, Made

SPAN = dt.timedelta(weeks=8)
"""For how long the first has been shared."""
_LATE = dt.timedelta(minutes=25)
"""After which the registry was asked once more where it had not answered a patient in time."""
_PRESSING = 10
"""The level of the shipped aid's flags up to which a response is looked at on the day that it comes."""
_ASKS = 0.35
"""Share of people who ask something in their own words."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What all portions have in common."""

    edition: int
    language: str
    physicians: tuple[int, ...]
    seed: int
    responses: int
    now: dt.datetime
    pool: list[Told]


@dataclass(frozen=True, slots=True)
class Portion:
    """Some of the responses: from number `first` on, with these ids for their finished versions."""

    first: int
    versions: Sequence[int]
    serial: int
    """The number that the first one's id is made from."""


def batches(plan: Plan, portions: Sequence[Portion]) -> Iterator[Batch]:
    """The rows of each portion, in order. What is made does not depend on where it is made."""
    if len(portions) < 2:
        yield from (batch(plan, portion) for portion in portions)
        return
    workers = os.cpu_count() or 1
    # Started afresh, not forked: a fork would share this process's connection to the database.
    with ProcessPoolExecutor(workers, get_context("spawn"), worker.begin, (pickle.dumps(plan),)) as elsewhere:
        ahead: deque[Future[Batch]] = deque()
        try:
            for portion in portions:
                ahead.append(elsewhere.submit(worker.batch, portion))
                if len(ahead) > workers:
                    yield ahead.popleft().result()
            while ahead:
                yield ahead.popleft().result()
        finally:
            for future in ahead:
                future.cancel()


def batch(plan: Plan, portion: Portion) -> Batch:
    """The rows of this portion."""
    random = Random(f"{plan.seed}:{portion.first}")
    made = Batch(plan.edition, plan.language, plan.physicians)
    for offset, version in enumerate(portion.versions):
        made.add(_one(plan, portion.first + offset, random), portion.serial + offset, version)
    return made


def _one(plan: Plan, number: int, random: Random) -> Made:
    """They are shared in the order of their numbers."""
    count, span = plan.responses, min(SPAN, dt.timedelta(days=settings.SHARED_DAYS) * 0.8)
    told = plan.pool[number] if count <= len(plan.pool) else random.choice(plan.pool)
    shared_at = plan.now - span * (1 - (number + random.random()) / count)
    told, found = _by_then(plan, told, shared_at)
    news = found if found and found.text else None
    past = history(shared_at, plan.now, len(plan.physicians), random, is_pressing=_is_pressing(told), found=news)
    if told.later and found and (past.flagged or not news):
        told = told.later.told
    return Made(
        told,
        patient(told, plan.now.date(), random),
        past,
        random.choice(names.QUESTIONS) if random.random() < _ASKS else "",
        secrets.randbits(48),
    )


def _is_pressing(told: Told) -> bool:
    return told.triage.level is not None and told.triage.level <= _PRESSING


def _by_then(plan: Plan, told: Told, shared_at: dt.datetime) -> tuple[Told, Found | None]:
    """What they were told by the registry's answer of that day, and what its next answer brought."""
    later = told.later
    if later is None:
        return told, None
    if later.days is None:
        came = shared_at + _LATE
    else:
        came = plan.now - dt.timedelta(days=later.days)
        if later.instead and shared_at - FINISHED_BEFORE > came:
            return later.instead, None
    # Each number is asked for in its turn, so what it brings is found a little after.
    found_at = max(came, shared_at) + dt.timedelta(minutes=1)
    return told, Found(found_at, later.text) if found_at < plan.now else None
