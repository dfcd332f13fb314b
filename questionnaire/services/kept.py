"""Counts that are kept rather than counted: each change adds to them in its own transaction."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db import connection

from questionnaire.models import KeptCount

Pairs = Iterable[tuple[str, str]]


def add(changes: Mapping[str, int]) -> None:
    """Add to counts by name. Always in the order of the names, so that two transactions never wait for each other."""
    rows = sorted((name, by) for name, by in changes.items() if by)
    if rows:
        _upsert("questionnaire_keptcount", ("name",), rows)


def counts(prefix: str) -> dict[str, int]:
    """Counts whose name begins so, by the rest of the name; those at zero are left out."""
    rows = KeptCount.objects.filter(name__startswith=prefix, count__gt=0).values_list("name", "count")
    return {name.removeprefix(prefix): count for name, count in rows}


def tally(shared_at: dt.datetime, *, gone: Pairs = (), come: Pairs = ()) -> None:
    """Bring the tallies of the week in which a response was shared into line with what it no longer and now says.

    Args:
        gone, come: (dimension, value) each; what is in both changes nothing. In one statement and one order, for the
            reason that `add` gives.
    """
    week = week_of(shared_at)
    gone, come = set(gone), set(come)
    changes = {(week, dimension, value): -1 for dimension, value in gone - come}
    tally_all(changes | {(week, dimension, value): 1 for dimension, value in come - gone})


def tally_all(changes: Mapping[tuple[dt.date, str, str], int]) -> None:
    """Add to tallies by (week, dimension, value), some thousands at most."""
    rows = sorted((week, dimension, value[:80], by) for (week, dimension, value), by in changes.items() if by)
    if rows:
        _upsert("questionnaire_tally", ("week", "dimension", "value"), rows)


def week_of(moment: dt.datetime) -> dt.date:
    """The Monday of its week, in UTC."""
    day = moment.astimezone(dt.UTC).date()
    return day - dt.timedelta(days=day.weekday())


def _upsert(table: str, keys: tuple[str, ...], rows: Sequence[tuple[Any, ...]]) -> None:
    """Insert or add, in one statement: the ORM can only overwrite."""
    columns = ", ".join([*keys, "count"])
    places = ", ".join([f"({', '.join(['%s'] * (len(keys) + 1))})"] * len(rows))
    sql = (
        f"INSERT INTO {table} ({columns}) VALUES {places} "
        f"ON CONFLICT ({', '.join(keys)}) DO UPDATE SET count = {table}.count + excluded.count"
    )
    with connection.cursor() as cursor:
        cursor.execute(sql, [value for row in rows for value in row])
