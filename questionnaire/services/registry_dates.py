"""Of when the registry's data are, for each copy that we keep.

The registry tells that apart from its records, so a copy carries a date only where it was asked for in the same round:
right after the record, or before and after the records of a timer's run, with the same answer. A date that was told in
another round may be that of other data.
"""

from __future__ import annotations

import time
from collections.abc import Iterable

from django.conf import settings
from django.utils import timezone

from questionnaire.integrations import clinicaltrials
from questionnaire.integrations.clinicaltrials import NotChecked
from questionnaire.models import RegistryCopy, RegistryStudy
from questionnaire.services.registry_turn import our_turn

_LEAST = 0.3
"""Seconds without which it is not worth asking."""


def stamp(*, seconds: float) -> str:
    """When the registry's data were last refreshed, as it says now; empty without a turn and an answer in time."""
    ends = time.monotonic() + seconds
    if seconds < _LEAST or not our_turn(ends - _LEAST):
        return ""
    try:
        return clinicaltrials.data_timestamp(base=settings.CTGOV_BASE_URL, seconds=max(0.1, ends - time.monotonic()))
    except NotChecked:
        return ""


def date_copy(copy: RegistryCopy, *, seconds: float) -> None:
    """Date a copy that the registry gave just now, if that takes no turn from anybody who waits for a record."""
    if RegistryStudy.objects.filter(asked_until__gt=timezone.now()).exists():
        return
    if told := stamp(seconds=seconds):
        # Not if it was asked for again meanwhile, which is another round.
        RegistryCopy.objects.filter(pk=copy.pk, confirmed_at=copy.confirmed_at).update(data_timestamp=told)


def date_round(told: str, copies: Iterable[RegistryCopy], *, seconds: float) -> int:
    """Date the copies that a round brought, if the timestamp before it still stands after it; how many were dated.

    Args:
        told: the timestamp before any of them was asked for; empty if there was none.
        copies: as the round found them.
        seconds: the longest wait for the timestamp after it.
    """
    brought = list(copies)
    if not told or not brought or stamp(seconds=seconds) != told:
        return 0
    return sum(
        RegistryCopy.objects.filter(pk=copy.pk, confirmed_at=copy.confirmed_at).update(data_timestamp=told)
        for copy in brought
    )
