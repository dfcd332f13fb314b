"""Counts drawn as SVG: read aloud by title and description, in the page's own colours, legible at any width, printable.

There is no `style` in them, which the pages' policy forbids: lengths are percentages and pixels, colours are classes.
What is not shown is a hatched stub with words, so that nothing depends on colour. A table beneath tells the same.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

_LINE, _BAR, _GAP = 20, 16, 14
_WIDEST, _SHORTER, _LONG = 72, 52, 7
"""Percent of the width that the longest bar takes, the second where a number beside one has more letters than that."""
_LETTERS = 35
"""Letters of a label that fit a line on a phone."""
_HIGH, _STUB = 160, 12
_WIDE, _DIGIT = 1000, 9
"""Pixels of a wide screen that columns share, and of one character of a number above them."""
_FEW, _DATES = 9, 8
"""Columns whose numbers fit a phone; dates that fit beneath columns on a wide screen."""


@dataclass(frozen=True, slots=True)
class Bar:
    """A count with its label. `told` is the count in words; `count` None is drawn as a stub."""

    label: str
    count: int | None
    told: str


def bars(name: str, title: str, told: str, drawn: Sequence[Bar]) -> SafeString:
    """Bars that lie beneath one another, each under its label.

    Args:
        name: distinguishes its ids from those of other charts of the page.
        told: what it shows, in a sentence.
    """
    most = max((bar.count or 0 for bar in drawn), default=0) or 1
    widest = _SHORTER if any(bar.count is not None and len(bar.told) > _LONG for bar in drawn) else _WIDEST
    pieces, top = [], 0
    for bar in drawn:
        lines = textwrap.wrap(bar.label, _LETTERS) or [""]
        labels = ((top + _LINE * number - 5, line) for number, line in enumerate(lines, 1))
        pieces.append(format_html_join("", '<text class="label" x="0" y="{}">{}</text>', labels))
        top += _LINE * len(lines)
        width = "24" if bar.count is None else f"{bar.count / most * widest:.2f}%"
        pieces.append(_block(name, bar.count is None, "0", str(top), width, str(_BAR)))
        start = ("0", "32") if bar.count is None else (width, "8")
        number = '<text class="number" x="{}" dx="{}" y="{}">{}</text>'
        pieces.append(format_html(number, *start, top + _BAR - 3, bar.told))
        top += _BAR + _GAP
    return _svg(name, title, told, top, pieces)


def columns(name: str, title: str, told: str, drawn: Sequence[Bar], hidden: str) -> SafeString:
    """Columns that stand side by side, for weeks; `hidden` says what a hatched stub means."""
    most = max((bar.count or 0 for bar in drawn), default=0) or 1
    share = 100 / max(len(drawn), 1)
    floor = _LINE + _HIGH
    narrow = " many" if len(drawn) > _FEW else ""
    pieces = [
        format_html('<line class="grid" x1="0" x2="100%" y1="{0}" y2="{0}"></line>', _LINE),
        format_html('<line class="floor" x1="0" x2="100%" y1="{0}" y2="{0}"></line>', floor),
    ]
    for place, bar in enumerate(drawn):
        high = _STUB if bar.count is None else round(bar.count / most * _HIGH)
        left, width = f"{(place + 0.12) * share:.2f}%", f"{share * 0.76:.2f}%"
        pieces.append(_block(name, bar.count is None, left, str(floor - high), width, str(high)))
        if bar.count and _WIDE * share / 100 >= len(bar.told) * _DIGIT:
            number = '<text class="number each{}" x="{}" y="{}" text-anchor="middle">{}</text>'
            pieces.append(format_html(number, narrow, f"{(place + 0.5) * share:.2f}%", floor - high - 4, bar.told))
    for place, anchor, x in ((0, "start", "0"), (-1, "end", "100%")):
        label = '<text class="number" x="{}" y="{}" text-anchor="{}">{}</text>'
        pieces.append(format_html(label, x, floor + _LINE, anchor, drawn[place].label if drawn else ""))
    every = -(-len(drawn) // _DATES)
    for place in range(every, len(drawn) - every, every):
        label = '<text class="number between" x="{}" y="{}" text-anchor="middle">{}</text>'
        short = drawn[place].label.partition(",")[0]
        pieces.append(format_html(label, f"{(place + 0.5) * share:.2f}%", floor + _LINE, short))
    height = floor + _LINE + 8
    if any(bar.count is None for bar in drawn):
        pieces.append(_block(name, True, "0", str(height + 6), "24", str(_STUB)))
        pieces.append(format_html('<text class="number" x="32" y="{}">{}</text>', height + 17, hidden))
        height += _LINE + 6
    return _svg(name, title, told, height, pieces)


def _block(name: str, hidden: bool, x: str, y: str, width: str, height: str) -> SafeString:
    if hidden:
        stub = '<rect class="stub" fill="url(#{}-hatch)" x="{}" y="{}" width="{}" height="{}"></rect>'
        return format_html(stub, name, x, y, width, height)
    bar = '<rect class="bar" fill="currentColor" x="{}" y="{}" width="{}" height="{}"></rect>'
    return format_html(bar, x, y, width, height)


def _svg(name: str, title: str, told: str, height: int, pieces: Iterable[SafeString]) -> SafeString:
    hatch = (
        '<defs><pattern id="{}-hatch" patternUnits="userSpaceOnUse" width="6" height="6">'
        '<path class="hatch" stroke="currentColor" stroke-width="2" d="M-1 1l2-2M0 6l6-6M5 7l2-2"></path>'
        "</pattern></defs>"
    )
    return format_html(
        '<svg class="chart" role="img" aria-labelledby="{0}-title {0}-told" width="100%" height="{1}">'
        '<title id="{0}-title">{2}</title><desc id="{0}-told">{3}</desc>{4}{5}</svg>',
        name,
        height,
        title,
        told,
        format_html(hatch, name),
        format_html_join("", "{}", ((piece,) for piece in pieces)),
    )
