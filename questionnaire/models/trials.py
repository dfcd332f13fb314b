"""What the trial registry answered, and which study a patient was told of."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import models
from django.db.models import CheckConstraint, Q, UniqueConstraint

from questionnaire.models.responses import Response


class RegistryCopy(models.Model):
    """A record as the registry gave it, without contacts of staff. A record that changed is another copy."""

    number = models.CharField(max_length=11, db_index=True)
    record = models.TextField(help_text="JSON.")
    content_hash = models.CharField(max_length=64, help_text="SHA-256 of the record, in hexadecimal digits.")
    fetched_at = models.DateTimeField(help_text="When the registry first gave it.")
    confirmed_at = models.DateTimeField(help_text="When the registry last gave just this.")
    data_timestamp = models.CharField(
        max_length=40, blank=True, help_text="Of the registry's data when it last gave this; empty if it was not asked."
    )

    class Meta:
        constraints = (UniqueConstraint(fields=["number", "content_hash"], name="registry_copy_once"),)

    def __str__(self) -> str:
        return f"{self.number} of {self.fetched_at:%Y-%m-%d}"

    @property
    def data_day(self) -> dt.date | None:
        """The day of the registry's data at `confirmed_at`, as it says itself; None where it is not known."""
        try:
            return dt.date.fromisoformat(self.data_timestamp[:10])
        except ValueError:
            return None


class RegistryChange(models.Model):
    """What was not as before when the registry answered again."""

    number = models.CharField(max_length=11, db_index=True)
    before = models.ForeignKey(RegistryCopy, on_delete=models.PROTECT, related_name="+")
    after = models.ForeignKey(RegistryCopy, on_delete=models.PROTECT, related_name="+")
    fields: models.JSONField[Any, Any] = models.JSONField(help_text="Each field with what only one of the two has.")
    found_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.number} changed by {self.found_at:%Y-%m-%d}"


class RegistryStudy(models.Model):
    """Where we stand with one study number: what the registry said last, and who is asking it now."""

    class State(models.TextChoices):
        NEVER = "never", "Never asked"
        FOUND = "found", "Found"
        NOT_FOUND = "not-found", "Not listed"
        MOVED = "moved", "Listed under another number"

    number = models.CharField(max_length=11, primary_key=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.NEVER)
    moved_to = models.CharField(max_length=11, blank=True)
    newest = models.ForeignKey(RegistryCopy, on_delete=models.PROTECT, null=True, related_name="+")
    checked_at = models.DateTimeField(null=True, help_text="When the registry last gave an answer.")
    tried_at = models.DateTimeField(null=True, help_text="When it was last asked, answer or not.")
    reason = models.CharField(max_length=20, blank=True, help_text="Why the last try brought no answer.")
    asked_until = models.DateTimeField(null=True, help_text="Until then somebody is asking, and others wait.")

    class Meta:
        constraints = (
            CheckConstraint(
                condition=Q(state="found", newest__isnull=False) | ~Q(state="found"),
                name="registry_study_found_has_copy",
            ),
        )

    def __str__(self) -> str:
        return f"{self.number}: {self.state}"


class RegistryClock(models.Model):
    """When the registry may be asked next, by whichever process. There is one row."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1, editable=False)
    next_at = models.DateTimeField()

    class Meta:
        constraints = (CheckConstraint(condition=Q(id=1), name="registry_clock_one_row"),)

    def __str__(self) -> str:
        return f"next at {self.next_at}"


class StudyCheck(models.Model):
    """The study of one response: whether it is the one that the patient was told of, and at which clinic.

    It changes as its patient goes on. What counted when they confirmed is kept with the finished version.
    """

    class Said(models.TextChoices):
        SAME = "same", "Yes, this is the study"
        OTHER = "other", "No, it is another one"
        NOT_SURE = "not-sure", "Not sure"

    response = models.OneToOneField(Response, on_delete=models.CASCADE, related_name="study_check")
    number = models.CharField(max_length=11, db_index=True)
    said = models.CharField(max_length=10, choices=Said.choices, blank=True)
    clinic = models.TextField(blank=True, help_text="Sealed JSON: name, city. Compared here, never sent anywhere.")
    revision = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.response_id}: {self.number}"
