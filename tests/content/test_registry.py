"""What the trial registry answered only ever adds to the guidance of the shipped aid, and tells the physician."""

from __future__ import annotations

import itertools
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from questionnaire.domain import trial_record
from questionnaire.domain.conditions import Counted
from questionnaire.domain.content import Aid
from questionnaire.domain.journey import Journey
from questionnaire.domain.ladder import ladder
from questionnaire.domain.outcome import outcome
from questionnaire.domain.questions import Answer
from questionnaire.domain.triage import triage
from questionnaire.domain.trial import judge
from questionnaire.domain.trial_rules import FACTS
from tests import records
from tests.content.test_safety import BEST, MANY, kinds, random_patient, seeds
from tests.domain.trials import TODAY

pytestmark = pytest.mark.pure

JOINT: dict[str, Answer] = {"urgent-signs": ["none"], "offer": ["exo-joint"], "stage": "looking"}
GOOD = {
    "registry": "found",
    "registry-open": "open",
    "registry-fresh": "fresh",
    "registry-exosomes": "tested",
    "registry-body-part": "fits",
    "registry-site": "clinic-named",
    "registry-type": "interventional",
    "registry-fda-flag": "yes",
    "registry-expanded": "none",
    "registry-stopped": "not-stopped",
    "registry-paid": "not-in-text",
    "registry-study": "same",
}
"""The best that the registry can say."""
EXPANDED = {"registry-type": "expanded-access", "registry-open": "not-known"}

facts = st.fixed_dictionaries({}, optional={name: st.sampled_from(values) for name, values in FACTS.items()})


def shown(aid: Aid, answers: dict[str, Answer], found: dict[str, str] | None = None) -> set[str]:
    result = outcome(aid, answers, found)
    return {each.slug for each in (*result.items, *result.meaning)}


@pytest.fixture
def best(aid: Aid) -> dict[str, Answer]:
    """Somebody who says the best of a study, with its number."""
    return random_patient(aid, 1, BEST | JOINT)


@MANY
@given(seed=seeds, found=facts)
def test_whatever_the_registry_says_takes_nothing_away(aid: Aid, seed: int, found: dict[str, str]) -> None:
    answers = random_patient(aid, seed, BEST | JOINT if seed % 2 else None)
    before, after = outcome(aid, answers), outcome(aid, answers, found)
    for kind in ("urgent", "caution", "next-step", "ask", "standard-care", "alternative"):
        lost = kinds(aid, before, kind) - kinds(aid, after, kind)
        assert lost <= {"ladder-looks-like-research", "ladder-cannot-tell"}, lost
        gained = kinds(aid, after, kind) - kinds(aid, before, kind)
        assert kind not in ("alternative", "urgent") or not gained
        assert not gained & {"ladder-looks-like-research", "fine-to-wait"}


@MANY
@given(seed=seeds, found=facts)
def test_the_registry_says_nothing_to_whoever_has_no_number(aid: Aid, seed: int, found: dict[str, str]) -> None:
    answers = random_patient(aid, seed, {"trial-number": {"choice": "no-number"}})
    assert shown(aid, answers) == shown(aid, answers, found)


def test_the_best_listing_adds_that_it_is_no_approval(aid, best):
    before, after = shown(aid, best), shown(aid, best, GOOD)
    assert before <= after
    assert after - before == {"registry-is-not-approval", "registry-call-team"}
    assert "ladder-looks-like-research" in after


@pytest.mark.parametrize(
    ("found", "caution"),
    [
        ({"registry": "not-found"}, "registry-not-found"),
        ({"registry": "not-checked"}, "registry-not-checked"),
        (GOOD | {"registry-open": "not-open"}, "registry-not-open"),
        (GOOD | {"registry-open": "by-invitation"}, "registry-open-not-known"),
        (GOOD | {"registry-open": "not-known"}, "registry-open-not-known"),
        (GOOD | {"registry-fresh": "stale"}, "registry-old"),
        (GOOD | {"registry-fresh": "no-date"}, "registry-old"),
        (GOOD | {"registry-exosomes": "not-mentioned"}, "registry-no-exosomes"),
        (GOOD | {"registry-exosomes": "mentioned"}, "registry-no-exosomes"),
        (GOOD | {"registry-body-part": "other"}, "registry-other-problem"),
        (GOOD | {"registry-site": "same-city"}, "registry-other-clinic"),
        (GOOD | {"registry-site": "us-elsewhere"}, "registry-other-clinic"),
        (GOOD | {"registry-site": "none-in-us"}, "registry-none-in-us"),
        (GOOD | {"registry-type": "observational"}, "registry-only-watches"),
        (GOOD | {"registry-type": "expanded-access"}, "registry-not-a-study"),
        (GOOD | {"registry-expanded": "available"}, "registry-expanded-open"),
        (GOOD | {"registry-expanded": "paused"}, "registry-expanded-paused"),
        (GOOD | {"registry-expanded": "ended"}, "registry-expanded-ended"),
        (GOOD | {"registry-expanded": "marketed"}, "registry-expanded-marketed"),
        (GOOD | {"registry-expanded": "not-stated"}, "registry-expanded-not-known"),
        (GOOD | {"registry-paid": "in-text"}, "registry-speaks-of-payment"),
        (GOOD | {"registry-study": "other"}, "registry-another-study"),
    ],
)
def test_what_does_not_fit_is_a_caution_with_evidence(aid, best, found, caution):
    told = shown(aid, best, found)
    assert caution in told
    assert aid.item[caution].kind == "caution"
    assert aid.item[caution].evidence
    if caution != "registry-not-checked":
        assert not {"ladder-looks-like-research", "means-looks-like-research"} & told
        assert len({"ladder-warning", "ladder-cannot-tell", "ladder-outside-rules"} & told) == 1


@pytest.mark.parametrize(
    ("status", "caution"),
    [
        ("AVAILABLE", "registry-expanded-open"),
        ("TEMPORARILY_NOT_AVAILABLE", "registry-expanded-paused"),
        ("NO_LONGER_AVAILABLE", "registry-expanded-ended"),
        ("APPROVED_FOR_MARKETING", "registry-expanded-marketed"),
        ("UNKNOWN", "registry-expanded-not-known"),
        (None, "registry-expanded-not-known"),
    ],
)
def test_expanded_access_is_spoken_of_as_what_it_is(aid, best, status, caution):
    """A record of expanded access as it comes, with each status that it can have: no words that are of a study's."""
    record = trial_record.read(records.changed("NCT04657458", status={"overallStatus": status}))
    found = dict(judge(record, aid.trial, today=TODAY, parts=("knee",)).facts) | {"registry-study": "same"}
    told = shown(aid, best, found)
    assert {caution, "registry-not-a-study", "registry-is-not-approval", "ask-registry-expanded"} <= told
    assert {each for each in told if each.startswith("registry-expanded")} == {caution}
    assert not {"registry-not-open", "registry-open-not-known", "ask-registry-open"} & told
    assert "Recruiting" not in " ".join(aid.item[each].body["en"] for each in told if each.startswith("ask-registry"))
    rung = next(step for step in ladder(aid.ladder, counted(aid, best, found)) if step.rung.slug == "open-to-you")
    said = next(each.text["en"] for each in rung.sayings if each.by == "registry")
    assert "new people" not in said
    assert said.startswith("It is listed as approved" if status == "APPROVED_FOR_MARKETING" else "It is a path")


def test_a_study_is_spoken_of_as_one(aid, best):
    told = shown(aid, best, GOOD | {"registry-open": "not-open"})
    assert {"registry-not-open", "ask-registry-open"} <= told
    assert not {each for each in told if "expanded" in each}


@pytest.mark.parametrize(
    ("choice", "caution", "step"),
    [("other-registry", "number-of-another-list", True), ("irb-or-ind", "number-of-a-board", False)],
)
def test_a_number_of_another_kind_leads_on_with_what_to_do(aid, choice, caution, step):
    answers = random_patient(aid, 1, BEST | JOINT | {"trial-number": {"choice": choice}})
    assert "listing" not in answers, "there is no page of it on ClinicalTrials.gov to have looked at"
    told = shown(aid, answers, GOOD)
    assert {caution, "look-up-study", "ask-on-list", "ask-ind-and-letter"} <= told
    assert ("look-up-elsewhere" in told) == step
    assert not {"ladder-looks-like-research", "means-looks-like-research"} & told
    assert not {each for each in told if each.startswith("registry-")}, (
        "nothing is said of a registry that nobody asked"
    )
    judged = triage(aid, answers, outcome(aid, answers, {}), facts={})
    assert judged.standing == "number-of-another-kind"
    rung = next(step for step in ladder(aid.ladder, counted(aid, answers)) if step.rung.slug == "listed")
    assert rung.sayings[0].text["en"].startswith("Your number is ")


@pytest.mark.parametrize("found", [{"registry": "not-checked"}, GOOD])
def test_who_was_not_asked_about_a_study_is_told_nothing_that_they_did_not_say(aid, best, found):
    found = found | {"registry-study": "not-asked"}
    told = shown(aid, best, found)
    assert "registry-another-study" not in told, "it says that they said so"
    assert "registry-another-study" in shown(aid, best, found | {"registry-study": "not-sure"})
    assert not {"ladder-looks-like-research", "means-looks-like-research"} & told, "nor is it taken for theirs"
    listed = next(step for step in ladder(aid.ladder, counted(aid, best, found)) if step.rung.slug == "listed")
    assert listed.ask["en"].startswith("Is this the study that I would be in"), "they have given its number"


def counted(aid: Aid, answers: dict[str, Answer], found: dict[str, str] | None = None) -> Counted:
    return Journey(aid, answers, found).counted


def test_each_value_that_leaves_something_open_brings_something_to_read(aid, best):
    """But for what says nothing to the milder or to the worse, a value adds to what the best listing says."""
    quiet = {("registry-stopped", "not-stopped"), ("registry-body-part", "not-compared")}
    usual = shown(aid, best, GOOD)
    for name, value in ((name, value) for name, values in FACTS.items() for value in values):
        if GOOD[name] != value and (name, value) not in quiet:
            assert shown(aid, best, GOOD | {name: value}) - usual, (name, value)


@pytest.mark.parametrize(
    ("found", "flagged", "standing"),
    [
        (GOOD, False, "registry-open-letter-seen"),
        ({}, False, "not-checked-listed"),
        ({"registry": "not-checked"}, False, "not-checked-listed"),
        ({"registry": "not-found"}, True, "registry-has-no-such-number"),
        (GOOD | {"registry-open": "not-open"}, True, "registry-study-not-open"),
        (GOOD | {"registry-type": "observational"}, True, "registry-only-watches"),
        (GOOD | {"registry-site": "none-in-us"}, True, "registry-other-place"),
        (GOOD | {"registry-site": "us-elsewhere"}, True, "registry-other-place"),
        (GOOD | {"registry-site": "same-city"}, False, "registry-clinic-not-found"),
        (GOOD | {"registry-site": "none-listed"}, False, "registry-clinic-not-found"),
        (GOOD | {"registry-site": "masked"}, False, "registry-clinic-not-found"),
        (GOOD | {"registry-site": "not-compared"}, False, "registry-clinic-not-found"),
        (GOOD | {"registry-body-part": "other"}, True, "registry-other-subject"),
        (GOOD | {"registry-exosomes": "not-mentioned"}, True, "registry-other-subject"),
        ({"registry-study": "other"}, True, "registry-another-study"),
        (GOOD | {"registry-study": "not-sure"}, False, "registry-study-not-sure"),
        (GOOD | EXPANDED | {"registry-expanded": "available"}, True, "registry-expanded-access"),
        (
            GOOD | EXPANDED | {"registry-expanded": "ended", "registry-open": "not-open"},
            True,
            "registry-expanded-access",
        ),
        (GOOD | {"registry-open": "by-invitation"}, False, "registry-by-invitation"),
        (GOOD | {"registry-open": "not-known", "registry-fresh": "stale"}, False, "registry-open-not-known"),
    ],
)
def test_a_claim_that_the_registry_does_not_bear_out_is_flagged(aid, best, found, flagged, standing):
    judged = triage(aid, best, outcome(aid, best, found), facts=found)
    assert ("claim-not-borne-out" in judged.flags) == flagged
    assert judged.standing == standing


def test_without_the_letter_the_headline_says_so(aid, best):
    judged = triage(aid, best | {"ind-letter": "neither"}, outcome(aid, best, GOOD), facts=GOOD)
    assert judged.standing == "registry-open-no-letter"


def test_no_value_of_the_registry_takes_a_flag_down(aid):
    draw = random.Random(5)
    pairs = list(itertools.chain.from_iterable([(name, each) for each in values] for name, values in FACTS.items()))
    for seed in range(60):
        answers = random_patient(aid, seed)
        before = set(triage(aid, answers, outcome(aid, answers)).flags)
        found = dict(draw.sample(pairs, 5))
        assert before <= set(triage(aid, answers, outcome(aid, answers, found), facts=found).flags)
