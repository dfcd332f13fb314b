"""By what a review is found, without anything readable in an index: keyed hashes of name words and date of birth."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from itertools import combinations

from questionnaire.services.sealing import keyed_hashes

MOST_WORDS = 6
"""Words of a name that count; the pairs of them are hashed too."""

_AS_TYPED = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i"} | dict.fromkeys("'’ʼ`´", "")
)
"""Letters that are no letter with an accent, as people type them who do not have them on their keys."""


def normalised(name: str) -> list[str]:
    """The words of a name as they are compared: no capitals, accents or marks; each once, in their order."""
    apart = unicodedata.normalize("NFKD", name.casefold()).casefold().translate(_AS_TYPED)
    plain = "".join(each for each in apart if not unicodedata.combining(each))
    return list(dict.fromkeys(re.findall(r"\w+", plain)))[:MOST_WORDS]


def tokens_of(name: str, born: dt.date) -> set[int]:
    """Everything by which this person is found, under the newest key.

    Pairs of words stand beside the words, so that "Maria Lopez" is one look into an index and not a walk through all
    Marias.
    """
    return {tokens(text)[0] for text in texts_of(name, born)}


def texts_of(name: str, born: dt.date) -> list[str]:
    """What the tokens of this person are made from."""
    words = normalised(name)
    return [*map(word_text, words), *(pair_text(*pair) for pair in combinations(words, 2)), born_text(born)]


def tokens(text: str) -> list[int]:
    """The token of this text under each of FIELD_KEYS, newest first; each fits a signed 64-bit integer."""
    return [int(each[:16], 16) - (1 << 63) for each in keyed_hashes("search", text)]


def word_text(word: str) -> str:
    return f"word:{word}"


def pair_text(one: str, other: str) -> str:
    """Two words of a name, in either order."""
    return "pair:" + " ".join(sorted((one, other)))


def born_text(born: dt.date) -> str:
    return f"born:{born.isoformat()}"
