"""The page of one shared response: what stands at its top, every answer, versions, steps, the access record."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from questionnaire.models import AuditEvent, Presence, Review
from questionnaire.physician.histories import MOST_VERSIONS
from questionnaire.physician.response import MOST_EVENTS
from questionnaire.services import checking, reviews
from tests import sharing, web
from tests.physician.desk import Desk, at, changed, part
from tests.sharing import caller
from tests.web import text, when

pytestmark = pytest.mark.django_db

SCRIPT = "<script>alert(1)</script>"
BLOCKED = "&lt;script&gt;alert(1)&lt;/script&gt;"


def with_alternatives(document: dict[str, Any]) -> None:
    """Plasma as something that may have been offered, with a relative reason beside the absolute one."""
    plasma = document["triage.yaml"]["alternatives"][0]
    plasma["offered"] = when("matters", is_="proof")
    plasma["contraindications"].append(
        {"slug": "skin", "text": text("Skin is thin"), "relative": True} | web.when_("problem", is_="skin")
    )


@pytest.fixture
def dora(published: Any) -> Desk:
    return Desk("dora")


# --- The top -----------------------------------------------------------------------------------------------------


def test_the_top_tells_who_it_is_and_how_it_stands(dora: Desk, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(checking, "today", lambda: dt.date(2026, 5, 5))
    page = dora.open(sharing.shared())
    top = part(page, "who")
    assert page.name == "response"
    assert page.main.one("h1").text == "Maria López"
    assert "Born May 6, 1961 (age 64)" in top.text
    assert "(555) 010-0199" in top.text
    assert "New" in top.text


def test_the_age_grows_on_the_birthday(dora: Desk, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(checking, "today", lambda: dt.date(2026, 5, 6))
    assert "(age 65)" in dora.open(sharing.shared()).text


def test_who_took_it_is_told_in_words(dora: Desk):
    review = sharing.shared()
    reviews.take(by=caller(Desk("emil").user), pk=review.pk, revision=review.revision)
    assert "Taken by Emil" in part(dora.open(review), "who").text
    assert "Taken by you" in part(Desk("emil").open(review), "who").text


def test_two_physicians_see_each_other(dora: Desk):
    review = sharing.shared()
    emil = Desk("emil", first_name="Emil", last_name="Okafor")
    assert dora.open(review).root.one(id="presence").text == ""
    assert emil.open(review).root.one(id="presence").text == "Dora has this open now"
    assert dora.open(review).root.one(id="presence").text == "Emil Okafor has this open now"
    Presence.objects.update(seen_at=timezone.now() - reviews.PRESENT)
    assert dora.open(review).root.one(id="presence").text == ""


def test_the_page_says_while_it_is_open_that_it_still_is(dora: Desk):
    review = sharing.shared()
    dora.open(review)
    emil = Desk("emil")
    emil.open(review)
    Presence.objects.update(seen_at=timezone.now() - reviews.PRESENT)
    looks = AuditEvent.objects.count()
    told = emil.client.post(at(review, "here/"), {"revision": review.revision}).json()
    assert told == {"open": "", "changed": False}
    told = dora.client.post(at(review, "here/"), {"revision": review.revision}).json()
    assert told == {"open": "Emil has this open now", "changed": False}
    reviews.note(by=caller(emil.user), pk=review.pk, revision=review.revision, text="Called.")
    assert dora.client.post(at(review, "here/"), {"revision": review.revision}).json()["changed"] is True
    assert AuditEvent.objects.count() == looks + 1, "staying on the page is no look of its own"


def test_flags_stand_in_words_the_most_serious_first(dora: Desk):
    page = dora.open(sharing.shared(signs=["fever", "breathing"], problem="skin"))
    flags = next(each for each in page.main.all("div") if each.get("class") == "flags")
    assert [each.text for each in flags.all("li")] == ["Urgent", "Red flag", "Skin"]
    assert "No flag" in dora.open(sharing.shared()).text


def test_the_problem_stands_at_the_top(dora: Desk):
    assert "Short problem: The choice skin" in part(dora.open(sharing.shared(problem="skin")), "who").text


def test_what_was_offered_and_where_it_stands(dora: Desk):
    top = part(dora.open(sharing.shared(trial_number="NCT01234567")), "who").text
    assert "Short signs: No, I have none of these" in top
    assert "Where it stands A number The patient says Short trial-number: NCT01234567" in top
    assert "Nobody knows" not in top


def test_what_the_patient_does_not_know_about_the_study_is_known_by_nobody(db: None):
    def unsure(document: dict[str, Any]) -> None:
        web.questions_of(document)["trial-number"]["choices"].append(web.choice("not-sure", "I do not have it"))
        document["triage.yaml"]["study"] = ["trial-number", "joint-site"]

    web.publish(web.small_aid(unsure))
    review = sharing.shared(problem="skin", trial_number={"choice": "not-sure"})
    top = part(Desk().open(review), "who").text
    assert "Nobody knows Short trial-number: Not sure: I do not have it" in top
    assert "The patient says" not in top
    assert "joint-site" not in top, "what was never asked about the study says nothing"


def test_what_matters_and_what_they_ask(dora: Desk):
    review = sharing.share(sharing.finished(matters=["pain", "cost"]), question="First.\n\nSecond <b>bold</b>?")
    top = part(dora.open(review), "who")
    assert "Short matters: The choice pain; The choice cost" in top.text
    asked = next(each for each in top.all("div") if each.get("class") == "asked")
    assert [each.text for each in asked.all("p")] == ["First.", "Second <b>bold</b>?"]


def test_reasons_against_what_the_patient_leans_towards_or_was_offered(db: None):
    web.publish(web.small_aid(with_alternatives))
    dora = Desk()
    leaning = part(dora.open(sharing.shared(age="30", problem="skin", preferred=("plasma",))), "who").text
    assert "Plasma leans towards it Against: Under 40 With care: Skin is thin" in leaning
    offered = part(dora.open(sharing.shared(age="30", matters=["proof"])), "who").text
    assert "Plasma was offered it Against: Under 40" in offered
    assert "They did not say what they lean towards." in offered
    neither = part(dora.open(sharing.shared(age="30")), "who")
    assert "Reasons against others: Plasma (1)" in neither.text
    assert "Against: Under 40" in neither.one("details").text
    without = part(dora.open(sharing.shared(preferred=("plasma",))), "who").text
    assert "Plasma leans towards it No reason against it in these answers" in without


def test_every_time_names_its_zone_and_dates_are_written_one_way(dora: Desk):
    review = sharing.shared()
    emil = Desk("emil")
    stale = dora.open(review)
    emil.step(emil.open(review), "note", text="Called.")
    for page in (dora.open(review), dora.open(review, "record/"), dora.step(stale, "note", text="Mine.")):
        times = re.findall(r"(\w+ \d+, \d{4}, )?\d\d:\d\d(?::\d\d)?( UTC)?", page.text)
        assert len(times) > 1, page.name
        assert all(day and zone for day, zone in times), (page.name, times)
        assert f"{timezone.now():%B} " in page.text


# --- Every answer ------------------------------------------------------------------------------------------------


def answers_of(page: web.Page) -> dict[str, str]:
    rows = [row for row in part(page, "answers").all("div") if row.all("dt")]
    return {row.all("dt")[0].text.rstrip(":"): row.all("dd")[0].text for row in rows if not row.all("div")}


def test_given_not_sure_skipped_and_not_asked_are_told_apart(dora: Desk):
    found = answers_of(dora.open(sharing.shared(problem="not-sure")))
    assert found["Short problem"] == "Not sure: The choice not-sure"
    assert found["Short weight"] == "Skipped"
    assert found["Short joint-site"] == "Not asked"
    assert found["Short age"] == "61 years"
    assert found["Short trial-number"] == "The choice no-number"
    assert found["Short words"] == "My own words."
    assert len(found) == len(sharing.ANSWERS)


def test_sections_stand_in_order(dora: Desk):
    page = dora.open(sharing.shared())
    assert [each.text for each in part(page, "answers").all("h3")] == ["Now", "You"]


def test_what_is_kept_but_off_the_path_stands_apart(dora: Desk):
    review = sharing.shared()
    changed(review, problem="skin")
    page = dora.open(review)
    parked = next(each for each in page.main.all("section") if each.get("class") == "parked")
    assert "Kept, but off the path" in parked.text
    assert "Short joint-site: The choice knee" in parked.text
    sections = [each for each in part(page, "answers").all("section") if each.get("class") is None]
    assert "Short joint-site: Not asked" in sections[0].text


# --- Versions ----------------------------------------------------------------------------------------------------


def test_versions_tell_what_changed_between_them(dora: Desk):
    review = sharing.shared()
    changed(review, problem="skin")
    page = dora.open(review)
    told = part(page, "versions").text
    assert "Version 2" in told
    assert "Short problem from The choice joint → to The choice skin" in told
    assert "Short joint-site from The choice knee → to Not asked" in told
    assert "Guidance added Sentence for-all. Title of skin-caution." in told
    assert "Guidance gone Sentence for-knees. Title of knee-caution." in told
    assert "The first that was shared." in told
    for number in (1, 2):
        assert at(review, f"as-seen/{number}/") in page.links


def test_what_was_finished_before_the_sharing_is_shown_to_nobody(dora: Desk):
    walk = sharing.finished(age="30")
    walk = sharing.confirmed(walk, sharing.ANSWERS)
    review = sharing.share(walk)
    page = dora.open(review)
    assert "30" not in answers_of(page)["Short age"]
    assert at(review, "as-seen/1/") not in page.links
    assert "The patient has not changed an answer since sharing." in page.text
    assert dora.get(at(review, "as-seen/1/")).status == 404
    assert dora.get(at(review, "as-seen/2/")).status == 200


def test_versions_of_two_editions_are_compared_in_the_words_of_each(dora: Desk):
    review = sharing.shared()
    web.publish(web.small_aid(web.with_new_question), safety_change=True)
    changed(review, new_one="yes")
    told = part(dora.open(review), "versions").text
    assert "Made with another edition: 1, then 2." in told
    assert "Short new-one from No such question in this edition → to The choice yes" in told


def test_many_versions_are_bounded_and_all_can_be_shown(dora: Desk):
    review = sharing.shared()
    for age in range(40, 40 + MOST_VERSIONS):
        changed(review, age=str(age))
    page = dora.open(review)
    assert len(part(page, "versions").all("li")) == MOST_VERSIONS
    assert len(part(dora.open(review, "?versions=all"), "versions").all("h3")) == MOST_VERSIONS + 1


# --- Steps, and who looked ---------------------------------------------------------------------------------------


def test_steps_stand_with_who_and_when(dora: Desk):
    review = sharing.shared()
    page = dora.open(review)
    page = dora.step(page, "note", text="Called.\r\n\r\nNo answer.")
    steps = part(page, "steps").all("li")
    assert [each["class"] for each in steps] == ["shared", "note"]
    assert steps[1].text.startswith("Note, Dora ")
    assert [each.text for each in steps[1].all("p")][1:] == ["Called.", "No answer."]


def test_words_with_a_script_are_words(dora: Desk):
    review = sharing.share(sharing.finished(words=SCRIPT), name=f"Maria {SCRIPT}", question=SCRIPT, contact=SCRIPT)
    page = dora.open(review)
    page = dora.step(page, "reply", text=f"Hello {SCRIPT}")
    page = dora.step(page, "note", text=SCRIPT)
    assert SCRIPT not in page.html
    # The title, the heading, the contact, the question, their own words, the reply, the note.
    assert page.html.count(BLOCKED) >= 7


def test_every_page_of_a_response_is_on_record_as_what_it_is(dora: Desk):
    review = sharing.shared()
    for rest in ("", "as-seen/1/", "as-seen/1/guidance.pdf", "what-would-change/", "record/"):
        dora.client.get(at(review, rest))
    dora.client.post(at(review, "what-would-change/"))
    events = AuditEvent.objects.filter(kind="viewed", subject=review.pk).order_by("number")
    assert [each.detail["page"] for each in events] == [
        *("response", "as seen, version 1", "PDF, version 1", "what would change", "access record"),
        "what would change",
    ]
    assert {(each.by, each.address) for each in events} == {(dora.user, "127.0.0.1")}


def test_the_access_record_tells_who_looked_when_and_from_where(dora: Desk):
    review = sharing.shared()
    other = sharing.shared(name="Ann Bell")
    Desk("emil").open(review)
    dora.open(other)
    rows = [[cell.text for cell in row.all("td")] for row in part(dora.open(review), "record").one("tbody").all("tr")]
    assert [row[1:] for row in rows] == [
        ["Dora", "Looked: response", "127.0.0.1"],
        ["Emil", "Looked: response", "127.0.0.1"],
        ["The patient", "Shared: version 1", "–"],
    ]


def test_a_long_access_record_is_bounded_and_can_be_read_whole(dora: Desk, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("questionnaire.physician.response.EVENTS_A_PAGE", 40)
    review = sharing.shared()
    for _ in range(MOST_EVENTS):
        reviews.look(by=caller(dora.user), pk=review.pk)
    page = dora.open(review)
    assert len(part(page, "record").one("tbody").all("tr")) == MOST_EVENTS
    assert at(review, "record/") in page.links
    seen, address = 0, at(review, "record/")
    for _ in range(3):
        page = dora.get(address)
        seen += len(page.main.one("tbody").all("tr"))
        earlier = [each for each in page.links if each.startswith("?before=")]
        if not earlier:
            break
        address = at(review, f"record/{earlier[0]}")
    # Two more looks were made by reading on.
    assert seen >= MOST_EVENTS + 2
    assert not earlier


# --- What it costs -----------------------------------------------------------------------------------------------


def statements(desk: Desk, review: Review) -> int:
    desk.open(review)
    with CaptureQueriesContext(connection) as caught:
        desk.open(review)
    return len(caught)


def test_a_page_asks_the_database_as_often_with_ten_versions_as_with_one(dora: Desk):
    review = sharing.shared()
    one = statements(dora, review)
    for age in range(40, 49):
        changed(review, age=str(age))
    reviews.note(by=caller(dora.user), pk=review.pk, revision=Review.objects.get().revision, text="A note.")
    assert statements(dora, review) == one
    # One of them locks the record's chain, on PostgreSQL alone; two, or three, look for lists and downloads.
    assert one <= 28
