"""Public letters of FDA about exosome products: an editor's list."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import UniqueConstraint


class FdaLetter(models.Model):
    """One public letter. It states what FDA found at that time; the firm may have corrected it since."""

    class Kind(models.TextChoices):
        WARNING = "warning", "Warning letter"
        UNTITLED = "untitled", "Untitled letter"
        OTHER = "other", "Another public notice"

    firm = models.CharField(max_length=200)
    other_names: models.JSONField[Any, Any] = models.JSONField(
        default=list, blank=True, help_text="Other names of the firm, and names of its products."
    )
    product = models.CharField(max_length=200, blank=True)
    city = models.CharField(max_length=100, blank=True)
    state = models.CharField(max_length=40, blank=True, help_text="In full, such as Florida.")
    date = models.DateField()
    kind = models.CharField(max_length=10, choices=Kind.choices)
    link = models.URLField(max_length=400, blank=True, help_text="FDA's own page of the letter.")
    note = models.TextField(blank=True, help_text="For editors: where it was read.")

    class Meta:
        verbose_name = "FDA letter"
        constraints = (UniqueConstraint(fields=["firm", "date", "kind"], name="fda_letter_once"),)

    def __str__(self) -> str:
        return f"{self.firm}, {self.date}"
