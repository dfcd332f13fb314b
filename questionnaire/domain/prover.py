"""All possible persons of one aid, to be asked about, and what is asked of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import z3

from questionnaire.domain import encoding, people
from questionnaire.domain.content import Aid
from questionnaire.domain.encoding import Formula, Journeys, Otherwise, answers_in, stored_of
from questionnaire.domain.findings import Finding
from questionnaire.domain.people import Seen
from questionnaire.domain.questions import Answer, Answers, Question
from questionnaire.domain.safety import Property

Facts = Mapping[str, str]


class Disagreement(RuntimeError):
    """The solver found a person whom the evaluator does not confirm: one of the two is wrong, so nothing is proved."""


@dataclass(frozen=True)
class Case:
    """One thing that must not be.

    Attributes:
        goal: the formula of whoever it is true of.
        violated: the same, asked of the evaluator.
        message: what an editor reads.
        place: the entry to mend.
        about: questions and facts that describe the person best.
    """

    goal: Formula
    violated: Callable[[Answers, Facts], bool]
    message: str
    place: str
    about: frozenset[str]


class Prover:
    """An aid with all its possible persons, to be asked about."""

    def __init__(self, aid: Aid) -> None:
        self.aid = aid
        self.solver = z3.SolverFor("QF_FD")
        self.stored = stored_of(self.solver, aid)
        self.journeys = Journeys(self.solver, aid, self.stored, "a")
        self._turned: dict[tuple[str, str], Otherwise] = {}

    def find(self, goal: Formula) -> Any:
        """A model in which the goal is true; None when there is none."""
        found = self.solver.check(goal)
        if found == z3.unknown:
            raise Disagreement(f"the solver gave up: {self.solver.reason_unknown()}")
        return self.solver.model() if found == z3.sat else None

    def is_possible(self, goals: list[Formula]) -> bool:
        """Whether there is somebody of whom all of these are true."""
        return bool(self.solver.check(*goals) == z3.sat)

    def person(self, goal: Formula) -> tuple[dict[str, Answer], dict[str, str]] | None:
        model = self.find(goal)
        return None if model is None else answers_in(model, self.stored, self.aid)

    def turned(self, slug: str, choice: str) -> Otherwise:
        """The journeys of the same persons if each had given just this answer to this question."""
        if (slug, choice) not in self._turned:
            self._turned[slug, choice] = encoding.turned(self.journeys, slug, choice)
        return self._turned[slug, choice]

    def seen(self, answers: Answers, facts: Facts) -> Seen:
        return Seen(self.aid, answers, facts)

    def title(self, slug: str) -> str:
        item = self.aid.item.get(slug)
        words = item.title if item is not None else self.aid.sentence[slug].text
        return words[self.aid.language]


Cases = Iterator[Case | Finding]
"""What is tried for one property, and what needs no trying."""


def place_of(prover: Prover, slug: str) -> str:
    """The place of this item or sentence."""
    return f"item/{slug}" if slug in prover.aid.item else f"sentence/{slug}"


def about(prover: Prover, each: Property, *slugs: str) -> frozenset[str]:
    """What the property and these items look at."""
    own = each.when.reads() if each.when else frozenset()
    return frozenset(people.reads(prover.aid, slugs)) | own


def condition_holds(each: Property, seen: Seen) -> bool:
    """Whether the property speaks of this person at all."""
    return each.when is None or each.when.holds(seen.counted)


def answer_of(question: Question, choice: str) -> Answer:
    """The stored answer that holds this choice alone."""
    if question.kind == "many":
        return [choice]
    return choice if question.kind == "one" else {"choice": choice}
