"""Who on the staff may do what. The role is looked up afresh at each act: it may have been taken away meanwhile."""

from __future__ import annotations

from typing import Any

from django.contrib.auth import get_user_model

EDIT = "questionnaire.edit_guidance"
APPROVE = "questionnaire.approve_guidance"
EDITORS, APPROVERS = "Guidance editors", "Clinical approvers"


class NotAllowed(PermissionError):
    """This person does not, or no longer, have the role that this needs. The message says which."""


_NEEDED = {EDIT: f"the group “{EDITORS}”", APPROVE: f"the group “{APPROVERS}”"}


def require(by: Any, permission: str) -> Any:
    """The same user as the database knows them now.

    Raises:
        NotAllowed: the account is gone, inactive, or lacks the permission.
    """
    user = get_user_model()._default_manager.filter(pk=by.pk, is_active=True).first()
    if user is None or not user.has_perm(permission):
        raise NotAllowed(f"this needs {_NEEDED[permission]}, and you are not in it now; ask an administrator")
    return user
