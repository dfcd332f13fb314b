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
    told += _reasons(aid, [pair for group in causes for pair in group])
    shown = told if most is None else told[:most]
    left = len(told) - len(shown)
    return "; ".join([*shown, *([f"and {left} more"] if left else [])])


def _together(words: Iterable[str]) -> str:
    first, *more = [*dict.fromkeys(words)] or [""]
    return f"{first} with {' and '.join(more)}" if more else first


def _words(aid: Aid, group: Iterable[tuple[str, str]]) -> Iterator[str]:
    for key, value in group:
        if text := aid.triage.causes.get(key, {}).get(value):
            yield text[aid.language]


def _reasons(aid: Aid, pairs: Iterable[tuple[str, str]]) -> list[str]:
    """Contraindications after the alternatives that they speak against, without what stands in brackets."""
    held = [(key.removeprefix(OF_ALTERNATIVE), value) for key, value in pairs if key.startswith(OF_ALTERNATIVE)]
    against: dict[str, list[str]] = {}
    for each in aid.triage.alternatives if held else ():
        for one in each.contraindications:
            if (each.slug, one.slug) in held:
                against.setdefault(one.text[aid.language], []).append(each.name[aid.language].partition(" (")[0])
    return [f"{', '.join(names)}: {text}" for text, names in against.items()]
