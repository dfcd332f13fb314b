"""The dashboard as a page: pictures with tables, small counts hidden, for physicians alone, and on record."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from questionnaire.models import AuditEvent, Tally
from questionnaire.services.staff import ADMINISTRATORS
from tests import staff
from tests.services.test_statistics import shared, tally
from tests.web import Page

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("published")]

ADDRESS = "/physician/dashboard/"


def rows_of(page, slug):
    """The table of a chart, as text by text."""
    panel = next(each for each in page.root.all("section") if each.get("aria-labelledby") == f"{slug}-head")
    return {line.one("th").text: line.one("td").text for line in panel.one("tbody").all("tr")}


def test_a_practice_sees_what_was_shared_as_pictures_and_as_tables(dora):
    shared(6)
    shared(7, problem="skin", signs=["fever"])
    page = Page(dora.get(ADDRESS))
    assert page.name == "dashboard"
    assert "13 responses shared in the last 26 weeks" in page.text
    assert rows_of(page, "problem") == {"The choice joint": "6", "The choice skin": "7", "The choice not-sure": "0"}
    assert rows_of(page, "review-time")["Not yet"] == "13"
    assert list(rows_of(page, "weeks").values()) == ["13"]
    pictures = page.root.all("svg")
    assert len(pictures) == len(page.main.all("table")) == 8
    for picture in pictures:
        assert picture["role"] == "img"
        ids = picture["aria-labelledby"].split()
        assert [picture.one("title")["id"], picture.one("desc")["id"]] == ids
        assert picture.one("desc").text
    assert {each["scope"] for each in page.root.all("th")} == {"row", "col"}
    assert not page.root.having("style")
    assert not page.main.all("script")


def test_what_is_hidden_is_a_stub_with_words(dora):
    tally(20, problem="joint")
    tally(9, problem="skin")
    tally(3, problem="not-sure")
    page = Page(dora.get(ADDRESS))
    assert rows_of(page, "problem") == {
        "The choice joint": "20",
        "The choice skin": "not shown",
        "The choice not-sure": "under 5",
    }
    stubs = [each for each in page.root.all("rect", class_="stub") if "problem" in each["fill"]]
    assert len(stubs) == 2
    assert "Counts under 5 are hidden" in page.text


def test_hidden_counts_do_not_follow_from_the_total(dora):
    tally(100, problem="joint")
    tally(1, problem="skin")
    tally(1, problem="not-sure")
    page = Page(dora.get(ADDRESS))
    assert "102 responses" in page.text
    assert rows_of(page, "problem") == {
        "The choice joint": "not shown",
        "The choice skin": "under 5",
        "The choice not-sure": "under 5",
    }


def test_cautions_say_of_how_many_and_what_everybody_got_stands_last(dora):
    tally(20, caution="not-approved")
    for count, caution in ((12, "skin-caution"), (7, "knee-caution")):
        tally(0, caution=caution)
        Tally.objects.filter(value=caution).update(count=count)
    page = Page(dora.get(ADDRESS))
    assert list(rows_of(page, "caution").items()) == [
        ("Title of skin-caution.", "12 of 20"),
        ("Title of knee-caution.", "7 of 20"),
        ("Title of not-approved.", "20 of 20"),
    ]
    assert "What every response got stands last" in page.text


def test_what_all_but_a_few_have_is_hidden_since_the_rest_could_be_counted(dora):
    tally(20, flag="red-flag", caution="not-approved")
    Tally.objects.filter(value="red-flag").update(count=18)
    assert rows_of(Page(dora.get(ADDRESS)), "flag")["Red flag"] == "not shown"
    Tally.objects.filter(value="red-flag").update(count=15)
    assert rows_of(Page(dora.get(ADDRESS)), "flag")["Red flag"] == "15"


def test_weeks_have_their_numbers_on_their_bars_and_dates_between_the_ends(dora):
    for week in range(20):
        tally(6 + week % 3, weeks_ago=week)
    picture = next(each for each in Page(dora.get(ADDRESS)).root.all("svg") if "20 weeks" in each.one("desc").text)
    numbers = [each.text for each in picture.all("text") if "each" in (each.get("class") or "").split()]
    assert numbers == [str(6 + week % 3) for week in range(19, -1, -1)]
    between = [each.text for each in picture.all("text") if "between" in (each.get("class") or "").split()]
    assert len(between) >= 4
    assert all("," not in each for each in between)


def test_the_period_is_chosen_by_its_address_and_nonsense_means_the_usual_one(dora):
    tally(6)
    tally(9, weeks_ago=20)
    tally(30, weeks_ago=40)
    for weeks, total in (("13", 6), ("26", 15), ("52", 45), ("", 15), ("7", 15), ("²", 15), ("9" * 5000, 15)):
        page = Page(dora.get(ADDRESS, {"weeks": weeks}))
        assert f"{total} responses shared" in page.text, weeks
    assert page.root.one("a", aria_current="page").text == "26 weeks"


def test_an_empty_practice_and_a_handful_are_told_so(dora):
    assert "No response has been shared" in Page(dora.get(ADDRESS)).text
    shared(3)
    page = Page(dora.get(ADDRESS))
    assert "Fewer than 5 responses" in page.text
    assert not page.root.all("svg")


def test_words_of_the_guidance_are_shown_as_words(dora):
    tally(8, flag="<script>alert(1)</script>")
    assert rows_of(Page(dora.get(ADDRESS)), "flag")["<script>alert(1)</script>"] == "8"


@pytest.mark.parametrize("method", ["post", "put", "delete"])
def test_it_is_only_ever_read(dora, method):
    assert getattr(dora, method)(ADDRESS).status_code == 405


def test_physicians_alone_see_it_and_each_look_is_on_record(dora, django_user_model):
    dora.get(ADDRESS, {"weeks": "52"})
    assert AuditEvent.objects.get(kind="viewed").detail == {"page": "dashboard", "weeks": 52}
    others = [
        staff.editor(),
        staff.approver(),
        staff.member("adam", ADMINISTRATORS),
        django_user_model.objects.create_superuser("root", password="x"),
    ]
    for user in others:
        client = Client()
        staff.sign_in(client, user)
        assert client.get(ADDRESS).status_code == 403, user
    assert AuditEvent.objects.filter(kind="refused").count() == len(others)
    assert Client().get(ADDRESS).status_code == 302


def test_if_the_look_cannot_be_recorded_nothing_is_shown(dora, monkeypatch):
    monkeypatch.setattr("questionnaire.services.audit.hash_of", lambda event: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        dora.get(ADDRESS)


def test_a_page_asks_little_and_never_for_reviews(dora):
    shared(6)
    with CaptureQueriesContext(connection) as captured:
        dora.get(ADDRESS)
    asked = [each["sql"] for each in captured.captured_queries]
    # Five of them are of the door: session, account, second factor, and the rooms this person may enter.
    assert len(asked) <= 18, asked
    assert not [sql for sql in asked if "_review" in sql or "_finishedversion" in sql or "_response" in sql]
