"""The access record: who looked at what and did what, when, and from where.

An event is written in the transaction of the thing it tells of: if the record fails, the thing fails. Each is chained
by hash to the one before it in its chain, and a seal over all chains is made from time to time (`seal`), so that an
event that was changed or taken out shows (`verify`). There is a chain a review, and one an account for what concerns
no review, so nobody waits for anybody else.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from questionnaire.models import AuditEvent, AuditSeal

STAFF, PATIENT = AuditEvent.Actor.STAFF, AuditEvent.Actor.PATIENT
PROGRAM, STRANGER = AuditEvent.Actor.PROGRAM, AuditEvent.Actor.STRANGER
_CHUNK = 2000


class NoTransaction(RuntimeError):
    """Something was to be recorded outside a transaction, so it could have happened without its record."""


def record(
    *,
    kind: str,
    by: Any = None,
    actor: str = "",
    address: str = "",
    subject: UUID | None = None,
    detail: Mapping[str, Any] | None = None,
) -> AuditEvent:
    """Write one event, in the caller's transaction.

    Args:
        by: the account; None when a patient, the program or a stranger did it, and then `actor` says which.
        address: the network address of a member of staff or of a stranger. A patient's is not kept.
        subject: id of the review concerned.
        detail: plain data without answers, names, and words that somebody searched for.

    Raises:
        NoTransaction: no transaction is open.
    """
    if not connection.in_atomic_block:
        raise NoTransaction(kind)
    actor = actor or (STAFF if by is not None else STRANGER)
    event = AuditEvent(
        chain=_chain(subject, by, actor),
        at=timezone.now(),
        kind=kind,
        actor=actor,
        by=by,
        address="" if actor == PATIENT else address[:64],
        subject=subject,
        detail=dict(detail or {}),
    )
    _lock(event.chain)
    last = AuditEvent.objects.filter(chain=event.chain).order_by("-number").values_list("number", "hash").first()
    event.number, event.previous = (last[0] + 1, last[1]) if last else (1, "")
    event.hash = hash_of(event)
    event.save(force_insert=True)
    return event


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


def hash_of(event: AuditEvent) -> str:
    """The hash that this event should have: over everything in it and over the hash before it."""
    parts = [
        event.chain,
        event.number,
        event.at.isoformat(timespec="microseconds"),
        event.kind,
        event.actor,
        event.by_id,
        event.address,
        event.subject.hex if event.subject else None,
        event.detail,
        event.previous,
    ]
    text = json.dumps(parts, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def seal() -> AuditSeal | None:
    """Make a digest over all events since the last seal; None when there are none.

    Keep the digest somewhere else too: whoever can rewrite this database cannot rewrite what is elsewhere.
    """
    with transaction.atomic():
        if connection.vendor == "postgresql":
            # For the moment of the sealing nobody adds an event, so none with a lower id can come in after it.
            with connection.cursor() as cursor:
                cursor.execute("LOCK TABLE questionnaire_auditevent, questionnaire_auditseal IN SHARE MODE")
        last = AuditSeal.objects.order_by("-number").first()
        digest, covered, count = last.digest if last else "", last.last_event if last else 0, 0
        for pk, event_hash in _hashes(covered):
            digest, covered, count = _folded(digest, pk, event_hash), pk, count + 1
        if not count:
            return None
        key = settings.FIELD_KEYS[0]
        return AuditSeal.objects.create(
            number=last.number + 1 if last else 1,
            at=timezone.now(),
            last_event=covered,
            events=count,
            digest=digest,
            key_name=_key_name(key),
            signature=_signature(key, digest),
        )


def _hashes(after: int, up_to: int | None = None) -> Iterator[tuple[int, str]]:
    events = AuditEvent.objects.filter(pk__gt=after)
    if up_to is not None:
        events = events.filter(pk__lte=up_to)
    yield from events.order_by("pk").values_list("pk", "hash").iterator(chunk_size=_CHUNK)


def _folded(digest: str, pk: int, event_hash: str) -> str:
    return hashlib.sha256(f"{digest}:{pk}:{event_hash}".encode()).hexdigest()


def _key_name(key: str) -> str:
    return hashlib.sha256(f"seal name:{key}".encode()).hexdigest()[:16]


def _signature(key: str, digest: str) -> str:
    own = hashlib.sha256(f"seal:{key}".encode()).digest()
    return hmac.new(own, digest.encode(), hashlib.sha256).hexdigest()


@dataclass(frozen=True, slots=True)
class Verified:
    """What `verify` found. `problems` says in words where the record is not what was written; none: it is whole."""

    events: int
    seals: int
    unsealed: int
    digest: str
    problems: tuple[str, ...]


def verify(*, most_problems: int = 100) -> Verified:
    """Read the whole record again and see that it is what was written. Memory does not grow with its length."""
    problems: list[str] = []
    events = 0
    chain, number, previous = "", 0, ""
    for event in AuditEvent.objects.order_by("chain", "number").iterator(chunk_size=_CHUNK):
        events += 1
        if event.chain != chain:
            chain, number, previous = event.chain, 0, ""
        where = f"event {event.pk}, number {event.number} of chain {chain}"
        if event.number != number + 1:
            problems.append(f"{where}: number {number + 1} is missing before it")
        elif event.previous != previous:
            problems.append(f"{where}: it does not follow the event before it")
        if hash_of(event) != event.hash:
            problems.append(f"{where}: it was changed after it was written")
        number, previous = event.number, event.hash
        if len(problems) >= most_problems:
            break
    seals, covered, digest, wrong = _verified_seals()
    unsealed = AuditEvent.objects.filter(pk__gt=covered).count()
    return Verified(events, seals, unsealed, digest, tuple([*problems, *wrong][:most_problems]))


def _verified_seals() -> tuple[int, int, str, list[str]]:
    keys = {_key_name(key): key for key in settings.FIELD_KEYS}
    problems: list[str] = []
    seals, covered, digest = 0, 0, ""
    for made in AuditSeal.objects.order_by("number").iterator(chunk_size=_CHUNK):
        seals += 1
        count = 0
        for pk, event_hash in _hashes(covered, made.last_event):
            digest, count = _folded(digest, pk, event_hash), count + 1
        if made.number != seals:
            problems.append(f"seal {seals} is missing")
        if (made.digest, made.events) != (digest, count):
            problems.append(f"seal {made.number}: events up to {made.last_event} are not those that were sealed")
        key = keys.get(made.key_name)
        if key is None:
            problems.append(f"seal {made.number}: signed with a key that is no longer in FIELD_KEYS; put it at the end")
        elif not hmac.compare_digest(made.signature, _signature(key, made.digest)):
            problems.append(f"seal {made.number}: the signature is not ours")
        covered, digest = made.last_event, made.digest
    return seals, covered, digest, problems
