"""Every possible person as a formula: what they answered, which questions that opens, and what they are shown.

A person is a *stored answer* to each question, whether or not it is ever asked, and a value of each fact. The replay of
`journey.py` is written out as equations over those, so a solver can look for a person, among all of them, of whom
something is true. Comparisons are not written a second time: which answers satisfy a test is asked of the test itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import z3

from questionnaire.domain.atoms import Atom, atoms_of, is_of
from questionnaire.domain.conditions import Condition, Group, Test, fact_key
from questionnaire.domain.content import Aid
from questionnaire.domain.questions import Answer, Question

Formula = Any
"""A z3 Boolean expression; z3 brings no types."""


class Stored:
    """The stored answers to some questions, as variables.

    Args:
        solver: gets what every stored answer obeys.
        questions: by slug, what an answer to it can hold.
        singles: slugs of the questions whose answer holds one thing only.
    """

    def __init__(
        self, solver: Any, questions: Mapping[str, tuple[Atom, ...]], singles: Iterable[str], name: str
    ) -> None:
        self.atoms = dict(questions)
        self.ticked: dict[str, dict[str, Formula]] = {}
        self.given: dict[str, Formula] = {}
        single = set(singles)
        for slug, atoms in questions.items():
            given = self.given[slug] = z3.Bool(f"{name}:{slug}?")
            ticks = {atom.value: z3.Bool(f"{name}:{slug}={atom.value}") for atom in atoms}
            self.ticked[slug] = ticks
            solver.add(z3.Implies(z3.Or(*ticks.values()), given) if ticks else z3.Not(given))
            if slug in single and len(ticks) > 1:
                solver.add(z3.AtMost(*ticks.values(), 1))


def stored_of(solver: Any, *aids: Aid) -> Stored:
    """Stored answers and facts of somebody who may meet each of these aids."""
    atoms: dict[str, dict[Atom, None]] = {}
    singles: set[str] = set()
    for aid in aids:
        for question in aid.questions:
            atoms.setdefault(question.slug, {}).update(dict.fromkeys(atoms_of(question, aid)))
            if question.kind != "many":
                singles.add(question.slug)
        for fact in aid.facts:
            atoms.setdefault(fact_key(fact.slug), {}).update(dict.fromkeys(map(Atom, fact.values)))
            singles.add(fact_key(fact.slug))
    return Stored(solver, {slug: tuple(each) for slug, each in atoms.items()}, singles, "p")


class Journeys:
    """The replay of an aid over stored answers, and what it shows.

    Attributes:
        on_path: by question slug, whether the question is asked (answered, or the one that is open).
        complete: whether no question is left open.
    """

    def __init__(self, solver: Any, aid: Aid, stored: Stored, name: str) -> None:
        self.solver = solver
        self.aid = aid
        self.stored = stored
        self.name = name
        self._shown: dict[str, Formula] = {}
        self._tests: dict[Test, Formula] = {}
        self._counted: dict[str, dict[str, Formula]] = {}
        self.on_path: dict[str, Formula] = {}
        for fact in aid.facts:
            key = fact_key(fact.slug)
            self._counted[key] = {value: stored.ticked[key][value] for value in fact.values}
        alive: Formula = z3.BoolVal(True)
        for question in aid.questions:
            alive = self._ask(question, alive)
        self.complete = alive

    def _ask(self, question: Question, alive: Formula) -> Formula:
        slug = question.slug
        on_path = self._named(f"{slug}!", z3.And(alive, self.holds(question.when)))
        accepted = self._named(f"{slug}+", z3.And(on_path, self._accepted(question)))
        self.on_path[slug] = on_path
        ticked = self.stored.ticked[slug]
        known = [atom.value for atom in self.stored.atoms[slug] if is_of(atom, question)]
        self._counted[slug] = {
            value: self._named(f"{slug}={value}", z3.And(accepted, ticked[value])) for value in known if value in ticked
        }
        return self._named(f"{slug}.", z3.And(alive, z3.Or(z3.Not(on_path), accepted)))

    def _accepted(self, question: Question) -> Formula:
        """As `Question.accepts`, for what is stored."""
        ticked = self.stored.ticked[question.slug]
        known = {atom.value for atom in self.stored.atoms[question.slug] if is_of(atom, question)}
        parts = [self.stored.given[question.slug]]
        parts += [z3.Not(tick) for value, tick in ticked.items() if value not in known]
        if not question.optional:
            parts.append(z3.Or(*(tick for value, tick in ticked.items() if value in known)))
        if question.kind == "many":
            rest = [ticked[choice.slug] for choice in question.choices]
            for choice in question.choices:
                if choice.exclusive:
                    others = [tick for tick in rest if tick is not ticked[choice.slug]]
                    parts.append(z3.Implies(ticked[choice.slug], z3.Not(z3.Or(*others))))
            if question.most_chosen is not None and question.most_chosen < len(rest):
                parts.append(z3.AtMost(*rest, question.most_chosen))
        return z3.And(*parts)

    def _named(self, name: str, formula: Formula) -> Formula:
        constant = z3.Bool(f"{self.name}:{name}")
        self.solver.add(constant == formula)
        return constant

    def holds(self, when: Condition | None) -> Formula:
        """That the condition holds; no condition always does."""
        if when is None:
            return z3.BoolVal(True)
        parts = [
            _joined(part.behavior, [self._test(test) for test in part.tests])
            if isinstance(part, Group)
            else self._test(part)
            for part in when.parts
        ]
        return _joined(when.behavior, parts)

    def _test(self, test: Test) -> Formula:
        if test not in self._tests:
            self._tests[test] = self._testing(test)
        return self._tests[test]

    def _testing(self, test: Test) -> Formula:
        counted = self._counted.get(test.subject, {})
        answered = z3.Or(*counted.values()) if counted else z3.BoolVal(False)
        if test.operator == "answered":
            return answered if test.values[0] == "true" else z3.Not(answered)
        if test.operator == "is-not":
            meant = Test(test.subject, "is", test.values)
            return z3.And(answered, z3.Not(self._test(meant)))
        fitting = [tick for value, tick in counted.items() if test.holds({test.subject: (value,)})]
        return z3.Or(*fitting) if fitting else z3.BoolVal(False)

    def counted(self, slug: str, value: str) -> Formula:
        """That this value counts: given, acceptable, and its question asked."""
        return self._counted[slug][value]

    def shown(self, slug: str) -> Formula:
        """That this item of guidance holds, or that this sentence is the one of its slot. On a part-way journey too."""
        if slug not in self._shown:
            self._shown[slug] = self._named(f"{slug}#", self._showing(slug))
        return self._shown[slug]

    def _showing(self, slug: str) -> Formula:
        if slug in self.aid.item:
            return self.holds(self.aid.item[slug].when)
        slot = next(slot for slot in self.aid.meaning if any(each.slug == slug for each in slot))
        before = []
        for sentence in slot:
            if sentence.slug == slug:
                break
            before.append(z3.Not(self.holds(sentence.when)))
        return z3.And(*before, self.holds(self.aid.sentence[slug].when))


class Otherwise(Journeys):
    """The same persons, had something about each been otherwise. Meant for those whose journey is complete both ways.

    Only questions that wait for what is otherwise, directly or by others, can be asked otherwise, so only those are
    written out anew.

    Args:
        like: the journeys as they are.
        counted: what counts instead, by question slug or key of a fact, then by value.
    """

    def __init__(self, like: Journeys, name: str, counted: Mapping[str, dict[str, Formula]]) -> None:
        self.solver, self.aid, self.stored = like.solver, like.aid, like.stored
        self.name = name
        self.like = like
        self._shown = {}
        self._tests = {test: formula for test, formula in like._tests.items() if test.subject not in counted}
        self.on_path = dict(like.on_path)
        self._counted = {**like._counted, **counted}
        self.changed = set(counted)
        complete = [like.complete]
        for question in self.aid.questions:
            if question.when is not None and self.changed & question.when.reads():
                self.changed.add(question.slug)
                self._tests = {test: held for test, held in self._tests.items() if test.subject != question.slug}
                complete.append(self._ask(question, z3.BoolVal(True)))
        self.complete = self._named("all.", z3.And(*complete))

    def changes(self, slug: str) -> bool:
        """Whether what is otherwise can decide about this item or sentence."""
        if slug in self.aid.item:
            owners: Iterable[Any] = [self.aid.item[slug]]
        else:
            owners = next(slot for slot in self.aid.meaning if any(each.slug == slug for each in slot))
        return any(owner.when is not None and not self.changed.isdisjoint(owner.when.reads()) for owner in owners)

    def shown(self, slug: str) -> Formula:
        return super().shown(slug) if self.changes(slug) else self.like.shown(slug)


def turned(like: Journeys, slug: str, choice: str) -> Otherwise:
    """The same persons, had each who is asked this question given this choice alone."""
    no = z3.BoolVal(False)
    given = {value: like.on_path[slug] if value == choice else no for value in like._counted[slug]}
    return Otherwise(like, f"{slug}/{choice}", {slug: given})


def untold(like: Journeys, facts: Iterable[str]) -> Otherwise:
    """The same persons, had the program found out none of these facts."""
    keys = [fact_key(slug) for slug in facts]
    return Otherwise(like, "untold", {key: dict.fromkeys(like._counted[key], z3.BoolVal(False)) for key in keys})


def _joined(behavior: str, parts: list[Formula]) -> Formula:
    return z3.And(*parts) if behavior == "all" else z3.Or(*parts)


def answers_in(model: Any, stored: Stored, aid: Aid) -> tuple[dict[str, Answer], dict[str, str]]:
    """The stored answers to this aid's questions, and the facts, of the person that the solver found."""

    def true(formula: Formula) -> bool:
        return bool(z3.is_true(model.eval(formula, model_completion=True)))

    answers: dict[str, Answer] = {}
    for question in aid.questions:
        if not true(stored.given[question.slug]):
            continue
        ticks = stored.ticked[question.slug]
        held = [atom for atom in stored.atoms[question.slug] if atom.value in ticks and true(ticks[atom.value])]
        answer = _answer(question, held)
        if answer is not None or question.optional:
            answers[question.slug] = answer
    facts = {}
    for fact in aid.facts:
        for value, tick in stored.ticked[fact_key(fact.slug)].items():
            if true(tick):
                facts[fact.slug] = value
    return answers, facts


def _answer(question: Question, held: list[Atom]) -> Answer:
    if not held:
        return None
    if question.kind == "many":
        return [atom.value for atom in held]
    atom = held[0]
    return atom.value if atom.typed or question.kind == "one" else {"choice": atom.value}
