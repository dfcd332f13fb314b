"""Plain data set as PDF by typst: tagged, PDF/UA-1, the same bytes for the same data on every machine.

Typst runs in a process of its own (this file, run as a program), which ends with the file it made: it would otherwise
keep what it has set, patients' words among it, in the memory of every web worker.

Texts reach typst as JSON and are never typst source. PDF/UA allows no text without a glyph, and one such letter fails
the whole file; so letters that none of typst's own fonts has are replaced by `?`, and the file is set again.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import unicodedata
from collections.abc import Callable
from pathlib import Path
from typing import Any

REPLACEMENT = "?"
SECONDS = 30
"""How long one file may take: some hundred times what a real one takes."""
_TRIES = 4
_ADDRESS = "link"
"""Values under this key are addresses: nobody sees them, so they stay as they are."""

_MISSING = re.compile(r'the text `"(.+?)"` could not be displayed')
_ESCAPE = re.compile(r"\\u\{([0-9a-f]+)\}")
_QUOTED = re.compile('".*"')
_SPACE = re.compile("[ \\t\\n\\v\\f\\r\\x1c-\\x1f\\x85\\u2028\\u2029]+")
_NO_TEXT = re.compile("[\\x00-\\x1f\\x7f-\\x9f\\xad]")
_HALF = re.compile("[\\ud800-\\udfff]")
_LONG_WORD = re.compile(r"\S{30}(?=\S)")
_UNUSUAL = re.compile("[^ -~\\xa0-\\u017f\\u200b\\u2010-\\u2027\\u20ac]")


class NotSet(RuntimeError):
    """Typst could not make the file. The message holds no word of the data."""


def render(template: Path, data: dict[str, Any]) -> bytes:
    """The PDF that this typst template makes of `data`, which it reads by `json(bytes(sys.inputs.data))`.

    `data["made"]` is the time that the file bears, in seconds since 1970.

    Raises:
        NotSet: the template is wrong, or the data is not what it expects.
    """
    given = json.dumps(_each_text(data, printable)).encode()
    program = [sys.executable, "-I", __file__, str(template)]
    try:
        done = subprocess.run(program, input=given, capture_output=True, timeout=SECONDS, check=False)
    except subprocess.TimeoutExpired:
        raise NotSet(f"typst took longer than {SECONDS} seconds") from None
    if done.returncode:
        raise NotSet(done.stderr.decode(errors="replace").strip()[-1000:] or f"typst ended with {done.returncode}")
    return done.stdout


def printable(text: str) -> str:
    """Text in one line, without what is no text, and with places to break a word that is wider than a page."""
    text = _NO_TEXT.sub("", _SPACE.sub(" ", text))
    return _LONG_WORD.sub(lambda found: f"{found[0]}\u200b", _HALF.sub(REPLACEMENT, text))


def _each_text(value: Any, change: Callable[[str], str]) -> Any:
    if isinstance(value, str):
        return change(value)
    if isinstance(value, list):
        return [_each_text(each, change) for each in value]
    if isinstance(value, dict):
        return {key: each if key == _ADDRESS else _each_text(each, change) for key, each in value.items()}
    return value


def _program(template: Path) -> None:
    """Set the data that comes in; runs in the process of its own."""
    from typst import Fonts, TypstError

    data = json.load(sys.stdin.buffer)
    fonts = Fonts(include_system_fonts=False)
    try:
        made = _set(template, data, fonts)
    except TypstError as error:
        sys.exit(_QUOTED.sub("…", error.message))
    sys.stdout.buffer.write(made)


def _set(template: Path, data: dict[str, Any], fonts: Any) -> bytes:
    from typst import TypstError

    for _ in range(_TRIES):
        try:
            return _compiled(template, data, fonts)
        except TypstError as error:
            missing = _missing(error.diagnostic)
            if not missing:
                raise
        data = _each_text(data, _translated(missing))
    return _compiled(template, _each_text(data, lambda text: _UNUSUAL.sub(REPLACEMENT, text)), fonts)


def _compiled(template: Path, data: dict[str, Any], fonts: Any) -> bytes:
    from typst import compile as typst_compile

    made = typst_compile(
        template,
        root=template.parent,
        font_paths=fonts,
        sys_inputs={"data": json.dumps(data)},
        format="pdf",
        pdf_standards=["ua-1"],
        timestamp=data["made"],
    )
    return bytes(made)


def _missing(diagnostic: str) -> dict[int, str]:
    """What to put for each letter that typst names as missing; empty if something else is wrong.

    A missing mark takes the letter that bears it along, so marks go first: the letter may be there in the next try.
    """
    named = _ESCAPE.sub(lambda found: chr(int(found[1], 16)), "".join(_MISSING.findall(diagnostic)))
    letters = {letter for letter in named if not letter.isascii()}
    marks = {letter for letter in letters if unicodedata.category(letter) in ("Mn", "Me", "Cf")}
    return {ord(letter): "" for letter in marks} or {ord(letter): REPLACEMENT for letter in letters}


def _translated(table: dict[int, str]) -> Callable[[str], str]:
    return lambda text: text.translate(table)


if __name__ == "__main__":
    _program(Path(sys.argv[1]))
