"""What is exported is valid FHIR R4: its structure by published models, its meaning by R4's own invariants."""

from __future__ import annotations

import copy
import importlib
import json
from typing import Any

import pytest
from hypothesis import given, settings

from questionnaire.domain import folder
from questionnaire.domain.reading import read
from questionnaire.exports.fhir_codes import code_system
from questionnaire.exports.fhir_response import bundle
from questionnaire.exports.fhir_server import capability_statement, operation_outcome, searchset
from questionnaire.services.editions import SHIPPED
from tests import builders, strategies
from tests.exports.fhir_answers import BASE, answered, published
from tests.exports.fhir_renderer import every_item
from tests.exports.fhir_rules import broken
from tests.languages import in_spanish_too
from tests.strategies import usual

pytestmark = pytest.mark.pure

ABOUT = {"status": "active", "experimental": False, "date": "2026-11-26T09:30:00+00:00"}


def valid(resource: dict[str, Any]) -> None:
    """Read by R4B's models as it is sent and written again, it is the same."""
    kind = resource["resourceType"]
    model = getattr(importlib.import_module(f"fhir.resources.R4B.{kind.lower()}"), kind)
    sent = json.dumps(resource)
    again = json.loads(model.model_validate_json(sent).model_dump_json())
    assert _instants(again) == _instants(json.loads(sent))


def _instants(held: Any) -> Any:
    """The same moments, however their zone is written."""
    if isinstance(held, dict):
        return {key: _instants(value) for key, value in held.items()}
    if isinstance(held, list):
        return [_instants(each) for each in held]
    return held.replace("+00:00", "Z") if isinstance(held, str) else held


SHIPPED_AID = folder.load(SHIPPED)
AIDS = {"shipped": SHIPPED_AID, "small": builders.aid(), "two languages": read(in_spanish_too(builders.document()))}


@pytest.mark.parametrize("aid", AIDS.values(), ids=AIDS)
def test_questionnaire_and_code_system_are_valid(aid):
    for language in (None, *aid.languages):
        made = published(aid, language=language)
        valid(made)
        assert broken(made) == set()
        codes = code_system(aid, base=BASE, id=aid.slug, version=7, about=ABOUT, language=language)
        valid(codes)
        listed = {concept["code"]: concept["display"] for concept in codes["concept"]}
        assert len(listed) == len(codes["concept"])
        offered = {
            option["valueCoding"]["code"]: option["valueCoding"]["display"]
            for item in every_item(made["item"])
            for option in item.get("answerOption", ())
        }
        assert offered == listed


@settings(usual, max_examples=30)
@given(strategies.documents(), strategies.dice())
def test_of_any_aid_all_is_valid(document, dice):
    aid = read(document)
    made = published(aid)
    valid(made)
    assert broken(made) == set()
    valid(answered(aid, strategies.answers(dice, aid), status="in-progress", facts=strategies.facts(dice, aid)))


def test_a_bundle_holds_both_under_addresses_of_their_own():
    made = bundle(published(builders.aid()), answered(builders.aid(), builders.ANSWERS))
    valid(made)
    addresses = [entry["fullUrl"] for entry in made["entry"]]
    assert all(address.startswith("urn:uuid:") for address in addresses)
    assert len(set(addresses)) == 2
    assert made["entry"][1]["resource"]["questionnaire"] == f"{BASE}/Questionnaire/small|7"


def test_what_the_server_says_is_valid():
    valid(capability_statement(base=BASE, languages=["en"]))
    valid(operation_outcome("not-found", "There is none."))
    valid(searchset({}, asked=f"{BASE}/Questionnaire?url=x"))
    valid(searchset({f"{BASE}/Questionnaire/small": published(builders.aid())}, asked=f"{BASE}/Questionnaire"))


# --- The rules find what is wrong ----------------------------------------------------------------------------------


def item_of(made: dict[str, Any], link: str) -> Any:
    return next(item for item in every_item(made["item"]) if item["linkId"] == link)


def twice(made: dict[str, Any]) -> None:
    made["item"].append(copy.deepcopy(made["item"][0]))


def no_behavior(made: dict[str, Any]) -> None:
    del item_of(made, "health")["enableBehavior"]


def to_nowhere(made: dict[str, Any]) -> None:
    item_of(made, "health")["enableWhen"][0]["question"] = "gone"


def to_no_option(made: dict[str, Any]) -> None:
    item_of(made, "health")["enableWhen"][1]["answerCoding"]["code"] = "joint.gone"


def empty_group(made: dict[str, Any]) -> None:
    del item_of(made, "Section.you")["item"]


def required_display(made: dict[str, Any]) -> None:
    item_of(made, "age.Hint")["required"] = False


def exists_of_a_word(made: dict[str, Any]) -> None:
    entry = item_of(made, "health")["enableWhen"][0]
    del entry["answerBoolean"]
    entry["answerString"] = "true"


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        (twice, "que-2"),
        (no_behavior, "que-12"),
        (to_nowhere, "enableWhen names an item"),
        (to_no_option, "enableWhen compares what can be answered"),
        (empty_group, "que-1"),
        (required_display, "que-6"),
        (exists_of_a_word, "que-7"),
    ],
)
def test_the_rules_find_what_is_wrong(change, rule):
    made = published(builders.aid())
    change(made)
    assert rule in broken(made)
