"""Tokens against forged requests: a stale page comes back with what was typed, and then works."""

from __future__ import annotations

import pytest
from django.test import Client

from questionnaire.models import Response
from tests.web import ANSWERS, Page, Walker, stored

pytestmark = pytest.mark.django_db

# --- Tokens against forged requests


@pytest.fixture
def strict(published):
    """A person whose browser's tokens are looked at."""
    return Walker(Client(enforce_csrf_checks=True))


def send(walker, page, slug, **fields):
    token = page.sent()["csrfmiddlewaretoken"][0]
    return walker.post(f"/q/{slug}/", {"csrfmiddlewaretoken": token, **fields})


@pytest.mark.parametrize("token", [None, "", "stale" * 13, "a" * 64], ids=["none", "empty", "wrong length", "stale"])
@pytest.mark.parametrize(
    ("slug", "sent"), [("signs", {"answer": ["fever"]}), ("problem", {"answer": ["skin"]})], ids=["first", "later"]
)
def test_a_page_sent_with_a_stale_token_comes_back_with_what_was_typed_and_then_works(token, slug, sent, strict):
    page = strict.get("/q/signs/")
    if slug != "signs":
        page = send(strict, page, "signs", answer="none")
    before = list(Response.objects.values_list("answers", flat=True))
    page = strict.post(f"/q/{slug}/", sent | ({} if token is None else {"csrfmiddlewaretoken": token}))
    assert page.status == 403
    assert page.question == slug
    assert page.given == sent
    assert page.title.startswith("Error: ")
    assert "Your answer is still here" in page.alert.text
    assert all(link["href"].removeprefix("#") in page.ids for link in page.alert.all("a"))
    assert list(Response.objects.values_list("answers", flat=True)) == before
    send(strict, page, slug, **sent)
    assert stored(slug) == (sent["answer"] if slug == "signs" else sent["answer"][0])


def test_typed_words_come_back_from_a_stale_page_too(strict):
    page = strict.get("/q/signs/")
    for slug in ANSWERS:
        if slug == "words":
            break
        page = send(strict, page, slug, answer=ANSWERS[slug])
    typed = "A long\nstory <b>& more"
    refused = strict.post("/q/words/", {"answer": typed})
    assert refused.status == 403
    assert refused.given == {"answer": [typed]}
    assert send(strict, refused, "words", answer=typed).question == "matters"


def test_a_browser_that_takes_no_cookies_is_told_to_allow_them(published):
    page = Page(Client(enforce_csrf_checks=True).post("/q/signs/", {"answer": "none"}))
    assert page.status == 403
    assert "allow cookies" in page.text
    assert page.given == {"answer": ["none"]}
    assert not Response.objects.exists()


def test_a_stale_page_of_a_question_that_is_out_of_reach_is_not_shown_as_another(strict):
    page = strict.post("/q/age/", {"answer": "61"})
    assert (page.status, page.name) == (403, "error")
    send(strict, strict.get("/q/signs/"), "signs", answer="none")
    page = strict.post("/q/age/", {"answer": "61"})
    assert (page.status, page.name) == (403, "error")
    assert "/q/age/" in page.links
    assert strict.get("/q/age/").question == "problem"


@pytest.mark.parametrize("address", ["/check/", "/urgent/", "/save/", "/erase/", "/return/"])
def test_every_other_form_refuses_a_missing_token_and_leads_back_to_itself(address, strict):
    page = send(strict, strict.get("/q/signs/"), "signs", answer="fever")
    answers = stored()
    page = strict.post(address)
    assert page.status == 403
    assert address in page.links or page.name == "return"
    assert stored() == answers
    assert Response.objects.get().code_hash is None


def test_a_code_typed_into_a_stale_page_comes_back(strict):
    page = strict.post("/return/", {"code": "ACDEF-GHJKM-NPQRT"})
    assert (page.status, page.name) == (403, "return")
    assert page.given == {"code": ["ACDEF-GHJKM-NPQRT"]}
    assert page.alert.all("a")


def test_a_page_from_another_site_changes_nothing(published):
    client = Client(enforce_csrf_checks=True)
    walker = Walker(client)
    page = send(walker, walker.get("/q/signs/"), "signs", answer="none")
    token = page.sent()["csrfmiddlewaretoken"][0]
    refused = walker.post(
        "/q/problem/", {"answer": "skin", "csrfmiddlewaretoken": token}, headers={"Origin": "https://evil.example"}
    )
    assert refused.status == 403
    assert stored() == {"signs": ["none"]}
