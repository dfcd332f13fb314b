"""Ask the trial registry anew about the studies of people whose responses are still open: from a timer, in turn."""

from __future__ import annotations

import logging
import time
from collections import Counter
from dataclasses import dataclass

from django.db.models import F
from django.utils import timezone

from questionnaire.models import FinishedVersion, RegistryChange, RegistryStudy, StudyCheck
from questionnaire.services import registry, trial_review

MOST_FAILURES = 3
"""After so many numbers in a row without an answer the registry is left alone until the next run."""
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Refreshed:
    """How a run went, in numbers of studies.

    Attributes:
        states: how many were answered for in which way: `found`, `not-found`, `moved`, `not-checked`.
        changed: records that are not as before.
        left: still due, for want of time or of answers.
        flagged: shared responses that now say less than the registry does, for their physicians to see.
    """

    states: Counter[str]
    changed: int
    left: int
    flagged: int


def due() -> list[str]:
    """Numbers that open responses name and that were not answered for within a day, longest ago first."""
    now = timezone.now()
    named = set(StudyCheck.objects.filter(response__expires_at__gt=now).values_list("number", flat=True))
    open_versions = FinishedVersion.objects.filter(response__expires_at__gt=now)
    named |= set(open_versions.filter(study_number__gt="").values_list("study_number", flat=True).distinct())
    # A study that moved has its record under another number.
    found = open_versions.filter(registry_copy__isnull=False)
    named |= set(found.values_list("registry_copy__number", flat=True).distinct())
    fresh = set(RegistryStudy.objects.filter(checked_at__gt=now - registry.FRESH).values_list("number", flat=True))
    known = RegistryStudy.objects.filter(number__in=named - fresh).order_by(F("checked_at").asc(nulls_first=True))
    ordered = list(known.values_list("number", flat=True))
    return sorted(named - fresh - set(ordered)) + ordered


def refresh(*, seconds: float, pause: float = 5) -> Refreshed:
    """Ask for what is due, one after the other, for about so many seconds.

    Args:
        pause: before a number without an answer is tried once more, in seconds.
    """
    ends, started = time.monotonic() + seconds, timezone.now()
    waiting, states, failures, flagged = due(), Counter[str](), 0, 0
    while waiting and failures < MOST_FAILURES and (left := ends - time.monotonic()) > 0:
        number = waiting.pop(0)
        found = registry.refresh(number, seconds=min(20, left), pause=min(pause, left))
        flagged += trial_review.after_refresh(number)
        states[found.state] += 1
        failures = failures + 1 if found.state == "not-checked" else 0
    registry.date_copies()
    changed = RegistryChange.objects.filter(found_at__gte=started).values("number").distinct().count()
    _log.info("Trial registry: %s, %s changed, %s left.", dict(states), changed, len(waiting))
    return Refreshed(states, changed, len(waiting), flagged)
