"""Accounts of a demonstration, one for each role of the staff, and a practice that is plainly made up."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from django.contrib.auth.models import Group, User
from django.contrib.auth.password_validation import validate_password
from django.db import transaction

from questionnaire.models import Practice
from questionnaire.services import staff


@dataclass(frozen=True, slots=True)
class Role:
    """`is_staff`: whether the pages at /admin/ are for them."""

    username: str
    first_name: str
    last_name: str
    group: str
    is_staff: bool


ROLES = (
    Role("demo-physician", "Dr. Robin", "Example", staff.PHYSICIANS, is_staff=False),
    Role("demo-physician-2", "Dr. Sam", "Sample", staff.PHYSICIANS, is_staff=False),
    Role("demo-editor", "Edit", "Example", staff.EDITORS, is_staff=True),
    Role("demo-approver", "Clin", "Example", staff.APPROVERS, is_staff=True),
    Role("demo-administrator", "Ada", "Example", staff.ADMINISTRATORS, is_staff=True),
)

PRACTICE: Mapping[str, str] = {
    "name": "Example Practice (made up)",
    "telephone": "(555) 555-0100",
    "address": "1 Example Street\nNowhere, CA 00000",
    "emergency_line": "This practice does not exist. In an emergency call 911.",
}
"""Who pays for the aid and what the practice gains stay blank, so that every page still says: a demonstration copy."""


def make(*, password_of: Callable[[Role], str]) -> dict[str, User]:
    """One account for each role, by name; a demonstration's account that is there already gets the password.

    None is a superuser, and the second factor is left to be set up at the first sign-in.

    Raises:
        django.core.exceptions.ValidationError: a password is too weak.
    """
    made = {}
    with transaction.atomic():
        for role in ROLES:
            user = User.objects.filter(username=role.username).first() or User(username=role.username)
            user.first_name, user.last_name, user.is_staff = role.first_name, role.last_name, role.is_staff
            user.is_superuser, user.is_active = False, True
            password = password_of(role)
            validate_password(password, user)
            user.set_password(password)
            user.save()
            user.groups.set([Group.objects.get(name=role.group)])
            made[role.username] = user
    return made


def physicians(accounts: Mapping[str, User]) -> list[int]:
    """Ids of those who work on responses."""
    return [accounts[role.username].pk for role in ROLES if role.group == staff.PHYSICIANS]


def fill_in_practice() -> None:
    """Give the practice a made-up name, unless somebody has begun to fill it in."""
    Practice.objects.get_or_create(pk=1, defaults=dict(PRACTICE))
