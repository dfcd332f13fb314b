"""After a safety change: the finished responses that would now read differently."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Index, Q, UniqueConstraint

from questionnaire.models.editions import Edition
from questionnaire.models.responses import FinishedVersion
from questionnaire.models.reviews import Review


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
    review = models.ForeignKey(
        Review, on_delete=models.SET_NULL, null=True, related_name="+", help_text="Set while it is shared."
    )
    handled_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    handled_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = (UniqueConstraint(fields=["edition", "version"], name="recall_once"),)
        # What physicians still have to work off, and what they have, the newest first.
        indexes = (
            Index(
                fields=["edition", "id"],
                condition=Q(handled_at__isnull=True, review__isnull=False),
                name="recall_to_do",
            ),
            Index(
                fields=["edition", "-handled_at", "-id"],
                condition=Q(handled_at__isnull=False, review__isnull=False),
                name="recall_done",
            ),
        )

    def __str__(self) -> str:
        return f"{self.version_id} after edition {self.edition_id}"
