"""Dates as people in the United States type them."""

from __future__ import annotations

import calendar
import datetime as dt
import re

_MONTHS = {name.casefold(): number for number, name in enumerate(calendar.month_name) if name}
_MONTHS |= {name[:3]: number for name, number in _MONTHS.items()} | {"sept": 9}
_MONTH = "|".join(sorted(_MONTHS, key=len, reverse=True))
_DAY = r"(?P<day>[0-9]{1,2})"
_YEAR = r"(?P<year>[0-9]{4})"
_SPELLINGS = (
    rf"{_YEAR}(?P<mark>[-/.])(?P<month>[0-9]{{1,2}})(?P=mark){_DAY}",
    rf"(?P<month>[0-9]{{1,2}})(?P<mark>[-/.]){_DAY}(?P=mark){_YEAR}",
    rf"(?P<name>{_MONTH})\.?\s+{_DAY}(?:st|nd|rd|th)?\s*,?\s+{_YEAR}",
    rf"{_DAY}(?:st|nd|rd|th)?\s+(?P<name>{_MONTH})\.?\s*,?\s+{_YEAR}",
)
_PATTERNS = tuple(re.compile(rf"(?<!\w){spelling}(?!\w)", re.ASCII | re.IGNORECASE) for spelling in _SPELLINGS)


class NoSuchDay(ValueError):
    """It is written as a date, and no calendar has it."""


def taken_from(text: str) -> tuple[dt.date | None, str]:
    """The first date in this text and what is left of the text without it; None where there is no date.

    Two numbers and a year are month and day, unless only the day can come first.

    Raises:
        NoSuchDay
    """
    for pattern in _PATTERNS:
        found = pattern.search(text)
        if found:
            return _day(found.groupdict()), f"{text[: found.start()]} {text[found.end() :]}".strip()
    return None, text


def read(text: str) -> dt.date | None:
    """The date that this text is, and nothing else; None when it is not a date.

    Raises:
        NoSuchDay
    """
    day, rest = taken_from(text.strip())
    return day if not rest else None


def _day(found: dict[str, str | None]) -> dt.date:
    name = found.get("name")
    month = _MONTHS[name.casefold()] if name else int(found.get("month") or 0)
    year, day = int(found["year"] or 0), int(found["day"] or 0)
    if not name and month > 12 >= day and found.get("mark"):
        month, day = day, month
    try:
        return dt.date(year, month, day)
    except ValueError:
        raise NoSuchDay from None
