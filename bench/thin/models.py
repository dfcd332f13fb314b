"""One row a person."""

from __future__ import annotations

import uuid
from typing import Any, ClassVar

from django.db import models


class Person(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    answers: models.JSONField[Any, Any] = models.JSONField(default=dict)
    done = models.BooleanField(default=False)

    # Told to the type checker, which knows the models of the project's own settings only.
    objects: ClassVar[models.Manager[Person]] = models.Manager()

    class Meta:
        app_label = "thin"

    def __str__(self) -> str:
        return str(self.id)
