"""Who on the staff may do what. The role is looked up afresh at each act: it may have been taken away meanwhile."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib.auth import get_user_model
from django.utils import timezone

from questionnaire.models import SignInCount

EDIT = "questionnaire.edit_guidance"
APPROVE = "questionnaire.approve_guidance"
REVIEW = "questionnaire.review_responses"
SEARCH_RECORD = "questionnaire.search_record"
EDITORS, APPROVERS = "Guidance editors", "Clinical approvers"
PHYSICIANS, ADMINISTRATORS = "Physicians", "Administrators"


class NotAllowed(PermissionError):
    """This person does not, or no longer, have the role that this needs. The message says which."""


_NEEDED = {
    EDIT: f"the group “{EDITORS}”",
    APPROVE: f"the group “{APPROVERS}”",
    SEARCH_RECORD: f"the group “{ADMINISTRATORS}”",
}


@dataclass(frozen=True, slots=True)
class Caller:
    """A member of staff who asks for something, and the network address they ask from: what the record needs."""

    user: Any
    address: str


def require(by: Any, permission: str) -> Any:
    """The same user as the database knows them now.

    Raises:
        NotAllowed: the account is gone, inactive, or lacks the permission.
    """
    user = _active(by)
    if user is None or not user.has_perm(permission):
        raise NotAllowed(f"this needs {_NEEDED[permission]}, and you are not in it now; ask an administrator")
    return user


def require_physician(by: Any) -> Any:
    """The same user as the database knows them now.

    Patients chose their physicians, not whoever runs the computer: a superuser outside the group is refused too.

    Raises:
        NotAllowed: the account is gone, inactive, or not in the group of physicians.
    """
    user = _physicians().filter(pk=by.pk).first()
    if user is None:
        raise NotAllowed(f"this needs the group “{PHYSICIANS}”, and you are not in it now; ask an administrator")
    return user


def is_physician(user: Any) -> bool:
    """Whether this person is in the group of physicians and active, as the database knows it now.

    Asked of the group, not of a permission: superusers have every permission and still read no response.
    """
    return bool(_physicians().filter(pk=user.pk).exists())


def _physicians() -> Any:
    return get_user_model()._default_manager.filter(is_active=True, groups__name=PHYSICIANS)


def shown_name(user: Any) -> str:
    """How a member of staff is called before patients and colleagues."""
    return str(user.get_full_name() or user.get_username())


def _active(by: Any) -> Any | None:
    return get_user_model()._default_manager.filter(pk=by.pk, is_active=True).first()


def forget_old_tries() -> int:
    """Erase the counts of tries to sign in that no longer count; how many there were."""
    return SignInCount.objects.filter(expires__lt=timezone.now()).delete()[0]
