"""From what is shown no small count can be worked out: a solver tries, with every sum and every label told to it."""

from __future__ import annotations

import pytest
import z3
from hypothesis import example, given, settings
from hypothesis import strategies as st

from questionnaire.domain.small_counts import LEAST, shown

pytestmark = pytest.mark.pure


def table_of(rows):
    """Counts by value from what came in each stretch of time."""
    return {f"v{number}": tuple(sum(row[: end + 1]) for end in range(len(row))) for number, row in enumerate(rows)}


counts = st.one_of(st.integers(0, 6), st.integers(0, 40))
rows = st.lists(st.tuples(counts, counts, counts), min_size=1, max_size=6)


def worked_out(table, found, known, adds_up):
    """Each small count, or small difference of two periods, for which only one number fits what is shown."""
    solver = z3.Solver()
    cell = {(value, period): z3.Int(f"{value}.{period}") for value, row in table.items() for period in range(len(row))}
    for (value, period), unknown in cell.items():
        count = table[value][period]
        if found[value][period] is not None:
            solver.add(unknown == count)
        elif count < LEAST:
            solver.add(unknown >= 0, unknown < LEAST)
        else:
            solver.add(unknown >= LEAST)
        if period:
            solver.add(cell[value, period - 1] <= unknown)
    for period, told in enumerate(known):
        if told and adds_up:
            column = [cell[value, period] for value in table]
            solver.add(z3.Sum(column) == sum(row[period] for row in table.values()))
    targets = []
    for value, row in table.items():
        for end, count in enumerate(row):
            if found[value][end] is None and count < LEAST:
                targets.append((value, cell[value, end], count))
            differences = [(start, count - row[start]) for start in range(end)]
            targets += [(value, cell[value, end] - cell[value, start], n) for start, n in differences if 0 < n < LEAST]
    for end in range(len(known)):
        for start in range(-1, end):
            if adds_up and known[end] and (start < 0 or known[start]):
                came = {value: row[end] - (row[start] if start >= 0 else 0) for value, row in table.items()}
                hidden = [value for value in table if None in (found[value][end], start < 0 or found[value][start])]
                few = sum(came[value] for value in hidden)
                if 0 < few < LEAST <= sum(came.values()):
                    told = [cell[value, end] - (cell[value, start] if start >= 0 else 0) for value in hidden]
                    targets.append(("+".join(hidden), z3.Sum(told), few))
    return [(value, number) for value, target, number in targets if solver.check(target != number) == z3.unsat]


@given(rows, st.booleans())
@example([(3, 0, 0), (9, 0, 0)], True)
@example([(4, 0, 0), (4, 0, 0)], True)
@example([(1, 0, 0), (5, 0, 0)], True)
@example([(8, 2, 0), (30, 30, 30)], True)
@example([(8, 2, 0), (30, 0, 0)], True)
@settings(max_examples=150, deadline=None)
def test_nothing_small_can_be_worked_out(made, adds_up):
    table = table_of(made)
    known = [sum(row[period] for row in table.values()) >= LEAST for period in range(3)]
    found = shown(table, adds_up=adds_up, known=known, prefer=(1, 2, 0))
    if found is None:
        return
    assert all(count is None or count == 0 or count >= LEAST for row in found.values() for count in row)
    assert all(
        count in (None, table[value][period]) for value, row in found.items() for period, count in enumerate(row)
    )
    assert worked_out(table, found, known, adds_up) == []


def one(adds_up=True, **values):
    """The same for a single period."""
    found = shown({key: (count,) for key, count in values.items()}, adds_up=adds_up, known=[True])
    return None if found is None else {key: row[0] for key, row in found.items()}


def test_a_table_without_small_counts_is_shown_as_it_is():
    assert one(a=5, b=12, c=0) == {"a": 5, "b": 12, "c": 0}


def test_a_single_small_count_takes_the_next_smallest_with_it():
    assert one(a=3, b=12, c=7) == {"a": None, "b": 12, "c": None}


def test_where_nothing_adds_up_only_the_small_one_is_hidden():
    assert one(adds_up=False, a=3, b=12, c=7) == {"a": None, "b": 12, "c": 7}


def test_a_zero_beside_a_small_count_is_hidden_and_is_not_enough_where_the_sum_is_known():
    assert one(a=3, b=12, c=0, d=30) == {"a": None, "b": None, "c": None, "d": 30}


def test_hidden_counts_do_not_come_to_a_small_sum():
    assert one(a=1, b=1, c=0, d=150, e=38) == {"a": None, "b": None, "c": None, "d": 150, "e": None}
    assert one(a=3, b=4, c=0, d=150, e=38) == {"a": None, "b": None, "c": None, "d": 150, "e": 38}


def test_nor_do_those_that_came_between_two_periods():
    table = {"a": (3, 4), "b": (4, 5), "c": (20, 60), "d": (40, 90)}
    found = shown(table, adds_up=True, known=[True, True])
    assert found is not None
    hidden = [value for value in table if None in found[value]]
    assert sum(table[value][1] - table[value][0] for value in hidden) >= LEAST


def test_what_cannot_be_kept_is_not_shown_at_all():
    assert one(a=4, b=4) is None


def test_of_two_periods_that_differ_by_few_the_preferred_one_is_shown():
    table = {"a": (8, 10, 40), "b": (50, 90, 200), "c": (30, 60, 90)}
    found = shown(table, adds_up=False, known=[True] * 3, prefer=(1, 2, 0))
    assert found == {"a": (None, 10, 40), "b": (50, 90, 200), "c": (30, 60, 90)}


def test_a_large_table_is_judged_at_once():
    table = {f"v{n}": (n % 7, n % 11 + n % 7, 9 * n) for n in range(40)}
    assert shown(table, adds_up=True, known=[True] * 3, prefer=(1, 2, 0))
