"""The form of one entry, made from the table of its parts. What nobody touched comes back exactly as it was stored."""

from __future__ import annotations

import copy
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.http import QueryDict

from questionnaire.domain.content import Aid
from questionnaire.domain.entries import SLUG, Problem
from questionnaire.domain.places import name_key
from questionnaire.editor import specs
from questionnaire.editor.entry_fields import Field, at, is_whole, posted, put, shown, whole
from questionnaire.editor.specs import CHOICE, FLAG, LINES, MARKDOWN, NUMBER, SELECT, SEVERAL, TEXT, Spec

NEW_ROWS = 2
"""Empty rows for new choices that a question's form offers."""
FIRST_ROWS = 4
MOST_ROWS = 60
_PER_LANGUAGE = (TEXT, MARKDOWN, LINES)
_EVIDENCE_ID = re.compile(r"[A-Za-z0-9]+(-[A-Za-z0-9]+)*")


@dataclass
class Row:
    """One choice of a question; `stored` is the choice as it lies in the entry, empty for a new one."""

    number: int
    slug: str
    stored: Mapping[str, Any]
    order: str
    fields: list[Field]
    removed: bool = False
    errors: list[str] = field(default_factory=list)

    @property
    def fixed(self) -> bool:
        """The choice is there already, so its slug stays."""
        return bool(self.stored)


class EntryForm:
    """The form of an entry that exists, or of a new one.

    Args:
        data: what was posted; None to show what is stored.
        new: the entry is to be added, so its slug is typed too.
    """

    def __init__(
        self, room: str, entry: Mapping[str, Any], aid: Aid, data: QueryDict | None = None, *, new: bool = False
    ) -> None:
        self.room, self.stored, self.aid, self.data, self.new = room, entry, aid, data, new
        self.slug = (data.get("slug", "") if data is not None else "").strip()
        self.slug_errors: list[str] = []
        self.fields = [each for spec in specs.specs_of(room, entry, new) for each in self._fields(spec, entry, "", ())]
        self.rows = self._rows() if room == "question" else []
        self.general: list[str] = []

    # --- Showing

    def _fields(self, spec: Spec, entry: Mapping[str, Any], prefix: str, before: tuple[str, ...]) -> list[Field]:
        path = (*before, *spec.path.split("."))
        if spec.kind not in _PER_LANGUAGE:
            return [self._field(spec, entry, prefix, path, spec.label)]
        several = len(self.aid.languages) > 1
        return [
            self._field(spec, entry, prefix, (*path, each), f"{spec.label} ({each})" if several else spec.label)
            for each in self.aid.languages
        ]

    def _field(self, spec: Spec, entry: Mapping[str, Any], prefix: str, path: tuple[str, ...], label: str) -> Field:
        name = prefix + "-".join(path)
        stored = at(entry, path)
        made = Field(name, path, spec, label, shown(spec, stored), stored, options=self._options(spec, entry))
        if self.data is not None and (name in self.data or spec.kind in (FLAG, SEVERAL)):
            made.value = posted(spec, self.data, name)
        return made

    def _options(self, spec: Spec, entry: Mapping[str, Any]) -> list[tuple[str, str]]:
        language = self.aid.language
        if spec.kind == SELECT:
            return [("", "Choose"), *((each, each) for each in spec.choices)]
        if spec.choices == ("evidence",):
            return [(each.id, f"{each.id}: {each.claim[language]}") for each in self.aid.evidence]
        if spec.choices == ("sources",):
            return [(each.slug, f"{each.title}, {each.publisher} {each.year}".strip()) for each in self.aid.sources]
        return []

    def _rows(self) -> list[Row]:
        held: dict[str, Mapping[str, Any]] = {str(each.get("slug")): each for each in self.stored.get("choices") or []}
        slugs = [*held, *[""] * (FIRST_ROWS if self.new else NEW_ROWS)]
        if self.data is not None:
            # Which choice a row is about is said by its slug: somebody may have moved or added one meanwhile.
            count = min(MOST_ROWS, whole(self.data.get("choices", ""), 0))
            slugs = [self.data.get(f"choice-{number}-slug", "").strip() for number in range(count)]
            slugs += [slug for slug in held if slug not in slugs]
        return [self._row(number, slug, held.pop(slug, {})) for number, slug in enumerate(slugs)]

    def _row(self, number: int, slug: str, stored: Mapping[str, Any]) -> Row:
        prefix = f"choice-{number}-"
        fields = [each for spec in CHOICE for each in self._fields(spec, stored, prefix, ())]
        row = Row(number, slug, stored, str((number + 1) * 10), fields)
        if self.data is not None:
            row.order = self.data.get(f"{prefix}order", row.order)
            row.removed = f"{prefix}remove" in self.data
        return row

    # --- Reading

    def entry(self) -> dict[str, Any]:
        """The entry as the form has it. Parts that were not touched are the stored ones, untouched."""
        made: dict[str, Any] = copy.deepcopy(dict(self.stored))
        if self.new and self.room != "note":
            made = {name_key(self.room): self.slug, **made}
        for each in self.fields:
            put(made, each)
        if self.room == "question":
            choices = self._choices()
            if choices or "choices" in self.stored:
                made["choices"] = choices
        return made

    def _kept_rows(self) -> list[Row]:
        """The rows that are choices, in the order that is wanted."""
        kept = [row for row in self.rows if not row.removed and (row.fixed or _is_filled(row))]
        return sorted(kept, key=lambda row: (whole(row.order, (row.number + 1) * 10), row.number))

    def _choices(self) -> list[dict[str, Any]]:
        choices = []
        for row in self._kept_rows():
            made = copy.deepcopy(dict(row.stored)) if row.fixed else {"slug": row.slug}
            for each in row.fields:
                put(made, each)
            choices.append(made)
        return choices

    def is_valid(self) -> bool:
        """Whether what only the form can know is right: needed parts and slugs. The rest is the aid's to say."""
        if self.new and self.room != "note":
            if self.room == "evidence":
                if not _EVIDENCE_ID.fullmatch(self.slug):
                    self.slug_errors.append("Give it an id of letters, digits and single hyphens, such as REG-42.")
            elif not SLUG.fullmatch(self.slug):
                self.slug_errors.append("Give it a slug of lower-case letters, digits and single hyphens.")
        for each in self.fields:
            _check(each, self.new)
        for row in self.rows:
            if not row.removed and (row.fixed or _is_filled(row)):
                if not SLUG.fullmatch(row.slug):
                    row.errors.append("Give this choice a slug of lower-case letters, digits and single hyphens.")
                for each in row.fields:
                    _check(each, not row.fixed)
        return not self.errors

    @property
    def errors(self) -> list[tuple[str, str]]:
        """(id of the field, message), in the order of the form."""
        found = [("slug", message) for message in self.slug_errors]
        found += [(each.name, message) for each in self.fields for message in each.errors]
        for row in self.rows:
            found += [(f"choice-{row.number}-slug", message) for message in row.errors]
            found += [(each.name, message) for each in row.fields for message in each.errors]
        return found + [("", message) for message in self.general]

    def add_problems(self, problems: Iterable[Problem]) -> None:
        """Put what the aid says is wrong at the fields where it is; what belongs to none goes to the top."""
        for problem in problems:
            owner = self._owner(problem)
            if owner is None and self.room == "page" and problem.file.startswith("pages/"):
                owner = next(each for each in self.fields if each.path[0] == "body")
            messages = owner.errors if owner is not None else self.general
            message = f"{problem.message[0].upper()}{problem.message[1:]}."
            if message not in messages:
                messages.append(message)

    def _owner(self, problem: Problem) -> Field | None:
        """The field in which this problem stands. Before its own key stands the name of the entry, and a slot's."""
        names = problem.key.split(".")
        if self.room == "note":
            names = ["text", *names[2:]]
        paths = [(".".join(each.path), each) for each in self.fields]
        for number, row in enumerate(self._kept_rows(), 1):
            paths += [(f"choices.{number}.{'.'.join(each.path)}", each) for each in row.fields]
        for key in (".".join(names[start:]) for start in range(len(names))):
            for path, each in paths:
                if path == key or path.startswith(f"{key}."):
                    return each
        return None


def _is_filled(row: Row) -> bool:
    return bool(row.slug) or any(str(each.value).strip() for each in row.fields if each.spec.kind != FLAG)


def _check(each: Field, new: bool) -> None:
    value = each.value.strip() if isinstance(each.value, str) else each.value
    if each.spec.needed and value in ("", []) and (new or each.stored not in (None, "", [])):
        each.errors.append("Something is needed here; write or choose it.")
    if each.spec.kind == NUMBER and each.value and not is_whole(each.value):
        each.errors.append(f"“{each.value}” is not a whole number; write one such as 20.")
    if each.spec.kind == SELECT and each.value and each.value not in each.spec.choices:
        each.errors.append("This is not one of the choices; choose one of the list.")
