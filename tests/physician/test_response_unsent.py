"""What a physician has typed and not sent is lost by no button of a response's page, with or without a script."""

from __future__ import annotations

from typing import Any

import pytest

from questionnaire.models import Review, ReviewEntry
from questionnaire.services import reviews
from questionnaire.services.reviews import LONGEST_TEXT
from tests import sharing as given
from tests.physician.desk import Desk, at, buttons, form_of, hidden
from tests.web import Element, Page

pytestmark = pytest.mark.django_db


@pytest.fixture
def dora(published: Any) -> Desk:
    return Desk("dora")


@pytest.fixture
def review(published: Any) -> Review:
    return given.shared()


def kept(page: Page, field: str) -> str:
    return page.root.one("textarea", id=f"{field}-text").raw_text.removeprefix("\n")


def ways_on(page: Page) -> list[Element]:
    """The buttons of a refusal."""
    return [each for each in buttons(page) if each.get("name") == "unsent"]


def choose(dora: Desk, page: Page, value: str, **texts: str) -> Page:
    """Press one of the ways on, with what stands in the fields."""
    button = next(each for each in ways_on(page) if each["value"] == value)
    return dora.post(button["formaction"], hidden(form_of(page, "note")) | texts | {"unsent": value})


def done(review: Review) -> list[str]:
    return [each.kind for each in reviews.entries(review)[1:]]


def test_one_form_owns_every_text_and_each_button_sends_it(dora: Desk, review: Review):
    page = dora.open(review)
    form = page.main.one("form", id="work")
    assert {each["name"] for each in form.all("textarea")} == {"reply", "note", "refer"}
    assert all(each.within("form") or each["form"] == "work" for each in buttons(page))
    assert [each["id"] for each in page.main.all("form") if each.all("textarea")] == ["work"]


@pytest.mark.parametrize(
    ("step", "others"),
    [
        ("take", ["reply"]),
        ("reviewed", ["note"]),
        ("refer", ["reply"]),
        ("note", ["reply", "refer"]),
        ("reply", ["note"]),
    ],
)
def test_a_step_that_would_leave_a_text_behind_is_refused_in_place(
    dora: Desk, review: Review, step: str, others: list[str]
):
    typed = {name: f"\n  Words of {name}.\n" for name in others}
    own = {step: "Own words."} if step in ("refer", "note", "reply") else {}
    page = dora.step(dora.open(review), step, **typed, **own)
    assert (page.status, page.name) == (422, "response")
    assert page.title.startswith("Error: ")
    nouns = {"reply": "reply that is not sent", "note": "note that is not kept", "refer": "referral that is not kept"}
    links = [(each["href"], each.text) for each in page.alert.all("a")]
    assert links == [(f"#{name}-text", f"You wrote a {nouns[name]}.") for name in others]
    assert {name: kept(page, name) for name in typed | own} == typed | own
    assert [each["value"] for each in ways_on(page)] == ["send", "leave"]
    assert done(review) == []
    fields = [page.root.one("textarea", id=f"{name}-text") for name in others]
    assert all(each["aria-invalid"] == "true" and each.within("details") for each in fields)


def test_what_is_only_blank_is_no_text(dora: Desk, review: Review):
    page = dora.step(dora.open(review), "take", reply=" \r\n", note="", refer="\t")
    assert page.status == 200
    assert done(review) == ["taken"]


def test_both_are_done_when_the_physician_says_so(dora: Desk, review: Review):
    typed = {"reply": "Come in.", "note": "Called."}
    page = dora.step(dora.open(review), "reviewed", **typed)
    assert [each.text for each in ways_on(page)] == [
        "Mark reviewed, and send the reply and keep the note too",
        "Mark reviewed, and leave the reply and the note in their fields",
    ]
    page = choose(dora, page, "send", **typed)
    assert page.status == 200
    assert done(review) == ["reply", "note", "reviewed"]
    assert Review.objects.get().state == "reviewed"
    assert kept(page, "reply") == ""


def test_taken_and_replied_waits_for_the_patient(dora: Desk, review: Review):
    page = dora.step(dora.open(review), "take", reply="Come in.")
    choose(dora, page, "send", reply="Come in.")
    assert done(review) == ["taken", "reply"]
    assert Review.objects.get().state == "waiting"


def test_what_is_left_stays_in_its_field(dora: Desk, review: Review):
    page = dora.step(dora.open(review), "take", reply="Half a rep")
    page = choose(dora, page, "leave", reply="Half a rep")
    assert page.status == 200
    assert "You have taken it." in page.text
    assert kept(page, "reply") == "Half a rep"
    assert done(review) == ["taken"]
    page = dora.step(page, "reply", reply="Half a reply is whole.")
    assert done(review) == ["taken", "reply"]


def test_going_on_says_that_the_text_is_dropped(dora: Desk, review: Review):
    given.shared(name="Two")
    page = dora.step(dora.open(review), "reviewed", then="next", reply="Half")
    assert [each.text for each in ways_on(page)] == [
        "Mark reviewed and go on, and send the reply too",
        "Mark reviewed and go on, and drop the reply",
    ]
    page = choose(dora, page, "send", reply="Whole.")
    assert page.main.one("h1").text == "Two"
    assert done(review) == ["reply", "reviewed"]


def test_a_text_too_long_is_told_before_anything_is_done(dora: Desk, review: Review):
    text = "x" * (LONGEST_TEXT + 1)
    page = dora.step(dora.open(review), "reviewed", reply="Fine.", note=text)
    page = choose(dora, page, "send", reply="Fine.", note=text)
    assert page.status == 422
    assert [each["href"] for each in page.alert.all("a")] == ["#note-text"]
    assert (kept(page, "reply"), kept(page, "note")) == ("Fine.", text)
    assert done(review) == []


def test_what_a_colleague_did_is_a_conflict_after_a_refusal_too(dora: Desk, review: Review):
    page, emil = dora.open(review), Desk("emil")
    emil.step(emil.open(review), "note", note="Wait: I am calling her.")
    page = dora.step(page, "reviewed", reply="Come in.")
    assert page.status == 422
    page = choose(dora, page, "send", reply="Come in.")
    assert (page.status, page.name) == (409, "conflict")
    assert "Wait: I am calling her." in page.text
    assert page.main.one("textarea", name="reply").raw_text.strip() == "Come in."
    assert done(review) == ["note"]
    page = dora.step(page, "reviewed", reply="Come in.")
    assert (page.status, page.name) == (422, "response")
    assert kept(page, "reply") == "Come in."


def test_a_step_that_does_not_fit_gives_every_text_back(dora: Desk, review: Review):
    page = dora.step(dora.open(review), "reviewed")
    revision = Review.objects.get().revision
    page = dora.post(at(review, "take/"), {"revision": revision, "reply": "One.", "note": "Two.", "unsent": "leave"})
    assert page.status == 409
    assert [each.raw_text.strip() for each in page.main.all("textarea")] == ["One.", "Two."]
    labels = [each.text for each in page.main.all("label")]
    assert labels == ["The reply you typed. It is not stored.", "The note you typed. It is not stored."]


def test_a_page_that_was_open_before_the_fields_had_names_loses_nothing(dora: Desk, review: Review):
    dora.post(at(review, "note/"), {"revision": review.revision, "text": "Mine."})
    assert [each.text for each in reviews.entries(review)][1:] == ["Mine."]
    assert ReviewEntry.objects.filter(kind="note").count() == 1
