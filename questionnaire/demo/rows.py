"""Rows of made-up responses as the services would have left them: each with its own sealed identity, search tokens,
flags, place in the inbox, entries and chained events.

Values are as both databases take them: times in UTC as text, ids in hexadecimal digits, JSON as text.
"""

from __future__ import annotations

import datetime as dt
import json
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from operator import itemgetter
from types import SimpleNamespace
from typing import Any
from uuid import UUID

from django.conf import settings

from questionnaire.demo.histories import History
from questionnaire.demo.people import Patient, Told
from questionnaire.models import (
    AuditEvent,
    FinishedVersion,
    Response,
    Review,
    ReviewEntry,
    ReviewFlag,
    SearchToken,
    StudyCheck,
)
from questionnaire.services import audit, kept, queueing, search_words
from questionnaire.services.sealing import seal

FIRST_REAL = UUID(int=1 << 96)
"""Ids of made-up responses and reviews lie below: their first eight digits are zeros, as no other id's in practice."""

FINISHED_BEFORE = dt.timedelta(minutes=2)
"""How long before they shared it people confirmed their answers."""

COLUMNS: dict[Any, tuple[str, ...]] = {
    Response: (
        *("id", "edition_id", "language", "answers", "acknowledged", "revision", "is_shared"),
        *("created_at", "expires_at"),
    ),
    FinishedVersion: (
        *("id", "response_id", "number", "edition_id", "language", "answers", "facts", "outcome", "registry_copy_id"),
        *("study_number", "study_said", "study_clinic", "finished_at"),
    ),
    StudyCheck: ("response_id", "number", "said", "clinic", "revision"),
    Review: (
        *(
            "id",
            "response_id",
            "version_id",
            "identity",
            "question",
            "preferred",
            "state",
            "queue",
            "level",
            "flags",
            "facts",
        ),
        *("problem", "standing", "taken_by_id", "opened_by_id", "opened_at", "revision", "shared_at", "reviewed_at"),
        *("ended_at", "ending", "expires_at"),
    ),
    ReviewEntry: ("review_id", "number", "kind", "text", "by_id", "at"),
    ReviewFlag: ("review_id", "flag", "queue", "state", "problem", "standing", "taken_by_id"),
    SearchToken: ("review_id", "token", "queue"),
    AuditEvent: (
        *("chain", "number", "at", "kind", "actor", "by_id", "address", "subject", "detail", "previous", "hash"),
    ),
}
"""Columns of the rows by model; what is not named has its field's default. In an order that foreign keys allow."""

_STUDY_CHANGED = "study changed"
_BY_PROGRAM = {_STUDY_CHANGED: audit.PROGRAM.value}
"""Kinds of events behind which there is neither a patient nor a physician, and who did it."""


@dataclass(frozen=True, slots=True)
class Made:
    """One made-up response, before it is rows."""

    told: Told
    patient: Patient
    history: History
    question: str
    tail: int
    """48 bits for its ids; never made from a seed, since the access record outlives what it tells of."""


@dataclass
class Batch:
    """Rows by model, and what they add to the kept counts."""

    edition: int
    language: str
    physicians: Sequence[int]
    """Ids of the accounts that work on responses."""
    rows: defaultdict[Any, list[tuple[Any, ...]]] = field(default_factory=lambda: defaultdict(list))
    counts: Counter[str] = field(default_factory=Counter)
    told: Counter[tuple[dt.date, Told]] = field(default_factory=Counter)
    """By week and what was told: expanded to tallies once, since few differ."""
    times: Counter[tuple[dt.date, str]] = field(default_factory=Counter)
    """By week and how long the review took."""

    @property
    def tallies(self) -> Counter[tuple[dt.date, str, str]]:
        """What to add to the dashboard's counts."""
        found = Counter({(week, "review-time", time): count for (week, time), count in self.times.items()})
        for (week, told), count in self.told.items():
            for dimension, value in told.tallied:
                found[week, dimension, value] += count
        return found

    def add(self, made: Made, serial: int, version: int) -> None:
        """Add one response; `version` will be the id of its finished version."""
        pk = _id(serial, made.tail)
        response = _id(serial, made.tail ^ 0xFFFFFFFFFFFF)
        self._response(made, response, version)
        queue = self._review(made, pk, response, version)
        self._entries(made, pk)
        self._events(made, pk)
        if not made.history.ended_at:
            self._found_by(made, pk, queue)
            self._tally(made)

    def _response(self, made: Made, pk: str, version: int) -> None:
        told, history = made.told, made.history
        shared = history.ended_at is None
        began = history.shared_at - dt.timedelta(minutes=14)
        until = history.ended_at + _days(settings.RETENTION_DAYS) if history.ended_at else _shared_until(history)
        revision = told.count + (1 if shared else 2)
        row = (pk, self.edition, self.language, told.answers, told.acknowledged, revision, int(shared))
        self.rows[Response].append((*row, _time(began), _time(until)))
        finished = _time(history.shared_at - FINISHED_BEFORE)
        version_row = (version, pk, 1, self.edition, self.language, told.answers, told.facts, told.outcome, told.copy)
        # Sealed once: nothing was changed since they finished.
        study = (named.number, named.said, _sealed(named.clinic)) if (named := told.named) else ("", "", "")
        self.rows[FinishedVersion].append((*version_row, *study, finished))
        if named:
            self.rows[StudyCheck].append((pk, *study, 1))

    def _review(self, made: Made, pk: str, response: str, version: int) -> int:
        history, found = made.history, made.told.triage
        ended = history.ended_at is not None
        level = _level(history.state, None if ended else found.level)
        queue = queueing.place(level, history.shared_at)
        self.counts[f"state:{history.state}"] += 1
        self.counts[f"level:{level}"] += 1
        held = ("", "", "[]") if ended else (_identity(made.patient), _sealed(made.question), made.told.preferred)
        place: tuple[Any, ...] = (None, "[]", "{}", "", "")
        if not ended:
            place = (found.level, _flags(found.flags), made.told.checked, found.problem, found.standing)
        by = (self._account(history.taken_by), self._account(history.opened_by), _time(history.opened_at))
        times = (_time(history.shared_at), _time(history.reviewed_at), _time(history.ended_at))
        ending = Review.Ending.WITHDRAWN.value if ended else ""
        until = _time(_shared_until(history))
        row = (pk, response, None if ended else version, *held, history.state, queue, *place)
        self.rows[Review].append((*row, *by, len(history.steps), *times, ending, until))
        return queue

    def _account(self, number: int | None) -> int | None:
        return None if number is None else self.physicians[number]

    def _entries(self, made: Made, pk: str) -> None:
        add = self.rows[ReviewEntry].append
        for number, step in enumerate(made.history.steps, 1):
            add((pk, number, str(step.kind), _sealed(step.text), self._account(step.by), _time(step.at)))

    def _events(self, made: Made, pk: str) -> None:
        chain, previous, subject = f"review:{pk}", "", UUID(pk)
        for number, (kind, at, who, detail) in enumerate(_events(made.history), 1):
            by = self._account(who)
            actor = audit.STAFF.value if by else _BY_PROGRAM.get(kind, audit.PATIENT.value)
            address = "" if who is None else f"192.0.2.{who + 1}"
            event: Any = SimpleNamespace(
                chain=chain, number=number, at=at, kind=kind, actor=actor, by_id=by, address=address, subject=subject
            )
            event.detail, event.previous = detail, previous
            found = audit.hash_of(event)
            row = (
                chain,
                number,
                _time(at),
                kind,
                actor,
                by,
                address,
                pk,
                _detail(tuple(detail.items())),
                previous,
                found,
            )
            self.rows[AuditEvent].append(row)
            previous = found

    def _found_by(self, made: Made, pk: str, queue: int) -> None:
        found, history = made.told.triage, made.history
        stands = (queue, history.state, found.problem, found.standing, self._account(history.taken_by))
        self.rows[ReviewFlag] += [(pk, flag, *stands) for flag in found.flags]
        texts = search_words.texts_of(made.patient.name, made.patient.born)
        self.rows[SearchToken] += [(pk, token, queue) for token in {_token(text) for text in texts}]

    def _tally(self, made: Made) -> None:
        week = kept.week_of(made.history.shared_at)
        time = queueing.time_between(made.history.shared_at, made.history.reviewed_at)
        self.told[week, made.told] += 1
        self.times[week, time] += 1


def _events(history: History) -> list[tuple[str, dt.datetime, int | None, dict[str, Any]]]:
    """What is on record of it: kind, time, number of the physician, detail."""
    events: list[tuple[str, dt.datetime, int | None, dict[str, Any]]] = []
    for step in history.steps:
        kind, detail = str(step.kind), {"from": str(step.before), "to": str(step.after)}
        if step.kind == ReviewEntry.Kind.STUDY:
            kind = _STUDY_CHANGED
        if step.kind in (ReviewEntry.Kind.SHARED, ReviewEntry.Kind.STUDY):
            detail = {"version": 1}  # type: ignore[dict-item]
        elif step.by is None:
            detail = {}
        events.append((kind, step.at, step.by, detail))
    if history.opened_at is not None:
        events.append(("viewed", history.opened_at, history.opened_by, {"page": "response"}))
    return sorted(events, key=itemgetter(1))


def _id(serial: int, tail: int) -> str:
    return f"00000000{serial:012x}{tail:012x}"


def _time(moment: dt.datetime | None) -> Any:
    return None if moment is None else str(moment)[:-6]


def _days(days: int) -> dt.timedelta:
    return dt.timedelta(days=days)


def _shared_until(history: History) -> dt.datetime:
    return history.shared_at + _days(max(settings.SHARED_DAYS, settings.RETENTION_DAYS))


def _identity(patient: Patient) -> str:
    return seal(json.dumps({"name": patient.name, "born": patient.born.isoformat(), "contact": patient.contact}))


@lru_cache(maxsize=100_000)
def _token(text: str) -> int:
    """Words and dates come again and again."""
    return search_words.tokens(text)[0]


@lru_cache(maxsize=1000)
def _sealed(text: str) -> str:
    return seal(text) if text else ""


@lru_cache(maxsize=1000)
def _level(state: str, level: int | None) -> int:
    return queueing.level_of(Review(state=state, level=level))


@lru_cache(maxsize=1000)
def _flags(flags: tuple[str, ...]) -> str:
    return json.dumps(flags)


@lru_cache(maxsize=1000)
def _detail(pairs: tuple[tuple[str, Any], ...]) -> str:
    return json.dumps(dict(pairs))
