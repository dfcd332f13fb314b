"""An entry of the draft by its address, and what can be told when something has come in between."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse

from questionnaire.domain import places
from questionnaire.domain.compare import Words, fields, title
from questionnaire.domain.places import NoSuchPlace, Place
from questionnaire.editor import frame
from questionnaire.services import drafts, editions
from questionnaire.services.drafts import Conflict, Draft, WouldBreak


def opened(room: str, name: str) -> tuple[Draft | None, Place, dict[str, Any]]:
    """The draft and the entry; where no draft is open the entry of the live edition, to be read.

    Raises:
        Http404: there is no such entry.
    """
    place = Place(room, name)
    draft = drafts.current()
    try:
        if draft is not None:
            return draft, place, places.get(draft.document, place)
        live = editions.numbered(editions.live().number)
        return None, place, places.get(editions.document_of(live), place)
    except (NoSuchPlace, editions.NoEdition):
        raise Http404 from None


def live_entry(place: Place) -> dict[str, Any] | None:
    """The same entry in the live edition, if it is there."""
    try:
        return places.get(editions.document_of(editions.numbered(editions.live().number)), place)
    except (NoSuchPlace, editions.NoEdition):
        return None


def typed_of(request: HttpRequest) -> list[tuple[str, str]]:
    """Everything that was typed, by field, to be shown where it could not be stored."""
    held = []
    for name in request.POST:
        if name not in ("csrfmiddlewaretoken", "base", "act", "parts", "choices"):
            held += [(name, value) for value in request.POST.getlist(name) if value.strip()]
    return held


def no_longer(request: HttpRequest, error: Exception) -> HttpResponse:
    """The draft is gone or in review: nothing was stored, and nothing typed is lost."""
    if isinstance(error, drafts.Locked):
        text = "The draft was sent to review meanwhile, so it does not change. Take it back from review to go on."
    elif isinstance(error, drafts.NoDraft):
        text = "The draft was published or discarded meanwhile. Open a new one from the board to go on."
    elif isinstance(error, NoSuchPlace):
        text = "Somebody took this entry out of the draft meanwhile. Add it anew if it should stay."
    else:
        text = f"Nothing was stored: {error}."
    status = 403 if isinstance(error, PermissionError) else 409
    return frame.sorry(request, "Your change could not be stored", text, status, typed_of(request))


def elsewhere(error: WouldBreak, place: Place) -> list[tuple[str, str, str]]:
    """(message, address, name) of what would break in other entries."""
    found = []
    for problem, where in zip(error.problems, error.places, strict=True):
        if where is not None and where != place:
            found.append((problem.message, reverse("guidance:entry", args=[where.room, where.name]), str(where)))
    return list(dict.fromkeys(found))


def conflict_context(conflict: Conflict, draft: Draft) -> dict[str, Any]:
    """The three forms of an entry, part by part, for whoever came second."""
    words = Words.of(draft.document)
    ancestor, theirs, mine = (dict(each or {}) for each in (conflict.ancestor, conflict.theirs, conflict.mine))
    names = dict.fromkeys(
        change.field for one in (theirs, mine) for change in fields(ancestor, one, words) if change.field != "when"
    )
    rows = [(name, _part(ancestor, name), _part(theirs, name), _part(mine, name)) for name in names]
    if any(each.get("when") != ancestor.get("when") for each in (theirs, mine)):
        was, now, wanted = (words.condition(each.get("when")) for each in (ancestor, theirs, mine))
        rows.append(("when", was, now, wanted))
    return {"conflict": conflict, "rows": rows, "removed": conflict.theirs is None}


def _part(entry: Mapping[str, Any], name: str) -> str:
    changed = fields({}, entry, Words({}))
    return next((change.after for change in changed if change.field == name), "")


def heading(place: Place, entry: Mapping[str, Any]) -> str:
    """A short name of the entry for headings."""
    return title(place, entry)
