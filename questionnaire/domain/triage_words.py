"""Why a flag is up, in the edition's words for staff: “spine problem with weak immune system; infection or fever”."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from questionnaire.domain.content import Aid
from questionnaire.domain.triage import OF_ALTERNATIVE, Causes


def cause_words(aid: Aid, causes: Causes, most: int | None = None) -> str:
    """The causes in one line; empty where the edition has no words for them.

    Args:
        most: how many stand in it at most; of the others only their number.
    """
    told = list(dict.fromkeys(filter(None, (_together(_words(aid, group)) for group in causes))))
    shown = told if most is None else told[:most]
    left = len(told) - len(shown)
    return "; ".join([*shown, *([f"and {left} more"] if left else [])])


def _together(words: Iterable[str]) -> str:
    first, *more = [*dict.fromkeys(words)] or [""]
    return f"{first} with {' and '.join(more)}" if more else first


def _words(aid: Aid, group: Iterable[tuple[str, str]]) -> Iterator[str]:
    for key, value in group:
        if key.startswith(OF_ALTERNATIVE):
            yield from _reason(aid, key.removeprefix(OF_ALTERNATIVE), value)
        elif text := aid.triage.causes.get(key, {}).get(value):
            yield text[aid.language]


def _reason(aid: Aid, alternative: str, contraindication: str) -> Iterator[str]:
    for each in aid.triage.alternatives:
        if each.slug == alternative:
            words = (one.text[aid.language] for one in each.contraindications if one.slug == contraindication)
            yield from (f"{each.name[aid.language]}: {text}" for text in words)
