"""One question a page: how it is asked, changed and left."""

from __future__ import annotations

import pytest

from questionnaire.models import Response
from tests.web import ANSWERS, BEFORE, stored

pytestmark = pytest.mark.django_db

# --- How a question is asked


@pytest.mark.parametrize("slug", ANSWERS)
def test_a_question_page_is_one_plain_form_under_the_question(slug, at, walker):
    page = at(slug)
    assert page.status == 200
    assert page.name == "question"
    assert page.main.one("form", method="post").get("action") is None
    assert "novalidate" in page.main.one("form").attrs
    heading = page.root.one("h1")
    assert heading.text == f"What of {slug}?"
    assert heading.within("legend") or heading.all("label")
    assert page.title.startswith(f"What of {slug}? – ")
    assert page.main.all("button")[0].text == "Continue"
    assert not page.root.having("required")
    assert not page.root.all("script")


@pytest.mark.parametrize("slug", ANSWERS)
def test_the_way_back_stands_before_main_and_leads_to_the_question_before(slug, at):
    page = at(slug)
    back = page.root.one("nav", class_="back").one("a")
    assert not back.within("main")
    assert page.html.index('class="back"') < page.html.index("<main")
    assert back["href"] == (f"/q/{BEFORE[slug][-1]}/" if BEFORE[slug] else "/")


@pytest.mark.parametrize("slug", ANSWERS)
def test_no_answer_is_chosen_beforehand_and_a_given_one_is_shown_on_return(slug, at, walker):
    assert at(slug).given == {}
    walker.answer(slug, ANSWERS[slug])
    given = {"age": "61", "trial-number": "NCT01234567"}.get(slug, ANSWERS[slug])
    expected = {"answer": given if isinstance(given, list) else [given]} if given else {}
    assert walker.get(f"/q/{slug}/").given == expected


def test_each_input_has_a_label_and_its_hint_is_read_with_it(at):
    page = at("signs")
    for field in page.main.all("input", type="checkbox"):
        assert page.main.one("label", for_=field["id"]).text
    assert page.main.one("fieldset")["aria-describedby"] in page.ids
    assert page.main.one(id=page.main.one("fieldset")["aria-describedby"]).text == "We ask this first."


def test_a_choice_in_place_of_typing_is_shown_on_return(at, walker):
    at("trial-number")
    walker.answer("trial-number", {"choice": "no-number"})
    assert stored("trial-number") == {"choice": "no-number"}
    assert walker.get("/q/trial-number/").given == {"instead": ["no-number"]}


def test_start_leads_to_the_first_question_and_later_to_where_the_person_stopped(published, walker):
    page = walker.get("/")
    assert page.name == "start"
    start = next(link for link in page.main.all("a") if link.text == "Start")
    assert start["href"] == "/q/signs/"
    assert not Response.objects.exists()
    walker.answers("signs", "problem")
    assert "/q/joint-site/" in walker.get("/").links


def test_a_response_begins_with_the_first_answer_and_not_before(published, walker):
    walker.get("/q/signs/")
    assert not Response.objects.exists()
    assert "response" not in walker.client.cookies
    walker.answers("signs")
    assert stored() == {"signs": ["none"]}
    cookie = walker.client.cookies["response"]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    assert "none" not in cookie.value


@pytest.mark.parametrize("https", [True, False])
def test_where_there_is_https_the_cookie_goes_no_other_way(https, published, client, settings):
    settings.HTTPS = https
    assert bool(client.post("/q/signs/", {"answer": "none"}).cookies["response"]["secure"]) is https


# --- Going back, changing, stopping


def test_a_double_submit_is_one_answer(published, walker):
    walker.answers("signs")
    first = walker.answer("problem", "joint")
    second = walker.answer("problem", "joint")
    assert first.question == second.question == "joint-site"
    assert Response.objects.count() == 1
    assert stored() == {"signs": ["none"], "problem": "joint"}


def test_a_changed_answer_closes_questions_and_keeps_their_answers_aside(published, walker):
    walker.answers()
    walker.answer("problem", "skin")
    page = walker.get("/check/")
    assert page.name == "check"
    assert stored("joint-site") == "knee"
    counted = page.main.one("section", class_="parked")
    assert "Short joint-site" in counted.text
    changes = [link["href"] for link in page.main.all("a") if link.text.startswith("Change")]
    assert changes == [f"/q/{slug}/" for slug in ANSWERS if slug != "joint-site"]
    assert "The choice knee" not in page.text
    guidance = walker.finish().guidance
    assert "knee-caution" not in guidance
    assert "skin-caution" in guidance


def test_a_changed_answer_opens_questions_again_with_their_answers_still_there(published, walker):
    walker.answers()
    walker.answer("problem", "skin")
    assert walker.answer("problem", "joint").name == "check"
    page = walker.get("/check/")
    assert not page.main.all("section", class_="parked")
    assert "knee-caution" in walker.finish().guidance


def test_a_question_that_a_change_opens_is_asked_before_the_check(published, walker):
    walker.answers("signs")
    walker.answer("problem", "skin")
    walker.answers("age", "weight", "since", "trial-number", "words", "matters")
    assert walker.answer("problem", "joint").question == "joint-site"
    assert walker.get("/check/").question == "joint-site"
    assert walker.answers("joint-site").name == "check"


def test_the_check_page_shows_each_answer_in_the_persons_words(published, walker):
    page = walker.answers()
    rows = {term.text: term.parent.one("dd", class_="change") for term in page.main.all("dt")}
    assert list(rows) == [f"Short {slug}" for slug in ANSWERS]
    for slug, change in zip(ANSWERS, rows.values(), strict=True):
        link = change.one("a")
        assert link["href"] == f"/q/{slug}/"
        assert link.text == f"Change: Short {slug}"
    for words in (
        "No, I have none of these",
        "61 years",
        "May 6, 2024",
        "NCT01234567",
        "My own words.",
        "Not answered",
    ):
        assert words in page.text


def test_stopping_keeps_the_answer_first_and_leads_to_the_code(published, walker):
    walker.answers("signs")
    page = walker.answer("problem", "skin", then="save")
    assert page.name == "saved"
    assert stored("problem") == "skin"
    assert walker.post("/q/age/", {"then": "save"}).name == "saved"
    assert walker.post("/q/age/", {"then": "save", "answer": "17"}).status == 422


def test_an_urgent_answer_goes_before_the_wish_to_stop(published, walker):
    assert walker.answer("signs", "breathing", then="save").name == "urgent"


def test_each_answer_keeps_the_cookie_as_long_as_the_answers(published, walker, settings):
    walker.answers("signs")
    del walker.client.cookies["response"]["max-age"]
    reply = walker.client.post("/q/problem/", {"answer": "skin"})
    assert reply.cookies["response"]["max-age"] == settings.RETENTION_DAYS * 24 * 3600


# --- Methods


@pytest.mark.parametrize("address", ["/", "/about/", "/about/sources/", "/about/words/", "/result/", "/result.pdf"])
def test_pages_to_read_take_no_post(address, published, client):
    assert client.post(address).status_code == 405


@pytest.mark.parametrize("method", ["put", "patch", "delete", "options"])
def test_forms_take_get_head_and_post_only(method, published, client):
    for address in ("/q/signs/", "/check/", "/urgent/", "/save/", "/return/", "/erase/"):
        assert getattr(client, method)(address).status_code == 405
        assert client.head(address).status_code in (200, 302)
