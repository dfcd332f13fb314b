"""A record to be looked at and tampered with: two chains, sealed in two parts."""

from __future__ import annotations

import uuid
from typing import Any

from django.db import connection, transaction

from questionnaire.models import AuditEvent, AuditSeal
from questionnaire.services import audit

ONE, OTHER = uuid.UUID(int=1), uuid.UUID(int=2)


def add(*subjects: uuid.UUID, **more: Any) -> list[AuditEvent]:
    with transaction.atomic():
        return [audit.record(kind="viewed", actor=audit.PROGRAM, subject=each, **more) for each in subjects]


def sealed() -> AuditSeal:
    made = audit.seal()
    assert made is not None
    return made


def make() -> None:
    """Two chains of six events each, woven into one another; of each the last is not sealed."""
    add(*[ONE, OTHER] * 3)
    sealed()
    add(*[ONE, OTHER] * 2)
    sealed()
    add(ONE, OTHER)


def problems() -> tuple[str, ...]:
    return audit.verify().problems


def event(number: int, chain: uuid.UUID = ONE) -> AuditEvent:
    return AuditEvent.objects.get(chain=audit.chain_of(chain), number=number)


def sql(statement: str, *values: Any) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, values)
