"""One shared response as its physicians take it into a chart: plain values, and every answer in words."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field

from questionnaire.domain.content import Aid
from questionnaire.domain.journey import Journey
from questionnaire.domain.ladder import Listing
from questionnaire.domain.letters import Letter
from questionnaire.domain.outcome import Outcome
from questionnaire.domain.questions import Answers
from questionnaire.domain.triage import Triage
from questionnaire.exports.words import answer_words

NOT_ASKED, SKIPPED = "Not asked", "Skipped"


@dataclass(frozen=True, slots=True)
class Case:
    """A finished version that was shared, with who shared it.

    Attributes:
        language: the one in which the patient answered; staff read the aid's default language.
        clinic: the name of the one that made the offer; empty when they gave none.
        question: what the patient asks, in their own words; empty when they ask nothing.
        preferred: slugs of the alternatives they lean towards.
        version: its number among the finished versions of this response.
        edition: number of the edition of the aid.
        published: when that edition was published.
        registry: what the trial registry says of the number that the patient gave, in a line or two.
        clinic_letters: FDA's public letters about the clinic or a product that they named, each in a few words.
        causes: why each flag of `triage` is up, in words, by slug.
        facts: what the program had found out.
        listing: what the registry had under the number of their study.
        letters: of FDA, that they were shown.
    """

    aid: Aid
    answers: Answers
    outcome: Outcome
    triage: Triage
    language: str
    name: str
    born: dt.date
    contact: str
    question: str
    preferred: tuple[str, ...]
    version: int
    edition: int
    published: dt.datetime | None
    finished: dt.datetime
    shared: dt.datetime
    facts: Mapping[str, str] = field(default_factory=dict)
    clinic: str = ""
    registry: tuple[str, ...] = ()
    clinic_letters: tuple[str, ...] = ()
    causes: Mapping[str, str] = field(default_factory=dict)
    listing: Listing | None = None
    letters: tuple[Letter, ...] = ()


@dataclass(frozen=True, slots=True)
class Given:
    """One question with what was answered; `answered` is false where it was skipped or never asked."""

    short: str
    words: tuple[str, ...]
    answered: bool


def every_answer(case: Case, language: str) -> tuple[tuple[str, tuple[Given, ...]], ...]:
    """Every question of the edition under its section's title; “not sure” is a choice like any other."""
    asked = {question.slug for question in Journey(case.aid, case.answers, case.facts).path}
    found: dict[str, list[Given]] = {section.slug: [] for section in case.aid.sections}
    for question in case.aid.questions:
        name, answer = case.aid.triage.name_of(question, language), case.answers.get(question.slug)
        if question.slug not in asked:
            given = Given(name, (NOT_ASKED,), False)
        elif answer is None:
            given = Given(name, (SKIPPED,), False)
        else:
            given = Given(name, answer_words(question, answer, language), True)
        found[question.section].append(given)
    return tuple((section.title[language], tuple(found[section.slug])) for section in case.aid.sections)
