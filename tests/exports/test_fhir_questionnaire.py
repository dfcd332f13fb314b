"""What a Questionnaire and a QuestionnaireResponse say, item by item."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import pytest

from questionnaire.domain.content import Aid
from questionnaire.domain.reading import read
from questionnaire.exports.fhir_codes import pascal
from questionnaire.fhir.replies import response_reply
from tests import builders
from tests.exports.fhir_answers import BASE, answered, published
from tests.exports.fhir_renderer import every_item
from tests.languages import in_spanish_too

pytestmark = pytest.mark.pure

SYSTEM = f"{BASE}/CodeSystem/small"


def items_of(made: Mapping[str, Any]) -> dict[str, Any]:
    """Every item of a questionnaire or a response by linkId, those beneath answers included."""
    found = {}
    for item in made["item"]:
        for each in every_item([item]):
            found[each["linkId"]] = each
            for answer in each.get("answer", ()):
                found |= items_of({"item": answer.get("item", [])})
    return found


def extensions(item: Mapping[str, Any]) -> dict[str, Any]:
    """Extensions by the end of their address."""
    return {
        each["url"].rpartition("/")[2]: next(value for key, value in each.items() if key != "url")
        for each in item.get("extension", ())
    }


@pytest.fixture(scope="module")
def small() -> Aid:
    return builders.aid()


@pytest.fixture(scope="module")
def items(small: Aid) -> dict[str, Any]:
    return items_of(published(small))


# --- The questionnaire


def test_the_head_says_which_edition_it_is(small):
    made = published(small, version=12)
    assert (made["url"], made["version"], made["name"]) == (f"{BASE}/Questionnaire/small", "12", "Small")
    assert (made["status"], made["publisher"], made["subjectType"]) == ("active", "Riverside Clinic", ["Patient"])
    assert "publisher" not in published(small, publisher="")


@pytest.mark.parametrize(("slug", "name"), [("exosomes", "Exosomes"), ("knee-pain-2", "KneePain2"), ("2nd", "Aid2nd")])
def test_the_name_is_one_for_programs(slug, name):
    assert pascal(slug) == name


def test_an_answer_is_required_where_our_pages_ask_for_one(items, small):
    assert {slug: items[slug]["required"] for slug in small.question} == {
        slug: not question.optional for slug, question in small.question.items()
    }
    assert {question.optional for question in small.questions} == {True, False}


def test_choices_are_coded_with_system_code_and_words(items):
    assert [option["valueCoding"] for option in items["joint"]["answerOption"]] == [
        {"system": SYSTEM, "code": "joint.knee", "display": "knee"},
        {"system": SYSTEM, "code": "joint.hip", "display": "hip – Or groin"},
        {"system": SYSTEM, "code": "joint.not-sure", "display": "not-sure"},
    ]
    assert (items["joint"]["type"], items["joint"]["repeats"]) == ("choice", False)


def test_several_choices_have_their_bound_and_what_stands_alone(items):
    health = items["health"]
    assert health["repeats"] is True
    assert extensions(health)["questionnaire-maxOccurs"] == 2
    alone = [option["valueCoding"]["code"] for option in health["answerOption"] if "extension" in option]
    assert alone == ["health.none"]
    assert extensions(health["answerOption"][2]) == {"questionnaire-optionExclusive": True}


def test_what_is_typed_has_its_type_and_bounds(items):
    assert items["age.Typed"]["type"] == "integer"
    assert extensions(items["age.Typed"]) == {
        "minValue": 0,
        "maxValue": 120,
        "questionnaire-unit": {"display": "years"},
    }
    assert items["since"]["type"] == "date"
    assert extensions(items["since"]) == {"minValue": "1950-01-01", "maxValue": "2030-12-31"}
    assert (items["clinic"]["type"], items["clinic"]["maxLength"]) == ("text", 80)
    assert items["trial.Typed"]["type"] == "string"
    assert extensions(items["trial.Typed"])["regex"] == "^NCT[0-9]{8}$"


def test_choices_in_place_of_typing_stand_beside_the_choice_to_type(items):
    age = items["age"]
    assert [option["valueCoding"]["code"] for option in age["answerOption"]] == ["age.Typed", "age.not-said"]
    assert age["answerOption"][0]["valueCoding"]["display"] == "Your age"
    [child] = [item for item in age["item"] if item["type"] != "display"]
    assert child["linkId"] == "age.Typed"
    assert child["required"] is True
    assert child["enableWhen"] == [
        {"question": "age", "operator": "=", "answerCoding": {"system": SYSTEM, "code": "age.Typed"}}
    ]


@pytest.mark.parametrize(
    ("bounds", "kind"),
    [
        ({"least": 0, "most": 120}, "integer"),
        ({"least": 0}, "decimal"),
        ({"least": 0, "most": 4_000_000_000}, "decimal"),
        ({"least": 0, "most": "99.5"}, "decimal"),
        ({"least": 0, "most": 120, "decimals": 1}, "decimal"),
    ],
)
def test_a_number_is_an_integer_only_where_every_answer_is_one(bounds, kind):
    aid = read(builders.asking(builders.question("pain", "number", **bounds)))
    assert items_of(published(aid))["pain"]["type"] == kind


def test_a_comparison_with_a_fraction_makes_the_number_a_decimal():
    waiting = builders.question("more", when={"all": [{"question": "pain", "at-least": "3.5"}]})
    aid = read(builders.asking(builders.question("pain", "number", least=0, most=10), waiting))
    items = items_of(published(aid))
    assert items["pain"]["type"] == "decimal"
    assert items["more"]["enableWhen"] == [{"question": "pain", "operator": ">=", "answerDecimal": 3.5}]


def test_the_note_on_emergencies_comes_first_and_urgent_guidance_after_what_it_waits_for(small):
    made = published(small)
    assert made["item"][0]["text"] == small.notes["emergency"]["en"]
    urgent = items_of(made)["Urgent.see-doctor"]
    assert (urgent["type"], urgent["text"]) == ("display", "see-doctor see-doctor")
    assert urgent["enableWhen"][0]["answerCoding"]["code"] == "health.cancer"


def test_marks_are_taken_out_of_what_is_shown():
    document = builders.document()
    document["aid.yaml"]["notes"]["emergency"] = builders.text("**Stop.**\n\nCall [911](tel:911).")
    assert published(read(document))["item"][0]["text"] == "Stop. Call 911."


def test_facts_that_a_question_waits_for_are_hidden_items(small):
    assert "Fact.registry" not in items_of(published(small))
    waiting = builders.question("more", when={"all": [{"fact": "registry", "is": "found"}]})
    aid = read(builders.asking(builders.question("joint"), waiting))
    fact = items_of(published(aid))["Fact.registry"]
    assert extensions(fact) == {"questionnaire-hidden": True}
    assert fact["readOnly"] is True
    sent = answered(aid, {"joint": "yes", "more": "no"}, facts={"registry": "found"})
    assert items_of(sent)["Fact.registry"]["answer"][0]["valueCoding"]["code"] == "Fact.registry.found"
    assert "more" in items_of(sent)


def test_every_text_is_translated_in_the_canonical_resource():
    aid = read(in_spanish_too(builders.document()))
    made, spanish = items_of(published(aid)), items_of(published(aid, language="es"))
    assert made.keys() == spanish.keys()
    for link, item in made.items():
        for held, other in [(item, spanish[link])] if "text" in item else []:
            assert _translation(held["_text"]) == ("es", other["text"])
        for one, other in zip(item.get("answerOption", ()), spanish[link].get("answerOption", ()), strict=True):
            assert _translation(one["valueCoding"]["_display"]) == ("es", other["valueCoding"]["display"])
            assert one["valueCoding"]["code"] == other["valueCoding"]["code"]
    assert _translation(extensions(made["age.Typed"])["questionnaire-unit"]["_display"]) == ("es", "years es")


def _translation(held: Mapping[str, Any]) -> tuple[str, str]:
    [each] = held["extension"]
    assert each["url"] == "http://hl7.org/fhir/StructureDefinition/translation"
    return (each["extension"][0]["valueCode"], each["extension"][1]["valueString"])


# --- The response


def test_a_response_names_the_edition_and_nobody(small):
    made = answered(small, builders.ANSWERS, status="amended")
    assert made["questionnaire"] == f"{BASE}/Questionnaire/small|7"
    assert (made["status"], made["authored"]) == ("amended", "2026-11-26T10:00:00+00:00")
    assert not {"subject", "author", "source", "identifier", "encounter"} & made.keys()


def test_answers_are_coded_or_typed_with_the_words_that_were_shown(small):
    items = items_of(answered(small, builders.ANSWERS))
    assert items["joint"] == {
        "linkId": "joint",
        "text": "What is joint?",
        "answer": [{"valueCoding": {"system": SYSTEM, "code": "joint.knee", "display": "knee"}}],
    }
    assert [each["valueCoding"]["code"] for each in items["health"]["answer"]] == ["health.diabetes", "health.cancer"]
    assert items["age"]["answer"][0]["valueCoding"]["code"] == "age.Typed"
    assert items["age.Typed"]["answer"] == [{"valueInteger": 52}]
    assert items["since"]["answer"] == [{"valueDate": "2026-01-31"}]
    assert items["clinic"]["answer"] == [{"valueString": "Harbor Street"}]
    assert items["trial.Typed"]["answer"] == [{"valueString": "NCT05060107"}]


def test_the_words_are_those_of_the_readers_language():
    aid = read(in_spanish_too(builders.document()))
    items = items_of(answered(aid, builders.ANSWERS, language="es"))
    assert items["joint"]["text"] == "What is joint? es"
    assert items["joint"]["answer"][0]["valueCoding"]["display"] == "knee es"


def test_what_was_skipped_or_hidden_is_absent_and_not_sure_is_an_answer(small):
    answers = builders.ANSWERS | {"joint": "not-sure", "since": None, "age": {"choice": "not-said"}}
    items = items_of(answered(small, answers))
    assert items["joint"]["answer"][0]["valueCoding"]["code"] == "joint.not-sure"
    assert items["age"]["answer"][0]["valueCoding"]["code"] == "age.not-said"
    # Skipped; not asked, since the joint is not known; not asked, since neither age nor date is.
    assert not {"since", "health", "trial", "age.Typed"} & items.keys()


def test_a_fraction_that_an_earlier_edition_took_is_not_cut_down(small):
    items = items_of(answered(small, builders.ANSWERS | {"age": "52.5"}))
    assert items["age.Typed"]["answer"] == [{"valueDecimal": 52.5}]


def test_no_answers_yet_make_no_empty_list(small):
    assert "item" not in answered(small, {}, status="in-progress")


def test_a_response_is_sent_as_a_file_to_be_saved(small):
    sent = response_reply(answered(small, builders.ANSWERS))
    assert sent["Content-Type"] == "application/fhir+json; charset=utf-8"
    assert sent["Content-Disposition"] == 'attachment; filename="QuestionnaireResponse.json"'
    assert json.loads(sent.content)["resourceType"] == "QuestionnaireResponse"
