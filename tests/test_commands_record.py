"""What an operator runs for the access record and for the keys."""

from __future__ import annotations

import json
import uuid

import pytest
from cryptography.fernet import Fernet
from django.core.management import CommandError, call_command
from django.db import transaction

from questionnaire.models import AuditEvent, AuditSeal, Response
from questionnaire.services import audit, chaining, return_codes, rotation
from tests import sharing as given
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


# --- rotate_keys

NEW = Fernet.generate_key().decode()


def test_rotating_says_what_was_done_and_what_earlier_keys_are_still_needed_for(published, settings, capsys):
    old = settings.FIELD_KEYS[0]
    return_codes.give(walk=given.finished())
    given.shared(name="Maria López")
    audit.seal()
    settings.FIELD_KEYS = [NEW, old]
    told = run(capsys, "rotate_keys")
    assert "identities: 1 rows, 1 sealed anew" in told
    assert "answers: 2 rows, 2 sealed anew" in told
    assert f"Key 2 (named {chaining.key_name(old)}) signed 1 seals" in told
    until = Response.objects.exclude(code_hash=None).get().expires_at
    assert f"1 responses have a code; the last of them expires on {until:%Y-%m-%d}" in told
    for secret in (old, NEW, "Maria"):
        assert secret not in told
    assert "identities: 1 rows, 0 sealed anew" in run(capsys, "rotate_keys")


def test_with_one_key_nothing_else_is_needed(published, capsys):
    given.shared()
    assert run(capsys, "rotate_keys").splitlines()[-1] == "There is no earlier key in FIELD_KEYS."


def test_a_row_that_no_key_opens_is_told_of_in_figures_and_fails(published, settings):
    given.shared(name="Maria López")
    settings.FIELD_KEYS = [NEW]
    given.shared(name="Ann Bell")
    with pytest.raises(CommandError) as failed:
        call_command("rotate_keys")
    assert "opens 1 of identities, 1 of answers, 1 of finished answers, 1 of search words" in str(failed.value)
    assert "Maria" not in str(failed.value)


def test_how_far_it_is_is_told_on_the_way(published, monkeypatch, capsys):
    monkeypatch.setattr(rotation, "BATCH", 2)
    monkeypatch.setattr("questionnaire.management.commands.rotate_keys._TOLD_EVERY", 2)
    for _ in range(4):
        given.finished()
    told = run(capsys, "rotate_keys").splitlines()
    assert [line for line in told if line.startswith("answers")] == [
        "answers: 2 rows so far",
        "answers: 4 rows so far",
        "answers: 4 rows, 0 sealed anew",
    ]


def test_a_row_that_keeps_changing_is_told_of(published, monkeypatch):
    def busy(tell):
        raise rotation.Busy("answers")

    monkeypatch.setattr(rotation, "rotate", busy)
    with pytest.raises(CommandError, match="Run this again"):
        call_command("rotate_keys")
