"""What a person who finished on one edition would read differently on another: old and new text, in their language."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from questionnaire.domain.content import OPTION_TEXTS, Aid, Guidance, Sentence
from questionnaire.domain.journey import Journey
from questionnaire.domain.outcome import Outcome, Unfinished, outcome
from questionnaire.domain.questions import Answers, Text

GONE, ADDED, REWORDED = "gone", "added", "reworded"
SENTENCE = "sentence"


@dataclass(frozen=True, slots=True)
class Part:
    """One text of an item, such as `title` or `option-cost`, before and after, in Markdown; empty for none."""

    name: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Change:
    """One item, or one opening sentence, that is gone, added or reworded.

    Attributes:
        kind: the item's kind of guidance; `SENTENCE` for an opening sentence.
        what: `GONE`, `ADDED` or `REWORDED`.
        parts: the texts that differ.
        reasons: what made an added item appear, as in `outcome.Shown`.
    """

    slug: str
    kind: str
    what: str
    title: str
    parts: tuple[Part, ...]
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Reread:
    """How another edition reads to somebody.

    Attributes:
        asked: slug of the question that it asks and they have not answered; empty when there is none. What it would
            add for them is not known then.
        changes: what differs, in the order of reading; what is gone stands last.
    """

    asked: str
    changes: tuple[Change, ...]


def reread(
    before: Aid, seen: Outcome, after: Aid, answers: Answers, facts: Mapping[str, str], *, language: str
) -> Reread:
    """What `after` would tell a person with these answers, against what they saw in `before`."""
    try:
        now: Outcome | None = outcome(after, answers, facts)
    except Unfinished:
        now = None
    journey = Journey(after, answers, facts)
    asked = journey.open.slug if journey.open is not None else ""
    side = _Sides(before, after, language)
    return Reread(asked, (*side.sentences(seen, now), *side.items(seen, now)))


class _Sides:
    def __init__(self, before: Aid, after: Aid, language: str) -> None:
        self.before, self.after, self.language = before, after, language

    def sentences(self, seen: Outcome, now: Outcome | None) -> Iterator[Change]:
        """Opening sentences, slot by slot: one that took another's place stands beside it."""
        old = {_slot(self.before, each.slug): self.before.sentence[each.slug] for each in seen.meaning}
        if now is None:
            new = {slot: self.after.sentence.get(each.slug) for slot, each in old.items()}
        else:
            new = {_slot(self.after, each.slug): self.after.sentence[each.slug] for each in now.meaning}
        for slot in sorted(old.keys() | new.keys()):
            was, is_now = old.get(slot), new.get(slot)
            parts = self._parts(self._sentence(self.before, was), self._sentence(self.after, is_now))
            named = is_now or was
            if parts and named is not None:
                yield Change(named.slug, SENTENCE, _what(was, is_now), "", parts)

    def items(self, seen: Outcome, now: Outcome | None) -> Iterator[Change]:
        old = {each.slug: self.before.item[each.slug] for each in seen.items}
        if now is None:
            new = {slug: self.after.item[slug] for slug in old if slug in self.after.item}
            reasons: dict[str, tuple[str, ...]] = {}
        else:
            new = {each.slug: self.after.item[each.slug] for each in now.items}
            reasons = {each.slug: each.reasons for each in now.items}
        for slug in (*new, *(slug for slug in old if slug not in new)):
            was, is_now = old.get(slug), new.get(slug)
            parts = self._parts(self._item(self.before, was), self._item(self.after, is_now))
            named = is_now or was
            if parts and named is not None:
                what = _what(was, is_now)
                why = reasons.get(slug, ()) if what == ADDED else ()
                yield Change(slug, named.kind, what, self._in(named.title), parts, why)

    @staticmethod
    def _parts(old: Mapping[str, str], new: Mapping[str, str]) -> tuple[Part, ...]:
        names = dict.fromkeys((*new, *old))
        pairs = (Part(name, old.get(name, ""), new.get(name, "")) for name in names)
        return tuple(part for part in pairs if part.before != part.after)

    def _sentence(self, aid: Aid, sentence: Sentence | None) -> dict[str, str]:
        if sentence is None:
            return {}
        return {"text": self._in(sentence.text), "claims": self._claims(aid, sentence.evidence)}

    def _item(self, aid: Aid, item: Guidance | None) -> dict[str, str]:
        if item is None:
            return {}
        found = {"title": self._in(item.title), "now": item.now or "", "body": self._in(item.body)}
        if item.option is not None:
            found["option-name"] = self._in(item.option.name)
            found["option-certainty"] = self._in(aid.certainty[item.option.certainty].word)
            found |= {f"option-{key}": self._in(item.option.texts[key]) for key in OPTION_TEXTS}
        return found | {"claims": self._claims(aid, item.evidence)}

    def _claims(self, aid: Aid, slugs: tuple[str, ...]) -> str:
        return "\n\n".join(self._in(aid.claim[slug].claim) for slug in slugs)

    def _in(self, text: Text) -> str:
        """In the person's language; in the text's first one where an edition does not have theirs."""
        return text[self.language] if self.language in text else next(iter(text.values()))


def _slot(aid: Aid, slug: str) -> int:
    return next(number for number, slot in enumerate(aid.meaning) if any(each.slug == slug for each in slot))


def _what(was: object, is_now: object) -> str:
    if was is None:
        return ADDED
    return GONE if is_now is None else REWORDED
