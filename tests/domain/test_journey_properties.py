"""What holds for every aid and every way of walking through it: nobody loses an answer, and no hidden answer acts."""

from __future__ import annotations

import copy
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from questionnaire.domain.content import Aid
from questionnaire.domain.journey import Journey
from questionnaire.domain.outcome import Unfinished, outcome, urgent
from questionnaire.domain.questions import Answer
from questionnaire.domain.reading import read
from tests import builders, strategies
from tests.domain import reference
from tests.strategies import Dice, usual

pytestmark = pytest.mark.pure


class Tab:
    """One browser tab: what it showed when it was last loaded, which another tab may have made stale since."""

    def __init__(self) -> None:
        self.shown: str | None = None


class Walk:
    """A person with two tabs over one store of answers. `given` is what they last said to each question."""

    def __init__(self, aid: Aid, facts: dict[str, str]) -> None:
        self.aid = aid
        self.facts = facts
        self.stored: dict[str, Answer] = {}
        self.given: dict[str, Answer] = {}
        self.tabs = (Tab(), Tab())

    def journey(self) -> Journey:
        return Journey(self.aid, self.stored, self.facts)

    def step(self, dice: Dice) -> str:
        """One thing that a person does in one of the tabs."""
        tab = dice.choice(self.tabs)
        doing = dice.choice(["open", "open", "back", "change", "erase", "submit", "submit", "submit"])
        journey = self.journey()
        if doing == "open":
            tab.shown = journey.open.slug if journey.open else None
        elif doing == "back":
            earlier = journey.before(tab.shown) if tab.shown else (journey.path[-1] if journey.path else None)
            tab.shown = earlier.slug if earlier else tab.shown
        elif doing == "change":
            tab.shown = dice.choice(journey.path).slug if journey.path else None
        elif doing == "erase" and self.stored:
            slug = dice.choice(list(self.stored))
            del self.stored[slug], self.given[slug]
        elif doing == "submit" and tab.shown is not None:
            given = strategies.answer(dice, self.aid.question[tab.shown])
            self.stored[tab.shown] = given
            self.given[tab.shown] = copy.deepcopy(given)
        return doing


@st.composite
def walks(draw: st.DrawFn) -> tuple[Walk, Dice]:
    """A walk of some steps through a random aid, and dice to go on with."""
    aid = read(draw(strategies.documents()))
    dice = draw(strategies.dice())
    walk = Walk(aid, strategies.facts(dice, aid))
    for _ in range(draw(st.integers(0, 30))):
        walk.step(dice)
    return walk, dice


@usual
@given(walks())
def test_every_walk_ends(walked):
    walk, dice = walked
    steps = 0
    while (asked := walk.journey().open) is not None:
        assert asked.slug not in walk.stored
        walk.stored[asked.slug] = strategies.answer(dice, asked)
        steps += 1
        assert steps <= len(walk.aid.questions)
    outcome(walk.aid, walk.stored, walk.facts)


@usual
@given(strategies.documents(), strategies.dice(), st.integers(0, 40))
def test_every_given_answer_is_still_there_whatever_a_person_does(document, dice, steps):
    aid = read(document)
    walk = Walk(aid, strategies.facts(dice, aid))
    for _ in range(steps):
        walk.step(dice)
        journey = walk.journey()
        if journey.complete:
            outcome(aid, walk.stored, walk.facts)
        assert walk.stored == walk.given
        on_path = {question.slug for question in journey.path}
        assert sorted([*journey.parked, *on_path.intersection(walk.stored)]) == sorted(walk.stored)


@usual
@given(walks())
def test_an_answer_that_was_hidden_counts_again_when_its_question_comes_back(walked):
    walk, dice = walked
    before = walk.journey()
    for question in before.path:
        if question.slug not in walk.stored:
            continue
        elsewhere = dict(walk.stored) | {question.slug: strategies.answer(dice, question)}
        Journey(walk.aid, elsewhere, walk.facts)
        again = Journey(walk.aid, elsewhere | {question.slug: walk.stored[question.slug]}, walk.facts)
        assert (again.path, again.counted) == (before.path, before.counted)


@usual
@given(strategies.documents(), strategies.dice())
def test_no_hidden_answer_acts(document, dice):
    aid = read(document)
    facts = strategies.facts(dice, aid)
    answers = strategies.answers(dice, aid)
    journey = Journey(aid, answers, facts)
    while journey.open:
        answers[journey.open.slug] = strategies.answer(dice, journey.open)
        journey = Journey(aid, answers, facts)
    parked = set(journey.parked)
    visible = {slug: given for slug, given in answers.items() if slug not in parked}
    other = {slug: strategies.answer(dice, aid.question[slug]) for slug in parked}
    nonsense: dict[str, Answer] = dict.fromkeys(parked, "what another edition stored")
    unknown: dict[str, Answer] = {"a-question-that-is-gone": "yes", "fact:registry": "found"}
    for variant in (visible, {**visible, **other}, {**visible, **nonsense}, {**unknown, **visible}):
        again = Journey(aid, variant, facts)
        assert (again.path, again.counted, again.open) == (journey.path, journey.counted, journey.open)
        assert outcome(aid, variant, facts) == outcome(aid, answers, facts)
        assert urgent(aid, again) == urgent(aid, journey)
    assert not parked.intersection(journey.counted)


@usual
@given(strategies.documents(), strategies.dice())
def test_the_same_answers_in_any_order_give_the_same_outcome(document, dice):
    aid = read(document)
    facts = strategies.facts(dice, aid)
    answers = strategies.answers(dice, aid)
    other = strategies.shuffled(dice, answers)
    other = {slug: list(reversed(given)) if isinstance(given, list) else given for slug, given in other.items()}
    one, two = Journey(aid, answers, facts), Journey(aid, other, facts)
    assert one.path == two.path
    assert urgent(aid, one) == urgent(aid, two)
    if one.complete:
        assert outcome(aid, answers, facts) == outcome(aid, other, facts)
    else:
        for each in (answers, other):
            with pytest.raises(Unfinished):
                outcome(aid, each, facts)


@usual
@given(strategies.documents(), strategies.dice())
def test_no_page_is_shown_whose_condition_does_not_hold_and_none_is_left_out(document, dice):
    aid = read(document)
    facts = strategies.facts(dice, aid)
    answers = strategies.answers(dice, aid)
    journey = Journey(aid, answers, facts)
    path, values = reference.walk(document, answers, facts)
    assert [question.slug for question in journey.path] == path
    assert {key if ":" in key else f"question:{key}": list(held) for key, held in journey.counted.items()} == values
    assert (journey.open.slug if journey.open else None) == (path[-1] if path and path[-1] not in answers else None)


@usual
@given(strategies.documents(), strategies.dice())
def test_the_outcome_is_what_the_conditions_in_the_files_say(document, dice):
    aid = read(document)
    facts = strategies.facts(dice, aid)
    answers = {question.slug: strategies.answer(dice, question) for question in aid.questions}
    told = outcome(aid, answers, facts)
    meaning, items = reference.shown(document, reference.walk(document, answers, facts)[1])
    assert [each.slug for each in told.meaning] == meaning
    assert [each.slug for each in told.items] == items


@usual
@given(walks())
def test_back_and_may_see_follow_the_path(walked):
    walk, _dice = walked
    journey = walk.journey()
    slugs = [question.slug for question in journey.path]
    assert len(set(slugs)) == len(slugs)
    for number, slug in enumerate(slugs):
        earlier = journey.before(slug)
        assert (earlier.slug if earlier else None) == (slugs[number - 1] if number else None)
    for question in walk.aid.questions:
        assert journey.may_see(question.slug) == (question.slug in slugs)
        if question.slug not in slugs:
            assert journey.before(question.slug) is None
    assert not journey.may_see("no-such-question")
    assert all(walk.aid.question[slug].accepts(walk.stored[slug]) for slug in slugs[:-1])


@usual
@given(strategies.documents(), strategies.dice())
def test_the_path_so_far_does_not_change_as_answers_are_added_behind_it(document, dice):
    aid = read(document)
    facts = strategies.facts(dice, aid)
    answers = {question.slug: strategies.answer(dice, question) for question in aid.questions}
    whole = Journey(aid, answers, facts)
    for number, question in enumerate(whole.path):
        first = {each.slug: answers[each.slug] for each in whole.path[:number]}
        part = Journey(aid, first, facts)
        assert part.path == whole.path[: number + 1]
        assert part.open == question


@usual
@given(strategies.documents(), strategies.dice())
def test_two_stale_tabs_lose_nothing_of_each_other(document, dice):
    aid = read(document)
    answers = strategies.answers(dice, aid)
    tabs = [Journey(aid, dict(answers)), Journey(aid, dict(answers))]
    stored, last = dict(answers), dict(answers)
    for _ in range(6):
        stale = dice.choice(tabs)
        if not stale.path:
            break
        question = dice.choice(stale.path)
        last[question.slug] = stored[question.slug] = strategies.answer(dice, question)
        tabs[dice.randrange(2)] = Journey(aid, dict(stored))
    rebuilt = Journey(aid, last)
    assert stored == last
    assert Journey(aid, strategies.shuffled(dice, stored)).path == rebuilt.path


def test_replaying_changes_neither_answers_nor_facts():
    answers, facts = copy.deepcopy(builders.ANSWERS), {"registry": "found"}
    Journey(builders.aid(), answers, facts)
    outcome(builders.aid(), answers, facts)
    assert answers == builders.ANSWERS
    assert facts == {"registry": "found"}


def test_an_answer_that_this_edition_no_longer_accepts_is_asked_again_and_kept():
    aid = builders.aid()
    answers = builders.ANSWERS | {"joint": "elbow"}
    journey = Journey(aid, answers)
    assert journey.open is aid.question["joint"]
    assert journey.counted == {}
    assert "joint" not in journey.parked
    assert answers["joint"] == "elbow"


def test_a_skipped_question_is_behind_but_counts_as_unanswered():
    aid = builders.aid()
    journey = Journey(aid, {"joint": "knee", "health": ["none"], "age": "17", "since": None})
    assert [question.slug for question in journey.path] == ["joint", "health", "age", "since", "clinic"]
    assert "since" not in journey.counted
    assert Journey(aid, {**journey.answers, "clinic": "x"}).complete


def test_a_question_that_must_be_answered_cannot_be_skipped():
    aid = builders.aid()
    journey = Journey(aid, {"joint": None})
    assert journey.open is aid.question["joint"]


def test_a_parked_answer_comes_back_with_its_question():
    aid = builders.aid()
    answers = dict(builders.ANSWERS)
    assert outcome(aid, answers).items[0].slug == "see-doctor"
    answers["joint"] = "not-sure"
    assert Journey(aid, answers).parked == ("health",)
    assert "see-doctor" not in [shown.slug for shown in outcome(aid, answers).items]
    answers["joint"] = "hip"
    assert Journey(aid, answers).counted["health"] == ("diabetes", "cancer")


ACCEPTED = [
    ("joint", "knee", True),
    ("joint", "diabetes", False),
    ("joint", ["knee"], False),
    ("joint", {"choice": "knee"}, False),
    ("joint", "", False),
    ("health", ["diabetes"], True),
    ("health", ["diabetes", "cancer"], True),
    ("health", ["diabetes", "diabetes"], False),
    ("health", ["none"], True),
    ("health", ["none", "cancer"], False),
    ("health", [], False),
    ("health", ["knee"], False),
    ("health", "diabetes", False),
    ("age", "0", True),
    ("age", "120", True),
    ("age", "121", False),
    ("age", "-1", False),
    ("age", "NaN", False),
    ("age", "Infinity", False),
    ("age", "1e1", False),
    ("age", " 12", False),
    ("age", "1_0", False),
    ("age", "１２", False),
    ("age", "", False),
    ("age", {"choice": "not-said"}, True),
    ("age", {"choice": "gone"}, False),
    ("age", {"choice": "not-said", "more": "x"}, False),
    ("age", {}, False),
    ("age", "not-said", False),
    ("since", "2026-01-31", True),
    ("since", "1950-01-01", True),
    ("since", "1949-12-31", False),
    ("since", "2031-01-01", False),
    ("since", "2026-02-30", False),
    ("since", "20260131", False),
    ("since", "2026-W01-1", False),
    ("since", None, True),
    ("clinic", "x" * 80, True),
    ("clinic", "x" * 81, False),
    ("clinic", " \n", False),
    ("clinic", None, False),
    ("trial", "NCT05060107", True),
    ("trial", "NCT0506010", False),
    ("trial", "NCT٠٥٠٦٠١٠٧", False),
    ("trial", "nct05060107", False),
    ("trial", {"choice": "no-number"}, True),
]


@pytest.mark.parametrize(("slug", "answer", "accepted"), ACCEPTED)
def test_a_question_accepts_only_what_could_have_been_answered(slug, answer, accepted):
    assert builders.aid().question[slug].accepts(answer) is accepted


def test_no_more_choices_than_the_most_may_stand_together():
    question = replace(builders.aid().question["health"], most="1")
    assert question.accepts(["cancer"])
    assert not question.accepts(["cancer", "diabetes"])


def test_a_text_without_a_bound_of_its_own_still_has_one():
    question = replace(builders.aid().question["clinic"], most=None)
    assert question.accepts("x" * 1000)
    assert not question.accepts("x" * 1001)
