"""The study on the page of a response: three columns, asking the registry again, the flag, letters of FDA."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from questionnaire.domain.trial_changes import STUDY_CHANGED
from questionnaire.models import AuditEvent, FdaLetter, RegistryStudy, Review, ReviewEntry, ReviewFlag, StudyCheck
from questionnaire.services import responses, reviews, sharing, trial_review
from questionnaire.services.queueing import WAITING
from tests import records, studies, study_registry, web
from tests import sharing as given
from tests.physician import test_response_what_if as what_if
from tests.physician.desk import Desk, at, changed, hidden, part
from tests.staff import editor, member, sign_in
from tests.studies import NUMBER, record, told
from tests.web import Page, text

pytestmark = pytest.mark.django_db

SCRIPT = "<script>alert(1)</script>"
CLOSED = "Title of study-not-open."
FLAG = "A later check of the study says more than the patient read"


@pytest.fixture
def edition(db: None) -> Any:
    return web.publish(web.small_aid(studies.with_check), note="First edition.")


@pytest.fixture
def registry(settings: Any) -> Iterator[studies.Registry]:
    with studies.serving() as played:
        settings.CTGOV_BASE_URL = played.url
        yield played


@pytest.fixture
def dora(edition: Any) -> Desk:
    return Desk("dora")


@pytest.fixture
def review(edition: Any) -> Review:
    review = given.shared(trial_number=NUMBER)
    studies.said(review)
    return review


def column(page: Page, name: str) -> str:
    return part(page, f"study-{name}").text


# --- Three columns -----------------------------------------------------------------------------------------------


def test_without_a_number_there_is_nothing_of_a_study(dora: Desk):
    page = dora.open(given.shared())
    assert not page.root.all(id="study")


def test_an_edition_that_checks_no_numbers_shows_none(published: Any):
    page = Desk("dora").open(given.shared(trial_number=NUMBER))
    assert not page.root.all(id="study")


def test_three_columns_tell_what_was_told_what_is_and_what_was(dora: Desk, review: Review):
    studies.finished_with(review, record())
    told(record(overallStatus="COMPLETED", completionDateStruct={"date": "2026-09-30"}))
    page = dora.open(review)
    assert page.root.one(id="study").one("a")["href"] == f"https://clinicaltrials.gov/study/{NUMBER}"
    assert "Short trial-number" in column(page, "told")
    assert "Hilltop Joint Clinic, Springfield" in column(page, "told")
    assert "Yes, this is the study" in column(page, "told")
    now, then = column(page, "now"), column(page, "then")
    assert "Status: Completed" in now
    assert "End: 2026-09-30" in now
    assert "Status: Recruiting" in then
    assert "End: 2030-01 (planned)" in then
    for words in ("Sponsor: Some University", "Exosomes: Tested", "Clinic among the sites: Clinic named"):
        assert words in now
    assert "1, 1 of them in the United States; nearest found: Hilltop Joint Clinic, Springfield, Illinois" in now
    assert "Type: Interventional, Phase 1" in now
    assert "What changed since" in then
    assert "Before: Recruiting Now: Completed" in then
    assert "Before: 2030-01 (planned) Now: 2026-09-30" in then
    assert "A listing is not approval." in page.text


def test_what_the_sponsor_wrote_is_quoted_where_it_changed(dora: Desk, review: Review):
    studies.finished_with(review, record())
    told(record(whyStopped=SCRIPT))
    changes = part(dora.open(review), "study-then").one("dl", class_="changes")
    assert [each.text for each in changes.all("q")] == [SCRIPT]
    assert "Why it stopped" in changes.text


def test_what_was_said_then_is_not_worked_out_anew(dora: Desk, review: Review):
    studies.finished_with(review, record(), **{"registry-site": "none-in-us"})
    page = dora.open(review)
    assert "Clinic among the sites: None in US" in column(page, "then")
    assert "Clinic among the sites: Clinic named" in column(page, "now")


def test_an_edition_without_the_words_uses_those_of_the_shipped_aid(db: None):
    def change(document: dict[str, Any]) -> None:
        studies.with_check(document)
        for note in ("letter", "study-changed"):
            del document["aid.yaml"]["notes"][note]

    web.publish(web.small_aid(change), note="First edition.")
    letter(other_names=["XoGlo"])
    review = given.shared(words="They have XoGlo", trial_number=NUMBER)
    studies.finished_with(review, None)
    told(record(overallStatus="COMPLETED"))
    page = Desk("dora").open(review)
    assert "what FDA found at that time" in page.root.one(class_="letters").text
    assert "looked up your study again" in page.root.one(id="tell-text").text


def test_what_has_not_changed_is_said_so(dora: Desk, review: Review):
    studies.finished_with(review, record())
    assert "Nothing that we use has changed since." in column(dora.open(review), "then")


def test_each_way_of_not_knowing_is_told_apart(dora: Desk, review: Review):
    page = dora.open(review)
    assert "It was not checked yet." in column(page, "now")
    assert "It could not be checked." in column(page, "then")
    studies.finished_with(review, None)
    assert "It could not be checked." in column(dora.open(review), "then")
    RegistryStudy.objects.create(number=NUMBER, state="not-found", checked_at=web_now())
    assert "lists no study under this number" in column(dora.open(review), "now")
    RegistryStudy.objects.update(state="moved", moved_to="NCT07654321", reason="busy")
    page = dora.open(review)
    assert "The other number: NCT07654321" in column(page, "now")
    assert "The last try brought no answer." in column(page, "now")


def web_now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


def test_a_sponsors_words_are_quoted_and_never_markup_and_nobodys_contact_is_shown(dora: Desk, review: Review):
    held = record(whyStopped=f"Patients pay {SCRIPT}")
    held["protocolSection"]["identificationModule"]["briefTitle"] = SCRIPT
    studies.finished_with(review, held)
    page = dora.open(review)
    assert SCRIPT in page.main.one("section", aria_labelledby="study-now").one("q").text
    assert any(SCRIPT in each.text for each in part(page, "study-now").all("blockquote"))
    assert not [each for each in page.main.all("script") if "alert" in each.text]
    assert "Nurse Nobody" not in page.text


def test_the_page_asks_the_database_a_few_times_more_and_no_more_with_more_letters(dora: Desk, review: Review):
    studies.finished_with(review, record())

    def asked() -> int:
        dora.open(review)
        with CaptureQueriesContext(connection) as caught:
            dora.open(review)
        return len(caught)

    one = asked()
    for day in range(1, 20):
        letter(date=dt.date(2025, 1, day))
    assert asked() == one
    assert one <= 31


# --- Check again -------------------------------------------------------------------------------------------------


def check_again(desk: Desk, review: Review) -> Page:
    return desk.step(desk.open(review), "check-again")


def test_check_again_asks_the_registry_and_tells_what_came_of_it(
    dora: Desk, review: Review, registry: studies.Registry
):
    page = check_again(dora, review)
    assert "The registry answered." in page.text
    assert "Status: Recruiting" in column(page, "now")
    assert len(registry.asked) == 1
    event = AuditEvent.objects.get(kind="study checked")
    assert (event.by, event.subject, event.detail) == (dora.user, review.pk, {"registry": "found"})
    # Within a minute nobody asks the registry twice for one number.
    check_again(dora, review)
    assert len(registry.asked) == 1
    assert AuditEvent.objects.filter(kind="study checked").count() == 2


def test_a_fresh_copy_is_asked_for_again_when_a_physician_wants_it(
    dora: Desk, review: Review, registry: studies.Registry
):
    studies.finished_with(review, record())
    registry.answer = record(overallStatus="TERMINATED")
    page = check_again(dora, review)
    assert "Status: Terminated" in column(page, "now")


@pytest.mark.parametrize(
    ("answer", "words"),
    [(404, "The registry lists no study under this number."), (500, "The registry could not be reached.")],
)
def test_what_the_registry_does_not_give_is_told(
    answer: int, words: str, dora: Desk, review: Review, registry: studies.Registry
):
    registry.answer = answer
    assert words in check_again(dora, review).text


def test_a_number_that_is_gone_cannot_be_checked(dora: Desk, review: Review, registry: studies.Registry):
    page = dora.open(review)
    changed(review, trial_number={"choice": "no-number"})
    told_page = dora.step(page, "check-again")
    assert told_page.status == 409
    assert "no number of a study" in told_page.text
    assert not registry.asked


def test_a_withdrawn_response_is_not_checked(dora: Desk, review: Review, registry: studies.Registry):
    page = dora.open(review)
    sharing.withdraw(walk=responses.find(str(review.response_id)))
    assert dora.step(page, "check-again").status == 410
    assert not registry.asked


def test_only_physicians_ask_again(review: Review, registry: studies.Registry):
    for user in (editor(), member("eve", is_superuser=True)):
        client = sign_in(Client(), user)
        assert client.post(at(review, "check-again/")).status_code == 403
    assert Client().post(at(review, "check-again/")).status_code in (302, 403)
    assert not registry.asked
    assert not AuditEvent.objects.filter(kind="study checked").exists()


def test_opening_the_address_asks_nobody(dora: Desk, review: Review, registry: studies.Registry):
    assert dora.get(at(review, "check-again/")).name == "response"
    assert not registry.asked


# --- The flag ----------------------------------------------------------------------------------------------------


def test_a_later_check_that_contradicts_what_was_read_flags_the_response(
    dora: Desk, review: Review, registry: studies.Registry
):
    studies.finished_with(review, None)
    registry.answer = record(overallStatus="COMPLETED")
    page = check_again(dora, review)
    assert "this response is flagged" in page.text
    review.refresh_from_db()
    assert review.flags == [STUDY_CHANGED]
    assert review.level == 40
    assert review.queue // 10**16 == 40
    assert ReviewFlag.objects.get(review=review).flag == STUDY_CHANGED
    entry = reviews.entries(review)[-1]
    assert (entry.kind, entry.by, entry.text) == ("study", "Dora", CLOSED)
    assert AuditEvent.objects.filter(kind="study changed", subject=review.pk, by=dora.user).count() == 1
    assert FLAG in page.main.one(class_="flags").text
    assert FLAG in dora.get("/physician/").text
    assert "Maria López" in dora.get("/physician/?flag=study-changed").text
    assert "Maria López" not in dora.get("/physician/?flag=skin").text


def test_the_flag_stands_behind_more_serious_ones(dora: Desk, edition: Any):
    review = given.shared(trial_number=NUMBER, problem="skin", signs=["fever"])
    studies.said(review)
    studies.finished_with(review, None)
    told(record(overallStatus="COMPLETED"))
    assert trial_review.after_refresh(NUMBER) == 1
    review.refresh_from_db()
    assert review.flags == ["red-flag", "skin", STUDY_CHANGED]
    assert review.level == 10


def test_a_check_that_adds_nothing_flags_nothing(dora: Desk, review: Review, registry: studies.Registry):
    studies.finished_with(review, None)
    check_again(dora, review)
    review.refresh_from_db()
    assert review.flags == []
    assert not review.entries.filter(kind="study").exists()


def test_a_check_before_the_patient_finished_says_nothing_new(review: Review):
    studies.finished_with(review, None)
    told(record(overallStatus="COMPLETED"))
    RegistryStudy.objects.update(checked_at=review.shared_at - dt.timedelta(days=1))
    assert trial_review.after_refresh(NUMBER) == 0


def test_another_study_than_theirs_flags_nothing(edition: Any):
    review = given.shared(trial_number=NUMBER)
    studies.said(review, "other")
    studies.finished_with(review, None)
    told(record(overallStatus="COMPLETED"))
    assert trial_review.after_refresh(NUMBER) == 0


def test_the_timers_check_flags_once_and_again_only_for_more(review: Review):
    studies.finished_with(review, None)
    told(record(overallStatus="COMPLETED"))
    assert trial_review.after_refresh(NUMBER) == 1
    assert trial_review.after_refresh(NUMBER) == 0
    event = AuditEvent.objects.get(kind="study changed")
    assert (event.actor, event.by) == ("program", None)
    RegistryStudy.objects.update(state="not-found")
    assert trial_review.after_refresh(NUMBER) == 1
    assert [reviews.entries(review)[-1].text, ReviewEntry.objects.filter(kind="study").count()] == [
        "Title of study-not-found.",
        2,
    ]


def test_a_reviewed_response_comes_back_to_the_new_ones(dora: Desk, review: Review):
    studies.finished_with(review, record())
    review.refresh_from_db()
    reviews.mark_reviewed(by=given.caller(dora.user), pk=review.pk, revision=review.revision)
    told(record(overallStatus="WITHDRAWN"))
    assert trial_review.after_refresh(NUMBER) == 1
    review.refresh_from_db()
    assert review.state == Review.State.NEW
    assert review.queue // 10**16 < WAITING


def test_other_numbers_and_withdrawn_responses_are_left_alone(review: Review):
    studies.finished_with(review, None)
    told(record(overallStatus="COMPLETED"))
    assert trial_review.after_refresh("NCT07654321") == 0
    sharing.withdraw(walk=responses.find(str(review.response_id)))
    assert trial_review.after_refresh(NUMBER) == 0


def test_the_patient_is_told_with_a_reply_that_is_prepared(dora: Desk, review: Review):
    studies.finished_with(review, None)
    told(record(overallStatus="COMPLETED"))
    page = dora.open(review)
    prepared = page.root.one(id="tell-text").text
    assert "We looked again:" in prepared
    assert f"- {CLOSED}" in prepared
    form = next(each for each in part(page, "study").all("form") if each["action"].endswith("/reply/"))
    dora.post(form["action"], hidden(form) | {"text": "Your study is closed now."})
    assert [each.text for each in reviews.entries(review) if each.kind == "reply"] == ["Your study is closed now."]


def test_the_inbox_of_an_edition_with_the_flag_uses_its_words_and_level(db: None):
    def change(document: dict[str, Any]) -> None:
        studies.with_check(document)
        own = {"slug": "study-changed", "level": 5, "text": text("Own words")}
        document["triage.yaml"]["flags"].append(own | web.when_("problem", is_="skin"))

    web.publish(web.small_aid(change), note="First edition.")
    review = given.shared(trial_number=NUMBER)
    studies.said(review)
    studies.finished_with(review, None)
    told(record(overallStatus="COMPLETED"))
    assert trial_review.after_refresh(NUMBER) == 1
    review.refresh_from_db()
    assert review.level == 5
    assert "Own words" in Desk("dora").open(review).main.one(class_="flags").text


# --- Letters -----------------------------------------------------------------------------------------------------


def letter(**more: Any) -> FdaLetter:
    given: dict[str, Any] = {"firm": "Kimera Labs", "date": dt.date(2023, 9, 1), "kind": "warning", "state": "Florida"}
    return FdaLetter.objects.create(**given | {"link": "https://www.fda.gov/letter"} | more)


def test_a_letter_about_the_clinic_is_shown_with_what_a_letter_is(dora: Desk, edition: Any):
    letter()
    review = given.shared(trial_number=NUMBER)
    studies.said(review, name="Kimera Labs, Inc.", city="Miramar, FL")
    found = part(dora.open(review), "study").one(class_="letters")
    assert "Kimera Labs (Florida), warning letter of September 1, 2023" in found.text
    assert "A letter says this." in found.text
    assert found.one("a")["href"] == "https://www.fda.gov/letter"


def test_a_letter_about_a_product_in_their_own_words_is_shown_without_a_number(dora: Desk, edition: Any):
    letter(other_names=["XoGlo"], link="")
    section = part(dora.open(given.shared(words="They have XoGlo in the fridge")), "study")
    assert "Kimera Labs" in section.text
    assert not section.all("a")
    assert not section.all("form")


def test_a_clinic_of_that_name_in_another_state_is_not_accused(dora: Desk, review: Review):
    letter(firm="Hilltop Joint Clinic Group", state="Florida")
    StudyCheck.objects.all().delete()
    studies.said(review, name="Hilltop Joint Clinic Group", city="Springfield, IL")
    assert not part(dora.open(review), "study").all(class_="letters")


# --- Into the chart ----------------------------------------------------------------------------------------------


def note(desk: Desk, review: Review) -> str:
    return " ".join(desk.client.get(at(review, "chart-note.txt")).content.decode().split())


def today() -> str:
    return f"{timezone.now():%B} {timezone.now().day}, {timezone.now().year}"


def test_the_note_tells_in_a_line_what_the_registry_says(dora: Desk, review: Review):
    studies.finished_with(review, record())
    read = "clinic named among its sites; exosomes named as what is tested"
    line = f'{NUMBER}: listed as recruiting, last confirmed October 2026; for "Knee osteoarthritis"; {read}'
    assert f"Trial registry: {line}; checked {today()}." in note(dora, review)
    assert FLAG not in note(dora, review)
    told(record(overallStatus="COMPLETED"))
    trial_review.after_refresh(NUMBER)
    later = line.replace("recruiting", "completed")
    then = f"when the patient finished: {line.removeprefix(f'{NUMBER}: ')}; checked {today()}"
    assert f"Trial registry: {later}; checked {today()}; {then}." in note(dora, review)
    assert f"Flags: {FLAG}." in note(dora, review)


def test_a_stale_record_of_another_problem_is_called_so_in_the_note(dora: Desk, edition: Any):
    held = records.raw("NCT05354141")
    number = "NCT05354141"
    review = given.shared(trial_number=number)
    studies.said(review, "not-sure", number=number)
    studies.finished_with(review, held)
    line = note(dora, review)
    assert f"{number}: listed as recruiting, last confirmed" in line
    assert "2022 (stale); its planned end, " in line
    assert "has passed" in line
    assert "not for this patient's problem" in line
    assert "clinic not among its sites (others in the US)" in line
    assert "the patient is not sure that it is their study" in line
    assert f"checked {today()}" in line
    words = line[line.index("Trial registry") : line.index("Letters" if "Letters" in line else "Flags")]
    assert not re.search(r"[a-z]_[a-z]|us-elsewhere|us elsewhere|not-compared|none-in-us", words)


def test_the_note_says_that_it_could_not_be_checked_and_nothing_without_a_number(dora: Desk, review: Review):
    studies.finished_with(review, None)
    assert f"Trial registry: {NUMBER}: could not be checked with the registry." in note(dora, review)
    assert "Trial registry" not in note(dora, given.shared())


def test_the_note_says_that_there_is_no_such_study_or_that_it_is_another(dora: Desk, edition: Any):
    review = given.shared(trial_number=NUMBER)
    studies.said(review, "other")
    studies.finished_with(review, record())
    assert "the patient says that the study listed there is another one" in note(dora, review)
    StudyCheck.objects.all().delete()
    RegistryStudy.objects.update(state="not-found", checked_at=timezone.now())
    line = f"{NUMBER}: no study listed under this number; checked {today()}; when the patient finished: listed as"
    assert line in note(dora, review)


def test_chart_download_dashboard_and_fhir_work_with_what_the_registry_said(dora: Desk, review: Review):
    studies.finished_with(review, record(overallStatus="COMPLETED"))
    told(record(overallStatus="WITHDRAWN"))
    trial_review.after_refresh(NUMBER)
    assert dora.client.get(at(review, "chart.pdf")).content.startswith(b"%PDF")
    assert NUMBER in web.pdf_text(dora.client.get(at(review, "chart.pdf")))
    assert dora.get("/physician/dashboard/").status == 200
    assert dora.get("/physician/?flag=study-changed").status == 200


def test_a_letter_is_found_by_what_the_patient_asked(dora: Desk, db: None):
    web.publish(web.small_aid(studies.with_check), note="First edition.")
    letter(other_names=["XoGlo"])
    review = given.share(given.finished(words=None), question="They use XoGlo. Is that all right?")
    page = dora.open(review)
    assert "Kimera" in page.root.one(class_="letters").text


def test_a_number_that_is_only_tried_out_counts_as_not_checked(dora: Desk, review: Review):
    studies.finished_with(review, record(overallStatus="COMPLETED"))
    address = f"/physician/{review.pk}/what-would-change/"
    fields = what_if.sent(dora.get(address))
    assert "counts as not checked here" not in dora.post(address, fields).text
    page = dora.post(address, fields | {"trial-number-answer": "NCT07654321"})
    assert "counts as not checked here" in page.text


def test_the_ladder_stands_where_the_patient_saw_it(dora: Desk, db: None):
    web.publish(study_registry.aid(), note="First edition.")
    review = given.shared(trial_number=NUMBER)
    seen = dora.open(review).main.one("section", class_="ladder")
    assert "A listing is not approval." in seen.text
    assert seen.having("data-rung")
