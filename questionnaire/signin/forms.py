"""The forms of the sign-in library with our labels and our rules."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.forms import ChangePasswordForm as LibraryChangePasswordForm
from allauth.account.forms import LoginForm, ReauthenticateForm
from allauth.core import context
from allauth.mfa.base.forms import AuthenticateForm
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.webauthn.forms import AddWebAuthnForm, AuthenticateWebAuthnForm
from allauth.mfa.webauthn.internal import auth as webauthn
from django import forms
from django.contrib import messages

from questionnaire.signin import factors, noted, throttle

FEW_CODES = 4
"""With fewer recovery codes than this left, somebody is told to make new ones."""


class Plain:
    """Labels and hints in our words, inputs in our look, and no placeholder in place of a label."""

    labels: dict[str, str] = {}
    hints: dict[str, str] = {}
    fields: dict[str, forms.Field]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.label = self.labels.get(name, field.label)
            field.help_text = self.hints.get(name, "")
            field.widget.attrs.pop("placeholder", None)
            field.widget.attrs["class"] = "input"


class SignInForm(Plain, LoginForm):
    labels = {"login": "User name", "password": "Password"}


class PasswordAgainForm(Plain, ReauthenticateForm):
    labels = {"password": "Password"}


class ChangePasswordForm(Plain, LibraryChangePasswordForm):
    labels = {
        "oldpassword": "Your password now",
        "password1": "The new password",
        "password2": "The new password, once more",
    }
    hints = {"password1": "At least 8 characters, not only numbers, and nothing that many people use."}

    def clean_oldpassword(self) -> str:
        name = self.user.get_username()
        if not throttle.count(context.request, name):
            noted.change_refused(context.request, "too many tries")
            raise get_adapter().validation_error("too_many_login_attempts")
        try:
            password: str = super().clean_oldpassword()
        except forms.ValidationError:
            noted.change_refused(context.request, "password")
            raise
        throttle.forgive(context.request, name)
        return password


def counted(user: Any) -> str:
    """Count a try at the second factor of this person, and give back their user name.

    Raises:
        django.core.exceptions.ValidationError: there were too many.
    """
    account: str = user.get_username()
    if not throttle.count(context.request, account, throttle.FACTOR):
        noted.refused(context.request, "too many tries", account)
        raise get_adapter().validation_error("too_many_login_attempts")
    return account


class CodeForm(Plain, AuthenticateForm):
    """A code from the app, or a recovery code."""

    labels = {"code": "Code"}

    def clean_code(self) -> str:
        account = counted(self.user)
        code: str = self.cleaned_data["code"]
        factor = factors.take(self.user, code)
        if factor is None:
            noted.refused(context.request, "second factor", account)
            raise get_adapter().validation_error("incorrect_code")
        throttle.forgive(context.request, account, throttle.FACTOR)
        self.authenticator = factor
        return code

    def save(self) -> None:
        super().save()
        factors.passed(context.request, self.authenticator)
        if self.authenticator.type == Authenticator.Type.RECOVERY_CODES:
            _tell_left(factors.recovery_codes_left(self.user) or 0)


def _tell_left(left: int) -> None:
    """Whoever came in by a recovery code hears that it is used up, before there is none left."""
    told = "none is" if left == 0 else "1 is" if left == 1 else f"{left} are"
    more = " Make new ones under “Your sign-in”." if left < FEW_CODES else ""
    text = f"You signed in with a recovery code. It is used up, and {told} left.{more}"
    messages.warning(context.request, text)


MANGLED = (forms.ValidationError, AttributeError, KeyError, TypeError, ValueError)
"""What a passkey's answer can raise: the library names what is wrong with a well-formed one alone."""


class PasskeyForm(AuthenticateWebAuthnForm):
    def clean_credential(self) -> Any:
        account = counted(self.user)
        credential = self.cleaned_data["credential"]
        try:
            webauthn.parse_authentication_response(credential)
            factor = webauthn.complete_authentication(self.user, credential)
        except MANGLED as error:
            noted.refused(context.request, "second factor", account)
            raise forms.ValidationError("That passkey was not accepted. Try again, or use a code.") from error
        throttle.forgive(context.request, account, throttle.FACTOR)
        return factor

    def save(self) -> None:
        super().save()
        factors.passed(context.request, self.cleaned_data["credential"])


class ActivateCodesForm(Plain, ActivateTOTPForm):
    labels = {"code": "The code that the app shows now"}

    def clean_code(self) -> str:
        code: str = super().clean_code()
        # The one that enrols must not open the door as well.
        self.step = factors.step_of(self.secret, code)
        return code


class AddPasskeyForm(Plain, AddWebAuthnForm):
    labels = {"name": "Name of this passkey"}
    hints = {"name": "So that you know it again, for instance “Work laptop”."}

    def clean(self) -> Any:
        try:
            return super().clean()
        except MANGLED as error:
            raise get_adapter().validation_error("incorrect_code") from error
