"""What the solver says, as plain values: they come back from a process of its own as JSON."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from questionnaire.domain.findings import Finding, Person


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether one safety property holds for every possible person.

    Attributes:
        property: its slug.
        title: what it says, in plain words.
        proved: it holds for everybody, part-way journeys and "not sure" included.
        seconds: how long the proof took.
        findings: where it does not hold, each with an example person.
    """

    property: str
    title: str
    proved: bool
    seconds: float
    findings: tuple[Finding, ...] = ()

    def to_json(self) -> dict[str, Any]:
        return {
            "property": self.property,
            "title": self.title,
            "proved": self.proved,
            "seconds": self.seconds,
            "findings": [finding.to_json() for finding in self.findings],
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Verdict:
        return cls(**{**data, "findings": tuple(map(Finding.from_json, data["findings"]))})


@dataclass(frozen=True, slots=True)
class Audience:
    """How the set of people who see one entry changes between two contents.

    Attributes:
        slug, room: the entry, an "item" of guidance or an opening "sentence".
        grows: somebody who sees it after and did not before, if there is anybody.
        shrinks: somebody who saw it before and does not after, if there is anybody.
    """

    slug: str
    room: str
    grows: Person | None
    shrinks: Person | None

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Audience:
        people = {side: Person(**data[side]) if data[side] else None for side in ("grows", "shrinks")}
        return cls(slug=data["slug"], room=data["room"], **people)
