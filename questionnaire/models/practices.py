"""The practice that runs this copy."""

from __future__ import annotations

from django.db import models
from django.db.models import CheckConstraint, Q


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
