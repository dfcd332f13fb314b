"""What became of a made-up response at the practice: steps with their times, and the state that they lead to.

Each step is one that `services/reviews.py` would have allowed at its place, and leaves the review as it would have.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from operator import itemgetter
from random import Random

from questionnaire.demo import names
from questionnaire.models import Review, ReviewEntry

State, Kind = Review.State, ReviewEntry.Kind

_YOUNG = dt.timedelta(days=2)
_OLD = dt.timedelta(days=9)
_STATES = (State.NEW, State.TAKEN, State.WAITING, State.REVIEWED, State.WITHDRAWN)
_OF_YOUNG, _BETWEEN, _OF_OLD = (84, 7, 3, 5, 1), (38, 14, 13, 32, 3), (7, 5, 10, 74, 4)
_SAME_DAY = dt.timedelta(hours=20)
_PRESSING, _PRESSING_OF_OLD = (0, 30, 15, 52, 3), (0, 0, 1, 96, 3)
"""How likely each of these states is by how long ago a response was shared, and when it could not wait."""
_NOT_YET, _NOT_YET_OF_OLD = 0.85, 0.3
"""Share of finished work that a changed study opened again and nobody has seen to yet, by how long ago that was."""
_TEXTS = {Kind.NOTE: names.NOTES, Kind.REPLY: names.REPLIES, Kind.REFERRED: names.REFERRALS}


@dataclass(frozen=True, slots=True)
class Step:
    """One entry of a review. `by` is the number of the physician who took it, None for the patient or the program."""

    kind: str
    at: dt.datetime
    by: int | None
    text: str
    before: str
    """The state before it."""
    after: str


@dataclass(frozen=True, slots=True)
class Found:
    """What a later check of the patient's study brought: titles of what they would read now, one a line."""

    at: dt.datetime
    text: str


@dataclass(slots=True)
class History:
    """`opened_by` and `taken_by` are numbers of physicians; `flagged` tells whether a check of the study counted."""

    shared_at: dt.datetime
    state: str = State.NEW
    steps: list[Step] = field(default_factory=list)
    opened_by: int | None = None
    opened_at: dt.datetime | None = None
    taken_by: int | None = None
    reviewed_at: dt.datetime | None = None
    ended_at: dt.datetime | None = None
    flagged: bool = False


def history(
    shared_at: dt.datetime,
    now: dt.datetime,
    physicians: int,
    random: Random,
    *,
    is_pressing: bool = False,
    found: Found | None = None,
) -> History:
    """Of a response that was shared then, up to now.

    Args:
        is_pressing: it has a flag that is to be seen to on the same day.
        found: what a check of the study brought meanwhile; it counts unless the patient had taken the response back.
    """
    made = History(shared_at)
    made.steps.append(Step(Kind.SHARED, shared_at, None, "", State.NEW, State.NEW))
    age = now - shared_at
    likely = _OF_YOUNG if age < _YOUNG else _OF_OLD if age > _OLD else _BETWEEN
    if is_pressing and age > _SAME_DAY:
        likely = _PRESSING_OF_OLD if age > _OLD else _PRESSING
    wanted = random.choices(_STATES, likely)[0]
    kinds = list(_kinds(wanted, random))
    opened = bool(kinds) or random.random() < 0.25
    times = _times(shared_at, now, len(kinds) + 2, random)
    who = random.randrange(physicians)
    if opened:
        made.opened_by, made.opened_at = who, times[0]
    steps = list(zip(kinds, times[1:], strict=False))
    if found and not (wanted == State.WITHDRAWN and times[-1] <= found.at):
        made.flagged = True
        if steps and all(at < found.at for _, at in steps):
            steps += _answered(found.at, now, random)
        steps.append((Kind.STUDY, found.at))
        steps.sort(key=itemgetter(1))
    for kind, at in steps:
        _take(made, kind, at, None if kind == Kind.STUDY else who, found.text if found else "", random)
    if wanted == State.WITHDRAWN:
        made.ended_at = times[-1]
        made.steps = [Step(each.kind, each.at, each.by, "", each.before, each.after) for each in made.steps]
        made.steps.append(Step(Kind.WITHDRAWN, times[-1], None, "", made.state, State.WITHDRAWN))
        made.state = State.WITHDRAWN
    return made


def _kinds(wanted: str, random: Random) -> Sequence[str]:
    """The physicians' steps that lead to this state."""
    draw = random.random()
    if wanted == State.TAKEN:
        return (Kind.TAKEN, Kind.NOTE) if draw < 0.3 else (Kind.TAKEN,)
    if wanted == State.WAITING:
        last = Kind.REPLY if draw < 0.75 else Kind.REFERRED
        return (Kind.TAKEN, last) if random.random() < 0.5 else (last,)
    if wanted == State.REVIEWED:
        if draw < 0.45:
            return (Kind.REVIEWED,)
        return (Kind.REPLY, Kind.REVIEWED) if draw < 0.8 else (Kind.TAKEN, Kind.NOTE, Kind.REVIEWED)
    return ()


def _answered(found_at: dt.datetime, now: dt.datetime, random: Random) -> list[tuple[str, dt.datetime]]:
    """What physicians did about it whose work had been done before."""
    if random.random() < (_NOT_YET if now - found_at < _OLD else _NOT_YET_OF_OLD):
        return []
    return list(zip((Kind.REPLY, Kind.REVIEWED), _times(found_at, now, 2, random), strict=True))


def _times(shared_at: dt.datetime, now: dt.datetime, count: int, random: Random) -> list[dt.datetime]:
    """So many moments since then, in order and none in the future: most within a day or two."""
    left = (now - shared_at).total_seconds()
    last = min(random.expovariate(1 / 130_000), left)
    moments = sorted(random.random() * last for _ in range(count))
    return [shared_at + dt.timedelta(microseconds=int(moment * 1e6)) for moment in moments]


def _take(made: History, kind: str, at: dt.datetime, who: int | None, found: str, random: Random) -> None:
    before = made.state
    if kind == Kind.STUDY:
        made.state = State.NEW if before in (State.WAITING, State.REVIEWED) else before
    elif kind != Kind.NOTE:
        made.taken_by = who
        made.state = {Kind.TAKEN: State.TAKEN, Kind.REVIEWED: State.REVIEWED}.get(Kind(kind), State.WAITING)
    if kind == Kind.REVIEWED:
        made.reviewed_at = made.reviewed_at or at
    made.steps.append(
        Step(kind, at, who, found if kind == Kind.STUDY else _text(made, kind, random), before, made.state)
    )


def _text(made: History, kind: str, random: Random) -> str:
    """What the physician writes with this step."""
    if kind == Kind.REPLY and any(step.kind == Kind.STUDY for step in made.steps):
        return random.choice(names.STUDY_REPLIES)
    return random.choice(_TEXTS[Kind(kind)]) if kind in _TEXTS else ""
