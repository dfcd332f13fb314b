"""What a safety change alters for one patient, as words for a page: old and new text side by side."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from questionnaire.domain.compare import GONE as TAKEN_OUT
from questionnaire.domain.compare import NEW as PUT_IN
from questionnaire.domain.compare import marks
from questionnaire.domain.content import Aid
from questionnaire.domain.questions import Answers
from questionnaire.domain.reread import REWORDED, Change, Part
from questionnaire.exports import markup
from questionnaire.exports.words import NOTHING_FOUND, Found, reason_words

Marked = tuple[tuple[str, str], ...]
"""Pairs of "same", "gone" or "new" with a piece of text."""

KINDS = {
    "urgent": "Urgent",
    "caution": "Caution",
    "alternative": "Alternative",
    "standard-care": "Standard care",
    "next-step": "Next step",
    "ask": "Question to ask",
    "sentence": "Opening sentence",
}
NOUNS = {
    "urgent": "the urgent guidance",
    "caution": "the caution",
    "alternative": "the alternative",
    "standard-care": "the standard care",
    "next-step": "the next step",
    "ask": "the question to ask",
    "sentence": "the opening sentence",
}
"""What a text belongs to, since several stand on one page."""
PARTS = {
    "title": "Title",
    "text": "Text",
    "body": "Text",
    "now": "What to do now",
    "claims": "What it rests on",
    "option-name": "Name",
    "option-short": "In short",
}


@dataclass(frozen=True, slots=True)
class Pair:
    """One text with its name, as it was and as it is now; empty where there is none."""

    label: str
    old: Marked
    new: Marked


@dataclass(frozen=True, slots=True)
class Told:
    """One change in words; `why` pairs a question with the answer that made an added item appear."""

    what: str
    kind: str
    title: str
    pairs: tuple[Pair, ...]
    why: tuple[tuple[str, str], ...]


def told(
    change: Change, before: Aid, after: Aid, answers: Answers, language: str, found: Found = NOTHING_FOUND
) -> Told:
    """The change in words, in the patient's language."""
    # The heading has the title already; what a new item rests on stands with the whole guidance.
    parts = [each for each in change.parts if change.what == REWORDED or each.name not in ("title", "claims")]
    pairs = [_pair(part, change, before, after, language) for part in parts]
    why = tuple(reason_words(after, answers, key, language, found) for key in change.reasons)
    return Told(change.what, KINDS[change.kind], markup.plain(change.title), tuple(pairs), why)


def _pair(part: Part, change: Change, before: Aid, after: Aid, language: str) -> Pair:
    old, new = _words(part.name, part.before, before, language), _words(part.name, part.after, after, language)
    name = PARTS.get(part.name) or _note(after.notes, part.name, language)
    label = f"{name} of {NOUNS[change.kind]}" if part.name in ("title", "text", "body") else name
    if change.what != REWORDED:
        return Pair(label, (("same", old),) if old else (), (("same", new),) if new else ())
    pieces = marks(old, new)
    return Pair(
        label,
        tuple(piece for piece in pieces if piece[0] != PUT_IN),
        tuple(piece for piece in pieces if piece[0] != TAKEN_OUT),
    )


def _words(name: str, text: str, aid: Aid, language: str) -> str:
    return _note(aid.notes, text, language) if name == "now" and text else markup.plain(text)


def _note(notes: Mapping[str, Mapping[str, str]], slug: str, language: str) -> str:
    held = notes.get(slug, {})
    return markup.plain(held.get(language) or next(iter(held.values()), slug))
