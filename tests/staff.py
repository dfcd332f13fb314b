"""People who work on the guidance."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import Group, Permission, User

from questionnaire.services import staff


def editor(name: str = "ada", **more: Any) -> User:
    """Somebody who may change the draft."""
    return member(name, staff.EDITORS, **more)


def approver(name: str = "ben", **more: Any) -> User:
    """Somebody who may approve it."""
    return member(name, staff.APPROVERS, **more)


def both(name: str = "cleo") -> User:
    """Somebody who may do either, but not both to the same draft."""
    return member(name, staff.EDITORS, staff.APPROVERS)


def physician(name: str = "dora", **more: Any) -> User:
    """Somebody to whom patients' shared responses go."""
    return member(name, staff.PHYSICIANS, **{"is_staff": False, **more})


def member(name: str, *groups: str, **more: Any) -> User:
    user, _ = User.objects.get_or_create(username=name, defaults={"is_staff": True, "first_name": name.title()} | more)
    user.groups.set([_group(group) for group in groups])
    return user


_RIGHT = {
    staff.EDITORS: staff.EDIT,
    staff.APPROVERS: staff.APPROVE,
    staff.PHYSICIANS: staff.REVIEW,
    staff.ADMINISTRATORS: staff.SEARCH_RECORD,
}


def _group(name: str) -> Group:
    """As the migration makes it: emptying the database after a test with real transactions takes it away."""
    group, made = Group.objects.get_or_create(name=name)
    if made:
        codename = _RIGHT[name].split(".")[1]
        group.permissions.add(Permission.objects.get(codename=codename, content_type__app_label="questionnaire"))
    return group
