"""Lists and downloads name their responses: found by response, never altered; whatever is done to the index shows."""

from __future__ import annotations

import datetime as dt
import uuid
from importlib import import_module
from typing import Any

import pytest
from django.apps import apps
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext

from questionnaire.models import AuditEvent, AuditMention
from questionnaire.services import audit, mentions, record_search, trail, verifying
from tests.database import unprotected
from tests.record import ONE, OTHER, add, problems, sealed, sql
from tests.staff import physician

pytestmark = pytest.mark.django_db

TABLE = "questionnaire_auditmention"
THIRD = uuid.UUID(int=3)


def listed(*subjects: uuid.UUID, kind: str = "listed", by: Any = None) -> AuditEvent:
    with transaction.atomic():
        return audit.record(kind=kind, by=by or physician(), naming=subjects, detail={"rows": len(subjects)})


@pytest.fixture
def event() -> AuditEvent:
    """One that names two responses, between others that name none or others."""
    add(ONE)
    listed(THIRD)
    made = listed(ONE, OTHER)
    listed(OTHER, kind=mentions.ROWS_EXPORTED)
    add(OTHER)
    sealed()
    return made


def told(event: AuditEvent) -> list[str]:
    return [each for each in problems() if each.startswith(f"event {event.pk}")]


# --- What is written


def test_an_event_names_its_responses_in_what_is_hashed_and_in_the_index(event: AuditEvent):
    assert event.detail == {"rows": 2, "reviews": [str(ONE), str(OTHER)]}
    assert event.subject is None
    rows = AuditMention.objects.filter(event=event).values_list("subject", "exported", "at")
    assert set(rows) == {(ONE, False, event.at), (OTHER, False, event.at)}
    assert problems() == ()


def test_it_stands_in_the_accounts_chain_and_in_none_of_the_responses(event: AuditEvent):
    assert event.chain == f"user:{physician().pk}"
    assert [each.kind for each in trail.of_review(ONE, most=9)] == ["viewed"]


def test_a_response_that_is_named_twice_is_indexed_once():
    made = listed(ONE, OTHER, ONE)
    assert made.detail["reviews"] == [str(ONE), str(OTHER)]
    assert problems() == ()


def test_a_list_of_nobody_names_nobody():
    assert "reviews" not in listed().detail
    assert problems() == ()


def test_it_is_told_how_often_and_when_last_at_a_bounded_cost(event: AuditEvent, django_assert_num_queries: Any):
    found = {each.exported: each for each in trail.elsewhere(OTHER)}
    assert (found[False].count, found[False].last) == (1, event)
    assert (found[True].count, found[True].last.kind) == (1, "rows exported")
    assert trail.elsewhere(uuid.UUID(int=9)) == []
    for _ in range(trail.MOST_COUNTED + 20):
        last = listed(OTHER)
    with django_assert_num_queries(3):
        found = {each.exported: each for each in trail.elsewhere(OTHER)}
    assert (found[False].count, found[False].last) == (trail.MOST_COUNTED + 1, last)
    assert found[True].count == 1, "many looks at lists do not hide a download"


def test_it_is_found_along_an_index_without_sorting(event: AuditEvent):
    """However often it stood in lists: on SQLite, whose plan tells it with few rows as with many."""
    if connection.vendor == "postgresql":
        return
    with CaptureQueriesContext(connection) as captured:
        mentions.newest(ONE, most=5, exported=False)
        mentions.newest(
            ONE, most=5, exported=True, where=record_search.behind(record_search.place_of(event), "event_id")
        )
    for query in captured.captured_queries:
        with connection.cursor() as cursor:
            cursor.execute(f"EXPLAIN QUERY PLAN {query['sql']}")
            plan = [row[3] for row in cursor.fetchall()]
        assert "audit_mention_subject (subject=? AND exported=?" in plan[0], plan
        assert not any("TEMP B-TREE" in step for step in plan), plan


def test_if_the_index_cannot_be_written_neither_is_the_event(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(mentions, "write", lambda *given: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        listed(ONE)
    assert not AuditEvent.objects.exists()


# --- What the database refuses


@pytest.mark.parametrize(
    "statement",
    [
        f"UPDATE {TABLE} SET exported = true",
        f"UPDATE {TABLE} SET subject = '{uuid.UUID(int=8)}' WHERE exported",
        f"DELETE FROM {TABLE}",
    ],
)
def test_the_database_refuses_to_change_and_to_delete(statement: str, event: AuditEvent):
    with pytest.raises(DatabaseError, match="never altered"):
        sql(statement)
    assert problems() == ()


def test_the_database_refuses_to_put_another_row_in_the_place_of_one(event: AuditEvent):
    row = f"SELECT event_id, subject, at, NOT exported FROM {TABLE}"
    insert = f"INTO {TABLE} (event_id, subject, at, exported) {row}"
    tries = [f"INSERT OR REPLACE {insert}", f"REPLACE {insert}"]
    if connection.vendor == "postgresql":
        tries = [f"INSERT {insert} ON CONFLICT (event_id, subject) DO UPDATE SET exported = true"]
    for each in tries:
        with pytest.raises(DatabaseError, match="never altered"):
            sql(each)
    assert problems() == ()


def test_postgresql_refuses_to_empty_the_table(event: AuditEvent):
    if connection.vendor == "postgresql":
        with pytest.raises(DatabaseError, match="never altered"):
            sql(f"TRUNCATE {TABLE}")


# --- What is done behind the triggers' back


def test_a_row_taken_out_shows(event: AuditEvent):
    with unprotected():
        AuditMention.objects.filter(event=event, subject=ONE).delete()
    assert problems() == (f"event {event.pk}: the index of responses is not what it names",)


@pytest.mark.parametrize(
    "change",
    [{"subject": uuid.UUID(int=8)}, {"exported": True}, {"at": dt.datetime(2020, 1, 1, tzinfo=dt.UTC)}],
    ids=str,
)
def test_a_changed_row_shows(change: dict[str, Any], event: AuditEvent):
    with unprotected():
        AuditMention.objects.filter(event=event, subject=ONE).update(**change)
    assert problems() == (f"event {event.pk}: the index of responses is not what it names",)


def test_a_download_told_as_a_list_shows(event: AuditEvent):
    with unprotected():
        AuditMention.objects.filter(exported=True).update(exported=False)
    assert len(problems()) == 1


def test_a_row_put_in_shows_at_an_event_that_names_others(event: AuditEvent):
    AuditMention.objects.create(event=event, subject=THIRD, exported=False, at=event.at)
    assert problems() == (f"event {event.pk}: the index of responses is not what it names",)


@pytest.mark.parametrize("which", ["names none", "is none"])
def test_a_row_put_in_where_no_event_names_any_shows(which: str, event: AuditEvent):
    pk = 10**6 if which == "is none" else AuditEvent.objects.exclude(detail__has_key="reviews").earliest("pk").pk
    AuditMention.objects.create(event_id=pk, subject=THIRD, exported=False, at=event.at)
    assert problems() == (f"event {pk}: the index has responses under it, and there is no such event that names any",)


def test_a_row_moved_to_another_event_shows_at_both(event: AuditEvent):
    other = AuditEvent.objects.filter(detail__has_key="reviews").earliest("pk")
    with unprotected():
        AuditMention.objects.filter(event=event, subject=ONE).update(event=other)
    assert {each.split(":")[0] for each in problems()} == {f"event {event.pk}", f"event {other.pk}"}


@pytest.mark.parametrize(
    "detail", ['{"rows": 2}', '{"reviews": []}', '{"reviews": 5}', '{"reviews": [[1]]}', "[]", "5"]
)
def test_names_taken_out_of_the_detail_show_with_the_index_as_without_it(detail: str, event: AuditEvent):
    for empty in (False, True):
        with unprotected():
            sql("UPDATE questionnaire_auditevent SET detail = %s WHERE id = %s", detail, event.pk)
            if empty:
                AuditMention.objects.filter(event=event).delete()
        assert any("it is not as it was written" in each for each in told(event)), empty
        assert len(told(event)) == 1 if empty and "[[" not in detail else 2


def test_an_event_cut_off_after_the_last_seal_shows_if_it_named_somebody(event: AuditEvent):
    last = listed(ONE)
    with unprotected():
        AuditEvent.objects.filter(pk=last.pk).delete()
    assert len(told(last)) == 1


def test_more_events_than_are_looked_at_together_are_all_compared(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(verifying, "_AT_ONCE", 3)
    made = [listed(uuid.UUID(int=number), ONE) for number in range(10, 21)]
    assert problems() == ()
    with unprotected():
        AuditMention.objects.filter(subject=ONE).delete()
    assert len(problems()) == len(made)
    AuditMention.objects.create(event_id=10**6, subject=ONE, exported=False, at=made[0].at)
    assert len(problems()) == len(made) + 1


# --- What was there before


def test_events_that_named_responses_before_there_was_an_index_get_theirs():
    with transaction.atomic():
        detail = {"page": "recalls", "reviews": [str(ONE), str(OTHER), str(ONE)]}
        old = audit.record(kind="viewed", by=physician(), detail=detail)
    add(ONE)
    assert told(old)
    import_module("questionnaire.migrations.0012_record_mentions").index_earlier(apps, None)
    assert problems() == ()
    assert [each.last for each in trail.elsewhere(OTHER)] == [old]
