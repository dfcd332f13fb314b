"""One's own second factor: an app's codes, passkeys, recovery codes."""

from __future__ import annotations

from typing import Any

from allauth.mfa.base import views as mfa
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes import views as recovery_codes
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as webauthn
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme

from questionnaire.signin import access, factors, noted, sessions
from questionnaire.signin.views import Refusing


class Factors(mfa.IndexView):
    """What somebody signs in with. Whoever was led here on the way to a page goes on to it afterwards."""

    template_name = "staff/factors.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        wanted = request.GET.get("next", "")
        if url_has_allowed_host_and_scheme(wanted, allowed_hosts=None):
            request.session[sessions.NEXT] = wanted
        reply: HttpResponse = super().get(request, *args, **kwargs)
        return reply

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        more = {
            "go_on": self.request.session.get(sessions.NEXT) or access.landing(self.request.user),
            "codes_left": factors.recovery_codes_left(self.request.user),
        }
        context: dict[str, Any] = super().get_context_data(**kwargs) | more
        return context


class Changing(Refusing):
    """A change of one's own second factor. One that is refused is on record as well as one that is made."""

    what: str

    def form_invalid(self, form: Any) -> HttpResponse:
        noted.change_refused(self.request, self.what)  # type: ignore[attr-defined]
        return super().form_invalid(form)


class ActivateCodes(Changing, totp.ActivateTOTPView):
    template_name = "staff/totp.html"
    what = "codes of an app"

    @transaction.atomic
    def form_valid(self, form: Any) -> HttpResponse:
        reply: HttpResponse = super().form_valid(form)
        factor = Authenticator.objects.get(user_id=self.request.user.pk, type=Authenticator.Type.TOTP)
        factor.data[factors.STEP] = form.step
        factor.save(update_fields=["data"])
        _enrolled(self.request, factor, "codes of an app set up")
        return reply


class DeactivateCodes(Changing, totp.DeactivateTOTPView):
    template_name = "staff/totp_remove.html"
    what = "codes of an app"

    @transaction.atomic
    def form_valid(self, form: Any) -> HttpResponse:
        reply: HttpResponse = super().form_valid(form)
        _removed(self.request, "codes of an app removed")
        return reply


class AddPasskey(Changing, webauthn.AddWebAuthnView):
    template_name = "staff/passkey_add.html"
    what = "passkey"

    @transaction.atomic
    def form_valid(self, form: Any) -> HttpResponse:
        reply: HttpResponse = super().form_valid(form)
        mine = Authenticator.objects.filter(user_id=self.request.user.pk, type=Authenticator.Type.WEBAUTHN)
        _enrolled(self.request, mine.latest("pk"), "passkey added")
        return reply


class RemovePasskey(webauthn.RemoveWebAuthnView):
    template_name = "staff/passkey_remove.html"

    @transaction.atomic
    def form_valid(self, form: Any) -> HttpResponse:
        reply: HttpResponse = super().form_valid(form)
        _removed(self.request, "passkey removed")
        return reply


class RecoveryCodes(recovery_codes.ViewRecoveryCodesView):
    template_name = "staff/codes.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        more = {"go_on": self.request.session.get(sessions.NEXT) or access.landing(self.request.user)}
        context: dict[str, Any] = super().get_context_data(**kwargs) | more
        return context


class NewRecoveryCodes(Changing, recovery_codes.GenerateRecoveryCodesView):
    template_name = "staff/codes_new.html"
    what = "recovery codes"

    @transaction.atomic
    def form_valid(self, form: Any) -> HttpResponse:
        reply: HttpResponse = super().form_valid(form)
        factors.carry_on(self.request)
        noted.factor_changed(self.request, self.request.user, "new recovery codes")
        return reply


def _enrolled(request: HttpRequest, factor: Any, what: str) -> None:
    """Whoever set it up has it in hand: this session has passed it, and gets a new key as after any sign-in."""
    factors.passed(request, factor)
    request.session.cycle_key()
    noted.factor_changed(request, request.user, what)
    messages.success(request, "Your second factor is set up. Sign in with it from now on.")


def _removed(request: HttpRequest, what: str) -> None:
    factors.carry_on(request)
    noted.factor_changed(request, request.user, what)
    messages.success(request, "It is removed.")


mine = Factors.as_view()
activate_codes = login_required(ActivateCodes.as_view())
deactivate_codes = DeactivateCodes.as_view()
add_passkey = login_required(AddPasskey.as_view())
remove_passkey = login_required(RemovePasskey.as_view())
codes = RecoveryCodes.as_view()
new_codes = login_required(NewRecoveryCodes.as_view())
download_codes = recovery_codes.download_recovery_codes


@login_required
def list_passkeys(request: HttpRequest) -> HttpResponse:
    """They are listed among the other factors."""
    return redirect("mfa_index")
