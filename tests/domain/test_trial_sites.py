"""Whether a clinic is among the places of a study: found when it is, and no false alarm when it is not."""

from __future__ import annotations

import pytest

from questionnaire.domain import folder
from questionnaire.domain.content import Aid
from questionnaire.domain.trial_sites import Clinic, words_of
from questionnaire.services.editions import SHIPPED
from tests.domain.trials import Said
from tests.records import changed

pytestmark = pytest.mark.pure


@pytest.fixture(scope="module")
def aid() -> Aid:
    return folder.load(SHIPPED)


SITES = [
    {"facility": "St. Joseph's Hospital, LLC", "city": "Tampa", "state": "Florida", "country": "United States"},
    {"facility": "Mayo Clinic Jacksonville", "city": "Jacksonville", "state": "Florida", "country": "United States"},
    {"facility": "Houston Medical Center", "city": "Houston", "state": "Texas", "country": "United States"},
    {"facility": "Clínica San José", "city": "San Juan", "country": "Puerto Rico"},
    {"facility": "Klinik", "city": "Ulm", "country": "Germany"},
]


def graded(aid: Aid, clinic: Clinic | None, sites: list[dict[str, str]] | None = None, **sponsor: str) -> str:
    lead = {"name": "A Maker", "class": "INDUSTRY"} | sponsor
    made = changed(
        contactsLocations={"locations": SITES if sites is None else sites}, sponsorCollaborators={"leadSponsor": lead}
    )
    return Said(aid, made, clinic=clinic).facts["site"]


@pytest.mark.parametrize(
    ("clinic", "grade"),
    [
        (Clinic("Saint Josephs Hospital", "Tampa", "FL"), "clinic-named"),
        (Clinic("ST JOSEPH’S HOSPITAL"), "clinic-named"),
        (Clinic("Mayo Clinic"), "clinic-named"),
        (Clinic("Clinica San Jose, Inc."), "clinic-named"),
        (Clinic("Regen Partners", "Tampa", "Florida"), "same-city"),
        (Clinic("Regen Partners", "tampa", ""), "same-city"),
        (Clinic("Regen Partners", "Tampa", "Kansas"), "us-elsewhere"),
        (Clinic("Regen Partners", "Miami", "fl"), "same-state"),
        (Clinic("Regen Partners", "Ponce", "PR"), "same-state"),
        (Clinic("Regen Partners", "Denver", "Colorado"), "us-elsewhere"),
        (Clinic("Houston Medical"), "not-compared"),
        (Clinic("Houston Medical", "Houston", "TX"), "same-city"),
        (Clinic("Medical Center"), "not-compared"),
        (Clinic("Joseph", "Denver"), "us-elsewhere"),
        (Clinic("Klinik", "Ulm"), "us-elsewhere"),
        (Clinic("!!!"), "not-compared"),
        (Clinic(), "not-compared"),
        (None, "not-compared"),
    ],
)
def test_how_close_a_clinic_comes(aid, clinic, grade):
    assert graded(aid, clinic) == grade


@pytest.mark.parametrize(
    ("sites", "grade"),
    [
        ([], "none-listed"),
        ([SITES[4]], "none-in-us"),
        ([{"facility": "Klinik", "city": "Ulm"}], "not-compared"),
        ([{"facility": "Investigational Site", "city": "Tampa", "country": "United States"}], "masked"),
        ([{"facility": "ACME Research Site # 12", "city": "Tampa", "country": "United States"}], "masked"),
        ([{"city": "Tampa", "country": "United States"}], "masked"),
        ([{"facility": "A Maker, Inc.", "city": "Denver", "country": "United States"}], "masked"),
        ([{"facility": "Study Site", "city": "Tampa", "country": "United States"}, SITES[2]], "masked"),
        ([{"facility": "Study Site", "city": "Denver", "country": "United States"}, SITES[0]], "same-city"),
        (["no entry", 7, None], "none-listed"),
    ],
)
def test_lists_that_tell_little(aid, sites, grade):
    assert graded(aid, Clinic("Regen Partners", "Tampa", "FL"), sites) == grade


def test_a_university_that_is_its_own_place_hides_nothing(aid):
    sites = [{"facility": "A Maker", "city": "Denver", "country": "United States"}]
    assert graded(aid, Clinic("Regen", "Tampa"), sites, **{"class": "OTHER"}) == "us-elsewhere"
    assert graded(aid, Clinic("A Maker"), sites) == "clinic-named"


def test_names_in_any_script_are_compared(aid):
    assert words_of("東京 クリニック") != ()
    assert words_of("Łódź, LLC.") == words_of("łódź")
