"""What went wrong is told in the room where it happened: on pages of the guidance editor by the editor."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from questionnaire.editor import errors as editor
from questionnaire.patient import errors as patient

EDITOR = "/admin/guidance/"


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    room = editor.bad_request if request.path_info.startswith(EDITOR) else patient.bad_request
    return room(request, exception)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    room = editor.forbidden if request.path_info.startswith(EDITOR) else patient.forbidden
    return room(request, exception)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    room = editor.not_found if request.path_info.startswith(EDITOR) else patient.not_found
    return room(request, exception)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    room = editor.csrf_failure if request.path_info.startswith(EDITOR) else patient.csrf_failure
    return room(request, reason)
