"""Where an entry stands in a document, so that one can be read, changed, added, moved or removed by its name.

Every change gives a new document; what did not change is shared with the old one, which stays as it was.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from questionnaire.domain.reading import Document

ROOMS = (
    "aid",
    "note",
    "section",
    "question",
    "item",
    "sentence",
    "page",
    "term",
    "evidence",
    "source",
    "certainty",
)
HEAD_KEYS = ("slug", "languages", "title", "decision", "reviewed", "next_review", "facts")
_NAME_KEY = {"section": "section", "evidence": "id"}
_FOLDER = {"item": "guidance/", "evidence": "evidence/", "source": "sources/"}
_FILE = {"term": "glossary.yaml", "page": "pages.yaml", "section": "questions.yaml"}


class NoSuchPlace(LookupError):
    """The document has no entry of this name."""


class PlaceTaken(ValueError):
    """The document has an entry of this name already."""


class NotEmpty(ValueError):
    """A section still holds questions, so it cannot be removed."""


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """The address of one entry: the room it stands in and its name there."""

    room: str
    name: str

    def __str__(self) -> str:
        return f"{self.room}/{self.name}"

    @classmethod
    def parse(cls, text: str) -> Place:
        """Raises NoSuchPlace where the text names no room."""
        room, _, name = text.partition("/")
        if room not in ROOMS or not name:
            raise NoSuchPlace(text)
        return cls(room, name)


HEAD = Place("aid", "head")

Path = tuple[str | int, ...]
"""How to come from a document to a list in it, key by key."""


def name_key(room: str) -> str:
    """The key under which an entry of this room bears its name."""
    return _NAME_KEY.get(room, "slug")


def each(document: Document) -> Iterator[tuple[Place, dict[str, Any]]]:
    """Every entry with its place, room by room, in the order in which it stands."""
    if isinstance(document.get("aid.yaml"), Mapping):
        yield HEAD, get(document, HEAD)
    for note in _notes(document):
        yield Place("note", str(note)), get(document, Place("note", str(note)))
    for room in ROOMS[2:]:
        for path in _lists(document, room):
            for raw in _at(document, path):
                name = raw.get(name_key(room)) if isinstance(raw, Mapping) else None
                if isinstance(name, str) and name:
                    yield Place(room, name), _view(document, room, raw)


def get(document: Document, place: Place) -> dict[str, Any]:
    """A copy of the entry: for a page with its texts under `body`, for a section without its questions.

    Raises:
        NoSuchPlace: there is none.
    """
    if place.room == "aid":
        head = document.get("aid.yaml")
        if place != HEAD or not isinstance(head, Mapping):
            raise NoSuchPlace(str(place))
        return copy.deepcopy({key: head[key] for key in HEAD_KEYS if key in head})
    if place.room == "note":
        notes = _notes(document)
        if place.name not in notes:
            raise NoSuchPlace(str(place))
        return {"text": copy.deepcopy(notes[place.name])}
    path, number = _found(document, place)
    return _view(document, place.room, _at(document, path)[number])


def put(document: Document, place: Place, entry: Mapping[str, Any]) -> Document:
    """The document with this entry in the place of the one that stands there.

    Raises:
        NoSuchPlace: nothing stands there.
    """
    if place.room == "aid":
        get(document, place)
        rest = {key: held for key, held in document["aid.yaml"].items() if key not in HEAD_KEYS}
        return {**document, "aid.yaml": copy.deepcopy({**entry, **rest})}
    if place.room == "note":
        get(document, place)
        return _with_note(document, place.name, entry["text"])
    path, number = _found(document, place)
    made = _opened(document, path)
    held = _at(made, path)
    held[number] = _raw(place.room, entry, held[number])
    return _with_body(made, place.room, entry)


def add(document: Document, room: str, entry: Mapping[str, Any], *, within: str = "") -> tuple[Document, Place]:
    """The document with this entry added at the end of its room, and where it stands now.

    Args:
        within: for a question the section's slug, for a sentence the slot's number (it goes before the slot's last
            sentence, which shows when no other does), for a note its slug; else empty.

    Raises PlaceTaken for a name that is there, NoSuchPlace for a section or slot that is not, or a room that stays.
    """
    if room in ("aid", "certainty"):
        raise NoSuchPlace(room)
    place = Place(room, within if room == "note" else str(entry[name_key(room)]))
    if any(taken == place for taken, _ in each(document)):
        raise PlaceTaken(str(place))
    if room == "note":
        return _with_note(document, within, entry["text"]), place
    path = _home(document, room, entry, within)
    made = _opened(document, path)
    listed = _at(made, path)
    listed.insert(len(listed) - 1 if room == "sentence" else len(listed), _raw(room, entry, {}))
    return _with_body(made, room, entry), place


def remove(document: Document, place: Place) -> Document:
    """The document without this entry.

    Raises:
        NoSuchPlace: there is none, or it is one that every aid has.
        NotEmpty: it is a section with questions.
    """
    if place.room in ("aid", "certainty"):
        raise NoSuchPlace(str(place))
    if place.room == "note":
        get(document, place)
        head = dict(document["aid.yaml"])
        head["notes"] = {key: held for key, held in head["notes"].items() if key != place.name}
        return {**document, "aid.yaml": head}
    path, number = _found(document, place)
    if place.room == "section" and _at(document, path)[number].get("questions"):
        raise NotEmpty(str(place))
    made = _opened(document, path)
    del _at(made, path)[number]
    if place.room == "page":
        made = {file: held for file, held in made.items() if not _is_body(file, place.name)}
    return made


def move(document: Document, place: Place, by: int) -> Document:
    """The document with this entry so many steps later (or earlier, below 0) in its list, but not past its ends.

    Raises:
        NoSuchPlace: there is none, or its order has no meaning.
    """
    if place.room in ("aid", "note", "certainty"):
        raise NoSuchPlace(str(place))
    path, number = _found(document, place)
    made = _opened(document, path)
    listed = _at(made, path)
    listed.insert(min(max(number + by, 0), len(listed) - 1), listed.pop(number))
    return made


def within(document: Document, place: Place) -> str:
    """The section of a question, or the number of a sentence's slot; empty for others. Raises NoSuchPlace."""
    if place.room not in ("question", "sentence"):
        return ""
    path, _ = _found(document, place)
    outer = _at(document, path[:-1])
    return str(outer.get("section", "")) if place.room == "question" else str(outer.get("slot", ""))


def _notes(document: Document) -> Mapping[str, Any]:
    head = document.get("aid.yaml")
    notes = head.get("notes") if isinstance(head, Mapping) else None
    return notes if isinstance(notes, Mapping) else {}


def _with_note(document: Document, slug: str, text: Any) -> Document:
    head = dict(document["aid.yaml"])
    head["notes"] = {**head["notes"], slug: copy.deepcopy(text)}
    return {**document, "aid.yaml": head}


def _lists(document: Document, room: str) -> Iterator[Path]:
    """Every list that holds entries of this room."""
    if room == "certainty":
        paths: list[Path] = [("aid.yaml", "certainty")]
    elif room in _FOLDER:
        paths = [(file,) for file in sorted(document) if file.startswith(_FOLDER[room])]
    elif room in _FILE:
        paths = [(_FILE[room],)]
    else:
        file, key = {"question": ("questions.yaml", "questions"), "sentence": ("meaning.yaml", "sentences")}[room]
        outer = document.get(file)
        paths = [(file, number, key) for number in range(len(outer) if isinstance(outer, list) else 0)]
    for path in paths:
        if isinstance(_at(document, path), list):
            yield path


def _at(document: Any, path: Path) -> Any:
    """What stands at this path; None where the way there is broken."""
    for key in path:
        try:
            document = document[key]
        except (KeyError, IndexError, TypeError):
            return None
    return document


def _found(document: Document, place: Place) -> tuple[Path, int]:
    if place.room not in ROOMS:
        raise NoSuchPlace(str(place))
    for path in _lists(document, place.room):
        for number, raw in enumerate(_at(document, path)):
            if isinstance(raw, Mapping) and raw.get(name_key(place.room)) == place.name:
                return path, number
    raise NoSuchPlace(str(place))


def _opened(document: Document, path: Path) -> dict[str, Any]:
    """The document with the file at the head of this path copied, to be changed."""
    file = str(path[0])
    return {**document, file: copy.deepcopy(document[file])}


def _home(document: Document, room: str, entry: Mapping[str, Any], within: str) -> Path:
    """The list to which a new entry belongs: where the last one of its kind stands."""
    paths = list(_lists(document, room))
    if room in ("question", "sentence"):
        key = "section" if room == "question" else "slot"
        paths = [path for path in paths if str(_at(document, path[:-1]).get(key)) == within]
    if not paths:
        raise NoSuchPlace(within or room)
    if room == "item":
        kinds = [path for path in paths if any(raw.get("kind") == entry.get("kind") for raw in _at(document, path))]
        paths = kinds or paths
    return paths[-1]


def _is_body(file: str, page: str) -> bool:
    return file.startswith(f"pages/{page}.") and file.endswith(".md")


def _view(document: Document, room: str, raw: Mapping[str, Any]) -> dict[str, Any]:
    entry = copy.deepcopy(dict(raw))
    if room == "section":
        entry.pop("questions", None)
    if room == "page":
        bodies = {file: str(held) for file, held in document.items() if _is_body(file, str(raw.get("slug")))}
        entry["body"] = {file.split(".")[-2]: held for file, held in sorted(bodies.items())}
    return entry


def _raw(room: str, entry: Mapping[str, Any], before: Mapping[str, Any]) -> dict[str, Any]:
    """The entry as it lies in its file."""
    raw = copy.deepcopy(dict(entry))
    if room == "section":
        raw["questions"] = copy.deepcopy(before.get("questions", []))
    if room == "page":
        raw.pop("body", None)
    return raw


def _with_body(document: dict[str, Any], room: str, entry: Mapping[str, Any]) -> dict[str, Any]:
    if room != "page":
        return document
    for language, text in entry.get("body", {}).items():
        document[f"pages/{entry['slug']}.{language}.md"] = text
    return document
