"""Where an offer stands and its flags: by the newest check, with what raised them, and by letters of FDA."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from questionnaire.domain.trial_changes import STUDY_CHANGED
from questionnaire.models import FdaLetter, FinishedVersion, RegistryStudy, Review, ReviewFlag
from questionnaire.services import listing, responses, reviews, sharing, trial_review
from questionnaire.services.inbox import Filters
from tests import recount, studies, web
from tests import sharing as given
from tests.physician import test_response_what_if as what_if
from tests.physician.desk import Desk, at, changed, part
from tests.physician.test_study import line
from tests.studies import NUMBER, record, told
from tests.web import text, when

pytestmark = pytest.mark.django_db

CLAIM, LETTER = "Claim not borne out", "A letter of FDA"


def _fact(name: str, *values: str) -> dict[str, Any]:
    return {"when": {"all": [{"fact": name, "is": list(values)}]}}


def with_standings(document: dict[str, Any]) -> None:
    """Rules that go by what the registry says, a flag for letters, and words for what raises a flag."""
    studies.with_check(document)
    rules = document["triage.yaml"]
    rules["standings"] = [
        {"slug": "another", "text": text("The patient says it is another"), **_fact("registry-study", "other")},
        {"slug": "none", "text": text("No such study"), **_fact("registry", "not-found")},
        {"slug": "closed", "text": text("Closed to new people"), **_fact("registry-open", "not-open")},
        {"slug": "open", "text": text("Open with the clinic"), **_fact("registry-open", "open")},
        {"slug": "unknown", "text": text("Nobody checked")},
    ]
    rules["flags"] += [
        {
            "slug": "claim",
            "level": 41,
            "text": text(CLAIM),
            "when": {
                "any": [{"fact": "registry", "is": "not-found"}, {"fact": "registry-open", "is": "not-open"}],
            },
        },
        {"slug": "letter", "level": 45, "text": text(LETTER), "letter": True},
    ]
    rules["causes"] = [
        {"fact": "registry", "words": {"not-found": text("no study under this number")}},
        {"fact": "registry-open", "words": {"not-open": text("not open")}},
        {"question": "problem", "words": {"skin": text("a skin problem")}},
        {"question": "signs", "words": {"fever": text("a fever"), "breathing": text("short of breath")}},
    ]


@pytest.fixture
def edition(db: None) -> Any:
    return web.publish(web.small_aid(with_standings), note="First edition.")


@pytest.fixture
def dora(edition: Any) -> Desk:
    return Desk("dora")


@pytest.fixture
def review(edition: Any) -> Review:
    """Shared by a patient whose number could not be checked."""
    review = given.shared(trial_number=NUMBER)
    studies.said(review)
    studies.finished_with(review, None)
    return review


def top(desk: Desk, review: Review) -> str:
    return part(desk.open(review), "who").text


def row(desk: Desk) -> str:
    return desk.get("/physician/").main.one("tbody").text


# --- The newest check --------------------------------------------------------------------------------------------


def test_a_number_that_proves_to_be_nobodys_is_the_headline_and_a_flag_at_once(
    dora: Desk, review: Review, registry: studies.Registry
):
    assert "Nobody checked" in top(dora, review)
    assert "No flag" in top(dora, review)
    registry.answer = 404
    page = dora.step(dora.open(review), "check-again")
    assert "this response is flagged" in page.text
    for words in (top(dora, review), row(dora)):
        assert "No such study" in words
        assert f"{CLAIM}: no study under this number" in words
        assert "A later check of the study says more than the patient read" in words
        assert "Nobody checked" not in words
    review.refresh_from_db()
    assert (review.standing, review.flags, review.level) == ("none", [STUDY_CHANGED, "claim"], 40)
    assert set(ReviewFlag.objects.values_list("flag", flat=True)) == {STUDY_CHANGED, "claim"}
    assert "Maria López" in dora.get("/physician/?flag=claim").text
    assert "Maria López" in dora.get("/physician/?standing=none").text
    recount.check()


def test_what_the_patient_was_told_stays_as_it_was(dora: Desk, review: Review, registry: studies.Registry):
    registry.answer = 404
    before = FinishedVersion.objects.values("facts", "outcome").get()
    page = dora.step(dora.open(review), "check-again")
    assert FinishedVersion.objects.values("facts", "outcome").get() == before
    assert "It could not be checked." in line(page, "Source")[2]


def test_a_flag_goes_down_again_with_the_check_that_raised_it(dora: Desk, review: Review):
    told(record(overallStatus="COMPLETED"))
    assert trial_review.after_refresh(NUMBER) == 1
    assert f"{CLAIM}: not open" in top(dora, review)
    told(record())
    assert trial_review.after_refresh(NUMBER) == 0
    review.refresh_from_db()
    assert (review.standing, review.flags, review.level) == ("open", [], None)
    assert "No flag" in row(dora)
    recount.check()


def test_a_response_that_is_shared_after_a_check_stands_by_that_check(dora: Desk):
    walk = given.finished(trial_number=NUMBER)
    version = FinishedVersion.objects.get()
    assert version.facts["registry"] == "not-checked"
    told(record())
    RegistryStudy.objects.update(state="not-found", checked_at=timezone.now() + dt.timedelta(minutes=1))
    review = given.share(walk)
    assert review.version_id == version.pk
    assert "No such study" in top(dora, review)
    assert CLAIM in row(dora)
    recount.check()


def test_whoever_had_reviewed_it_sees_it_again_when_a_flag_is_gained(dora: Desk, review: Review):
    review.refresh_from_db()
    reviews.mark_reviewed(by=given.caller(dora.user), pk=review.pk, revision=review.revision)
    told(record(overallStatus="COMPLETED"))
    trial_review.after_refresh(NUMBER)
    review.refresh_from_db()
    assert review.state == Review.State.NEW


def test_other_answers_begin_anew(dora: Desk, review: Review):
    RegistryStudy.objects.create(number=NUMBER, state="not-found", checked_at=timezone.now())
    trial_review.after_refresh(NUMBER)
    changed(review, trial_number={"choice": "no-number"})
    review.refresh_from_db()
    assert (review.standing, review.flags, review.facts) == ("unknown", [], {})
    recount.check()


def test_a_withdrawn_response_keeps_nothing_of_the_check(review: Review):
    RegistryStudy.objects.create(number=NUMBER, state="not-found", checked_at=timezone.now())
    trial_review.after_refresh(NUMBER)
    review.refresh_from_db()
    assert review.facts
    sharing.withdraw(walk=responses.find(str(review.response_id)))
    review.refresh_from_db()
    assert (review.facts, review.flags, review.standing) == ({}, [], "")


def test_the_note_and_the_pages_that_try_other_answers_go_by_the_newest_check(dora: Desk, review: Review):
    RegistryStudy.objects.create(number=NUMBER, state="not-found", checked_at=timezone.now())
    trial_review.after_refresh(NUMBER)
    note = " ".join(dora.client.get(at(review, "chart-note.txt")).content.decode().split())
    assert "On the ladder: No such study." in note
    assert f"{CLAIM} (no study under this number)" in note
    address = at(review, "what-would-change/")
    effect = dora.post(address, what_if.sent(dora.get(address)) | {"age-answer": "70"})
    assert "No such study" in effect.text
    assert "Nobody checked" not in effect.text


# --- What raised a flag ------------------------------------------------------------------------------------------


def test_a_flag_names_the_answers_that_raised_it(dora: Desk):
    review = given.shared(signs=["fever", "breathing"], problem="skin")
    assert "Red flag: a fever" in top(dora, review)
    assert "Urgent: short of breath" in top(dora, review)
    assert "Skin: a skin problem" in row(dora)


def test_a_reason_against_what_the_patient_wants_is_named_beside_its_flag(dora: Desk):
    review = given.shared(age="30", preferred=("plasma",))
    assert "Contraindicated: Plasma: Under 40" in top(dora, review)
    assert "Contraindicated: Plasma: Under 40" in row(dora)


def test_the_inbox_asks_no_more_of_the_database_for_causes_of_more_responses(dora: Desk):
    given.shared(problem="skin", signs=["fever", "breathing"])

    def statements() -> int:
        with CaptureQueriesContext(connection) as caught:
            (first, *_) = listing.look(by=given.caller(dora.user), filters=Filters()).rows
        assert [flag.cause for flag in first.flags] == ["short of breath", "a fever", "a skin problem"]
        return len(caught)

    one = statements()
    for _ in range(3):
        given.shared(problem="skin", signs=["fever"])
    assert statements() == one


# --- Letters -----------------------------------------------------------------------------------------------------


def letter(**more: Any) -> FdaLetter:
    held: dict[str, Any] = {"firm": "Kimera Labs", "date": dt.date(2023, 9, 1), "kind": "warning", "state": "Florida"}
    return FdaLetter.objects.create(**held | more)


def test_a_letter_to_the_clinic_that_was_named_when_sharing_is_a_flag(dora: Desk):
    letter()
    review = given.share(given.finished(), clinic="Kimera Labs, Inc.")
    assert review.flags == ["letter"]
    assert f"{LETTER}: Kimera Labs, warning letter of September 1, 2023" in top(dora, review)
    assert "Clinic: Kimera Labs, Inc." in top(dora, review)
    assert LETTER in row(dora)
    assert "Maria López" in dora.get("/physician/?flag=letter").text
    note = " ".join(dora.client.get(at(review, "chart-note.txt")).content.decode().split())
    assert "Letters from FDA: Kimera Labs, warning letter of September 1, 2023." in note
    assert 'Clinic: "Kimera Labs, Inc."' in note
    recount.check()


def test_a_letter_that_comes_in_later_stands_at_the_top_all_the_same(dora: Desk):
    review = given.share(given.finished(), clinic="Kimera Labs")
    assert "No flag" in top(dora, review)
    letter()
    assert "Letter from FDA: Kimera Labs, warning letter of September 1, 2023" in top(dora, review)
    assert "No flag" not in top(dora, review)


def test_a_clinic_of_another_name_or_state_is_not_accused(db: None):
    def in_texas(document: dict[str, Any]) -> None:
        with_standings(document)
        web.questions_of(document)["problem"]["choices"].append(web.choice("texas", "Texas"))
        document["triage.yaml"]["state"] = "problem"

    web.publish(web.small_aid(in_texas), note="First edition.")
    letter()
    assert given.share(given.finished(), clinic="Hilltop Joint Clinic").flags == []
    assert given.share(given.finished(problem="texas"), clinic="Kimera Labs").flags == []


def test_the_flag_of_a_letter_outlives_a_check_and_other_answers(dora: Desk):
    letter()
    review = given.share(given.finished(trial_number=NUMBER), clinic="Kimera Labs")
    studies.said(review)
    studies.finished_with(review, None)
    told(record(overallStatus="COMPLETED"))
    trial_review.after_refresh(NUMBER)
    review.refresh_from_db()
    assert review.flags == [STUDY_CHANGED, "claim", "letter"]
    changed(review, age="40")
    review.refresh_from_db()
    assert "letter" in review.flags


# --- The top, and how much of it is in sight ---------------------------------------------------------------------


def test_what_speaks_against_stands_before_a_question_and_a_long_one_is_folded(dora: Desk):
    review = given.share(given.finished(age="30"), question="Why? " * 200, preferred=("plasma",))
    words = top(dora, review)
    assert words.index("Under 40") < words.index("What they ask")
    asked = part(dora.open(review), "who").one("div", class_="asked")
    assert len(asked.all("p")[0].text) < 200
    assert asked.one("details").text.count("Why?") == 200
    short = given.share(given.finished(), question="Why?")
    assert not part(dora.open(short), "who").one("div", class_="asked").all("details")


def test_a_reason_for_care_is_said_to_be_one_once(db: None):
    def with_care(document: dict[str, Any]) -> None:
        with_standings(document)
        plasma = document["triage.yaml"]["alternatives"][0]
        care = {"slug": "skin", "text": text("Thin skin"), "relative": True, "when": when("problem", is_="skin")}
        plasma["contraindications"].append(care)

    web.publish(web.small_aid(with_care), note="First edition.")
    dora = Desk("dora")
    review = given.shared(problem="skin", preferred=("plasma",))
    assert "With care: Thin skin" in top(dora, review)
    note = " ".join(dora.client.get(at(review, "chart-note.txt")).content.decode().split())
    assert "With care: Plasma: Thin skin." in note
    assert "Reasons against" not in note
