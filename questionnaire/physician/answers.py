"""Answers as a physician reads them: given, not sure, skipped and never asked are four different things."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from questionnaire.domain.content import Aid
from questionnaire.domain.journey import Journey
from questionnaire.domain.questions import Question, values_of
from questionnaire.exports.words import answer_words

NOT_SURE = "not-sure"
"""The slug by which every aid names the choice of somebody who does not know."""
GIVEN, UNSURE, SKIPPED, NOT_ASKED = "given", "unsure", "skipped", "not-asked"
_SAID = {UNSURE: "Not sure", SKIPPED: "Skipped", NOT_ASKED: "Not asked"}


_NOT_IN_EDITION = "No such question in this edition"


@dataclass(frozen=True, slots=True)
class Told:
    """One question with what the patient told; `words` is empty where they told nothing.

    `short` is what staff call the question.
    """

    slug: str
    short: str
    status: str
    words: tuple[str, ...]

    @property
    def said(self) -> str:
        """The status in a word; empty for an answer that was given."""
        return _SAID.get(self.status, "")


@dataclass(frozen=True, slots=True)
class Section:
    title: str
    rows: tuple[Told, ...]


@dataclass(frozen=True, slots=True)
class Whole:
    """All answers: on the path by section, and those that are kept but count for nothing.

    `foreign` counts answers to questions that this edition does not have.
    """

    sections: tuple[Section, ...]
    parked: tuple[Told, ...]
    foreign: int


def told(journey: Journey, slugs: Iterable[str], language: str) -> list[Told]:
    """What the patient told on these questions, as far as the aid has them."""
    known = journey.aid.question
    return [_told(journey, known[slug], language) for slug in slugs if slug in known]


def whole(aid: Aid, journey: Journey, language: str) -> Whole:
    """Every question of the aid, section by section."""
    sections = [
        Section(
            section.title[language],
            tuple(_told(journey, each, language) for each in aid.questions if each.section == section.slug),
        )
        for section in aid.sections
    ]
    off = [aid.question[slug] for slug in journey.parked if slug in aid.question]
    parked = tuple(_answered(journey, each, language) for each in off)
    return Whole(tuple(sections), parked, len(journey.parked) - len(off))


def changes(old: Journey, new: Journey, language: str) -> list[tuple[str, str, str]]:
    """(question, from, to), in words, for each question on which two journeys differ; each may have its own edition."""
    before = {slug: _told(old, question, language) for slug, question in old.aid.question.items()}
    after = {slug: _told(new, question, language) for slug, question in new.aid.question.items()}
    found = []
    for slug in {**after, **before}:
        was, now = before.get(slug), after.get(slug)
        words = in_words(was) if was else _NOT_IN_EDITION, in_words(now) if now else _NOT_IN_EDITION
        if words[0] != words[1]:
            found.append(((now.short if now else was.short if was else slug), *words))
    return found


def in_words(row: Told) -> str:
    """One line: what was answered, or that nothing was."""
    return "; ".join(row.words) if row.words else row.said


def _told(journey: Journey, question: Question, language: str) -> Told:
    if not journey.may_see(question.slug) or question.slug not in journey.answers:
        return Told(question.slug, journey.aid.triage.name_of(question, language), NOT_ASKED, ())
    return _answered(journey, question, language)


def _answered(journey: Journey, question: Question, language: str) -> Told:
    short, answer = journey.aid.triage.name_of(question, language), journey.answers[question.slug]
    if answer is None:
        return Told(question.slug, short, SKIPPED, ())
    unsure = NOT_SURE in values_of(answer) and question.kind != "text"
    return Told(question.slug, short, UNSURE if unsure else GIVEN, answer_words(question, answer, language))
