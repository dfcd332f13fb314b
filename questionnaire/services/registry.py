"""What the trial registry says of a number: asked once a day at most, by one at a time, and at most once a second.

Everybody who needs the same number at the same moment waits for one request. Whoever can't be served in time goes on
without: "could not check" is an answer, and it is tried again later.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import time
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from questionnaire.domain.trial_record import TrialRecord, read
from questionnaire.integrations import clinicaltrials
from questionnaire.integrations.clinicaltrials import Moved, NotChecked, NotListed
from questionnaire.models import RegistryClock, RegistryCopy, RegistryStudy

FRESH = dt.timedelta(days=1)
AGAIN = dt.timedelta(minutes=1)
"""How long after a try without an answer the registry is not asked again in a patient's request."""
SPACING = dt.timedelta(seconds=1)
_LEASE = dt.timedelta(seconds=6)
_NAP = 0.05
State = RegistryStudy.State


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of a number now.

    Attributes:
        state: `found`, `not-found`, `moved`, or `not-checked` when there is no answer that is fresh.
        reason: why there is none.
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
    """What we have of this number, without asking anybody."""
    study = RegistryStudy.objects.select_related("newest").filter(number=number).first()
    return _known(study, number)


def look_up(number: str, *, seconds: float = clinicaltrials.PATIENT_SECONDS) -> Known:
    """What the registry says of this number: from what is kept while that is fresh, else asked anew.

    Args:
        seconds: the longest wait, whatever happens.
    """
    ends = time.monotonic() + seconds
    found = known(number)
    if found.state != "not-checked" or _just_tried(number):
        return found
    RegistryStudy.objects.get_or_create(number=number)
    while time.monotonic() < ends:
        if _leased(number):
            return ask(number, seconds=ends - time.monotonic())
        time.sleep(_NAP)
        found = known(number)
        if found.state != "not-checked" or _just_tried(number):
            return found
    return found


def ask(number: str, *, seconds: float) -> Known:
    """Ask the registry now, if its turn comes in time, and keep what it says. The caller holds the lease."""
    ends = time.monotonic() + seconds
    changes: dict[str, Any] = {"reason": ""}
    try:
        if not _our_turn(ends):
            raise clinicaltrials.TimedOut
        fetched = clinicaltrials.fetch(number, base=settings.CTGOV_BASE_URL, seconds=max(0.1, ends - time.monotonic()))
        changes |= {"state": State.FOUND, "newest": _kept(number, fetched.raw), "moved_to": ""}
    except NotListed:
        changes |= {"state": State.NOT_FOUND}
    except Moved as moved:
        changes |= {"state": State.MOVED, "moved_to": moved.number}
    except NotChecked as error:
        changes = {"reason": error.reason}
    now = timezone.now()
    if "state" in changes:
        changes["checked_at"] = now
    RegistryStudy.objects.filter(number=number).update(tried_at=now, asked_until=None, **changes)
    return known(number)


def _known(study: RegistryStudy | None, number: str) -> Known:
    if study is None:
        return Known(number, "not-checked", "never-asked")
    now = timezone.now()
    fresh = study.checked_at is not None and now - study.checked_at < FRESH
    if study.state == State.NEVER or not fresh:
        return Known(number, "not-checked", study.reason or "never-asked", study.newest, study.checked_at)
    return Known(number, study.state, "", study.newest, study.checked_at, study.moved_to)


def _just_tried(number: str) -> bool:
    return RegistryStudy.objects.filter(number=number, tried_at__gt=timezone.now() - AGAIN).exists()


def _leased(number: str) -> bool:
    """Whether it is now ours to ask; a lease ends by itself, should whoever holds it be killed."""
    now = timezone.now()
    free = Q(asked_until=None) | Q(asked_until__lt=now)
    return bool(RegistryStudy.objects.filter(free, number=number).update(asked_until=now + _LEASE))


def _our_turn(ends: float) -> bool:
    """Wait until the registry may be asked again; whether that came in time."""
    RegistryClock.objects.get_or_create(id=1, defaults={"next_at": timezone.now()})
    while True:
        now = timezone.now()
        if RegistryClock.objects.filter(id=1, next_at__lte=now).update(next_at=now + SPACING):
            return True
        if time.monotonic() + _NAP > ends:
            return False
        time.sleep(_NAP)


def _kept(number: str, raw: dict[str, Any]) -> RegistryCopy:
    text = json.dumps(raw, ensure_ascii=True, separators=(",", ":"))
    content_hash = hashlib.sha256(text.encode()).hexdigest()
    with transaction.atomic():
        copy, _ = RegistryCopy.objects.get_or_create(
            number=number,
            content_hash=content_hash,
            defaults={"record": text, "fetched_at": timezone.now(), "data_timestamp": _stamp(number)},
        )
    return copy


def _stamp(number: str) -> str:
    """The newest timestamp of the registry's data that we were told, if that was today."""
    since = timezone.now() - FRESH
    newest = RegistryCopy.objects.filter(fetched_at__gte=since).exclude(data_timestamp="").order_by("-fetched_at")
    return newest.values_list("data_timestamp", flat=True).first() or ""


def refresh(number: str) -> Known:
    """Ask anew outside of a patient's request, with one more try after a pause, and for the date of the data."""
    for pause in (0.0, 5.0):
        time.sleep(pause)
        if _leased(number) and not (found := ask(number, seconds=20)).reason:
            _date(found)
            return found
    return known(number)


def _date(found: Known) -> None:
    if found.copy is None or found.copy.data_timestamp:
        return
    try:
        if _our_turn(time.monotonic() + 5):
            stamp = clinicaltrials.data_timestamp(base=settings.CTGOV_BASE_URL, seconds=10)
            RegistryCopy.objects.filter(pk=found.copy.pk, data_timestamp="").update(data_timestamp=stamp)
    except NotChecked:
        return
