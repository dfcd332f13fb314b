"""Who asks for a page of the physicians: what services need to know of them."""

from __future__ import annotations

from django.http import HttpRequest

from questionnaire.services import network
from questionnaire.services.staff import Caller
from questionnaire.signin.access import physician

__all__ = ["caller", "physician"]


def caller(request: HttpRequest) -> Caller:
    """Who asks, and from where."""
    return Caller(request.user, network.address(request))
