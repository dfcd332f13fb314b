"""Which counts of a table may be shown, so that no small one can be worked out from the others.

A table holds counts by value for periods that lie within one another (13, 26, 52 weeks), the shortest first. A count
under `LEAST` could point at a person. It is hidden, and so is whatever would give it away by subtraction: the last
other count of a column whose sum is known, one of two periods that differ by a few responses only, and one more count
where all that is hidden of a column comes to less than `LEAST` together, since the sum tells that.

What a reader can work out is tried, not assumed: a count stays hidden if there is another table that fits all that is
shown and has another number in its place. `_Audit` looks for one, and hides a further count until it finds it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations, pairwise

LEAST = 5
"""The smallest count that is shown."""

Table = Mapping[str, Sequence[int]]
Shown = dict[str, tuple[int | None, ...]]
_Target = tuple[str, int, int]
"""A value and two periods; what came between them must not be known. -1 stands for before all periods."""


def shown(table: Table, *, adds_up: bool, known: Sequence[bool], prefer: Sequence[int] = ()) -> Shown | None:
    """The same table with None where a count is hidden; None when nothing of it can be shown.

    A hidden count of `LEAST` or more was hidden for the sake of another one. Zeros stand where nothing is small.

    Args:
        adds_up: each response has one of these values, so a reader may know the sum of each period.
        known: for each period whether anything is shown of it, its sum included.
        prefer: periods, the one to be kept first when two of them cannot both be shown.
    """
    audit = _Audit(table, adds_up, known, prefer or range(len(known)))
    if not audit.settle():
        return None
    return {
        value: tuple(None if (value, period) in audit.hidden else count for period, count in enumerate(row))
        for value, row in table.items()
    }


class _Audit:
    def __init__(self, table: Table, adds_up: bool, known: Sequence[bool], prefer: Sequence[int]) -> None:
        self.table, self.adds_up, self.known, self.prefer = table, adds_up, known, list(prefer)
        self.periods = range(len(known))
        self.groups = [group for size in self.periods for group in combinations(self.periods, size + 1)]
        self.hidden: set[tuple[str, int]] = set()
        for period in self.periods:
            small = [value for value, row in table.items() if row[period] < LEAST]
            if not known[period]:
                self.hidden.update((value, period) for value in table)
            elif any(table[value][period] for value in small):
                # Zeros as well: a reader who knew them would know more of their neighbours.
                self.hidden.update((value, period) for value in small)

    def settle(self) -> bool:
        """Hide until nothing small can be worked out; False when there is nothing left to hide and something can."""
        while True:
            given_away = [target for target in self._targets() if not self._is_safe(target)]
            if not given_away:
                if (thin := next(self._thin(), None)) is None:
                    return True
                self._hide_more(*thin)
                continue
            # Two that give away what lies between them go first; that often helps the others too.
            apart = [self._hide_one_of(target) for target in given_away]
            if not any(apart) and not self._hide_for(given_away[0]):
                return False

    def _thin(self) -> Iterator[tuple[int, int]]:
        """Pairs of periods between which all hidden values together came up a few times; -1 as in `_Target`.

        Where so few came in between at all, the sums themselves are not shown (`services/statistics.py`).
        """
        if not self.adds_up:
            return
        for end in self.periods:
            for start in range(-1, end):
                if not self.known[end] or (start >= 0 and not self.known[start]):
                    continue
                between = {value: self._between(value, start, end) for value in self.table}
                few = sum(between[value] for value in self._hidden_at(start, end))
                if 0 < few < LEAST <= sum(between.values()):
                    yield start, end

    def _between(self, value: str, start: int, end: int) -> int:
        """How often a value came up after one period and up to another; -1 stands for before all periods."""
        row = self.table[value]
        return row[end] - (row[start] if start >= 0 else 0)

    def _hidden_at(self, *periods: int) -> set[str]:
        return {value for value, period in self.hidden if period in periods}

    def _hide_more(self, start: int, end: int) -> None:
        """Hide one more value there, the one that came up least often; there is one, since the others did not."""
        hidden = self._hidden_at(start, end)
        open_ = [(self._between(value, start, end), value) for value in self.table if value not in hidden]
        _, value = min(pair for pair in open_ if pair[0] > 0)
        self.hidden.add((value, end))

    def _targets(self) -> Iterator[_Target]:
        """All that must not be known: hidden small counts, and small differences of two periods."""
        for value, row in self.table.items():
            for period in self.periods:
                if (value, period) in self.hidden and row[period] < LEAST:
                    yield value, -1, period
                for earlier in range(period):
                    if 0 < row[period] - row[earlier] < LEAST:
                        yield value, earlier, period

    def _is_safe(self, target: _Target) -> bool:
        """Whether another table fits all that is shown and differs here: one response more or less, or moved."""
        value, start, end = target
        for group in self.groups:
            if (end in group) == (start in group):
                continue
            needs_other = self.adds_up and any(self.known[period] for period in group)
            for step in (1, -1):
                if self._fits(value, group, step) and (
                    not needs_other or any(self._fits(other, group, -step) for other in self.table if other != value)
                ):
                    return True
        return False

    def _fits(self, value: str, group: tuple[int, ...], step: int) -> bool:
        """Whether this value's counts could be one step higher or lower in these periods, for all a reader sees."""
        row = list(self.table[value])
        for period in group:
            if (value, period) not in self.hidden:
                return False
            small = row[period] < LEAST
            row[period] += step
            if row[period] < 0 or (row[period] < LEAST) != small:
                return False
        return all(before <= after for before, after in pairwise(row))

    def _hide_one_of(self, target: _Target) -> bool:
        """Hide one of two periods that are both shown, although few responses lie between them."""
        value, *ends = target
        if any(end < 0 or (value, end) in self.hidden for end in ends):
            return False
        self.hidden.add((value, max(ends, key=self.prefer.index)))
        return True

    def _hide_for(self, target: _Target) -> bool:
        """Hide the smallest other count of a period in which this one is hidden, or else any."""
        value, *ends = target
        open_ = [
            ((value, period) not in self.hidden or period not in ends, count, other, period)
            for other, row in self.table.items()
            for period, count in enumerate(row)
            if (other, period) not in self.hidden
        ]
        if not open_:
            return False
        *_, other, period = min(open_)
        self.hidden.add((other, period))
        return True
