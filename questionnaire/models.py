"""What is kept: editions of the aid, the practice that runs this copy, and patients' responses.

Writing is done by `services`; models hold what the database itself must hold true.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import CheckConstraint, F, Q, UniqueConstraint

_SIGNED = Q(submitted_by__isnull=False, approved_by__isnull=False)
_UNSIGNED = Q(submitted_by__isnull=True, approved_by__isnull=True, last_changed_by__isnull=True)


class Frozen(TypeError):
    """A published edition never changes and is never deleted."""


class Editions(models.QuerySet["Edition"]):
    """Refuses what would change a published edition; the database refuses it as well."""

    def update(self, **values: Any) -> int:
        if values != {"status": Edition.Status.SUPERSEDED}:
            self._refuse_frozen()
        return super().update(**values)

    update.alters_data = True  # type: ignore[attr-defined]

    def delete(self) -> tuple[int, dict[str, int]]:
        self._refuse_frozen()
        return super().delete()

    delete.alters_data = True  # type: ignore[attr-defined]
    delete.queryset_only = True  # type: ignore[attr-defined]

    def _refuse_frozen(self) -> None:
        if self.filter(status__in=Edition.FROZEN).exists():
            raise Frozen("a published edition never changes; open a draft from it instead")


class Edition(models.Model):
    """One edition of an aid's whole content. Once published it never changes; a correction is a new edition.

    What is published bears two signatures, of who sent it to review and of who approved it, who is another person and
    did not write the last change. Only an edition that came with the program bears none.
    """

    class Status(models.TextChoices):
        DRAFT = "draft", "Draft"
        IN_REVIEW = "in-review", "In review"
        PUBLISHED = "published", "Published"
        SUPERSEDED = "superseded", "Superseded"

    FROZEN = (Status.PUBLISHED, Status.SUPERSEDED)
    OPEN = (Status.DRAFT, Status.IN_REVIEW)

    aid = models.SlugField(max_length=60)
    number = models.PositiveIntegerField()
    status = models.CharField(max_length=12, choices=Status.choices, default=Status.DRAFT)
    document = models.TextField(help_text="The files of the aid's folder, as JSON: text, so that key order is kept.")
    content_hash = models.CharField(max_length=64, help_text="SHA-256 of the document, in hexadecimal digits.")
    change_note = models.TextField(blank=True, help_text="What changed, in one sentence for patients and physicians.")
    safety_change = models.BooleanField(default=False)
    based_on = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="+")
    revision = models.PositiveIntegerField(default=0, help_text="Grows with each step, so that none is lost.")
    last_changed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    submitted_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    approved_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    published_at = models.DateTimeField(null=True, blank=True)

    objects = Editions.as_manager()

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
            CheckConstraint(
                condition=~Q(approved_by=F("last_changed_by")) & ~Q(approved_by=F("submitted_by")),
                name="edition_approved_by_another",
            ),
            CheckConstraint(
                condition=Q(status="draft", approved_by__isnull=True)
                | Q(status="in-review", approved_by__isnull=True)
                | (Q(status__in=["published", "superseded"]) & (_SIGNED | _UNSIGNED)),
                name="edition_published_signed",
            ),
        )
        permissions = (
            ("edit_guidance", "Can change the draft of the guidance"),
            ("approve_guidance", "Can approve and publish guidance"),
        )

    def __str__(self) -> str:
        return f"{self.aid} {self.number} ({self.status})"

    def save(self, *args: Any, **kwargs: Any) -> None:
        self._refuse_if_frozen()
        super().save(*args, **kwargs)
        self._stored_status = self.status

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        self._refuse_if_frozen()
        return super().delete(*args, **kwargs)

    @classmethod
    def from_db(cls, db: str | None, field_names: Collection[str], values: Collection[Any], **more: Any) -> Edition:
        """Note the status that is stored, so that `save` knows what it would change."""
        edition = super().from_db(db, field_names, values, **more)
        edition._stored_status = dict(zip(field_names, values, strict=True)).get("status", "")
        return edition

    def _refuse_if_frozen(self) -> None:
        if getattr(self, "_stored_status", "") in self.FROZEN:
            raise Frozen(f"edition {self.number} is {self.status} and never changes; open a draft from it instead")


class EditionStep(models.Model):
    """One thing done to a draft: opened, an entry changed, sent to review, sent back, published. Never altered."""

    class Kind(models.TextChoices):
        OPENED = "opened", "Opened"
        CHANGED = "changed", "Changed"
        ADDED = "added", "Added"
        REMOVED = "removed", "Removed"
        MOVED = "moved", "Moved"
        SUBMITTED = "submitted", "Sent to review"
        TAKEN_BACK = "taken-back", "Taken back from review"
        SENT_BACK = "sent-back", "Changes wanted"
        PUBLISHED = "published", "Published"

    edition = models.ForeignKey(Edition, on_delete=models.CASCADE, related_name="steps")
    number = models.PositiveIntegerField(help_text="The draft's revision after this step.")
    kind = models.CharField(max_length=12, choices=Kind.choices)
    place = models.CharField(max_length=140, blank=True, help_text="The entry concerned, such as item/legal-risk.")
    before = models.TextField(blank=True, help_text="The entry before, as JSON; empty where there was none.")
    after = models.TextField(blank=True, help_text="The entry after, as JSON; empty where there is none.")
    note = models.TextField(blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = (UniqueConstraint(fields=["edition", "number"], name="edition_step_number_once"),)
        indexes = (models.Index(fields=["edition", "place"], name="edition_step_place"),)

    def __str__(self) -> str:
        return f"{self.number}: {self.kind} {self.place}".strip()


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


class RecallRun(models.Model):
    """How far the finished responses have been looked through for those that a safety change touches."""

    edition = models.OneToOneField(Edition, on_delete=models.PROTECT, related_name="+")
    last_version_id = models.BigIntegerField(default=0, help_text="Every version up to this id has been looked at.")
    finished_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"after edition {self.edition_id}"


class Recall(models.Model):
    """A finished response that would read differently since a safety change: for a physician to look at."""

    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="+")
    version = models.ForeignKey(FinishedVersion, on_delete=models.CASCADE, related_name="recalls")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = (UniqueConstraint(fields=["edition", "version"], name="recall_once"),)

    def __str__(self) -> str:
        return f"{self.version_id} after edition {self.edition_id}"


class ReturnTry(models.Model):
    """How often a wrong return code was tried from one address within one window of time."""

    address_hash = models.CharField(max_length=64)
    window = models.DateTimeField(db_index=True)
    count = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = (UniqueConstraint(fields=["address_hash", "window"], name="return_try_once"),)

    def __str__(self) -> str:
        return f"{self.count} since {self.window}"
