"""What a practice learns from the responses shared with it: counts by week and by value, none of which tells of one.

All of it comes from tallies that grow with weeks and values, not with responses (`services/kept.py`). Which of them
may be shown is `domain/small_counts.py`: it judges all periods together, since a reader can look at each.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import Min, Q, Sum
from django.utils import timezone

from questionnaire.domain import small_counts
from questionnaire.domain.content import Aid
from questionnaire.domain.small_counts import LEAST
from questionnaire.models import Edition, Tally
from questionnaire.services import audit, editions, kept, staff, tally_words
from questionnaire.services.staff import Caller
from questionnaire.services.tally_words import CAUTION, OFFER, Group, Words

PERIODS = (13, 26, 52)
"""Weeks that can be looked back over; each lies within the next."""
USUAL = 26
MOST_CAUTIONS = 10
_PREFER = (1, 2, 0)
"""Which period keeps its number when two of them would tell what lies between them."""
_ALL = "all"

Sums = dict[tuple[str, str], tuple[int, ...]]


@dataclass(frozen=True, slots=True)
class Row:
    """A value and its count. None: not shown; `small` tells whether it is under `LEAST`."""

    slug: str
    name: str
    count: int | None
    small: bool


@dataclass(frozen=True, slots=True)
class Chart:
    """Counts of one group. `rows` is empty where so few have any of its values that nothing can be shown.

    `question` is the short name of the question that the values answer; empty for other groups.
    """

    slug: str
    question: str
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Week:
    """How many responses were shared in the week from this Monday on, as in `Row`."""

    monday: dt.date
    count: int | None
    small: bool


@dataclass(frozen=True, slots=True)
class Board:
    """What the dashboard shows for the last so many weeks.

    Attributes:
        total: None when it is not shown.
        few: fewer than `LEAST` responses, so nothing else is shown.
        empty: nothing has been shared within the longest period.
    """

    weeks: int
    total: int | None
    few: bool
    empty: bool
    series: tuple[Week, ...]
    charts: tuple[Chart, ...]


def look(*, by: Caller, weeks: int = USUAL) -> Board:
    """What physicians may know of the last `weeks` (one of `PERIODS`) weeks; the look is recorded.

    Raises:
        staff.NotAllowed.
    """
    with transaction.atomic():
        user = staff.require_physician(by.user)
        detail = {"page": "dashboard", "weeks": weeks}
        audit.record(kind="viewed", by=user, address=by.address, detail=detail)
        return _Making(weeks).board()


class _Making:
    """One board, from two reads of the tallies."""

    def __init__(self, weeks: int) -> None:
        self.weeks, self.period = weeks, PERIODS.index(weeks)
        self.this_week = kept.week_of(timezone.now())
        self.sums = self._sums()
        self.totals = self.sums.get((_ALL, _ALL), (0,) * len(PERIODS))
        self.known = [total >= LEAST for total in self.totals]

    def board(self) -> Board:
        if not self.known[self.period]:
            empty = not self.totals[-1]
            return Board(self.weeks, None, few=not empty, empty=empty, series=(), charts=())
        aid = editions.aid_of(editions.live().pk)
        total = self._shown({_ALL: self.totals}, adds_up=False)
        return Board(
            self.weeks,
            total[_ALL][self.period] if total else None,
            few=False,
            empty=False,
            series=tuple(self._series(aid)),
            charts=tuple(self._charts(aid)),
        )

    def _before(self, weeks: int) -> dt.date:
        """The last Monday before a period."""
        return self.this_week - dt.timedelta(weeks=weeks)

    def _sums(self) -> Sums:
        """Counts by (dimension, value), for each of `PERIODS`."""
        within = {f"in_{weeks}": Sum("count", filter=Q(week__gt=self._before(weeks)), default=0) for weeks in PERIODS}
        rows = Tally.objects.filter(week__gt=self._before(PERIODS[-1]), week__lte=self.this_week)
        found: Any = rows.values_list("dimension", "value").annotate(**within)
        return {(dimension, value): tuple(counts) for dimension, value, *counts in found}

    def _shown(self, table: small_counts.Table, *, adds_up: bool) -> small_counts.Shown | None:
        return small_counts.shown(table, adds_up=adds_up, known=self.known, prefer=_PREFER)

    def _series(self, aid: Aid) -> Iterator[Week]:
        """Week by week, from the first edition on. Each stretch between two periods is judged by itself."""
        longest = self._before(PERIODS[-1])
        rows = Tally.objects.filter(dimension=_ALL, week__gt=longest, week__lte=self.this_week)
        counts = dict(rows.values_list("week", "count"))
        first = min((self._first_edition(aid), *(week for week, count in counts.items() if count)))
        for until, since in zip((*PERIODS[::-1][1:], 0), PERIODS[::-1], strict=True):
            mondays = [self._before(weeks) for weeks in range(since - 1, until - 1, -1)]
            stretch = [monday for monday in mondays if monday >= first]
            table = {str(monday): (counts.get(monday, 0),) for monday in stretch}
            found = small_counts.shown(table, adds_up=True, known=[True])
            if self.weeks < since:
                continue
            for monday in stretch:
                count = found[str(monday)][0] if found else None
                yield Week(monday, count, small=found is not None and counts.get(monday, 0) < LEAST)

    @staticmethod
    def _first_edition(aid: Aid) -> dt.date:
        published = Edition.objects.filter(aid=aid.slug).aggregate(first=Min("published_at"))["first"]
        return kept.week_of(published)

    def _charts(self, aid: Aid) -> Iterator[Chart]:
        words = Words(aid)
        for group in self._groups(aid):
            table = self._table(group)
            found = self._shown(table, adds_up=group.adds_up)
            if found is not None and not group.adds_up:
                found = self._without_nearly_all(table, found)
            rows = [self._row(group, value, table, found, words) for value in table] if found else []
            asked = group.slug.removeprefix(f"{OFFER}/") if group.slug.startswith(f"{OFFER}/") else ""
            shown = _first_ones(rows, self.totals[self.period]) if group.slug == CAUTION else rows
            yield Chart(group.slug, words.question(asked) if asked else "", tuple(shown))

    def _without_nearly_all(self, table: small_counts.Table, found: small_counts.Shown) -> small_counts.Shown:
        """Hide what nearly every response has: beside the number of all, it tells how few have it not."""
        return {
            value: tuple(
                None if 0 < total - table[value][period] < LEAST else count
                for period, (count, total) in enumerate(zip(row, self.totals, strict=True))
            )
            for value, row in found.items()
        }

    def _groups(self, aid: Aid) -> list[Group]:
        """Those of the live edition, and questions on the offer that only earlier ones asked."""
        found = tally_words.groups(aid)
        there = {group.slug for group in found}
        asked = {f"{OFFER}/{value.partition('/')[0]}" for dimension, value in self.sums if dimension == OFFER}
        earlier = [Group(slug, (), adds_up=True) for slug in sorted(asked - there)]
        return [group for group in (*found, *earlier) if group.values or self._table(group)]

    def _table(self, group: Group) -> dict[str, tuple[int, ...]]:
        """Counts of its values; values that only earlier editions know stand at the end, if they are not small."""
        dimension, _, question = group.slug.partition("/")
        prefix = f"{question}/" if question else ""
        counted = {
            value.removeprefix(prefix): counts
            for (of, value), counts in self.sums.items()
            if of == dimension and value.startswith(prefix)
        }
        table = {value: counted.pop(value, (0,) * len(PERIODS)) for value in group.values}
        return table | {value: counts for value, counts in sorted(counted.items()) if value and counts[-1] >= LEAST}

    def _row(self, group: Group, value: str, table: small_counts.Table, found: small_counts.Shown, words: Words) -> Row:
        count = found[value][self.period]
        return Row(value, words.of(group.slug, value), count, small=table[value][self.period] < LEAST)


def _first_ones(rows: list[Row], total: int) -> list[Row]:
    """The most frequent ones, but what every response has comes last: it tells nobody from anybody.

    Of those whose count is not shown, nothing tells which is the more frequent.
    """
    there = [row for row in rows if not row.small]
    there.sort(key=lambda row: (row.count == total, -(row.count or 0), row.name))
    return there[:MOST_CAUTIONS]
