"""Real records, each judged as it must be: what has to be said of it, and what must not."""

from __future__ import annotations

import re

import pytest

from questionnaire.domain import folder
from questionnaire.domain.content import Aid
from questionnaire.domain.trial_fields import FIELDS
from questionnaire.domain.trial_rules import ALL, FACTS, UNCHECKED
from questionnaire.domain.trial_sites import Clinic
from questionnaire.exports.ladder import finding_words
from questionnaire.services.editions import SHIPPED
from tests import records
from tests.domain.trials import THEN, TODAY, Said

pytestmark = pytest.mark.pure

KNEE = ("knee",)


@pytest.fixture(scope="module")
def aid() -> Aid:
    return folder.load(SHIPPED)


CASES: dict[str, tuple[set[str], set[str]]] = {
    "NCT05060107": (
        {"exosomes-tested", "body-part-fits", "phase-early", "status-not-yet-recruiting", "site-none-listed", "stale"},
        {"status-recruiting", "site-us-elsewhere", "site-not-compared", "site-same-state", "fda-flag-yes"},
    ),
    "NCT05354141": (
        {"brand-named", "phase-later", "body-part-other", "fda-flag-yes", "listing-is-not-approval"},
        {"body-part-fits", "design-without-control", "design-open"},
    ),
    "NCT04493242": (
        {"status-closed", "brand-named", "exosomes-described", "expanded-elsewhere", "sponsor-speaks-of-approval"},
        {"exosomes-tested", "status-recruiting"},
    ),
    "NCT04657458": (
        {"type-expanded-access", "expanded-available", "exosomes-tested", "site-none-listed", "fda-flag-not-stated"},
        {"status-recruiting", "type-interventional", "phase-none", "status-not-stated"},
    ),
    "NCT04850469": ({"status-withdrawn", "why-stopped", "type-observational"}, {"type-interventional"}),
    "NCT05191381": ({"type-observational", "status-recruiting", "stale", "fda-flag-yes"}, {"type-interventional"}),
    "NCT03562715": ({"exosomes-mentioned"}, {"exosomes-tested", "exosomes-described", "brand-named"}),
    "NCT04366063": ({"exosomes-described", "status-unknown"}, {"exosomes-tested", "brand-named"}),
    "NCT04064879": (
        {
            *("status-suspended", "sponsor-is-site", "exosomes-not-mentioned", "what-is-tested", "fda-flag-no"),
            *("why-stopped", "approval-not-near"),
        },
        {"site-masked", "exosomes-mentioned", "sponsor-speaks-of-approval"},
    ),
    "NCT05018793": (
        {"payment-in-text", "site-none-in-us", "status-suspended", "exosomes-not-mentioned"},
        {"site-not-compared", "exosomes-tested"},
    ),
    "NCT01931007": ({"exosomes-not-mentioned", "what-is-tested", "body-part-fits"}, {"exosomes-mentioned"}),
    "NCT04716803": ({"exosomes-not-mentioned", "what-is-tested", "body-part-fits"}, {"exosomes-mentioned"}),
    "NCT03475563": ({"status-unknown"}, {"status-recruiting"}),
    "NCT00517179": ({"fda-flag-not-stated"}, {"fda-flag-no", "fda-flag-no-abroad"}),
    "NCT02576665": ({"no-date", "fda-flag-not-stated", "results-not-known"}, {"results-none", "stale"}),
    "NCT05125562": ({"site-masked", "brand-named", "expanded-elsewhere"}, {"sponsor-is-site", "site-not-compared"}),
    "NCT05261360": ({"brand-named", "body-part-fits", "design-open", "site-none-in-us"}, {"design-without-control"}),
    "NCT04276987": ({"exosomes-tested", "design-without-control", "site-none-in-us"}, {"body-part-fits"}),
    "NCT03384433": ({"exosomes-tested", "completion-passed", "design-without-control"}, {"phase-later"}),
    "NCT03437759": ({"exosomes-tested", "status-closed", "phase-early"}, {"design-without-control", "design-open"}),
    "NCT04798716": ({"exosomes-tested", "start-passed", "status-not-yet-recruiting"}, {"status-recruiting"}),
    "NCT00973089": ({"status-withdrawn", "exosomes-not-mentioned"}, {"fda-flag-no"}),
    "NCT01511679": ({"status-withdrawn", "type-observational"}, {"what-is-tested"}),
    "NCT05594173": ({"results-posted", "status-closed"}, {"results-none"}),
    "NCT05602779": ({"status-recruiting", "exosomes-not-mentioned"}, {"exosomes-mentioned"}),
    "NCT06171568": ({"type-observational", "start-passed"}, {"phase-none", "phase-not-stated"}),
    "NCT06714279": ({"exosomes-not-mentioned", "site-none-listed"}, {"stale", "no-date"}),
}


def test_there_is_a_case_for_every_record():
    assert set(records.NUMBERS) == set(CASES)
    assert len(records.NUMBERS) == 27


@pytest.mark.parametrize("number", CASES)
def test_a_record_says_what_it_must_and_not_what_it_must_not(aid, number):
    must, must_not = CASES[number]
    said = Said(aid, records.raw(number), parts=KNEE)
    assert must <= said.slugs
    assert not must_not & said.slugs


@pytest.mark.parametrize("number", CASES)
def test_every_record_says_that_a_listing_is_no_approval_and_holds_no_price(aid, number):
    said = Said(aid, records.raw(number), parts=KNEE)
    assert {"listing-is-not-approval", "payment-not-in-record", "source"} <= said.slugs
    assert all(finding.field for finding in said.findings[2:])
    assert set(said.all_facts) == set(FACTS) - {"registry-study"}
    for name, value in said.all_facts.items():
        assert value in FACTS[name]
    assert "{value}" not in said.words
    assert "()" not in said.words


FORBIDDEN: dict[str, tuple[str, ...]] = {
    "NCT05060107": ("takes new people", "in the same", "IND"),
    "NCT05354141": ("like yours",),
    "NCT04657458": ("takes new people", "gives people a treatment", "drug that FDA regulates", "the study"),
    "NCT05191381": ("gives people a treatment",),
    "NCT03562715": ("as what it tests",),
    "NCT04366063": ("as what it tests", "names the product"),
    "NCT03475563": ("takes new people", "is open"),
    "NCT00517179": ("does not study a drug",),
    "NCT02576665": ("No results are posted",),
}


@pytest.mark.parametrize("number", FORBIDDEN)
def test_the_shipped_words_keep_to_it(aid, number):
    words = Said(aid, records.raw(number), parts=KNEE).words
    for phrase in FORBIDDEN[number]:
        assert phrase not in words


@pytest.mark.parametrize("number", CASES)
def test_people_read_no_name_of_a_field_and_no_date_as_a_machine_writes_them(aid, number):
    told = [(each, *finding_words(aid, each, "en")) for each in Said(aid, records.raw(number), parts=KNEE).findings]
    assert {each.field for each, _, _ in told} <= {"", *FIELDS}
    assert all(called for each, _, called in told if each.field)
    words = " ".join(f"{text} ({called})" for _, text, called in told)
    outside = re.sub("“[^”]*”", "", words)
    assert not re.search(r"\b[a-z]+[a-z][A-Z]|\d{4}-\d\d|Struct|[A-Z]_[A-Z]", outside), outside


def test_a_path_of_expanded_access_is_told_with_when_it_was_last_confirmed(aid):
    said = Said(aid, records.raw("NCT04657458"), parts=KNEE)
    found = next(each for each in said.findings if each.slug == "expanded-available")
    assert finding_words(aid, found, "en") == (
        "When the listing was last confirmed (April 2022), this path was open. A doctor must ask for it.",
        "status",
    )
    assert "By the listing, it is run by “Direct Biologics" in said.words


def test_what_the_sponsor_wrote_is_quoted_as_the_sponsors(aid):
    said = Said(aid, records.raw("NCT04493242"))
    quotes = [finding for finding in said.findings if finding.quoted]
    assert "FDA-approved" in next(each.value for each in quotes if each.slug == "sponsor-speaks-of-approval")
    assert "FDA-approved" not in " ".join(each.value for each in said.findings if not each.quoted)
    pending = Said(aid, records.raw("NCT04064879"))
    assert pending.value["why-stopped"] == "Pending FDA approval"
    assert pending.facts["open"] == "not-open"
    assert "This patient funded trial" in Said(aid, records.raw("NCT05018793")).value["payment-in-text"]


@pytest.mark.parametrize("slug", [slug for slug in ALL if slug not in ("sponsor-speaks-of-approval", "what-is-tested")])
def test_no_words_call_anything_good(aid, slug):
    words = aid.trial.words[slug]["en"].lower()
    assert not any(word in words for word in ("legitimate", "verified", "genuine", "trust", "real trial", "proven"))
    if "approv" in words:
        assert any(word in words for word in ("not", "check that with fda")), words


def test_the_facts_of_the_most_telling_records(aid):
    expected = {
        "NCT05060107": {"open": "not-open", "fresh": "stale", "exosomes": "tested", "site": "none-listed"},
        "NCT04493242": {"open": "not-open", "exosomes": "product", "fda-flag": "yes"},
        "NCT05354141": {"exosomes": "product", "body-part": "other"},
        "NCT04366063": {"exosomes": "described"},
        "NCT04657458": {"open": "not-known", "type": "expanded-access", "fda-flag": "not-stated"},
        "NCT04064879": {"stopped": "stopped", "exosomes": "not-mentioned", "fda-flag": "no"},
        "NCT05018793": {"paid": "in-text", "site": "none-in-us", "stopped": "stopped"},
        "NCT03475563": {"open": "not-known", "site": "none-in-us"},
        "NCT02576665": {"fresh": "no-date", "fda-flag": "not-stated", "stopped": "stopped"},
        "NCT05125562": {"site": "masked"},
    }
    for number, facts in expected.items():
        said = Said(aid, records.raw(number), parts=KNEE)
        assert {name: said.facts[name] for name in facts} == facts, number


def test_in_its_own_time_a_record_was_fresh(aid):
    said = Said(aid, records.raw("NCT05191381"), today=THEN)
    assert said.facts["fresh"] == "fresh"
    assert said.facts["open"] == "open"
    assert not {"stale", "completion-passed"} & said.slugs
    assert Said(aid, records.raw("NCT05191381"), today=TODAY).facts["open"] == "not-known"


def test_the_clinic_that_is_its_own_sponsor_is_told_to_whoever_named_it(aid):
    clinic = Clinic("Neurological Associates of West Los Angeles", "Santa Monica", "CA")
    said = Said(aid, records.raw("NCT04064879"), clinic=clinic)
    assert {"site-clinic-named", "sponsor-is-clinic"} <= said.slugs
    assert "sponsor-is-site" not in said.slugs


def test_what_is_said_without_a_record_has_words_too(aid):
    assert all(aid.trial.words[slug]["en"] for slug in UNCHECKED)
