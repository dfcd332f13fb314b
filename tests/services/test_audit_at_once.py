"""Many people at once: no gap in the record, no deadlock, nobody waits for another chain, no seal misses an event."""

from __future__ import annotations

import threading
import uuid

import pytest
from django.db import connection, transaction

from questionnaire.models import AuditEvent, AuditMention, AuditSeal
from questionnaire.services import audit
from tests.staff import physician
from tests.web import at_once

pytestmark = pytest.mark.django_db(transaction=True)

WRITERS, EACH = 20, 5


def record(subject):
    with transaction.atomic():
        audit.record(kind="viewed", actor=audit.PROGRAM, subject=subject)


def writing(*subjects):
    def write():
        for each in subjects:
            record(each)

    return write


@pytest.mark.parametrize("chains", [1, 4, WRITERS])
def test_many_writers_leave_no_gap(chains):
    subjects = [uuid.UUID(int=number % chains) for number in range(WRITERS)]
    at_once(*[writing(*[each] * EACH) for each in subjects])
    found = audit.verify()
    assert (found.events, found.problems) == (WRITERS * EACH, ())
    assert AuditEvent.objects.values("chain").distinct().count() == chains


def test_writers_of_different_chains_do_not_wait_for_each_other():
    if connection.vendor != "postgresql":
        # SQLite has one writer at a time, whatever they write.
        return
    held, done = threading.Event(), threading.Event()

    def holds():
        with transaction.atomic():
            audit.record(kind="viewed", actor=audit.PROGRAM, subject=uuid.UUID(int=1))
            held.set()
            assert done.wait(20), "the other chain waited"

    def writes():
        assert held.wait(20)
        record(uuid.UUID(int=2))
        done.set()

    at_once(holds, writes)
    assert audit.verify().problems == ()


def test_lists_that_show_the_same_responses_do_not_wait_for_each_other():
    if connection.vendor != "postgresql":
        return
    people = physician("dora"), physician("emil")
    shown = [uuid.UUID(int=number) for number in range(25)]
    held, done = threading.Event(), threading.Event()

    def listed(by):
        audit.record(kind="listed", by=by, naming=shown)

    def holds():
        with transaction.atomic():
            listed(people[0])
            held.set()
            assert done.wait(20), "the other list waited"

    def writes():
        assert held.wait(20)
        with transaction.atomic():
            listed(people[1])
        record(shown[0])
        done.set()

    at_once(holds, writes)
    assert audit.verify().problems == ()


def test_many_lists_at_once_leave_no_gap():
    people = [physician(f"p{number}") for number in range(4)]
    shown = [uuid.UUID(int=number) for number in range(25)]

    def looks(by):
        def look():
            for _ in range(EACH):
                with transaction.atomic():
                    audit.record(kind="listed", by=by, naming=shown)

        return look

    at_once(*[looks(people[number % 4]) for number in range(8)])
    found = audit.verify()
    assert (found.events, found.problems) == (8 * EACH, ())
    assert AuditMention.objects.count() == 8 * EACH * 25


def test_a_writer_of_the_same_chain_waits_and_follows():
    held, order = threading.Event(), []

    def holds():
        with transaction.atomic():
            audit.record(kind="viewed", actor=audit.PROGRAM, subject=uuid.UUID(int=1))
            held.set()
            threading.Event().wait(0.3)
            order.append("first")

    def follows():
        assert held.wait(20)
        record(uuid.UUID(int=1))
        order.append("second")

    at_once(holds, follows)
    assert order == ["first", "second"]
    assert audit.verify().problems == ()


def test_no_seal_misses_an_event_while_others_write():
    writers, stop = 8, threading.Event()

    def writes(number):
        def write():
            for turn in range(25):
                with transaction.atomic():
                    audit.record(kind="viewed", actor=audit.PROGRAM, subject=uuid.UUID(int=number))
                    # The id is given before the commit; others get theirs meanwhile.
                    threading.Event().wait(0.002 * ((number + turn) % 3))

        return write

    def seals():
        while not stop.is_set():
            audit.seal()

    def all_writers():
        try:
            at_once(*[writes(number) for number in range(writers)])
        finally:
            stop.set()

    at_once(seals, all_writers)
    audit.seal()
    found = audit.verify()
    assert (found.events, found.unsealed, found.problems) == (writers * 25, 0, ())
    if connection.vendor == "postgresql":
        # On SQLite the sealing may have to wait until all have written.
        assert AuditSeal.objects.count() > 2


def test_two_who_seal_at_once_make_one_chain_of_seals():
    writing(*map(uuid.UUID, ["1" * 32, "2" * 32]))()

    def seals():
        try:
            return audit.seal()
        except audit.Busy:
            return None

    made = [each for each in at_once(*[seals] * 4) if each]
    assert len(made) == 1
    assert audit.verify().problems == ()


def test_sealing_gives_up_on_a_transaction_that_stays_open_and_lets_the_others_go_on(monkeypatch):
    if connection.vendor != "postgresql":
        return
    monkeypatch.setattr(audit, "_LONGEST_WAIT", "200ms")
    held, done = threading.Event(), threading.Event()

    def holds():
        with transaction.atomic():
            audit.record(kind="viewed", actor=audit.PROGRAM, subject=uuid.UUID(int=1))
            held.set()
            assert done.wait(20)

    def seals():
        assert held.wait(20)
        with pytest.raises(audit.Busy):
            audit.seal()
        record(uuid.UUID(int=2))
        done.set()

    at_once(holds, seals)
    made = audit.seal()
    assert made is not None
    assert made.events == 2
