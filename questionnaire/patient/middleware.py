"""Headers that every page carries: what a page may load, that nobody keeps a copy, and which powers it gives up."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from questionnaire.patient import errors
from questionnaire.services.editions import NoEdition

_COMMON = "base-uri 'none'; form-action 'self'; frame-ancestors 'none'; img-src 'self' data:"
PATIENT_POLICY = f"default-src 'none'; style-src 'self'; {_COMMON}"
"""Patients' pages use no script at all, so none is allowed."""
STAFF_POLICY = f"default-src 'self'; {_COMMON}"
STAFF = ("/admin/", "/staff/", "/physician/")
FRAMED = "/admin/guidance/preview/shown/"
"""What editors see in a frame beside their form, and only there."""
POWERS = "camera=(), geolocation=(), microphone=(), payment=(), browsing-topics=()"


def _policy(path: str) -> str:
    if path.startswith(FRAMED):
        return STAFF_POLICY.replace("frame-ancestors 'none'", "frame-ancestors 'self'")
    return STAFF_POLICY if path.startswith(STAFF) else PATIENT_POLICY


class SecurityHeaders:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        headers = response.headers
        headers["Content-Security-Policy"] = _policy(request.path_info)
        headers["Permissions-Policy"] = POWERS
        # What a page shows depends on a person's answers, and the next user of this computer must not find it.
        headers["Cache-Control"] = "no-store"
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Before anything is published every page says so, instead of failing."""
        return errors.nothing_published() if isinstance(exception, NoEdition) else None
