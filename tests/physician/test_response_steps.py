"""What a physician does with a response: each step through its form, what is refused, and two physicians at once."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client

from questionnaire.models import AuditEvent, Review, ReviewEntry
from questionnaire.services import responses, reviews, sharing
from questionnaire.services.reviews import LONGEST_TEXT
from tests import sharing as given
from tests.physician.desk import Desk, at, buttons, form_of, hidden
from tests.staff import sign_in
from tests.web import Page, at_once

pytestmark = pytest.mark.django_db

WRITTEN = ("reply", "note", "refer")
STEPS = ("take", "reviewed", "reopen", *WRITTEN)


@pytest.fixture
def dora(published: Any) -> Desk:
    return Desk("dora")


@pytest.fixture
def review(published: Any) -> Review:
    return given.shared()


def message(page: Page) -> str:
    return next(each for each in page.main.all("ul") if each.get("class") == "messages").text


def has_form(page: Page, name: str) -> bool:
    return any(each["formaction"].endswith(f"/{name}/") for each in buttons(page))


def withdrawn(review: Review) -> None:
    sharing.withdraw(walk=responses.find(str(review.response_id)))


# --- Each step ---------------------------------------------------------------------------------------------------


def test_take_review_and_reopen(dora: Desk, review: Review):
    page = dora.open(review)
    assert [has_form(page, name) for name in STEPS] == [True, True, False, True, True, True]
    page = dora.step(page, "take")
    assert message(page) == "You have taken it."
    assert "Taken by you" in page.text
    assert not has_form(page, "take")
    page = dora.step(page, "reviewed")
    assert message(page) == "Marked reviewed."
    assert [has_form(page, name) for name in STEPS[:3]] == [False, False, True]
    page = dora.step(page, "reopen")
    assert Review.objects.get().state == "taken"
    assert list(ReviewEntry.objects.order_by("number").values_list("kind", flat=True)) == [
        *("shared", "taken", "reviewed", "reopened")
    ]


def test_the_patient_reads_the_reply_and_no_note(dora: Desk, review: Review):
    page = dora.step(dora.open(review), "note", text="For colleagues.")
    page = dora.step(page, "refer", text="To the joint clinic.")
    page = dora.step(page, "reply", text="Come in today.\r\n\r\nRing the bell.")
    assert Review.objects.get().state == "waiting"
    status = sharing.status(responses.find(str(review.response_id)))
    assert status is not None
    assert [each.text for each in status.replies] == ["Come in today.\n\nRing the bell."]
    assert all(words in page.text for words in ("For colleagues.", "To the joint clinic.", "Ring the bell."))


@pytest.mark.parametrize("name", WRITTEN)
def test_nothing_written_is_told_at_its_field(dora: Desk, review: Review, name: str):
    page = dora.step(dora.open(review), name, text="  \n ")
    assert page.status == 422
    link = page.alert.one("a")
    assert link["href"] == f"#{name}-text"
    said = {"reply": "reply before you send it", "note": "note before you keep it"}
    assert link.text == f"Write the {said.get(name, 'referral before you keep it')}."
    assert page.title.startswith("Error: ")
    field = page.root.one("textarea", id=f"{name}-text")
    assert field["aria-invalid"] == "true"
    assert page.root.one(id=f"{name}-error").text == f"Error: {link.text}"
    assert page.main.all("details", open="")[0].all("textarea")[0] is field
    assert Review.objects.get().revision == review.revision


@pytest.mark.parametrize("name", WRITTEN)
def test_too_much_written_is_kept_to_be_shortened(dora: Desk, review: Review, name: str):
    text = "\n" + "é" * (LONGEST_TEXT + 1)
    page = dora.step(dora.open(review), name, text=text)
    assert page.status == 422
    assert page.alert.one("a").text == f"Use {LONGEST_TEXT:,} characters or fewer. You used {LONGEST_TEXT + 1:,}."
    assert page.root.one("textarea", id=f"{name}-text").raw_text.removeprefix("\n") == text
    assert dora.step(page, name, text=text.strip()[:-1]).status == 200


def test_a_step_that_does_not_fit_any_more_is_told_in_words(dora: Desk, review: Review):
    page = dora.open(review)
    dora.step(page, "reviewed")
    page = dora.post(at(review, "take/"), {"revision": Review.objects.get().revision})
    assert page.status == 409
    assert "It is reviewed; reopen it first." in page.text
    assert AuditEvent.objects.filter(kind="refused", detail__why="NotNow").count() == 1


def test_loading_the_address_of_a_step_leads_to_the_response(dora: Desk, review: Review):
    for name in STEPS:
        assert dora.get(at(review, f"{name}/")).name == "response"
    assert Review.objects.get().revision == review.revision


@pytest.mark.parametrize("revision", ["", "x", "-1", "9" * 40, "٣"])
def test_a_step_that_names_no_revision_overwrites_nothing(dora: Desk, review: Review, revision: str):
    page = dora.post(at(review, "note/"), {"revision": revision, "text": "Mine."})
    assert page.status == 409
    assert page.main.one("textarea").raw_text.strip() == "Mine."
    assert ReviewEntry.objects.filter(kind="note").count() == 0


# --- Next ----------------------------------------------------------------------------------------------------------


def listed(dora: Desk, review: Review, query: str) -> Page:
    return dora.open(review, f"?from={query}")


@pytest.mark.parametrize("name", ["reviewed", "reply", "refer"])
def test_after_a_decision_comes_the_next_of_the_same_list(dora: Desk, published: Any, name: str):
    first = given.shared(name="One", problem="skin")
    given.shared(name="Between", problem="joint", signs=["fever"])
    second = given.shared(name="Two", problem="skin")
    page = dora.step(listed(dora, first, "problem%3Dskin"), name, text="Words.", then="next")
    assert page.main.one("h1").text == "Two"
    assert dora.place == f"{at(second)}?from=problem%3Dskin"
    assert message(page).startswith("One: ")
    assert f"{at(first)}?from=problem%3Dskin" in page.links
    assert "One" not in dora.get(dora.place).text, "told once"
    assert hidden(form_of(page, "note"))["from"] == "problem=skin"


def test_without_next_one_stays_and_the_list_is_not_forgotten(dora: Desk, review: Review):
    page = dora.step(listed(dora, review, "state%3Dall%26problem%3Djoint"), "reviewed")
    assert page.main.one("h1").text == "Maria López"
    assert dora.place == f"{at(review)}?from=state%3Dall%26problem%3Djoint"
    assert "/physician/?state=all&problem=joint" in page.links


def test_after_the_last_one_comes_the_list(dora: Desk, review: Review):
    form = form_of(listed(dora, review, "problem%3Djoint"), "reviewed")
    reply = dora.client.post(form["action"], hidden(form) | {"then": "next"})
    assert reply["Location"] == "/physician/?problem=joint"
    page = dora.get(reply["Location"])
    assert message(page) == "Maria López: marked reviewed. Back to that responseThat was the last one of this list."


def test_the_name_of_who_was_done_with_is_in_no_cookie_address_or_session(dora: Desk, review: Review):
    other = given.shared(name="Two")
    page = dora.open(review)
    form = form_of(page, "reviewed")
    reply = dora.client.post(form["action"], hidden(form) | {"then": "next"})
    assert at(other) in reply["Location"]
    held = [*map(str, reply.cookies.values()), reply["Location"], str(dict(dora.client.session))]
    assert not any("Maria" in each or "L\\u00f3pez" in each for each in held)


def test_of_a_response_taken_back_since_no_name_is_told(dora: Desk, review: Review):
    given.shared(name="Two")
    form = form_of(dora.open(review), "reviewed")
    reply = dora.client.post(form["action"], hidden(form) | {"then": "next"})
    withdrawn(review)
    page = dora.get(reply["Location"])
    assert message(page) == "The response before this one: marked reviewed. Its patient has taken it back."
    assert at(review) not in page.links


def test_the_next_one_can_be_gone_to_without_a_step(dora: Desk, published: Any):
    first, second = given.shared(name="One", problem="skin"), given.shared(name="Two", problem="skin")
    page = listed(dora, first, "problem%3Dskin")
    address = next(link for link in page.links if "/next/" in link)
    assert dora.get(address).main.one("h1").text == "Two"
    assert dora.place == f"{at(second)}?from=problem%3Dskin"
    assert dora.get(f"{at(second)}next/?from=problem%3Dskin").name == "inbox"
    assert dora.place == "/physician/?problem=skin"


def test_a_list_that_was_made_up_is_not_carried_on(dora: Desk, review: Review):
    made_up = "state%3Dhax%26name%3DMaria%26flag%3D<b>%26since%3Dyesterday%26next%3D//evil.example"
    page = listed(dora, review, made_up)
    assert hidden(form_of(page, "reviewed"))["from"] == ""
    assert not any("Maria" in link or "evil" in link for link in page.links)


# --- Two physicians at once --------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", WRITTEN)
def test_the_second_text_meets_the_first_and_replaces_nothing(dora: Desk, review: Review, name: str):
    emil = Desk("emil")
    first, second = dora.open(review), emil.open(review)
    dora.step(first, "reply", text="Dora's reply.")
    page = emil.step(second, name, text="\nEmil's <b>words</b>.")
    assert (page.status, page.name) == (409, "conflict")
    assert page.main.one("h1").text == "Maria López"
    assert page.title.startswith("Maria López: changed while you had it open")
    told = re.match(r"Changed while you had it open (.+?) on (\w+ \d+, \d{4}, \d\d:\d\d UTC)\.", page.alert.text)
    assert told
    assert told[1] == "Dora wrote a reply to the patient"
    theirs = page.main.one("section", aria_labelledby="theirs").text
    assert "Reply to the patient, Dora" in theirs
    assert "Dora's reply." in theirs
    assert "It now stands as: Waiting, with Dora." in theirs
    field = page.main.one("textarea")
    assert field.raw_text.removeprefix("\n") == "\nEmil's <b>words</b>."
    assert field.get("readonly") is None
    assert ReviewEntry.objects.filter(kind=name).count() == (1 if name == "reply" else 0)
    page = emil.step(page, name, text="Both in mind.")
    assert page.status == 200
    assert "Dora's reply." in page.text
    assert "Both in mind." in page.text


def test_a_decision_on_what_a_colleague_has_changed_is_asked_again(dora: Desk, review: Review):
    emil = Desk("emil")
    mine = listed(dora, review, "state%3Dall")
    emil.step(emil.open(review), "note", text="Wait: I am calling her.")
    page = dora.step(mine, "reviewed", then="next")
    assert page.status == 409
    assert "Wait: I am calling her." in page.text
    assert Review.objects.get().state == "new"
    form = form_of(page, "reviewed")
    assert hidden(form)["then"] == "next"
    assert hidden(form)["from"] == "state=all"
    dora.client.post(form["action"], hidden(form))
    assert Review.objects.get().state == "reviewed"


def test_what_the_patient_changed_meanwhile_is_a_conflict_too(dora: Desk, review: Review):
    page = dora.open(review)
    given.confirmed(responses.find(str(review.response_id)), given.ANSWERS | {"problem": "skin"})
    page = dora.step(page, "reviewed")
    assert page.status == 409
    assert "Answers changed by the patient" in page.text
    assert "The patient changed their answers on" in page.alert.text


def test_what_came_back_is_not_said_to_be_both_new_and_taken(dora: Desk, review: Review):
    dora.step(dora.open(review), "reviewed")
    page = dora.open(review)
    given.confirmed(responses.find(str(review.response_id)), given.ANSWERS | {"problem": "skin"})
    stale, page = page, dora.step(page, "note", text="Mine.")
    assert page.status == 409
    assert "It now stands as: New again; you had taken it before." in page.text
    assert "It now stands as: New again; Dora had taken it before." in Desk("emil").step(stale, "note", text="M.").text


def test_taking_from_a_colleague_is_called_so(dora: Desk, review: Review):
    emil = Desk("emil", first_name="Emil", last_name="Okafor")
    assert next(each.text for each in buttons(emil.open(review))) == "Take it"
    emil.step(emil.open(review), "take")
    page = dora.open(review)
    assert next(each.text for each in buttons(page)) == "Take over from Emil Okafor"
    assert "Taken by you" in dora.step(page, "take").text


@pytest.mark.django_db(transaction=True)
def test_two_who_send_at_the_same_moment_never_both_write_unseen(published: Any):
    review = given.shared()
    desks = [Desk("dora"), Desk("emil")]
    pages = [desk.open(review) for desk in desks]
    replies = at_once(
        *(
            lambda desk=desk, page=page: desk.client.post(
                at(review, "note/"), hidden(form_of(page, "note")) | {"text": f"By {desk.user}."}
            )
            for desk, page in zip(desks, pages, strict=True)
        )
    )
    assert sorted(each.status_code for each in replies) == [302, 409]
    refused = Page(next(each for each in replies if each.status_code == 409))
    assert all(f"By {desk.user}." in refused.text for desk in desks), "both texts"
    assert ReviewEntry.objects.filter(kind="note").count() == 1


# --- In the middle of it -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", WRITTEN)
def test_withdrawn_while_somebody_types(dora: Desk, review: Review, name: str):
    page = dora.open(review)
    withdrawn(review)
    page = dora.step(page, name, text="My long text.")
    assert page.status == 410
    assert page.main.one("h1").text == "Withdrawn by the patient"
    assert page.main.one("textarea").raw_text.strip() == "My long text."
    assert "Maria" not in page.html
    assert dora.client.post(at(review, "here/"), {"revision": "1"}).status_code == 410


@pytest.mark.parametrize("name", WRITTEN)
def test_a_role_taken_away_while_somebody_types(dora: Desk, review: Review, name: str):
    page = dora.open(review)
    dora.user.groups.clear()
    page = dora.step(page, name, text="My long text.")
    assert page.status == 403
    assert page.main.one("textarea").raw_text.strip() == "My long text."
    assert "Maria" not in page.html
    assert ReviewEntry.objects.count() == 1
    refused = AuditEvent.objects.get(kind="refused")
    assert (refused.by, refused.subject, refused.detail) == (dora.user, review.pk, {"page": f"physician:{name}"})


@pytest.mark.parametrize("name", WRITTEN)
def test_a_session_that_ended_while_somebody_typed(dora: Desk, review: Review, name: str):
    form = form_of(dora.open(review), name)
    dora.client.logout()
    page = dora.post(form["action"], hidden(form) | {"text": "\nMy long text."})
    assert page.status == 403
    assert page.main.one("textarea").raw_text.removeprefix("\n") == "\nMy long text."
    assert ReviewEntry.objects.count() == 1
    sign_in(dora.client, dora.user)
    page = dora.step(page, name, text="My long text.")
    assert "My long text." in page.text
    assert ReviewEntry.objects.get(kind__in=("reply", "note", "referred")).by == dora.user


def test_a_stale_token_loses_nothing(dora: Desk, review: Review):
    form = form_of(listed(dora, review, "state%3Dall"), "reply")
    strict = Client(enforce_csrf_checks=True)
    sign_in(strict, dora.user)
    page = Page(strict.post(form["action"], hidden(form) | {"text": "My </textarea> text.", "then": "next"}))
    assert page.status == 403
    assert page.name == "error"
    assert page.main.one("textarea").raw_text.strip() == "My </textarea> text."
    assert ReviewEntry.objects.count() == 1
    again = next(each for each in page.main.all("form"))
    assert again["action"] == at(review, "reply/")
    assert hidden(again) == {"revision": str(review.revision), "from": "state=all", "then": "next"}
    token = again.one("input", name="csrfmiddlewaretoken")["value"]
    reply = strict.post(again["action"], hidden(again) | {"text": "My text.", "csrfmiddlewaretoken": token})
    assert reply.status_code == 302
    assert reviews.entries(review)[-1].text == "My text."


def test_far_too_much_at_once_is_told_in_the_physicians_room(dora: Desk, review: Review):
    page = dora.post(at(review, "reply/"), {"revision": 1, "text": "x" * 300_000})
    assert page.status == 400
    assert "Nothing was stored" in page.text
    assert page.root.one("body")["class"] == "staff"
