"""Safety properties: what must be true of an aid for every possible person, as data that comes with the aid.

Each has a kind, which says how it is meant; `proof.py` proves it. The kinds are those that a decision aid on an
unapproved treatment cannot do without, so an aid without one of each is not published.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from questionnaire.domain.condition_reading import condition
from questionnaire.domain.conditions import Condition
from questionnaire.domain.entries import Entry, Problem
from questionnaire.domain.questions import Text

if TYPE_CHECKING:
    from questionnaire.domain.content import Aid

KINDS = {
    "always-shown": "Everybody who gets guidance (where the condition holds) sees all of these.",
    "only-when": "Nobody sees these unless the condition holds.",
    "claim-never-softens": "Claiming this, all else equal, takes no caution away and never moves to a milder level.",
    "fact-never-softens": "Finding out one of these facts, all else equal, takes nothing away and never softens.",
    "caution-with": "Whoever sees one of these options while the condition holds sees these cautions before it.",
    "urgent-first": "Whoever fulfils the condition sees urgent guidance, and sees it first, part-way too.",
    "at-least-one": "Everybody who gets guidance sees at least one of these.",
    "not-sure-never-softer": "Answering “not sure” in place of anything else never makes the guidance softer.",
    "never-together": "Nobody sees two of one group together.",
    "everything-reached": "Every question, choice, item and sentence is reached by somebody, and nobody gets stuck.",
}

_KEYS: Mapping[str, tuple[str, ...]] = {
    "always-shown": ("items",),
    "only-when": (),
    "claim-never-softens": ("question", "choice", "claims"),
    "fact-never-softens": ("facts",),
    "caution-with": ("cautions",),
    "urgent-first": (),
    "at-least-one": (),
    "not-sure-never-softer": ("choice",),
    "never-together": (),
    "everything-reached": (),
}
"""Which keys a property of each kind cannot do without."""

_OF_ITEMS = ("only-when", "at-least-one", "caution-with", "never-together")
_WITH_CONDITION = ("only-when", "caution-with", "urgent-first")


@dataclass(frozen=True, slots=True)
class Exempt:
    """What a property of the kind not-sure-never-softer leaves out, and why."""

    question: str
    item: str
    why: Text


@dataclass(frozen=True)
class Property:
    """One safety property. Which fields mean something depends on the kind (docs/content-format.md).

    `items` and `groups` name items of guidance and opening sentences.
    """

    slug: str
    kind: str
    title: Text
    why: Text
    when: Condition | None = None
    items: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    saying: tuple[str, ...] = ()
    cautions: tuple[str, ...] = ()
    groups: tuple[tuple[str, ...], ...] = ()
    levels: tuple[tuple[str, ...], ...] = ()
    question: str = ""
    choice: str = ""
    claims: tuple[str, ...] = ()
    facts: tuple[str, ...] = ()
    exempt: tuple[Exempt, ...] = ()


def read_property(entry: Entry) -> Property:
    """The property that this entry of safety.yaml describes."""
    kind = entry.word("kind", KINDS)
    needed = _KEYS.get(kind, ())
    read = Property(
        slug=entry.slug(),
        kind=kind,
        title=entry.text("title"),
        why=entry.text("why"),
        when=condition(entry),
        items=entry.words("items", needed="items" in needed),
        kinds=entry.words("kinds", needed=False),
        saying=entry.words("saying", needed=False),
        cautions=entry.words("cautions", needed="cautions" in needed),
        groups=_groups(entry, "groups", "groups" in needed),
        levels=_groups(entry, "levels", False),
        question=entry.word("question", default=None if "question" in needed else ""),
        choice=entry.word("choice", default=None if "choice" in needed else ""),
        claims=entry.words("claims", needed="claims" in needed),
        facts=entry.words("facts", needed="facts" in needed),
        exempt=tuple(_exempt(entry)),
    )
    if kind in _WITH_CONDITION and read.when is None:
        entry.wrong("when", f"a property of kind “{kind}” needs a condition; write one")
    if kind in _OF_ITEMS and not (read.items or read.kinds or read.saying or read.groups):
        entry.wrong("items", "name at least one item here, or a kind under `kinds`")
    entry.finish()
    return read


def missing_kinds(aid: Aid) -> list[str]:
    """Kinds of which the aid has no property, though it needs one. Without facts none can soften anything."""
    there = {each.kind for each in aid.safety}
    return [kind for kind in KINDS if kind not in there and (aid.facts or kind != "fact-never-softens")]


def _groups(entry: Entry, key: str, needed: bool) -> tuple[tuple[str, ...], ...]:
    groups = []
    for number, raw in enumerate(entry.list(key, needed=needed), 1):
        inner = entry.inner({"items": raw}, f"{key}.{number}")
        groups.append(inner.words("items"))
    return tuple(groups)


def _exempt(entry: Entry) -> Iterator[Exempt]:
    for number, raw in enumerate(entry.list("exempt", needed=False), 1):
        inner = entry.inner(raw, f"exempt.{number}")
        yield Exempt(inner.word("question"), inner.word("item"), inner.text("why"))
        inner.finish()


def check(aid: Aid) -> Iterator[Problem]:
    """Names in safety properties that the aid does not have."""
    for each in aid.safety:
        for key, name, known in _names(aid, each):
            if name not in known:
                message = f"there is no “{name}” in this aid; correct the name or drop it"
                yield Problem("safety.yaml", f"{each.slug}.{key}", message)


def _names(aid: Aid, each: Property) -> Iterator[tuple[str, str, Any]]:
    shown = {**aid.item, **aid.sentence}
    cautions = {slug for slug, item in aid.item.items() if item.kind == "caution"}
    for key in ("items", "groups", "levels"):
        held = getattr(each, key)
        for name in held if key == "items" else (name for group in held for name in group):
            yield key, name, shown
    for name in each.cautions:
        yield "cautions", name, cautions
    for name in each.facts:
        yield "facts", name, {fact.slug for fact in aid.facts}
    for name in each.kinds:
        yield "kinds", name, {item.kind for item in aid.guidance}
    if each.question:
        yield "question", each.question, aid.question
        if each.question in aid.question:
            for name in (each.choice, *each.claims):
                yield "choice", name, aid.question[each.question].choice
    for exempt in each.exempt:
        yield "exempt", exempt.question, aid.question
        yield "exempt", exempt.item, shown
