"""Which responses an event shows or takes out that stands in no response's own chain: a page of a list, a download.

The event's detail names them, so its hash covers them; rows beside it let them be found by response.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Q

from questionnaire.models import AuditEvent, AuditMention

KEY = "reviews"
"""Under what a detail names them, as texts of their ids."""
ROWS_EXPORTED = "rows exported"
"""The kind of an event whose responses were taken out of here; those of any other kind stood on a page."""


def named(detail: Any) -> list[str]:
    """The ids that this detail names; none where it names none."""
    found = detail.get(KEY) if isinstance(detail, Mapping) else None
    return [str(each) for each in found] if isinstance(found, list) else []


def write(event: AuditEvent, subjects: Sequence[UUID]) -> None:
    """Index the responses that this event names, in its transaction.

    The database unpacks them from one value: as rows of the ORM's they would slow a download by a tenth.
    """
    on_postgresql = connection.vendor == "postgresql"
    subject, rows = ("named", "unnest(%s::uuid[]) AS named") if on_postgresql else ("value", "json_each(%s)")
    given = list(subjects) if on_postgresql else json.dumps([each.hex for each in subjects])
    sql = (
        f"INSERT INTO questionnaire_auditmention (event_id, subject, exported, at) "
        f"SELECT %s, {subject}, %s, %s FROM {rows}"
    )
    at = connection.ops.adapt_datetimefield_value(event.at)
    with connection.cursor() as cursor:
        cursor.execute(sql, [event.pk, event.kind == ROWS_EXPORTED, at, given])


def newest(subject: UUID, *, most: int, exported: bool, where: Q | None = None) -> list[int]:
    """Ids of at most so many events that name this response, the newest first, at the same cost whatever their number.

    Args:
        exported: those that took it out, or those that showed it.
        where: what else must hold of the mention: its moment, its event's id.
    """
    # As a list of one: a plain comparison becomes NOT on SQLite, which enters no index.
    found = AuditMention.objects.filter(where or Q(), subject=subject, exported__in=[exported])
    return list(found.order_by("-at", "-event_id").values_list("event_id", flat=True)[:most])


def of(subject: UUID, *, most: int, where: Q | None = None) -> list[AuditEvent]:
    """At most so many events that show this response or took it out, the newest first."""
    found = events([pk for out in (False, True) for pk in newest(subject, most=most, exported=out, where=where)])
    return sorted(found.values(), key=lambda each: (each.at, each.pk), reverse=True)[:most]


def events(ids: Sequence[int]) -> dict[int, AuditEvent]:
    """These events by id, without their details, of which one may name hundreds of responses."""
    return AuditEvent.objects.select_related("by").defer("detail").in_bulk(ids)


def wrong(naming: Sequence[tuple[int, str, Any, Any]]) -> Iterator[int]:
    """Ids of those events whose index is not what they name.

    Args:
        naming: id, kind, moment and detail of each, so many as one statement may name.
    """
    indexed: dict[int, set[tuple[str, bool, Any]]] = {pk: set() for pk, *_ in naming}
    rows = AuditMention.objects.filter(event__in=list(indexed))
    for pk, subject, exported, at in rows.values_list("event_id", "subject", "exported", "at").iterator():
        indexed[pk].add((str(subject), exported, at))
    for pk, kind, at, detail in naming:
        if indexed[pk] != {(each, kind == ROWS_EXPORTED, at) for each in named(detail)}:
            yield pk


def strays(chunk: int) -> Iterator[int]:
    """Ids, in order, under which the index has rows though no such event names any response."""
    ids = AuditMention.objects.order_by("event_id").values_list("event_id", flat=True).distinct()
    held: list[int] = []
    for pk in ids.iterator(chunk_size=chunk):
        held.append(pk)
        if len(held) == chunk:
            yield from _strays(held)
            held = []
    yield from _strays(held)


def _strays(held: Sequence[int]) -> list[int]:
    naming = AuditEvent.objects.filter(pk__in=held, detail__has_key=KEY)
    known = set(naming.values_list("pk", flat=True))
    return [pk for pk in held if pk not in known]
