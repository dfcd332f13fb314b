"""What a monitor is told."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, InterfaceError, OperationalError
from django.db.migrations.executor import MigrationExecutor
from django.test import Client

from questionnaire.models import Edition
from questionnaire.services import opening
from tests.database import tamper
from tests.web import Walker, parsed, small_aid


def asked(client, address="/readyz"):
    reply = client.get(address)
    assert reply["Content-Type"] == "application/json"
    assert reply["Cache-Control"] == "no-store"
    return reply.status_code, reply.json()


def test_a_process_that_lives_says_so_without_a_database(client):
    assert asked(client, "/healthz") == (200, {"status": "ok"})


@pytest.mark.django_db
def test_an_instance_with_a_published_edition_is_ready(published, client):
    assert asked(client) == (200, {"status": "ok", "missing": []})


@pytest.mark.django_db
def test_an_instance_without_a_published_edition_is_not_ready(client):
    opening.open_document(by=None, document=small_aid())
    assert asked(client) == (503, {"status": "not ready", "missing": ["published edition"]})


@pytest.mark.django_db
def test_an_instance_whose_edition_was_changed_behind_our_back_is_not_ready(published, client, cold):
    tamper(Edition.objects.get(), "{}")
    assert asked(client) == (503, {"status": "not ready", "missing": ["published edition"]})


@pytest.mark.django_db
def test_an_instance_with_migrations_to_apply_is_not_ready(published, client, monkeypatch):
    monkeypatch.setattr(MigrationExecutor, "migration_plan", lambda self, targets: [("a migration", False)])
    assert asked(client) == (503, {"status": "not ready", "missing": ["migrations"]})


@pytest.mark.parametrize("error", [DatabaseError, OperationalError, InterfaceError])
@pytest.mark.django_db
def test_an_instance_whose_database_is_down_is_not_ready_and_tells_no_detail(error, client, monkeypatch):
    def down(*args):
        raise error("could not connect to db.internal as aid")

    monkeypatch.setattr("django.db.backends.base.base.BaseDatabaseWrapper.cursor", down)
    assert asked(client) == (503, {"status": "not ready", "missing": ["database"]})
    assert client.get("/healthz").status_code == 200


@pytest.mark.django_db
def test_a_patient_whose_page_fails_is_told_what_to_do_and_no_detail(published, monkeypatch):
    def down(*args):
        raise OperationalError("could not connect to db.internal as aid")

    walker = Walker(Client(raise_request_exception=False))
    walker.answers("signs")
    monkeypatch.setattr("django.db.backends.base.base.BaseDatabaseWrapper.cursor", down)
    for reply in (walker.client.get("/"), walker.client.post("/q/problem/", {"answer": "skin"})):
        assert reply.status_code == 500
        assert reply["Cache-Control"] == "no-store"
        main = parsed(reply.content.decode()).one("main")
        assert main["data-page"] == "error"
        assert "your saved answers are kept" in main.text
        assert "db.internal" not in main.text
        assert main.all("a", href="/")
    monkeypatch.undo()
    assert walker.get("/q/problem/").question == "problem"


@pytest.mark.django_db
def test_a_monitor_only_reads(published, client):
    for address in ("/healthz", "/readyz"):
        assert client.head(address).status_code == 200
        assert client.post(address).status_code == 405
