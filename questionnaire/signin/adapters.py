"""How the sign-in library does things here: nobody signs up, nothing is mailed, guesses are counted our way."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from questionnaire.services import network, practices, sealing
from questionnaire.signin import access, noted, sessions, throttle

TOO_MANY = "There were too many wrong tries. Wait five minutes, then try again."
WRONG_CODE = "That code is not right, or it was used before. Wait for the next one."


class AccountAdapter(DefaultAccountAdapter):
    error_messages = DefaultAccountAdapter.error_messages | {
        "username_password_mismatch": "The user name or the password is not right.",
        "incorrect_password": "That is not your password.",
        "enter_current_password": "That is not your password now.",
        "incorrect_code": WRONG_CODE,
        "too_many_login_attempts": TOO_MANY,
        "rate_limited": TOO_MANY,
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """An administrator makes the accounts."""
        return False

    def add_message(self, *args: Any, **kwargs: Any) -> None:
        """Our pages say what happened, in our words."""

    def send_mail(self, *args: Any, **kwargs: Any) -> None:
        """An instance needs no mail."""

    def is_safe_url(self, url: str | None) -> bool:
        """Only addresses of this very host are gone on to."""
        return url_has_allowed_host_and_scheme(
            url, allowed_hosts={self.request.get_host()}, require_https=self.request.is_secure()
        )

    def get_client_ip(self, request: HttpRequest) -> str:
        return network.address(request)

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        return access.landing(request.user)

    def get_logout_redirect_url(self, request: HttpRequest) -> str:
        return reverse("account_login")

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return reverse("mfa_index")

    def get_reauthentication_methods(self, user: Any) -> list[dict[str, str]]:
        """Before a factor is changed the password is asked for again; the factor itself was passed at sign-in."""
        url = reverse("account_reauthenticate")
        return [{"id": "reauthenticate", "description": "Your password", "url": url}] if user.is_authenticated else []

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        return not sessions.is_recent(self.request)

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        if not throttle.count(request, credentials["username"]):
            noted.refused(request, "too many tries", credentials["username"])
            raise self.validation_error("too_many_login_attempts")

    def authenticate(self, request: HttpRequest, **credentials: Any) -> Any:
        user = super().authenticate(request, **credentials)
        if user:
            throttle.forgive(request, credentials["username"])
        return user

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        noted.refused(request, "password", credentials.get("username", ""))

    def pre_login(self, request: HttpRequest, user: Any, **kwargs: Any) -> HttpResponse | None:
        # From here on the session knows that the password was right, so it must not be one that somebody laid here.
        # It changes once more when the second factor is passed.
        request.session.cycle_key()
        return None

    def login(self, request: HttpRequest, user: Any) -> None:
        super().login(request, user)
        sessions.begin(request)

    def post_login(self, request: HttpRequest, user: Any, **kwargs: Any) -> HttpResponse:
        reply: HttpResponse = super().post_login(request, user, **kwargs)
        throttle.remember_browser(request, reply, user.get_username())
        noted.signed_in(request, user)
        return reply

    def logout(self, request: HttpRequest) -> None:
        user = request.user
        super().logout(request)
        noted.signed_out(request, user)


class FactorAdapter(DefaultMFAAdapter):
    error_messages = DefaultMFAAdapter.error_messages | {"incorrect_code": WRONG_CODE}

    def get_totp_issuer(self) -> str:
        return practices.current().name or "Decision aid"

    def get_totp_label(self, user: Any) -> str:
        return str(user.get_username())

    def encrypt(self, text: str) -> str:
        return sealing.seal(text)

    def decrypt(self, encrypted_text: str) -> str:
        return sealing.unseal(encrypted_text)
