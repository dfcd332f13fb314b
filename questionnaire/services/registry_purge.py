"""Forget what the trial registry said of numbers that nobody needs any more.

A finished version keeps the copy that its guidance came from for as long as it lives: the page of a patient and of a
physician is made from it.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from questionnaire.models import FinishedVersion, RegistryChange, RegistryCopy, RegistryStudy, StudyCheck

KEPT = dt.timedelta(days=30)
"""How long after it was last asked for a number is kept that no response names: people come back to what they typed."""
State = RegistryStudy.State


@dataclass(frozen=True, slots=True)
class Forgotten:
    """How many rows were deleted of each kind."""

    studies: int
    copies: int
    changes: int


def purge_registry() -> Forgotten:
    """Delete the studies, copies and changes that no response needs, if they are old; how many there were."""
    limit = timezone.now() - KEPT
    with transaction.atomic():
        # Changes are told at each run of the timer; what changed for a response is read off its copies.
        changes, _ = RegistryChange.objects.filter(found_at__lt=limit).delete()
        studies, _ = RegistryStudy.objects.filter(pk__in=_studies(limit)).delete()
        copies, _ = RegistryCopy.objects.filter(pk__in=_copies(limit)).delete()
    return Forgotten(studies, copies, changes)


def _studies(limit: dt.datetime) -> list[str]:
    """Numbers that were not asked for since and that nothing names; locked, so that nobody begins to ask meanwhile."""
    recent = Q(tried_at__gte=limit) | Q(checked_at__gte=limit) | Q(asked_until__gte=limit)
    old = RegistryStudy.objects.select_for_update().exclude(recent).order_by("number")
    waiting = [study.number for study in old]
    return sorted(set(waiting) - _needed())


def _needed() -> set[str]:
    """Numbers that a response or one of its finished versions names, and those to which these have moved."""
    needed = set(StudyCheck.objects.values_list("number", flat=True))
    finished = FinishedVersion.objects.filter(study_number__gt="")
    needed |= set(finished.values_list("study_number", flat=True).distinct())
    pointed = FinishedVersion.objects.filter(registry_copy__isnull=False)
    needed |= set(pointed.values_list("registry_copy__number", flat=True))
    moved = dict(RegistryStudy.objects.filter(state=State.MOVED).values_list("number", "moved_to"))
    for number in list(needed):
        while (number := moved.get(number, "")) and number not in needed:
            needed.add(number)
    return needed


def _copies(limit: dt.datetime) -> list[int]:
    """Copies that the registry has not given since and to which nothing points."""
    used = (
        Exists(FinishedVersion.objects.filter(registry_copy=OuterRef("pk")))
        | Exists(RegistryStudy.objects.filter(newest=OuterRef("pk")))
        | Exists(RegistryChange.objects.filter(Q(before=OuterRef("pk")) | Q(after=OuterRef("pk"))))
    )
    old = RegistryCopy.objects.select_for_update(of=("self",)).filter(~used, confirmed_at__lt=limit)
    return [copy.pk for copy in old.only("pk").order_by("pk")]
