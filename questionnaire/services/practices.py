"""The practice that runs this copy."""

from __future__ import annotations

import time
from functools import lru_cache

from questionnaire.models import Practice

_SECONDS_KEPT = 15


def current() -> Practice:
    """The practice as it is now; an empty one while nobody has filled it in."""
    return Practice.objects.first() or Practice()


def is_demonstration() -> bool:
    """Whether the profile is unfinished. May lag an edit by some seconds, so that question pages need no query."""
    return _is_demonstration(int(time.monotonic() // _SECONDS_KEPT))


@lru_cache(maxsize=1)
def _is_demonstration(_span: int) -> bool:
    return bool(current().missing)


def forget_kept() -> None:
    """Look afresh the next time, in this process."""
    _is_demonstration.cache_clear()
