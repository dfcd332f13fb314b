"""Urgent guidance and two tabs: only what a page showed counts as seen."""

from __future__ import annotations

import pytest
from django.test import Client

from tests.web import Walker

pytestmark = pytest.mark.django_db


def test_going_on_from_an_older_urgent_page_does_not_hide_a_sign_added_since(walker: Walker, published: object) -> None:
    page = walker.post("/q/signs/", {"answer": ["breathing"]})
    assert page.name == "urgent"
    shown = [field.get("value") for field in page.root.all("input", name="seen")]
    assert shown
    walker.post("/q/signs/", {"answer": ["breathing", "fever"]})
    assert walker.post("/urgent/", {"seen": shown}).name == "urgent"


@pytest.mark.usefixtures("cold")
def test_before_anything_is_published_pages_say_so(client: Client) -> None:
    for address in ("/", "/q/urgent-signs/", "/about/"):
        reply = client.get(address)
        assert reply.status_code == 503
        assert "Nothing is published here yet" in reply.content.decode()
        assert reply["Cache-Control"] == "no-store"
