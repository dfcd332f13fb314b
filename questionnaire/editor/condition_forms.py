"""The form of a condition: tests picked from lists, all or any of them, one level of groups. Never typed as code."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.http import QueryDict

from questionnaire.domain.condition_reading import condition
from questionnaire.domain.conditions import BEHAVIORS, COMPARISONS, OPERATORS, Condition, Group, Test, fact_key
from questionnaire.domain.content import Aid
from questionnaire.domain.entries import Entry, Problem
from questionnaire.domain.questions import TYPED_KINDS

ALWAYS = "always"
MOST = 40
OPERATOR_WORDS = {
    "is": "is one of",
    "is-not": "is answered, and is none of",
    "answered": "is answered",
    "not-answered": "is not answered",
    "at-least": "is at least",
    "at-most": "is at most",
    "more-than": "is more than",
    "less-than": "is less than",
}
"""`answered: false` is an operator of its own here, since people read it as one."""


@dataclass
class TestRow:
    """One comparison. `subject` is a question's slug or `fact:` and a fact's."""

    subject: str = ""
    operator: str = "is"
    values: list[str] = field(default_factory=list)
    typed: str = ""
    errors: list[str] = field(default_factory=list)
    choices: list[tuple[str, str]] = field(default_factory=list)
    is_typed: bool = False

    @property
    def compares(self) -> bool:
        return self.operator in COMPARISONS

    @property
    def takes_values(self) -> bool:
        return self.operator not in ("answered", "not-answered")


@dataclass
class Part:
    """One test, or a group of them; `group` is "all", "any", or empty for a test that stands alone."""

    group: str
    tests: list[TestRow]


class ConditionForm:
    """What was stored, or what was posted, as rows.

    Args:
        when: the stored condition, as it lies in its entry; None for always.
        data: what was posted.
    """

    def __init__(self, aid: Aid, when: Any, data: QueryDict | None = None) -> None:
        self.aid = aid
        self.stored = when
        self.behavior = ALWAYS
        self.parts: list[Part] = []
        self.general: list[str] = []
        if data is None:
            self._read_stored(when)
        else:
            self._read_posted(data)
        for row in self._rows():
            self._describe(row)

    # --- Reading

    def _read_stored(self, when: Any) -> None:
        parsed = parsed_of(when, self.aid)[0]
        if parsed is None:
            return
        self.behavior = parsed.behavior
        _, raw_parts = _all_or_any(when)
        for raw in raw_parts:
            inner, tests = _all_or_any(raw)
            self.parts.append(Part(inner, [_row(test) for test in (tests if inner else [raw])]))

    def _read_posted(self, data: QueryDict) -> None:
        self.behavior = data.get("behavior", "")
        for number in range(_count(data.get("parts", ""))):
            group = data.get(f"p{number}-group", "")
            tests = [
                TestRow(
                    subject=data.get(f"{name}-subject", ""),
                    operator=data.get(f"{name}-operator", "is"),
                    values=data.getlist(f"{name}-values"),
                    typed=data.get(f"{name}-typed", "").replace("\x00", "").strip(),
                )
                for place in range(_count(data.get(f"p{number}-tests", "")))
                for name in [f"t{number}-{place}"]
            ]
            if group in BEHAVIORS and tests:
                self.parts.append(Part(group, tests))
            else:
                self.parts += [Part("", [test]) for test in tests]

    def _rows(self) -> list[TestRow]:
        return [row for part in self.parts for row in part.tests]

    def _describe(self, row: TestRow) -> None:
        """The choices of the row's question, and whether something can be typed."""
        language = self.aid.language
        question = self.aid.question.get(row.subject)
        if question is not None:
            row.choices = [(choice.slug, choice.text[language]) for choice in question.choices]
            row.is_typed = question.kind in TYPED_KINDS
        fact = next((each for each in self.aid.facts if fact_key(each.slug) == row.subject), None)
        if fact is not None:
            row.choices = [(value, value) for value in fact.values]
        if row.is_typed and not row.typed and not row.compares:
            known = {slug for slug, _ in row.choices}
            row.typed = "\n".join(value for value in row.values if value not in known)

    # --- Changing rows

    def do(self, act: str) -> None:
        """Carry out a button: add a test or a group, add a test within a group, remove one, or only show again."""
        name, _, where = act.partition(":")
        if name == "add-test":
            self.parts.append(Part("", [TestRow()]))
        elif name == "add-group":
            self.parts.append(Part("any" if self.behavior == "all" else "all", [TestRow(), TestRow()]))
        elif name in ("add-to", "remove") and where:
            number, place = (_count(each) for each in f"{where}-0".split("-")[:2])
            if number < len(self.parts):
                self._change_part(name, number, place)
        if self.parts and self.behavior not in BEHAVIORS:
            self.behavior = "all"

    def _change_part(self, name: str, number: int, place: int) -> None:
        tests = self.parts[number].tests
        if name == "add-to":
            tests.append(TestRow())
        elif place < len(tests):
            del tests[place]
            if not tests:
                del self.parts[number]

    # --- Writing

    def when(self) -> Any:
        """The condition as it is stored; None for always. One that means the same as before is the one before."""
        if self.behavior == ALWAYS or not self.parts:
            made = None
        else:
            made = {self.behavior: [self._raw(part) for part in self.parts]}
        return self.stored if self._means(made) == self._means(self.stored) else made

    def _means(self, when: Any) -> Any:
        """What a condition says, whatever the order in which its values stand."""
        parsed = parsed_of(when, self.aid)[0]
        if parsed is None:
            return None
        parts: list[tuple[str, tuple[Test, ...]]] = [
            (part.behavior, part.tests) if isinstance(part, Group) else ("", (part,)) for part in parsed.parts
        ]
        meant = [(inner, [(t.subject, t.operator, set(t.values)) for t in tests]) for inner, tests in parts]
        return parsed.behavior, meant

    def _raw(self, part: Part) -> dict[str, Any]:
        tests = [_raw_test(row) for row in part.tests]
        return {part.group: tests} if part.group else tests[0]

    def is_valid(self) -> bool:
        """Whether every row says something; what it says is for the aid to judge."""
        for row in self._rows() if self.behavior != ALWAYS else ():
            if not row.subject:
                row.errors.append("Choose a question, or remove this line.")
            elif row.operator not in OPERATOR_WORDS:
                row.errors.append("Choose how to compare.")
            elif row.takes_values and not _values(row):
                row.errors.append("Choose at least one answer." if row.choices else "Type what to compare with.")
        if self.behavior not in (ALWAYS, *BEHAVIORS):
            self.general.append("Choose “always”, “when all of these hold” or “when any of these holds”.")
        elif self.behavior != ALWAYS and not self.parts:
            self.general.append("Add at least one line, or choose “always”.")
        return not self.errors

    @property
    def errors(self) -> list[tuple[str, str]]:
        """(id of the field, message), in the order of the form."""
        found = []
        for number, part in enumerate(self.parts):
            for place, row in enumerate(part.tests):
                found += [(f"t{number}-{place}-subject", message) for message in row.errors]
        return [*found, *(("", message) for message in self.general)]

    def add_problem(self, message: str) -> None:
        """Put what the aid says is wrong at the rows that it names, or at the top."""
        rows = [row for row in self._rows() if f"“{row.subject}”" in message]
        for errors in [row.errors for row in rows] or [self.general]:
            errors.append(f"{message[0].upper()}{message[1:]}.")


def parsed_of(when: Any, aid: Aid) -> tuple[Condition | None, list[Problem]]:
    """A stored condition read, with what is wrong with it."""
    problems: list[Problem] = []
    return condition(Entry({"when": when}, "", "", problems, aid.languages)), problems


def _all_or_any(raw: Any) -> tuple[str, list[Any]]:
    behavior = next((key for key in BEHAVIORS if isinstance(raw, Mapping) and key in raw), "")
    return behavior, raw[behavior] if behavior else []


def _row(raw: Mapping[str, Any]) -> TestRow:
    subject = str(raw.get("question") or fact_key(str(raw.get("fact"))))
    operator = next((key for key in OPERATORS if key in raw), "is")
    held = raw.get(operator)
    if operator == "answered":
        return TestRow(subject, "answered" if held is True else "not-answered")
    values = [str(value) for value in (held if isinstance(held, list) else [held])]
    if operator in COMPARISONS:
        return TestRow(subject, operator, [], values[0])
    return TestRow(subject, operator, values)


def _values(row: TestRow) -> list[str]:
    known = [slug for slug, _ in row.choices]
    ticked = [value for value in row.values if value in known or not row.is_typed]
    if row.compares:
        return [row.typed] if row.typed else []
    return list(dict.fromkeys([*ticked, *(_typed_lines(row) if row.is_typed else [])]))


def _typed_lines(row: TestRow) -> list[str]:
    return [line.strip() for line in row.typed.splitlines() if line.strip()]


def _raw_test(row: TestRow) -> dict[str, Any]:
    if row.subject.startswith(fact_key("")):
        made: dict[str, Any] = {"fact": row.subject.removeprefix(fact_key(""))}
    else:
        made = {"question": row.subject}
    values = _values(row)
    if not row.takes_values:
        made["answered"] = row.operator == "answered"
    else:
        made[row.operator] = values[0] if len(values) == 1 else values
    return made


def _count(text: str) -> int:
    return min(MOST, int(text)) if text.isascii() and text.isdigit() and len(text) < 4 else 0
