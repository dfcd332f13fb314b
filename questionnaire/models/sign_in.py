"""What sign-in keeps of its own."""

from __future__ import annotations

from django.db import models


class SignInCount(models.Model):
    """The table of Django's cache: counts of wrong guesses, for minutes. A key names nobody (signin/throttle.py)."""

    cache_key = models.CharField(max_length=255, primary_key=True)
    value = models.TextField()
    expires = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return f"until {self.expires}"
