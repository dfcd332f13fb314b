"""An editor walks the draft as any person would, and nothing of it becomes a response."""

from __future__ import annotations

import json

import pytest

from questionnaire.models import Edition, FinishedVersion, Response
from tests import web
from tests.drafting import KNEE, retitled, save
from tests.web import ANSWERS, Page

pytestmark = pytest.mark.django_db

AT = "/admin/guidance/preview"


def answer(desk, slug, given) -> Page:
    fields = {"instead": given["choice"]} if isinstance(given, dict) else {"answer": given}
    page: Page = desk.post(f"{AT}/q/{slug}/", fields)
    return page


def to_the_end(desk) -> Page:
    page = None
    for slug, given in ANSWERS.items():
        page = answer(desk, slug, given)
        assert page.status == 200, (slug, page.main.text)
    assert page is not None
    assert page.name == "check"
    result: Page = desk.post(f"{AT}/check/")
    return result


def test_the_draft_is_walked_to_its_guidance_and_no_response_is_made(draft, ada):
    save(ada.user, KNEE, retitled(KNEE, "Words of the draft."))
    page = to_the_end(ada)
    assert page.name == "result"
    assert "Words of the draft." in page.main.text
    assert page.main["data-edition"] == "2"
    assert not Response.objects.exists()
    assert not FinishedVersion.objects.exists()


def test_each_item_sentence_question_and_page_leads_to_where_it_is_edited(draft, ada):
    page = to_the_end(ada)
    links = {link["href"] for link in page.root.all("a")}
    for each in page.main.having("data-guidance"):
        assert f"/admin/guidance/draft/item/{each['data-guidance']}/" in links
    assert "/admin/guidance/draft/sentence/for-knees/" in links
    assert ada.get(f"{AT}/q/signs/").root.all("a", href="/admin/guidance/draft/question/signs/")
    assert ada.get(f"{AT}/about/").root.all("a", href="/admin/guidance/draft/page/about/")


def test_no_link_of_a_preview_leads_out_of_it_to_a_patients_page(draft, ada):
    for page in (ada.get(f"{AT}/"), ada.get(f"{AT}/q/signs/"), ada.get(f"{AT}/about/"), to_the_end(ada)):
        outside = [
            link["href"]
            for link in page.root.all("a")
            if link["href"].startswith("/") and not link["href"].startswith("/admin/guidance/")
        ]
        assert outside == []


def test_patients_and_approvers_get_no_link_to_edit(draft, ben):
    page = to_the_end(ben)
    assert not [link for link in page.root.all("a") if "/draft/" in link["href"]]
    patient = web.Walker().to_the_end()
    assert not [link for link in patient.root.all("a") if "/admin/" in link["href"]]


def test_a_wrong_answer_is_refused_as_patients_are(draft, ada):
    assert answer(ada, "signs", []).status == 422
    assert answer(ada, "signs", ["breathing"]).name == "urgent"
    assert ada.post(f"{AT}/urgent/").question == "problem"
    assert ada.get(f"{AT}/q/matters/").question == "problem"


def test_an_example_person_is_walked_by_one_click(draft, ada):
    person = {
        "answers": {"signs": ["none"], "problem": "skin", "age": "50"},
        "facts": {},
        "words": "A person who is 50",
    }
    page = ada.post(f"{AT}/person/", {"person": json.dumps(person)})
    assert page.question == "weight"
    assert "A person who is 50" in page.root.text
    page = ada.post(f"{AT}/restart/")
    assert page.name == "start"
    assert ada.get(f"{AT}/q/problem/").question == "signs"


@pytest.mark.parametrize(
    "sent",
    [
        "",
        "not json",
        "[]",
        "{}",
        json.dumps(
            {"answers": {"signs": {"a": {"b": "c"}}, "nobody": "x", "problem": 7}, "facts": {"x": "y"}, "words": ""}
        ),
        json.dumps({"answers": {"signs": ["none", "breathing"], "age": [1]}, "facts": {}, "words": "x" * 5000}),
    ],
)
def test_a_forged_person_does_no_harm(draft, ada, sent):
    page = ada.post(f"{AT}/person/", {"person": sent})
    assert page.status == 400 or page.question == "signs"


def test_without_a_draft_the_live_edition_is_walked(published, ada):
    page = to_the_end(ada)
    assert page.main["data-edition"] == "1"
    assert not [link for link in page.root.all("a") if "/draft/" in link["href"]]


def test_a_preview_in_review_can_be_walked_but_not_edited(draft, ada):
    Edition.objects.filter(pk=draft.pk).update(status="in-review")
    page = to_the_end(ada)
    assert page.name == "result"
    assert not [link for link in page.root.all("a") if "/draft/item" in link["href"]]
