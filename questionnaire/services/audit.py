"""The access record: who looked at what and did what, when, and from where.

An event is written in the transaction of the thing it tells of: if the record fails, the thing fails. Each is chained
by hash to the one before it in its chain, and a seal over all chains is made from time to time (`seal`), so that an
event that was changed or taken out shows (`services/verifying.py`). There is a chain a review, and one an account for
what concerns no review, so nobody waits for anybody else.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, OperationalError, connection, transaction
from django.utils import timezone

from questionnaire.models import AuditEvent, AuditSeal
from questionnaire.services import mentions
from questionnaire.services.chaining import folded, hash_of, hashes, key_name, signature
from questionnaire.services.verifying import Verified, verify

__all__ = [
    "PATIENT",
    "PROGRAM",
    "STAFF",
    "STRANGER",
    "Busy",
    "NoTransaction",
    "NotPlain",
    "Verified",
    "chain_of",
    "hash_of",
    "record",
    "seal",
    "verify",
]

STAFF, PATIENT = AuditEvent.Actor.STAFF, AuditEvent.Actor.PATIENT
PROGRAM, STRANGER = AuditEvent.Actor.PROGRAM, AuditEvent.Actor.STRANGER
_LONGEST_WAIT = "2s"
"""For how long a sealing holds up writers, at most, while it waits for an open transaction."""


class NoTransaction(RuntimeError):
    """Something was to be recorded outside a transaction, so it could have happened without its record."""


class NotPlain(TypeError):
    """A detail that a database could give back otherwise than it was written, so that its hash would not fit."""


class Busy(RuntimeError):
    """A transaction that wrote into the record is still open, or somebody else sealed just now. Seal again later."""


def record(
    *,
    kind: str,
    by: Any = None,
    actor: str = "",
    address: str = "",
    subject: UUID | None = None,
    detail: Mapping[str, Any] | None = None,
    naming: Sequence[UUID] = (),
) -> AuditEvent:
    """Write one event, in the caller's transaction.

    Args:
        by: the account; None when a patient, the program or a stranger did it, and then `actor` says which.
        address: the network address of a member of staff or of a stranger. A patient's is not kept.
        subject: id of the review concerned.
        naming: ids of reviews that a page of a list showed, or a download took out, all at once. The event stands in
            the account's chain, so that a list is not one queue for all whom it shows.
        detail: texts, whole numbers, yes and no, and lists and dictionaries of these; without answers, names, and
            words that somebody searched for.

    Raises:
        NoTransaction: no transaction is open.
        NotPlain: the detail holds anything else.
    """
    if not connection.in_atomic_block:
        raise NoTransaction(kind)
    detail, named = dict(detail or {}), list(dict.fromkeys(naming))
    if named:
        detail[mentions.KEY] = list(map(str, named))
    _check_plain(detail)
    actor = actor or (STAFF if by is not None else STRANGER)
    event = AuditEvent(
        chain=_chain(subject, by, actor),
        at=timezone.now(),
        kind=kind,
        actor=actor,
        by=by,
        address="" if actor == PATIENT else address[:64],
        subject=subject,
        detail=detail,
    )
    _lock(event.chain)
    last = AuditEvent.objects.filter(chain=event.chain).order_by("-number").values_list("number", "hash").first()
    event.number, event.previous = (last[0] + 1, last[1]) if last else (1, "")
    event.hash = hash_of(event)
    event.save(force_insert=True)
    if named:
        mentions.write(event, named)
    return event


def _check_plain(value: Any) -> None:
    if isinstance(value, Mapping):
        for key, each in value.items():
            if not isinstance(key, str):
                raise NotPlain(type(key))
            _check_plain(each)
    elif isinstance(value, list | tuple):
        for each in value:
            _check_plain(each)
    elif value is not None and not isinstance(value, str | int):
        raise NotPlain(type(value))


def chain_of(review: UUID) -> str:
    """The chain in which everything stands that concerns this review."""
    return f"review:{review.hex}"


def _chain(subject: UUID | None, by: Any, actor: str) -> str:
    if subject is not None:
        return chain_of(subject)
    return f"user:{by.pk}" if by is not None else f"{actor}:{timezone.now():%Y-%m-%d}"


def _lock(chain: str) -> None:
    """Let one writer at a time into a chain, until its transaction ends. SQLite lets in one writer anyway."""
    if connection.vendor == "postgresql":
        number = int.from_bytes(hashlib.sha256(chain.encode()).digest()[:8], "big", signed=True)
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [number])


def seal() -> AuditSeal | None:
    """Make a digest over all events since the last seal; None when there are none.

    Keep the digest somewhere else too: whoever can rewrite this database cannot rewrite what is elsewhere.

    Raises:
        Busy: nothing was sealed.
    """
    last = AuditSeal.objects.order_by("-number").first()
    settled = _settled()
    digest, covered, count = (last.digest, last.last_event, 0) if last else ("", 0, 0)
    for pk, event_hash in hashes(covered, settled):
        digest, covered, count = folded(digest, pk, event_hash), pk, count + 1
    if not count:
        return None
    key, number = settings.FIELD_KEYS[0], last.number + 1 if last else 1
    made = AuditSeal(number=number, at=timezone.now(), last_event=covered, events=count, digest=digest)
    made.key_name = key_name(key)
    made.signature = signature(key, made)
    try:
        with transaction.atomic():
            made.save(force_insert=True)
    except IntegrityError:
        raise Busy from None
    return made


def _settled() -> int:
    """The highest id of an event, at a moment when none with a lower id can still come in.

    SQLite lets in one writer at a time, so ids are in the order of the commits. PostgreSQL gives an id before the
    commit; for that moment alone everybody who writes into the record is waited for.
    """
    newest = AuditEvent.objects.order_by("-pk").values_list("pk", flat=True)
    if connection.vendor != "postgresql":
        return newest.first() or 0
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"SET LOCAL lock_timeout = '{_LONGEST_WAIT}'")
            cursor.execute("LOCK TABLE questionnaire_auditevent IN SHARE MODE")
            return newest.first() or 0
    except OperationalError as error:
        raise Busy from error
