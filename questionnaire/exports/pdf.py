"""The guidance page as a PDF to keep, print or send.

The PDF has the words of the page (templates/patient/result.html) in the order of the page, as it is printed: what is
folded is open, but for what is folded beneath an item (why it is there, the claims, the words explained). In its place
stands the note of the printed page: the answers that made the item appear, and its sources in short. Left out is what
only works on a screen: links to other pages, buttons, the words by which a fold is opened, and the notice that an
answer was changed. Kept from the frame of the page are the aid's name and what to do in an emergency. Added is only
what is no part of the text: the foot of each page (aid, edition, page number) and dotted lines to write on.

`data` chooses every word, with `leaflet.py` for what physicians get too; `guidance.typ` only sets them. What a person
or an editor wrote goes in as JSON and is never typst source (`typesetting.py`). A letter that no font here has is
printed as `?`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from questionnaire.domain.content import Aid
from questionnaire.domain.letters import Letter
from questionnaire.exports import leaflet, typesetting
from questionnaire.exports.guidance import GuidanceView
from questionnaire.exports.ladder import LadderView
from questionnaire.exports.leaflet import blocks, day, line

_TEMPLATE = Path(__file__).with_name("guidance.typ")


def data(
    aid: Aid,
    view: GuidanceView,
    *,
    language: str,
    edition: int,
    finished: dt.datetime,
    published: dt.datetime | None,
    practice: Mapping[str, str],
    demonstration: bool,
    overdue: bool,
    ladder: LadderView | None = None,
    letters: Sequence[Letter] = (),
) -> dict[str, Any]:
    """What the PDF says, as plain data: `parts` holds all words in reading order.

    Args:
        practice: the texts of the practice profile by field name; blank ones are left out.
        demonstration: say that this is a demonstration copy.
        overdue: say that the content is overdue for review.
        ladder: where the offer stands; None for whom it is not meant.
        letters: of FDA, that the person was told of.
    """
    notes = {slug: text[language] for slug, text in aid.notes.items()}
    name = line(notes["name"])
    edition_line = f"Edition {edition} of {day(published)}, made for you on {day(finished)}."
    parts = [
        {
            "part": "top",
            "aid": name,
            "demo": blocks(notes["demo"]) if demonstration else [],
            "heading": "Your guidance",
            "lead": aid.decision[language],
            "overdue": blocks(notes["overdue"]) if overdue else [],
        },
        *leaflet.guidance(aid, view, notes, language, ladder, letters),
        *([_practice(practice)] if practice.get("name") else []),
        {
            "part": "end",
            "advice": blocks(notes["not-advice"]),
            "edition": f"{edition_line} Facts checked {day(aid.reviewed)}. Next review by {day(aid.next_review)}.",
            "print": blocks(notes["print"]),
            "emergency": blocks(notes["emergency"]),
        },
    ]
    return {
        "language": language,
        "title": f"Your guidance – {name}",
        "made": int(finished.timestamp()),
        "foot": [name, edition_line],
        "parts": parts,
    }


def render(data: dict[str, Any]) -> bytes:
    """The PDF of what `data` says: tagged, PDF/UA-1, the same bytes for the same data."""
    return typesetting.render(_TEMPLATE, data)


def _practice(practice: Mapping[str, str]) -> dict[str, Any]:
    def told(before: str, field: str) -> list[list[dict[str, Any]]]:
        return [[{"text": before, "bold": True}, {"text": f" {practice[field]}"}]] if practice.get(field) else []

    lines = practice.get("address", "").splitlines()
    lines += [f"Telephone: {practice['telephone']}"] if practice.get("telephone") else []
    hours = practice.get("emergency_line")
    return {
        "part": "practice",
        "heading": "Who offers you this aid",
        "name": practice["name"],
        "lines": lines,
        "paragraphs": [
            *([[{"text": f"Out of hours: {hours}"}]] if hours else []),
            *told("Who pays for this aid.", "funding"),
            *told("What the practice gains.", "interests"),
        ],
    }
