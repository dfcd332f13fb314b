"""What a physician needs to see of a response first, as data that comes with the aid (triage.yaml).

The words are for staff. They tell what the patient said and what follows from it, and judge no product.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from questionnaire.domain.condition_reading import condition
from questionnaire.domain.conditions import Condition, fact_key
from questionnaire.domain.entries import Entry
from questionnaire.domain.questions import Question, Text

if TYPE_CHECKING:
    pass

FILE = "triage.yaml"
HIGHEST_LEVEL = 89
"""Levels go from 0 to here; those above are kept for an inbox to put responses without a flag after all others."""

QUESTION_LISTS = ("problem", "offer", "matters", "study")


@dataclass(frozen=True, slots=True)
class Flag:
    """What a physician acts on. It holds when any of `when`, `now`, `contraindicated` and `letter` does.

    Attributes:
        level: its place in the order of the inbox, low first; 0 to `HIGHEST_LEVEL`.
        text: one short phrase for staff.
        now: holds where urgent guidance with one of these actions is shown.
        contraindicated: holds where an alternative that the patient leans towards has a contraindication.
        letter: holds where a public letter of FDA names the clinic or a product as the patient did.
    """

    slug: str
    level: int
    text: Text
    when: Condition | None = None
    now: tuple[str, ...] = ()
    contraindicated: bool = False
    letter: bool = False


@dataclass(frozen=True, slots=True)
class Standing:
    """Where the offer stands on the oversight ladder. The first that holds counts; the last has no condition."""

    slug: str
    text: Text
    when: Condition | None = None


@dataclass(frozen=True, slots=True)
class Contraindication:
    """A reason against an alternative, or, where `relative`, a reason for care that raises no flag.

    `items` are the cautions that tell the patient so.
    """

    slug: str
    text: Text
    when: Condition | None
    items: tuple[str, ...] = ()
    relative: bool = False


@dataclass(frozen=True, slots=True)
class Alternative:
    """An alternative that a patient may lean towards.

    Attributes:
        items: the guidance items that describe it.
        offered: holds when the patient was offered it; None when no question tells.
    """

    slug: str
    name: Text
    items: tuple[str, ...]
    offered: Condition | None
    contraindications: tuple[Contraindication, ...]


@dataclass(frozen=True, slots=True)
class StaffName:
    """What staff read in place of a question's short name, which speaks to the patient. `slug` is the question's."""

    slug: str
    text: Text


@dataclass(frozen=True, slots=True)
class TriageRules:
    """Everything that triage goes by; empty for an aid that brings no triage.yaml.

    Attributes:
        problem: questions that tell the condition, the main one first.
        offer: questions that tell what was offered.
        price: the question that tells what was asked to pay; empty when there is none.
        matters: questions that tell what matters to the patient.
        study: questions that bear on the study, in order.
        state: the question that tells the clinic's state; empty when there is none.
        causes: what is said of an answer or a fact that raises a flag, by its key (as in `Counted`) and its value;
            what stands nowhere here is not told beside the flag.
        names: what staff read in place of short names.
    """

    flags: tuple[Flag, ...] = ()
    standings: tuple[Standing, ...] = ()
    alternatives: tuple[Alternative, ...] = ()
    problem: tuple[str, ...] = ()
    offer: tuple[str, ...] = ()
    price: str = ""
    matters: tuple[str, ...] = ()
    study: tuple[str, ...] = ()
    state: str = ""
    causes: Mapping[str, Mapping[str, Text]] = field(default_factory=dict)
    names: tuple[StaffName, ...] = ()

    def conditions(self) -> Iterator[tuple[str, Condition]]:
        """Every condition, with the key under which it stands in the file."""
        held: list[tuple[str, Condition | None]] = [(f"flags.{each.slug}.when", each.when) for each in self.flags]
        held += [(f"standings.{each.slug}.when", each.when) for each in self.standings]
        for each in self.alternatives:
            held.append((f"alternatives.{each.slug}.offered", each.offered))
            held += [(f"alternatives.{each.slug}.{one.slug}.when", one.when) for one in each.contraindications]
        yield from ((key, when) for key, when in held if when is not None)

    def texts(self) -> Iterator[tuple[str, Text]]:
        """Every text, with the key under which it stands in the file."""
        yield from ((f"flags.{each.slug}.text", each.text) for each in self.flags)
        yield from ((f"standings.{each.slug}.text", each.text) for each in self.standings)
        for each in self.alternatives:
            yield f"alternatives.{each.slug}.name", each.name
            yield from ((f"alternatives.{each.slug}.{one.slug}.text", one.text) for one in each.contraindications)
        for key, words in self.causes.items():
            yield from ((f"causes.{key}.{value}", text) for value, text in words.items())
        yield from ((f"names.{each.slug}.text", each.text) for each in self.names)

    def name_of(self, question: Question, language: str) -> str:
        """How staff call a question: its name here or, without one, its short name."""
        named = next((each.text for each in self.names if each.slug == question.slug), question.short)
        return named[language]


def read_rules(entry: Entry, actions: Collection[str]) -> TriageRules:
    """The rules that triage.yaml holds; `actions` are what urgent guidance can ask for."""
    rules = TriageRules(
        flags=tuple(_flag(each, actions) for each in _each(entry, "flags")),
        standings=tuple(_standing(each) for each in _each(entry, "standings")),
        alternatives=tuple(_alternative(each) for each in _each(entry, "alternatives")),
        problem=entry.words("problem", needed=False),
        offer=entry.words("offer", needed=False),
        price=entry.word("price", default=""),
        matters=entry.words("matters", needed=False),
        study=entry.words("study", needed=False),
        state=entry.word("state", default=""),
        causes=_causes(entry),
        names=tuple(_name(each) for each in _each(entry, "names")),
    )
    entry.finish()
    return rules


def _each(entry: Entry, key: str, *, told: bool = True) -> Iterator[Entry]:
    """The entries listed under this key. Each place is the entry's name, or its number; after the key where `told`."""
    for number, raw in enumerate(entry.list(key, needed=False), 1):
        named = raw.get("slug") if isinstance(raw, dict) else None
        name = named if isinstance(named, str) and named else f"entry {number}"
        yield entry.inner(raw, f"{key}.{name}" if told else name)


def _flag(entry: Entry, actions: Collection[str]) -> Flag:
    flag = Flag(
        slug=entry.slug(),
        level=entry.whole("level", -1),
        text=entry.text("text"),
        when=condition(entry),
        now=entry.words("now", needed=False),
        contraindicated=entry.flag("contraindicated"),
        letter=entry.flag("letter"),
    )
    if not 0 <= flag.level <= HIGHEST_LEVEL:
        entry.wrong("level", f"a level from 0 to {HIGHEST_LEVEL} is needed here; correct it")
    for action in flag.now:
        if action not in actions:
            entry.wrong("now", f"“{action}” is not known here; use one of: {', '.join(sorted(actions))}")
    if flag.when is None and not flag.now and not flag.contraindicated and not flag.letter:
        entry.wrong("", "this flag can never hold; give it one of `when`, `now`, `contraindicated` and `letter`")
    entry.finish()
    return flag


def _causes(entry: Entry) -> dict[str, dict[str, Text]]:
    """By question or fact, its words by value."""
    found: dict[str, dict[str, Text]] = {}
    for each in _each(entry, "causes"):
        key = fact_key(each.word("fact")) if each.has("fact") else each.word("question")
        words = each.inner(each.get("words"), "words")
        if key in found:
            each.wrong("", "another entry is about the same; put their words together")
        found[key] = {value: words.text(value) for value in words.raw}
        words.finish()
        each.finish()
    return found


def _name(entry: Entry) -> StaffName:
    name = StaffName(entry.slug(), entry.text("text"))
    entry.finish()
    return name


def _standing(entry: Entry) -> Standing:
    standing = Standing(entry.slug(), entry.text("text"), condition(entry))
    entry.finish()
    return standing


def _alternative(entry: Entry) -> Alternative:
    alternative = Alternative(
        slug=entry.slug(),
        name=entry.text("name"),
        items=entry.words("items"),
        offered=condition(entry, "offered"),
        contraindications=tuple(_contraindication(each) for each in _each(entry, "contraindications", told=False)),
    )
    entry.finish()
    return alternative


def _contraindication(entry: Entry) -> Contraindication:
    read = Contraindication(
        slug=entry.slug(),
        text=entry.text("text"),
        when=condition(entry),
        items=entry.words("items", needed=False),
        relative=entry.flag("relative"),
    )
    if read.when is None:
        entry.wrong("when", "a contraindication needs a condition; write one")
    entry.finish()
    return read
