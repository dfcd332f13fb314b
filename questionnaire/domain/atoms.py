"""What an answer can hold, as few values as decide every condition of an aid in every way."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_FLOOR, Decimal
from itertools import pairwise
from typing import Any

from questionnaire.domain.conditions import Condition
from questionnaire.domain.content import Aid
from questionnaire.domain.questions import Question, how_many, ordered

ANOTHER_TEXT = "something else"


@dataclass(frozen=True)
class Atom:
    """One thing that an answer can hold: a choice, or something typed that stands for all that compares like it."""

    value: str
    typed: bool = False


def atoms_of(question: Question, aid: Aid) -> tuple[Atom, ...]:
    """What an answer to this question can hold: between them, these decide every condition of the aid in every way."""
    choices = tuple(Atom(choice.slug) for choice in question.choices)
    if question.kind in ("one", "many"):
        return choices
    named = {
        value
        for condition in _conditions(aid)
        for test in condition.tests()
        if test.subject == question.slug and test.operator != "answered"
        for value in test.values
        if value not in question.choice
    }
    made = _numbers(question, named) if question.kind == "number" else _others(question, named)
    return (*(Atom(value, True) for value in made if question.accepts(value)), *choices)


def _conditions(aid: Aid) -> Iterable[Condition]:
    owners: list[Any] = [*aid.questions, *aid.guidance, *(each for slot in aid.meaning for each in slot), *aid.safety]
    conditions = [owner.when for owner in owners if owner.when is not None]
    return [*conditions, *(condition for _, condition in aid.triage.conditions())]


def _numbers(question: Question, named: Iterable[str]) -> list[str]:
    """Each number that a condition names, the bounds, and one number between each two neighbours."""
    step = Decimal(1).scaleb(-question.decimals)
    bounds = [each for each in (question.least, question.most) if each is not None]
    cuts = sorted({Decimal(value) for value in (*named, *bounds) if ordered(value, "number") is not None}) or [
        Decimal(0)
    ]
    values = {*cuts, cuts[0] - step, cuts[-1] + step}
    for low, high in pairwise(cuts):
        middle = (low + step).quantize(step, ROUND_FLOOR)
        if low < middle < high:
            values.add(middle)
    return [format(value, "f") for value in sorted(values)]


def _others(question: Question, named: Iterable[str]) -> list[str]:
    if question.kind == "trial-number":
        return [*sorted(named), next(f"NCT{n:08d}" for n in range(1, 10**8) if f"NCT{n:08d}" not in named)]
    if question.kind == "text":
        return [*sorted(named), ANOTHER_TEXT[: how_many(question.most) or None]]
    bounds = [each for each in (question.least, question.most) if each is not None]
    cuts = sorted({dt.date.fromisoformat(value) for value in (*named, *bounds)}) or [dt.date(2026, 1, 1)]
    day = dt.timedelta(days=1)
    around = {near for cut in cuts for near in (cut - day, cut, cut + day)}
    return [each.isoformat() for each in sorted(around)]


def is_of(atom: Atom, question: Question) -> bool:
    """Whether this question can be answered so: an atom may be that of the same question in another edition."""
    return question.accepts(atom.value) if atom.typed else atom.value in question.choice
