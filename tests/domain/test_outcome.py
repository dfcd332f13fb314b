"""What an aid tells: which items, in which order, for which reasons."""

from __future__ import annotations

import json

import pytest
from hypothesis import given

from questionnaire.domain.journey import Journey
from questionnaire.domain.outcome import Outcome, Shown, Unfinished, outcome, urgent
from questionnaire.domain.reading import read
from tests import builders, strategies
from tests.builders import ANSWERS, asking, item, question, sentence, slot
from tests.strategies import usual

pytestmark = pytest.mark.pure

YES = {"all": [{"question": "first", "is": "yes"}]}


def slugs(shown):
    return [each.slug for each in shown]


def test_each_item_names_the_answers_that_made_it_appear():
    told = outcome(builders.aid(), ANSWERS, {"registry": "not-found"})
    assert told.items == (
        Shown("see-doctor", ("health",)),
        Shown("not-approved", ()),
        Shown("waiting", ("joint",)),
        Shown("ask-number", ("fact:registry",)),
    )
    assert told.meaning == (Shown("means-always"), Shown("means-2"), Shown("means-3"))


def test_of_each_slot_the_first_sentence_that_holds_is_shown():
    told = outcome(builders.aid(), ANSWERS | {"age": "17"})
    assert told.meaning[0] == Shown("means-young", ("age",))
    assert len(told.meaning) == 3


def test_a_slot_stops_at_its_first_match():
    first = slot(1, sentence("early", when=YES), sentence("late", when=YES), sentence("last"))
    aid = read(asking(question("first"), meaning=[first, slot(2), slot(3)]))
    assert slugs(outcome(aid, {"first": "yes"}).meaning) == ["early", "means-2", "means-3"]
    assert slugs(outcome(aid, {"first": "no"}).meaning) == ["last", "means-2", "means-3"]


def test_items_stand_by_kind_then_rank_then_as_written():
    guidance = [
        item("ask", "ask", rank=0),
        item("next", "next-step", rank=0),
        item("care", "standard-care", rank=0),
        item("other", "alternative", rank=0),
        item("mild", rank=20),
        item("grave", rank=-1),
        item("mild-too", rank=20),
        item("now", "urgent", rank=99, now="same-day", when=YES),
    ]
    aid = read(asking(question("first"), guidance=guidance))
    told = slugs(outcome(aid, {"first": "yes"}).items)
    assert told == ["now", "grave", "mild", "mild-too", "other", "care", "next", "ask"]


def test_a_reason_is_only_an_answer_that_counts():
    either = {"any": [{"question": "first", "is": "yes"}, {"question": "second", "is": "yes"}]}
    questions = question("first"), question("second", when={"all": [{"question": "first", "is": "no"}]})
    aid = read(asking(*questions, guidance=[item("either", when=either), item("always")]))
    assert outcome(aid, {"first": "yes", "second": "yes"}).items[0] == Shown("either", ("first",))
    assert outcome(aid, {"first": "no", "second": "yes"}).items[0] == Shown("either", ("second",))
    assert slugs(outcome(aid, {"first": "no", "second": "no"}).items) == ["always"]


def test_there_is_no_outcome_while_a_question_is_open():
    with pytest.raises(Unfinished, match="joint"):
        outcome(builders.aid(), {})
    with pytest.raises(Unfinished, match="trial"):
        outcome(builders.aid(), {slug: given for slug, given in ANSWERS.items() if slug != "trial"})


def test_urgent_guidance_shows_before_the_end():
    aid = builders.aid()
    journey = Journey(aid, {"joint": "knee", "health": ["cancer"]})
    assert not journey.complete
    assert urgent(aid, journey) == (Shown("see-doctor", ("health",)),)
    assert urgent(aid, Journey(aid, {"joint": "knee", "health": ["diabetes"]})) == ()


def test_urgent_guidance_does_not_look_at_a_hidden_answer():
    aid = builders.aid()
    assert urgent(aid, Journey(aid, {"joint": "not-sure", "health": ["cancer"]})) == ()


def test_a_fact_that_was_not_found_out_makes_nothing_appear():
    assert "ask-number" not in slugs(outcome(builders.aid(), ANSWERS).items)
    assert "ask-number" not in slugs(outcome(builders.aid(), ANSWERS, {"registry": "found"}).items)


@usual
@given(strategies.documents(), strategies.dice())
def test_an_outcome_survives_json_and_shows_nothing_twice(document, dice):
    aid = read(document)
    answers = {each.slug: strategies.answer(dice, each) for each in aid.questions}
    told = outcome(aid, answers, strategies.facts(dice, aid))
    assert Outcome.from_json(json.loads(json.dumps(told.to_json()))) == told
    assert len(set(slugs(told.items))) == len(told.items)
    assert len(told.meaning) == 3
    assert set(slugs(urgent(aid, Journey(aid, answers)))) <= {each.slug for each in aid.guidance if each.now}


@usual
@given(strategies.documents(), strategies.dice())
def test_every_reason_is_an_answer_on_the_path_or_the_want_of_one(document, dice):
    aid = read(document)
    answers = {each.slug: strategies.answer(dice, each) for each in aid.questions}
    facts = strategies.facts(dice, aid)
    counted = Journey(aid, answers, facts).counted
    for shown in outcome(aid, answers, facts).items:
        when = aid.item[shown.slug].when
        tests = list(when.tests()) if when else []
        for reason in shown.reasons:
            unanswered = any(test.subject == reason and test.values == ("false",) for test in tests)
            assert reason in counted or unanswered
