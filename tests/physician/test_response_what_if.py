"""“What would change?”: the same edition on other answers, stored nowhere."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from questionnaire.models import AuditEvent, FinishedVersion, Response, Review
from tests import sharing, web
from tests.physician.desk import Desk, at
from tests.staff import sign_in
from tests.web import Element, Page

pytestmark = pytest.mark.django_db


@pytest.fixture
def dora(published: Any) -> Desk:
    return Desk("dora")


def form_of(page: Page) -> Element:
    return next(each for each in page.main.all("form") if each.all(name="asked"))


def sent(page: Page, **changes: Any) -> dict[str, Any]:
    """The form as a browser would send it, with other answers; hyphens as underscores."""
    fields: dict[str, Any] = {}
    for each in form_of(page).walk():
        if each.tag == "input" and each.get("name") != "csrfmiddlewaretoken":
            if each.get("type") not in ("radio", "checkbox") or "checked" in each.attrs:
                fields.setdefault(each["name"], []).append(each.get("value") or "")
        elif each.tag == "textarea":
            fields[each["name"]] = each.raw_text.strip()
    return fields | {f"{slug.replace('_', '-')}-answer": answer for slug, answer in changes.items()}


def tried(desk: Desk, review: Review, page: Page | None = None, **changes: Any) -> Page:
    address = at(review, "what-would-change/")
    return desk.post(address, sent(page or desk.get(address), **changes))


def asked(page: Page) -> list[str]:
    return [each["value"] for each in form_of(page).all("input", name="asked")]


def lines(page: Page, name: str) -> list[str]:
    return [each.text for holder in page.main.all("ul") if holder.get("class") == name for each in holder.all("li")]


def stored() -> list[Any]:
    """Everything that is kept of all responses, but for who opened them first."""
    opened = ("opened_at", "opened_by_id")
    rows: list[dict[str, Any]] = [dict(each) for each in Review.objects.order_by("pk").values()]
    reviews = [{name: value for name, value in each.items() if name not in opened} for each in rows]
    others = [list(model.objects.order_by("pk").values()) for model in (Response, FinishedVersion)]
    return [reviews, *others]


def row(page: Page, name: str) -> list[str]:
    found = next(each for each in page.main.one("tbody").all("tr") if each.one("th").text == name)
    return [each.text for each in found.all("td")]


def test_the_form_holds_the_patients_answers_but_not_their_own_words(dora: Desk):
    review = sharing.shared()
    page = dora.get(at(review, "what-would-change/"))
    assert page.name == "what-would-change"
    assert asked(page) == ["signs", "problem", "joint-site", "age", "weight", "since", "trial-number", "matters"]
    fields = sent(page)
    assert (fields["problem-answer"], fields["age-answer"]) == (["joint"], ["61"])
    assert fields["trial-number-instead"] == ["no-number"]
    assert "My own words" not in page.html
    assert "Nothing is saved" in page.text
    assert page.main.all("h2")[0].text == "Now"


def test_guidance_added_and_gone_flags_and_standing(dora: Desk):
    review = sharing.shared(preferred=("plasma",))
    page = tried(dora, review, age="30", signs=["fever"])
    assert page.status == 200
    assert lines(page, "added") == ["Urgent: Title of urgent-fever.", "Caution: Title of young-caution."]
    assert lines(page, "gone") == []
    assert "Option: Plasma" in lines(page, "same")
    assert "Next step: Title of tell-them." in lines(page, "same"), "the patient's own words count as they are"
    assert row(page, "Flags") == ["No flag", "Red flag; Contraindicated"]
    assert row(page, "Where it stands") == ["No number", "No number"]
    assert row(page, "Against an alternative") == ["No reason", "Plasma: Under 40"]
    assert "Short age from 61 years → to 30 years" in page.text
    assert "Nothing is saved." in page.text


def test_nothing_is_stored_and_nothing_is_in_the_address(dora: Desk):
    review = sharing.shared()
    before = stored()
    page = tried(dora, review, problem="skin")
    assert lines(page, "gone") == ["Opening sentence: Sentence for-knees.", "Caution: Title of knee-caution."]
    assert stored() == before
    assert dora.place == at(review, "what-would-change/")
    looks = AuditEvent.objects.filter(kind="viewed")
    assert [each.detail for each in looks] == [{"page": "what would change"}] * 2
    assert not any("skin" in str(each.detail) for each in AuditEvent.objects.all())


def test_the_patients_own_answers_change_nothing(dora: Desk):
    page = tried(dora, sharing.shared())
    assert "nothing changes" in page.text
    assert lines(page, "added") == lines(page, "gone") == []


def test_a_question_that_opens_is_asked_in_the_next_round(dora: Desk):
    review = sharing.shared(problem="skin")
    page = tried(dora, review, problem="joint")
    assert page.status == 200
    assert "These answers lead to another question." in page.text
    assert page.main.all("table") == []
    assert asked(page)[-1] == "joint-site"
    assert sent(page)["problem-answer"] == ["joint"]
    page = tried(dora, review, page, joint_site="knee")
    assert lines(page, "added") == ["Opening sentence: Sentence for-knees.", "Caution: Title of knee-caution."]
    assert "The patient’s answer: The choice skin" in page.text
    assert "New: the patient was not asked this" in page.text


def test_a_question_that_opens_may_ask_for_words(db: None):
    def late_words(document: dict[str, Any]) -> None:
        web.questions_of(document)["words"] |= {"when": web.when("problem", is_="skin")}

    web.publish(web.small_aid(late_words))
    dora, review = Desk("dora"), sharing.shared()
    page = tried(dora, review, problem="skin")
    assert "words" in asked(page)
    page = tried(dora, review, page, words="Made up here.")
    assert "Next step: Title of tell-them." in lines(page, "added")
    assert "Made up here." in page.text
    assert Review.objects.get().version == review.version


def test_what_is_no_answer_is_told_and_kept(dora: Desk):
    review = sharing.shared()
    page = tried(dora, review, age="a lot", signs=["none", "fever"], problem="skin")
    assert page.status == 422
    assert page.title.startswith("Error: ")
    problems = page.alert.all("a")
    assert len(problems) == 2
    assert all(each["href"].removeprefix("#") in page.ids for each in problems)
    fields = sent(page)
    assert (fields["age-answer"], fields["problem-answer"]) == (["a lot"], ["skin"])
    assert fields["signs-answer"] == ["fever", "none"]
    assert page.main.all("table") == []


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"asked": "nothing-of-ours", "nothing-of-ours-answer": "x"},
        {"asked": ["age", "age"], "age-answer": "50"},
        {"asked": "problem", "problem-answer": "<script>alert(1)</script>"},
        {"asked": "trial-number", "trial-number-answer": "NCT 1", "trial-number-instead": "no-number"},
    ],
)
def test_a_form_that_was_made_up_does_no_harm(dora: Desk, fields: dict[str, Any]):
    page = dora.post(at(sharing.shared(), "what-would-change/"), fields)
    assert page.status in (200, 422)
    assert "<script>alert" not in page.html


def test_a_stale_token_loses_no_answer(dora: Desk):
    review = sharing.shared()
    address = at(review, "what-would-change/")
    fields = sent(dora.get(address), age="30")
    strict = Client(enforce_csrf_checks=True)
    sign_in(strict, dora.user)
    page = Page(strict.post(address, fields))
    assert page.status == 403
    again = page.main.one("form")
    held = [(each["name"], each.raw_text.strip()) for each in again.all("textarea")]
    assert ("age-answer", "30") in held
    assert [each["value"] for each in again.all("input", name="asked")] == fields["asked"]


def test_the_same_edition_judges_even_when_a_newer_one_is_live(dora: Desk):
    review = sharing.shared()
    web.publish(web.small_aid(web.with_new_question), note="Second edition.")
    page = tried(dora, review, age="30")
    assert "new-one" not in asked(page)
    assert "the same edition (1)" in page.text
    assert "Caution: Title of young-caution." in lines(page, "added")
