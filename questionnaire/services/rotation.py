"""Rotation of keys: everything that is sealed with an earlier key is sealed anew with the first of FIELD_KEYS.

Put the new key in front of FIELD_KEYS, restart every process, then run this (`manage.py rotate_keys`). Rows are taken
in steps, each a transaction of its own, so it can be broken off at any moment and begun again; what is done already is
only read. Nobody is held up: a row is written only if it is still as it was read, and read again if not. What people
write meanwhile is sealed with the first key anyway.

Two things cannot be made anew. Only whoever has a return code can hash it, so an earlier key finds it until it is used,
renewed, or its response expires; and a seal of the access record is never altered, so the key that signed it is needed
to verify it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from cryptography.fernet import InvalidToken
from django.conf import settings
from django.db import transaction
from django.db.models import Count, Max

from questionnaire.models import AuditSeal, Response, Review, SearchToken
from questionnaire.services import chaining, queueing
from questionnaire.services.sealed_places import PLACES, SealedPlace

BATCH = 200
"""Rows that one transaction looks at."""
_MOST_RETRIES = 50


class Busy(RuntimeError):
    """A row was changed by others each time before it could be sealed anew. Begin again."""


@dataclass(slots=True)
class Counted:
    """Rows looked at, those sealed anew, and those that hold something that none of FIELD_KEYS opens."""

    place: str
    rows: int = 0
    anew: int = 0
    unreadable: int = 0


@dataclass(frozen=True, slots=True)
class EarlierKey:
    """One of FIELD_KEYS behind the first, or a key that seals name and FIELD_KEYS lacks (`number` 0).

    Args:
        number: its place in FIELD_KEYS, from 1.
        seals: how many seals of the access record it signed.
    """

    number: int
    name: str
    seals: int


@dataclass(frozen=True, slots=True)
class Needed:
    """What earlier keys are still needed for.

    `codes` responses have a return code that may have been hashed with one of them; none outlives `codes_until` unless
    its person goes on with it.
    """

    keys: tuple[EarlierKey, ...]
    codes: int
    codes_until: dt.datetime | None


def rotate(tell: Callable[[Counted], None] = lambda counted: None) -> list[Counted]:
    """Seal everything with the first key; what was done, place by place.

    Args:
        tell: called after each step with the counts so far.

    Raises:
        Busy
    """
    return [*(_rotated(place, tell) for place in PLACES), _tokens_anew(tell)]


def _rotated(place: SealedPlace, tell: Callable[[Counted], None]) -> Counted:
    counted = Counted(place.name)
    for rows in _steps(place.rows.values(*place.columns)):
        with transaction.atomic():
            for read in rows:
                _row_anew(place, read, counted)
        tell(counted)
    return counted


def _steps(rows: Any) -> Iterator[list[dict[str, Any]]]:
    """These rows, in steps, in the order of their ids."""
    last: Any = None
    while True:
        following = rows.order_by("pk") if last is None else rows.order_by("pk").filter(pk__gt=last)
        found = list(following[:BATCH])
        if not found:
            return
        yield found
        last = found[-1]["pk"]


def _row_anew(place: SealedPlace, read: dict[str, Any], counted: Counted) -> None:
    counted.rows += 1
    for _ in range(_MOST_RETRIES):
        fresh, unreadable = place.resealed(read)
        if fresh == place.value(read) or place.write(read, fresh):
            counted.anew += fresh != place.value(read)
            counted.unreadable += unreadable
            return
        now = place.read(read["pk"])
        if now is None:
            return
        read = now
    raise Busy(place.name)


def _tokens_anew(tell: Callable[[Counted], None]) -> Counted:
    """Search words are hashes, so they are made again from the name and the date of birth."""
    counted = Counted("search words")
    for rows in _steps(Review.objects.exclude(identity="").values("pk")):
        with transaction.atomic():
            pks = [row["pk"] for row in rows]
            reviews = list(Review.objects.select_for_update().filter(pk__in=pks).exclude(identity="").order_by("pk"))
            held: dict[Any, set[int]] = {}
            for pk, token in SearchToken.objects.filter(review__in=reviews).values_list("review_id", "token"):
                held.setdefault(pk, set()).add(token)
            for review in reviews:
                _found_anew(review, held.get(review.pk, set()), counted)
        tell(counted)
    return counted


def _found_anew(review: Review, held: set[int], counted: Counted) -> None:
    counted.rows += 1
    try:
        wanted = queueing.tokens_of(review)
    except InvalidToken:
        counted.unreadable += 1
        return
    if wanted != held:
        SearchToken.objects.filter(review=review, token__in=held - wanted).delete()
        rows = [SearchToken(review=review, token=token, queue=review.queue) for token in sorted(wanted - held)]
        SearchToken.objects.bulk_create(rows)
        counted.anew += 1


def needed() -> Needed:
    """What the keys behind the first are still needed for, once `rotate` has found nothing unreadable."""
    signed = dict(AuditSeal.objects.values_list("key_name").annotate(Count("pk")).order_by())
    names = [chaining.key_name(key) for key in settings.FIELD_KEYS]
    keys = [EarlierKey(number, name, signed.get(name, 0)) for number, name in enumerate(names[1:], start=2)]
    keys += [EarlierKey(0, name, count) for name, count in sorted(signed.items()) if name not in names]
    codes = Response.objects.exclude(code_hash=None).aggregate(count=Count("pk"), until=Max("expires_at"))
    return Needed(tuple(keys), codes["count"], codes["until"])
