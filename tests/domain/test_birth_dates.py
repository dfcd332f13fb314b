"""Dates of birth as people type them."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from questionnaire.domain import birth_dates

pytestmark = pytest.mark.pure

TODAY = dt.date(2026, 11, 26)
BORN = dt.date(1961, 5, 6)


@pytest.mark.parametrize(
    "typed",
    [
        *("05/06/1961", "5/6/1961", "5-6-1961", "05.06.1961", "5 6 1961", "5 / 6 / 1961", "5–6–1961"),
        *("1961-05-06", "1961/5/6", "1961 05 06"),
        *("May 6 1961", "May 6, 1961", "may 6th, 1961", "MAY 06 1961", "6 May 1961", "6th of May, 1961", "6-May-1961"),
        *("  May\t6 \n 1961 ", "０５/０６/１９６１"),
    ],
)  # fmt: skip
def test_every_way_to_write_a_day_is_understood(typed):
    assert birth_dates.parse(typed, TODAY) == BORN


@pytest.mark.parametrize("typed", ["Sept. 9, 1950", "Sep 9 1950", "september 9 1950", "9/9/1950"])
def test_months_may_be_shortened(typed):
    assert birth_dates.parse(typed, TODAY) == dt.date(1950, 9, 9)


REFUSED: list[tuple[str, type[birth_dates.NotABirthDate]]] = [
    ("", birth_dates.NotABirthDate),
    ("yesterday", birth_dates.NotABirthDate),
    ("1961", birth_dates.NotABirthDate),
    ("05061961", birth_dates.NotABirthDate),
    ("5/6-1961", birth_dates.NotABirthDate),
    ("Ma 6 1961", birth_dates.NotABirthDate),
    ("Mayday 6 1961", birth_dates.NotABirthDate),
    ("٠٥/٠٦/x", birth_dates.NotABirthDate),
    ("May 6 1961 or so", birth_dates.NotABirthDate),
    ("9" * 100_000, birth_dates.NotABirthDate),
    (f"5/6/{'1' * 5_000}", birth_dates.NotABirthDate),
    ("25/12/1961", birth_dates.NoSuchDay),
    ("02/30/1961", birth_dates.NoSuchDay),
    ("Feb 29 1961", birth_dates.NoSuchDay),
    ("0/1/1961", birth_dates.NoSuchDay),
    ("1/1/0000", birth_dates.NoSuchDay),
    ("5/6/61", birth_dates.ShortYear),
    ("May 6 '61", birth_dates.NotABirthDate),
    ("5/6/19611", birth_dates.ShortYear),
    ("11/27/2026", birth_dates.InTheFuture),
    ("5/6/2961", birth_dates.InTheFuture),
    ("12/31/1899", birth_dates.TooEarly),
]


@pytest.mark.parametrize(("typed", "error"), REFUSED, ids=lambda value: repr(value)[:30])
def test_what_is_no_birth_date_is_refused_by_name(typed, error):
    with pytest.raises(birth_dates.NotABirthDate) as refused:
        birth_dates.parse(typed, TODAY)
    assert type(refused.value) is error


def test_the_first_and_the_last_day_are_taken():
    assert birth_dates.parse("1/1/1900", TODAY) == birth_dates.EARLIEST
    assert birth_dates.parse("11/26/2026", TODAY) == TODAY


WAYS = [
    "{0.month}/{0.day}/{0.year}",
    "{0:%m-%d-%Y}",
    "{0:%Y-%m-%d}",
    "{0.year}.{0.month}.{0.day}",
    "{0:%B} {0.day}, {0.year}",
    "{0:%b} {0.day} {0.year}",
    "{0.day} {0:%B} {0.year}",
]


@given(day=st.dates(birth_dates.EARLIEST, TODAY), way=st.sampled_from(WAYS), upper=st.booleans())
def test_any_day_in_any_spelling_is_that_day(day, way, upper):
    typed = way.format(day)
    assert birth_dates.parse(typed.upper() if upper else typed, TODAY) == day


@given(st.text() | st.from_regex(r"[0-9a-z/ .,-]{1,14}", fullmatch=True))
def test_nothing_typed_ever_fails_otherwise(typed):
    try:
        born = birth_dates.parse(typed, TODAY)
    except birth_dates.NotABirthDate:
        return
    assert birth_dates.EARLIEST <= born <= TODAY
