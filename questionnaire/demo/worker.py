"""A process beside the command's own that makes responses up. It begins without Django, so it imports late."""

from __future__ import annotations

import gc
import pickle
from typing import TYPE_CHECKING

import django

if TYPE_CHECKING:
    from questionnaire.demo.making import Plan, Portion
    from questionnaire.demo.rows import Batch

_plan: Plan | None = None


def begin(pickled: bytes) -> None:
    """Take the plan for all portions that will follow."""
    global _plan  # noqa: PLW0603 (a worker is given it once)
    django.setup()
    _plan = pickle.loads(pickled)
    # Nothing made here goes round in circles, and looking for circles among millions of rows takes a fifth of the time.
    gc.disable()


def batch(portion: Portion) -> Batch:
    """The rows of this portion of the plan."""
    from questionnaire.demo import making

    if _plan is None:
        raise RuntimeError("this worker was not begun")
    return making.batch(_plan, portion)
