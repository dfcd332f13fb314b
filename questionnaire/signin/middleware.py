"""On the staff's addresses: whether the session still holds, whether it passed a second factor, and who was refused."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.models import AnonymousUser
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from questionnaire.signin import access, factors, held, noted, sessions

ROOMS = ("/admin/", "/physician/", "/fhir/QuestionnaireResponse")
STAFF = (*ROOMS, "/staff/")

ENDED = "You were signed out, because nothing was done for a while or because the sign-in was half a day old."
NOT_PASSED = "Sign in again, with your second factor."


class StaffSessions:
    """Patients' pages pass by untouched: neither session nor user is asked for."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.path_info.startswith(STAFF):
            return self.get_response(request)
        instead = self._at_the_door(request)
        if instead is not None:
            return instead
        reply = self.get_response(request)
        if reply.status_code == HTTPStatus.FORBIDDEN and request.user.is_authenticated:
            # Here and not where it is refused, so that no page can forget it.
            noted.not_allowed(request)
        return reply

    def _at_the_door(self, request: HttpRequest) -> HttpResponse | None:
        """An answer in place of the page, or None if the person may go on to it."""
        if request.user.is_authenticated:
            owned = factors.of(request.user)
            is_enrolled = factors.is_enrolled(owned)
            if sessions.has_ended(request):
                return self._out(request, ENDED)
            passed_once = request.session.get(sessions.FACTOR) is not None
            if (is_enrolled or passed_once) and not factors.has_passed(request, owned):
                return self._out(request, NOT_PASSED)
            sessions.note_activity(request)
            if settings.REQUIRE_MFA and not is_enrolled and _needs_factor(request):
                return self._to_enrolment(request)
            return None
        return held.page(request, held.SIGNED_OUT) if held.is_worth_holding(request) else None

    def _out(self, request: HttpRequest, why: str) -> HttpResponse | None:
        user = request.user
        logout(request)
        noted.signed_out(request, user)
        if held.is_worth_holding(request):
            return held.page(request, held.SIGNED_OUT)
        if not request.path_info.startswith(ROOMS) or not access.wants_page(request):
            return None
        messages.info(request, why)
        # A form that was not worth holding is not sent again by going to its address.
        where = request.get_full_path() if request.method == "GET" else ""
        return redirect_to_login(where, reverse("account_login"))

    def _to_enrolment(self, request: HttpRequest) -> HttpResponse | None:
        if not access.wants_page(request):
            # A program is told that it is not signed in, by the address that it asked for.
            request.user = AnonymousUser()
            return None
        if held.is_worth_holding(request):
            return held.page(request, held.NO_FACTOR)
        return redirect_to_login(request.get_full_path(), reverse("mfa_index"))


def _needs_factor(request: HttpRequest) -> bool:
    return request.path_info.startswith(ROOMS) and request.path_info not in held.DOORS
