"""Reading the access record of one review, the newest event first, at the same cost whatever its length.

What concerns it alone stands in its own chain; beside that, pages of lists showed it and downloads took it out.
"""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from questionnaire.models import AuditEvent
from questionnaire.services import audit, mentions, record_search
from questionnaire.services.record_search import Place

MOST_COUNTED = 100
"""How many are counted before "more than" is said, so that counting costs the same at any number."""


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """How often lists showed a response, or downloads took it out: at most `MOST_COUNTED` + 1, and the last time."""

    exported: bool
    count: int
    last: AuditEvent


def of_review(pk: UUID, *, before: int | None = None, most: int) -> list[AuditEvent]:
    """At most so many events of this review, from the one numbered `before` on towards the first."""
    events = AuditEvent.objects.filter(chain=audit.chain_of(pk))
    if before is not None:
        events = events.filter(number__lt=before)
    return list(events.select_related("by").order_by("-number")[:most])


def elsewhere(pk: UUID) -> list[Elsewhere]:
    """Downloads first, then lists; what never happened is left out."""
    found = {out: mentions.newest(pk, most=MOST_COUNTED + 1, exported=out) for out in (True, False)}
    last = mentions.events([ids[0] for ids in found.values() if ids])
    return [Elsewhere(out, len(ids), last[ids[0]]) for out, ids in found.items() if ids]


def each_elsewhere(pk: UUID, *, after: Place | None, most: int) -> list[AuditEvent]:
    """At most so many of the lists and downloads, without their details."""
    return mentions.of(pk, most=most, where=record_search.behind(after, "event_id") if after else None)
