"""The inbox's filters as they stand in an address: slugs, a mark and days, never a word that somebody typed."""

from __future__ import annotations

import dataclasses
import datetime as dt
import re
from collections.abc import Mapping
from typing import Any

from questionnaire.services.inbox_asked import STATES, Filters

NAMES = tuple(field.name for field in dataclasses.fields(Filters))
_SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*", re.ASCII)
_LONGEST_SLUG = 60


def read(given: Mapping[str, str]) -> tuple[Filters, list[str]]:
    """The filters that these pairs name, and the names of those that are none or have no such value."""
    known: dict[str, Any] = {}
    wrong = [name for name in given if name not in NAMES]
    for name in NAMES:
        value = given.get(name, "")
        if not value:
            continue
        try:
            known[name] = _value(name, value)
        except ValueError:
            wrong.append(name)
    return Filters(**known), wrong


def _value(name: str, value: str) -> Any:
    if name in ("since", "until"):
        return dt.date.fromisoformat(value)
    fits = {"mine": value == "1", "state": value in STATES}.get(
        name, len(value) <= _LONGEST_SLUG and bool(_SLUG.fullmatch(value))
    )
    if not fits:
        raise ValueError(name)
    return True if name == "mine" else value


def pairs(filters: Filters) -> dict[str, str]:
    """The filters as pairs for an address, without those that narrow nothing."""
    found = {}
    for name in NAMES:
        value = getattr(filters, name)
        if value and value != getattr(Filters(), name):
            found[name] = "1" if value is True else str(value)
    return found
