"""Accounts of the staff in the admin: who they are and which groups they are in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.models import User

if TYPE_CHECKING:
    Base = UserAdmin[User]
else:
    Base = UserAdmin


class AccountAdmin(Base):
    """Rights come from groups alone; what the program notes by itself is only shown.

    Whoever signed an edition is deactivated rather than deleted, and the database refuses otherwise.
    """

    fieldsets = (
        (None, {"fields": ("username", "password")}),
        ("Who it is", {"fields": ("first_name", "last_name", "email")}),
        ("What they may do", {"fields": ("is_active", "is_staff", "is_superuser", "groups")}),
        ("Noted", {"fields": ("last_login", "date_joined")}),
    )
    readonly_fields = ("last_login", "date_joined")
    filter_horizontal = ()
