"""When a question is asked and when an item of guidance is shown.

The model is HL7 FHIR R4 `Questionnaire.item.enableWhen` (question, operator, answer) with `enableBehavior`
all/any and one level of grouping, so that editors can read it, it exports to FHIR, and it can be proved.
One difference, on purpose: a comparison with an unanswered question does not hold, `is-not` included.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

OPERATORS = ("is", "is-not", "answered", "at-least", "at-most", "more-than", "less-than")
COMPARISONS = OPERATORS[3:]
BEHAVIORS = ("all", "any")
SUBJECTS = ("question", "fact")

Counted = Mapping[str, tuple[str, ...]]
"""Values by question slug (or `fact:<slug>`). What is unanswered, skipped or hidden does not count and is not a key."""

DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
NUMBER = re.compile(r"-?\d+(\.\d+)?", re.ASCII)
"""How a date and a number are written in answers, bounds and conditions."""


def is_fact(key: str) -> bool:
    """Whether this key among the counted values names a fact."""
    return ":" in key


def fact_key(slug: str) -> str:
    """How a fact is named among the counted values; a question slug never holds a colon."""
    return f"fact:{slug}"


@dataclass(frozen=True, slots=True)
class Test:
    """One comparison. `subject` is a key of `Counted`; several `values` read as "one of" (for is-not, "none of")."""

    subject: str
    operator: str
    values: tuple[str, ...]

    def holds(self, counted: Counted) -> bool:
        given = counted.get(self.subject)
        if self.operator == "answered":
            return (given is not None) == (self.values[0] == "true")
        if given is None:
            return False
        if self.operator in ("is", "is-not"):
            # Loops here and in _all_or_any, not generators: these run some thousand times for one outcome.
            for value in given:
                if value in self.values:
                    return self.operator == "is"
            return self.operator == "is-not"
        return any(_compares(value, self.operator, self.values[0]) for value in given)

    def held_by(self, counted: Counted) -> tuple[tuple[str, str], ...]:
        """The values that make it hold, each with its key; those that other values of the same answer bring are not."""
        given = counted.get(self.subject, ())
        return tuple((self.subject, value) for value in given if self.operator != "is" or value in self.values)


@dataclass(frozen=True, slots=True)
class Group:
    behavior: str
    tests: tuple[Test, ...]

    def holds(self, counted: Counted) -> bool:
        return _all_or_any(self.behavior, self.tests, counted)


@dataclass(frozen=True, slots=True)
class Condition:
    behavior: str
    parts: tuple[Test | Group, ...]

    def holds(self, counted: Counted) -> bool:
        return _all_or_any(self.behavior, self.parts, counted)

    def tests(self) -> Iterator[Test]:
        for part in self.parts:
            yield from part.tests if isinstance(part, Group) else (part,)

    def reads(self) -> frozenset[str]:
        """Keys of every question and fact that this condition looks at."""
        return frozenset(test.subject for test in self.tests())

    def why(self, counted: Counted) -> tuple[str, ...]:
        """Keys of the questions and facts that made the condition hold, in the order written, each once.

        Of an `any` only the parts that did hold count; a group that failed explains nothing, and neither does a fact
        that is not known.
        """
        keys: dict[str, None] = {}
        for part in self.parts:
            if part.holds(counted):
                tests = part.tests if isinstance(part, Group) else (part,)
                held = (test.subject for test in tests if test.holds(counted))
                keys.update((key, None) for key in held if key in counted or not is_fact(key))
        return tuple(keys)

    def causes(self, counted: Counted) -> tuple[tuple[tuple[str, str], ...], ...]:
        """What made the condition hold, as groups of (key, value): each group alone is enough.

        Only of a condition that does hold.
        """
        held = tuple(_held(part, counted) for part in self.parts if part.holds(counted))
        return held if self.behavior == "any" else (tuple(pair for pairs in held for pair in pairs),)


def _held(part: Test | Group, counted: Counted) -> tuple[tuple[str, str], ...]:
    tests = part.tests if isinstance(part, Group) else (part,)
    return tuple(pair for test in tests if test.holds(counted) for pair in test.held_by(counted))


def _all_or_any(behavior: str, parts: tuple[Test, ...] | tuple[Test | Group, ...], counted: Counted) -> bool:
    settles = behavior == "any"
    for part in parts:
        if part.holds(counted) is settles:
            return settles
    return not settles


def _compares(given: str, operator: str, bound: str) -> bool:
    """Compare two numbers, or two ISO dates. A choice in place of a number ("not sure") never compares."""
    left, right = _comparable(given), _comparable(bound)
    if left is None or type(left) is not type(right):
        return False
    if operator == "at-least":
        return left >= right  # type: ignore[operator]
    if operator == "at-most":
        return left <= right  # type: ignore[operator]
    return left > right if operator == "more-than" else left < right  # type: ignore[operator]


def _comparable(value: str) -> str | Decimal | None:
    if DATE.fullmatch(value):
        return value
    return Decimal(value) if NUMBER.fullmatch(value) else None
