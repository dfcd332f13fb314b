"""One entry of a document is read, changed, added, moved and removed by its place, and nothing else changes."""

from __future__ import annotations

import copy

import pytest
from hypothesis import given
from hypothesis import strategies as st

from questionnaire.domain import places
from questionnaire.domain.entries import Problem
from questionnaire.domain.places import HEAD, NoSuchPlace, NotEmpty, Place, PlaceTaken
from questionnaire.domain.problem_places import of_problem
from questionnaire.domain.reading import Refused, draft, read
from tests import strategies
from tests.web import item, sentence, small_aid, text

pytestmark = pytest.mark.pure


def all_places(document):
    return [place for place, _ in places.each(document)]


@strategies.usual
@given(document=strategies.documents(strategies.nasty_texts()), data=st.data())
def test_an_entry_put_back_changes_nothing_and_another_changes_nothing_else(document, data):
    before = copy.deepcopy(document)
    place = data.draw(st.sampled_from(all_places(document)))
    entry = places.get(document, place)
    assert places.put(document, place, entry) == document
    key = data.draw(st.sampled_from(sorted(key for key in entry if key not in ("slug", "id", "section", "body"))))
    entry[key] = {"changed": "yes"}
    changed = places.put(document, place, entry)
    assert places.get(changed, place) == entry
    assert all_places(changed) == all_places(document)
    for other in all_places(document):
        if other != place:
            assert places.get(changed, other) == places.get(document, other)
    assert document == before


@strategies.usual
@given(document=strategies.documents(), data=st.data())
def test_what_was_removed_is_gone_and_what_was_moved_stands_elsewhere(document, data):
    before = copy.deepcopy(document)
    free = [place for place in all_places(document) if place.room not in ("aid", "certainty", "section")]
    place = data.draw(st.sampled_from(free))
    rest = [other for other in all_places(document) if other != place]
    removed = places.remove(document, place)
    assert all_places(removed) == rest
    if place.room != "note":
        by = data.draw(st.integers(-3, 3))
        moved = places.move(document, place, by)
        assert sorted(all_places(moved)) == sorted(all_places(document))
        assert [other for other in all_places(moved) if other != place] == rest
        assert places.get(moved, place) == places.get(document, place)
    assert document == before


def test_every_part_of_an_aid_has_a_place():
    rooms = {place.room for place in all_places(small_aid())}
    assert rooms == set(places.ROOMS) - {"term"}
    assert HEAD in all_places(small_aid())


def test_a_page_is_its_entry_and_its_texts():
    document = small_aid()
    page = places.get(document, Place("page", "about"))
    assert page["body"] == {"en": "Made for tests.\n"}
    changed = places.put(document, Place("page", "about"), {**page, "body": {"en": "Other words.\n"}})
    assert changed["pages/about.en.md"] == "Other words.\n"
    assert "body" not in changed["pages.yaml"][0]
    assert not [file for file in places.remove(changed, Place("page", "about")) if file.startswith("pages/")]


def test_a_new_item_goes_to_the_others_of_its_kind_and_a_new_sentence_before_the_last():
    document = small_aid()
    document["guidance/two.yaml"] = [item("second-ask", "ask")]
    made, place = places.add(document, "item", item("third-ask", "ask"))
    assert (place, made["guidance/two.yaml"][-1]["slug"]) == (Place("item", "third-ask"), "third-ask")
    made, _ = places.add(document, "item", item("new-caution", "caution"))
    assert made["guidance/all.yaml"][-1]["slug"] == "new-caution"
    made, place = places.add(document, "sentence", sentence("new"), within="1")
    assert [each["slug"] for each in made["meaning.yaml"][0]["sentences"]] == ["for-knees", "new", "for-all"]
    assert places.within(made, place) == "1"
    made, place = places.add(document, "question", {"slug": "new"}, within="you")
    assert places.within(made, place) == "you"
    made, place = places.add(document, "note", {"text": text("Hello")}, within="new")
    assert made["aid.yaml"]["notes"]["new"] == text("Hello")
    assert "new" not in document["aid.yaml"]["notes"]


@pytest.mark.parametrize(
    ("do", "error"),
    [
        (lambda d: places.get(d, Place("item", "nobody")), NoSuchPlace),
        (lambda d: places.get(d, Place("aid", "tail")), NoSuchPlace),
        (lambda d: places.get(d, Place("note", "nobody")), NoSuchPlace),
        (lambda d: places.put(d, Place("item", "nobody"), {}), NoSuchPlace),
        (lambda d: places.remove(d, HEAD), NoSuchPlace),
        (lambda d: places.remove(d, Place("section", "you")), NotEmpty),
        (lambda d: places.move(d, Place("note", "demo"), 1), NoSuchPlace),
        (lambda d: places.add(d, "item", item("wait", "ask")), PlaceTaken),
        (lambda d: places.add(d, "note", {"text": text("x")}, within="demo"), PlaceTaken),
        (lambda d: places.add(d, "question", {"slug": "new"}, within="nowhere"), NoSuchPlace),
        (lambda d: places.add(d, "certainty", {"slug": "new"}), NoSuchPlace),
        (lambda d: Place.parse("nowhere/x"), NoSuchPlace),
        (lambda d: Place.parse("item"), NoSuchPlace),
    ],
)
def test_what_cannot_be_done_is_refused_by_name(do, error):
    with pytest.raises(error):
        do(small_aid())


def test_a_place_reads_back_from_its_words():
    for place in all_places(small_aid()):
        assert Place.parse(str(place)) == place


def test_a_problem_is_found_in_its_entry():
    def wrong(document):
        document["guidance/all.yaml"][2]["title"] = {}
        document["meaning.yaml"][0]["sentences"][0]["evidence"] = ["NO-1"]
        document["aid.yaml"]["notes"]["demo"] = {}
        document["pages/about.en.md"] = ""
        document["questions.yaml"][0]["questions"][0]["kind"] = "odd"
        document["evidence/all.yaml"][0]["sources"] = ["nowhere"]

    document = small_aid(wrong)
    with pytest.raises(Refused) as refused:
        read(document)
    found = {str(of_problem(document, problem)) for problem in refused.value.problems}
    assert found >= {
        "item/not-approved",
        "sentence/for-knees",
        "note/demo",
        "page/about",
        "question/signs",
        "evidence/E-1",
        "source/paper",
    }
    assert of_problem(document, Problem("guidance/all.yaml", "", "not a list")) is None


def test_an_untidy_aid_is_read_with_its_problems_and_a_broken_one_says_that_it_is_broken():
    def untidy(document):
        document["evidence/all.yaml"].append({**document["evidence/all.yaml"][0], "id": "E-2"})

    def broken(document):
        document["guidance/all.yaml"][2]["evidence"] = ["NO-1"]

    aid, problems = draft(small_aid(untidy))
    assert [problem.breaks for problem in problems] == [False]
    assert "E-2" in aid.claim
    _, problems = draft(small_aid(broken))
    assert any(problem.breaks for problem in problems)
