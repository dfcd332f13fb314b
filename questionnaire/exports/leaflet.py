"""Guidance as parts of a file, in words: what the patient's PDF and the physician's chart both set.

A part is plain data with a key `part`, which names the function of `leaflet.typ` that sets it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.utils import dateformat, timezone

from questionnaire.domain.content import URGENT_ACTIONS, Aid, Source
from questionnaire.domain.letters import Letter
from questionnaire.domain.trial_rules import LETTER_NOTE
from questionnaire.exports import markup
from questionnaire.exports.guidance import Card, GuidanceView
from questionnaire.exports.ladder import LadderView, ListingView

_ADDRESSES = ("https:", "tel:", "mailto:")
_LONGEST_ADDRESS = 2000


def guidance(
    aid: Aid,
    view: GuidanceView,
    notes: Mapping[str, str],
    language: str,
    ladder: LadderView | None = None,
    letters: Sequence[Letter] = (),
) -> list[dict[str, Any]]:
    """Everything that an outcome shows, from what is urgent to the sources, as parts in reading order."""
    meaning = {
        "part": "meaning",
        "heading": "What this means for you",
        "sentences": [sentence for _, sentence in view.meaning],
        "quiet": line(notes["result"]),
    }
    return [
        *([_cards("Urgent: do this first", "", view.urgent, notes)] if view.urgent else []),
        meaning,
        _cards("What to do next", notes["next-steps"], view.steps, notes),
        _cards("Cautions", notes["cautions"], view.cautions, notes),
        *([_letters(letters, notes)] if letters else []),
        *([_ladder(ladder)] if ladder else []),
        _options(aid, view, notes, language),
        _cards("Questions to ask", notes["ask"], view.asks, notes),
        _sources(view.sources),
    ]


def _cards(heading: str, intro: str, cards: Iterable[Card], notes: Mapping[str, str]) -> dict[str, Any]:
    return {
        "part": "cards",
        "heading": heading,
        "intro": blocks(intro),
        "cards": [_card(each, notes) for each in cards],
    }


def _card(card: Card, notes: Mapping[str, str]) -> dict[str, Any]:
    now = card.now if card.now in URGENT_ACTIONS else "same-day"
    return {
        "kind": card.kind,
        "do": line(notes[now]) if card.kind == "urgent" else "",
        "mark": "Caution" if card.kind == "caution" else "",
        "heading": card.title,
        "body": blocks(card.body),
        "note": _note(card),
    }


def _options(aid: Aid, view: GuidanceView, notes: Mapping[str, str], language: str) -> dict[str, Any]:
    sure = line(notes["option-certainty"])
    shown = [
        (card, card.option, aid.certainty[card.option.certainty].word[language]) for card in view.options if card.option
    ]
    return {
        "part": "options",
        "heading": "Your options",
        "intro": blocks(notes["options"]),
        "withheld": [*blocks(notes.get("overdue-options", "")), _names(view.withheld)] if view.withheld else [],
        "glance": blocks(notes["glance"]),
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
                "body": blocks(card.body),
                "texts": [
                    {"heading": line(notes[f"option-{key}"]), "body": blocks(text)} for key, text in option.texts
                ],
                "note": _note(card),
            }
            for card, option, word in shown
        ],
    }


def _letters(letters: Sequence[Letter], notes: Mapping[str, str]) -> dict[str, Any]:
    return {
        "part": "letters",
        "heading": "Letters from FDA",
        "intro": blocks(notes[LETTER_NOTE]),
        "items": [_letter(each) for each in letters],
    }


def _letter(letter: Letter) -> list[dict[str, Any]]:
    named = {"text": letter_name(letter)}
    where = link(letter.link)
    return [named, {"text": ": "}, {"text": "read this letter at FDA", **where}] if where else [named]


def letter_name(letter: Letter) -> str:
    """A letter of FDA as every page names it."""
    return f"{letter.firm}, {day(letter.date)}"


def _ladder(ladder: LadderView) -> dict[str, Any]:
    words = ladder.words
    return {
        "part": "ladder",
        "heading": words["title"],
        "caption": words["caption"],
        "intro": words["intro"],
        "rungs": [
            {
                "heading": rung.title,
                "lines": [
                    [{"text": f"{who}:", "bold": True}, {"text": f" {text}"}]
                    for who, text in (
                        *(rung.sayings or ((words["nobody"], words["unknown"]),)),
                        (words["ask"], rung.ask),
                    )
                ],
            }
            for rung in ladder.rungs
        ],
        "doubts": blocks(words["doubts"]),
        "listing": _listing(ladder.listing, words) if ladder.listing else None,
        "note": f"Sources: {ladder.short_sources}.",
    }


def _listing(listing: ListingView, words: Mapping[str, str]) -> dict[str, Any]:
    sponsor = f" – “{listing.sponsor}”" if listing.sponsor else ""
    has_record = bool(listing.title or listing.sponsor)
    return {
        "heading": listing.heading,
        "notes": list(listing.notes),
        "listed": f"{words['quoted']}: “{listing.title}”{sponsor}" if has_record else "",
        "groups": [
            {
                "heading": heading,
                "items": [[{"text": f"{text} ({field})" if field else text}] for text, field in found],
            }
            for heading, found in ((words["shows"], listing.shows), (words["does_not_show"], listing.not_shown))
            if has_record
        ],
        "source": [{"text": f"{listing.source} "}, {"text": listing.number, **link(listing.link)}],
    }


def _names(names: Iterable[str]) -> dict[str, Any]:
    return {"items": [[{"text": name}] for name in names]}


def _sources(sources: tuple[Source, ...]) -> dict[str, Any]:
    return {
        "part": "sources",
        "heading": "Sources",
        "items": [
            {
                "title": {"text": source.title, **link(source.url)},
                "about": f"{', '.join(filter(None, (source.publisher, source.date)))}. "
                f"Last checked {day(source.last_checked)}.",
            }
            for source in sources
        ],
    }


def _note(card: Card) -> str:
    """Why the item is there and where it comes from, in one line, as the printed page has it."""
    because = ". ".join(f"{question}: {answer}" for question, answer in card.why)
    return f"{f'Because of your answers: {because}. ' if because else ''}Sources: {card.short_sources}."


def day(day: dt.date | None) -> str:
    """A day as the page's templates write it."""
    if isinstance(day, dt.datetime):
        day = timezone.localtime(day)
    return dateformat.format(day, "F j, Y") if day else ""


def line(text: str) -> str:
    """Markdown as one line of plain words."""
    return " ".join(markup.plain(text).split())


def blocks(text: str) -> list[dict[str, Any]]:
    """Markdown as paragraphs (`runs`) and lists (`items`); a heading in it is a bold paragraph: levels may not skip."""
    found: list[dict[str, Any]] = []
    for block in markup.blocks(text):
        runs = [
            {**{key: value for key, value in run.items() if key != "link"}, **link(run.get("link", ""))}
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


def link(address: str) -> dict[str, str]:
    """The address as part of a run, if it is one that a file may lead to."""
    fits = address.startswith(_ADDRESSES) and address.isascii() and len(address) <= _LONGEST_ADDRESS
    return {"link": address} if fits else {}
