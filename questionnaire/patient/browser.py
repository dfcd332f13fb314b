"""Which response belongs to this browser: a signed cookie names it, nothing else does.

The cookie holds the response's random id and no answer. It is out of scripts' reach and goes with the response.
"""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from questionnaire.services import responses
from questionnaire.services.responses import Gone, Walk

COOKIE = "response"
_signer = signing.Signer(salt="questionnaire.response")


def walk(request: HttpRequest) -> Walk | None:
    """The response of this browser, or None: no cookie, a forged one, or one whose response is gone."""
    pk = named(request)
    try:
        return responses.find(pk) if pk else None
    except Gone:
        return None


def named(request: HttpRequest) -> uuid.UUID | None:
    """The id that the cookie names, whether or not there is such a response; None without a cookie of ours."""
    try:
        return uuid.UUID(_signer.unsign(request.COOKIES[COOKIE]))
    except (KeyError, ValueError, signing.BadSignature):
        return None


def remember(reply: HttpResponse, walk: Walk) -> HttpResponse:
    """Let this browser come back to this response for as long as it is kept, and for the usual time at least."""
    options: dict[str, Any] = {"httponly": True, "samesite": "Lax", "secure": settings.HTTPS}
    value = _signer.sign(walk.response.pk.hex)
    kept = max(walk.response.expires_at - timezone.now(), dt.timedelta(days=settings.RETENTION_DAYS))
    reply.set_cookie(COOKIE, value, max_age=kept, **options)
    return reply


def forget(reply: HttpResponse) -> HttpResponse:
    reply.delete_cookie(COOKIE, samesite="Lax")
    return reply
