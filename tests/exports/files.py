"""What tests of files share: a small aid with all that a text may hold, and a PDF as a reader gets it."""

from __future__ import annotations

import io
import re
from collections.abc import Mapping
from typing import Any

from pypdf import PdfReader

from tests.web import option, questions_of, text

PRACTICE = {
    "name": "Riverside Clinic",
    "telephone": "(555) 010-0100",
    "address": "12 Mill Street\nSpringfield",
    "emergency_line": "Call (555) 010-0199.",
    "funding": "The clinic pays.",
    "interests": "The clinic sells plasma.",
}


def rich(document: Any) -> None:
    """Markdown of every kind that is allowed, and an option that has it in its texts."""
    document["aid.yaml"]["notes"]["options"] = text(
        "One **bold** word.\n\n- first, [a link](https://example.org/)\n- second"
    )
    document["aid.yaml"]["notes"]["ask"] = text("### A heading\n\nafter it, call [911](tel:911).")
    del questions_of(document)["words"]["most"]
    plasma = document["guidance/all.yaml"][7]
    plasma["option"] = option("Plasma") | {"what": text("It is **blood**.\n\n- spun\n- given back")}


def squeezed(words: str) -> str:
    return re.sub(r"[\s\u200b•]+", "", words)


def pages_of(made: bytes) -> list[str]:
    return [page.extract_text() for page in PdfReader(io.BytesIO(made)).pages]


def words_of(made: bytes, data: Mapping[str, Any]) -> str:
    """What is written on the pages without their feet, all white space taken out."""
    pages = pages_of(made)
    foot = [re.escape(squeezed(line)) for line in data["foot"]]
    ends = re.compile(rf"{foot[0]}(Page\d+of{len(pages)})?{foot[1]}(Page\d+of{len(pages)})?$")
    found = []
    for page in pages:
        assert ends.search(squeezed(page)), page
        found.append(ends.sub("", squeezed(page)))
    return "".join(found)
