"""The formulas say of a person what the evaluator says: path, completeness, and every item and sentence."""

from __future__ import annotations

import pytest
import z3
from hypothesis import given

from questionnaire.domain.atoms import Atom, atoms_of
from questionnaire.domain.conditions import fact_key
from questionnaire.domain.content import Aid
from questionnaire.domain.encoding import Journeys, answers_in, stored_of, turned, untold
from questionnaire.domain.journey import Journey
from questionnaire.domain.outcome import outcome
from questionnaire.domain.questions import Answer, Question, values_of
from questionnaire.domain.reading import read
from tests import strategies

pytestmark = pytest.mark.pure


def answer(dice, question: Question, atoms: tuple[Atom, ...]) -> Answer:
    """Something that can be stored, acceptable or not: several ticks, none, or a choice in place of what is typed."""
    if question.optional and dice.one_in(4):
        return None
    if question.kind == "many":
        ticked: list[str] = dice.sample([atom.value for atom in atoms], dice.randint(1, min(3, len(atoms))))
        return ticked
    atom = dice.choice(atoms)
    return atom.value if atom.typed or question.kind == "one" else {"choice": atom.value}


def pinned(stored, aid: Aid, answers, facts):
    """The formula of this one person."""
    parts = []
    for question in aid.questions:
        given = question.slug in answers
        values = values_of(answers[question.slug]) if given else ()
        parts.append(stored.given[question.slug] == given)
        parts += [tick == (value in values) for value, tick in stored.ticked[question.slug].items()]
    for slug, ticks in stored.ticked.items():
        if slug.startswith("fact:"):
            parts += [tick == (facts.get(slug.removeprefix("fact:")) == value) for value, tick in ticks.items()]
    return z3.And(*parts)


def counted(aid, answers, facts):
    return {slug: sorted(values) for slug, values in Journey(aid, answers, facts).counted.items()}


def true(model, formula):
    return z3.is_true(model.eval(formula, model_completion=True))


def compare(model, journeys, aid, answers, facts):
    journey = Journey(aid, answers, facts)
    assert true(model, journeys.complete) is journey.complete
    asked = {slug for slug, formula in journeys.on_path.items() if true(model, formula)}
    assert asked == {question.slug for question in journey.path}
    shown = {item.slug for item in aid.guidance if true(model, journeys.shown(item.slug))}
    assert shown == {item.slug for item in aid.guidance if item.when is None or item.when.holds(journey.counted)}, (
        "items, part-way too"
    )
    if journey.complete:
        told = {slug for slug in aid.sentence if true(model, journeys.shown(slug))}
        assert told == {each.slug for each in outcome(aid, answers, facts).meaning}


@strategies.usual
@given(document=strategies.documents(), dice=strategies.dice())
def test_the_formulas_say_what_the_evaluator_says(document, dice):
    aid = read(document)
    solver = z3.SolverFor("QF_FD")
    stored = stored_of(solver, aid)
    journeys = Journeys(solver, aid, stored, "a")
    for item in (*aid.item, *aid.sentence):
        journeys.shown(item)
    atoms = {question.slug: atoms_of(question, aid) for question in aid.questions}
    for _ in range(4):
        answers = {
            question.slug: answer(dice, question, atoms[question.slug])
            for question in aid.questions
            if atoms[question.slug] and not dice.one_in(6)
        }
        facts = strategies.facts(dice, aid)
        assert solver.check(pinned(stored, aid, answers, facts)) == z3.sat
        model = solver.model()
        compare(model, journeys, aid, answers, facts)
        found, known = answers_in(model, stored, aid)
        assert known == facts
        assert counted(aid, found, known) == counted(aid, answers, facts)


@strategies.usual
@given(document=strategies.documents(), dice=strategies.dice())
def test_what_can_be_typed_compares_like_one_of_the_values_that_stand_for_it(document, dice):
    aid = read(document)
    conditions = [question.when for question in aid.questions] + [item.when for item in aid.guidance]
    tests = [test for when in conditions if when for test in when.tests()]
    for question in aid.questions:
        given = strategies.answer(dice, question)
        for value in values_of(given):
            mine = [test for test in tests if test.subject == question.slug]
            held = [test.holds({question.slug: (value,)}) for test in mine]
            alike = [
                atom
                for atom in atoms_of(question, aid)
                if [test.holds({question.slug: (atom.value,)}) for test in mine] == held
            ]
            assert alike, f"nothing stands for {value} as an answer to {question.slug}"


@strategies.usual
@given(document=strategies.documents(), dice=strategies.dice())
def test_turning_one_answer_is_the_evaluator_with_that_answer_turned(document, dice):
    aid = read(document)
    able = [question for question in aid.questions if question.kind in ("one", "many")]
    if not able:
        return
    question = dice.choice(able)
    choice = dice.choice(question.choices).slug
    solver = z3.SolverFor("QF_FD")
    stored = stored_of(solver, aid)
    journeys = Journeys(solver, aid, stored, "a")
    other = turned(journeys, question.slug, choice)
    both = z3.And(journeys.complete, other.complete, journeys.on_path[question.slug])
    for item in (*aid.item, *aid.sentence):
        other.shown(item)
    if solver.check(both) != z3.sat:
        return
    model = solver.model()
    answers, facts = answers_in(model, stored, aid)
    answers[question.slug] = [choice] if question.kind == "many" else choice
    journey = Journey(aid, answers, facts)
    assert journey.complete
    told = outcome(aid, answers, facts)
    shown = {slug for slug in (*aid.item, *aid.sentence) if true(model, other.shown(slug))}
    assert shown == {each.slug for each in (*told.items, *told.meaning)}


@strategies.usual
@given(document=strategies.documents(), dice=strategies.dice())
def test_finding_nothing_out_is_the_evaluator_without_facts(document, dice):
    aid = read(document)
    if not aid.facts:
        return
    solver = z3.SolverFor("QF_FD")
    stored = stored_of(solver, aid)
    journeys = Journeys(solver, aid, stored, "a")
    other = untold(journeys, [fact.slug for fact in aid.facts])
    for item in (*aid.item, *aid.sentence):
        other.shown(item)
    known = z3.Or(*stored.ticked[fact_key(aid.facts[0].slug)].values())
    if solver.check(z3.And(other.complete, known)) != z3.sat:
        return
    model = solver.model()
    answers, _ = answers_in(model, stored, aid)
    told = outcome(aid, answers, {})
    shown = {slug for slug in (*aid.item, *aid.sentence) if true(model, other.shown(slug))}
    assert shown == {each.slug for each in (*told.items, *told.meaning)}
