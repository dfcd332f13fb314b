"""Read plain data (what YAML or JSON holds) key by key, and note everything that is wrong with it.

Reading goes on after a problem with a stand-in value, so that a person who edits a folder sees all problems at once.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Collection, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from questionnaire.domain import markup_rules
from questionnaire.domain.conditions import DATE

SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One thing to mend: in which file, at which key, what is wrong and what to do.

    `breaks` is False for what is only untidy, such as a claim that nothing cites: the aid can still be shown.
    """

    file: str
    key: str
    message: str
    breaks: bool = True

    def __str__(self) -> str:
        return f"{self.file}: {self.key}: {self.message}" if self.key else f"{self.file}: {self.message}"


class Entry:
    """One mapping in a file. Each reading method returns a usable value, and notes a `Problem` if it made it up."""

    def __init__(self, raw: Any, file: str, place: str, problems: list[Problem], languages: Collection[str]) -> None:
        self.file = file
        self.place = place
        self.problems = problems
        self.languages = languages
        self._read: set[str] = set()
        self.raw: Mapping[str, Any] = {}
        if isinstance(raw, Mapping):
            self.raw = raw
        else:
            self.wrong("", f"this must be a mapping of keys to values, not {_kind(raw)}")

    def wrong(self, key: str, message: str) -> None:
        self.problems.append(Problem(self.file, ".".join(part for part in (self.place, key) if part), message))

    def has(self, key: str) -> bool:
        return self.get(key) is not None

    def get(self, key: str) -> Any:
        self._read.add(key)
        return self.raw.get(key)

    def word(self, key: str, among: Collection[str] | None = None, *, default: str | None = None) -> str:
        """A single line of text, the same in every language."""
        value = self.get(key)
        if value is None and default is not None:
            return default
        if not isinstance(value, str) or (not value.strip() and value != default):
            self.wrong(key, f"a text is needed here, not {_kind(value)}")
            return ""
        self._check(key, value)
        if among is not None and value not in among:
            self.wrong(key, f"“{value}” is not known here; use one of: {', '.join(sorted(among))}")
        return value

    def slug(self, key: str = "slug") -> str:
        value = self.word(key)
        if value and not SLUG.fullmatch(value):
            self.wrong(key, f"“{value}” must be lower-case letters, digits and single hyphens")
        return value

    def words(self, key: str, *, needed: bool = True) -> tuple[str, ...]:
        """A list of texts; one text alone counts as a list of one."""
        value = self.get(key)
        if value is None and not needed:
            return ()
        listed = [value] if isinstance(value, str) else value
        if not isinstance(listed, list) or not all(isinstance(each, str) and each for each in listed):
            self.wrong(key, f"a list of texts is needed here, not {_kind(value)}")
            return ()
        if needed and not listed:
            self.wrong(key, "at least one is needed here")
        for each in {each for each in listed if listed.count(each) > 1}:
            self.wrong(key, f"“{each}” stands here twice; keep one")
        return tuple(listed)

    def text(self, key: str) -> dict[str, str]:
        """A text in every language of the aid."""
        value = self.get(key)
        if not isinstance(value, Mapping):
            self.wrong(key, f"a text by language is needed here, such as {{en: …}}, not {_kind(value)}")
            return dict.fromkeys(self.languages, "")
        for language in value:
            if language not in self.languages:
                self.wrong(
                    f"{key}.{language}", "the aid does not declare this language; add it to `languages` or drop it"
                )
        for language in self.languages:
            if not isinstance(value.get(language), str) or not value[language].strip():
                self.wrong(f"{key}.{language}", "there is no text in this language; write one")
            else:
                self._check(f"{key}.{language}", value[language])
        return {language: str(value.get(language, "")) for language in self.languages}

    def _check(self, key: str, text: str) -> None:
        for message in markup_rules.outside(text):
            self.wrong(key, message)

    def maybe_text(self, key: str) -> dict[str, str] | None:
        return self.text(key) if self.has(key) else None

    def flag(self, key: str) -> bool:
        value = self.get(key)
        if value is not None and not isinstance(value, bool):
            self.wrong(key, f"this is true or false, not {_kind(value)}")
        return value is True

    def whole(self, key: str, default: int) -> int:
        value = self.get(key)
        if value is None:
            return default
        if not isinstance(value, int) or isinstance(value, bool):
            self.wrong(key, f"a whole number is needed here, not {_kind(value)}")
            return default
        return value

    def measure(self, key: str) -> str:
        """A number, or a text that stands for a number or a date."""
        value = self.get(key)
        if not isinstance(value, int | str) or isinstance(value, bool):
            self.wrong(key, f"a number or a date is needed here, not {_kind(value)}")
            return ""
        return str(value)

    def date(self, key: str) -> dt.date:
        value = self.get(key)
        if isinstance(value, str) and DATE.fullmatch(value):
            with suppress(ValueError):
                return dt.date.fromisoformat(value)
        self.wrong(key, f'a date in quotes such as "2026-11-22" is needed here, not {_kind(value)}')
        return dt.date.min

    def list(self, key: str, *, needed: bool = True) -> list[Any]:
        value = self.get(key)
        if value is None and not needed:
            return []
        if not isinstance(value, list):
            self.wrong(key, f"a list is needed here, not {_kind(value)}")
            return []
        return value

    def inner(self, raw: Any, place: str) -> Entry:
        """An entry within this one."""
        return Entry(raw, self.file, f"{self.place}.{place}" if self.place else place, self.problems, self.languages)

    def finish(self) -> None:
        """Name every key that nothing has read: most often a key that was misspelt."""
        for key in self.raw:
            if key not in self._read:
                known = ", ".join(sorted(self._read))
                self.wrong(str(key), f"this key is not known here; known are: {known}")


def _kind(value: Any) -> str:
    """What was found, for a message; long values are not repeated."""
    if value is None:
        return "nothing"
    if isinstance(value, Mapping):
        return "a mapping"
    if isinstance(value, list):
        return "a list"
    shown = str(value)
    return f"“{shown[:40]}…”" if len(shown) > 40 else f"“{shown}”"
