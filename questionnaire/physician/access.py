"""Who may open the physicians' pages. What they may *do* is checked again where it is done."""

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
from questionnaire.services.staff import Caller

View = Callable[..., HttpResponse]


def physician(view: View) -> View:
    """Members of the group of physicians alone; a refused attempt is on record."""

    @wraps(view)
    def checked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path(), reverse("admin:login"))
        if not staff.is_physician(request.user):
            _record_refused(request, kwargs)
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return checked


def caller(request: HttpRequest) -> Caller:
    """Who asks, and from where."""
    return Caller(request.user, network.address(request))


def _record_refused(request: HttpRequest, kwargs: dict[str, Any]) -> None:
    by = caller(request)
    with transaction.atomic():
        detail = {"page": request.resolver_match.view_name if request.resolver_match else ""}
        audit.record(kind="refused", by=by.user, address=by.address, subject=kwargs.get("pk"), detail=detail)
