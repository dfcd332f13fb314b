"""How often something may be tried from one network address. Only a keyed hash of the address is kept, and briefly."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from questionnaire.models import ReturnTry
from questionnaire.services.sealing import keyed_hashes

WINDOW = dt.timedelta(minutes=10)


class TooManyTries(RuntimeError):
    """This address has tried too often. `minutes` until it may try again, at least 1."""

    def __init__(self, minutes: int) -> None:
        self.minutes = minutes
        super().__init__(minutes)


def refuse_if_over(*, purpose: str, address: str, most: int) -> None:
    """Let it pass while fewer than `most` are counted in the present window.

    Raises:
        TooManyTries
    """
    window, left = _window()
    key = keyed_hashes(purpose, address)[0]
    tried = ReturnTry.objects.filter(address_hash=key, window=window).values_list("count", flat=True).first() or 0
    if tried >= most:
        raise TooManyTries(minutes=max(1, -(-int(left.total_seconds()) // 60)))


def count(*, purpose: str, address: str) -> None:
    """Note one more try."""
    window, _ = _window()
    key = keyed_hashes(purpose, address)[0]
    with transaction.atomic():
        counted, made = ReturnTry.objects.get_or_create(address_hash=key, window=window)
        if not made:
            ReturnTry.objects.filter(pk=counted.pk).update(count=F("count") + 1)
        ReturnTry.objects.filter(window__lt=window - WINDOW).delete()


def _window() -> tuple[dt.datetime, dt.timedelta]:
    """When the present window began, and how long it still lasts."""
    now = timezone.now()
    began = now - (now - dt.datetime(2020, 1, 1, tzinfo=dt.UTC)) % WINDOW
    return began, began + WINDOW - now
