"""Who may enter which room of the staff, and where each begins. What they may *do* is checked where it is done."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse

from questionnaire.services import staff

View = Callable[..., HttpResponseBase]

INBOX = "/physician/"
PROGRAMS = "/fhir/"
_DATA = ("application/fhir+json", "application/json", "text/html")


def physician(view: View) -> View:
    """Physicians alone: whoever is not signed in is led to sign-in, anybody else is refused.

    That the session passed a second factor is looked at by StaffSessions, for every address under /physician/ and
    /fhir/QuestionnaireResponse; it records the refusal too.
    """

    @wraps(view)
    def checked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path(), reverse("account_login"))
        if not staff.is_physician(request.user):
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return checked


def wants_page(request: HttpRequest) -> bool:
    """Whether who asks is shown a page when they may not go on: always, but at the addresses of other programs.

    There a browser, which names HTML before anything else, is led to the sign-in as by any link; whoever prefers JSON,
    or has no preference, is told by a status and an OperationOutcome.
    """
    if not request.path_info.startswith(PROGRAMS):
        return True
    return "_format" not in request.GET and request.get_preferred_type(_DATA) == "text/html"


def rooms(user: Any) -> list[tuple[str, str]]:
    """What this person may enter: name and address of each room, the one where their work is first."""
    if not user.is_authenticated:
        return []
    entered: list[tuple[str, str]] = []
    if staff.is_physician(user):
        entered.append(("Shared responses", INBOX))
    if user.has_perm(staff.EDIT) or user.has_perm(staff.APPROVE):
        entered.append(("Guidance", reverse("guidance:board")))
    if user.is_staff:
        entered.append(("Administration", reverse("admin:index")))
    if user.has_perm(staff.SEARCH_RECORD):
        entered.append(("Access record", reverse("record")))
    return entered


def start(user: Any, entered: list[tuple[str, str]]) -> tuple[str, str]:
    """Name and address of the room where this person's work begins, of those that they may enter.

    Superusers may do everything but are administrators first.
    """
    administration = ("Administration", reverse("admin:index"))
    if user.is_superuser and administration in entered and entered[0][1] != INBOX:
        return administration
    return entered[0] if entered else ("Your sign-in", reverse("mfa_index"))


def landing(user: Any) -> str:
    """Where somebody comes who signs in without having been on the way to a page."""
    return start(user, rooms(user))[1]


def room_of(path: str, entered: list[tuple[str, str]]) -> str:
    """Address of the room that this page is in, of those that somebody may enter; empty where it is in none."""
    return max((address for _, address in entered if path.startswith(address)), key=len, default="")
