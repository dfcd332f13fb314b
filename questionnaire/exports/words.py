"""Answers in words, as the person gave them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field

from django.utils import dateformat, formats, translation

from questionnaire.domain.conditions import fact_key
from questionnaire.domain.content import Aid
from questionnaire.domain.questions import Answer, Answers, Question, values_of

SKIPPED = "Not answered"


@dataclass(frozen=True, slots=True)
class Found:
    """What the program found out for a version, and the day on which it did."""

    facts: Mapping[str, str] = field(default_factory=dict)
    day: dt.date | None = None


NOTHING_FOUND = Found()


def answer_words(question: Question, answer: Answer, language: str) -> tuple[str, ...]:
    """One text for each part of the answer: a choice's words, or what was typed."""
    if answer is None:
        return (SKIPPED,)
    if isinstance(answer, str) and question.kind in ("number", "date", "text", "trial-number"):
        return (_typed(question, answer, language),)
    return tuple(question.choice[slug].text[language] for slug in values_of(answer) if slug in question.choice)


def _typed(question: Question, typed: str, language: str) -> str:
    if question.kind == "date":
        day = dt.date.fromisoformat(typed)
        return f"{day:%B} {day.day}, {day.year}"
    return f"{typed} {question.unit[language]}" if question.unit else typed


def reason_words(aid: Aid, answers: Answers, key: str, language: str, found: Found = NOTHING_FOUND) -> tuple[str, str]:
    """What a reason points at: the question's short name with what the person answered, or a fact with its value."""
    question = aid.question.get(key)
    if question is None:
        return _fact_words(aid, key.removeprefix(fact_key("")), language, found)
    words = answer_words(question, answers.get(key), language)
    return (question.short[language], "; ".join(words))


def _fact_words(aid: Aid, slug: str, language: str, found: Found) -> tuple[str, str]:
    value, told = found.facts.get(slug, ""), aid.ladder.facts.get(slug)
    if told is None or value not in told.values:
        return (slug, value)
    return (dated(told.short[language], found.day, language), told.values[value][language])


def dated(text: str, day: dt.date | None, language: str) -> str:
    """The text with its place for a date filled in."""
    return text.replace("{date}", day_words(day, language))


def day_words(day: dt.date | None, language: str) -> str:
    """A day with its month's name, as people write it in this language; empty without one."""
    return _formatted(day, language, "F j, Y", "DATE_FORMAT") if day else ""


def registry_date(text: str, language: str) -> str:
    """A date as the registry writes it, 2022-07 or 2022-07-28, as people do; what is no such date stays as it is."""
    try:
        if len(text) == len("2022-07"):
            return _formatted(dt.date.fromisoformat(f"{text}-01"), language, "F Y", "YEAR_MONTH_FORMAT")
        return day_words(dt.date.fromisoformat(text), language)
    except ValueError:
        return text


def _formatted(day: dt.date, language: str, english: str, name: str) -> str:
    # The format that Django has for English shortens months.
    with translation.override(language):
        pattern = english if language.split("-")[0] == "en" else formats.get_format(name, language)
        return dateformat.format(day, pattern)
