"""A date of birth, taken from what a person typed. Digits are read as in the United States: the month comes first."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata

EARLIEST = dt.date(1900, 1, 1)
"""Nobody who lives was born before."""
_LONGEST = 40
_MONTHS = (
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
)
_YEAR_FIRST = re.compile(r"(?P<year>\d{4})([-/. ])(?P<month>\d{1,2})\2(?P<day>\d{1,2})", re.ASCII)
_MONTH_FIRST = re.compile(r"(?P<month>\d{1,2})([-/. ])(?P<day>\d{1,2})\2(?P<year>\d+)", re.ASCII)
_NAMED = re.compile(
    r"(?:(?P<name>[a-z]{3,9})\.?[- ]?(?P<day>\d{1,2})(?:st|nd|rd|th)?|"
    r"(?P<day_2>\d{1,2})(?:st|nd|rd|th)?[- ]?(?:of )?(?P<name_2>[a-z]{3,9})\.?)"
    r"(?:, ?| |-)(?P<year>\d+)",
    re.ASCII,
)


class NotABirthDate(ValueError):
    """What was typed is no date of birth; the subclass says in which way."""


class NoSuchDay(NotABirthDate):
    """The calendar has no such month or day; so it is for a day that was written before its month."""


class ShortYear(NotABirthDate):
    """The year has fewer or more than 4 digits, so the century would be a guess."""


class InTheFuture(NotABirthDate):
    """It lies after today."""


class TooEarly(NotABirthDate):
    """It lies before `EARLIEST`."""


def parse(typed: str, today: dt.date) -> dt.date:
    """The date that was meant: 05/06/1961, 5-6-1961, 1961-05-06, May 6 1961, 6 May 1961 are all one.

    A day before its month in digits alone is refused rather than guessed at, even where it can only be that:
    whoever writes so would mean another day by 05/06/1961.

    Raises:
        NotABirthDate: or one of its subclasses.
    """
    text = " ".join(unicodedata.normalize("NFKC", typed[: _LONGEST + 1]).casefold().split())
    text = re.sub(r" ?([-/.‐‑–—]) ?", lambda found: "-" if found[1] in "‐‑–—" else found[1], text)
    if len(text) > _LONGEST:
        raise NotABirthDate
    year, month, day = _parts(text)
    if len(year) != 4:
        raise ShortYear
    try:
        born = dt.date(int(year), month, int(day))
    except ValueError:
        raise NoSuchDay from None
    if born > today:
        raise InTheFuture
    if born < EARLIEST:
        raise TooEarly
    return born


def _parts(text: str) -> tuple[str, int, str]:
    """Year, month and day as they were written, the month as its number."""
    if found := _YEAR_FIRST.fullmatch(text) or _MONTH_FIRST.fullmatch(text):
        return found["year"], int(found["month"]), found["day"]
    found = _NAMED.fullmatch(text)
    if found is None:
        raise NotABirthDate
    name = found["name"] or found["name_2"]
    months = [number for number, month in enumerate(_MONTHS, 1) if month.startswith(name)]
    if not months:
        raise NotABirthDate
    return found["year"], months[0], found["day"] or found["day_2"]
