"""A public letter of FDA as a patient was shown it, kept by itself: editors change and delete letters of their list."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Letter:
    """What a page says of one letter.

    Attributes:
        date: of the letter itself.
        kind: a value of `FdaLetter.Kind`.
        link: FDA's own page of it; empty where none is known.
    """

    firm: str
    date: dt.date
    kind: str
    link: str = ""

    def to_json(self) -> dict[str, str]:
        return {"firm": self.firm, "date": self.date.isoformat(), "kind": self.kind, "link": self.link}

    @classmethod
    def from_json(cls, data: Mapping[str, str]) -> Letter:
        return cls(data["firm"], dt.date.fromisoformat(data["date"]), data["kind"], data["link"])
