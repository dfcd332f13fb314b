"""When the content's review is overdue: alternatives are named but no longer described, and cautions stay."""

from __future__ import annotations

import datetime as dt

import pytest

from questionnaire.exports import guidance
from questionnaire.models import Response
from questionnaire.pages import finished
from questionnaire.patient import pages
from questionnaire.services import editions, finishing, responses
from tests.web import Walker

pytestmark = pytest.mark.django_db


@pytest.fixture
def on_day(monkeypatch, published):
    aid = editions.aid_of(published.pk)

    def set_day(days):
        monkeypatch.setattr(pages, "today", lambda: aid.next_review + dt.timedelta(days=days))

    return set_day


def words_of(data):
    """Every word that the PDF would set."""
    if isinstance(data, str):
        return data
    if isinstance(data, dict):
        return " ".join(words_of(each) for each in data.values())
    return " ".join(words_of(each) for each in data) if isinstance(data, list) else ""


@pytest.mark.parametrize("days", [-1, 0])
def test_until_the_day_all_options_are_described(on_day, days):
    on_day(days)
    page = Walker().to_the_end()
    assert page.main.all(data_guidance="plasma")
    assert not page.main.having("data-withheld")


def test_after_it_alternatives_are_only_named_and_all_else_stays(on_day, published):
    walker = Walker()
    before = walker.to_the_end()
    on_day(1)
    after = walker.get("/result/")
    shown = {each["data-guidance"] for each in before.main.having("data-guidance")}
    assert {each["data-guidance"] for each in after.main.having("data-guidance")} == shown - {"plasma"}
    [withheld] = after.main.having("data-withheld")
    aid = editions.aid_of(published.pk)
    assert [each.text for each in withheld.all("li")] == ["Plasma"]
    assert aid.notes["overdue"]["en"] in after.main.text
    table = after.main.one("table").text
    assert "Plasma" not in table
    assert "Wait for now" in table
    assert after.main.all(data_guidance="not-approved")


def test_the_pdf_holds_them_back_too(on_day):
    walker = Walker()
    walker.to_the_end()
    walk = responses.walk_of(Response.objects.get())
    version = finishing.latest(walk)
    assert version is not None
    described = words_of(finished.pdf_data(version, pages.today()))
    on_day(1)
    held_back = words_of(finished.pdf_data(version, pages.today()))
    view = guidance.view(walk.aid, version.answers, finishing.shown_outcome(version), "en")
    plasma = next(card for card in view.options if card.slug == "plasma")
    assert plasma.title in described
    assert plasma.title not in held_back
    assert "Plasma" in held_back
