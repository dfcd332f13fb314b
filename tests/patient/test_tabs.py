"""Five tabs, and as many requests at once: nobody's answer is lost."""

from __future__ import annotations

from http.cookies import SimpleCookie

import pytest
from django.test import Client

from questionnaire.models import FinishedVersion, Response
from tests.web import ANSWERS, Walker, at_once

CHANGED = {
    "problem": "joint",
    "joint-site": "hip",
    "age": "75",
    "weight": "80.5",
    "since": "2020-02-02",
    "trial-number": "NCT76543210",
    "matters": ["cost"],
}


def another_tab(walker):
    client = Client()
    client.cookies = walker.client.cookies
    return Walker(client)


@pytest.mark.django_db
def test_five_tabs_that_answer_from_stale_pages_lose_no_answer(published, walker):
    walker.answers()
    tabs = [another_tab(walker) for _ in range(5)]
    pages = [(tab, slug) for tab, slug in zip(tabs * 2, CHANGED, strict=False)]
    for tab, slug in pages:
        assert tab.get(f"/q/{slug}/").question == slug
    for tab, slug in reversed(pages):
        assert tab.answer(slug, CHANGED[slug]).name == "check"
    answers = Response.objects.get().answers
    assert {slug: answers[slug] for slug in CHANGED} == CHANGED
    assert Response.objects.get().revision == len(ANSWERS) - 1 + len(CHANGED)


@pytest.mark.django_db
def test_a_tab_that_a_change_in_another_left_behind_is_told_and_led_on(published, walker):
    walker.answers("signs", "problem")
    behind = another_tab(walker)
    assert behind.get("/q/joint-site/").question == "joint-site"
    walker.answer("problem", "skin")
    page = behind.answer("joint-site", "knee")
    assert page.status == 409
    assert behind.get(next(link for link in page.links if link.startswith("/q/"))).question == "age"
    assert Response.objects.get().answers == {"signs": ["none"], "problem": "skin"}


@pytest.mark.django_db
def test_confirming_in_a_tab_that_a_change_left_behind_asks_what_is_open(published, walker):
    walker.answers("signs")
    walker.answer("problem", "skin")
    walker.answers("age", "weight", "since", "trial-number", "words", "matters")
    behind = another_tab(walker)
    assert behind.get("/check/").name == "check"
    walker.answer("problem", "joint")
    assert behind.finish().question == "joint-site"
    assert not FinishedVersion.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_answers_that_arrive_at_the_same_moment_are_all_kept(published, walker):
    walker.answers()

    def change(tab, slug):
        return lambda: tab.client.post(f"/q/{slug}/", {"answer": CHANGED[slug]}).status_code

    assert at_once(*[change(another_tab(walker), slug) for slug in CHANGED]) == [302] * len(CHANGED)
    response = Response.objects.get()
    assert {slug: response.answers[slug] for slug in CHANGED} == CHANGED
    assert response.revision == len(ANSWERS) - 1 + len(CHANGED)


@pytest.mark.django_db(transaction=True)
def test_confirming_many_times_at_the_same_moment_makes_one_version(published, walker):
    walker.answers()
    tabs = [another_tab(walker) for _ in range(6)]
    assert at_once(*[lambda tab=tab: tab.client.post("/check/")["Location"] for tab in tabs]) == ["/result/"] * 6
    assert FinishedVersion.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_erasing_while_other_tabs_answer_ends_with_nothing_kept(published, walker):
    walker.answers()
    tabs = [another_tab(walker) for _ in range(4)]
    for tab in tabs:
        # Each with cookies of its own, so that the one which erases does not change the others'.
        tab.client.cookies = SimpleCookie({"response": walker.client.cookies["response"].value})
    jobs = [lambda tab=tab: tab.client.post("/q/age/", {"answer": "33"}).status_code for tab in tabs]
    told = at_once(*jobs, lambda: walker.client.post("/erase/").status_code)
    assert told.pop() == 200
    assert set(told) <= {302, 410}
    assert not Response.objects.exists()
    page = tabs[0].answer("age", "33")
    assert (page.status, page.name) == (410, "error")
