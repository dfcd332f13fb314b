"""A generic renderer shows and hides the same questions as our pages, for the same answers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given

from questionnaire.domain import folder
from questionnaire.domain.content import Aid
from questionnaire.domain.journey import Journey
from questionnaire.domain.outcome import urgent
from questionnaire.domain.questions import Answer
from questionnaire.domain.reading import read
from questionnaire.services.editions import SHIPPED
from tests import builders, strategies
from tests.exports.fhir_answers import answered, entered, published, read_back
from tests.exports.fhir_renderer import EXPRESSION, Renderer, every_item
from tests.strategies import Dice, usual

pytestmark = pytest.mark.pure

_SHIPPED = folder.load(SHIPPED)
_SHIPPED_MADE = published(_SHIPPED)


def compare(aid: Aid, made: dict[str, Any], answers: Mapping[str, Answer], facts: Mapping[str, str]) -> Journey:
    """A complete journey has exactly the questions that are enabled; an open one has them up to the open question."""
    journey = Journey(aid, answers, facts)
    shown = Renderer(made, entered(made, answers, facts)).shown
    asked = [link for link in shown if link in aid.question]
    ours = [question.slug for question in journey.path]
    assert (asked if journey.complete else asked[: len(ours)]) == ours
    if journey.complete:
        told = {link for link in shown if link.startswith("Urgent.") and ".When" not in link}
        assert told == {f"Urgent.{item.slug}" for item in urgent(aid, journey)}
    return journey


def walk(dice: Dice, aid: Aid, made: dict[str, Any]) -> tuple[dict[str, Answer], dict[str, str]]:
    """Some answers and then one after the other until nothing is open, compared at each step."""
    facts = strategies.facts(dice, aid)
    answers = strategies.answers(dice, aid)
    while (asked := compare(aid, made, answers, facts).open) is not None:
        answers[asked.slug] = strategies.answer(dice, asked)
    return answers, facts


@usual
@given(strategies.documents(), strategies.dice())
def test_of_any_aid_the_same_questions_are_shown(document, dice):
    aid = read(document)
    walk(dice, aid, published(aid))


@usual
@given(strategies.dice())
def test_of_the_shipped_aid_the_same_questions_are_shown(dice):
    walk(dice, _SHIPPED, _SHIPPED_MADE)


@usual
@given(strategies.documents(), strategies.dice())
def test_answers_come_back_as_they_were_given(document, dice):
    aid = read(document)
    made = published(aid)
    answers, facts = walk(dice, aid, made)
    there_and_back(aid, made, answers, facts)


@usual
@given(strategies.dice())
def test_answers_to_the_shipped_aid_come_back_as_they_were_given(dice):
    answers, facts = walk(dice, _SHIPPED, _SHIPPED_MADE)
    there_and_back(_SHIPPED, _SHIPPED_MADE, answers, facts)


def there_and_back(aid: Aid, made: dict[str, Any], answers: Mapping[str, Answer], facts: Mapping[str, str]) -> None:
    response = answered(aid, answers, facts=facts)
    on_path = {question.slug: answers[question.slug] for question in Journey(aid, answers, facts).path}
    returned = read_back(aid, made, response)
    assert {slug: _as_a_set(answer) for slug, answer in returned.items()} == {
        slug: _as_a_set(answer) for slug, answer in on_path.items()
    }
    # What a renderer would send for the same answers has the same items, in the same places.
    other = Renderer(made, entered(made, on_path, facts)).response
    assert _places(response.get("item", [])) == _places(other["item"])


def _as_a_set(answer: Answer) -> Any:
    return set(answer) if isinstance(answer, list) else answer


def _places(items: list[dict[str, Any]], above: str = "") -> list[str]:
    """Where each answered item stands."""
    found = []
    for item in items:
        here = f"{above}/{item['linkId']}"
        found += [here] if "answer" in item else []
        found += _places(item.get("item", []), here)
        for answer in item.get("answer", ()):
            found += _places(answer.get("item", []), here)
    return found


# --- Each way of saying a condition ------------------------------------------------------------------------------

_KINDS = {
    "color": builders.question("color", choices=[builders.choice(each) for each in ("red", "blue", "green")]),
    "signs": builders.question("signs", "many", choices=[builders.choice(each) for each in ("a", "b", "c")]),
    "age": builders.question("age", "number", least=0, most=120, choices=[builders.choice("not-said")]),
    "since": builders.question("since", "date", optional=True),
    "words": builders.question("words", "text", optional=True, choices=[builders.choice("no-words")]),
}


def last_item(when: dict[str, Any]) -> tuple[Aid, dict[str, Any], Mapping[str, Any]]:
    """An aid of one question that waits for this, its questionnaire, and that question's item."""
    aid = read(builders.asking(*_KINDS.values(), builders.question("last", when=when)))
    made = published(aid)
    [item] = [item for item in every_item(made["item"]) if item["linkId"] == "last"]
    return aid, made, item


RED = {"question": "color", "is": "red"}
ADULT = {"question": "age", "at-least": 18}
A, B = {"question": "signs", "is": "a"}, {"question": "signs", "is": "b"}
DATED = {"question": "since", "more-than": "2026-01-31"}


@pytest.mark.parametrize(
    ("when", "operators", "behavior", "groups"),
    [
        ({"all": [RED]}, ["="], None, 0),
        ({"all": [RED, ADULT]}, ["=", ">="], "all", 0),
        ({"any": [RED, ADULT]}, ["=", ">="], "any", 0),
        ({"all": [{"question": "color", "is": ["red", "blue"]}]}, ["=", "="], "any", 0),
        ({"all": [{"question": "color", "is-not": "red"}]}, ["exists", "!="], "all", 0),
        ({"all": [{"question": "since", "answered": False}]}, ["exists"], None, 0),
        ({"all": [RED, {"any": [ADULT, A]}]}, ["="], None, 1),
        ({"any": [{"all": [RED, ADULT]}, {"all": [A, B]}]}, None, None, 0),
        ({"any": [{"all": [RED, ADULT]}, A]}, [">=", "="], "any", 1),
        ({"all": [RED, RED, {"any": [RED, A]}]}, ["="], None, 0),
        ({"all": [DATED]}, None, None, 0),
        ({"any": [DATED, RED]}, None, None, 0),
        ({"all": [{"question": "words", "is": ["north", "it's"]}]}, ["=", "="], "any", 0),
        ({"all": [{"question": "words", "is": "no-words"}]}, ["=", "="], "any", 0),
        ({"any": [{"question": "words", "is-not": "it's"}, DATED]}, None, None, 0),
    ],
)
def test_a_condition_is_said_in_the_plainest_way_that_can_say_it(when, operators, behavior, groups):
    aid, made, item = last_item(when)
    assert [each["operator"] for each in item.get("enableWhen", [])] == (operators or [])
    assert item.get("enableBehavior") == behavior
    assert [each["url"] for each in item["extension"]].count(EXPRESSION) == (operators is None)
    around = [each for each in every_item(made["item"]) if each["linkId"].startswith("last.When")]
    assert len(around) == groups
    assert all(each["enableBehavior"] == "any" for each in around)
    for seed in range(60):
        walk(Dice(seed), aid, made)


@pytest.mark.parametrize("given", ["no-words", "it's", "back\\slash\nand line", "north", {"choice": "no-words"}, None])
@pytest.mark.parametrize("operator", ["is", "is-not"])
@pytest.mark.parametrize("beside", [[], [DATED]])
def test_words_are_compared_as_they_are(given, operator, beside):
    test = {"question": "words", operator: ["no-words", "it's", "back\\slash\nand line"]}
    aid, made, _item = last_item({"any": [test, *beside]})
    answers = {"color": "red", "signs": ["a"], "age": "7", "since": None, "words": given}
    journey = compare(aid, made, answers | {"last": "yes"}, {})
    is_one = given is not None and given != "north"
    expected = is_one if operator == "is" else given == "north"
    assert ("last" in {question.slug for question in journey.path}) is expected


@usual
@given(strategies.dice())
def test_any_condition_on_questions_of_every_kind_says_the_same(dice):
    aid, made, _item = last_item(strategies.condition(dice, list(_KINDS.values())))
    for _ in range(10):
        walk(dice, aid, made)
