"""What went wrong is told in the room where it happened: by the editor, the physicians', the staff's, the patients'."""

from __future__ import annotations

from types import ModuleType

from django.http import HttpRequest, HttpResponse

from questionnaire.editor import errors as editor
from questionnaire.patient import errors as patient
from questionnaire.physician import errors as physician
from questionnaire.signin import refusals as staff

ROOMS: dict[str, ModuleType] = {
    "/admin/guidance/": editor,
    "/admin/": staff,
    "/staff/": staff,
    "/physician/": physician,
    "/fhir/QuestionnaireResponse/": physician,
}
"""Which room tells what went wrong beneath an address; the first that fits counts, and patients' pages the rest."""


def _room(request: HttpRequest) -> ModuleType:
    return next((room for start, room in ROOMS.items() if request.path_info.startswith(start)), patient)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    reply: HttpResponse = _room(request).bad_request(request, exception)
    return reply


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    reply: HttpResponse = _room(request).forbidden(request, exception)
    return reply


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    reply: HttpResponse = _room(request).not_found(request, exception)
    return reply


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    reply: HttpResponse = _room(request).csrf_failure(request, reason)
    return reply
