"""What is kept: editions of the aid, the practice that runs this copy, and patients' responses.

Writing is done by `services`; models hold what the database itself must hold true.
"""

from __future__ import annotations

import uuid
from typing import Any

from django.db import models
from django.db.models import CheckConstraint, Q, UniqueConstraint


class Edition(models.Model):
    """One edition of an aid's whole content. Once published it never changes; a correction is a new edition."""

    class Status(models.TextChoices):
        DRAFT = "draft", "Draft"
        IN_REVIEW = "in-review", "In review"
        PUBLISHED = "published", "Published"
        SUPERSEDED = "superseded", "Superseded"

    aid = models.SlugField(max_length=60)
    number = models.PositiveIntegerField()
    status = models.CharField(max_length=12, choices=Status.choices, default=Status.DRAFT)
    document = models.TextField(help_text="The files of the aid's folder, as JSON: text, so that key order is kept.")
    content_hash = models.CharField(max_length=64, help_text="SHA-256 of the document, in hexadecimal digits.")
    change_note = models.TextField(blank=True, help_text="What changed, in one sentence for patients and physicians.")
    safety_change = models.BooleanField(default=False)
    created_at = models.DateTimeField(auto_now_add=True)
    published_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = (
            UniqueConstraint(fields=["aid", "number"], name="edition_number_once"),
            UniqueConstraint(fields=["aid"], condition=Q(status="published"), name="edition_one_published"),
            UniqueConstraint(
                fields=["aid"], condition=Q(status__in=["draft", "in-review"]), name="edition_one_open_draft"
            ),
            CheckConstraint(
                condition=Q(status__in=["draft", "in-review"], published_at__isnull=True)
                | Q(status__in=["published", "superseded"], published_at__isnull=False),
                name="edition_published_has_date",
            ),
        )

    def __str__(self) -> str:
        return f"{self.aid} {self.number} ({self.status})"


class Practice(models.Model):
    """The clinic that runs this copy, as patients read of it. There is one row; blank texts: a demonstration copy."""

    REQUIRED = ("name", "telephone", "address", "emergency_line", "funding", "interests")

    id = models.PositiveSmallIntegerField(primary_key=True, default=1, editable=False)
    name = models.CharField("name of the practice", max_length=200, blank=True)
    telephone = models.CharField(max_length=40, blank=True, help_text="As patients should dial it.")
    address = models.TextField(max_length=400, blank=True)
    emergency_line = models.CharField(
        max_length=200, blank=True, help_text="Whom patients of this practice reach out of hours, and how."
    )
    funding = models.TextField(
        "who pays for this aid",
        max_length=600,
        blank=True,
        help_text="In plain words, shown before the first question.",
    )
    interests = models.TextField(
        "what the practice gains",
        max_length=600,
        blank=True,
        help_text="Whether it offers any option that the aid names, and what it earns from that.",
    )

    class Meta:
        verbose_name = verbose_name_plural = "practice"
        constraints = (CheckConstraint(condition=Q(id=1), name="practice_one_row"),)

    def __str__(self) -> str:
        return self.name or "Practice (not filled in)"

    @property
    def missing(self) -> list[str]:
        """Names of the fields that are still blank; with any, this is a demonstration copy."""
        return [field for field in self.REQUIRED if not getattr(self, field).strip()]


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
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return str(self.id)


class FinishedVersion(models.Model):
    """What a person was shown on confirming their answers. Never recomputed: another answer makes another version."""

    response = models.ForeignKey(Response, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="+")
    language = models.CharField(max_length=12)
    answers: models.JSONField[Any, Any] = models.JSONField()
    facts: models.JSONField[Any, Any] = models.JSONField(default=dict)
    outcome: models.JSONField[Any, Any] = models.JSONField(help_text="Slugs of what was shown, with reasons.")
    finished_at = models.DateTimeField()

    class Meta:
        constraints = (UniqueConstraint(fields=["response", "number"], name="finished_number_once"),)

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
