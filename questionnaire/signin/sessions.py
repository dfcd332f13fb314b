"""How long somebody stays signed in: until they do nothing for a while, and never longer than half a day."""

from __future__ import annotations

import time
from typing import Any

from django.conf import settings
from django.http import HttpRequest

SINCE, ACTIVE, FACTOR = "staff_since", "staff_active", "staff_factor"
"""When this session signed in, when a page was last asked for (seconds), and the id of the factor that it passed."""
NEXT = "staff_next"
"""Where to go once the second factor is enrolled."""
LONGEST = settings.SESSION_COOKIE_AGE
_NOTED_EVERY = 10
"""Seconds within which a further page is not written down: the database is not asked to for every click."""


def begin(request: HttpRequest) -> None:
    """Count from now."""
    request.session[SINCE] = request.session[ACTIVE] = time.time()


def seconds_left(session: Any) -> tuple[float, float]:
    """Until the session ends for want of activity, and until it ends whatever is done; negative once it has ended.

    A session that never signed in by the front door has ended.
    """
    now = time.time()
    idle_end = session.get(ACTIVE, 0.0) + settings.STAFF_IDLE_MINUTES * 60
    return idle_end - now, session.get(SINCE, 0.0) + LONGEST - now


def has_ended(request: HttpRequest) -> bool:
    return min(seconds_left(request.session)) <= 0


def note_activity(request: HttpRequest) -> None:
    """A person asked for a page. What a page asks for by itself says so in a header and does not count."""
    if "X-Background" in request.headers:
        return
    if time.time() - request.session[ACTIVE] > _NOTED_EVERY:
        request.session[ACTIVE] = time.time()


def is_recent(request: HttpRequest, seconds: int = 300) -> bool:
    """Whether the password was given so short a time ago that it need not be asked for again."""
    return time.time() - float(request.session.get(SINCE, 0.0)) < seconds
