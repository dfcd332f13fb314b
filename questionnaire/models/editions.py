"""Editions of the aid, and what was done to each while it was a draft."""

from __future__ import annotations

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
