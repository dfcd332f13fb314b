"""One row a person."""

from __future__ import annotations

import uuid
from typing import Any

from django.db import models


class Person(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    answers: models.JSONField[Any, Any] = models.JSONField(default=dict)
    done = models.BooleanField(default=False)

    class Meta:
        app_label = "thin"

    def __str__(self) -> str:
        return str(self.id)
