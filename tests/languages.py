"""An aid in a further language."""

from __future__ import annotations

from typing import Any


def in_spanish_too(document: dict[str, Any]) -> dict[str, Any]:
    """The same aid in English and Spanish: every English text with a mark."""
    made: dict[str, Any] = _with_spanish(document)
    made["aid.yaml"]["languages"] = ["en", "es"]
    english = {name: text for name, text in document.items() if name.endswith(".en.md")}
    return made | {name.replace(".en.", ".es."): f"{text}\nes\n" for name, text in english.items()}


def _with_spanish(held: Any) -> Any:
    if isinstance(held, list):
        return [_with_spanish(each) for each in held]
    if not isinstance(held, dict):
        return held
    if set(held) != {"en"}:
        return {key: _with_spanish(value) for key, value in held.items()}
    words = held["en"]
    return {"en": words, "es": [f"{each} es" for each in words] if isinstance(words, list) else f"{words} es"}
