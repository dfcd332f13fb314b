"""Who may open the pages of the editor and of the record. What they may *do* is checked again where it is done.

Whoever is refused is on record (`signin/middleware.py`).
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from questionnaire.services import staff

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
    """Only administrators."""
    return _needs(view, staff.SEARCH_RECORD)


def _needs(view: View, *permissions: str) -> View:
    @wraps(view)
    def checked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path(), reverse("admin:login"))
        if not any(map(request.user.has_perm, permissions)):
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return checked
