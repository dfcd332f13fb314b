"""What a change of an aid does to people: who would see an item that they did not see before, and who no longer."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import z3

from questionnaire.domain import people
from questionnaire.domain.content import Aid
from questionnaire.domain.encoding import Formula, Journeys, answers_in, stored_of
from questionnaire.domain.findings import Person
from questionnaire.domain.people import Seen
from questionnaire.domain.prover import Disagreement
from questionnaire.domain.questions import Answers
from questionnaire.domain.verdicts import Audience


def audiences(before: Aid, after: Aid) -> list[Audience]:
    """Each item and sentence that more or fewer people would see, with one of them; the others are left out.

    A person here has answers to the questions of both aids, and completes both.

    Raises:
        Disagreement: solver and evaluator do not agree on a person.
    """
    return _Comparison(before, after).audiences()


class _Comparison:
    def __init__(self, before: Aid, after: Aid) -> None:
        self.before, self.after = before, after
        self.solver = z3.SolverFor("QF_FD")
        self.stored = stored_of(self.solver, before, after)
        self.old = Journeys(self.solver, before, self.stored, "b")
        self.new = Journeys(self.solver, after, self.stored, "a")
        self.solver.add(self.old.complete, self.new.complete)

    def audiences(self) -> list[Audience]:
        rooms = {slug: "item" for aid in (self.after, self.before) for slug in aid.item}
        rooms |= {slug: "sentence" for aid in (self.after, self.before) for slug in aid.sentence}
        found = []
        for slug, room in rooms.items():
            if self._same(slug):
                continue
            old, new = _shown(self.old, slug), _shown(self.new, slug)
            grows = self._person(z3.And(new, z3.Not(old)), slug, self.after)
            shrinks = self._person(z3.And(old, z3.Not(new)), slug, self.before)
            if grows or shrinks:
                found.append(Audience(slug, room, grows, shrinks))
        return found

    def _same(self, slug: str) -> bool:
        """Whether nothing that decides about this item changed, so that the solver need not be asked."""
        return _way(self.before) == _way(self.after) and _conditions(self.before, slug) == _conditions(self.after, slug)

    def _person(self, goal: Formula, slug: str, seeing: Aid) -> Person | None:
        if self.solver.check(goal) != z3.sat:
            return None
        model = self.solver.model()
        answers: dict[str, Any] = {}
        facts: dict[str, str] = {}
        for aid in (self.before, self.after):
            given, known = answers_in(model, self.stored, aid)
            answers |= given
            facts |= known

        def sees_one_only(answers: Answers, facts: Mapping[str, str]) -> bool:
            there = self._seen(seeing, answers, facts)
            other = self._seen(self.before if seeing is self.after else self.after, answers, facts)
            return there.complete and other.complete and slug in there.slugs and slug not in other.slugs

        if not sees_one_only(answers, facts):
            raise Disagreement(slug)
        plain, known = people.simplest(seeing, answers, facts, sees_one_only)
        reads = people.reads(self.before, [slug]) | people.reads(self.after, [slug])
        return people.person(seeing, plain, known, reads)

    @staticmethod
    def _seen(aid: Aid, answers: Answers, facts: Mapping[str, str]) -> Seen:
        known = {fact.slug for fact in aid.facts}
        return Seen(aid, answers, {slug: value for slug, value in facts.items() if slug in known})


def _shown(journeys: Journeys, slug: str) -> Formula:
    there = slug in journeys.aid.item or slug in journeys.aid.sentence
    return journeys.shown(slug) if there else z3.BoolVal(False)


def _way(aid: Aid) -> list[Any]:
    """All that decides which answers there can be."""
    return [
        (
            question.slug,
            question.kind,
            question.when,
            question.optional,
            question.least,
            question.most,
            [(choice.slug, choice.exclusive) for choice in question.choices],
        )
        for question in aid.questions
    ]


def _conditions(aid: Aid, slug: str) -> list[Any]:
    if slug in aid.item:
        return [aid.item[slug].when]
    slots = [slot for slot in aid.meaning if any(sentence.slug == slug for sentence in slot)]
    return [[(sentence.slug, sentence.when) for sentence in slot] for slot in slots] or ["not there"]
