"""A shared response as a short plain text, made to be pasted into an electronic chart.

Many charts keep lines of 80 columns and lose typographic signs, so punctuation is ASCII; letters stay as they are.
"""

from __future__ import annotations

import textwrap
import unicodedata

from questionnaire.exports import summary
from questionnaire.exports.case import Case
from questionnaire.exports.summary import Row

COLUMNS = 79
_CLOSED = ('."', '?"', '!"')
_SIGNS = str.maketrans(
    {
        **dict.fromkeys("“”„‟«»″", '"'),
        **dict.fromkeys("‘’‚‛‹›′´", "'"),
        **dict.fromkeys("‐‑‒–—―−•·", "-"),
        "×": "x",
        "÷": "/",
        "⁄": "/",
        "±": "+/-",
        "≤": "<=",
        "≥": ">=",
        "≠": "not ",
        "≈": "about ",
        "→": "->",
        "←": "<-",
        "°": " deg ",
        "€": "EUR ",
        "£": "GBP ",
        "¢": " cent",
        "®": "(R)",
        "©": "(C)",
    }
)


def text(case: Case) -> str:
    """The note: who, what they told and were told, and where it comes from. Ends with a line break."""
    lines = [*_wrapped(summary.edition(case)), *_wrapped(summary.UNVERIFIED), ""]
    for part in (summary.who(case), summary.situation(case), summary.given(case, short=True)):
        for row in part:
            lines += _wrapped(_said(row))
    return "\n".join(lines) + "\n"


def _said(row: Row) -> str:
    """Everything under a label as one sentence; each line of it is one Markdown text or a person's own words."""
    words = plain("; ".join(line.rstrip().removesuffix(".") for line in row.lines))
    return f"{row.label}: {words}{'' if words.endswith((*'.?!', *_CLOSED)) else '.'}"


def _wrapped(words: str) -> list[str]:
    return textwrap.wrap(plain(words), COLUMNS, subsequent_indent="  ", break_on_hyphens=False)


def plain(words: str) -> str:
    """The words in one line, with signs and punctuation as ASCII has them; `?` for a sign that it has nothing like."""
    letters = [_plain(each) for each in unicodedata.normalize("NFC", words).translate(_SIGNS)]
    return " ".join("".join(letters).split())


def _plain(letter: str) -> str:
    if letter.isascii():
        return letter if letter.isprintable() else " "
    kind = unicodedata.category(letter)
    if kind[0] in "LM" or kind == "Nd":
        return letter
    if kind[0] == "Z":
        return " "
    if kind[0] == "C":
        return ""
    alike = unicodedata.normalize("NFKC", letter).translate(_SIGNS)
    return alike if alike.isascii() else "?"
