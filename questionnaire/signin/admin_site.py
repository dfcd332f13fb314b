"""The administration's own ways in and out lead to the one door."""

from __future__ import annotations

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from questionnaire.signin.views import sign_out as sign_out_view


def sign_in(request: HttpRequest) -> HttpResponse:
    """Who is signed in and comes here all the same was turned away for want of a role."""
    if request.user.is_authenticated:
        if not request.user.is_staff:
            raise PermissionDenied
        return redirect("admin:index")
    return redirect_to_login(request.GET.get("next", ""), reverse("account_login"))


def sign_out(request: HttpRequest) -> HttpResponse:
    reply: HttpResponse = sign_out_view(request)
    return reply


def change_password(request: HttpRequest) -> HttpResponse:
    return redirect("account_change_password")
