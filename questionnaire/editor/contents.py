"""Every entry of the draft, room by room, to be found and opened."""

from __future__ import annotations

import json
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_safe

from questionnaire.domain import places
from questionnaire.domain.compare import Words, title
from questionnaire.domain.content import GUIDANCE_KINDS
from questionnaire.domain.places import Place
from questionnaire.domain.reading import Document
from questionnaire.editor import frame, specs
from questionnaire.editor.access import guidance_staff
from questionnaire.services import drafts, editions

KIND_NAMES = {
    "urgent": "Urgent",
    "caution": "Cautions",
    "alternative": "Alternatives",
    "standard-care": "Standard care",
    "next-step": "Next steps",
    "ask": "Questions to ask",
}


@require_safe
@guidance_staff
def contents(request: HttpRequest) -> HttpResponse:
    """One room at a time, or what a search finds in all of them."""
    draft = drafts.current()
    if draft is None:
        return redirect("guidance:board")
    wanted = request.GET.get("room", "item")
    room = wanted if wanted in specs.ROOM_NAMES else "item"
    find = " ".join(request.GET.get("find", "").split())[:100]
    held = list(places.each(draft.document))
    live = _live()
    words = Words(dict(held))
    rows = []
    for place, entry in held:
        if (find and not _matches(place, entry, find)) or (not find and place.room != room):
            continue
        rows.append(_row(place, entry, draft.document, live, words))
    context = {
        "draft": draft,
        "room": room,
        "find": find,
        "groups": _grouped(rows, find),
        "rooms": [(each, name, each in specs.ADDED) for each, name in specs.ROOM_NAMES.items()],
        "addable": room in specs.ADDED and not find,
        "room_name": specs.ROOM_NAMES[room],
        "count": len(rows),
    }
    return frame.page(request, "editor/contents.html", context)


def _live() -> dict[Place, dict[str, Any]]:
    try:
        return dict(places.each(editions.document_of(editions.numbered(editions.live().number))))
    except editions.NoEdition:
        return {}


def _matches(place: Place, entry: dict[str, Any], find: str) -> bool:
    text = f"{place.name} {json.dumps(entry, ensure_ascii=False)}".casefold()
    return all(word in text for word in find.casefold().split())


def _row(
    place: Place, entry: dict[str, Any], document: Document, live: dict[Place, dict[str, Any]], words: Words
) -> dict[str, Any]:
    before = live.get(place)
    mark = "" if before == entry else ("new" if before is None else "changed")
    return {
        "place": place,
        "title": title(place, entry),
        "mark": mark if live else "",
        "condition": words.condition(entry.get("when")) if place.room in specs.WITH_CONDITION else "",
        "group": _group(place, entry, document),
        "rank": entry.get("rank", 0) if place.room == "item" else 0,
    }


def _group(place: Place, entry: dict[str, Any], document: Document) -> str:
    if place.room == "item":
        return KIND_NAMES.get(str(entry.get("kind")), "")
    if place.room == "sentence":
        return f"Sentence {places.within(document, place)}"
    if place.room == "question":
        section = places.get(document, Place("section", places.within(document, place)))
        return title(place, section)
    return ""


def _grouped(rows: list[dict[str, Any]], find: str) -> list[tuple[str, list[dict[str, Any]]]]:
    """Rows by group; guidance in the order in which it is shown."""
    order = [KIND_NAMES[kind] for kind in GUIDANCE_KINDS]
    groups: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        name = f"{specs.ROOM_NAMES[row['place'].room]}: {row['group']}".rstrip(": ") if find else row["group"]
        groups.setdefault(name, []).append(row)
    for held in groups.values():
        held.sort(key=lambda row: row["rank"])
    return sorted(groups.items(), key=lambda each: order.index(each[0]) if each[0] in order else 0)
