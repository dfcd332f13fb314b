"""The access record: what it holds, and what the database refuses to do to it."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import DatabaseError, connection, transaction

from questionnaire.models import AuditEvent, AuditSeal
from questionnaire.services import audit
from tests import record
from tests.record import ONE, add, problems, sealed, sql
from tests.staff import physician

pytestmark = pytest.mark.django_db


@pytest.fixture(name="record")
def _record(db):
    record.make()


# --- What is written


def test_a_record_that_nobody_touched_is_whole(record):
    found = audit.verify()
    assert (found.events, found.seals, found.unsealed, found.problems) == (12, 2, 2, ())
    assert found.digest == AuditSeal.objects.get(number=2).digest


def test_an_empty_record_is_whole_and_there_is_nothing_to_seal(db):
    assert audit.seal() is None
    found = audit.verify()
    assert (found.events, found.seals, found.unsealed, found.digest, found.problems) == (0, 0, 0, "", ())


def test_nothing_is_sealed_twice(record):
    assert sealed().events == 2
    assert audit.seal() is None
    assert problems() == ()


def test_what_a_patient_does_is_noted_without_their_address_and_what_staff_do_with_it(db):
    dora = physician()
    with transaction.atomic():
        one = audit.record(kind="shared", actor=audit.PATIENT, address="192.0.2.7", subject=ONE)
        two = audit.record(kind="exported", by=dora, address="198.51.100.4")
        three = audit.record(kind="refused", address="203.0.113.9")
    assert (one.actor, one.address, one.chain) == ("patient", "", audit.chain_of(ONE))
    assert (two.actor, two.address, two.chain) == ("staff", "198.51.100.4", f"user:{dora.pk}")
    assert (three.actor, three.address, three.by) == ("stranger", "203.0.113.9", None)


@pytest.mark.parametrize(
    "detail", [{"share": 0.5}, {"on": dt.date(2026, 1, 1)}, {1: "one"}, {"deep": [{"x": {2.5}}]}, {"bytes": b"x"}]
)
def test_a_detail_that_a_database_could_give_back_otherwise_is_refused(detail, db):
    with pytest.raises(audit.NotPlain):
        add(ONE, detail=detail)
    assert not AuditEvent.objects.exists()


def test_a_detail_comes_back_as_it_was_written(db):
    add(ONE, detail={"ü": "“x”\n\t", "b": [1, 2**60, True, None, {"z": "", "a": []}], "a": "😀"})
    assert problems() == ()


@pytest.mark.django_db(transaction=True)
def test_nothing_is_recorded_outside_a_transaction():
    with pytest.raises(audit.NoTransaction):
        audit.record(kind="viewed", actor=audit.PROGRAM)


# --- What the database refuses

TABLES = {"questionnaire_auditevent": "kind", "questionnaire_auditseal": "digest"}


@pytest.mark.parametrize(("table", "column"), TABLES.items())
def test_the_database_refuses_to_change_and_to_delete(table, column, record):
    with pytest.raises(DatabaseError, match="never altered"):
        sql(f"UPDATE {table} SET {column} = 'x'")
    with pytest.raises(DatabaseError, match="never altered"):
        sql(f"DELETE FROM {table}")
    assert problems() == ()


@pytest.mark.parametrize("table", TABLES)
def test_the_database_refuses_to_put_another_row_in_the_place_of_one(table, record):
    """By its id, and by its place in the chain."""
    columns = [str(each.column) for each in (AuditEvent if "event" in table else AuditSeal)._meta.concrete_fields]
    told, row = ", ".join(columns), f"SELECT {', '.join(columns)} FROM {table} WHERE id = (SELECT min(id) FROM {table})"
    other = row.replace("SELECT id", "SELECT 1000000")
    if connection.vendor == "postgresql":
        kept = f"DO UPDATE SET {TABLES[table]} = 'x'"
        place = "(chain, number)" if "event" in table else "(number)"
        tries = [f"INSERT INTO {table} ({told}) {row} ON CONFLICT (id) {kept}"]
        tries.append(f"INSERT INTO {table} ({told}) {other} ON CONFLICT {place} {kept}")
    else:
        tries = [f"INSERT OR REPLACE INTO {table} ({told}) {each}" for each in (row, other)]
        tries += [f"REPLACE INTO {table} ({told}) {row}", f"UPDATE OR REPLACE {table} SET id = id + 1"]
    for each in tries:
        with pytest.raises(DatabaseError, match="never altered"):
            sql(each)
    assert problems() == ()


@pytest.mark.parametrize("table", TABLES)
def test_postgresql_refuses_to_empty_the_tables(table, record):
    if connection.vendor == "postgresql":
        # What the rows put in still owe to foreign keys would be a reason of its own.
        sql("SET CONSTRAINTS ALL IMMEDIATE")
        with pytest.raises(DatabaseError, match="never altered"):
            sql(f"TRUNCATE {table} CASCADE")
