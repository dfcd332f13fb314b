"""How the access record is tied together: an event's hash, the digest of a seal, its signature."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Iterator, Sequence
from typing import Any

from questionnaire.models import AuditEvent, AuditSeal

CHUNK = 2000
"""Events that are held in memory at a time."""
_canonical = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode

HASHED = ("chain", "number", "at", "kind", "actor", "by_id", "address", "subject", "detail", "previous")
"""What the hash of an event is over, in this order."""


def hash_of(event: AuditEvent) -> str:
    """The hash that this event should have: over everything in it and over the hash before it."""
    return hash_of_values([getattr(event, name) for name in HASHED])


def hash_of_values(values: Sequence[Any]) -> str:
    """The same for an event given as its values, in the order of `HASHED`."""
    chain, number, at, kind, actor, by, address, subject, detail, previous = values
    moment, about = at.isoformat(timespec="microseconds"), subject.hex if subject else None
    text = _canonical([chain, number, moment, kind, actor, by, address, about, detail, previous])
    return hashlib.sha256(text.encode()).hexdigest()


def hashes(after: int, up_to: int) -> Iterator[tuple[int, str]]:
    """Id and hash of the events after one id up to another, in the order of the ids."""
    events = AuditEvent.objects.filter(pk__gt=after, pk__lte=up_to)
    yield from events.order_by("pk").values_list("pk", "hash").iterator(chunk_size=CHUNK)


def folded(digest: str, pk: int, event_hash: str) -> str:
    """The digest with one more event in it."""
    return hashlib.sha256(f"{digest}:{pk}:{event_hash}".encode()).hexdigest()


def key_name(key: str) -> str:
    """By what a seal names the key that signed it, without telling anything of the key."""
    return hashlib.sha256(f"seal name:{key}".encode()).hexdigest()[:16]


def signature(key: str, made: AuditSeal) -> str:
    """Over everything in the seal, with a key that is made from this one for the purpose."""
    own = hashlib.sha256(f"seal:{key}".encode()).digest()
    moment = made.at.isoformat(timespec="microseconds")
    text = _canonical([made.number, moment, made.last_event, made.events, made.digest, made.key_name])
    return hmac.new(own, text.encode(), hashlib.sha256).hexdigest()
