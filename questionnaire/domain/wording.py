"""How a text reads: its sentences, its syllables, its school grade.

The grade is Flesch-Kincaid's: 0.39 x words a sentence + 11.8 x syllables a word - 15.59 (J. P. Kincaid and others,
Research Branch Report 8-75, Chief of Naval Technical Training, 1975).
"""

from __future__ import annotations

import re
from functools import lru_cache

_LINK = re.compile(r"\[([^\]]*)\]\([^)]*\)")
_MARKS = re.compile(r"(\*\*|__|`|^\s*(?:[-*+]|\d+\.|#{1,6})\s+)", re.MULTILINE)
_END = re.compile(r"(?<=[.!?:])[\"”’)]*\s+(?=[\"“(A-Z0-9])")
_ABBREVIATION = re.compile(r"\b(?:Dr|Mr|Mrs|Ms|St|vs|No|e\.g|i\.e|U\.S)\.$")
_WORD = re.compile(r"[A-Za-z0-9]+(?:['’][A-Za-z]+)*")
_VOWELS = re.compile(r"[aeiouy]+")

# Two vowels that are spoken apart, endings that are not spoken, and the other way about.
_APART = re.compile(
    r"ia(?!n?t\b|l\b)|iu|io(?!u?[sn])|eo(?!n\b|u)|ua(?!r|l)|[^aeiou]ying|creat|ea(?=t(?:e|or|ion))|[aeiou]ing"
)
_SILENT = re.compile(
    r"(?:[^laeiouyr]|[^laeiouy]r|ar|or|ir|er|ur)es?$|[^aeioutd]ed$|[^aeiou]e(?=ly$|ment|ful|less|ness)"
)
_SPOKEN = re.compile(r"(?:[^aeiouy]|^)le$|[sxz]es$|[cg]es$|(?:sh|ch)es$|[td]ed$|ism$")

_KNOWN = {
    **dict.fromkeys(("rule", "rules", "role", "roles", "while", "whole", "scale", "file", "sale", "sales", "sole"), 1),
    **dict.fromkeys(
        ("people", "guideline", "guidelines", "surgeon", "surgeons", "fluid", "rely", "usual", "georgia"), 2
    ),
    **dict.fromkeys(("someone", "something", "sometimes", "safety", "misled", "aspirin", "science", "treated"), 2),
    **dict.fromkeys(("platelet", "platelets", "threaten", "layer", "paying", "delayed", "vial", "diet", "maybe"), 2),
    **dict.fromkeys(
        (
            "exosome",
            "exosomes",
            "area",
            "areas",
            "idea",
            "serious",
            "reaction",
            "reactions",
            "anyone",
        ),
        3,
    ),
    **dict.fromkeys(("specialist", "specialists", "sexual", "threatening", "businesses", "compliant", "earlier"), 3),
    **dict.fromkeys(("diabetes", "california", "european", "material", "clinician"), 4),
}
"""What the rules would count otherwise, of the words that such aids use often."""

_SIGN = re.compile(r"\d+|[A-Z][A-Z0-9]{1,5}")
"""A number or an abbreviation is read at a glance, so it counts as one syllable."""


@lru_cache(maxsize=20_000)
def syllables(word: str) -> int:
    """About how many syllables an English word has; one at least."""
    plain = re.sub(r"['’].*", "", word.casefold())
    if plain in _KNOWN:
        return _KNOWN[plain]
    if _SIGN.fullmatch(word):
        return 1
    count = len(_VOWELS.findall(plain)) + len(_APART.findall(plain)) - len(_SILENT.findall(plain))
    return max(1, count + len(_SPOKEN.findall(plain)) * bool(_SILENT.search(plain)))


def plain(text: str) -> str:
    """The words alone, without marks of Markdown; a link keeps its words."""
    return _MARKS.sub("", _LINK.sub(r"\1", text))


def sentences(text: str) -> list[str]:
    """The sentences of a text; each line ends one."""
    found: list[str] = []
    for line in plain(text).splitlines():
        held = ""
        for piece in _END.split(line.strip()):
            held = f"{held} {piece}".strip()
            if not _ABBREVIATION.search(held):
                found.append(held)
                held = ""
        found.append(held)
    return [sentence for sentence in found if _WORD.search(sentence)]


def words(text: str) -> list[str]:
    """The words of a text."""
    return _WORD.findall(text)


def grade(text: str) -> float:
    """The US school grade at which this text reads; 0 for one without words."""
    found = sentences(text)
    spoken = [word for sentence in found for word in words(sentence)]
    if not spoken:
        return 0.0
    return 0.39 * len(spoken) / len(found) + 11.8 * sum(map(syllables, spoken)) / len(spoken) - 15.59


def hardest(text: str, above: float) -> tuple[str, ...]:
    """The sentences that read above this grade, the hardest first, three at most."""
    hard = sorted(((grade(sentence), sentence) for sentence in sentences(text)), reverse=True)
    return tuple(sentence for each, sentence in hard if each > above)[:3]
