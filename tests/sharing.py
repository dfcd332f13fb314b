"""Responses of the small aid, finished and shared, without walking through pages."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.contrib.auth.models import User

from questionnaire.models import Review
from questionnaire.services import editions, finishing, responses, sharing
from questionnaire.services.responses import Walk
from questionnaire.services.staff import Caller

ANSWERS: dict[str, Any] = {
    "signs": ["none"],
    "problem": "joint",
    "joint-site": "knee",
    "age": "61",
    "weight": None,
    "since": "2024-05-06",
    "trial-number": {"choice": "no-number"},
    "words": "My own words.",
    "matters": ["pain"],
}
"""An answer to every question of the small aid (tests/web.py)."""


def finished(**changes: Any) -> Walk:
    """A response with these answers, hyphens as underscores, confirmed; urgent guidance was seen."""
    given = ANSWERS | {slug.replace("_", "-"): answer for slug, answer in changes.items()}
    walk = responses.begin(edition=editions.live(), language="en", slug="signs", answer=given["signs"])
    return confirmed(walk, given)


def confirmed(walk: Walk, given: Mapping[str, Any]) -> Walk:
    """Give these answers as far as they are asked for, and confirm them."""
    for slug, answer in given.items():
        if walk.journey.may_see(slug):
            walk = responses.answer(walk=walk, slug=slug, answer=answer)
    walk = responses.acknowledge_urgent(walk=walk)
    finishing.finish(walk=walk)
    return responses.find(walk.response.pk)


def share(walk: Walk, *, name: str = "Maria López", **more: Any) -> Review:
    """Share it as this person."""
    given: dict[str, Any] = {"born": dt.date(1961, 5, 6), "contact": "(555) 010-0199", "address": "192.0.2.7"} | more
    return sharing.share(walk=walk, name=name, **given)


def shared(*, name: str = "Maria López", preferred: tuple[str, ...] = (), **changes: Any) -> Review:
    """A finished and shared response."""
    return share(finished(**changes), name=name, preferred=preferred)


def caller(user: User, address: str = "198.51.100.4") -> Caller:
    return Caller(user, address)
