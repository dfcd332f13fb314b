"""The study on the page of a response: three columns, asking the registry again, the flag, letters of FDA."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

import pytest
from django.db import connection
from django.template.defaultfilters import date
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from questionnaire.domain import trial_rules
from questionnaire.domain.trial_changes import STUDY_CHANGED
from questionnaire.models import (
    AuditEvent,
    FdaLetter,
    FinishedVersion,
    RegistryCopy,
    RegistryStudy,
    Review,
    ReviewEntry,
    ReviewFlag,
    StudyCheck,
)
from questionnaire.physician import study_words
from questionnaire.physician.study_words import DAY, MOMENT, WHY, why
from questionnaire.services import finishing, responses, reviews, sharing, trial_review, trials
from questionnaire.services.queueing import WAITING
from questionnaire.services.registry import REASONS
from tests import records, studies, study_registry, web
from tests import sharing as given
from tests.physician import test_response_what_if as what_if
from tests.physician.desk import Desk, at, changed, form_of, hidden, part
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
def dora(edition: Any) -> Desk:
    return Desk("dora")


@pytest.fixture
def review(edition: Any) -> Review:
    review = given.shared(trial_number=NUMBER)
    studies.said(review)
    return review


COLUMNS = {"told": 0, "now": 1, "then": 2}


def column(page: Page, name: str) -> str:
    """What stands in one column, each line with its label."""
    rows = page.main.one("table", class_="three").one("tbody").all("tr")
    return " ".join(f"{row.one('th').text}: {row.all('td')[COLUMNS[name]].text}" for row in rows)


def line(page: Page, label: str) -> list[str]:
    """The three places of the line of this label."""
    rows = page.main.one("table", class_="three").one("tbody").all("tr")
    return next([each.text for each in row.all("td")] for row in rows if row.one("th").text == label)


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
    assert line(page, "Study number") == [NUMBER] * 3
    assert line(page, "Title")[0] == "Is this the study? Yes, this is the study"
    place = "Listed as a place of the study: Hilltop Joint Clinic, Springfield, Illinois, United States"
    assert line(page, "Clinic") == ["Hilltop Joint Clinic, Springfield", place, place]
    assert line(page, "Status")[1:] == ["Changed Completed", "Recruiting"]
    assert line(page, "End")[1:] == ["Changed September 30, 2026", "January 2030 (planned)"]
    assert line(page, "Sponsor")[1] == "Some University"
    assert line(page, "Exosomes")[1] == "Named as what is tested"
    assert line(page, "Places")[1] == "1 (1 in the United States)"
    assert line(page, "Type")[1] == "Interventional, Phase 1"
    told_of = part(page, "study").one("dl", class_="changes").text
    assert "Before: Recruiting Now: Completed" in told_of
    assert "Before: January 2030 (planned) Now: September 30, 2026" in told_of
    assert "A listing is not approval." in page.text


def test_what_the_sponsor_wrote_is_quoted_where_it_changed(dora: Desk, review: Review):
    studies.finished_with(review, record())
    told(record(whyStopped=SCRIPT))
    page = dora.open(review)
    changes = part(page, "study").one("dl", class_="changes")
    assert [each.text for each in changes.all("q")] == [SCRIPT]
    assert "Reason stopped" in changes.text
    assert line(page, "Reason stopped")[1:] == [f"Changed {SCRIPT}", "–nothing"]


def test_what_was_said_then_is_not_worked_out_anew(dora: Desk, review: Review):
    studies.finished_with(review, record(), **{"registry-site": "none-in-us"})
    page = dora.open(review)
    said, then = line(page, "Clinic")[1:]
    assert then == "Not listed; no place in the United States is"
    assert said.startswith("Changed Listed as a place of the study: Hilltop")


# --- Line by line ------------------------------------------------------------------------------------------------


def test_a_clinic_and_a_problem_that_do_not_fit_are_marked_in_words(dora: Desk, edition: Any):
    review = given.shared(trial_number=NUMBER)
    studies.said(review, name="Another Clinic", city="Miami, FL")
    held = record()
    held["protocolSection"]["conditionsModule"]["conditions"] = ["Acne"]
    held["protocolSection"]["identificationModule"]["briefTitle"] = "Exosomes for a face"
    studies.finished_with(review, held)
    page = dora.open(review)
    clinic, problem = line(page, "Clinic"), line(page, "Problem it is for")
    assert clinic[0] == "Another Clinic, Miami, Florida"
    assert clinic[1].startswith(
        "Differs from what they were told Not listed; a place elsewhere in the United States is"
    )
    assert clinic[2] == clinic[1].removeprefix("Differs from what they were told ")
    assert problem == [
        "The choice knee",
        "Differs from what they were told Another problem than the patient's",
        "Another problem than the patient's",
    ]
    assert line(page, "Conditions")[1] == "Acne"
    assert "Differs" not in " ".join(line(page, "Sponsor"))


def test_no_code_word_of_the_registry_or_of_ours_is_shown(dora: Desk, review: Review):
    held = record()
    site = {"facility": "Athens Clinic", "city": "Athens", "country": "Greece"}
    held["protocolSection"]["contactsLocationsModule"]["locations"] = [site]
    studies.finished_with(review, held)
    page = dora.open(review)
    assert line(page, "Clinic")[2] == "Not listed; no place in the United States is: Athens Clinic, Athens, Greece"
    assert line(page, "Places")[1] == "1 (0 in the United States)"
    assert line(page, "Payment by patients")[1] == "The text says nothing of patients paying"
    assert line(page, "How recent")[1] == "Confirmed within the last 2 years"


def test_every_value_of_every_fact_has_words():
    for fact, words in study_words.FACTS.items():
        assert set(words) == set(trial_rules.FACTS[fact]) - {"none"}, fact


def test_a_planned_date_that_has_passed_is_said_to_have(dora: Desk, review: Review):
    planned = {"date": "2026-01", "type": "ESTIMATED"}
    studies.finished_with(review, record(completionDateStruct=planned, startDateStruct={"date": "2025-02-30"}))
    page = dora.open(review)
    assert line(page, "End")[1:] == ["January 2026 (planned; this date has passed)"] * 2
    assert "planned" not in line(page, "Confirmed")[1]


def test_where_a_copy_comes_from_and_of_when_it_is_stand_with_it(dora: Desk, review: Review):
    studies.finished_with(review, record())
    RegistryCopy.objects.update(fetched_at=dt.datetime(2026, 5, 4, 3, 2, tzinfo=dt.UTC))
    RegistryStudy.objects.update(checked_at=dt.datetime(2026, 5, 6, 7, 8, tzinfo=dt.UTC))
    now, then = line(dora.open(review), "Source")[1:]
    unknown = "data date not known; shortened and reworded here."
    assert now == f"ClinicalTrials.gov, checked May 6, 2026, 07:08 UTC; {unknown}"
    assert then == f"ClinicalTrials.gov, fetched May 4, 2026, 03:02 UTC; {unknown}"
    RegistryCopy.objects.update(data_timestamp="2026-05-03T09:00:05")
    assert line(dora.open(review), "Source")[1].endswith("; data as of May 3, 2026; shortened and reworded here.")


def test_what_the_patient_told_besides_stands_below(db: None):
    def change(document: dict[str, Any]) -> None:
        studies.with_check(document)
        document["triage.yaml"]["study"] = ["trial-number", "words", "matters"]

    web.publish(web.small_aid(change), note="First edition.")
    review = given.shared(trial_number=NUMBER)
    studies.finished_with(review, record())
    page = Desk("dora").open(review)
    assert "What else the patient told of it Short words: My own words." in part(page, "study").text
    assert line(page, "Study number")[0] == NUMBER
    assert line(page, "Payment by patients")[0] == "The choice pain"


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
    assert "gave us no answer about your study" in page.root.one(id="tell-text").text


def test_what_has_not_changed_is_said_so(dora: Desk, review: Review):
    studies.finished_with(review, record())
    assert "Nothing that we use has changed since." in part(dora.open(review), "study").text


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
    assert "The last try brought no answer. The registry asked us to come back later" in page.text
    RegistryStudy.objects.update(tried_at=dt.datetime(2026, 5, 6, 7, 8, tzinfo=dt.UTC), reason="timed-out")
    told_late = "The last try of May 6, 2026, 07:08 UTC brought no answer. No whole answer came in time."
    assert told_late in dora.open(review).text
    RegistryStudy.objects.update(reason="queue")
    told_queue = "The last try brought no answer. This program was asking the registry for others"
    assert told_queue in dora.open(review).text, "the time of the last asking is not that of this try"


def web_now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


def test_a_sponsors_words_are_quoted_and_never_markup_and_nobodys_contact_is_shown(dora: Desk, review: Review):
    held = record(whyStopped=f"Patients pay {SCRIPT}")
    held["protocolSection"]["identificationModule"]["briefTitle"] = SCRIPT
    studies.finished_with(review, held)
    page = dora.open(review)
    table = page.main.one("table", class_="three")
    assert [each.text for each in table.all("q") if SCRIPT in each.text]
    assert line(page, "Title")[1] == SCRIPT
    assert line(page, "Reason stopped")[1] == f"Patients pay {SCRIPT}"
    assert line(page, "Payment by patients")[1].startswith("The text speaks of patients paying: Patients pay")
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
    assert one <= 33


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
    again = check_again(dora, review)
    assert re.search(r"was asked for this number a moment ago. Try again in (\d|[1-5]\d|60) seconds?\.", again.text)
    assert "The registry answered" not in again.text
    assert len(registry.asked) == 1
    assert AuditEvent.objects.filter(kind="study checked").latest("number").detail["why"] == "asked a moment ago"
    assert AuditEvent.objects.filter(kind="study checked").count() == 2


def test_a_fresh_copy_is_asked_for_again_when_a_physician_wants_it(
    dora: Desk, review: Review, registry: studies.Registry
):
    studies.finished_with(review, record())
    registry.answer = record(overallStatus="TERMINATED")
    page = check_again(dora, review)
    assert line(page, "Status")[1:] == ["Changed Terminated", "Recruiting"]


def test_what_the_registry_does_not_list_is_told(dora: Desk, review: Review, registry: studies.Registry):
    registry.answer = 404
    assert "The registry lists no study under this number." in check_again(dora, review).text


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (400, "did not accept our request (status 400)"),
        (403, "answered in a way that this program does not know"),
        (429, "asked us to come back later (status 429)"),
        (500, "has a fault of its own (status 500 or above)"),
        (503, "has a fault of its own (status 500 or above)"),
        ([], "no record of a study"),
        (record("NCT07654321"), "the record of another study, which was not used"),
    ],
)
def test_why_there_is_no_answer_is_told_at_once_and_in_the_panel(
    answer: Any, words: str, dora: Desk, review: Review, registry: studies.Registry
):
    registry.answer = answer
    page = check_again(dora, review)
    assert words in page.root.one("ul", class_="messages").text
    assert "Nothing new is known of the study." in page.text
    tried = date(RegistryStudy.objects.get().tried_at, MOMENT)
    assert f"The last try of {tried} brought no answer." in part(page, "study").text
    assert words in page.main.one("p", class_="tried").text
    again = check_again(dora, review)
    assert "a moment ago. Try again in" in again.root.one("ul", class_="messages").text
    assert words not in again.root.one("ul", class_="messages").text


def test_a_failed_try_is_never_told_as_an_answer(dora: Desk, review: Review, registry: studies.Registry):
    """What was said earlier today still stands, and is called so."""
    studies.finished_with(review, record())
    registry.answer = 503
    page = check_again(dora, review)
    assert "The registry answered." not in page.text
    assert f"What it said on {date(timezone.now(), DAY)} still stands here." in page.text
    assert line(page, "Status")[1:] == ["Recruiting"] * 2
    assert "brought no answer. The registry has a fault of its own" in page.main.one("p", class_="tried").text
    event = AuditEvent.objects.get(kind="study checked")
    assert event.detail == {"registry": "found", "why": "failed"}


def test_every_reason_has_a_sentence_of_its_own():
    assert set(WHY) == set(REASONS)
    assert len(set(WHY.values())) == len(WHY)
    assert why("a word of an older program")


def test_each_copy_tells_of_when_it_is_and_of_which_data(dora: Desk, review: Review, registry: studies.Registry):
    studies.finished_with(review, record())
    page = dora.open(review)
    assert "data date not known; shortened and reworded here." in line(page, "Source")[2]
    registry.answer = record(overallStatus="COMPLETED")
    page = check_again(dora, review)
    assert "data as of November 24, 2026; shortened" in line(page, "Source")[1]
    assert "data date not known" in line(page, "Source")[2], "of which data that copy was is not known"


def test_what_somebody_is_writing_stays_when_the_registry_is_asked(
    dora: Desk, review: Review, registry: studies.Registry
):
    page = dora.step(dora.open(review), "check-again", reply="Come in.", note=" ")
    assert "The registry answered." in page.text
    assert page.root.one(id="reply-text").raw_text.strip() == "Come in."
    assert not reviews.entries(review)[1:]


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
    studies.finished_with(review, record())
    told(record(overallStatus="COMPLETED"))
    page = dora.open(review)
    prepared = page.root.one(id="tell-text").text
    assert "We looked again:" in prepared
    assert f"- {CLOSED}" in prepared
    button = next(each for each in part(page, "study").all("button") if each.text == "Send this reply")
    dora.post(button["formaction"], hidden(form_of(page, "reply")) | {"tell": "Your study is closed now."})
    assert [each.text for each in reviews.entries(review) if each.kind == "reply"] == ["Your study is closed now."]


def test_a_prepared_reply_is_sent_as_it_is_and_is_nothing_that_somebody_wrote(dora: Desk, review: Review):
    studies.finished_with(review, record())
    told(record(overallStatus="COMPLETED"))
    page = dora.open(review)
    prepared = page.main.one("input", name="prepared")["value"]
    fields = {"tell": prepared.replace("\n", "\r\n"), "prepared": prepared}
    page = dora.step(page, "take", **fields)
    assert page.status == 200
    refused = dora.step(page, "reviewed", **fields | {"tell": "Mine."})
    assert (refused.status, refused.alert.one("a")["href"]) == (422, "#tell-text")
    assert refused.root.one(id="tell-text").raw_text.strip() == "Mine."
    form = form_of(refused, "reply")
    dora.post(f"{form['action']}?field=tell", hidden(form) | fields)
    assert [each.text for each in reviews.entries(review) if each.kind == "reply"] == [prepared]


HEADINGS = {
    (True, True): "The registry now says more than the patient read",
    (True, False): "The registry no longer lists a study under this number",
    (False, False): "The study could not be checked when the patient finished. Now it was",
}


@pytest.mark.parametrize(
    ("found_then", "found_now", "words"),
    [
        (True, True, "We looked again:"),
        (True, False, "no longer lists a study under your number. If you fill in your answers again"),
        (
            False,
            True,
            "no answer about your study. It has one now. You do not have to fill in anything again. Open your",
        ),
        (False, False, "lists no study under your number. You do not have to fill in anything again. Open your"),
    ],
)
def test_the_prepared_reply_says_what_is_so(dora: Desk, db: None, found_then: bool, found_now: bool, words: str):
    def change(document: dict[str, Any]) -> None:
        studies.with_check(document)
        # Nothing warns that the number was not checked, so a page that is opened again loses no caution.
        document["guidance/all.yaml"] = [
            each for each in document["guidance/all.yaml"] if each["slug"] != "study-not-checked"
        ]

    web.publish(web.small_aid(change), note="First edition.")
    review = unchecked_then(found_then)
    if found_now:
        told(record(overallStatus="COMPLETED"))
    else:
        RegistryStudy.objects.update_or_create(
            number=NUMBER, defaults={"state": "not-found", "checked_at": timezone.now()}
        )
    page = dora.open(review)
    assert words in page.root.one(id="tell-text").text
    heading = page.main.one("div", class_="notice").one("h3").text
    assert heading == HEADINGS.get((found_then, found_now), HEADINGS[False, False])


def unchecked_then(found: bool) -> Review:
    """A response whose patient finished with a record, or while the registry gave no answer."""
    review = given.shared(trial_number=NUMBER)
    studies.said(review)
    studies.finished_with(review, record() if found else None)
    if not found:
        version = FinishedVersion.objects.get(pk=str(review.version_id))
        FinishedVersion.objects.update(
            facts={"registry": "not-checked", "registry-study": "same"}, outcome=version.outcome
        )
    return review


def test_opening_the_page_is_said_to_be_enough_only_where_it_is(dora: Desk, review: Review):
    # This aid warns that the number was not checked, so the patient's page stays as it was until they confirm again.
    page_before = finishing.latest(responses.find(str(review.response_id)))
    assert page_before is not None
    assert "study-not-checked" in str(page_before.outcome)
    RegistryStudy.objects.update_or_create(number=NUMBER, defaults={"state": "not-found", "checked_at": timezone.now()})
    prepared = dora.open(review).root.one(id="tell-text").text
    assert "gave us no answer about your study. It has one now. If you fill in your answers again" in prepared
    walk = responses.find(str(review.response_id))
    assert trials.again(walk, page_before, address="192.0.2.7") == page_before


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
    FinishedVersion.objects.update(study_said="")
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
    assert "These match now. The patient was shown no letter." in page.root.one(class_="letters").text


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
