"""Where else a response was seen, on its own page: lists and downloads, without burying who opened it."""

from __future__ import annotations

from typing import Any

import pytest

from questionnaire.services import responses, trail
from tests import sharing
from tests.physician.desk import Desk, at, part
from tests.physician.exports import asked, fetched
from tests.web import Page

pytestmark = pytest.mark.django_db


@pytest.fixture
def dora(published: Any) -> Desk:
    return Desk("dora")


def lines(page: Page) -> list[str]:
    return [each.text for each in part(page, "record").all("p", class_="elsewhere")]


def test_lists_and_downloads_that_named_it_are_told_in_a_line_each(dora: Desk):
    review, other = sharing.shared(), sharing.shared(name="Ann Bell")
    assert lines(dora.open(review)) == []
    emil = Desk("emil")
    for _ in range(3):
        dora.get("/physician/")
    emil.post("/physician/", {"words": "Maria"})
    page = dora.open(review)
    (seen,) = lines(page)
    assert seen.startswith("Seen in a list 4 times, last by Emil, ")
    assert f"{at(review, 'record/')}#elsewhere" in page.links
    (seen,) = lines(dora.open(other))
    assert seen.startswith("Seen in a list 3 times, last by Dora, ")
    fetched(emil.client, asked(emil.client))
    exported, _ = lines(dora.open(review))
    assert exported.startswith("Exported in a CSV file once, last by Emil, ")
    # What was done with this response alone is not buried under it.
    rows = [row.all("td")[2].text for row in part(dora.open(review), "record").one("tbody").all("tr")]
    assert set(rows) == {"Looked: response", "Shared: version 1"}


def test_many_looks_at_lists_are_told_as_more_than_so_many(dora: Desk, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(trail, "MOST_COUNTED", 2)
    review = sharing.shared()
    for _ in range(3):
        dora.get("/physician/")
    assert lines(dora.open(review))[0].startswith("Seen in a list more than 2 times, last by Dora")


def test_each_list_and_download_is_told_with_alike_ones_folded(dora: Desk, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("questionnaire.physician.response.EVENTS_A_PAGE", 4)
    review, emil = sharing.shared(), Desk("emil")
    for _ in range(3):
        dora.get("/physician/")
    fetched(emil.client, asked(emil.client))
    emil.get("/physician/")
    emil.get("/physician/")

    def rows(page: Page) -> list[list[str]]:
        return [[cell.text for cell in row.all("td")][1:] for row in part(page, "elsewhere").one("tbody").all("tr")]

    page = dora.get(at(review, "record/"))
    assert rows(page) == [
        ["Emil", "Seen in the inbox", "2", "127.0.0.1"],
        ["Emil", "Exported in a CSV file", "1", "127.0.0.1"],
        ["Dora", "Seen in the inbox", "1", "127.0.0.1"],
    ]
    earlier = next(each for each in page.links if each.startswith("?elsewhere="))
    page = dora.get(at(review, f"record/{earlier}"))
    assert rows(page) == [["Dora", "Seen in the inbox", "2", "127.0.0.1"]]
    assert not [each for each in page.links if each.startswith("?elsewhere=")]


def test_what_named_a_withdrawn_or_erased_response_stays_on_record(dora: Desk):
    review = sharing.shared()
    dora.get("/physician/")
    assert review.response_id is not None
    responses.erase(pk=review.response_id)
    page = dora.open(review)
    assert lines(page)[0].startswith("Seen in a list once, last by Dora")
    assert "Maria" not in page.html
