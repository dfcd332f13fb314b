"""How long the plain core takes on the shipped aid: replaying a journey, its guidance, judging a registry record."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from bench.figures import percentile
from bench.people import PEOPLE, answers_of
from questionnaire.domain import reading, trial, trial_record
from questionnaire.domain.content import Aid
from questionnaire.domain.folder import document_of
from questionnaire.domain.journey import Journey
from questionnaire.domain.outcome import outcome
from questionnaire.domain.trial_sites import Clinic
from tests import records

TIMES = 400
"""Runs for each set of answers."""


@dataclass(frozen=True)
class Timing:
    """In milliseconds."""

    median: float
    p99: float


def timings(folder: Path) -> dict[str, Timing]:
    aid = reading.read(document_of(folder))
    sets = [answers_of(aid, script) for script in PEOPLE.values()]
    return {
        "journey": _timed([partial(Journey, aid, answers) for answers in sets]),
        "outcome": _timed([partial(outcome, aid, answers) for answers in sets]),
        "judging a record": _timed([partial(_judged, aid, records.raw(number)) for number in records.NUMBERS]),
    }


def _judged(aid: Aid, raw: object) -> None:
    """From the registry's JSON, as it is kept, to findings."""
    clinic = Clinic("Mayo Clinic", "Tampa", "FL")
    trial.judge(trial_record.read(raw), aid.trial, today=dt.date(2026, 11, 26), parts=("knee",), clinic=clinic)


def _timed(works: list[Callable[[], object]]) -> Timing:
    taken = []
    for _ in range(TIMES):
        for work in works:
            begin = time.perf_counter()
            work()
            taken.append((time.perf_counter() - begin) * 1000)
    return Timing(percentile(taken, 0.5), percentile(taken, 0.99))
