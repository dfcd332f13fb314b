"""Each way to tamper with the access record, done behind the triggers' back: what shows, and what cannot."""

from __future__ import annotations

import pytest

from questionnaire.models import AuditEvent, AuditSeal
from questionnaire.services import audit, chaining, verifying
from tests import record
from tests.database import unprotected
from tests.record import ONE, OTHER, add, event, problems, sealed, sql
from tests.staff import physician

pytestmark = pytest.mark.django_db


@pytest.fixture(name="record")
def _record(db):
    record.make()


ANOTHER = {
    "chain": "review:0",
    "number": 77,
    "at": "2020-01-01 00:00:00+00:00",
    "kind": "other",
    "actor": "staff",
    "by_id": None,
    "address": "203.0.113.1",
    "subject": None,
    "detail": '{"page": "other"}',
    "previous": "0" * 64,
    "hash": "0" * 64,
}


@pytest.mark.parametrize("column", ANOTHER)
@pytest.mark.parametrize("number", [1, 3, 6])
def test_a_changed_field_shows_sealed_or_not(column, number, record):
    touched = event(number)
    value = physician().pk if column == "by_id" else ANOTHER[column]
    with unprotected():
        sql(f"UPDATE questionnaire_auditevent SET {column} = %s WHERE id = %s", value, touched.pk)
    assert f"event {touched.pk}," in " ".join(problems())


@pytest.mark.parametrize("number", [1, 3, 5])
def test_an_event_taken_out_shows(number, record):
    gone = event(number)
    with unprotected():
        AuditEvent.objects.filter(pk=gone.pk).delete()
    told = problems()
    assert f"number {number} is missing" in told[-1]
    assert told[0].startswith("seal ")


def test_a_chain_cut_at_its_end_shows_if_it_was_sealed(db):
    add(ONE, OTHER, ONE)
    sealed()
    with unprotected():
        AuditEvent.objects.filter(chain=audit.chain_of(ONE), number=2).delete()
    assert len(problems()) == 1
    assert problems()[0].startswith("seal 1: events 1 to ")


def test_a_whole_chain_taken_out_shows_if_it_was_sealed(record):
    with unprotected():
        AuditEvent.objects.filter(chain=audit.chain_of(OTHER)).delete()
    assert [each.split(":")[0] for each in problems()] == ["seal 1", "seal 2"]


def test_an_end_cut_off_after_the_last_seal_cannot_be_known(record):
    """The limit of what lies in one database: the next seal would be made over what is left."""
    with unprotected():
        AuditEvent.objects.filter(chain=audit.chain_of(ONE), number=6).delete()
    assert problems() == ()


def renumbered(changes):
    """Give events other numbers, by way of numbers that nobody has."""
    for pk, number in changes.items():
        AuditEvent.objects.filter(pk=pk).update(number=number + 1000)
    for pk, number in changes.items():
        AuditEvent.objects.filter(pk=pk).update(number=number)


def test_two_events_that_changed_places_show(record):
    one, other = event(2), event(3)
    with unprotected():
        renumbered({one.pk: 3, other.pk: 2})
    assert len([each for each in problems() if each.startswith("event ")]) >= 2


def test_two_events_that_changed_places_with_all_their_hashes_made_anew_show(record):
    one, other = event(2), event(3)
    with unprotected():
        renumbered({one.pk: 3, other.pk: 2})
        rehashed(1)
    assert all(each.startswith("seal ") for each in problems())
    assert problems()


def rehashed(start, chain=ONE):
    """Make a chain anew from a number on, as somebody would who knows how it is made."""
    previous = event(start - 1, chain).hash if start > 1 else ""
    for each in AuditEvent.objects.filter(chain=audit.chain_of(chain), number__gte=start).order_by("number"):
        each.previous = previous
        each.hash = previous = chaining.hash_of(each)
        each.save()


@pytest.mark.parametrize(("start", "seals"), [(1, {"seal 1", "seal 2"}), (3, {"seal 1", "seal 2"}), (5, {"seal 2"})])
def test_a_chain_made_anew_from_one_event_on_shows_in_the_seals(start, seals, record):
    with unprotected():
        AuditEvent.objects.filter(pk=event(start).pk).update(kind="other")
        rehashed(start)
    assert {each.split(":")[0] for each in problems()} == seals


def test_an_unsealed_event_made_anew_alone_shows_in_the_one_that_follows_it(record):
    add(ONE)
    changed = event(6)
    changed.kind = "other"
    changed.hash = chaining.hash_of(changed)
    with unprotected():
        changed.save()
    assert problems() == (
        f"event {event(7).pk}, number 7 of chain {changed.chain}: it does not follow the event before it",
    )


@pytest.mark.parametrize("number", [1, 3, 6])
def test_an_event_put_in_shows(number, record):
    """With the later ones moved on and the whole chain made anew, so that the chain alone holds together."""
    first = event(1)
    with unprotected():
        renumbered(
            {each.pk: each.number + 1 for each in AuditEvent.objects.filter(chain=first.chain, number__gte=number)}
        )
        first.pk, first.number = None, number
        first.save(force_insert=True)
        rehashed(1)
    assert bool([each for each in problems() if each.startswith("seal ")]) is (number < 6)


def test_an_event_put_in_with_a_made_up_hash_shows_even_unsealed(record):
    forged = event(6)
    forged.pk, forged.number, forged.previous, forged.hash = None, 7, forged.hash, "0" * 64
    forged.save(force_insert=True)
    assert problems() == (f"event {forged.pk}, number 7 of chain {forged.chain}: it is not as it was written",)


@pytest.mark.parametrize("number", [1, 2])
def test_a_seal_taken_out_shows_and_the_newest_one_by_a_digest_kept_elsewhere(number, record):
    kept = AuditSeal.objects.get(number=2).digest
    assert audit.verify(digest=kept).problems == ()
    with unprotected():
        AuditSeal.objects.filter(number=number).delete()
    if number == 1:
        assert problems()[0] == "seal 1 is missing"
    else:
        assert problems() == ()
        assert audit.verify(digest=kept).problems == ("the digest that was kept elsewhere is none of the seals’",)


def test_one_missing_seal_is_told_once(record):
    sealed()
    with unprotected():
        AuditSeal.objects.filter(number=2).delete()
    assert [each for each in problems() if "missing" in each] == ["seal 2 is missing"]


SEAL = {
    "number": 9,
    "at": "2020-01-01 00:00:00+00:00",
    "last_event": 3,
    "events": 5,
    "digest": "0" * 64,
    "key_name": "0" * 16,
    "signature": "0" * 64,
}


@pytest.mark.parametrize("column", SEAL)
@pytest.mark.parametrize("number", [1, 2])
def test_a_changed_seal_shows(column, number, record):
    with unprotected():
        sql(f"UPDATE questionnaire_auditseal SET {column} = %s WHERE number = %s", SEAL[column], number)
    assert [each for each in problems() if each.startswith("seal ")]


def test_a_seal_made_without_the_key_shows(record, settings):
    """Somebody rewrites a chain and all that follows, seals too, but has the database alone."""
    with unprotected():
        AuditSeal.objects.all().delete()
        AuditEvent.objects.filter(pk=event(1).pk).update(kind="other")
        rehashed(1)
    ours = settings.FIELD_KEYS
    settings.FIELD_KEYS = ["bm90LW91cnMtYnV0LWFzLWxvbmctYXMtb3Vycy1pcyE="]
    sealed()
    settings.FIELD_KEYS = ours
    assert "signed with a key that is not in FIELD_KEYS" in problems()[0]
    forged = AuditSeal.objects.get()
    with unprotected():
        AuditSeal.objects.update(key_name=chaining.key_name(ours[0]))
    assert problems() == (f"seal {forged.number}: the signature is not ours",)


def test_everything_taken_out_shows_by_a_digest_kept_elsewhere_alone(record):
    kept = AuditSeal.objects.get(number=2).digest
    with unprotected():
        AuditEvent.objects.all().delete()
        AuditSeal.objects.all().delete()
    assert problems() == ()
    assert audit.verify(digest=kept).problems


def test_everything_but_the_seals_taken_out_shows(record):
    with unprotected():
        AuditEvent.objects.all().delete()
    assert [each.split(":")[0] for each in problems()] == ["seal 1", "seal 2"]


def test_a_seal_signed_with_a_retired_key_verifies_while_that_key_stands_at_the_end(record, settings):
    new, old = "bm90LW91cnMtYnV0LWFzLWxvbmctYXMtb3Vycy1pcyE=", settings.FIELD_KEYS[0]
    settings.FIELD_KEYS = [new, old]
    sealed()
    assert problems() == ()
    settings.FIELD_KEYS = [new]
    assert [each[:6] for each in problems()] == ["seal 1", "seal 2"]


def test_of_many_problems_some_are_told_and_the_others_counted(record):
    with unprotected():
        AuditEvent.objects.update(kind="other")
    found = verifying.verify(most_problems=4)
    assert (len(found.problems), found.more, found.events) == (4, 8, 12)
