"""The guidance page as a PDF to keep, print or send.

The PDF has the words of the page (templates/patient/result.html) in the order of the page, as it is printed: what is
folded is open, but for what is folded beneath an item (why it is there, the claims, the words explained). In its place
stands the note of the printed page: the answers that made the item appear, and its sources in short. Left out is what
only works on a screen: links to other pages, buttons, the words by which a fold is opened, and the notice that an
answer was changed. Kept from the frame of the page are the aid's name and what to do in an emergency. Added is only
what is no part of the text: the foot of each page (aid, edition, page number) and dotted lines to write on.

`data` chooses every word; `guidance.typ` only sets them. What a person or an editor wrote goes in as JSON and is never
typst source (`typesetting.py`). A letter that no font here has is printed as `?`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from django.utils import dateformat, timezone

from questionnaire.domain.content import URGENT_ACTIONS, Aid, Source
from questionnaire.exports import markup, typesetting
from questionnaire.exports.guidance import Card, GuidanceView

_TEMPLATE = Path(__file__).with_name("guidance.typ")
_ADDRESSES = ("https:", "tel:", "mailto:")
_LONGEST_ADDRESS = 2000


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
) -> dict[str, Any]:
    """What the PDF says, as plain data: `parts` holds all words in reading order.

    Args:
        practice: the texts of the practice profile by field name; blank ones are left out.
        demonstration: say that this is a demonstration copy.
        overdue: say that the content is overdue for review.
    """
    notes = {slug: text[language] for slug, text in aid.notes.items()}
    name = _line(notes["name"])
    edition_line = f"Edition {edition} of {_day(published)}, made for you on {_day(finished)}."
    parts = [
        {
            "part": "top",
            "aid": name,
            "demo": _blocks(notes["demo"]) if demonstration else [],
            "heading": "Your guidance",
            "lead": aid.decision[language],
            "overdue": _blocks(notes["overdue"]) if overdue else [],
        },
        *_guidance(aid, view, notes, language),
        *([_practice(practice)] if practice.get("name") else []),
        {
            "part": "end",
            "advice": _blocks(notes["not-advice"]),
            "edition": f"{edition_line} Facts checked {_day(aid.reviewed)}. Next review by {_day(aid.next_review)}.",
            "print": _blocks(notes["print"]),
            "emergency": _blocks(notes["emergency"]),
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


def _guidance(aid: Aid, view: GuidanceView, notes: Mapping[str, str], language: str) -> list[dict[str, Any]]:
    meaning = {
        "part": "meaning",
        "heading": "What this means for you",
        "sentences": [sentence for _, sentence in view.meaning],
        "quiet": _line(notes["result"]),
    }
    return [
        *([_cards("Urgent: do this first", "", view.urgent, notes)] if view.urgent else []),
        meaning,
        _cards("What to do next", notes["next-steps"], view.steps, notes),
        _cards("Cautions", notes["cautions"], view.cautions, notes),
        _options(aid, view, notes, language),
        _cards("Questions to ask", notes["ask"], view.asks, notes),
        _sources(view.sources),
    ]


def _cards(heading: str, intro: str, cards: Iterable[Card], notes: Mapping[str, str]) -> dict[str, Any]:
    return {
        "part": "cards",
        "heading": heading,
        "intro": _blocks(intro),
        "cards": [_card(each, notes) for each in cards],
    }


def _card(card: Card, notes: Mapping[str, str]) -> dict[str, Any]:
    now = card.now if card.now in URGENT_ACTIONS else "same-day"
    return {
        "kind": card.kind,
        "do": _line(notes[now]) if card.kind == "urgent" else "",
        "mark": "Caution" if card.kind == "caution" else "",
        "heading": card.title,
        "body": _blocks(card.body),
        "note": _note(card),
    }


def _options(aid: Aid, view: GuidanceView, notes: Mapping[str, str], language: str) -> dict[str, Any]:
    sure = _line(notes["option-certainty"])
    shown = [
        (card, card.option, aid.certainty[card.option.certainty].word[language]) for card in view.options if card.option
    ]
    return {
        "part": "options",
        "heading": "Your options",
        "intro": _blocks(notes["options"]),
        "withheld": [*_blocks(notes.get("overdue-options", "")), _names(view.withheld)] if view.withheld else [],
        "glance": _blocks(notes["glance"]),
        "caption": "Your options at a glance",
        "columns": ["Option", "In short", sure],
        "rows": [[option.name, option.short, word] for _, option, word in shown],
        "scale_heading": "What the words for “how sure” mean",
        "scale": [list(each) for each in view.scale],
        "cards": [
            {
                "heading": option.name,
                "sure": f"{sure}:",
                "word": word,
                "title": card.title,
                "body": _blocks(card.body),
                "texts": [
                    {"heading": _line(notes[f"option-{key}"]), "body": _blocks(text)} for key, text in option.texts
                ],
                "note": _note(card),
            }
            for card, option, word in shown
        ],
    }


def _names(names: Iterable[str]) -> dict[str, Any]:
    return {"items": [[{"text": name}] for name in names]}


def _sources(sources: tuple[Source, ...]) -> dict[str, Any]:
    return {
        "part": "sources",
        "heading": "Sources",
        "items": [
            {
                "title": {"text": source.title, **_link(source.url)},
                "about": f"{', '.join(filter(None, (source.publisher, source.date)))}. "
                f"Last checked {_day(source.last_checked)}.",
            }
            for source in sources
        ],
    }


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


def _note(card: Card) -> str:
    """Why the item is there and where it comes from, in one line, as the printed page has it."""
    because = ". ".join(f"{question}: {answer}" for question, answer in card.why)
    return f"{f'Because of your answers: {because}. ' if because else ''}Sources: {card.short_sources}."


def _day(day: dt.date | None) -> str:
    """A day as the page's templates write it."""
    if isinstance(day, dt.datetime):
        day = timezone.localtime(day)
    return dateformat.format(day, "F j, Y") if day else ""


def _line(text: str) -> str:
    return " ".join(markup.plain(text).split())


def _blocks(text: str) -> list[dict[str, Any]]:
    """Markdown as paragraphs (`runs`) and lists (`items`); a heading in it is a bold paragraph: levels may not skip."""
    found: list[dict[str, Any]] = []
    for block in markup.blocks(text):
        runs = [
            {**{key: value for key, value in run.items() if key != "link"}, **_link(run.get("link", ""))}
            for run in block["runs"]
        ]
        if block["kind"] == "item":
            if not (found and "items" in found[-1]):
                found.append({"items": []})
            found[-1]["items"].append(runs)
        else:
            bold = {"bold": True} if block["kind"].startswith("heading") else {}
            found.append({"runs": [run | bold for run in runs]})
    return found


def _link(address: str) -> dict[str, str]:
    fits = address.startswith(_ADDRESSES) and address.isascii() and len(address) <= _LONGEST_ADDRESS
    return {"link": address} if fits else {}
