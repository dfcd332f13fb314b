"""The door itself: signing in and out, the second step, one's password, and staying."""

from __future__ import annotations

from typing import Any

from allauth.account import views as account
from allauth.mfa.base import views as mfa
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from questionnaire.signin import access, noted, sessions


def refusal_status(form: Any) -> int:
    """429 when tries were counted out, 422 when something typed was not right."""
    codes = {error.code for errors in form.errors.as_data().values() for error in errors}
    return 429 if codes & {"too_many_login_attempts", "rate_limited"} else 422


class Refusing:
    """A form that is refused comes back with its faults named and a status that says so."""

    def form_invalid(self, form: Any) -> HttpResponse:
        context = self.get_context_data(form=form)  # type: ignore[attr-defined]
        reply: HttpResponse = self.render_to_response(context, status=refusal_status(form))  # type: ignore[attr-defined]
        return reply


class SignIn(Refusing, account.LoginView):
    template_name = "staff/sign_in.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs) | {"next": self.get_next_url() or ""}
        return context


class Code(mfa.AuthenticateView):
    """The second step: a code or a passkey."""

    template_name = "staff/code.html"

    def form_invalid(self, form: Any) -> HttpResponse:
        reply: HttpResponse = super().form_invalid(form)
        reply.status_code = refusal_status(form)
        return reply


class SignOut(account.LogoutView):
    template_name = "staff/sign_out.html"


class PasswordAgain(Refusing, account.ReauthenticateView):
    template_name = "staff/password_again.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs) | {"next": self.get_next_url() or ""}
        return context


class ChangePassword(Refusing, account.PasswordChangeView):
    template_name = "staff/password.html"

    @transaction.atomic
    def form_valid(self, form: Any) -> HttpResponse:
        reply: HttpResponse = super().form_valid(form)
        noted.account_changed(self.request, self.request.user, "password changed")
        messages.success(self.request, "Your password is changed.")
        return reply


sign_in = SignIn.as_view()
code = Code.as_view()
sign_out = SignOut.as_view()
password_again = PasswordAgain.as_view()
change_password = login_required(ChangePassword.as_view())


@login_required
def back(request: HttpRequest) -> HttpResponse:
    """Signed in again in another tab than the one with the work in it."""
    return render(request, "staff/back.html", {"landing": access.landing(request.user)})


@require_http_methods(["GET", "POST"])
def stay(request: HttpRequest) -> JsonResponse:
    """How many seconds this sign-in still lasts, whose it is, and whether asking to stay (by POST) makes them more.

    By the time this is read the middleware has noted the POST as activity, and ended a session whose time was over.
    """
    if not request.user.is_authenticated:
        return JsonResponse({"left": 0, "can_stay": False})
    idle, longest = sessions.seconds_left(request.session)
    return JsonResponse({"left": int(min(idle, longest)), "can_stay": longest > idle, "who": request.user.pk})
