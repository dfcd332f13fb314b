"""Accounts of the staff in the admin: who they are and which groups they are in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import admin, messages
from django.contrib.auth.admin import GroupAdmin as LibraryGroupAdmin
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.models import Group, User
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path
from django.utils.decorators import method_decorator

from questionnaire.editor import changes_told
from questionnaire.editor.account_forms import GROUPS, SWITCHES, AccountForm, NewAccountForm
from questionnaire.editor.changes_told import Given
from questionnaire.services import second_factors, staff
from questionnaire.signin import noted

if TYPE_CHECKING:
    Base = UserAdmin[User]
else:
    Base = UserAdmin

PERMISSIONS = "Permissions"


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
    form = AccountForm
    add_form = NewAccountForm
    add_fieldsets = ((None, {"classes": ("wide",), "fields": ("username", "password1", "password2")}),)
    add_form_template = "admin/account_new.html"
    list_display = ("username", "first_name", "last_name", "their_groups", "is_active")
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

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        return super().get_queryset(request).prefetch_related("groups")

    @admin.display(description=GROUPS)
    def their_groups(self, account: User) -> str:
        return ", ".join(sorted(group.name for group in account.groups.all()))

    def render_change_form(self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any) -> Any:
        account = kwargs.get("obj")
        context["has_factor"] = account is not None and second_factors.are_held_by(account)
        return super().render_change_form(request, context, *args, **kwargs)

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

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """Which groups were given and taken is on record by name, and whoever gives themselves one is told so."""
        before = changes_told.groups_of(form.instance)
        super().save_related(request, form, formsets, change)
        given = Given.between(before, changes_told.groups_of(form.instance))
        if not given:
            return
        noted.groups_given(request, form.instance, given.added, given.removed)
        if form.instance.pk == request.user.pk:
            messages.warning(request, f"You changed your own groups: {given}. This is on record.")

    def log_addition(self, request: HttpRequest, obj: User, message: Any) -> Any:
        noted.account_changed(request, obj, "made")
        return super().log_addition(request, obj, message)

    def log_change(self, request: HttpRequest, obj: User, message: Any) -> Any:
        """Groups are told by `save_related`; a form that was saved as it was is no change."""
        switches = {label: bool(getattr(obj, name)) for name, label in SWITCHES.items()}
        if told := changes_told.changed_fields(message, switches=switches, left_out=GROUPS):
            noted.account_changed(request, obj, told)
        return super().log_change(request, obj, message) if message else None

    def log_deletions(self, request: HttpRequest, queryset: Any) -> Any:
        for account in queryset:
            noted.account_changed(request, account, "deleted")
        return super().log_deletions(request, queryset)


class GroupAdmin(LibraryGroupAdmin):
    """What a group may do is changed by superusers alone; others see who may do what."""

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        before = changes_told.permissions_of(form.instance)
        super().save_related(request, form, formsets, change)
        given = Given.between(before, changes_told.permissions_of(form.instance))
        if given:
            noted.permissions_given(request, form.instance, given.added, given.removed)

    def log_addition(self, request: HttpRequest, obj: Group, message: Any) -> Any:
        noted.group_changed(request, obj, "made")
        return super().log_addition(request, obj, message)

    def log_change(self, request: HttpRequest, obj: Group, message: Any) -> Any:
        if told := changes_told.changed_fields(message, left_out=PERMISSIONS):
            noted.group_changed(request, obj, told)
        return super().log_change(request, obj, message) if message else None

    def log_deletions(self, request: HttpRequest, queryset: Any) -> Any:
        for group in queryset:
            noted.group_changed(request, group, "deleted")
        return super().log_deletions(request, queryset)


def _is_superuser(request: HttpRequest) -> bool:
    return bool(request.user.is_active and getattr(request.user, "is_superuser", False))


def _may_touch(request: HttpRequest, account: User | None) -> bool:
    return account is None or not account.is_superuser or _is_superuser(request)
