"""What must be true of an instance before it serves patients; looked at by `manage.py check --deploy`."""

from __future__ import annotations

from typing import Any

from django.core.checks import CheckMessage, Error, register
from django.db import DatabaseError

from questionnaire.services import practices


@register(deploy=True)
def practice_is_filled_in(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Patients are told who offers the aid, who pays for it and who gains; a blank profile is a demonstration copy."""
    try:
        missing = practices.current().missing
    except DatabaseError:
        hint = "Start the database and run manage.py migrate, then check again."
        return [Error("The practice profile cannot be read.", hint=hint, id="questionnaire.E002")]
    if not missing:
        return []
    listed = ", ".join(field.replace("_", " ") for field in missing)
    hint = "Fill it in under /admin/, as an administrator."
    return [Error(f"The practice profile is not filled in: {listed}.", hint=hint, id="questionnaire.E001")]
