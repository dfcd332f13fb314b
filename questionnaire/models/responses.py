"""Patients' responses, what each was shown, and how often a wrong code was tried."""

from __future__ import annotations

import uuid
from typing import Any

from django.db import models
from django.db.models import Index, UniqueConstraint

from questionnaire.models.editions import Edition


class Response(models.Model):
    """One person's answers to one edition, while they can still change."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="+")
    language = models.CharField(max_length=12)
    answers: models.JSONField[Any, Any] = models.JSONField(default=dict)
    acknowledged: models.JSONField[Any, Any] = models.JSONField(
        default=list, help_text="Slugs of the urgent guidance that the person has seen."
    )
    moved_from = models.PositiveIntegerField(
        null=True, help_text="Number of the edition this response was begun on, if a safety change moved it."
    )
    revision = models.PositiveIntegerField(default=0, help_text="Grows with each write, so that none is lost.")
    code_hash = models.CharField(max_length=64, null=True, unique=True)  # noqa: DJ001 (null: many rows have no code)
    is_shared = models.BooleanField(default=False, help_text="Whether a practice may read it now.")
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return str(self.id)


class FinishedVersion(models.Model):
    """What a person was shown on confirming their answers. Never recomputed: another answer makes another version.

    What they said of their study, too, counts as it was when they confirmed it.
    """

    response = models.ForeignKey(Response, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="+")
    language = models.CharField(max_length=12)
    answers: models.JSONField[Any, Any] = models.JSONField()
    facts: models.JSONField[Any, Any] = models.JSONField(default=dict)
    outcome: models.JSONField[Any, Any] = models.JSONField(help_text="Slugs of what was shown, with reasons.")
    registry_copy = models.ForeignKey(
        "questionnaire.RegistryCopy",
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        help_text="The record of the study that the facts come from.",
    )
    study_number = models.CharField(max_length=11, blank=True, help_text="Of the study that counted, if any.")
    study_said = models.CharField(max_length=10, blank=True, help_text="As `StudyCheck.said` was confirmed.")
    study_clinic = models.TextField(blank=True, help_text="As `StudyCheck.clinic` was confirmed; sealed.")
    letters = models.TextField(
        blank=True,
        help_text="Sealed JSON: the letters of FDA that the person was shown, since they tell what was typed.",
    )
    finished_at = models.DateTimeField()

    class Meta:
        constraints = (UniqueConstraint(fields=["response", "number"], name="finished_number_once"),)
        indexes = (Index(fields=["study_number"], name="finished_study_number"),)

    def __str__(self) -> str:
        return f"{self.response_id} version {self.number}"


class ReturnTry(models.Model):
    """How often a wrong return code was tried from one address within one window of time."""

    address_hash = models.CharField(max_length=64)
    window = models.DateTimeField(db_index=True)
    count = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = (UniqueConstraint(fields=["address_hash", "window"], name="return_try_once"),)

    def __str__(self) -> str:
        return f"{self.count} since {self.window}"
