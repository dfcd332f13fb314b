"""What a test may do to the database that the program never does: lift the protection of published editions."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.core.management.commands import flush
from django.db import connection

from questionnaire.models import Edition


@contextmanager
def unprotected() -> Iterator[None]:
    """Without the triggers, as somebody with full rights to the database could be."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET session_replication_role = replica")
            yield
            cursor.execute("SET session_replication_role = DEFAULT")
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
        triggers = cursor.fetchall()
        for name, _ in triggers:
            cursor.execute(f"DROP TRIGGER {name}")
        yield
        for _, made in triggers:
            cursor.execute(made)


def tamper(edition: Edition, document: str) -> None:
    """Change the content of a published edition behind the program's back."""
    with unprotected(), connection.cursor() as cursor:
        cursor.execute("UPDATE questionnaire_edition SET document = %s WHERE id = %s", [document, edition.pk])


class Flush(flush.Command):
    """Django empties the tables after a test with real transactions, which the triggers refuse."""

    def handle(self, **options: Any) -> None:
        with unprotected():
            super().handle(**options)


@pytest.fixture(autouse=True, scope="session")
def empty_tables_after_tests() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(flush, "Command", Flush)
        yield
