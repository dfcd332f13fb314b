"""What an aid tells a person: slugs of guidance with the answers that made each appear, never words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from questionnaire.domain.conditions import Condition, Counted
from questionnaire.domain.content import Aid, Guidance
from questionnaire.domain.journey import Journey
from questionnaire.domain.questions import Answers


class Unfinished(ValueError):
    """The answers leave a question open, so there is no outcome yet."""


@dataclass(frozen=True, slots=True)
class Shown:
    """An item that appears; `reasons` are the question slugs (or `fact:` keys) that made it, empty for always."""

    slug: str
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Outcome:
    """`meaning` holds one sentence a slot; `items` the guidance in the order of `Aid.guidance`."""

    meaning: tuple[Shown, ...]
    items: tuple[Shown, ...]

    def to_json(self) -> dict[str, Any]:
        return {
            part: [{"slug": shown.slug, "reasons": list(shown.reasons)} for shown in getattr(self, part)]
            for part in ("meaning", "items")
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Outcome:
        parts = {
            part: tuple(Shown(shown["slug"], tuple(shown["reasons"])) for shown in data[part])
            for part in ("meaning", "items")
        }
        return cls(**parts)


def outcome(aid: Aid, answers: Answers, facts: Mapping[str, str] | None = None) -> Outcome:
    """The guidance for these answers and facts.

    The same edition, answers and facts give the same outcome, in any order of answering.

    Raises:
        Unfinished: a question on the path is still open.
    """
    journey = Journey(aid, answers, facts)
    if not journey.complete:
        raise Unfinished(journey.open.slug if journey.open else "")
    return Outcome(meaning=_meaning(aid, journey.counted), items=_items(aid.guidance, journey.counted))


def urgent(aid: Aid, journey: Journey) -> tuple[Shown, ...]:
    """Urgent guidance that holds on the answers so far; looked at after every answer."""
    return _items((item for item in aid.guidance if item.kind == "urgent"), journey.counted)


def _items(guidance: Iterable[Guidance], counted: Counted) -> tuple[Shown, ...]:
    shown = []
    for item in guidance:
        reasons = _reasons(item.when, counted)
        if reasons is not None:
            shown.append(Shown(item.slug, reasons))
    return tuple(shown)


def _meaning(aid: Aid, counted: Counted) -> tuple[Shown, ...]:
    chosen = []
    for slot in aid.meaning:
        for sentence in slot:
            reasons = _reasons(sentence.when, counted)
            if reasons is not None:
                chosen.append(Shown(sentence.slug, reasons))
                break
    return tuple(chosen)


def _reasons(when: Condition | None, counted: Counted) -> tuple[str, ...] | None:
    """Why it appears; None when it does not."""
    if when is None:
        return ()
    return when.why(counted) if when.holds(counted) else None
