"""An example person for a finding: as plain as can be, and told in words for an editor."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from questionnaire.domain.conditions import Counted, fact_key
from questionnaire.domain.content import Aid
from questionnaire.domain.findings import Person
from questionnaire.domain.journey import Journey
from questionnaire.domain.outcome import outcome
from questionnaire.domain.questions import Answer, Answers, Question, values_of

Violated = Callable[[Answers, Mapping[str, str]], bool]
"""Whether a person with these answers and facts is one of those looked for."""


class Seen:
    """What somebody is shown, by the evaluator that patients get their guidance from.

    Attributes:
        complete: no question is open; otherwise `slugs` is empty, for there is no guidance yet.
        slugs: items and sentences that are shown.
        urgent: slugs of urgent guidance that holds, part-way too.
    """

    def __init__(self, aid: Aid, answers: Answers, facts: Mapping[str, str]) -> None:
        journey = Journey(aid, answers, facts)
        self.counted: Counted = journey.counted
        self.complete = journey.complete
        self.slugs: frozenset[str] = frozenset()
        if self.complete:
            told = outcome(aid, answers, facts)
            self.slugs = frozenset(shown.slug for shown in (*told.meaning, *told.items))
        self.urgent = frozenset(
            item.slug
            for item in aid.guidance
            if item.kind == "urgent" and (item.when is None or item.when.holds(journey.counted))
        )


def simplest(
    aid: Aid, answers: Answers, facts: Mapping[str, str], violated: Violated
) -> tuple[Answers, dict[str, str]]:
    """A person like this one of whom the same is true, with fewer and plainer answers."""
    kept: dict[str, Answer] = dict(answers)
    left = dict(facts)
    for slug in list(facts):
        fewer = {other: value for other, value in left.items() if other != slug}
        if violated(kept, fewer):
            left = fewer
    for slug in [question.slug for question in reversed(aid.questions) if question.slug in kept]:
        fewer_answers = {other: answer for other, answer in kept.items() if other != slug}
        if violated(fewer_answers, left):
            kept = fewer_answers
    for question in aid.questions:
        for plainer in _plainer(question, kept.get(question.slug)) if question.slug in kept else ():
            changed = kept | {question.slug: plainer}
            if violated(changed, left):
                kept = changed
                break
    return kept, left


def _plainer(question: Question, answer: Answer) -> Iterator[Answer]:
    """Other answers to the question, the plainest first, down to the one that was given."""
    if question.kind == "one" and isinstance(answer, str):
        for choice in question.choices:
            if choice.slug == answer:
                return
            yield choice.slug
    if question.kind != "many" or not isinstance(answer, list):
        return
    alone = [choice.slug for choice in question.choices if choice.exclusive]
    for slug in alone:
        if answer != [slug]:
            yield [slug]
    for slug in answer:
        if len(answer) > 1:
            yield [slug]
    for slug in answer:
        if len(answer) > 2:
            yield [other for other in answer if other != slug]


def person(aid: Aid, answers: Answers, facts: Mapping[str, str], about: Iterable[str]) -> Person:
    """The person with the words for them; `about` names the questions and facts that matter for the finding."""
    return Person(answers=dict(answers), facts=dict(facts), words=describe(aid, answers, facts, about))


def describe(aid: Aid, answers: Answers, facts: Mapping[str, str], about: Iterable[str]) -> str:
    """Who this is, by the answers that matter and those that led to them."""
    language = aid.language
    wanted = _with_what_led_there(aid, about)
    counted = Journey(aid, answers, facts).path
    parts = []
    for question in counted:
        if question.slug in wanted and question.slug in answers:
            words = "; ".join(_words(question, answers[question.slug], language)) or "skipped"
            parts.append(f"{question.short[language]}: {words}")
    parts += [f"{slug}: {value}" for slug, value in facts.items() if fact_key(slug) in wanted]
    return f"A person who answered {' · '.join(f'“{part}”' for part in parts)}" if parts else "Anybody"


def _with_what_led_there(aid: Aid, about: Iterable[str]) -> set[str]:
    wanted: set[str] = set()
    todo = list(about)
    while todo:
        slug = todo.pop()
        if slug in wanted:
            continue
        wanted.add(slug)
        question = aid.question.get(slug)
        if question is not None and question.when is not None:
            todo += question.when.reads()
    return wanted


def _words(question: Question, answer: Answer, language: str) -> list[str]:
    return [question.choice[value].text[language] if value in question.choice else value for value in values_of(answer)]


def reads(aid: Aid, slugs: Iterable[str]) -> set[str]:
    """The questions and facts that the conditions of these items and sentences look at."""
    found: set[str] = set()
    for slug in slugs:
        owner: Any = aid.item.get(slug) or aid.sentence.get(slug)
        if owner is not None and owner.when is not None:
            found |= owner.when.reads()
    return found
