"""What is asked of the inbox: how it is narrowed, what is searched for, and from which place on."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from uuid import UUID

from questionnaire.models import Review

OPEN, ALL = "open", "all"
STATES = (OPEN, *Review.State.values, ALL)
_LAST_ID = (1 << 128) - 1


@dataclass(frozen=True, slots=True)
class Search:
    """What was searched for, as keyed hashes: one group for each thing that must fit, the most telling first.

    Where there is nothing to look up, nobody fits.
    """

    groups: tuple[tuple[int, ...], ...] = ()
    response: UUID | None = None
    by: str = ""
    """Name, date of birth or code: for the record, which never holds the words."""


@dataclass(frozen=True, slots=True)
class Filters:
    """How the inbox is narrowed. Empty texts and None narrow nothing; dates are days in UTC, both included."""

    state: str = OPEN
    flag: str = ""
    problem: str = ""
    standing: str = ""
    mine: bool = False
    since: dt.date | None = None
    until: dt.date | None = None


@dataclass(frozen=True, slots=True, order=True)
class Cursor:
    """A place in the order of all reviews: that of a review, or one beside it. Walks begin beyond it."""

    queue: int
    id: UUID

    def __str__(self) -> str:
        return f"{self.queue}.{self.id.hex}"

    def just_before(self) -> Cursor:
        """The place next to this one, so that a walk forwards from there comes upon this one."""
        if self.id.int:
            return Cursor(self.queue, UUID(int=self.id.int - 1))
        return Cursor(self.queue - 1, UUID(int=_LAST_ID)) if self.queue else self

    def just_after(self) -> Cursor:
        """The same for a walk backwards."""
        if self.id.int < _LAST_ID:
            return Cursor(self.queue, UUID(int=self.id.int + 1))
        return Cursor(self.queue + 1, UUID(int=0))

    @classmethod
    def read(cls, text: str) -> Cursor | None:
        """The cursor that this text names; None when it is none."""
        # As many digits as any `queue` has, so that every database can compare with it.
        found = re.fullmatch(r"([0-9]{1,18})\.([0-9a-f]{32})", text)
        return cls(int(found[1]), UUID(found[2])) if found else None
