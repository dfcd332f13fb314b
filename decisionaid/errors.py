"""What went wrong is told in the room where it happened: by the guidance editor, by the staff's pages, by patients'."""

from __future__ import annotations

from types import ModuleType

from django.http import HttpRequest, HttpResponse

from questionnaire.editor import errors as editor
from questionnaire.patient import errors as patient
from questionnaire.signin import refusals as staff

EDITOR = "/admin/guidance/"
STAFF = ("/admin/", "/staff/", "/physician/")


def _room(request: HttpRequest) -> ModuleType:
    if request.path_info.startswith(EDITOR):
        return editor
    return staff if request.path_info.startswith(STAFF) else patient


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
