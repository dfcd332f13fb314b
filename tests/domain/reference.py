"""The rules of docs/content-format.md once more, written for clarity and apart from the program's own code."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from questionnaire.domain.questions import Answer

Values = Mapping[str, list[str]]
"""Values by `question:slug` or `fact:slug`; what is unanswered is not a key."""


def holds(when: Mapping[str, Any] | None, values: Values) -> bool:
    """Whether this condition, as it stands in a file, holds."""
    if when is None:
        return True
    if "all" in when:
        return all(holds(part, values) for part in when["all"])
    if "any" in when:
        return any(holds(part, values) for part in when["any"])
    return _test(when, values)


def _test(test: Mapping[str, Any], values: Values) -> bool:
    subject = f"fact:{test['fact']}" if "fact" in test else f"question:{test['question']}"
    operator, wanted = next((key, value) for key, value in test.items() if key not in ("question", "fact"))
    given = values.get(subject)
    if operator == "answered":
        return wanted is (given is not None)
    if given is None:
        return False
    listed = [wanted] if isinstance(wanted, str) else wanted
    if operator == "is":
        return bool(set(given) & set(listed))
    if operator == "is-not":
        return not set(given) & set(listed)
    bound = _ordered(str(wanted))
    assert bound is not None
    for value in given:
        measured = _ordered(value)
        if measured is None or type(measured) is not type(bound):
            continue
        difference = (measured > bound) - (measured < bound)  # type: ignore[operator]
        return {
            "at-least": difference >= 0,
            "at-most": difference <= 0,
            "more-than": difference > 0,
            "less-than": difference < 0,
        }[operator]
    return False


def _ordered(value: str) -> Decimal | dt.date | None:
    try:
        if len(value) == 10 and value[4] == value[7] == "-":
            return dt.date.fromisoformat(value)
        return Decimal(value)
    except (ValueError, ArithmeticError):
        return None


def values_of(answer: Answer) -> list[str]:
    """What conditions see of a stored answer."""
    if answer is None:
        return []
    if isinstance(answer, str):
        return [answer]
    return list(answer.values()) if isinstance(answer, dict) else list(answer)


def walk(
    document: Mapping[str, Any], answers: Mapping[str, Answer], facts: Mapping[str, str]
) -> tuple[list[str], Values]:
    """The slugs of the path, and the values that count. Every answer given must be acceptable."""
    values: dict[str, list[str]] = {f"fact:{slug}": [value] for slug, value in facts.items()}
    path = []
    for question in questions(document):
        if not holds(question.get("when"), values):
            continue
        path.append(question["slug"])
        if question["slug"] not in answers:
            break
        if found := values_of(answers[question["slug"]]):
            values[f"question:{question['slug']}"] = found
    return path, values


def questions(document: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """Every question of a document, in order."""
    for section in document["questions.yaml"]:
        yield from section["questions"]


def shown(document: Mapping[str, Any], values: Values) -> tuple[list[str], list[str]]:
    """The slugs of the opening sentences and of the guidance that these values call for."""
    kinds = ["urgent", "caution", "alternative", "standard-care", "next-step", "ask"]
    meaning = [
        next(each["slug"] for each in slot["sentences"] if holds(each.get("when"), values))
        for slot in document["meaning.yaml"]
    ]
    items = [
        item
        for file in sorted(document)
        if file.startswith("guidance/")
        for item in document[file]
        if holds(item.get("when"), values)
    ]
    items.sort(key=lambda item: (kinds.index(item["kind"]), item["rank"]))
    return meaning, [item["slug"] for item in items]
