"""The access record's page: administrators find what happened; nobody else does; looking is on record itself."""

from __future__ import annotations

import datetime as dt
import uuid

import pytest
import time_machine
from django.contrib.auth.models import User
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from questionnaire.models import AuditEvent
from questionnaire.services import audit, record_search, reviews
from tests import sharing as given
from tests import staff
from tests.editor.conftest import Desk
from tests.sharing import caller

pytestmark = pytest.mark.django_db

HERE = "/admin/record/"


@pytest.fixture
def ann(db):
    return Desk(staff.administrator("ann"))


def rows(page):
    bodies = page.main.all("tbody")
    return (
        [[cell.text for cell in row.walk() if cell.tag in ("td", "th")] for row in bodies[0].all("tr")]
        if bodies
        else []
    )


def what(page):
    return [row[2] for row in rows(page)]


def record(kind, day=1, subject=None, by=None, **more):
    actor = "" if by else audit.PROGRAM
    with time_machine.travel(dt.datetime(2026, 5, day, 12, tzinfo=dt.UTC), tick=False), transaction.atomic():
        return audit.record(kind=kind, subject=subject, by=by, actor=actor, **more)


# --- Who


def test_an_administrator_finds_it_from_the_administrations_pages(ann):
    reply = ann.client.get("/admin/")
    assert f'href="{HERE}"' in reply.content.decode()
    page = ann.get(HERE)
    assert (page.status, page.name) == (200, "record")
    assert "/admin/guidance/" not in page.links


@pytest.mark.parametrize("make", [staff.physician, staff.editor, staff.approver])
def test_others_of_the_staff_see_nothing_and_their_try_is_on_record(make):
    other = Desk(make())
    assert other.get(HERE).status == 403
    event = AuditEvent.objects.get()
    assert (event.kind, event.by, event.detail) == ("refused", other.user, {"page": "record"})
    reply = other.client.get("/admin/", follow=True)
    assert f'href="{HERE}"' not in reply.content.decode()


def test_a_superuser_sees_it_and_a_stranger_is_asked_to_sign_in():
    root = User.objects.create_superuser("root", password="x")
    assert Desk(root).get(HERE).status == 200
    reply = Client().get(HERE)
    assert reply.status_code == 302
    assert "login" in reply["Location"]


def test_whoever_lost_the_role_meanwhile_is_refused(ann):
    ann.user.groups.clear()
    assert ann.get(HERE).status == 403


def test_the_page_is_only_read(ann):
    assert ann.client.post(HERE).status_code == 405


# --- What


def test_what_happened_is_shown_without_names_of_patients_or_answers(published, ann):
    dora = staff.physician(last_name="Lee")
    review = given.shared(name="Maria López", problem="skin", words="My own words.")
    reviews.look(by=caller(dora, "198.51.100.4"), pk=review.pk)
    reviews.note(by=caller(dora), pk=review.pk, revision=1, text="She sounded worried.")
    page = ann.get(HERE)
    assert what(page) == ["note", "viewed", "shared"]
    assert rows(page)[1][1:] == ["Dora Lee", "viewed", f"All of response {review.pk}", "198.51.100.4", "page: response"]
    assert rows(page)[2][1] == "Patient"
    for words in ("Maria", "López", "1961-05-06", "May 6, 1961", "010-0199", "own words", "worried", "skin"):
        assert words not in page.html


def test_looking_is_on_record_with_what_was_looked_for(ann):
    subject = uuid.UUID(int=5)
    ann.get(f"{HERE}?kind=&since=2026-05-01&response={subject}")
    event = AuditEvent.objects.get()
    assert (event.kind, event.by, event.address) == ("record searched", ann.user, "127.0.0.1")
    assert event.detail == {"since": "2026-05-01", "response": str(subject)}
    assert what(ann.get(HERE)) == ["record searched"]


def test_if_the_look_cannot_be_recorded_nothing_is_shown(ann, monkeypatch):
    record("viewed")
    monkeypatch.setattr(audit, "record", lambda **event: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        ann.get(HERE)


@pytest.fixture
def events(ann):
    dora, emil = staff.physician(), staff.physician("emil")
    one, other = uuid.UUID(int=1), uuid.UUID(int=2)
    record("viewed", 1, one, dora)
    record("noted", 2, one, emil)
    record("viewed", 3, other, emil)
    record("expired", 4, other)
    return {"dora": dora.pk, "emil": emil.pk, "one": one, "other": other}


NARROWED = {
    "who={dora}": ["viewed"],
    "who={emil}": ["viewed", "noted"],
    "who=program": ["expired"],
    "who=patient": [],
    "kind=viewed": ["viewed", "viewed"],
    "kind=viewed&who={emil}": ["viewed"],
    "response={one}": ["noted", "viewed"],
    "response={one}&who={dora}": ["viewed"],
    "response={other}&who=program": ["expired"],
    "since=2026-05-02&until=2026-05-03": ["viewed", "noted"],
    "until=2026-05-01": ["viewed"],
    "since=2026-05-04&kind=expired": ["expired"],
    "who={dora}&since=2026-05-02": [],
}


@pytest.mark.parametrize("query", NARROWED)
def test_it_is_narrowed(query, events, ann):
    page = ann.get(f"{HERE}?{query.format(**events)}")
    assert [kind for kind in what(page) if kind != "record searched"] == NARROWED[query]
    for field in query.format(**events).split("&"):
        name, value = field.split("=")
        chosen = page.main.one(name=name)
        told = [each["value"] for each in chosen.all("option") if each.get("selected") is not None] or [
            chosen.get("value")
        ]
        assert told == [value]


WRONG = {
    "since=yesterday": "id_since",
    "until=2026-13-40": "id_until",
    "since=2026-05-03&until=2026-05-01": "id_until",
    "response=17": "id_response",
    "who=nobody": "id_who",
    "kind=nothing": "id_kind",
    "since=<script>": "id_since",
}


@pytest.mark.parametrize("query", WRONG)
def test_what_cannot_be_looked_for_is_told_and_kept(query, events, ann):
    page = ann.get(f"{HERE}?{query}")
    assert page.status == 422
    assert [each["href"] for each in page.alert.all("a")] == [f"#{WRONG[query]}"]
    assert WRONG[query] in page.ids
    assert page.title.startswith("Error")
    if not query.startswith(("who", "kind")):
        name, value = query.split("&")[-1].split("=")
        assert page.main.one(name=name)["value"] == value
    assert rows(page) == []
    assert not AuditEvent.objects.filter(kind="record searched").exists()


@pytest.mark.parametrize("after", ["", "x", "1", "1.x", "-1.2", "9" * 40 + ".1", "1." + "9" * 40, "²1.3"])
def test_a_place_that_is_none_begins_at_the_newest(after, events, ann):
    assert what(ann.get(f"{HERE}?after={after}"))[0] == "expired"


# --- Lists and downloads


@pytest.fixture
def lists(events):
    """Pages of lists and a download, by two physicians; the first response was on two pages and in the download."""
    dora, emil = staff.physician(), staff.physician("emil")
    one, other = events["one"], events["other"]
    record("listed", 5, None, dora, naming=[one, other], detail={"state": "open"})
    record("listed", 6, None, emil, naming=[other])
    record("searched", 7, None, dora, naming=[one])
    record("rows exported", 8, None, emil, naming=[one, other])
    return events


LISTS = {
    "response={one}": ["rows exported", "searched", "listed", "noted", "viewed"],
    "response={other}": ["rows exported", "listed", "listed", "expired", "viewed"],
    "response={one}&who={emil}": ["rows exported", "noted"],
    "response={one}&kind=listed": ["listed"],
    "response={one}&since=2026-05-02&until=2026-05-05": ["listed", "noted"],
    "kind=listed": ["listed", "listed"],
}


@pytest.mark.parametrize("query", LISTS)
def test_a_response_is_found_in_lists_and_downloads_that_named_it(query, lists, ann):
    page = ann.get(f"{HERE}?{query.format(**lists)}")
    assert [kind for kind in what(page) if kind != "record searched"] == LISTS[query]


def test_page_by_page_each_list_is_found_once_beside_the_responses_own_events(lists, ann, monkeypatch):
    monkeypatch.setattr(record_search, "SIZE", 3)
    dora, one = staff.physician(), lists["one"]
    for number in range(9):
        # Of one moment.
        record("listed", 8, None, dora, naming=[one, lists["other"]])
        record("viewed" if number % 2 else "rows exported", 8, one, dora)
    found = [row[2] for row in walk(ann, f"response={one}")]
    assert len(found) == 5 + 18
    assert found.count("listed") == 10


def test_what_is_rare_for_a_response_is_looked_for_in_steps_too(lists, ann, monkeypatch):
    monkeypatch.setattr(record_search, "WINDOW", 3)
    monkeypatch.setattr(record_search, "LOOKS", 2)
    one = lists["one"]
    for _ in range(13):
        record("listed", 9, None, staff.physician(), naming=[one])
    assert [row[2] for row in walk(ann, f"response={one}&kind=noted")] == ["noted"]


def test_an_event_of_a_list_counts_its_responses_and_leads_to_them(lists, ann):
    page = ann.get(f"{HERE}?kind=listed&until=2026-05-05")
    event = AuditEvent.objects.get(kind="listed", at__day=5)
    assert rows(page)[0][5] == "state: open; 2 responses of this event"
    assert str(lists["one"]) not in page.main.one("table").text
    assert f"{HERE}{event.pk}/" in page.links
    page = ann.get(f"{HERE}{event.pk}/")
    assert (page.status, page.name) == (200, "record-event")
    assert [each.text for each in page.main.one("ul").all("a")] == [str(lists["one"]), str(lists["other"])]
    assert {f"{HERE}?response={lists[each]}" for each in ("one", "other")} <= set(page.links)
    last = AuditEvent.objects.latest("pk")
    assert (last.kind, last.by, last.detail) == ("record searched", ann.user, {"event": str(event.pk)})


def test_an_event_that_is_none_is_not_found_and_looking_is_on_record(ann):
    for pk in (7, 10**30):
        assert ann.get(f"{HERE}{pk}/").status == 404
    assert [each.detail for each in AuditEvent.objects.order_by("pk")] == [{"event": "7"}, {"event": str(10**30)}]


def test_an_event_is_shown_to_administrators_alone(lists):
    pk = AuditEvent.objects.filter(kind="listed").earliest("pk").pk
    other = Desk(staff.physician())
    assert other.get(f"{HERE}{pk}/").status == 403
    assert AuditEvent.objects.latest("pk").kind == "refused"


# --- How much


def walk(ann, query=""):
    """All pages from the newest to the end, by their links."""
    found, address = [], f"{HERE}?{query}"
    for _ in range(50):
        page = ann.get(address)
        found += [row for row in rows(page) if row[2] != "record searched"]
        older = [each["href"] for each in page.main.all("a", class_="button plain")]
        if not older:
            return found
        address = HERE + older[0]
    raise AssertionError("pages without end")


def test_page_by_page_each_event_is_shown_once_even_those_of_one_moment(ann, monkeypatch):
    monkeypatch.setattr(record_search, "SIZE", 7)
    subjects = [uuid.UUID(int=number) for number in range(1, 31)]
    for number, subject in enumerate(subjects):
        record("viewed", 1 + number // 10, subject)
    told = [row[3].split()[-1] for row in walk(ann)]
    assert told == [str(each) for each in reversed(subjects)]


def test_what_is_rare_is_looked_for_in_steps(ann, monkeypatch):
    monkeypatch.setattr(record_search, "WINDOW", 5)
    monkeypatch.setattr(record_search, "LOOKS", 2)
    dora = staff.physician()
    record("noted", 1, by=dora)
    for _ in range(24):
        record("viewed", 2, by=dora)
    page = ann.get(f"{HERE}?who={dora.pk}&kind=noted")
    assert rows(page) == []
    assert "stopped on its way" in page.text
    assert "Nothing on record" not in page.text
    assert [row[2] for row in walk(ann, f"who={dora.pk}&kind=noted")] == ["noted"]


def test_the_kinds_to_choose_from_are_those_on_record(events, ann):
    options = [each["value"] for each in ann.get(HERE).main.one(name="kind").all("option")]
    assert options == ["", "expired", "noted", "viewed"]
    assert record_search.kinds() == ["expired", "noted", "record searched", "viewed"]


def test_a_page_asks_a_bounded_number_of_times_whatever_is_on_record(ann):
    def asked():
        with CaptureQueriesContext(connection) as captured:
            ann.get(HERE)
        return len(captured)

    record("viewed", 1, by=staff.physician())
    few = asked()
    for number in range(60):
        record("viewed", 2, by=staff.physician(f"p{number % 9}"))
    assert asked() == few <= 20


# --- Whether it is whole


def test_it_says_when_it_was_last_sealed_and_how_to_verify(ann):
    page = ann.get(HERE)
    assert "It was never sealed" in page.text
    made = audit.seal()
    assert made is not None
    page = ann.get(HERE)
    assert f"seal {made.number}, digest {made.digest}" in page.text
    assert "verify_audit" in page.text
