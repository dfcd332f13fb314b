"""How the inbox is narrowed, read from its address: slugs and dates, never anything personal."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import HttpRequest, QueryDict
from django.utils.http import urlencode

from questionnaire.physician import dates, searches
from questionnaire.physician.filters import CameFrom
from questionnaire.physician.searches import Kept
from questionnaire.services import inbox, inbox_filters, listing
from questionnaire.services.inbox import Cursor, Filters

KIND_NAMES = {"flag": "Flag", "problem": "Problem", "standing": "Where the offer stands"}
_ANY = {"flag": "Any flag", "problem": "Any problem", "standing": "Any"}
DATE_HINT = "Write it as 05/06/2026 or 2026-05-06."
NOT_KEPT = "The search in this address is not kept here, so the list is shown without it. Search again above."
NO_PLACE = "This address names no place in the list, so the first page is shown."
BACK_TO_FRONT = "The first day comes after the last, so neither was used."


class FilterForm(forms.Form):
    """Bad values are told of in place and left out; the rest still narrows the list."""

    state = forms.ChoiceField(
        required=False,
        choices=[(each, each) for each in inbox.STATES],
        error_messages={"invalid_choice": "The state in this address is not known, so it was left out."},
    )
    mine = forms.BooleanField(required=False, label="Only those that I have taken")
    since = forms.CharField(required=False, label="Shared from")
    until = forms.CharField(required=False, label="Shared until")

    def __init__(self, data: QueryDict) -> None:
        super().__init__(data)
        live = listing.choices()
        for kind, label in KIND_NAMES.items():
            self.fields[kind] = forms.ChoiceField(
                required=False,
                label=label,
                choices=[("", _ANY[kind]), *_choices(kind, live[kind], data.get(kind, ""))],
                error_messages={"invalid_choice": f"{label}: this is not known here, so it was left out."},
            )

    def clean_since(self) -> dt.date | None:
        return _day("Shared from", self.cleaned_data["since"])

    def clean_until(self) -> dt.date | None:
        return _day("Shared until", self.cleaned_data["until"])

    def clean(self) -> dict[str, Any]:
        found = self.cleaned_data
        since, until = found.get("since"), found.get("until")
        if since and until and since > until:
            self.add_error("until", BACK_TO_FRONT)
            found["since"] = found["until"] = None
        return found

    @property
    def lists(self) -> list[forms.BoundField]:
        return [self[kind] for kind in KIND_NAMES]

    @property
    def days(self) -> list[forms.BoundField]:
        return [self["since"], self["until"]]

    @property
    def narrowed(self) -> Filters:
        """What was understood of it."""
        self.is_valid()
        found = {name: value for name, value in self.cleaned_data.items() if value}
        return Filters(**found)

    @property
    def ignored(self) -> list[tuple[str, str]]:
        """What was left out, and why: the id of its field, empty where the page has none, and words."""
        shown = {*KIND_NAMES, "since", "until"}
        ids = {name: self[name].id_for_label if name in shown else "" for name in self.errors}
        return [(ids[name], str(error)) for name, errors in self.errors.items() for error in errors]


def _choices(kind: str, live: dict[str, str], slug: str) -> list[tuple[str, str]]:
    """Those of the live edition, and this one if responses to an earlier edition have it."""
    word = listing.word_of(kind, slug) if slug and slug not in live else ""
    return [*live.items(), *([(slug, f"{word} (earlier editions)")] if word else [])]


def _day(label: str, typed: str) -> dt.date | None:
    if not typed:
        return None
    try:
        day = dates.read(typed)
    except dates.NoSuchDay:
        day = None
    if day is None:
        raise forms.ValidationError(f"{label}: this is no date, so it was left out. {DATE_HINT}")
    return day


@dataclass(frozen=True)
class Asked:
    """Which list an address of the inbox, or of a response opened from it, asks for."""

    form: FilterForm
    filters: Filters
    kept: Kept | None
    after: Cursor | None
    before: Cursor | None
    notes: tuple[tuple[str, str], ...]
    """What of the address was left out: the id of the field to mend, or an empty text, and words."""

    @property
    def is_faulty(self) -> bool:
        """Whether a filter was left out, so that the list is not the one that was asked for."""
        return bool(self.form.errors)

    @property
    def search(self) -> inbox.Search | None:
        return self.kept.search if self.kept else None

    @property
    def is_narrowed(self) -> bool:
        """Whether a filter beside the state is set."""
        return self.filters != Filters(state=self.filters.state)

    @property
    def told(self) -> list[str]:
        """The filters that are set, in words."""
        held: Any = self.form.fields
        slugs = {kind: getattr(self.filters, kind) for kind in KIND_NAMES}
        words = [dict(held[kind].choices)[slug] for kind, slug in slugs.items() if slug]
        words += ["taken by you"] if self.filters.mine else []
        days = (("from", self.filters.since), ("until", self.filters.until))
        return words + [f"shared {word} {day:%B} {day.day}, {day.year}" for word, day in days if day]

    def query(self, **other: str) -> str:
        """The same list as a query, with its question mark, without a place in it; `other` replaces what it names."""
        held = inbox_filters.pairs(self.filters) | {"search": self.kept.token if self.kept else ""} | other
        return f"?{urlencode({name: value for name, value in held.items() if value})}".rstrip("?")

    @property
    def behind(self) -> str:
        """What stands behind the address of a response, so that its page knows the list from which somebody came."""
        return CameFrom(self.filters, self.kept.token if self.kept else "").link


def asked(request: HttpRequest) -> Asked:
    """What this address asks for: whatever of it makes no sense is left out and told of."""
    form = FilterForm(request.GET)
    filters = form.narrowed
    notes = form.ignored
    token = request.GET.get("search", "")
    kept = searches.find(request.session, token) if token else None
    if token and kept is None:
        notes.append(("", NOT_KEPT))
    after, before = (Cursor.read(request.GET.get(name, "")) for name in ("after", "before"))
    if any(request.GET.get(name) and cursor is None for name, cursor in (("after", after), ("before", before))):
        notes.append(("", NO_PLACE))
        after = before = None
    return Asked(form, filters, kept, None if before else after, before, tuple(notes))
