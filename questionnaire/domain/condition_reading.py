"""Read a condition as an editor writes it, noting everything that is wrong with it."""

from __future__ import annotations

from typing import Any

from questionnaire.domain.conditions import BEHAVIORS, OPERATORS, Condition, Group, Test, fact_key
from questionnaire.domain.entries import Entry


def condition(entry: Entry, key: str = "when") -> Condition | None:
    """The condition under this key of the entry; None where it is left out, for `when` that is "always"."""
    if not entry.has(key):
        return None
    when = entry.inner(entry.get(key), key)
    behavior, parts = _all_or_any(when)
    built: list[Test | Group] = []
    for number, raw in enumerate(parts, 1):
        part = when.inner(raw, f"{behavior}.{number}")
        if any(key in part.raw for key in BEHAVIORS):
            inner, tests = _all_or_any(part)
            grouped = (_test(part.inner(test, f"{inner}.{place}")) for place, test in enumerate(tests, 1))
            built.append(Group(inner, tuple(grouped)))
        else:
            built.append(_test(part))
    return Condition(behavior, tuple(built))


def _all_or_any(entry: Entry) -> tuple[str, list[Any]]:
    given = [key for key in BEHAVIORS if key in entry.raw]
    if len(given) != 1:
        entry.wrong("", "write either `all:` or `any:` with a list of tests beneath it")
    behavior = given[0] if given else "all"
    parts = entry.list(behavior)
    if not parts:
        entry.wrong(behavior, "at least one test is needed here; for “always” leave `when` out")
    entry.finish()
    return behavior, parts


def _test(entry: Entry) -> Test:
    about_fact = entry.has("fact")
    name = entry.word("fact" if about_fact else "question")
    operators = [key for key in OPERATORS if key in entry.raw]
    if len(operators) != 1:
        entry.wrong("", f"a test needs exactly one of: {', '.join(OPERATORS)}")
        return Test(fact_key(name) if about_fact else name, "answered", ("true",))
    operator = operators[0]
    if operator == "answered":
        values: tuple[str, ...] = ("true" if entry.flag(operator) else "false",)
    elif operator in ("is", "is-not"):
        values = entry.words(operator)
    else:
        values = (entry.measure(operator),)
    entry.finish()
    return Test(fact_key(name) if about_fact else name, operator, values)
