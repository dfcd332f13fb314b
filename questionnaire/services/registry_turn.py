"""Whose turn it is to ask the trial registry: at most one request a second, whichever process asks."""

from __future__ import annotations

import datetime as dt
import time

from django.utils import timezone

from questionnaire.models import RegistryClock

SPACING = dt.timedelta(seconds=1.1)
"""Between two requests: a little over a second, since one may get under way faster than the one before."""
NAP = 0.05
"""Seconds after which somebody who waits looks again."""


def our_turn(ends: float) -> bool:
    """Wait until the registry may be asked again; whether that came in time. Nobody waits who cannot come in time."""
    RegistryClock.objects.get_or_create(id=1, defaults={"next_at": timezone.now()})
    while True:
        now = timezone.now()
        if RegistryClock.objects.filter(id=1, next_at__lte=now).update(next_at=now + SPACING):
            return True
        free_at = RegistryClock.objects.values_list("next_at", flat=True).get(id=1)
        left = ends - time.monotonic()
        if left < NAP or (free_at - now).total_seconds() > left:
            return False
        time.sleep(NAP)
