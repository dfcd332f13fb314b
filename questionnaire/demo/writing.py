"""Many rows into the database at once: COPY on PostgreSQL, one prepared statement on SQLite."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import chain, islice
from typing import Any

from django.db import connection, models

_CHUNK = 1 << 20
_TOGETHER = 50
"""Rows of one statement on SQLite, which makes itself ready for triggers with each statement."""


def insert(model: type[models.Model], names: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Insert rows with these columns; every other column gets its field's default.

    Args:
        names: attribute names of the fields.
        rows: None, numbers, and text as the database reads it.
    """
    known = {each.attname: each for each in model._meta.concrete_fields}
    others = [each for name, each in known.items() if name not in names and not isinstance(each, models.AutoField)]
    columns = [connection.ops.quote_name(str(each.column)) for each in (*(known[name] for name in names), *others)]
    constants = tuple(_default(each) for each in others)
    table = connection.ops.quote_name(model._meta.db_table)
    whole = ((*row, *constants) for row in rows) if constants else iter(rows)
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor, cursor.copy(f"COPY {table} ({', '.join(columns)}) FROM STDIN") as copy:
            for chunk in _chunks(whole):
                copy.write(chunk)
        return
    begin, places = f"INSERT INTO {table} ({', '.join(columns)}) VALUES ", f"({', '.join(['%s'] * len(columns))})"
    with connection.cursor() as cursor:
        while together := list(islice(whole, _TOGETHER)):
            cursor.execute(begin + ", ".join([places] * len(together)), list(chain.from_iterable(together)))


def _default(column: Any) -> Any:
    value = column.get_default()
    if isinstance(column, models.JSONField):
        return json.dumps(value)
    return int(value) if isinstance(value, bool) else value


def _chunks(rows: Iterable[Sequence[Any]]) -> Iterator[str]:
    """COPY's text format."""
    lines: list[str] = []
    size = 0
    for row in rows:
        lines.append("\t".join(map(_copied, row)))
        size += len(lines[-1])
        if size > _CHUNK:
            yield "\n".join(lines) + "\n"
            lines, size = [], 0
    if lines:
        yield "\n".join(lines) + "\n"


def _copied(value: Any) -> str:
    if value is None:
        return r"\N"
    text = str(value)
    if "\\" in text or "\n" in text or "\t" in text or "\r" in text:
        text = text.replace("\\", r"\\").replace("\n", r"\n").replace("\t", r"\t").replace("\r", r"\r")
    return text


@contextmanager
def indexes_last(tables: Iterable[type[models.Model]]) -> Iterator[None]:
    """Build the indexes of these tables, but for those that keep rows unique, only when the block ends.

    Rows that come in any order would have most pages of an index written anew for every portion. Where the process is
    killed meanwhile the tables are whole, but slow to look into until `build_missing` is called.
    """
    tables = tuple(tables)
    with connection.cursor() as cursor:
        for index in (index for model in tables for index in model._meta.indexes):
            cursor.execute(f"DROP INDEX {connection.ops.quote_name(index.name)}")
    try:
        yield
    finally:
        build_missing(tables)


def build_missing(tables: Iterable[type[models.Model]]) -> None:
    """Build the indexes that these tables should have and do not."""
    editor = connection.schema_editor()
    with connection.cursor() as cursor:
        for model in tables:
            there = connection.introspection.get_constraints(cursor, model._meta.db_table)
            for index in model._meta.indexes:
                if index.name not in there:
                    cursor.execute(str(index.create_sql(model, editor)))


def reserve_ids(model: type[models.Model], count: int) -> list[int]:
    """So many ids that no other row of the model has or will get, within the caller's transaction."""
    table = model._meta.db_table
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            sequence = "pg_get_serial_sequence(%s, 'id')"
            cursor.execute(f"SELECT nextval({sequence}) FROM generate_series(1, %s)", [table, count])
            return [row[0] for row in cursor.fetchall()]
        # SQLite goes on from the highest id that it has given out, and notes it here.
        cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [table])
        row = cursor.fetchone()
        last = row[0] if row else 0
        change = "UPDATE sqlite_sequence SET seq = %s WHERE name = %s"
        cursor.execute(
            change if row else "INSERT INTO sqlite_sequence (seq, name) VALUES (%s, %s)", [last + count, table]
        )
        return list(range(last + 1, last + 1 + count))
