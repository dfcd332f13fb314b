"""A shared response of the small aid as plain values."""

from __future__ import annotations

import datetime as dt
from typing import Any

from questionnaire.domain.content import Aid
from questionnaire.domain.outcome import outcome
from questionnaire.domain.reading import read
from questionnaire.domain.triage import triage
from questionnaire.exports.case import Case
from tests.sharing import ANSWERS
from tests.web import small_aid

MOMENT = dt.datetime(2026, 11, 24, 23, 30, tzinfo=dt.UTC)


def case(aid: Aid | None = None, answers: Any = None, **more: Any) -> Case:
    """What Maria shared, on a path with a knee unless told otherwise."""
    aid = aid or read(small_aid())
    answers = ANSWERS if answers is None else answers
    shown = outcome(aid, answers)
    preferred: tuple[str, ...] = more.get("preferred", ())
    given: dict[str, Any] = {
        "language": "en",
        "name": "Maria López",
        "born": dt.date(1961, 5, 6),
        "contact": "(555) 010-0199",
        "question": "",
        "preferred": preferred,
        "version": 1,
        "edition": 7,
        "published": dt.datetime(2026, 11, 22, 9, 0, tzinfo=dt.UTC),
        "finished": MOMENT,
        "shared": MOMENT + dt.timedelta(days=1),
    }
    return Case(aid, answers, shown, triage(aid, answers, shown, preferred=preferred), **(given | more))
