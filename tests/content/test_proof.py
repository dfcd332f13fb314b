"""The shipped aid is proved; and for each kind of property a fault that is put in is found, with a person."""

from __future__ import annotations

import copy
import dataclasses
from collections.abc import Callable
from typing import Any

import pytest

from questionnaire.domain import proof, safety
from questionnaire.domain.findings import Person
from questionnaire.domain.impact import audiences
from questionnaire.domain.journey import Journey
from questionnaire.domain.people import Seen
from questionnaire.domain.reading import read
from questionnaire.domain.trial_rules import FACTS

pytestmark = pytest.mark.pure

Document = dict[str, Any]


@pytest.fixture(scope="module")
def document(shipped_document: Any) -> Document:
    return dict(shipped_document)


def test_every_safety_property_of_the_shipped_aid_is_proved(document: Document) -> None:
    verdicts = proof.prove(read(document))
    assert [verdict.property for verdict in verdicts if not verdict.proved] == []
    assert len(verdicts) > 40


def test_the_shipped_aid_has_a_property_of_each_kind(document: Document) -> None:
    assert {each.kind for each in read(document).safety} == set(safety.KINDS)


def item(document: Document, slug: str) -> Any:
    for file, held in document.items():
        if file.startswith("guidance/"):
            for entry in held:
                if entry["slug"] == slug:
                    return entry
    raise LookupError(slug)


def question(document: Document, slug: str) -> dict[str, Any]:
    return next(each for section in document["questions.yaml"] for each in section["questions"] if each["slug"] == slug)


def when(document: Document, slug: str, *tests: dict[str, Any], behavior: str = "all") -> None:
    item(document, slug)["when"] = {behavior: list(tests)}


def is_(subject: str, *values: str, operator: str = "is") -> dict[str, Any]:
    return {"question": subject, operator: list(values)}


def hide_the_approval_caution(document: Document) -> None:
    when(document, "not-fda-approved", is_("trial-claim", "ind-trial", operator="is-not"))


def hide_the_legal_risk_from_those_not_sure(document: Document) -> None:
    when(document, "legal-risk", is_("payment", "not-sure", operator="is-not"))


def call_it_research_without_the_letter(document: Document) -> None:
    tests = item(document, "ladder-looks-like-research")["when"]["all"]
    tests[:] = [test for test in tests if test.get("question") != "ind-letter"]


def call_it_permitted_in_a_new_item(document: Document) -> None:
    made = copy.deepcopy(item(document, "take-page")) | {"slug": "new-one"}
    made["body"] = {"en": "In a trial this treatment is permitted."}
    made["when"] = {"all": [is_("trial-claim", "listed")]}
    next(held for file, held in document.items() if file.startswith("guidance/next")).append(made)


def let_a_listing_soften_the_ladder(document: Document) -> None:
    item(document, "ladder-cannot-tell")["when"]["all"].append(is_("trial-claim", "ind-trial", operator="is-not"))


def let_an_ethics_board_take_a_caution_away(document: Document) -> None:
    when(document, "paying", is_("payment", "over-5000"), is_("trial-claim", "irb", operator="is-not"))


def show_prp_with_an_infection(document: Document) -> None:
    for test in item(document, "prp-knee")["when"]["all"]:
        if test["question"] == "health":
            test["is-not"] = [value for value in test["is-not"] if value != "infection"]


def show_prp_for_the_spine(document: Document) -> None:
    made = copy.deepcopy(item(document, "prp-hair")) | {"slug": "prp-spine"}
    made["when"]["all"][1] = is_("problem", "spine")
    next(held for file, held in document.items() if file.startswith("guidance/options")).append(made)


def forget_the_blood_thinner(document: Document) -> None:
    when(document, "blood-thinner-never-stop", is_("medicines", "blood-thinner"))


def forget_a_red_flag(document: Document) -> None:
    when(document, "urgent-hot-joint", is_("urgent-signs", "hot-joint"), is_("age", "adult"))


def leave_somebody_without_standard_care(document: Document) -> None:
    when(document, "standard-care-spine", is_("age", "adult"), is_("duration", "under-6-weeks", operator="is-not"))


def let_not_sure_comfort(document: Document) -> None:
    for test in item(document, "fine-to-wait")["when"]["all"]:
        if test.get("question") == "health":
            test["is-not"] = "infection"


def say_nothing_to_those_not_sure_of_their_medicines(document: Document) -> None:
    when(document, "medicines-unknown", is_("health", "not-sure"))


def contradict(document: Document) -> None:
    when(document, "ladder-outside-rules", is_("payment", "over-5000"))


def fact_(slug: str, *values: str, operator: str = "is") -> dict[str, Any]:
    return {"fact": slug, operator: list(values)}


def unless(*facts: dict[str, Any]) -> list[dict[str, Any]]:
    """Tests that hold of somebody of whom the first fact is not known, or who fulfils these."""
    return [{"fact": facts[0]["fact"], "answered": False}, *facts]


def let_a_listing_take_the_approval_caution_away(document: Document) -> None:
    when(document, "not-fda-approved", *unless(fact_("registry", "found", operator="is-not")), behavior="any")


def let_an_open_study_hide_the_letter(document: Document) -> None:
    tests = item(document, "no-fda-letter")["when"]["all"]
    tests.append({"any": unless(fact_("registry-open", "open", operator="is-not"))})


def let_a_listed_clinic_take_a_question_away(document: Document) -> None:
    tests = item(document, "ask-ethics-board")["when"]["all"]
    tests.append({"any": unless(fact_("registry-site", "clinic-named", operator="is-not"))})


def let_a_flag_call_it_research(document: Document) -> None:
    tests = item(document, "ladder-looks-like-research")["when"]["all"]
    tests[:] = [test for test in tests if test.get("question") != "ind-letter"]
    tests.append({"any": [is_("ind-letter", "both"), fact_("registry-fda-flag", "yes")]})


def let_a_failed_check_make_it_milder(document: Document) -> None:
    tests = item(document, "ladder-cannot-tell")["when"]["all"]
    tests.append({"any": unless(fact_("registry", "not-checked", operator="is-not"))})


def let_a_listing_make_a_warning_milder(document: Document) -> None:
    for group in item(document, "ladder-warning")["when"]["any"]:
        if group["all"][-1].get("question") == "payment":
            group["all"].append({"fact": "registry", "answered": False})
    for test in item(document, "ladder-cannot-tell")["when"]["all"]:
        if test.get("question") == "payment":
            test["is-not"] = ["over-5000"]


def forget_to_say_that_found_is_not_approved(document: Document) -> None:
    when(document, "registry-is-not-approval", fact_("registry", "found"), fact_("registry-open", "open"))


def add_what_nobody_sees(document: Document) -> None:
    made = copy.deepcopy(item(document, "take-page")) | {"slug": "never-seen"}
    made["when"] = {"all": [is_("joint-site", "knee"), is_("problem", "skin")]}
    next(held for file, held in document.items() if file.startswith("guidance/next")).append(made)


def add_a_question_nobody_is_asked(document: Document) -> None:
    question(document, "duration")["when"] = {"all": [is_("problem", "joint"), is_("nerve-kind", "ms")]}


FAULTS: dict[Callable[[Document], None], str] = {
    hide_the_approval_caution: "always-not-approved",
    hide_the_legal_risk_from_those_not_sure: "always-legal-risk",
    call_it_research_without_the_letter: "permitted-only-on-every-rung",
    call_it_permitted_in_a_new_item: "permitted-only-on-every-rung",
    let_a_listing_soften_the_ladder: "trial-claim-never-softens",
    let_an_ethics_board_take_a_caution_away: "trial-claim-never-softens",
    show_prp_with_an_infection: "alternatives-need-known-health",
    show_prp_for_the_spine: "alternatives-only-where-matrix-has-one",
    forget_the_blood_thinner: "caution-blood-thinner",
    forget_a_red_flag: "red-flag-first",
    leave_somebody_without_standard_care: "standard-care-for-everybody",
    let_not_sure_comfort: "not-sure-is-never-softer",
    say_nothing_to_those_not_sure_of_their_medicines: "not-sure-is-never-softer",
    contradict: "one-view-of-the-offer",
    let_a_listing_take_the_approval_caution_away: "registry-never-softens",
    let_an_open_study_hide_the_letter: "registry-never-softens",
    let_a_listed_clinic_take_a_question_away: "registry-never-softens",
    let_a_flag_call_it_research: "registry-never-softens",
    let_a_failed_check_make_it_milder: "registry-never-softens",
    let_a_listing_make_a_warning_milder: "registry-never-softens",
    forget_to_say_that_found_is_not_approved: "registry-found-is-not-approval",
    add_what_nobody_sees: "nothing-is-lost",
    add_a_question_nobody_is_asked: "nothing-is-lost",
}
NOBODY = {add_what_nobody_sees, add_a_question_nobody_is_asked}


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.__name__)
def test_each_kind_of_fault_is_found_with_somebody_it_happens_to(document: Document, fault: Any) -> None:
    broken = copy.deepcopy(document)
    fault(broken)
    aid = read(broken)
    verdict = next(each for each in proof.prove(aid, only=[FAULTS[fault]]) if each.property == FAULTS[fault])
    assert not verdict.proved
    finding = verdict.findings[0]
    assert finding.place
    if fault in NOBODY:
        return
    person = finding.person
    assert person is not None
    assert person.words.startswith("A person who answered") or person.words == "Anybody"
    seen = Seen(aid, person.answers, person.facts)
    assert seen.counted
    for slug, answer in person.answers.items():
        assert aid.question[slug].accepts(answer), "a person gives only answers that can be given"


def test_the_person_is_told_plainly_and_is_whom_the_fault_hits(document: Document) -> None:
    broken = copy.deepcopy(document)
    when(broken, "legal-risk", is_("trial-claim", "irb", operator="is-not"))
    aid = read(broken)
    [verdict] = proof.prove(aid, only=["always-legal-risk"])
    person = verdict.findings[0].person
    assert isinstance(person, Person)
    assert "legal-risk" not in Seen(aid, person.answers, person.facts).slugs
    assert Journey(aid, person.answers).complete
    assert "What the clinic said about FDA or a study" in person.words or "What was offered" in person.words
    assert len(person.words) < 400


def test_a_part_way_journey_with_a_red_flag_is_looked_at_too(document: Document) -> None:
    broken = copy.deepcopy(document)
    forget_a_red_flag(broken)
    aid = read(broken)
    [verdict] = proof.prove(aid, only=["red-flag-first"])
    person = verdict.findings[0].person
    assert person is not None
    assert not Journey(aid, person.answers).complete, "the flag must be seen before the next question is answered"


def test_an_aid_without_a_kind_of_property_is_not_publishable(document: Document) -> None:
    broken = copy.deepcopy(document)
    broken["safety.yaml"] = [each for each in broken["safety.yaml"] if each["kind"] != "urgent-first"]
    verdict = proof.prove(read(broken))[-1]
    assert not verdict.proved
    assert "urgent-first" in verdict.findings[0].message


def test_the_property_speaks_of_every_fact_of_the_registry(document: Document) -> None:
    aid = read(document)
    [found] = [each for each in aid.safety if each.kind == "fact-never-softens"]
    assert set(found.facts) == set(FACTS) == {fact.slug for fact in aid.facts}


def test_an_aid_without_facts_needs_no_property_about_them(document: Document) -> None:
    broken = copy.deepcopy(document)
    broken["safety.yaml"] = [each for each in broken["safety.yaml"] if each["kind"] != "fact-never-softens"]
    assert safety.missing_kinds(read(broken)) == ["fact-never-softens"]
    aid = dataclasses.replace(read(broken), facts=())
    assert safety.missing_kinds(aid) == []


def test_what_an_edit_does_to_people_is_told_with_one_on_each_side(document: Document) -> None:
    before = read(document)
    assert audiences(before, before) == []
    changed = copy.deepcopy(document)
    when(changed, "paying", is_("payment", "over-5000", "free"))
    when(changed, "right-to-try", is_("trial-claim", "right-to-try", "state-law"))
    after = read(changed)
    found = {each.slug: each for each in audiences(before, after)}
    assert set(found) == {"paying", "right-to-try"}
    for slug, side, sees, does_not in (
        ("paying", "grows", after, before),
        ("paying", "shrinks", before, after),
        ("right-to-try", "grows", after, before),
    ):
        person = getattr(found[slug], side)
        assert slug in Seen(sees, person.answers, person.facts).slugs
        assert slug not in Seen(does_not, person.answers, person.facts).slugs
    assert found["right-to-try"].shrinks is None


def test_a_new_item_and_a_new_choice_are_told_too(document: Document) -> None:
    changed = copy.deepcopy(document)
    call_it_permitted_in_a_new_item(changed)
    question(changed, "stage")["choices"].append({"slug": "second-visit", "text": {"en": "I go back a second time"}})
    found = {each.slug: each for each in audiences(read(document), read(changed))}
    assert found["new-one"].grows is not None
    assert found["new-one"].shrinks is None
