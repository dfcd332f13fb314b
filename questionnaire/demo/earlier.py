"""An edition before the shipped one, so that a demonstration has a safety change to work off.

It is the shipped aid without one caution. The made-up people were told by it; then the shipped aid itself goes live, so
that whoever tries the aid out reads it whole, and those whom the caution is for stand on the recall list.
"""

from __future__ import annotations

import copy
import datetime as dt

from questionnaire.domain.reading import Document
from questionnaire.models import Edition
from questionnaire.services import editions, opening, publishing, recalls

CAUTION = "route-face-skin"
"""The slug of a caution for some people, to which nothing else in the aid points."""
_WORK = 60
"""Seconds after which looking for whom it touches is broken off; a timer or the list's own page goes on."""


def publish(*, at: dt.datetime) -> Edition:
    """Publish the shipped aid without the caution, where nothing is published yet.

    Args:
        at: since when it counts as published.
    """
    document = copy.deepcopy(dict(editions.shipped_document()))
    for room in (name for name in document if name.startswith("guidance/")):
        document[room] = [item for item in document[room] if item["slug"] != CAUTION]
    return _put_live(document, "Made up for the demonstration: the aid as it is, but for one caution.", at=at)


def publish_safety_change() -> Edition:
    """Publish the shipped aid as a safety change, and make the list of those whom it touches."""
    note = "Made up for the demonstration: the caution about exosomes in or on the skin came in."
    edition = _put_live(editions.shipped_document(), note, safety_change=True)
    recalls.work(seconds=_WORK)
    return edition


def _put_live(document: Document, note: str, *, at: dt.datetime | None = None, safety_change: bool = False) -> Edition:
    draft = opening.open_document(by=None, document=document)
    return publishing.put_live(draft=draft, change_note=note, safety_change=safety_change, at=at)
