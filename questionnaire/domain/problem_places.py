"""In which entry a problem stands, so that an editor can be led there."""

from __future__ import annotations

from collections.abc import Mapping

from questionnaire.domain.entries import Problem
from questionnaire.domain.places import HEAD, NoSuchPlace, Place, get
from questionnaire.domain.reading import Document


def of_problem(document: Document, problem: Problem) -> Place | None:
    """The entry in which this problem stands; None where it concerns a whole file."""
    names = problem.key.split(".")
    if problem.file == "aid.yaml":
        return _in_head(document, names)
    if problem.file.startswith("pages/"):
        return _place_or_none(document, "page", problem.file.removeprefix("pages/").split(".")[0])
    room = problem.file.split("/")[0].removesuffix(".yaml")
    rooms = {
        "questions": ("question", "section"),
        "guidance": ("item",),
        "meaning": ("sentence",),
        "evidence": ("evidence",),
        "sources": ("source",),
        "glossary": ("term",),
        "pages": ("page",),
    }.get(room, ())
    # In meaning.yaml the slot's number may stand before the sentence's name.
    candidates = [place for name in names[:2] for each in rooms if (place := _place_or_none(document, each, name))]
    return candidates[0] if candidates else None


def _in_head(document: Document, names: list[str]) -> Place:
    """The note or the word of certainty that these keys of aid.yaml lead to, or its head."""
    if names[0] == "notes" and len(names) > 1:
        return Place("note", names[1])
    head = document.get("aid.yaml")
    listed = head.get("certainty") if isinstance(head, Mapping) else None
    if names[0] == "certainty" and isinstance(listed, list):
        for number, raw in enumerate(listed, 1):
            if names[1:2] == [str(number)] and isinstance(raw, Mapping) and isinstance(raw.get("slug"), str):
                return Place("certainty", raw["slug"])
    return HEAD


def _place_or_none(document: Document, room: str, name: str) -> Place | None:
    try:
        get(document, Place(room, name))
    except NoSuchPlace:
        return None
    return Place(room, name)
