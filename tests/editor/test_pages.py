"""Every page of the editor opens for whom it should, and for nobody else."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from questionnaire.domain import places
from tests import staff
from tests.drafting import the_draft
from tests.web import Page

pytestmark = pytest.mark.django_db

ADDRESSES = [
    ("board", []),
    ("contents", []),
    ("checks", []),
    ("review", []),
    ("safety", []),
    ("edition", [1]),
    ("entry", ["item", "knee-caution"]),
    ("when", ["item", "knee-caution"]),
    ("add", ["item"]),
    ("remove", ["item", "knee-caution"]),
    ("discard", []),
    ("preview", []),
    ("preview-question", ["signs"]),
    ("preview-about", []),
    ("preview-background", ["sources"]),
    ("preview-background", ["words"]),
    ("preview-shown", ["item", "knee-caution"]),
]
ONLY_EDITORS = {"when", "add", "remove", "discard"}


def address(name, arguments):
    return reverse(f"guidance:{name}", args=arguments)


@pytest.mark.parametrize(("name", "arguments"), ADDRESSES)
def test_an_editor_sees_every_page(name, arguments, draft, ada):
    page = ada.get(address(name, arguments))
    assert page.status == 200
    assert page.root.one("title").text


@pytest.mark.parametrize(("name", "arguments"), ADDRESSES)
def test_an_approver_sees_all_but_what_changes_the_draft(name, arguments, draft, ben):
    page = ben.get(address(name, arguments))
    assert page.status == (403 if name in ONLY_EDITORS else 200)


@pytest.mark.parametrize(("name", "arguments"), ADDRESSES)
def test_nobody_else_sees_any(name, arguments, draft):
    reply = Client().get(address(name, arguments))
    assert reply.status_code == 302
    assert reply["Location"].startswith("/admin/login/")
    other = Client()
    staff.sign_in(other, staff.member("nobody"))
    assert Page(other.get(address(name, arguments))).status == 403


def test_every_entry_of_the_draft_opens(draft, ada):
    for place, _ in places.each(the_draft().document):
        page = ada.get(address("entry", [place.room, place.name]))
        assert page.status == 200, place
        assert ada.get(address("preview-shown", [place.room, place.name])).status == 200, place


@pytest.mark.parametrize("room", ["question", "item", "sentence", "page", "term", "evidence", "source", "section"])
def test_every_kind_of_entry_can_be_added(draft, ada, room):
    assert ada.get(address("add", [room])).status == 200


def test_without_a_draft_the_live_edition_is_read(published, ada):
    assert "Open a draft" in ada.get("/admin/guidance/").main.text
    page = ada.get(address("entry", ["item", "knee-caution"]))
    assert "what patients read now" in page.main.text
    assert ada.get("/admin/guidance/draft/").name == "board"


def test_what_does_not_exist_is_not_found(draft, ada):
    for path in (
        "draft/item/nobody/",
        "draft/nowhere/x/",
        "draft/add/nowhere/",
        "editions/99/",
        "draft/note/start/when/",
    ):
        assert ada.get(f"/admin/guidance/{path}").status == 404, path
