"""What stands between a draft and its publication: one thing to mend or to know, and where it stands."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from questionnaire.domain.questions import Answers

ERROR, WARNING = "error", "warning"


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody whom a finding is about: an example that was worked out, never a real patient."""

    answers: Answers
    facts: Mapping[str, str]
    words: str
    """Who they are, in plain words: "A person who answered …"."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One finding.

    Attributes:
        level: "error" keeps the draft from being published, "warning" does not.
        rule: slug of the check that found it, such as "reading-grade", or of the safety property that fails.
        place: the entry to mend, as `places.Place` in words ("item/not-fda-approved"); empty when it is no single one.
        field: the part of the entry, such as "body.en"; empty when it is the whole entry.
        message: what is wrong and how to mend it, for an editor.
        passages: the sentences or words in question, to be marked.
        person: an example person for whom it matters, if there is one.
    """

    level: str
    rule: str
    message: str
    place: str = ""
    field: str = ""
    passages: tuple[str, ...] = ()
    person: Person | None = None

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Finding:
        person = Person(**data["person"]) if data["person"] else None
        return cls(**{**data, "passages": tuple(data["passages"]), "person": person})
