"""What tests of exports share: ask for one, fetch it, give it up, see how it ended."""

from __future__ import annotations

import csv
import io
from typing import Any

from django.contrib.auth.models import User
from django.test import Client

from questionnaire.models import AuditEvent, Export
from tests.staff import sign_in


def as_(user: User) -> Client:
    client = Client()
    sign_in(client, user)
    return client


def asked(client: Client, filters: str = "") -> str:
    """The address of the export's page."""
    reply = client.post("/physician/export/", {"filters": filters})
    assert reply.status_code == 302
    return str(reply["Location"])


def fetched(client: Client, place: str) -> list[dict[str, str]]:
    reply: Any = client.get(f"{place}responses.csv")
    assert reply.status_code == 200
    assert reply["Content-Type"].startswith("text/csv; charset=utf-8")
    text = b"".join(reply.streaming_content).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline=""), strict=True))


def give_up(reply: Any) -> None:
    """What closing the reply does, but for the end of the request, which would close the test's own database."""
    for close in reply._resource_closers:
        close()


def ended() -> tuple[str, int, list[tuple[str, object]]]:
    """The one export's state and rows, and each event of it with how it ended."""
    export = Export.objects.get()
    events = AuditEvent.objects.filter(kind__startswith="export").order_by("pk")
    return export.state, export.done, [(each.kind, each.detail.get("end")) for each in events]
