"""Accounts of the staff in the admin: who they are and which groups they are in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.contrib.auth.admin import GroupAdmin as LibraryGroupAdmin
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.models import Group, User
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path
from django.utils.decorators import method_decorator

from questionnaire.services import second_factors, staff
from questionnaire.signin import noted

if TYPE_CHECKING:
    Base = UserAdmin[User]
else:
    Base = UserAdmin


class AccountAdmin(Base):
    """Rights come from groups alone; what the program notes by itself is only shown.

    Whoever signed an edition is deactivated rather than deleted, and the database refuses otherwise. An administrator
    gives and takes groups, but makes nobody a superuser and touches no superuser's account.
    """

    fieldsets = (
        (None, {"fields": ("username", "password")}),
        ("Who it is", {"fields": ("first_name", "last_name", "email")}),
        ("What they may do", {"fields": ("is_active", "is_staff", "is_superuser", "groups")}),
        ("Noted", {"fields": ("last_login", "date_joined")}),
    )
    readonly_fields = ("last_login", "date_joined")
    filter_horizontal = ()
    change_form_template = "admin/account.html"

    def get_readonly_fields(self, request: HttpRequest, obj: User | None = None) -> tuple[str, ...]:
        """What is only shown is not taken from what was sent either."""
        shown = tuple(super().get_readonly_fields(request, obj))
        return shown if _is_superuser(request) else (*shown, "is_superuser")

    def has_change_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        """Covers the account's password too."""
        return super().has_change_permission(request, obj) and _may_touch(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        return super().has_delete_permission(request, obj) and _may_touch(request, obj)

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.remove_second_factor)
        own = path("<int:pk>/second-factor/", view, name="auth_user_second_factor")
        return [own, *super().get_urls()]

    def remove_second_factor(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Asks first, then takes the second factor away, so that a new one can be set up."""
        account = get_object_or_404(User, pk=pk)
        if not self.has_change_permission(request, account):
            raise PermissionDenied
        if request.method != "POST":
            context = self.admin_site.each_context(request) | {"account": account, "title": "Remove the second factor"}
            return render(request, "admin/second_factor.html", context)
        try:
            with transaction.atomic():
                count = second_factors.remove(by=request.user, of=account)
                noted.factor_changed(request, account, "removed by an administrator")
                self.log_change(request, account, "The second factor was removed.")
        except staff.NotAllowed as refusal:
            noted.change_refused(request, "second factor")
            messages.error(request, f"The second factor was not removed: {refusal}.")
        else:
            messages.success(request, "It is removed." if count else "There was none.")
        return redirect("admin:auth_user_change", account.pk)

    @method_decorator(transaction.atomic)
    def user_change_password(self, request: HttpRequest, id: str, form_url: str = "") -> HttpResponse:
        """A password that an administrator sets is not set without its record."""
        return super().user_change_password(request, id, form_url)

    def log_addition(self, request: HttpRequest, obj: User, message: Any) -> Any:
        noted.account_changed(request, obj, "made")
        return super().log_addition(request, obj, message)

    def log_change(self, request: HttpRequest, obj: User, message: Any) -> Any:
        noted.account_changed(request, obj, _fields(message))
        return super().log_change(request, obj, message)

    def log_deletions(self, request: HttpRequest, queryset: Any) -> Any:
        for account in queryset:
            noted.account_changed(request, account, "deleted")
        return super().log_deletions(request, queryset)


class GroupAdmin(LibraryGroupAdmin):
    """What a group may do is changed by superusers alone; others see who may do what."""

    def log_addition(self, request: HttpRequest, obj: Group, message: Any) -> Any:
        noted.group_changed(request, obj, "made")
        return super().log_addition(request, obj, message)

    def log_change(self, request: HttpRequest, obj: Group, message: Any) -> Any:
        noted.group_changed(request, obj, _fields(message))
        return super().log_change(request, obj, message)

    def log_deletions(self, request: HttpRequest, queryset: Any) -> Any:
        for group in queryset:
            noted.group_changed(request, group, "deleted")
        return super().log_deletions(request, queryset)


def _is_superuser(request: HttpRequest) -> bool:
    return bool(request.user.is_active and getattr(request.user, "is_superuser", False))


def _may_touch(request: HttpRequest, account: User | None) -> bool:
    return account is None or not account.is_superuser or _is_superuser(request)


def _fields(message: Any) -> str:
    """Which fields were changed, by their labels; never what stood in them."""
    if isinstance(message, str):
        return message
    changed = [label for part in message for label in part.get("changed", {}).get("fields", ())]
    return "changed: " + ", ".join(map(str, changed))
