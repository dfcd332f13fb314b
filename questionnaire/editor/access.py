"""Who may open the pages of the editor and of the record. What they may *do* is checked again where it is done."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from questionnaire.services import audit, network, staff

View = Callable[..., HttpResponse]


def guidance_staff(view: View) -> View:
    """Editors and approvers may look."""
    return _needs(view, staff.EDIT, staff.APPROVE)


def guidance_editor(view: View) -> View:
    """Only editors."""
    return _needs(view, staff.EDIT)


def guidance_approver(view: View) -> View:
    """Only approvers."""
    return _needs(view, staff.APPROVE)


def record_reader(view: View) -> View:
    """Only administrators; that somebody else tried is on record."""
    allowed = _needs(view, staff.SEARCH_RECORD)

    @wraps(view)
    def checked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return allowed(request, *args, **kwargs)
        except PermissionDenied:
            with transaction.atomic():
                detail = {"page": "record"}
                audit.record(kind="refused", by=request.user, address=network.address(request), detail=detail)
            raise

    return checked


def _needs(view: View, *permissions: str) -> View:
    @wraps(view)
    def checked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path(), reverse("admin:login"))
        if not any(map(request.user.has_perm, permissions)):
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return checked
