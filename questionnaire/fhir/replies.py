"""Replies as FHIR wants them: its content type, and what went wrong as an OperationOutcome."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse

from questionnaire.exports.fhir_codes import Element
from questionnaire.exports.fhir_server import operation_outcome

CONTENT_TYPE = "application/fhir+json; charset=utf-8"
_FORMATS = ("json", "text/json", "application/json", "application/fhir+json")
_RANGES = ("*/*", "application/*", *_FORMATS[1:])

View = Callable[..., HttpResponse]


class Refused(Exception):
    """A request that cannot be served; `status`, FHIR's issue code and the words say why."""

    def __init__(self, status: int, code: str, text: str) -> None:
        self.status, self.code, self.text = status, code, text
        super().__init__(text)


def text_of(resource: Element) -> bytes:
    """A resource as it is sent."""
    return json.dumps(resource, ensure_ascii=False, separators=(",", ":")).encode()


def reply(body: bytes, status: int = 200) -> HttpResponse:
    return HttpResponse(body, content_type=CONTENT_TYPE, status=status)


def response_reply(resource: Element) -> HttpResponse:
    """A QuestionnaireResponse, or a Bundle with one, to be saved as a file: a browser must not show it by itself."""
    made = reply(text_of(resource))
    made["Content-Disposition"] = f'attachment; filename="{resource["resourceType"]}.json"'
    return made


def outcome_reply(status: int, code: str, text: str) -> HttpResponse:
    """What went wrong.

    Args:
        code: of FHIR's issue types: `not-found`, `deleted` (410), `forbidden`, `login`, `invalid`, `not-supported`.
    """
    return reply(text_of(operation_outcome(code, text)), status)


def read_only(view: View) -> View:
    """Serve GET and HEAD to whoever takes JSON, and tell what went wrong as an OperationOutcome."""

    @wraps(view)
    def served(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.method not in ("GET", "HEAD"):
            refused = outcome_reply(405, "not-supported", "This can only be read.")
            refused["Allow"] = "GET, HEAD"
            return refused
        if not _takes_json(request):
            return outcome_reply(406, "not-supported", "There is only JSON: application/fhir+json.")
        try:
            return view(request, *args, **kwargs)
        except Refused as refused_for:
            return outcome_reply(refused_for.status, refused_for.code, refused_for.text)

    return served


def _takes_json(request: HttpRequest) -> bool:
    """Whether `_format` names JSON or, without it, one of the ranges in `Accept` holds it."""
    # In an address a plus that was not escaped is a blank.
    wanted = request.GET.get("_format", "").replace(" ", "+")
    if wanted:
        return wanted.split(";")[0] in _FORMATS
    ranges = [each.split(";") for each in request.headers.get("Accept", "*/*").split(",")]
    return any(
        name.strip().lower() in _RANGES and not any(_is_none(each) for each in parameters)
        for name, *parameters in ranges
    )


def _is_none(parameter: str) -> bool:
    """Whether this parameter of a range says "not this one": a quality of 0."""
    name, _, value = parameter.strip().partition("=")
    return name.lower() == "q" and value.rstrip("0").rstrip(".") in ("", "0")
