"""The access record, searched by administrators. It holds no answers and no patient's name."""

from __future__ import annotations

import datetime as dt
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django import forms
from django.contrib.auth import get_user_model
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from questionnaire.editor import frame
from questionnaire.editor.access import record_reader
from questionnaire.models import AuditEvent
from questionnaire.services import mentions, network, record_search, staff
from questionnaire.services.record_search import Filters, Place
from questionnaire.services.staff import Caller

_NO_DATE = "{} is no date. Write it as year, month, day, such as 2026-05-03."
_ACTORS = [(value, label) for value, label in AuditEvent.Actor.choices if value != AuditEvent.Actor.STAFF]


class RecordForm(forms.Form):
    """How the record is narrowed. Everything in it may stand in an address."""

    who = forms.ChoiceField(label="Who", required=False)
    kind = forms.ChoiceField(label="What", required=False)
    since = forms.DateField(label="From day (UTC)", required=False, input_formats=["%Y-%m-%d"])
    until = forms.DateField(label="To day (UTC)", required=False, input_formats=["%Y-%m-%d"])
    response = forms.UUIDField(label="Response", required=False)

    def __init__(self, data: Any) -> None:
        super().__init__(data, label_suffix="")
        people = get_user_model()._default_manager.order_by("username")
        accounts = [(str(each.pk), f"{staff.shown_name(each)} ({each.get_username()})") for each in people]
        self._choose("who", [("", "Anybody"), *_ACTORS, *accounts])
        self._choose("kind", [("", "Anything"), *((kind, kind.capitalize()) for kind in record_search.kinds())])
        for name, words in (("since", "The first day"), ("until", "The last day")):
            self.fields[name].error_messages["invalid"] = _NO_DATE.format(words)
        self.fields["response"].error_messages["invalid"] = "This is no id of a response. It stands in its address."
        for field in self.fields.values():
            field.widget.attrs["class"] = "input"

    def _choose(self, name: str, choices: list[tuple[str, str]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices
        field.error_messages["invalid_choice"] = f"“{field.label}”: choose one of the list."

    def clean(self) -> None:
        since, until = self.cleaned_data.get("since"), self.cleaned_data.get("until")
        if since and until and until < since:
            self.add_error("until", "The last day is before the first. Change one of them.")

    def filters(self) -> Filters:
        given = self.cleaned_data
        since: dt.date | None = given["since"]
        response: UUID | None = given["response"]
        return Filters(given["who"], given["kind"], since, given["until"], response)


@require_safe
@record_reader
def record(request: HttpRequest) -> HttpResponse:
    form = RecordForm(request.GET)
    seal = record_search.last_seal()
    context: dict[str, Any] = {"form": form, "seal": seal}
    if seal is not None:
        context["hours"] = record_search.hours_since(seal)
    if not form.is_valid():
        return frame.page(request, "editor/record.html", context, 422)
    filters = form.filters()
    caller = Caller(request.user, network.address(request))
    try:
        found = record_search.search(by=caller, filters=filters, after=Place.read(request.GET.get("after", "")))
    except staff.NotAllowed as error:
        raise PermissionDenied from error
    context |= {"found": found, "events": [_shown(each) for each in found.events], "narrowed": filters.told()}
    if found.older:
        context["older"] = "?" + urlencode(filters.told() | {"after": str(found.older)})
    return frame.page(request, "editor/record.html", context)


def _shown(event: AuditEvent) -> dict[str, Any]:
    """An event as a table shows it; the responses of a list or a download are counted, and have a page of their own."""
    return {
        "event": event,
        "who": staff.shown_name(event.by) if event.by else event.get_actor_display(),
        "detail": "; ".join(f"{name}: {_words(value)}" for name, value in event.detail.items() if name != mentions.KEY),
        "named": mentions.named(event.detail),
    }


@require_safe
@record_reader
def event(request: HttpRequest, pk: int) -> HttpResponse:
    """One event whole: each response that a list showed, or a download took out."""
    try:
        found = record_search.one(by=Caller(request.user, network.address(request)), pk=pk)
    except staff.NotAllowed as error:
        raise PermissionDenied from error
    if found is None:
        raise Http404
    return frame.page(request, "editor/record_event.html", _shown(found))


def _words(value: Any) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{name} {_words(each)}" for name, each in value.items())
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)
