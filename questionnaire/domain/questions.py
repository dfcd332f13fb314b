"""A question of an aid, and what counts as an answer to it."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from questionnaire.domain.conditions import DATE, NUMBER, Condition

Text = Mapping[str, str]
"""A text by language code, in plain words or in the aid's Markdown subset."""

Answer = str | list[str] | dict[str, str] | None
"""One stored answer, as it lies in JSON.

A choice slug (kind one); choice slugs (many); what was typed, normalised (number, date, text, trial-number);
`{"choice": slug}` where a typed kind was answered by a choice instead; None for an optional question skipped.
"""

Answers = Mapping[str, Answer]

QUESTION_KINDS = ("one", "many", "number", "date", "text", "trial-number")
TYPED_KINDS = ("number", "date", "text", "trial-number")
LONGEST_TEXT = 1000
"""Characters a short text answer may have when its question sets no `most`."""

TRIAL_NUMBER = re.compile(r"NCT\d{8}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Choice:
    slug: str
    text: Text
    hint: Text | None = None
    exclusive: bool = False


@dataclass(frozen=True)
class Question:
    slug: str
    kind: str
    section: str
    short: Text
    text: Text
    hint: Text | None = None
    optional: bool = False
    for_physician: bool = False
    when: Condition | None = None
    choices: tuple[Choice, ...] = ()
    least: str | None = None
    most: str | None = None
    decimals: int = 0
    unit: Text | None = None

    @cached_property
    def choice(self) -> Mapping[str, Choice]:
        """Choices by slug."""
        return {choice.slug: choice for choice in self.choices}

    @property
    def most_chosen(self) -> int | None:
        """How many choices of a `many` may stand together; None for no bound."""
        return how_many(self.most) if self.kind == "many" else None

    def accepts(self, answer: Answer) -> bool:
        """Whether this stored value is a possible answer to this question, as it now stands."""
        if answer is None:
            return self.optional
        if isinstance(answer, dict):
            return self.kind in TYPED_KINDS and set(answer) == {"choice"} and answer["choice"] in self.choice
        if isinstance(answer, list):
            return self.kind == "many" and self._accepts_several(answer)
        if self.kind == "one":
            return answer in self.choice
        return self.kind in TYPED_KINDS and self._accepts_typed(answer)

    def _accepts_several(self, answer: list[str]) -> bool:
        if not answer or len(set(answer)) != len(answer) or any(slug not in self.choice for slug in answer):
            return False
        if len(answer) > 1 and any(self.choice[slug].exclusive for slug in answer):
            return False
        return self.most_chosen is None or len(answer) <= self.most_chosen

    def _accepts_typed(self, answer: str) -> bool:
        if self.kind == "trial-number":
            return bool(TRIAL_NUMBER.fullmatch(answer))
        if self.kind == "text":
            return bool(answer.strip()) and len(answer) <= (how_many(self.most) or LONGEST_TEXT)
        value = ordered(answer, self.kind)
        if value is None:
            return False
        low, high = ordered(self.least, self.kind), ordered(self.most, self.kind)
        return (low is None or low <= value) and (high is None or value <= high)  # type: ignore[operator]


def ordered(value: str | None, kind: str) -> Decimal | dt.date | None:
    """A number or a date that can be compared; None when `value` is neither."""
    if value is None:
        return None
    if kind != "date":
        return Decimal(value) if NUMBER.fullmatch(value) else None
    try:
        return dt.date.fromisoformat(value) if DATE.fullmatch(value) else None
    except ValueError:
        return None


def how_many(value: str | None) -> int | None:
    """A whole number from 1 up to six digits; None when `value` is not one."""
    return int(value) if value is not None and re.fullmatch(r"[1-9][0-9]{0,5}", value) else None


def values_of(answer: Answer) -> tuple[str, ...]:
    """The values that conditions compare: choice slugs, or what was typed. Empty for a skipped question."""
    if answer is None:
        return ()
    if isinstance(answer, str):
        return (answer,)
    return tuple(answer.values()) if isinstance(answer, dict) else tuple(answer)
