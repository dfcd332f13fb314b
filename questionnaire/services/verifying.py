"""Whether the access record is what was written: reads all of it again, and the index of what its events name.

Found is everything that was changed, added, moved or taken out before the last seal, and beyond it whatever breaks a
chain. Not found by what lies in this database alone: events cut off at the end of a chain or added there after the
last seal, the newest seals taken away with everything after them, and the whole record taken away. A digest that is
kept elsewhere (`digest`) shows the last two.
"""

from __future__ import annotations

import hmac
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings

from questionnaire.models import AuditEvent, AuditSeal
from questionnaire.services import chaining, mentions

_AT, _KIND, _DETAIL = (chaining.HASHED.index(name) for name in ("at", "kind", "detail"))
_AT_ONCE = 200
"""Events with the responses that they name held at a time; one of a download names hundreds."""


@dataclass(frozen=True, slots=True)
class Verified:
    """`problems` says in words where the record is not what was written; none: it is whole. `unsealed` events came in
    after the last seal, whose digest `digest` is. `more` problems were found and are not listed."""

    events: int
    seals: int
    unsealed: int
    digest: str
    problems: tuple[str, ...]
    more: int = 0


@dataclass(slots=True)
class _Found:
    most: int
    problems: list[str] = field(default_factory=list)
    more: int = 0

    def add(self, problem: str) -> None:
        if len(self.problems) < self.most:
            self.problems.append(problem)
        else:
            self.more += 1


def verify(*, digest: str = "", most_problems: int = 100) -> Verified:
    """Read the whole record and its seals. Memory does not grow with their length.

    Args:
        digest: of a seal, kept outside this database; it must be among the seals.
    """
    found = _Found(most_problems)
    # Seals first: an event that comes in meanwhile is then neither missed nor sealed too early.
    seals, covered, newest = _seals(digest, found)
    events, unsealed = _chains(covered, found)
    for pk in mentions.strays(_AT_ONCE):
        found.add(f"event {pk}: the index has responses under it, and there is no such event that names any")
    return Verified(events, seals, unsealed, newest, tuple(found.problems), found.more)


def _chains(covered: int, found: _Found) -> tuple[int, int]:
    """How many events there are, and how many of them after the last that is sealed."""
    events = unsealed = number = 0
    chain = previous = ""
    naming: list[tuple[int, str, Any, Any]] = []
    rows = AuditEvent.objects.order_by("chain", "number").values_list("pk", "hash", *chaining.HASHED)
    for pk, own_hash, *values in rows.iterator(chunk_size=_AT_ONCE):
        events += 1
        unsealed += pk > covered
        if values[0] != chain:
            chain, number, previous = values[0], 0, ""
        wrong = _wrong(values, own_hash, number, previous)
        if wrong:
            found.add(f"event {pk}, number {values[1]} of chain {chain}: {wrong}")
        number, previous = values[1], own_hash
        if mentions.named(values[_DETAIL]):
            naming.append((pk, values[_KIND], values[_AT], values[_DETAIL]))
        if len(naming) == _AT_ONCE:
            _check_index(naming, found)
            naming = []
    _check_index(naming, found)
    return events, unsealed


def _check_index(naming: Sequence[tuple[int, str, Any, Any]], found: _Found) -> None:
    """Events are looked at before their rows of the index: those come in with the event, so none is missed."""
    for pk in mentions.wrong(naming):
        found.add(f"event {pk}: the index of responses is not what it names")


def _wrong(values: list[Any], own_hash: str, number: int, previous: str) -> str:
    """What is wrong with this event after the one before it in its chain; empty if nothing is."""
    if chaining.hash_of_values(values) != own_hash:
        return "it is not as it was written"
    if values[1] != number + 1:
        return f"number {number + 1} is missing before it"
    if values[-1] != previous:
        return "it does not follow the event before it"
    return ""


def _seals(wanted: str, found: _Found) -> tuple[int, int, str]:
    """How many seals there are, the last event that they cover, and the newest digest."""
    keys = {chaining.key_name(key): key for key in settings.FIELD_KEYS}
    seals = number = covered = 0
    digest, seen = "", not wanted
    for made in AuditSeal.objects.order_by("number").iterator(chunk_size=chaining.CHUNK):
        seals += 1
        if made.number != number + 1:
            found.add(f"seal {number + 1} is missing")
        count = 0
        for pk, event_hash in chaining.hashes(covered, made.last_event):
            digest, count = chaining.folded(digest, pk, event_hash), count + 1
        if (made.digest, made.events) != (digest, count):
            found.add(f"seal {made.number}: events {covered + 1} to {made.last_event} are not those that were sealed")
        _check_signature(made, keys, found)
        seen = seen or made.digest == wanted
        number, covered, digest = made.number, made.last_event, made.digest
    if not seen:
        found.add("the digest that was kept elsewhere is none of the seals’")
    return seals, covered, digest


def _check_signature(made: AuditSeal, keys: dict[str, str], found: _Found) -> None:
    key = keys.get(made.key_name)
    if key is None:
        found.add(f"seal {made.number}: signed with a key that is not in FIELD_KEYS; put the retired key at the end")
    elif not hmac.compare_digest(made.signature, chaining.signature(key, made)):
        found.add(f"seal {made.number}: the signature is not ours")
