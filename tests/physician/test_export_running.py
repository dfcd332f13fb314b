"""A download while it runs: how far it is, called off, given up, a role taken away; each end is on record."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test.utils import CaptureQueriesContext

from questionnaire.models import AuditEvent, Export, Review
from questionnaire.services import audit, exporting, mentions, reviews
from tests import sharing as given
from tests.physician.exports import as_, asked, ended, fetched, give_up
from tests.staff import physician
from tests.web import Page

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("published")]


@pytest.fixture
def two_batches(monkeypatch):
    """A download of three responses, two at a time, of which the first two have been read."""
    monkeypatch.setattr(exporting, "BATCH", 2)
    for name in ("Ann", "Bea", "Cat"):
        given.shared(name=name)
    client = as_(physician())
    place = asked(client)
    reply: Any = client.get(f"{place}responses.csv")
    lines = iter(reply.streaming_content)
    head, first = next(lines), next(lines)
    assert head.startswith("\ufeff".encode())
    assert first.count(b"\r\n") == 2
    yield client, place, lines, reply
    give_up(reply)


def test_its_page_tells_how_far_it_is(two_batches):
    client, place, lines, _ = two_batches
    next(lines)
    page = Page(client.get(place, headers={"X-Background": "1"}))
    assert "Running: 2 responses of about 3 so far" in page.text
    assert page.main.one("progress")["value"] == "2"
    assert page.main.one("form")["action"] == f"{place}cancel/"
    assert list(lines) == []
    assert "Done: all 3" in Page(client.get(place)).text


def test_where_filters_leave_no_telling_it_says_how_many_so_far():
    client = as_(physician())
    page = Page(client.get(asked(client, "flag=skin")))
    assert "about" not in page.text.split("once")[0]
    assert "ready to be made." in page.text


def test_called_off_it_ends_at_its_next_batch_and_says_so(two_batches):
    client, place, lines, _ = two_batches
    page = Page(client.post(f"{place}cancel/", follow=True))
    assert "Cancelled after" in page.text
    assert "What was downloaded before that holds names" in page.text
    rest = b"".join(lines).decode()
    assert rest.startswith("STOPPED after 2 responses: this file is not complete.,,")
    assert "Cat" not in rest
    assert rest.count("\r\n") == 1
    assert ended() == (
        "cancelled",
        2,
        [("exported", None), ("export begun", None), ("export cancelled", None), ("export ended", "cancelled")],
    )


def test_called_off_before_it_began_it_cannot_be_fetched():
    client = as_(physician())
    place = asked(client)
    page = Page(client.post(f"{place}cancel/", follow=True))
    assert "holds names" not in page.text, "there is no file"
    assert client.get(f"{place}responses.csv").status_code == 410
    client.post(f"{place}cancel/")
    assert [kind for kind, _ in ended()[2]] == ["exported", "export cancelled"], "it is called off once"


@pytest.mark.parametrize("how", ["group", "active"])
def test_a_role_taken_away_in_the_middle_ends_it(two_batches, how):
    _, _, lines, _ = two_batches
    dora = User.objects.get(username="dora")
    if how == "group":
        dora.groups.clear()
    else:
        User.objects.filter(pk=dora.pk).update(is_active=False)
    rest = b"".join(lines).decode()
    assert rest.startswith("STOPPED after 2 responses")
    assert "Cat" not in rest
    state, done, events = ended()
    assert (state, done, events[-1]) == ("broken", 2, ("export ended", "role taken away"))


def test_a_reader_who_gives_up_is_on_record(two_batches):
    client, place, _, reply = two_batches
    give_up(reply)
    state, done, events = ended()
    assert (state, done, events[-1]) == ("broken", 0, ("export ended", "broken off"))
    assert "Broken off after" in Page(client.get(place)).text


def test_a_reader_who_never_reads_is_on_record_too():
    client = as_(physician())
    give_up(client.get(f"{asked(client)}responses.csv"))
    assert ended() == ("broken", 0, [("exported", None), ("export begun", None), ("export ended", "broken off")])


def test_a_fault_in_the_middle_is_on_record(two_batches, monkeypatch):
    _, _, lines, reply = two_batches

    def fail(review):
        raise RuntimeError("broken")

    monkeypatch.setattr(reviews, "identity", fail)
    with pytest.raises(RuntimeError):
        next(lines)
    give_up(reply)
    assert (ended()[0], ended()[2][-1]) == ("broken", ("export ended", "broken off"))


def test_a_batch_costs_the_same_few_statements_whatever_its_size(monkeypatch):
    client = as_(physician())

    def statements(count):
        for _ in range(count):
            given.shared()
        place = asked(client)
        with CaptureQueriesContext(connection) as captured:
            fetched(client, place)
        return len(captured)

    few = statements(2)
    assert statements(10) == few


def named():
    """The events that name rows: for each whose they are, in the order of the file."""
    events = AuditEvent.objects.filter(kind="rows exported").order_by("pk")
    people = {str(each.pk): reviews.identity(each).name for each in Review.objects.all()}  # type: ignore[union-attr]
    return [[people[pk] for pk in each.detail["reviews"]] for each in events]


def test_before_rows_go_out_they_are_named_on_record(two_batches):
    _, _, lines, _ = two_batches
    assert named() == [["Ann", "Bea"]]
    next(lines)
    assert named() == [["Ann", "Bea"], ["Cat"]]
    assert list(lines) == []
    assert len(named()) == 2
    event = AuditEvent.objects.filter(kind="rows exported").latest("pk")
    export = Export.objects.get()
    assert (event.by, event.address) == (export.by, "127.0.0.1")
    assert (event.detail["format"], event.detail["export"]) == ("csv", str(export.pk))
    assert audit.verify().problems == ()


def test_if_it_cannot_be_recorded_whose_rows_they_are_none_of_them_goes_out(two_batches, monkeypatch):
    _, _, lines, reply = two_batches

    def fail(*given):
        raise RuntimeError("broken")

    monkeypatch.setattr(mentions, "write", fail)
    with pytest.raises(RuntimeError):
        next(lines)
    assert list(lines) == []
    give_up(reply)
    assert named() == [["Ann", "Bea"]]
    assert (ended()[0], ended()[2][-1]) == ("broken", ("export ended", "broken off"))


def test_who_was_not_exported_is_not_named(two_batches):
    client, place, lines, _ = two_batches
    client.post(f"{place}cancel/")
    list(lines)
    assert named() == [["Ann", "Bea"]]


@pytest.mark.django_db(transaction=True)
def test_between_batches_nothing_is_held_open(two_batches):
    assert not connection.in_atomic_block
    with CaptureQueriesContext(connection) as captured:
        given.shared(name="Dan")
    assert captured.captured_queries
    *_, lines, _reply = two_batches
    assert b"Dan" in b"".join(lines), "what came meanwhile and stands behind is there"
