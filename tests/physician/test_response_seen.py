"""What the physician is shown as the patient's guidance is what the patient saw."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.test import Client

from questionnaire.models import Response, Review
from questionnaire.patient import pages
from questionnaire.services import checking, responses
from tests import sharing, web
from tests.browser.people import WITH_A_RED_FLAG
from tests.physician.desk import Desk, at, changed, part
from tests.web import Element, Page, Walker, pdf_text

pytestmark = pytest.mark.django_db


def shared_by(walker: Walker, **more: Any) -> Review:
    """What this browser has finished, shared."""
    return sharing.share(responses.find(Response.objects.latest("created_at").pk), **more)


def items(element: Element) -> list[tuple[str, str, str]]:
    """Every item of guidance: slug, kind and all its words, folded ones too, in order."""
    found = element.having("data-guidance")
    return [(each["data-guidance"], each["data-kind"], each.text) for each in found]


def meaning(page: Page) -> list[str]:
    holder = next(each for each in page.main.walk() if each.get("class") == "meaning")
    return [each.text for each in holder.all("p") if each.get("class") != "quiet"]


def same(theirs: Page, ours: Page) -> None:
    assert items(theirs.main), "there is something to compare"
    assert items(part(ours, "guidance")) == items(theirs.main)
    assert meaning(ours) == meaning(theirs)


@pytest.mark.parametrize(
    "answers",
    [
        {},
        {"signs": ["fever", "breathing"]},
        {"problem": "skin", "age": "30", "trial_number": "NCT01234567"},
        {"words": "", "weight": "80.5"},
    ],
)
def test_the_same_items_in_the_same_words_and_order(published: Any, walker: Walker, answers: dict[str, Any]):
    walker.get("/")
    for slug in web.ANSWERS:
        if slug == "joint-site" and "problem" in answers:
            continue
        answer = answers.get(slug.replace("-", "_"), web.ANSWERS[slug])
        if walker.answer(slug, answer).name == "urgent":
            walker.post("/urgent/")
    theirs = walker.finish()
    assert theirs.name == "result"
    review = shared_by(walker)
    dora = Desk("dora")
    same(theirs, dora.open(review))
    seen = dora.get(at(review, "as-seen/1/"))
    assert seen.name == "result"
    assert seen.title == "As the patient saw it – version 1 – physician"
    assert seen.main["data-edition"] == "1"
    assert items(seen.main) == items(theirs.main)
    assert seen.main.one("h1").text == theirs.main.one("h1").text
    # What only a patient can do stands on their page alone.
    headings = [each.text for each in theirs.main.all("h2") if each.text != "Share with the practice"]
    assert [each.text for each in seen.main.all("h2")] == headings


def test_the_whole_shipped_aid_reads_the_same(shipped: Any, walker: Walker):
    for slug, answer in WITH_A_RED_FLAG.answers.items():
        if walker.answer(slug, answer or "").name == "urgent":
            walker.post("/urgent/")
    theirs = walker.finish()
    assert len(items(theirs.main)) > 40
    same(theirs, Desk("dora").open(shared_by(walker)))


def test_an_edition_that_was_superseded_keeps_its_words(published: Any, walker: Walker):
    theirs = walker.to_the_end()
    review = shared_by(walker)

    def reworded(document: dict[str, Any]) -> None:
        for each in document["guidance/all.yaml"]:
            each["title"] = web.text(f"Other title of {each['slug']}.")
        document["guidance/all.yaml"] = [each for each in document["guidance/all.yaml"] if each["slug"] != "look-up"]

    web.publish(web.small_aid(reworded), note="Second edition.")
    page = Desk("dora").open(review)
    same(theirs, page)
    assert "Other title" not in page.html
    assert "Edition 1 of" in part(page, "guidance").text
    assert "A newer edition is published" in part(page, "guidance").text
    assert "Other title" not in Desk("dora").get(at(review, "as-seen/1/")).html


def test_the_stored_outcome_counts_and_nothing_is_judged_anew(published: Any):
    review = sharing.shared()
    assert review.version is not None
    review.version.outcome["items"] = [each for each in review.version.outcome["items"] if each["slug"] != "plasma"]
    review.version.save()
    shown = [slug for slug, _, _ in items(part(Desk("dora").open(review), "guidance"))]
    assert "plasma" not in shown
    assert "wait" in shown


def test_reasons_and_edition_stand_with_the_guidance(published: Any):
    guidance = part(Desk("dora").open(sharing.shared()), "guidance")
    caution = guidance.one("article", data_guidance="knee-caution").text
    assert "Because of your answers: Short joint-site: The choice knee." in caution
    assert "Everyone who uses this aid sees this." in guidance.one("article", data_guidance="not-approved").text
    assert "Edition 1 of" in guidance.text


def test_what_is_overdue_is_told_as_the_patient_is_told(
    published: Any, walker: Walker, monkeypatch: pytest.MonkeyPatch
):
    walker.to_the_end()
    review = shared_by(walker)
    for module in (pages, checking):
        monkeypatch.setattr(module, "today", lambda: dt.date(2126, 1, 2))
    theirs, ours = walker.get("/result/"), Desk("dora").open(review)
    same(theirs, ours)
    withheld = [page.main.having("data-withheld")[0].text for page in (theirs, ours)]
    assert withheld[0] == withheld[1]
    assert "Note overdue." in ours.text


def test_each_version_opens_as_it_was(published: Any):
    review = sharing.shared()
    changed(review, problem="skin")
    dora = Desk("dora")
    first, second = (dora.get(at(review, f"as-seen/{number}/")) for number in (1, 2))
    assert "knee-caution" in first.guidance
    assert "knee-caution" not in second.guidance
    assert "skin-caution" in second.guidance
    bar = first.root.one("aside", aria_label="For staff")
    assert "What the patient saw: version 1, edition 1." in bar.text
    assert at(review) in first.links


def test_the_patients_page_leads_into_nobodys_own_answers(published: Any):
    review = sharing.shared()
    dora = Desk("dora")
    page = dora.get(at(review, "as-seen/1/"))
    own = {"/result.pdf", "/save/", "/erase/", "/check/", "/return/"}
    assert not own.intersection(page.links)
    inside = [link for link in page.links if link.startswith(at(review))]
    for link in inside:
        if not link.endswith(".pdf"):
            assert dora.get(link).status == 200, link
    assert dora.client.get(at(review, "as-seen/1/check/"))["Location"] == f"{at(review)}#answers"
    assert dora.client.get(at(review, "as-seen/1/about/sources/"))["Location"] == "/about/sources/"


def test_the_pdf_is_the_one_that_the_patient_could_save(published: Any, walker: Walker):
    walker.to_the_end()
    theirs = pdf_text(walker.client.get("/result.pdf"))
    review = shared_by(walker)
    dora = Desk("dora")
    reply = dora.client.get(at(review, "as-seen/1/guidance.pdf"))
    assert reply["Content-Type"] == "application/pdf"
    assert "no-store" in reply["Cache-Control"]
    assert pdf_text(reply) == theirs


def test_a_physicians_own_browser_answers_are_untouched(published: Any):
    """A physician may try the aid in the same browser; a patient's page shows the patient's answers all the same."""
    dora = Desk("dora")
    own = Walker(Client())
    own.client = dora.client
    own.to_the_end()
    review = sharing.shared(problem="skin")
    assert "skin-caution" in dora.get(at(review, "as-seen/1/")).guidance
    assert "knee-caution" in own.get("/result/").guidance
