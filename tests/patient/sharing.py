"""What the tests of sharing have in common: a practice, a person who shares, a physician who answers."""

from __future__ import annotations

from typing import Any

from django.test import Client

from questionnaire.models import Practice, Review
from questionnaire.services import practices, reviews
from questionnaire.services.staff import Caller
from tests.staff import physician
from tests.web import Page, Walker

TYPED: dict[str, Any] = {
    "name": "Maria López",
    "born": "5/6/1961",
    "contact": "(555) 010-0199",
    "clinic": "Hilltop Joint Clinic",
    "question": "Is it too late\nfor my knee?",
    "preferred": ["plasma"],
}
"""As a person would type it."""
PERSONAL = ("Maria", "López", "010-0199", "Hilltop", "too late", "1961-05-06", "05/06/1961", "May 6, 1961")
"""What must stand nowhere but on the pages of sharing."""


def practice(**changes: str) -> Practice:
    """A practice that is filled in."""
    given = {field: f"Our {field}." for field in Practice.REQUIRED} | {"name": "Lee Joint Clinic"} | changes
    made, _ = Practice.objects.update_or_create(pk=1, defaults=given)
    practices.forget_kept()
    return made


def finished(**answers: Any) -> Walker:
    """A person with a browser of their own, and guidance in it."""
    walker = Walker(Client())
    assert walker.to_the_end(**answers).name == "result"
    return walker


def share(walker: Walker, **changes: Any) -> Page:
    return walker.post("/share/", TYPED | changes)


def sharer(**changes: Any) -> Walker:
    """A person who has shared."""
    walker = finished()
    assert share(walker, **changes).name == "shared"
    return walker


def lee() -> Caller:
    return Caller(physician("lee", first_name="Dr", last_name="Lee"), "198.51.100.4")


def opened() -> Review:
    """The one open review, looked at by Dr Lee."""
    return reviews.look(by=lee(), pk=Review.objects.get(ended_at=None).pk)


def answered(text: str) -> Review:
    review = Review.objects.get(ended_at=None)
    return reviews.reply(by=lee(), pk=review.pk, revision=review.revision, text=text)


def text_of(page: Page) -> str:
    """Of what became of it."""
    return page.main.one("section", class_="shared").text
