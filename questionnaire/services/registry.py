"""What the trial registry says of a number: asked once a day at most, by one at a time, and at most once a second.

Everybody who needs the same number at the same moment waits for one request. Whoever can't be served in time goes on
without: "could not check" is an answer, and it is tried again later.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import math
import time
from dataclasses import asdict, dataclass, replace
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from questionnaire.domain.trial_changes import changes
from questionnaire.domain.trial_record import TrialRecord, read
from questionnaire.integrations import clinicaltrials
from questionnaire.integrations.clinicaltrials import Moved, NotChecked, NotListed
from questionnaire.models import RegistryChange, RegistryCopy, RegistryStudy
from questionnaire.services import registry_dates
from questionnaire.services.registry_turn import NAP, our_turn

FRESH = dt.timedelta(days=1)
AGAIN = dt.timedelta(minutes=1)
"""How long after a try without an answer the registry is not asked again in a patient's request."""
_LEASE = dt.timedelta(seconds=4)
"""How long after the longest wait for an answer somebody else may ask."""
_SPARE = 0.5
"""Seconds of a wait that a date of the data leaves free: it is worth less than the page that somebody waits for."""
_MOVES = 3
"""How often a number is followed to another one."""
State = RegistryStudy.State
REASONS = (
    *(each.reason for each in clinicaltrials.FAILURES),
    *("never-asked", "out-of-date", "queue", "moves-in-a-circle"),
)
"""Every reason for which there may be no answer."""


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of a number now.

    Attributes:
        state: `found`, `not-found`, `moved`, or `not-checked` when there is no answer that is fresh.
        reason: why the last try brought no answer, in one word of `REASONS`; an earlier answer may still be fresh.
        copy: the newest copy of the record; with `not-checked` an older one, to be shown only with its date.
        checked_at: when the registry last answered.
        moved_to: the number under which it is listed now.
    """

    number: str
    state: str
    reason: str = ""
    copy: RegistryCopy | None = None
    checked_at: dt.datetime | None = None
    moved_to: str = ""

    @property
    def record(self) -> TrialRecord | None:
        return record_of(self.copy) if self.copy else None


def record_of(copy: RegistryCopy) -> TrialRecord:
    """The kept record, read."""
    return read(json.loads(copy.record))


def known(number: str) -> Known:
    """What we have of this number, without asking anybody.

    For a number that moved it is what we have of the new one, `moved_to`; if that is nothing yet, its state is `moved`.
    """
    found = _known_of(number)
    seen = [number]
    while found.state == State.MOVED and found.moved_to not in seen:
        if len(seen) > _MOVES:
            break
        seen.append(found.moved_to)
        found = _known_of(found.moved_to)
    if found.state == State.MOVED:
        return Known(number, "not-checked", "moves-in-a-circle")
    if len(seen) == 1:
        return found
    if found.state == "not-checked" and found.copy is None:
        return replace(_known_of(number), moved_to=seen[-1])
    return replace(found, number=number, moved_to=seen[-1])


def _known_of(number: str) -> Known:
    study = RegistryStudy.objects.select_related("newest").filter(number=number).first()
    return _known(study, number)


def look_up(number: str, *, seconds: float = clinicaltrials.PATIENT_SECONDS) -> Known:
    """What the registry says of this number: from what is kept while that is fresh, else asked anew.

    Args:
        seconds: the longest wait, whatever happens.
    """
    ends = time.monotonic() + seconds
    asked = number
    for _ in range(_MOVES):
        if not _answered(asked, ends) or (to := _known_of(asked).moved_to) == "":
            break
        asked = to
    return known(number)


def _answered(number: str, ends: float) -> bool:
    """Whether there is a fresh answer for just this number, by ours or somebody else's asking, before the time ends."""
    if _known_of(number).state == "not-checked" and not _just_tried(number):
        RegistryStudy.objects.get_or_create(number=number)
        while time.monotonic() < ends:
            left = ends - time.monotonic()
            if _leased(number, left, if_not_tried=True):
                ask(number, seconds=left)
                break
            time.sleep(NAP)
            if _known_of(number).state != "not-checked" or _just_tried(number):
                break
    return _known_of(number).state != "not-checked"


def ask(number: str, *, seconds: float, dating: bool = True) -> Known:
    """Ask the registry now, if its turn comes in time, and keep what it says. The caller holds the lease.

    Args:
        dating: also ask of when its data are, if the time that is left allows it.
    """
    ends = time.monotonic() + seconds
    told: dict[str, Any] = {"reason": ""}
    if not our_turn(ends):
        # Nobody was asked, so whoever comes next need not wait a minute.
        RegistryStudy.objects.filter(number=number).update(reason="queue", asked_until=None)
        return known(number)
    try:
        fetched = clinicaltrials.fetch(number, base=settings.CTGOV_BASE_URL, seconds=max(0.1, ends - time.monotonic()))
        told |= {"state": State.FOUND, "newest": _kept(number, fetched.text), "moved_to": ""}
    except NotListed:
        told |= {"state": State.NOT_FOUND, "moved_to": ""}
    except Moved as moved:
        told |= {"state": State.MOVED, "moved_to": moved.number}
    except NotChecked as error:
        told = {"reason": error.reason}
    now = timezone.now()
    if "state" in told:
        told["checked_at"] = now
    RegistryStudy.objects.filter(number=number).update(tried_at=now, asked_until=None, **told)
    if dating and "newest" in told:
        # What was answered is kept by now, so nobody else waits for this.
        registry_dates.date_copy(told["newest"], seconds=ends - time.monotonic() - _SPARE)
    return known(number)


def _known(study: RegistryStudy | None, number: str) -> Known:
    if study is None:
        return Known(number, "not-checked", "never-asked")
    now = timezone.now()
    fresh = study.checked_at is not None and now - study.checked_at < FRESH
    if study.state == State.NEVER or not fresh:
        reason = study.reason or ("out-of-date" if study.checked_at else "never-asked")
        return Known(number, "not-checked", reason, study.newest, study.checked_at)
    return Known(number, study.state, study.reason, study.newest, study.checked_at, study.moved_to)


def wait(number: str) -> int:
    """Seconds until the registry may be asked for this number again; 0 when it may be now."""
    tried = RegistryStudy.objects.filter(number=number).values_list("tried_at", flat=True).first()
    left = (tried + AGAIN - timezone.now()).total_seconds() if tried else 0
    return max(0, math.ceil(left))


def _just_tried(number: str) -> bool:
    return RegistryStudy.objects.filter(number=number, tried_at__gt=timezone.now() - AGAIN).exists()


def _leased(number: str, seconds: float = clinicaltrials.PATIENT_SECONDS, *, if_not_tried: bool = False) -> bool:
    """Whether it is now ours to ask for so long; a lease ends by itself, should whoever holds it be killed.

    Args:
        if_not_tried: not if somebody else asked meanwhile, which is looked at in the same step.
    """
    now = timezone.now()
    free = Q(asked_until=None) | Q(asked_until__lt=now)
    if if_not_tried:
        free &= Q(tried_at=None) | Q(tried_at__lte=now - AGAIN)
    return bool(
        RegistryStudy.objects.filter(free, number=number).update(
            asked_until=now + dt.timedelta(seconds=seconds) + _LEASE
        )
    )


def _kept(number: str, text: str) -> RegistryCopy:
    """The copy that holds this text; where it is not what was answered before, with what changed."""
    now = timezone.now()
    with transaction.atomic():
        before = _copy_of(number)
        copy, made = RegistryCopy.objects.select_for_update().get_or_create(
            number=number,
            content_hash=hashlib.sha256(text.encode()).hexdigest(),
            defaults={"record": text, "fetched_at": now, "confirmed_at": now},
        )
        if not made:
            # Of which data this answer was is not known yet.
            copy.confirmed_at, copy.data_timestamp = now, ""
            copy.save(update_fields=["confirmed_at", "data_timestamp"])
        if before is not None and before.pk != copy.pk:
            found = [asdict(each) for each in changes(record_of(before), record_of(copy))]
            if found:
                RegistryChange.objects.create(number=number, before=before, after=copy, fields=found, found_at=now)
    return copy


def _copy_of(number: str) -> RegistryCopy | None:
    study = RegistryStudy.objects.select_related("newest").filter(number=number).first()
    return study.newest if study else None


def refresh(number: str, *, seconds: float = 20, pause: float = 5) -> Known:
    """Ask anew outside of a patient's request, with one more try after a pause; a number that moved is followed.

    Of when the data are is for the caller to find out, once for all that it asks.

    Args:
        seconds: the longest wait of one try.
        pause: before the second try, in seconds.
    """
    asked = number
    for _ in range(_MOVES):
        _refreshed(asked, seconds, pause)
        study = RegistryStudy.objects.get(number=asked)
        if study.reason or not study.moved_to:
            break
        asked = study.moved_to
    return known(number)


def _refreshed(number: str, seconds: float, pause: float) -> None:
    RegistryStudy.objects.get_or_create(number=number)
    for wait in (0.0, pause):
        time.sleep(wait)
        if _leased(number, seconds):
            ask(number, seconds=seconds, dating=False)
            if not RegistryStudy.objects.get(number=number).reason:
                return


def ask_again(number: str, *, seconds: float = clinicaltrials.PATIENT_SECONDS) -> Known:
    """Ask now, though what is kept may still be fresh; but not within a minute of the last try, and in turn."""
    RegistryStudy.objects.get_or_create(number=number)
    if not _just_tried(number) and _leased(number):
        return ask(number, seconds=seconds)
    return look_up(number, seconds=seconds)
