"""Answers in words, as the person gave them."""

from __future__ import annotations

import datetime as dt

from questionnaire.domain.conditions import fact_key
from questionnaire.domain.content import Aid
from questionnaire.domain.questions import Answer, Answers, Question, values_of

SKIPPED = "Not answered"


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


def reason_words(aid: Aid, answers: Answers, key: str, language: str) -> tuple[str, str]:
    """What a reason points at: the question's short name, and what the person answered."""
    question = aid.question.get(key)
    if question is None:
        return (key.removeprefix(fact_key("")), "")
    words = answer_words(question, answers.get(key), language)
    return (question.short[language], "; ".join(words))
