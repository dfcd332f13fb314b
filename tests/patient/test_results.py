"""What a person is told: at once if it is urgent, and in the end as it was stored."""

from __future__ import annotations

import logging
import re

import pytest
import time_machine
from django.test import Client

from questionnaire.domain.content import GUIDANCE_KINDS
from questionnaire.models import FinishedVersion, Response
from tests import web
from tests.web import ANSWERS, Walker, questions_of, small_aid

pytestmark = pytest.mark.django_db

# --- Urgent


def test_urgent_guidance_comes_right_after_the_answer_that_calls_for_it(published, walker):
    page = walker.answer("signs", "breathing")
    assert page.name == "urgent"
    assert list(page.guidance) == ["urgent-breathing"]
    assert page.guidance["urgent-breathing"]["data-kind"] == "urgent"
    assert page.main.all("a", href="tel:911")
    assert "Short signs: The choice breathing" in page.text
    assert page.main.one("form", method="post").one("button").text == "Go on with the questions"
    assert page.root.one("nav", class_="back").one("a")["href"] == "/q/signs/"


@pytest.mark.parametrize("address", ["/check/", "/result/", "/result.pdf"])
def test_nothing_else_is_in_reach_before_urgent_guidance_was_seen(address, published, walker):
    walker.answers("signs", "problem", "joint-site", "age", "weight", "since", "trial-number", "words", "matters")
    assert walker.answer("signs", "breathing").name == "urgent"
    assert walker.get(address).name == "urgent"
    assert walker.finish().name == "urgent"
    assert walker.answer("age", "70").name == "urgent"
    assert Response.objects.get().answers["age"] == "70"
    assert not FinishedVersion.objects.exists()
    assert walker.post("/urgent/").name == "check"
    assert walker.finish().name == "result"


def test_urgent_guidance_stops_a_person_once_and_again_for_another_sign(published, walker):
    walker.answer("signs", "breathing")
    assert walker.post("/urgent/").question == "problem"
    assert walker.answers("problem").question == "joint-site"
    assert walker.answer("signs", "breathing").question == "joint-site"
    page = walker.answer("signs", ["breathing", "fever"])
    assert page.name == "urgent"
    assert list(page.guidance) == ["urgent-breathing", "urgent-fever"]
    assert walker.post("/urgent/").question == "joint-site"
    assert walker.answer("signs", "none").question == "joint-site"
    assert walker.get("/urgent/").question == "joint-site"


def test_urgent_guidance_stands_first_in_the_result(published, walker):
    walker.answer("signs", "fever")
    walker.post("/urgent/")
    page = walker.to_the_end(signs="fever")
    assert next(iter(page.guidance)) == "urgent-fever"
    assert page.main.one(id="urgent-title").text == "Urgent: do this first"


def test_a_new_sign_after_the_guidance_is_urgent_again_and_the_old_guidance_says_it_is_old(published, walker):
    walker.to_the_end()
    assert walker.answer("signs", "breathing").name == "urgent"
    page = walker.get("/result/")
    assert "/urgent/" in page.links
    assert "You have changed an answer" in page.text


# --- Finishing


def test_confirming_twice_makes_one_version(published, walker):
    walker.to_the_end()
    assert walker.finish().name == "result"
    assert FinishedVersion.objects.count() == 1


def test_the_same_answers_sent_again_make_no_new_version(published, walker):
    walker.to_the_end()
    walker.answers()
    assert "You have changed an answer" not in walker.get("/result/").text
    assert walker.finish().name == "result"
    assert FinishedVersion.objects.count() == 1


def test_a_changed_answer_makes_a_second_version_and_keeps_the_first(published, walker):
    walker.to_the_end()
    first = FinishedVersion.objects.values().get()
    assert walker.answer("joint-site", "hip").name == "check"
    old = walker.get("/result/")
    assert "You have changed an answer" in old.text
    assert "/check/" in old.links
    assert "knee-caution" in old.guidance
    new = walker.finish()
    assert "knee-caution" not in new.guidance
    assert "You have changed an answer" not in new.text
    assert FinishedVersion.objects.values().get(number=1) == first
    assert FinishedVersion.objects.get(number=2).answers["joint-site"] == "hip"


def test_a_change_of_the_guidance_is_not_told_as_a_change_of_answers(published, walker):
    walker.to_the_end()
    web.publish(web.small_aid(), note="Nothing of it is for you.")
    web.publish(web.small_aid(), safety_change=True, note="A new <b>caution</b> for knees.")
    web.publish(web.small_aid(), note="Nor is this.")
    page = walker.get("/result/")
    notice = page.main.one("aside", class_="notice screen-only")
    assert "Our guidance has changed for safety since this was made" in notice.text
    assert [each.text for each in notice.all("li")] == ["A new <b>caution</b> for knees."]
    assert "You have changed an answer" not in page.text
    assert [each["href"] for each in notice.all("a")] == ["/check/"]
    walker.answer("joint-site", "hip")
    page = walker.get("/result/")
    assert "You have changed an answer" in page.text
    assert "changed for safety" in page.text
    assert "changed for safety" not in walker.finish().text


def test_a_finished_version_keeps_edition_answers_outcome_reasons_and_time(published, walker):
    with time_machine.travel("2026-11-30T10:00:00Z", tick=False):
        walker.to_the_end()
    version = FinishedVersion.objects.get()
    assert version.edition == published
    assert version.answers == Response.objects.get().answers
    assert version.finished_at.isoformat() == "2026-11-30T10:00:00+00:00"
    shown = {each["slug"]: each["reasons"] for each in version.outcome["items"]}
    assert shown["knee-caution"] == ["joint-site"]
    assert shown["not-approved"] == []
    assert [each["slug"] for each in version.outcome["meaning"]] == ["for-knees", "second", "third"]
    assert "Title of" not in str(version.outcome)


def test_what_was_stored_is_what_is_shown(published, walker):
    walker.to_the_end()
    version = FinishedVersion.objects.get()
    version.outcome["items"] = [each for each in version.outcome["items"] if each["slug"] != "knee-caution"]
    version.save()
    page = walker.get("/result/")
    assert "knee-caution" not in page.guidance
    assert "not-approved" in page.guidance


def other_words(held):
    """The same aid with every text of an item, of the meaning and of the head said in other words."""
    if isinstance(held, list):
        return [other_words(each) for each in held]
    if isinstance(held, dict):
        return {key: f"New {value}" if key == "en" else other_words(value) for key, value in held.items()}
    return held


def in_other_words(document):
    for file in ("aid.yaml", "guidance/all.yaml", "meaning.yaml", "evidence/all.yaml", "questions.yaml"):
        document[file] = other_words(document[file])
    for each in document["guidance/all.yaml"]:
        if each["kind"] == "caution":
            each.pop("when", None)


def test_the_guidance_is_never_worked_out_again_and_keeps_its_words_under_a_new_edition(
    published, walker, monkeypatch, cold
):
    before = walker.to_the_end()
    printed = web.pdf_text(walker.client.get("/result.pdf"))
    web.publish(small_aid(in_other_words))
    assert "New Title of not-approved." in Walker(Client()).to_the_end().text

    def refuse(*args, **kwargs):
        raise AssertionError("worked out again")

    monkeypatch.setattr("questionnaire.services.finishing.outcome", refuse)
    monkeypatch.setattr("questionnaire.domain.outcome.outcome", refuse)
    monkeypatch.setattr("questionnaire.domain.outcome._meaning", refuse)
    after = walker.get("/result/")
    assert after.text == before.text
    assert after.main["data-edition"] == "1"
    assert web.pdf_text(walker.client.get("/result.pdf")) == printed
    assert "New " not in printed + after.text


# --- The guidance page


def test_every_item_says_what_it_is_and_links_to_its_sources(published, walker):
    page = walker.to_the_end()
    assert page.main["data-edition"] == str(published.number)
    assert set(page.guidance) == {
        "not-approved", "knee-caution", "wait", "plasma", "look-up", "tell-them", "ask-number"
    }  # fmt: skip
    for slug, element in page.guidance.items():
        assert element["data-kind"] in GUIDANCE_KINDS
        assert f"Title of {slug}." in element.text
        assert [link for link in element.all("a") if link["href"] == "https://example.org/paper"]
    assert page.guidance["wait"]["data-kind"] == "standard-care"
    meaning = page.main.one("section", class_="meaning")
    assert [each.text for each in meaning.all("p")][:3] == [
        "Sentence for-knees.",
        "Sentence second.",
        "Sentence third.",
    ]


def test_each_item_names_the_answers_that_made_it_appear(published, walker):
    guidance = walker.to_the_end().guidance
    assert "Short joint-site: The choice knee" in guidance["knee-caution"].text
    assert "Short trial-number: NCT01234567" in guidance["look-up"].text
    assert "Short words: My own words." in guidance["tell-them"].text
    assert "Everyone who uses this aid sees this." in guidance["not-approved"].text
    assert "Because of your answers" not in guidance["not-approved"].text


def test_standard_care_and_the_options_get_the_same_parts(published, walker):
    guidance = walker.to_the_end().guidance
    parts = [[each.text for each in guidance[slug].all("h4")] for slug in ("wait", "plasma")]
    assert parts[0] == parts[1]
    assert len(parts[0]) == 7


def test_what_a_person_skipped_or_left_aside_does_not_act(published, walker):
    guidance = walker.to_the_end(words="", trial_number={"choice": "no-number"}).guidance
    assert not {"tell-them", "look-up"} & set(guidance)


def test_an_aid_past_its_review_says_so(db, walker):
    def soon(document):
        document["aid.yaml"]["next_review"] = "2026-12-01"

    web.publish(small_aid(soon))
    with time_machine.travel("2026-12-01T23:00:00Z", tick=False):
        walker.to_the_end()
        assert "Note overdue." not in walker.get("/result/").text
    with time_machine.travel("2026-12-02T01:00:00Z", tick=False):
        for address in ("/", "/result/", "/about/"):
            assert "Note overdue." in walker.get(address).text


def test_the_pdf_is_a_file_of_its_own_that_nobody_keeps(published, walker):
    walker.to_the_end()
    reply = walker.client.get("/result.pdf")
    assert reply["Content-Type"] == "application/pdf"
    assert reply["Content-Disposition"] == 'attachment; filename="guidance.pdf"'
    assert reply["Cache-Control"] == "no-store"
    assert reply.content.startswith(b"%PDF-")


HOSTILE = (
    "<script>alert(1)</script></textarea><img src=x onerror=alert(1)> **bold** [link](javascript:alert(1)) "
    '{{ 7|add:7 }} {% now "Y" %} &amp; "quoted\' #show("typst")'
)


def test_a_persons_words_are_never_markup(published, walker):
    walker.answers(words=HOSTILE)
    for page in (walker.get("/q/words/"), walker.get("/check/"), walker.finish()):
        assert HOSTILE in page.main.raw_text
        assert not page.root.all("script")
        assert not page.root.all("img")
        assert not [link for link in page.links if link.startswith("javascript")]
        assert "bold" not in [each.text for each in page.root.all("strong")]
    assert walker.client.get("/result.pdf").content.startswith(b"%PDF-")


# --- Every page

HEADERS = {
    "Cache-Control": "no-store",
    "X-Frame-Options": "DENY",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}
EVERYWHERE = [
    "/", "/q/signs/", "/q/age/", "/q/matters/", "/q/nowhere/", "/check/", "/result/", "/result.pdf", "/urgent/",
    "/save/", "/return/", "/erase/", "/about/", "/about/sources/", "/about/words/", "/about/nowhere/", "/nowhere",
    "/healthz", "/readyz",
]  # fmt: skip


@pytest.mark.parametrize("address", EVERYWHERE)
def test_no_page_is_kept_by_a_browser_or_may_run_a_script(address, published, walker):
    fresh = Client()
    walker.to_the_end()
    for client in (walker.client, fresh):
        for reply in (client.get(address), client.post(address, b"\xff", content_type="x/y")):
            assert reply.status_code < 500
            for name, value in HEADERS.items():
                assert reply[name] == value, f"{name} of {address} with status {reply.status_code}"
            policy = dict(part.strip().split(" ", 1) for part in reply["Content-Security-Policy"].split(";"))
            assert policy["default-src"] == "'none'"
            assert "script-src" not in policy
            assert policy["frame-ancestors"] == policy["base-uri"] == "'none'"
            assert policy["form-action"] == "'self'"
            assert "camera=()" in reply["Permissions-Policy"]


def test_a_host_name_that_is_not_ours_is_refused_with_a_page(published, walker):
    page = walker.get("/", headers={"Host": "evil.example"})
    assert (page.status, page.name) == (400, "error")
    assert "evil.example" not in page.html
    assert page.reply["Cache-Control"] == "no-store"


def choices_of(document):
    return {each["slug"] for raw in questions_of(document).values() for each in raw.get("choices", ())}


def test_no_answer_is_in_an_address_or_a_log(published, walker, caplog):
    caplog.set_level(logging.DEBUG)
    secret = "zebra"
    links = set()
    for fields in ({}, {"then": "save"}):
        for slug, answer in (ANSWERS | {"words": secret}).items():
            links.update(walker.answer(slug, answer, **fields).links)
    walker.answer("signs", ["breathing", "none"])
    links.update(walker.answer("signs", "breathing").links)
    walker.post("/urgent/")
    walker.answer("words", secret * 100)
    walker.answer("problem", "skin")
    walker.answer("joint-site", "hip")
    walker.answer("age", "17 " + secret)
    walker.answer("words", secret * 100_000)
    links.update(walker.get("/check/").links, walker.finish().links)
    Walker(Client(enforce_csrf_checks=True)).answer("signs", "fever")
    code = walker.post("/save/").main.one("p", class_="code").text
    walker.post("/return/", {"code": code})
    walker.post("/erase/")
    own = {link for link in links if not link.startswith("http")}
    logged = " ".join([caplog.text, *(str(record.__dict__) for record in caplog.records)])
    assert "/q/joint-site/" in logged, "nothing was logged, so nothing is proved"
    for told in [*walker.places, *own, caplog.text]:
        said = set(re.split(r"[/?#&=.\s:()]+", told))
        assert not said & choices_of(small_aid()), told
        assert not {"61", "NCT01234567", "2024-05-06"} & said, told
    assert secret not in logged
    assert code not in logged
    assert not [place for place in walker.places if "?" in place]
