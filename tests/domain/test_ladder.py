"""The ladder of oversight: who says what of each rung, and what is refused in ladder.yaml."""

from __future__ import annotations

import copy

import pytest

from questionnaire.domain import folder, reading
from questionnaire.domain.ladder import ladder
from questionnaire.domain.trial_rules import FACTS
from questionnaire.services import editions

pytestmark = pytest.mark.pure

OFFERED = {"offer": ("exo-joint",)}


@pytest.fixture(scope="module")
def document():
    return folder.document_of(editions.SHIPPED)


@pytest.fixture(scope="module")
def rules(document):
    return reading.read(document).ladder


def told(rules, **counted):
    """Speakers and words of each rung, by its slug."""
    steps = ladder(
        rules,
        OFFERED | {key.replace("_", "-").replace("fact-", "fact:", 1): (value,) for key, value in counted.items()},
    )
    return {step.rung.slug: {each.by: each.text["en"] for each in step.sayings} for step in steps}


def test_the_rungs_are_those_of_oversight_and_nobody_speaks_where_nothing_is_known(rules):
    found = told(rules)
    assert list(found) == [
        "listed",
        "open-to-you",
        "exosomes-for-you",
        "your-clinic",
        "ethics-board",
        "ind-letter",
        "free",
    ]
    assert not any(found.values())


def test_who_was_offered_no_exosomes_has_no_ladder(rules):
    assert ladder(rules, {"offer": ("prp",)}) == ()
    assert ladder(rules, {}) == ()


@pytest.mark.parametrize(
    ("rung", "by", "counted"),
    [
        ("listed", "registry", {"fact_registry": "found"}),
        ("listed", "you", {"trial_number": "no-number"}),
        ("open-to-you", "you", {"listing": "closed"}),
        ("open-to-you", "registry", {"fact_registry_open": "not-open"}),
        ("exosomes-for-you", "registry", {"fact_registry_exosomes": "mentioned"}),
        ("your-clinic", "registry", {"fact_registry_site": "us-elsewhere"}),
        ("ethics-board", "you", {"trial_claim": "irb"}),
        ("ind-letter", "you", {"ind_letter": "refused"}),
        ("ind-letter", "registry", {"fact_registry_fda_flag": "yes"}),
        ("free", "you", {"payment": "over-5000"}),
    ],
)
def test_each_says_only_what_it_knows(rules, rung, by, counted):
    found = told(rules, **counted)
    assert list(found[rung]) == [by]


def test_you_and_the_registry_may_say_different_things_side_by_side(rules):
    found = told(rules, listing="open-with-clinic", fact_registry_site="none-in-us")["your-clinic"]
    assert list(found) == ["you", "registry"]
    assert found["registry"] == "No place in the United States is on the list."


def test_the_first_saying_that_holds_is_told(rules):
    text = told(rules, fact_registry_exosomes="tested", fact_registry_body_part="other")["exosomes-for-you"]["registry"]
    assert text == "It tests exosomes, or the like, but we did not find your problem among those it names."


@pytest.mark.parametrize("grade", FACTS["registry-exosomes"])
def test_another_problem_is_told_whatever_the_record_says_of_exosomes(rules, grade):
    def said(**more):
        return told(rules, fact_registry_exosomes=grade, **more)["exosomes-for-you"]["registry"]

    assert "we did not find your problem among those it names." in said(fact_registry_body_part="other").lower()
    assert "we did not find" not in said(fact_registry_body_part="fits").lower()
    assert "we did not find" not in said().lower()


def test_a_product_that_is_known_as_exosomes_is_called_named(rules):
    for part in FACTS["registry-body-part"]:
        found = told(rules, fact_registry_exosomes="product", fact_registry_body_part=part)["exosomes-for-you"]
        assert found["registry"].startswith("It names a product that is known as exosomes")


def test_where_the_registry_could_not_be_asked_each_rung_that_it_would_have_answered_says_so(rules):
    found = told(rules, fact_registry="not-checked", listing="open-with-clinic")
    unchecked = {slug for slug, said in found.items() if "unchecked" in said}
    assert unchecked == set(found) - {"ethics-board"}
    assert list(found["open-to-you"]) == ["you", "unchecked"]
    for state in ("found", "not-found"):
        assert not any("unchecked" in said for said in told(rules, fact_registry=state).values())


def asked(rules, **counted):
    held = OFFERED | {key.replace("_", "-").replace("fact-", "fact:", 1): (value,) for key, value in counted.items()}
    return ladder(rules, held)[0].ask.get("en", "")


def test_nobody_is_to_ask_for_a_number_that_they_gave(rules):
    mine = {"fact_registry_study": "not-sure"}
    assert asked(rules, **mine, fact_registry="found").startswith("Is this the study that I would be in")
    assert asked(rules, **mine, fact_registry="not-checked").startswith("Is this the study that I would be in")
    assert asked(rules, **mine, fact_registry="not-found") == "Can I have the study's NCT number from you in writing?"
    assert asked(rules, fact_registry_study="other") == ""
    assert asked(rules, trial_number="no-number") == ""
    assert asked(rules) == ""


def test_every_value_of_every_fact_has_words(rules):
    assert {slug: set(told.values) for slug, told in rules.facts.items()} == {s: set(v) for s, v in FACTS.items()}


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda held: held["rungs"][0].update(item="look-up"), "there is no guidance “look-up” of kind `ask`"),
        (lambda held: held["rungs"][0].update(ask={"en": "Is it so?"}), "give it either `ask` or `item`"),
        (lambda held: held["rungs"][0]["evidence"].append("XX-1"), "there is no evidence “XX-1”"),
        (lambda held: held["rungs"][0]["sayings"][0].pop("when"), "write a condition"),
        (lambda held: held["rungs"][0]["sayings"][0].update(by="clinic"), "use one of: registry, unchecked, you"),
        (lambda held: held["rungs"][0]["asks"][0].pop("when"), "takes the place of the usual question for some"),
        (lambda held: held["rungs"].append(held["rungs"][0]), "two rungs have this slug"),
        (lambda held: held["not_shown"].append("verdict"), "a check never finds “verdict”"),
        (lambda held: held["words"].pop("caption"), "a text by language is needed here"),
        (
            lambda held: held["rungs"][0]["sayings"][0].update(when={"all": [{"fact": "registry", "is": "approved"}]}),
            "never has the value “approved”",
        ),
    ],
)
def test_what_does_not_hold_together_is_refused(document, change, message):
    held = copy.deepcopy(document["ladder.yaml"])
    change(held)
    with pytest.raises(reading.Refused, match=message):
        reading.read({**document, "ladder.yaml": held})


def test_a_declared_fact_without_words_is_refused(document):
    held = copy.deepcopy(document["ladder.yaml"])
    del held["facts"]["registry"]["values"]["not-checked"]
    facts = [{"slug": "registry", "values": list(FACTS["registry"])}]
    with pytest.raises(reading.Refused, match=r"facts\.registry\.values\.not-checked"):
        reading.read({**document, "aid.yaml": document["aid.yaml"] | {"facts": facts}, "ladder.yaml": held})
