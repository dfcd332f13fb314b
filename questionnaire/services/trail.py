"""Reading the access record of one review, the newest event first, at the same cost whatever its length."""

from __future__ import annotations

from uuid import UUID

from questionnaire.models import AuditEvent
from questionnaire.services import audit


def of_review(pk: UUID, *, before: int | None = None, most: int) -> list[AuditEvent]:
    """At most so many events of this review, from the one numbered `before` on towards the first."""
    events = AuditEvent.objects.filter(chain=audit.chain_of(pk))
    if before is not None:
        events = events.filter(number__lt=before)
    return list(events.select_related("by").order_by("-number")[:most])
