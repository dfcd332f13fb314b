"""Ask the trial registry anew about the studies of people whose responses are still open: from a timer, in turn."""

from __future__ import annotations

import logging
import time
from collections import Counter
from dataclasses import dataclass

from django.db.models import F
from django.utils import timezone

from questionnaire.models import FinishedVersion, RegistryChange, RegistryCopy, RegistryStudy, StudyCheck
from questionnaire.services import registry, registry_dates, trial_review

State = RegistryStudy.State
_OF_DATA = 10.0
"""Longest wait, in seconds, for the registry to tell of when its data are."""
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
    named = _named()
    fresh = set(
        RegistryStudy.objects.filter(checked_at__gt=timezone.now() - registry.FRESH).values_list("number", flat=True)
    )
    known = RegistryStudy.objects.filter(number__in=named - fresh).order_by(F("checked_at").asc(nulls_first=True))
    ordered = list(known.values_list("number", flat=True))
    return sorted(named - fresh - set(ordered)) + ordered


def undated() -> list[str]:
    """Numbers that open responses name whose newest copy does not tell of which data it is."""
    named = _named()
    moved = RegistryStudy.objects.filter(number__in=named, state=State.MOVED)
    named |= set(moved.values_list("moved_to", flat=True))
    found = RegistryStudy.objects.filter(number__in=named, state=State.FOUND, newest__data_timestamp="")
    return list(found.order_by("checked_at").values_list("number", flat=True))


def _named() -> set[str]:
    """Numbers that open responses and their finished versions name."""
    now = timezone.now()
    named = set(StudyCheck.objects.filter(response__expires_at__gt=now).values_list("number", flat=True))
    open_versions = FinishedVersion.objects.filter(response__expires_at__gt=now)
    named |= set(open_versions.filter(study_number__gt="").values_list("study_number", flat=True).distinct())
    # A study that moved has its record under another number.
    found = open_versions.filter(registry_copy__isnull=False)
    return named | set(found.values_list("registry_copy__number", flat=True).distinct())


def refresh(*, seconds: float, pause: float = 5) -> Refreshed:
    """Ask for what is due, one after the other, for about so many seconds, and of which data the answers are.

    Copies that do not tell of which data they are come last: only an answer of this round can be dated in it.

    Args:
        pause: before a number without an answer is tried once more, in seconds.
    """
    ends, started = time.monotonic() + seconds, timezone.now()
    waiting, states, failures, flagged = due(), Counter[str](), 0, 0
    without_date = undated()
    data = registry_dates.stamp(seconds=min(_OF_DATA, seconds)) if waiting or without_date else ""
    since, brought = timezone.now(), list[RegistryCopy]()
    if data:
        waiting += [number for number in without_date if number not in waiting]
    while waiting and failures < MOST_FAILURES and (left := ends - time.monotonic()) > 0:
        number = waiting.pop(0)
        found = registry.refresh(number, seconds=min(20, left), pause=min(pause, left))
        flagged += trial_review.after_refresh(number)
        states[found.state] += 1
        if found.copy is not None and found.copy.confirmed_at >= since and not found.reason:
            brought.append(found.copy)
        failures = failures + 1 if found.state == "not-checked" else 0
    registry_dates.date_round(data, brought, seconds=_OF_DATA)
    changed = RegistryChange.objects.filter(found_at__gte=started).values("number").distinct().count()
    _log.info("Trial registry: %s, %s changed, %s left.", dict(states), changed, len(waiting))
    return Refreshed(states, changed, len(waiting), flagged)
