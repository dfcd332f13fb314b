"""The rules of the check of a trial record, each tried on a record made by hand of a real one."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

import pytest

from questionnaire.domain import folder, trial_record
from questionnaire.domain.content import Aid
from questionnaire.domain.reading import Refused, read
from questionnaire.domain.trial import parts_of
from questionnaire.domain.trial_rules import SPONSORS_OWN
from questionnaire.domain.trial_sites import Clinic
from questionnaire.exports.ladder import finding_words
from questionnaire.exports.words import registry_date
from questionnaire.services.editions import SHIPPED
from tests.domain.trials import TODAY, Said
from tests.records import changed, raw

pytestmark = pytest.mark.pure


@pytest.fixture(scope="module")
def aid() -> Aid:
    return folder.load(SHIPPED)


def status(value: str | None, **more: object) -> dict[str, Any]:
    return changed(status={"overallStatus": value, "statusVerifiedDate": "2026-10", **more})


@pytest.mark.parametrize(
    ("value", "slug", "opened", "stopped"),
    [
        ("RECRUITING", "status-recruiting", "open", False),
        ("NOT_YET_RECRUITING", "status-not-yet-recruiting", "not-open", False),
        ("ENROLLING_BY_INVITATION", "status-enrolling-by-invitation", "by-invitation", False),
        ("ACTIVE_NOT_RECRUITING", "status-closed", "not-open", False),
        ("COMPLETED", "status-closed", "not-open", False),
        ("SUSPENDED", "status-suspended", "not-open", True),
        ("TERMINATED", "status-terminated", "not-open", True),
        ("WITHDRAWN", "status-withdrawn", "not-open", True),
        ("AVAILABLE", "expanded-available", "not-known", False),
        ("NO_LONGER_AVAILABLE", "expanded-ended", "not-open", True),
        ("TEMPORARILY_NOT_AVAILABLE", "expanded-paused", "not-open", True),
        ("APPROVED_FOR_MARKETING", "expanded-marketed", "not-known", False),
        ("WITHHELD", "status-withheld", "not-known", False),
        ("UNKNOWN", "status-unknown", "not-known", False),
        ("SOMETHING_NEW", "status-not-stated", "not-known", False),
        (None, "status-not-stated", "not-known", False),
    ],
)
def test_every_status_has_its_words_and_its_facts(aid, value, slug, opened, stopped):
    said = Said(aid, status(value))
    told = {each for each in said.slugs if each.startswith(("status-", "expanded-"))}
    assert told == {slug}
    assert said.facts["open"] == opened
    assert said.facts["stopped"] == ("stopped" if stopped else "not-stopped")


@pytest.mark.parametrize("value", ["COMPLETED", "UNKNOWN", "WITHHELD", "NOT_YET_RECRUITING", None])
def test_a_sites_own_status_opens_nothing(aid, value):
    made = status(value)
    site = {"facility": "Mayo Clinic", "status": "RECRUITING", "city": "Rochester", "country": "United States"}
    made["protocolSection"]["contactsLocationsModule"] = {"locations": [site]}
    said = Said(aid, made, clinic=Clinic("Mayo Clinic"))
    assert said.facts["open"] in ("not-open", "not-known")
    assert "status-recruiting" not in said.slugs
    assert said.facts["site"] == "clinic-named"


def test_an_unknown_status_shows_the_last_known_as_past(aid):
    said = Said(aid, status("UNKNOWN", lastKnownStatus="NOT_YET_RECRUITING"))
    assert said.value["last-known-status"] == "not yet recruiting"
    assert "Before that, it was listed as: not yet recruiting." in said.words


@pytest.mark.parametrize(
    ("verified", "updated", "today", "fresh"),
    [
        ("2024-11", None, "2026-11-30", "fresh"),
        ("2024-11", None, "2026-12-01", "stale"),
        ("2024-02", None, "2026-02-28", "fresh"),
        ("2024-02-29", None, "2026-03-01", "stale"),
        ("2020-01", "2026-01-05", "2026-11-26", "fresh"),
        ("2026-01", "2020-01-05", "2026-11-26", "fresh"),
        ("2026-11", None, "2026-11-02", "fresh"),
        ("2999-01", None, "2026-11-26", "no-date"),
        ("2999-01", "2020-05-05", "2026-11-26", "stale"),
        ("9999-12", None, "2026-11-26", "no-date"),
        ("2026-13", None, "2026-11-26", "no-date"),
        ("0000-01", None, "2026-11-26", "no-date"),
        ("May 2026", None, "2026-11-26", "no-date"),
        (None, None, "2026-11-26", "no-date"),
    ],
)
def test_a_month_counts_to_its_end_and_two_years_to_the_day(aid, verified, updated, today, fresh):
    made = status("RECRUITING", statusVerifiedDate=verified)
    made["protocolSection"]["statusModule"]["lastUpdatePostDateStruct"] = {"date": updated, "type": "ACTUAL"}
    said = Said(aid, made, today=dt.date.fromisoformat(today))
    assert said.facts["fresh"] == fresh
    assert ("no-date" in said.slugs) == (fresh == "no-date")
    assert (said.facts["open"] == "open") == (fresh == "fresh")


@pytest.mark.parametrize(
    ("verified", "updated", "told", "stale"),
    [
        ("2022-07", "2022-08-30", "July 2022", ("August 30, 2022", "date of last change")),
        ("2022-07", "2022-07-31", "July 2022", ("July 2022", "date of last confirmation")),
        ("2022-07-28", "2021-01-05", "July 28, 2022", ("July 28, 2022", "date of last confirmation")),
        ("2022-07", "2026-08-30", "July 2022", None),
        (None, "2022-08-30", None, ("August 30, 2022", "date of last change")),
        ("2999-01", "2022-08-30", None, ("August 30, 2022", "date of last change")),
    ],
)
def test_an_update_is_no_confirmation_and_each_date_is_called_what_it_is(aid, verified, updated, told, stale):
    made = status("RECRUITING", statusVerifiedDate=verified, lastUpdatePostDateStruct={"date": updated})
    said = Said(aid, made)
    words = {each.slug: finding_words(aid, each, "en") for each in said.findings}
    if told:
        assert words["status-recruiting"][0].endswith(f"when that was last confirmed ({told}).")
    else:
        assert "status-recruiting-undated" in words
    assert ("stale" in words) == (stale is not None)
    if stale:
        assert f"No one has confirmed or changed it since {stale[0]}, more than" in words["stale"][0]
        assert words["stale"][1] == stale[1]


def test_months_have_names_in_the_language_of_the_reader():
    assert registry_date("2022-08-30", "en") == "August 30, 2022"
    assert registry_date("2022-08", "en") == "August 2022"
    assert registry_date("2022-08-30", "es") == "30 de agosto de 2022"
    assert registry_date("2022-08", "es") == "agosto de 2022"
    assert registry_date("2022-13", "en") == "2022-13"


@pytest.mark.parametrize(
    ("text", "quoted"),
    [
        ("EXIT is a FDA-approved, phase II double-blinded, placebo-controlled randomized controlled trial.", True),
        ("This study has been fully approved by the FDA.", True),
        ("We inject exosomes that are FDA approved.", True),
        ("Our product is FDA approved", True),
        ("The trial is pending FDA approval.", True),
        ("FDA approval of this protocol was given in May.", True),
        ("Mixed tonic has received U.S. FDA approval.", True),
        ("Pending FDA approval.", True),
        ("Although recently, botulinum injection has been FDA approved for migraine, many do not respond.", False),
        ("Patients in this study who failed drugs that are FDA approved for pain.", False),
        ("An FDA-approved needle kit is used in this study.", False),
        ("Drugs approved by the FDA are allowed.", False),
        ("This study is not FDA approved.", False),
        ("There is no FDA approval for this product.", False),
    ],
)
def test_only_approval_said_of_the_study_or_its_product_is_quoted(aid, text, quoted):
    made = arms([{"name": "Mixed tonic"}])
    made["protocolSection"]["descriptionModule"] = {"detailedDescription": text}
    assert ("sponsor-speaks-of-approval" in Said(aid, made).slugs) == quoted


@pytest.mark.parametrize(
    ("reason", "told"), [("Pending FDA approval", True), ("FDA approved a rival", True), ("No money", False)]
)
def test_a_reason_that_speaks_of_approval_is_told_with_what_it_does_not_mean(aid, reason, told):
    said = Said(aid, status("SUSPENDED", whyStopped=reason))
    assert said.value["why-stopped"] == reason
    slugs = [each.slug for each in said.findings]
    assert ("approval-not-near" in slugs) == told
    if told:
        assert slugs[slugs.index("why-stopped") + 1] == "approval-not-near"
        assert "This does not mean that approval is near" in said.words
    assert "sponsor-speaks-of-approval" not in slugs


def arms(names: list[dict[str, Any]], groups: list[dict[str, Any]] | None = None) -> dict[str, Any]:
    made = changed(
        identification={"briefTitle": "A study", "officialTitle": None},
        description={"briefSummary": "", "detailedDescription": None},
        conditions={"keywords": None},
        armsInterventions={"interventions": names, "armGroups": groups or []},
    )
    made["protocolSection"].pop("outcomesModule", None)
    return made


@pytest.mark.parametrize(
    ("intervention", "grade", "brand"),
    [
        ({"name": "Exosomes"}, "tested", ""),
        ({"name": "MSC-Exos"}, "tested", ""),
        ({"name": "Product X", "otherNames": ["extracellular  vesicles"]}, "tested", ""),
        ({"name": "ExoFlo"}, "product", "ExoFlo"),
        ({"name": "ExoFlo", "description": "15 mL of ExoFlo"}, "product", "ExoFlo"),
        ({"name": "DB-001", "description": "Extracellular vesicles of marrow"}, "product", "DB-001"),
        ({"name": "Cells", "description": "with 15 mL of ExoFlo"}, "described", ""),
        ({"name": "exosomes (AGLE-102)"}, "tested", "AGLE-102"),
        ({"name": "Cells", "description": "with two doses of EVs"}, "described", ""),
        ({"name": "Cells", "description": "two devs, an ev, sevs, EVERY day"}, "described", ""),
        ({"name": "Cells", "description": "two devs, an ev, EVERY day"}, "not-mentioned", ""),
        ({"name": "Secretome"}, "not-mentioned", ""),
        ({"name": "Conditioned medium, PRP, bone marrow, fat"}, "not-mentioned", ""),
        ({"name": "No MPCs-derived exosomes"}, "not-mentioned", ""),
        ({"name": "Without exosomes"}, "not-mentioned", ""),
        ({"name": "Nocturnal exosomes"}, "tested", ""),
    ],
)
def test_what_counts_as_exosomes(aid, intervention, grade, brand):
    said = Said(aid, arms([intervention]))
    assert said.facts["exosomes"] == grade
    assert said.value.get("brand-named", "") == brand


def test_what_is_only_compared_with_is_not_what_is_tested(aid):
    groups = [
        {"label": "Cells", "type": "EXPERIMENTAL"},
        {"label": "Vesicles", "type": "PLACEBO_COMPARATOR", "description": "exosomes"},
        {"label": "No exosomes", "type": "OTHER", "description": "no exosomes"},
    ]
    names = [
        {"name": "Bone marrow cells", "armGroupLabels": ["Cells"]},
        {"name": "Exosomes", "armGroupLabels": ["Vesicles"]},
        {"name": "Exosome-free medium", "armGroupLabels": ["No exosomes", "Vesicles"]},
    ]
    said = Said(aid, arms(names, groups))
    assert said.facts["exosomes"] == "not-mentioned"
    assert said.value["what-is-tested"] == "Bone marrow cells"


def test_a_word_in_the_title_alone_is_only_a_mention(aid):
    made = arms([{"name": "Blood test"}])
    made["protocolSection"]["identificationModule"]["briefTitle"] = "Exosomes as a marker"
    assert Said(aid, made).facts["exosomes"] == "mentioned"


@pytest.mark.parametrize(
    ("conditions", "parts", "fits"),
    [
        (["Osteoarthritis, Knee"], ("knee",), "fits"),
        (["Gonarthrosis"], ("knee",), "fits"),
        (["Lung failure"], ("knee",), "other"),
        (["Osteoarthritis, Hip"], ("knee",), "other"),
        (["Osteoarthritis"], ("knee",), "not-compared"),
        (["Osteoarthritis"], ("joint",), "fits"),
        (["Osteoarthritis", "Wound"], ("knee",), "other"),
        (["Osteoarthritis, Knee"], (), "not-compared"),
        (["Osteoarthritis, Knee"], ("no-such-part",), "not-compared"),
        (None, ("knee",), "not-compared"),
        (["Hipoxia"], ("hip",), "other"),
    ],
)
def test_the_problem_is_compared(aid, conditions, parts, fits):
    made = changed(
        conditions={"conditions": conditions}, identification={"briefTitle": "A study", "officialTitle": None}
    )
    said = Said(aid, made, parts=parts)
    assert said.facts["body-part"] == fits
    if conditions:
        assert conditions[0] in said.words, "the words say what the listing names"
    else:
        assert "problem-not-stated" in said.slugs


def test_answers_name_parts(aid):
    assert parts_of(aid.trial, {"problem": ("joint",), "joint-site": ("knee",)}) == ("knee",)
    assert parts_of(aid.trial, {"problem": ("surgery",)}) == ()


@pytest.mark.parametrize(
    ("design", "groups", "slug"),
    [
        ({"allocation": "NA", "interventionModel": "SINGLE_GROUP"}, 1, "design-without-control"),
        ({"allocation": "NA"}, 0, "design-without-control"),
        ({"allocation": "RANDOMIZED", "maskingInfo": {"masking": "NONE"}}, 0, "design-open"),
        ({"allocation": "NON_RANDOMIZED", "maskingInfo": {"masking": "TRIPLE"}}, 0, ""),
        ({}, 0, ""),
    ],
)
def test_a_study_without_control_cannot_show_that_it_works(aid, design, groups, slug):
    made = changed(
        design={"designInfo": design},
        armsInterventions={"armGroups": [{"label": f"Group {each}", "type": "OTHER"} for each in range(groups)]},
    )
    told = {each for each in Said(aid, made).slugs if each.startswith("design-")}
    assert told == ({slug} if slug else set())


def test_doses_alone_are_no_control_but_a_group_called_so_is(aid):
    doses = [{"label": f"Dose {each}", "type": "EXPERIMENTAL"} for each in (1, 2)]
    made = changed(design={"designInfo": {"allocation": "RANDOMIZED"}}, armsInterventions={"armGroups": doses})
    assert "design-without-control" in Said(aid, made).slugs
    doses.append({"label": "Control: usual care", "type": "EXPERIMENTAL"})
    made = changed(design={"designInfo": {"allocation": "RANDOMIZED"}}, armsInterventions={"armGroups": doses})
    assert "design-without-control" not in Said(aid, made).slugs


def groups(*kinds: str, **given: list[str]) -> dict[str, Any]:
    """A randomised study with a group of each kind, by number, and what each treatment is `given` to."""
    return changed(
        design={"designInfo": {"allocation": "RANDOMIZED"}},
        armsInterventions={
            "armGroups": [{"label": str(number), "type": kind} for number, kind in enumerate(kinds, 1)],
            "interventions": [
                {"name": name.replace("_", " "), "armGroupLabels": labels} for name, labels in given.items()
            ],
        },
    )


ALONE, OTHER, NEITHER = "design-without-control", "design-active-control", ""


@pytest.mark.parametrize(
    ("made", "slug"),
    [
        (groups("EXPERIMENTAL", "ACTIVE_COMPARATOR"), OTHER),
        (groups("EXPERIMENTAL", "ACTIVE_COMPARATOR", "PLACEBO_COMPARATOR"), NEITHER),
        (groups("EXPERIMENTAL", "ACTIVE_COMPARATOR", "NO_INTERVENTION"), NEITHER),
        (groups("EXPERIMENTAL", "SHAM_COMPARATOR"), NEITHER),
        (groups("EXPERIMENTAL", "OTHER"), NEITHER),
        (groups("EXPERIMENTAL", "EXPERIMENTAL", exosomes=["1"], hyaluronic_acid=["2"]), OTHER),
        (groups("EXPERIMENTAL", "EXPERIMENTAL", exosomes=["1"], surgery=["1", "2"]), OTHER),
        (groups("EXPERIMENTAL", "EXPERIMENTAL", low_dose_of_exosomes=["1"], high_dose_of_exosomes=["2"]), ALONE),
        (groups("EXPERIMENTAL", "EXPERIMENTAL", exosomes=["1", "2"]), ALONE),
        (groups("EXPERIMENTAL"), ALONE),
        (groups("ACTIVE_COMPARATOR", "ACTIVE_COMPARATOR", exosomes=["1"], hyaluronic_acid=["2"]), OTHER),
        (groups("ACTIVE_COMPARATOR", "ACTIVE_COMPARATOR", exosomes=["1", "2"]), NEITHER),
    ],
)
def test_another_treatment_is_something_to_compare_with_and_said_so(aid, made, slug):
    told = {each for each in Said(aid, made).slugs if each.startswith("design-")}
    assert told == ({slug} if slug else set())


def test_a_group_called_control_that_gets_another_treatment_is_one_of_that(aid):
    made = groups("EXPERIMENTAL", "ACTIVE_COMPARATOR")
    made["protocolSection"]["armsInterventionsModule"]["armGroups"][1]["label"] = "Control: hyaluronic acid"
    assert OTHER in Said(aid, made).slugs
    made["protocolSection"]["armsInterventionsModule"]["armGroups"][1]["label"] = "Control: saline"
    assert not {ALONE, OTHER} & Said(aid, made).slugs


@pytest.mark.parametrize(
    ("phases", "slug"),
    [
        (["EARLY_PHASE1"], "phase-early"),
        (["PHASE1", "PHASE2"], "phase-early"),
        (["PHASE2", "PHASE3"], "phase-later"),
        (["NA"], "phase-none"),
        (None, "phase-not-stated"),
    ],
)
def test_phases(aid, phases, slug):
    told = {each for each in Said(aid, changed(design={"phases": phases})).slugs if each.startswith("phase-")}
    assert told == {slug}


@pytest.mark.parametrize(
    ("text", "quoted"),
    [
        ("This patient-funded trial", True),
        ("Patients pay the cost of treatment", True),
        ("patients on self  pay", True),
        ("after hospital discharge the treatment costs less time", False),
        ("patient. Funded by a grant", False),
        ("no fees are named", False),
        ("Participants will pay $5,000 for the treatment", True),
        ("Patients are responsible for the cost", True),
        ("Participants have no out-of-pocket costs", False),
        ("The cost of treatment is covered by the sponsor", False),
        ("There is no participation fee", False),
        ("No insurance is needed; patients pay for the visit", True),
    ],
)
def test_wording_on_payment_is_matched_in_whole_words(aid, text, quoted):
    said = Said(aid, changed(description={"detailedDescription": text}))
    assert ("payment-in-text" in said.slugs) == quoted
    assert said.facts["paid"] == ("in-text" if quoted else "not-in-text")
    assert "payment-not-in-record" in said.slugs


@pytest.mark.parametrize(
    ("flag", "country", "slug"),
    [
        (True, "Germany", "fda-flag-yes"),
        (False, "Germany", "fda-flag-no-abroad"),
        (False, "United States", "fda-flag-no"),
        (False, "Puerto Rico", "fda-flag-no"),
        (None, "United States", "fda-flag-not-stated"),
        ("true", "United States", "fda-flag-not-stated"),
    ],
)
def test_the_flag_is_the_sponsors_word_and_silence_is_no_no(aid, flag, country, slug):
    made = changed(
        oversight={"isFdaRegulatedDrug": flag},
        contactsLocations={"locations": [{"facility": "A place", "city": "X", "country": country}]},
    )
    assert {each for each in Said(aid, made).slugs if each.startswith("fda-flag")} == {slug}


@pytest.mark.parametrize(
    ("sites", "slug"),
    [
        ([], "fda-flag-no"),
        ([{"facility": "A place", "city": "X"}], "fda-flag-no"),
        ([{"city": "X", "country": "Greece"}, {"city": "Y"}], "fda-flag-no"),
        ([{"city": "X", "country": "Greece"}, {"city": "Y", "country": "United States"}], "fda-flag-no"),
        ([{"city": "X", "country": "Greece"}, {"city": "Y", "country": "Chile"}], "fda-flag-no-abroad"),
    ],
)
def test_a_no_is_called_usual_only_where_every_place_is_known_to_be_abroad(aid, sites, slug):
    made = changed(oversight={"isFdaRegulatedDrug": False}, contactsLocations={"locations": sites})
    assert {each for each in Said(aid, made).slugs if each.startswith("fda-flag")} == {slug}


def test_everything_may_be_missing(aid):
    said = Said(aid, {"protocolSection": {"identificationModule": {"nctId": "nct05060107"}}})
    assert said.record.number == "NCT05060107"
    assert said.facts == {
        "registry": "found",
        "open": "not-known",
        "fresh": "no-date",
        "exosomes": "not-mentioned",
        "body-part": "not-compared",
        "site": "none-listed",
        "type": "not-stated",
        "fda-flag": "not-stated",
        "expanded": "none",
        "stopped": "not-stopped",
        "paid": "not-in-text",
    } | {"registry": said.all_facts["registry"]}
    assert {"results-not-known", "sponsor-not-stated", "type-not-stated", "problem-not-stated"} <= said.slugs


@pytest.mark.parametrize("empty", [{}, None, [], "NCT05060107", 7, {"protocolSection": []}, {"nctId": "NCT05060107"}])
def test_what_has_no_number_is_no_record(empty):
    with pytest.raises(trial_record.NotARecord):
        trial_record.read(empty)


def test_markup_in_a_title_is_text(aid):
    made = changed(
        identification={"briefTitle": "<script>alert(1)</script>"},
        sponsorCollaborators={"leadSponsor": {"name": "<b>A</b>"}},
    )
    said = Said(aid, made)
    assert said.record.title == "<script>alert(1)</script>"
    assert said.value["sponsor"] == "<b>A</b>"


OWN = "Cured by Dr. X”, says FDA: “approved"
"""A sponsor's text that would leave its quotation marks."""


def test_whatever_the_sponsor_wrote_stands_in_quotation_marks_and_cannot_leave_them(aid):
    """Every place of a record that a sponsor fills, and a clinic that makes the place itself be told."""
    made = changed(
        status={"whyStopped": OWN, "lastKnownStatus": OWN, "overallStatus": "UNKNOWN"},
        sponsorCollaborators={"leadSponsor": {"name": OWN}},
        conditions={"conditions": [OWN]},
        design={"phases": [OWN, "PHASE1"], "studyType": "INTERVENTIONAL"},
        description={"detailedDescription": f"{OWN}. Patients pay for it. FDA approved."},
        armsInterventions={"interventions": [{"name": OWN}], "armGroups": []},
        contactsLocations={"locations": [{"facility": OWN, "city": OWN, "country": "United States"}]},
    )
    for clinic in (Clinic(OWN), Clinic(city=OWN), Clinic(city="Tampa", state="FL"), None):
        for finding in Said(aid, made, clinic=clinic).findings:
            words, _ = finding_words(aid, finding, "en")
            outside = re.sub("“[^”]*”", "", words)
            assert "cured" not in outside.lower(), finding.slug
            assert "says FDA" not in outside, finding.slug
            assert words.count("“") == words.count("”") == (1 if "cured" in words.lower() else words.count("“"))


@pytest.mark.parametrize("slug", sorted(SPONSORS_OWN))
def test_no_edition_repeats_a_sponsors_words_as_a_fact(slug):
    document = folder.document_of(SHIPPED)
    document["trial.yaml"]["words"][slug] = {"en": "It is {value}, and “{value}”."}
    with pytest.raises(Refused) as refused:
        read(document)
    assert [(each.key, "quotation marks" in each.message) for each in refused.value.problems] == [
        (f"words.{slug}.en", True)
    ]


def test_a_link_is_made_only_of_a_number(aid):
    made = changed(status={"expandedAccessInfo": {"hasExpandedAccess": True, "nctId": "javascript:alert(1)"}})
    assert "expanded-elsewhere" not in Said(aid, made).slugs


def test_contacts_are_never_read():
    made = changed(contactsLocations={"centralContacts": [{"name": "Secret Person", "phone": "1", "email": "a@b.c"}]})
    assert "Secret Person" not in repr(trial_record.read(made))


def test_today_alone_decides_what_is_past(aid):
    before = Said(aid, raw(), today=dt.date(2021, 10, 1))
    after = Said(aid, raw(), today=TODAY)
    assert not {"completion-passed", "start-passed", "stale"} & before.slugs
    assert {"completion-passed", "start-passed", "stale"} <= after.slugs
