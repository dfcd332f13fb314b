"""Who may take a shared response out as FHIR: physicians, as everywhere; a program is told so in its own format."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.cache import patch_vary_headers

from questionnaire.fhir.replies import outcome_reply
from questionnaire.signin import access

View = Callable[[HttpRequest, UUID], HttpResponse]
LOGIN = "Sign in as a physician of this practice, with the second factor."
FORBIDDEN = "Only physicians of this practice may read shared responses, and this account is not one of theirs."


def physician(view: View) -> Callable[..., HttpResponseBase]:
    """As `signin.access.physician`, but 401 and 403 come as an OperationOutcome to whoever does not want a page."""
    guarded = access.physician(view)

    @wraps(view)
    def served(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        reply = guarded(request, *args, **kwargs) if access.wants_page(request) else _told(request, args, kwargs)
        patch_vary_headers(reply, ["Accept"])
        return reply

    def _told(request: HttpRequest, args: Any, kwargs: Any) -> HttpResponseBase:
        if not request.user.is_authenticated:
            refused = outcome_reply(401, "login", LOGIN)
            # HTTP asks for a scheme; ours is a cookie that the sign-in gives.
            refused["WWW-Authenticate"] = f'Cookie realm="staff", form-action="{reverse("account_login")}"'
            return refused
        try:
            return guarded(request, *args, **kwargs)
        except PermissionDenied:
            return outcome_reply(403, "forbidden", FORBIDDEN)

    return served
