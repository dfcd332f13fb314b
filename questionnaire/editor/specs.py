"""Which parts an entry of each room has, and how a form shows them. One table: the forms are made from it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from questionnaire.domain import content
from questionnaire.domain.content import OPTION_TEXTS
from questionnaire.domain.questions import QUESTION_KINDS

LINE, TEXT, MARKDOWN, DATE, SELECT, NUMBER, FLAG, SEVERAL, LINES = (
    "line",
    "text",
    "markdown",
    "date",
    "select",
    "number",
    "flag",
    "several",
    "lines",
)
SUBSET = "Plain sentences. **bold**, lists with “- ” and [words](https://…) can be used."


@dataclass(frozen=True, slots=True)
class Spec:
    """One part of an entry.

    Attributes:
        path: the keys that lead to it, with a dot between; a text has its language at the end.
        kind: how it is typed.
        label, hint: what the form says of it.
        needed: it may not be left empty.
        choices: for a selection, the values; for "several", which entries ("evidence" or "sources").
        only_new: it can be given only when the entry is added.
    """

    path: str
    kind: str
    label: str
    hint: str = ""
    needed: bool = True
    choices: tuple[str, ...] = ()
    only_new: bool = False


_EVIDENCE = Spec("evidence", SEVERAL, "Evidence", "The claims that this rests on.", choices=("evidence",))
_OPTION_LABELS = {
    "short": "In short, for the table (12 words at most)",
    "what": "What it is",
    "benefits": "What it may do for you",
    "harms": "What harm it may do",
    "unknown": "What nobody knows yet",
    "living": "What it is like: the day, the first weeks, later",
    "cost": "What it costs",
    "fda": "What FDA says",
}

ROOMS: Mapping[str, tuple[Spec, ...]] = {
    "aid": (
        Spec("title", TEXT, "Title"),
        Spec("decision", TEXT, "The decision, in one sentence"),
        Spec("reviewed", DATE, "Facts checked on"),
        Spec("next_review", DATE, "Next review by"),
    ),
    "note": (Spec("text", MARKDOWN, "Text", SUBSET),),
    "section": (Spec("title", TEXT, "Title"),),
    "question": (
        Spec("kind", SELECT, "Kind of answer", choices=QUESTION_KINDS, only_new=True),
        Spec("text", TEXT, "The question, as it is asked"),
        Spec("short", TEXT, "Short name", "On the page of answers, and where guidance says why it is shown."),
        Spec("hint", TEXT, "Hint", "One short sentence beneath the question.", needed=False),
        Spec("optional", FLAG, "It may be skipped", needed=False),
        Spec("for_physician", FLAG, "Only for the physician: no guidance depends on it", needed=False),
        Spec("least", LINE, "Smallest number or first date", needed=False),
        Spec("most", LINE, "Largest number, last date, most choices or most characters", needed=False),
        Spec("decimals", NUMBER, "Decimals of a number", needed=False),
        Spec("unit", TEXT, "Unit of a number", needed=False),
    ),
    "item": (
        Spec("kind", SELECT, "Kind", choices=content.GUIDANCE_KINDS, only_new=True),
        Spec("rank", NUMBER, "Rank", "Order among items of its kind, low first; cautions: the most serious first."),
        Spec("title", TEXT, "Title", "One sentence."),
        Spec("body", MARKDOWN, "Text", SUBSET),
        Spec("now", SELECT, "What to do now", "For urgent guidance.", needed=False, choices=content.URGENT_ACTIONS),
        _EVIDENCE,
    ),
    "sentence": (Spec("text", TEXT, "Sentence"), _EVIDENCE),
    "page": (
        Spec("title", TEXT, "Title"),
        Spec("lead", TEXT, "First sentence"),
        Spec("body", MARKDOWN, "Text", f"{SUBSET} Headings start with “## ”."),
        _EVIDENCE,
    ),
    "term": (
        Spec("word", TEXT, "Word"),
        Spec("forms", LINES, "How it is spelled in texts", "One form a line."),
        Spec("meaning", TEXT, "What it means"),
        Spec("evidence", SEVERAL, "Evidence", needed=False, choices=("evidence",)),
    ),
    "evidence": (
        Spec("claim", TEXT, "Claim, in our words"),
        Spec("kind", SELECT, "Kind", choices=content.EVIDENCE_KINDS),
        Spec(
            "certainty",
            SELECT,
            "How sure",
            "For an effect: high to very-low; else official, reported or inference.",
            choices=content.EFFECT_CERTAINTY + content.STATEMENT_CERTAINTY,
        ),
        Spec(
            "read", SELECT, "Where we read it", "The document itself, or only a copy or report.", True, content.READ_AT
        ),
        Spec("sources", SEVERAL, "Sources", choices=("sources",)),
        Spec("last_checked", DATE, "Last checked on"),
        Spec("note", LINE, "Note for editors", needed=False),
        Spec("unused", LINE, "Why nothing cites it, if so", needed=False),
    ),
    "source": (
        Spec("title", LINE, "Title"),
        Spec("publisher", LINE, "Publisher"),
        Spec("date", LINE, "Date or year of the document", needed=False),
        Spec("url", LINE, "Address", "It must start with https://", needed=False),
        Spec("kind", SELECT, "Kind", choices=content.SOURCE_KINDS),
        Spec("last_checked", DATE, "Last checked on"),
    ),
    "certainty": (Spec("word", TEXT, "Word"), Spec("meaning", TEXT, "What it means")),
}

OPTION: tuple[Spec, ...] = (
    Spec("option.name", TEXT, "Name of the option"),
    Spec("option.certainty", SELECT, "How sure we are of its effect", choices=content.EFFECT_CERTAINTY),
    *(Spec(f"option.{key}", MARKDOWN, _OPTION_LABELS[key]) for key in OPTION_TEXTS),
)
CHOICE: tuple[Spec, ...] = (
    Spec("text", TEXT, "Words"),
    Spec("hint", TEXT, "Hint", needed=False),
    Spec("exclusive", FLAG, "Cannot stand with another choice", needed=False),
)

ROOM_NAMES = {
    "question": "Questions",
    "item": "Guidance",
    "sentence": "Opening sentences",
    "page": "Background pages",
    "term": "Words explained",
    "note": "Fixed texts",
    "evidence": "Evidence",
    "source": "Sources",
    "section": "Sections",
    "certainty": "Words for how sure we are",
    "aid": "Title and dates",
}
ADDED = ("question", "item", "sentence", "page", "term", "evidence", "source", "section")
"""Rooms that new entries can be added to."""
MOVED = ("question", "section", "sentence")
"""Rooms whose order a person sees; guidance goes by rank."""
WITH_CONDITION = ("question", "item", "sentence")


def specs_of(room: str, entry: Mapping[str, Any], new: bool) -> Iterator[Spec]:
    """The parts that this entry has or could have."""
    for spec in ROOMS[room]:
        if spec.only_new and not new:
            continue
        if spec.path == "now" and not new and entry.get("kind") != "urgent":
            continue
        yield spec
    if room == "item" and "option" in entry:
        yield from OPTION
