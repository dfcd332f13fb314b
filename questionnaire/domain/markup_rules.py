"""What a text of an aid may not hold: everything outside the small Markdown subset that pages show.

Pages clean each text once more when they show it; refusing it where it is written tells its writer.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

SCHEMES = ("https://", "tel:", "mailto:")
"""Where a link may lead."""

LONGEST_TEXT = 20_000
"""Characters that one text may have: some five times the longest page of a real aid."""

_TAG = re.compile(r"<[A-Za-z/!?][^>\n]{0,40}>?")
_IMAGE = re.compile(r"!\[[^\]\n]{0,40}\]?")
_LINK = re.compile(r"\]\(\s*<?([^)\s>]{0,200})")
_DEFINITION = re.compile(r"^ {0,3}\[[^\]\n]{1,40}\]:", re.MULTILINE)
_UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\u202a-\u202e\u2066-\u2069]")


def outside(text: str) -> Iterator[str]:
    """What is wrong with this text, each with how to mend it; nothing for a text that may stand."""
    if len(text) > LONGEST_TEXT:
        yield f"this text has {len(text):,} characters, and {LONGEST_TEXT:,} is the most; shorten it"
        return
    if found := _UNPRINTABLE.search(text):
        yield f"there is a character in it that cannot be seen (U+{ord(found[0]):04X}); delete it"
    if found := _TAG.search(text):
        yield f"HTML such as “{found[0]}” is not used; write **bold**, lists with “- ” and [words](https://…) instead"
    if found := _IMAGE.search(text):
        yield f"pictures such as “{found[0]}” are not shown; leave them out"
    if found := _DEFINITION.search(text):
        yield f"write the address of a link beside its words, as in [words](https://…), not as “{found[0]}”"
    for link in _LINK.finditer(text):
        if not link[1].startswith(SCHEMES):
            yield f"a link must start with https://, tel: or mailto:, not “{link[1]}”; correct it"
