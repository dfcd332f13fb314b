"""What differs between two documents, entry by entry and word by word."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from questionnaire.domain import places
from questionnaire.domain.conditions import BEHAVIORS, OPERATORS
from questionnaire.domain.places import Place
from questionnaire.domain.reading import Document

SAME, GONE, NEW = "same", "gone", "new"

_WORDS = re.compile(r"\S+\s*|\s+")
_MOST_WORDS = 4_000
"""Words of a text up to which single words are compared; beyond, comparing would take seconds."""


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One part of an entry, such as "body.en", before and after; empty where there was or is none.

    `marks` are pairs of "same", "gone" or "new" with a piece of text, in reading order.
    """

    field: str
    before: str
    after: str
    marks: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Difference:
    """What became of one entry: "added", "removed", "changed" or "moved"."""

    place: Place
    kind: str
    title: str
    fields: tuple[FieldChange, ...]


def differences(before: Document, after: Document) -> list[Difference]:
    """Every entry that differs, in the order of the later document, then what is gone."""
    old, new = dict(places.each(before)), dict(places.each(after))
    words = Words({**old, **new})
    moved = _moved(list(old), list(new))
    found = []
    for place, entry in new.items():
        if place not in old:
            found.append(Difference(place, "added", title(place, entry), fields({}, entry, words)))
        elif old[place] != entry:
            found.append(Difference(place, "changed", title(place, entry), fields(old[place], entry, words)))
        elif place in moved:
            found.append(Difference(place, "moved", title(place, entry), ()))
    for place, entry in old.items():
        if place not in new:
            found.append(Difference(place, "removed", title(place, entry), fields(entry, {}, words)))
    return found


def _moved(old: list[Place], new: list[Place]) -> set[Place]:
    """What stands in another order among those that were there before."""
    moved: set[Place] = set()
    for room in places.ROOMS:
        was = [place for place in old if place.room == room and place in set(new)]
        now = [place for place in new if place.room == room and place in set(old)]
        if was != now:
            matcher = difflib.SequenceMatcher(None, was, now, autojunk=False)
            for op, _, _, start, end in matcher.get_opcodes():
                moved.update(now[start:end] if op != "equal" else ())
    return moved


def title(place: Place, entry: Mapping[str, Any]) -> str:
    """A short name for an entry, in its first language."""
    for key in ("title", "short", "word", "text", "claim"):
        held = entry.get(key)
        if isinstance(held, Mapping) and held:
            return str(next(iter(held.values()))) if place.room != "note" else place.name
        if isinstance(held, str):
            return held
    return place.name


def fields(before: Mapping[str, Any], after: Mapping[str, Any], words: Words) -> tuple[FieldChange, ...]:
    """The parts in which two forms of one entry differ."""
    old, new = dict(_parts(before, words)), dict(_parts(after, words))
    if before and after and ("when" in old or "when" in new):
        # A condition that is left out says something too.
        old.setdefault("when", words.condition(None))
        new.setdefault("when", words.condition(None))
    return tuple(
        FieldChange(name, old.get(name, ""), new.get(name, ""), marks(old.get(name, ""), new.get(name, "")))
        for name in dict.fromkeys((*old, *new))
        if old.get(name) != new.get(name)
    )


def _parts(entry: Mapping[str, Any], words: Words) -> Iterator[tuple[str, str]]:
    for key, held in entry.items():
        if key == "when":
            yield key, words.condition(held)
        elif key == "choices" and isinstance(held, list):
            for choice in held:
                slug = choice.get("slug", "?") if isinstance(choice, Mapping) else "?"
                yield from ((f"choices.{slug}.{name}", text) for name, text in _parts(choice, words))
        elif isinstance(held, Mapping):
            yield from ((f"{key}.{name}", text) for name, text in _parts(held, words))
        elif isinstance(held, list):
            yield key, "\n".join(map(str, held))
        else:
            yield key, str(held)


def marks(before: str, after: str) -> tuple[tuple[str, str], ...]:
    """Word by word what stayed, went and came. Same and gone joined give `before`, same and new give `after`."""
    old, new = _WORDS.findall(before), _WORDS.findall(after)
    if len(old) + len(new) > _MOST_WORDS:
        pieces = [(SAME, before)] if before == after else [(GONE, before), (NEW, after)]
        return tuple(piece for piece in pieces if piece[1])
    found: list[tuple[str, str]] = []
    for op, start, end, start_new, end_new in difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if op == "equal":
            found.append((SAME, "".join(old[start:end])))
            continue
        found += [(GONE, "".join(old[start:end])), (NEW, "".join(new[start_new:end_new]))]
    return tuple(piece for piece in found if piece[1])


_SAID = {
    "is": "is",
    "is-not": "is answered and is not",
    "at-least": "is at least",
    "at-most": "is at most",
    "more-than": "is more than",
    "less-than": "is less than",
}


class Words:
    """Conditions in words, with the short names of questions and the texts of choices."""

    def __init__(self, entries: Mapping[Place, Mapping[str, Any]]) -> None:
        self._question: dict[str, str] = {}
        self._choice: dict[tuple[str, str], str] = {}
        for place, entry in entries.items():
            if place.room == "question":
                self._question[place.name] = title(place, {"short": entry.get("short")})
                for choice in entry.get("choices") or ():
                    if isinstance(choice, Mapping):
                        slug = str(choice.get("slug"))
                        self._choice[place.name, slug] = title(Place("question", slug), {"text": choice.get("text")})

    @classmethod
    def of(cls, document: Document) -> Words:
        return cls(dict(places.each(document)))

    def condition(self, when: Any) -> str:
        """What a condition says, one test a line; "always" for none."""
        if not isinstance(when, Mapping):
            return "always"
        behavior, parts = self._all_or_any(when)
        lines = []
        for part in parts:
            if isinstance(part, Mapping) and any(key in part for key in BEHAVIORS):
                inner, tests = self._all_or_any(part)
                joined = (" and " if inner == "all" else " or ").join(map(self._test, tests))
                lines.append(f"({joined})")
            else:
                lines.append(self._test(part))
        return (" and\n" if behavior == "all" else " or\n").join(lines)

    def _all_or_any(self, when: Mapping[str, Any]) -> tuple[str, list[Any]]:
        behavior = next((key for key in BEHAVIORS if key in when), "all")
        parts = when.get(behavior)
        return behavior, parts if isinstance(parts, list) else []

    def _test(self, test: Any) -> str:
        if not isinstance(test, Mapping):
            return "?"
        slug = str(test.get("question") or test.get("fact") or "?")
        name = f"“{self._question.get(slug, slug)}”"
        operator = next((key for key in OPERATORS if key in test), "answered")
        held = test.get(operator)
        if operator == "answered":
            return f"{name} is {'answered' if held is True else 'not answered'}"
        values = held if isinstance(held, list) else [held]
        said = [f"“{self._choice.get((slug, str(value)), value)}”" for value in values]
        return f"{name} {_SAID[operator]} {' or '.join(said)}"
