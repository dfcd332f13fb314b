"""What differs between two documents, entry by entry, word by word, and conditions in words."""

from __future__ import annotations

import copy

import pytest
from hypothesis import given
from hypothesis import strategies as st

from questionnaire.domain import places
from questionnaire.domain.compare import GONE, NEW, SAME, Words, differences, marks
from questionnaire.domain.places import Place
from tests import strategies
from tests.web import item, small_aid, text, when

pytestmark = pytest.mark.pure


@given(st.text(max_size=200), st.text(max_size=200))
def test_marks_hold_both_texts(before, after):
    found = marks(before, after)
    assert "".join(piece for op, piece in found if op in (SAME, GONE)) == before
    assert "".join(piece for op, piece in found if op in (SAME, NEW)) == after


def test_only_the_words_that_changed_are_marked():
    assert marks("A knee needs care.", "A knee needs much care.") == (
        (SAME, "A knee needs "),
        (NEW, "much "),
        (SAME, "care."),
    )


def test_a_huge_text_is_compared_as_a_whole_at_once():
    before, after = "a " * 300_000, "b " * 300_000
    assert marks(before, after) == ((GONE, before), (NEW, after))


@strategies.usual
@given(document=strategies.documents(), data=st.data())
def test_every_change_is_named_and_nothing_else(document, data):
    assert differences(document, copy.deepcopy(document)) == []
    able = [place for place, entry in places.each(document) if place.room in ("item", "question", "sentence", "source")]
    place = data.draw(st.sampled_from(able))
    entry = places.get(document, place)
    key = "title" if "title" in entry else "text"
    entry[key] = "Other words." if isinstance(entry[key], str) else dict.fromkeys(entry[key], "Other words.")
    found = differences(document, places.put(document, place, entry))
    assert [(each.place, each.kind) for each in found] == [(place, "changed")]
    assert all(change.after == "Other words." for change in found[0].fields)
    gone = differences(document, places.remove(document, place))
    assert [(each.place, each.kind) for each in gone] == [(place, "removed")]


def test_what_came_went_and_moved():
    before = small_aid()
    after, _ = places.add(before, "item", item("new", "ask"))
    after = places.remove(after, Place("item", "wait"))
    after = places.move(after, Place("question", "weight"), 1)
    kinds = {(each.kind, str(each.place)) for each in differences(before, after)}
    assert ("added", "item/new") in kinds
    assert ("removed", "item/wait") in kinds
    assert {place for kind, place in kinds if kind == "moved"} <= {"question/weight", "question/since"}
    assert len(kinds) == 3


def test_a_condition_is_told_in_the_words_that_people_read():
    words = Words.of(small_aid())
    assert words.condition(None) == "always"
    told = words.condition(when("joint-site", is_="knee"))
    assert told.startswith("“")
    assert "joint-site" not in told or "knee" in told
    both = words.condition(
        {"any": [{"question": "age", "at-least": 65}, {"all": [{"question": "x", "answered": False}]}]}
    )
    assert "is at least “65” or\n(“x” is not answered)" in both


@pytest.mark.parametrize("odd", [{}, {"all": None}, {"all": ["x"]}, {"any": [{"question": "a"}]}, [], "x"])
def test_a_broken_condition_is_told_as_far_as_it_goes(odd):
    assert isinstance(Words.of(small_aid()).condition(odd), str)


def test_a_changed_choice_and_a_changed_condition_are_named_by_their_part():
    before = small_aid()
    question = places.get(before, Place("question", "problem"))
    question["choices"][0]["text"] = text("Arthritis")
    after = places.put(before, Place("question", "problem"), question)
    assert [change.field for change in differences(before, after)[0].fields] == ["choices.joint.text.en"]
    knee = places.get(before, Place("item", "knee-caution"))
    knee["when"] = when("joint-site", is_="hip")
    found = differences(before, places.put(before, Place("item", "knee-caution"), knee))
    assert [change.field for change in found[0].fields] == ["when"]
