"""One part of an entry between its stored form, how a form shows it, and what a browser posts."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.http import QueryDict

from questionnaire.editor.specs import DATE, FLAG, LINES, MARKDOWN, NUMBER, SELECT, SEVERAL, TEXT, Spec

_WHOLE = re.compile(r"-?\d{1,6}", re.ASCII)
_SPACE = re.compile(r"[ \t\n]+")


@dataclass
class Field:
    """One part of the form. `path` leads to its value in the entry; `value` is what the form shows."""

    name: str
    path: tuple[str, ...]
    spec: Spec
    label: str
    value: Any = ""
    stored: Any = None
    errors: list[str] = field(default_factory=list)
    options: list[tuple[str, str]] = field(default_factory=list)

    @property
    def tall(self) -> bool:
        """Whether it is typed in several lines; a browser takes the line ends out of a single one."""
        return self.spec.kind in (MARKDOWN, LINES, TEXT) or bool(set("\r\n") & set(str(self.value)))

    @property
    def rows(self) -> int:
        """How tall a text field stands, so that most texts are seen whole."""
        return min(24, max(2, sum(1 + len(line) // 70 for line in str(self.value).split("\n"))))


def is_whole(text: str) -> bool:
    """Whether this reads as a whole number of a sensible size."""
    return _WHOLE.fullmatch(text) is not None


def whole(text: str, default: int) -> int:
    """The whole number that this reads as, or else the default."""
    return int(text) if text and is_whole(text) else default


def at(entry: Any, path: Iterable[str]) -> Any:
    """What stands at this path in the entry; None where the way there is missing."""
    for key in path:
        entry = entry.get(key) if isinstance(entry, Mapping) else None
    return entry


def shown(spec: Spec, stored: Any) -> Any:
    """The stored value as the form shows it."""
    if spec.kind == FLAG:
        return stored is True
    if spec.kind == SEVERAL:
        return [stored] if isinstance(stored, str) else list(stored or [])
    if spec.kind == LINES:
        return "\n".join([stored] if isinstance(stored, str) else map(str, stored or []))
    return "" if stored is None else str(stored)


def posted(spec: Spec, data: QueryDict, name: str) -> Any:
    """What a browser sent for this part, in the form in which `shown` has it."""
    if spec.kind == FLAG:
        return name in data
    if spec.kind == SEVERAL:
        return data.getlist(name)
    # NUL would end the text in a database, and browsers send line ends as CR LF.
    text = data.get(name, "").replace("\x00", "").replace("\r\n", "\n").replace("\r", "\n")
    return text.strip() if spec.kind in (DATE, NUMBER, SELECT) else text


def put(entry: dict[str, Any], each: Field) -> None:
    """Put the form's value into the entry, unless the form still shows what is stored."""
    if _normal(each.value) == _normal(shown(each.spec, each.stored)):
        return
    if each.spec.kind == SEVERAL and set(each.value) == set(shown(each.spec, each.stored)):
        return
    value = _meant(each)
    if value is None:
        _drop(entry, each.path)
        return
    held = entry
    for key in each.path[:-1]:
        held = held.setdefault(key, {})
    held[each.path[-1]] = value


def _normal(shown: Any) -> Any:
    return shown.replace("\r\n", "\n").replace("\r", "\n") if isinstance(shown, str) else shown


def _meant(each: Field) -> Any:
    """The value as it is stored; None where the part is left out."""
    spec, value = each.spec, each.value
    if spec.kind == FLAG:
        return True if value else None
    if spec.kind == SEVERAL:
        was = [held for held in shown(spec, each.stored) if held in value]
        return was + [held for held in value if held not in was] or None
    if spec.kind == LINES:
        return [line.strip() for line in value.split("\n") if line.strip()]
    if spec.kind == NUMBER:
        return int(value) if value and is_whole(value) else None
    if spec.kind == MARKDOWN and "\n" in value.strip():
        return "\n".join(line.rstrip() for line in value.strip().split("\n")) + "\n"
    # Only these: a space that does not break the line is meant.
    return (_SPACE.sub(" ", value).strip(" ") if spec.kind != MARKDOWN else value.strip()) or None


def _drop(entry: dict[str, Any], path: tuple[str, ...]) -> None:
    """Take the part out, and what it leaves empty."""
    held: Any = entry
    trail = []
    for key in path[:-1]:
        if not isinstance(held.get(key), dict):
            return
        trail.append((held, key))
        held = held[key]
    held.pop(path[-1], None)
    for outer, key in reversed(trail):
        if not outer[key]:
            del outer[key]
