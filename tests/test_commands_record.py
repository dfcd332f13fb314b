"""What an operator runs for the access record and for the keys."""

from __future__ import annotations

import json
import uuid

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction

from questionnaire.models import AuditEvent, AuditSeal
from questionnaire.services import audit
from tests.database import unprotected

pytestmark = pytest.mark.django_db


def run(capsys, *arguments):
    call_command(*map(str, arguments))
    return capsys.readouterr().out.strip()


@pytest.fixture
def record(db):
    for number in range(3):
        with transaction.atomic():
            audit.record(kind="viewed", actor=audit.PROGRAM, subject=uuid.UUID(int=number))


def test_sealing_prints_the_number_and_the_digest_to_keep(record, capsys):
    told = run(capsys, "seal_audit")
    made = AuditSeal.objects.get()
    assert told == f"Seal 1, 3 events: {made.digest}"
    assert "Nothing to seal" in run(capsys, "seal_audit")
    assert run(capsys, "verify_audit", "--digest", made.digest.upper() + "\n").endswith("The record is whole.")


def test_a_whole_record_is_told_in_figures(record, capsys):
    assert run(capsys, "verify_audit").splitlines() == [
        "Events: 3",
        "Seals: 0",
        "Unsealed: 3",
        "Newest digest: none",
        "The record is whole.",
    ]
    run(capsys, "seal_audit")
    told = json.loads(run(capsys, "verify_audit", "--json"))
    digest = AuditSeal.objects.get().digest
    assert told == {"events": 3, "seals": 1, "unsealed": 0, "digest": digest, "problems": [], "more": 0}


def test_a_record_that_was_changed_is_told_and_fails(record, capsys):
    with unprotected():
        AuditEvent.objects.filter(subject=uuid.UUID(int=1)).update(kind="other")
    with pytest.raises(CommandError, match="not what was written"):
        call_command("verify_audit")
    told = capsys.readouterr().out
    assert "it is not as it was written" in told
    assert "whole" not in told
    with pytest.raises(CommandError):
        call_command("verify_audit", "--json")
    assert len(json.loads(capsys.readouterr().out)["problems"]) == 1


def test_a_digest_that_is_none_of_the_seals_fails(record, capsys):
    run(capsys, "seal_audit")
    with pytest.raises(CommandError):
        call_command("verify_audit", "--digest", "0" * 64)
    assert "kept elsewhere" in capsys.readouterr().out


def test_a_sealing_that_waits_for_too_long_fails(record, monkeypatch):
    def busy():
        raise audit.Busy

    monkeypatch.setattr(audit, "seal", busy)
    with pytest.raises(CommandError, match="Run this again"):
        call_command("seal_audit")
