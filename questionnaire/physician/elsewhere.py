"""Where else a response was seen: on pages of lists, in downloads. Told so that it does not bury who opened it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby
from uuid import UUID

from questionnaire.models import AuditEvent
from questionnaire.services import mentions, staff, trail

_WHAT = {
    mentions.ROWS_EXPORTED: "Exported in a CSV file",
    "listed": "Seen in the inbox",
    "searched": "Found by a search",
    "viewed": "Seen in the list of a safety change",
}


@dataclass(frozen=True, slots=True)
class Glance:
    """How often, in a line."""

    what: str
    times: str
    who: str
    last: AuditEvent


@dataclass(frozen=True, slots=True)
class Run:
    """What one person did several times on one day, one after the other, from one address."""

    what: str
    who: str
    address: str
    count: int
    first: dt.datetime
    last: dt.datetime


def at_a_glance(pk: UUID) -> list[Glance]:
    """At most two lines: downloads, and lists."""
    return [
        Glance(
            what="Exported in a CSV file" if each.exported else "Seen in a list",
            times=_times(each.count),
            who=_who(each.last),
            last=each.last,
        )
        for each in trail.elsewhere(pk)
    ]


def _times(count: int) -> str:
    if count > trail.MOST_COUNTED:
        return f"more than {trail.MOST_COUNTED} times"
    return "once" if count == 1 else f"{count} times"


def folded(events: Iterable[AuditEvent]) -> list[Run]:
    """Such events, the newest first, as a table tells them."""
    runs = []
    for (what, who, address, _), alike in groupby(events, _alike):
        held = list(alike)
        runs.append(Run(what, who, address, len(held), first=held[-1].at, last=held[0].at))
    return runs


def _alike(event: AuditEvent) -> tuple[str, str, str, dt.date]:
    return _WHAT.get(event.kind, event.kind.capitalize()), _who(event), event.address, event.at.date()


def _who(event: AuditEvent) -> str:
    return staff.shown_name(event.by) if event.by else event.get_actor_display()
