"""Administrators search the access record. That they did, and for what, is in the record too.

What is found for a response is what stands in its own chain, and each page of a list and each download that named it.

A page is a walk along one index from a place on (keyset), newest first: nothing is counted and nothing skipped over.
The first filter that is set chooses the index; where more are set the walk goes over at most `WINDOW` rows at a time
and `LOOKS` windows, and says so if the page is not full by then.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Q
from django.utils import timezone

from questionnaire.models import AuditEvent, AuditSeal
from questionnaire.services import audit, mentions, staff
from questionnaire.services.staff import Caller

SIZE = 50
WINDOW = 500
LOOKS = 4
_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)


@dataclass(frozen=True, slots=True)
class Filters:
    """What is looked for; empty texts and None narrow nothing. Days are in UTC, both included.

    `who` is the id of an account, or one of `AuditEvent.Actor`; `response` the id under which staff know a response.
    """

    who: str = ""
    kind: str = ""
    since: dt.date | None = None
    until: dt.date | None = None
    response: UUID | None = None

    def told(self) -> dict[str, str]:
        """Those that are set, as they stand in an address and in the record."""
        given = {name: getattr(self, name) for name in ("who", "kind", "since", "until", "response")}
        return {name: str(value) for name, value in given.items() if value}


@dataclass(frozen=True, slots=True)
class Place:
    """After which event a page begins: its moment and its id."""

    at: dt.datetime
    id: int

    def __str__(self) -> str:
        return f"{(self.at - _EPOCH) // dt.timedelta(microseconds=1)}.{self.id}"

    @classmethod
    def read(cls, text: str) -> Place | None:
        """The place that this text names; None when it is none."""
        micros, _, pk = text.partition(".")
        if not (text.isascii() and micros.isdigit() and pk.isdigit() and len(micros) < 17 and len(pk) < 19):
            return None
        return cls(_EPOCH + dt.timedelta(microseconds=int(micros)), int(pk))


@dataclass(frozen=True, slots=True)
class RecordPage:
    """`older` is where the next page begins, None at the end. `unfinished`: the walk was broken off before the page
    was full, and can be gone on from there."""

    events: list[AuditEvent]
    older: Place | None
    unfinished: bool


def search(*, by: Caller, filters: Filters, after: Place | None = None) -> RecordPage:
    """One page of the record, and a new event that tells of this look.

    Raises:
        staff.NotAllowed
    """
    with transaction.atomic():
        user = staff.require(by.user, staff.SEARCH_RECORD)
        found = _page(filters, after, SIZE)
        detail = filters.told() | ({"after": str(after)} if after else {})
        audit.record(kind="record searched", by=user, address=by.address, detail=detail)
    # Only now: a walk may go over thousands of events, and the detail of one may name hundreds of responses.
    details = dict(AuditEvent.objects.filter(pk__in=[each.pk for each in found.events]).values_list("pk", "detail"))
    for each in found.events:
        each.detail = details[each.pk]
    return found


def one(*, by: Caller, pk: int) -> AuditEvent | None:
    """One event, whole; None where there is none of this id. The look is recorded either way.

    Raises:
        staff.NotAllowed
    """
    with transaction.atomic():
        user = staff.require(by.user, staff.SEARCH_RECORD)
        event = AuditEvent.objects.select_related("by").filter(pk=pk).first()
        audit.record(kind="record searched", by=user, address=by.address, detail={"event": str(pk)})
    return event


def _page(filters: Filters, after: Place | None, size: int) -> RecordPage:
    index, rest = _split(filters)
    found: list[AuditEvent] = []
    for _ in range(LOOKS if rest else 1):
        most = WINDOW if rest else size + 1
        rows = _rows(filters, index, after, most)
        found += [each for each in rows if all(getattr(each, name) == value for name, value in rest.items())]
        if len(found) > size:
            return RecordPage(found[:size], place_of(found[size - 1]), unfinished=False)
        if len(rows) < most:
            return RecordPage(found, None, unfinished=False)
        after = place_of(rows[-1])
    return RecordPage(found, after, unfinished=True)


def _split(filters: Filters) -> tuple[Q, dict[str, Any]]:
    """What chooses the index, and what else must hold of an event."""
    account = int(filters.who) if filters.who.isdigit() else None
    tests: dict[str, Any] = {}
    if filters.response:
        tests["chain"] = audit.chain_of(filters.response)
    if account is not None:
        tests["by_id"] = account
    if filters.kind:
        tests["kind"] = filters.kind
    first = next(iter(tests), None)
    index = Q(**{first: tests.pop(first)}) if first else Q()
    if filters.who and account is None:
        tests["actor"] = filters.who
    return index, tests


def _rows(filters: Filters, index: Q, after: Place | None, most: int) -> list[AuditEvent]:
    """The next so many events of the walk."""
    events = AuditEvent.objects.filter(index, _when(filters, after)).select_related("by").defer("detail")
    found = list(events.order_by("-at", "-id")[:most])
    if filters.response is None:
        return found
    found += mentions.of(filters.response, most=most, where=_when(filters, after, "event_id"))
    return sorted(found, key=lambda each: (each.at, each.pk), reverse=True)[:most]


def _when(filters: Filters, after: Place | None, key: str = "id") -> Q:
    """Between the days, and behind the place."""
    test = Q(at__gte=_midnight(filters.since)) if filters.since else Q()
    if filters.until:
        test &= Q(at__lt=_midnight(filters.until) + dt.timedelta(days=1))
    return test & behind(after, key) if after else test


def behind(place: Place, key: str) -> Q:
    """What comes after this place, the newest first. `key` is where the event's id stands."""
    # The first test is in the others already; it is what the index is entered by.
    return Q(at__lte=place.at) & (Q(at__lt=place.at) | Q(at=place.at, **{f"{key}__lt": place.id}))


def place_of(event: AuditEvent) -> Place:
    """Where a page begins that this event ends."""
    return Place(event.at, event.pk)


def _midnight(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(), dt.UTC)


def kinds() -> list[str]:
    """Every kind that the record holds, each found by one step along the index instead of a walk through all events."""
    next_kind = "SELECT min(kind) FROM questionnaire_auditevent"
    sql = (
        f"WITH RECURSIVE kinds(kind) AS ({next_kind} UNION ALL "
        f"SELECT ({next_kind} WHERE kind > kinds.kind) FROM kinds WHERE kinds.kind IS NOT NULL) "
        f"SELECT kind FROM kinds WHERE kind IS NOT NULL"
    )
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return [kind for (kind,) in cursor.fetchall()]


def last_seal() -> AuditSeal | None:
    """The newest seal; None when the record was never sealed."""
    return AuditSeal.objects.order_by("-number").first()


def hours_since(seal: AuditSeal) -> int:
    """Whole hours since it was made."""
    return int((timezone.now() - seal.at) / dt.timedelta(hours=1))
