"""The form of an account, in an administrator's words instead of the framework's."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib.auth.forms import (
    AdminUserCreationForm,
    ReadOnlyPasswordHashField,
    ReadOnlyPasswordHashWidget,
    UserChangeForm,
)
from django.contrib.auth.models import Group, User
from django.utils.html import format_html

from questionnaire.services import staff

if TYPE_CHECKING:
    Change = UserChangeForm[User]
    New = AdminUserCreationForm[User]
else:
    Change, New = UserChangeForm, AdminUserCreationForm

SWITCHES = {
    "is_active": "May sign in",
    "is_staff": "May open the administration (“staff status”)",
    "is_superuser": "Superuser",
}
"""Fields of an account that are on or off, with their labels."""
GROUPS = "Groups"
USER_NAME = "What they sign in with: letters, digits and @ . + - _ without blanks."


class PasswordWidget(ReadOnlyPasswordHashWidget):
    """Says whether there is a password. How it is stored helps nobody who reads this."""

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> Any:
        told = self.get_context(name, value, attrs)["button_label"]
        is_set = bool(value) and not str(value).startswith("!")
        text = "A password is set. Nobody can see it." if is_set else "No password is set, so nobody can sign in."
        label = "Set a new password" if is_set else told
        return format_html('<div><p>{}</p><p><a class="button" href="../password/">{}</a></p></div>', text, label)


class AccountForm(Change):
    """An account that there is already."""

    password = ReadOnlyPasswordHashField(label="Password", widget=PasswordWidget)
    groups = forms.ModelMultipleChoiceField(
        label=GROUPS,
        queryset=Group.objects.order_by("name"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=(
            f"What somebody may do comes from these alone. {staff.PHYSICIANS}, and nobody else, read what patients "
            f"share. {staff.EDITORS} change the guidance, {staff.APPROVERS} publish it. {staff.ADMINISTRATORS} make "
            "accounts and search the access record. Every change of groups is on record."
        ),
    )

    class Meta(UserChangeForm.Meta):
        labels = SWITCHES | {
            "username": "User name",
            "email": "E-mail address",
            "last_login": "Last signed in",
            "date_joined": "Account made",
        }
        help_texts = {
            "username": USER_NAME,
            "email": "For your own use: this program sends no mail.",
            "is_active": "Turn this off for somebody who has left. The account stays, since the record names it.",
            "is_staff": (
                "Needed by administrators, and by guidance editors who keep the list of FDA’s letters. Physicians do "
                "not need it."
            ),
            "is_superuser": "May do everything but read what patients share. Only a superuser can give or take this.",
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "password" in self.fields:
            self.fields["password"].help_text = ""


class NewAccountForm(New):
    """An account to be made; groups are given on the next page."""

    class Meta(AdminUserCreationForm.Meta):
        labels = {"username": "User name"}
        help_texts = {"username": USER_NAME}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Without passwords nobody could sign in: there is no other way in.
        self.fields.pop("usable_password", None)
        self.fields["password2"].label = "The same password again"
        self.fields["password2"].help_text = ""
