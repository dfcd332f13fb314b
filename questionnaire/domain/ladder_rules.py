"""The oversight ladder of an offer as data that comes with the aid (ladder.yaml): its rungs and all their words.

A rung never adds up to anything: it tells what the person said, what the registry says, and what to ask.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from questionnaire.domain import trial_rules
from questionnaire.domain.condition_reading import condition
from questionnaire.domain.conditions import Condition
from questionnaire.domain.entries import Entry, Problem
from questionnaire.domain.questions import Text

if TYPE_CHECKING:
    from questionnaire.domain.content import Aid

FILE = "ladder.yaml"
SPEAKERS = ("you", "registry", "unchecked")
"""Who can know something of a rung, in the order in which they are told; last, that the registry gave no answer."""
WORDS = (
    "title",
    "caption",
    "intro",
    "you",
    "registry",
    "unchecked",
    "nobody",
    "unknown",
    "ask",
    "doubts",
    "shows",
    "does-not-show",
    "quoted",
    "source",
    "source-without-data",
    "checked-since",
    "checked-since-new",
)
"""Every fixed text of the ladder."""


@dataclass(frozen=True, slots=True)
class Saying:
    """What somebody says of a rung when the condition holds; `{date}` is the day on which the guidance was made."""

    by: str
    text: Text
    when: Condition


@dataclass(frozen=True, slots=True)
class Ask:
    """A question to take to the clinic by those for whom the condition holds, in place of the rung's usual one."""

    text: Text
    when: Condition


@dataclass(frozen=True, slots=True)
class Rung:
    """One rung. Of each speaker the first saying that holds is told.

    Attributes:
        asks: questions that take the place of the usual one; the first that holds counts.
        ask: the question to take to the clinic; empty where `item` names guidance that asks it.
        item: the slug of guidance of kind `ask`, whose title is the question.
    """

    slug: str
    title: Text
    sayings: tuple[Saying, ...]
    evidence: tuple[str, ...]
    ask: Text = field(default_factory=dict)
    item: str = ""
    asks: tuple[Ask, ...] = ()


@dataclass(frozen=True, slots=True)
class FactWords:
    """A fact in words, for whoever reads why an item is shown; `{date}` in `short` is when the registry was asked."""

    short: Text
    values: Mapping[str, Text]


@dataclass(frozen=True, slots=True)
class LadderRules:
    """Everything that the ladder goes by; empty for an aid that brings no ladder.yaml.

    Attributes:
        when: holds for whom the ladder is shown.
        not_shown: slugs of findings that tell what a listing leaves open.
    """

    when: Condition | None = None
    words: Mapping[str, Text] = field(default_factory=dict)
    rungs: tuple[Rung, ...] = ()
    not_shown: tuple[str, ...] = ()
    evidence: tuple[str, ...] = ()
    facts: Mapping[str, FactWords] = field(default_factory=dict)

    def conditions(self) -> Iterator[tuple[str, Condition]]:
        """Every condition, with the key under which it stands in the file."""
        if self.when is not None:
            yield "when", self.when
        for rung in self.rungs:
            for number, each in enumerate(rung.sayings, 1):
                yield f"rungs.{rung.slug}.sayings.{number}.when", each.when
            for number, ask in enumerate(rung.asks, 1):
                yield f"rungs.{rung.slug}.asks.{number}.when", ask.when

    def texts(self) -> Iterator[tuple[str, Text]]:
        """Every text, with the key under which it stands in the file."""
        yield from ((f"words.{slug}", text) for slug, text in self.words.items())
        for rung in self.rungs:
            yield f"rungs.{rung.slug}.title", rung.title
            if rung.ask:
                yield f"rungs.{rung.slug}.ask", rung.ask
            yield from ((f"rungs.{rung.slug}.sayings.{n}.text", each.text) for n, each in enumerate(rung.sayings, 1))
            yield from ((f"rungs.{rung.slug}.asks.{n}.text", each.text) for n, each in enumerate(rung.asks, 1))
        for slug, told in self.facts.items():
            yield f"facts.{slug}.short", told.short
            yield from ((f"facts.{slug}.values.{value}", text) for value, text in told.values.items())


def read_rules(entry: Entry) -> LadderRules:
    """The rules that ladder.yaml holds."""
    words, facts = entry.inner(entry.get("words"), "words"), entry.inner(entry.get("facts"), "facts")
    rules = LadderRules(
        when=condition(entry),
        words={slug: words.text(slug) for slug in WORDS},
        rungs=tuple(_rung(_named(entry, raw, number)) for number, raw in enumerate(entry.list("rungs"), 1)),
        not_shown=entry.words("not_shown", needed=False),
        evidence=entry.words("evidence"),
        facts={slug: _fact(facts.inner(facts.get(slug), slug)) for slug in facts.raw},
    )
    for each in (words, facts, entry):
        each.finish()
    return rules


def _named(entry: Entry, raw: object, number: int) -> Entry:
    named = raw.get("slug") if isinstance(raw, dict) else None
    return entry.inner(raw, f"rungs.{named if isinstance(named, str) and named else number}")


def _rung(entry: Entry) -> Rung:
    sayings = [_saying(entry.inner(raw, f"sayings.{n}")) for n, raw in enumerate(entry.list("sayings"), 1)]
    asks = [_ask(entry.inner(raw, f"asks.{n}")) for n, raw in enumerate(entry.list("asks", needed=False), 1)]
    rung = Rung(
        slug=entry.slug(),
        title=entry.text("title"),
        sayings=tuple(each for each in sayings if each is not None),
        evidence=entry.words("evidence"),
        ask=entry.maybe_text("ask") or {},
        item=entry.word("item", default=""),
        asks=tuple(each for each in asks if each is not None),
    )
    if bool(rung.ask) == bool(rung.item):
        entry.wrong("ask", "a rung needs one question to take along; give it either `ask` or `item`")
    entry.finish()
    return rung


def _saying(entry: Entry) -> Saying | None:
    by, text, when = entry.word("by", SPEAKERS), entry.text("text"), condition(entry)
    if when is None:
        entry.wrong("when", "nobody says this of everybody's offer; write a condition")
    entry.finish()
    return Saying(by, text, when) if when is not None else None


def _ask(entry: Entry) -> Ask | None:
    text, when = entry.text("text"), condition(entry)
    if when is None:
        entry.wrong("when", "this takes the place of the usual question for some; write a condition")
    entry.finish()
    return Ask(text, when) if when is not None else None


def _fact(entry: Entry) -> FactWords:
    values = entry.inner(entry.get("values"), "values")
    told = FactWords(entry.text("short"), {slug: values.text(slug) for slug in values.raw})
    values.finish()
    entry.finish()
    return told


def check(aid: Aid) -> Iterator[Problem]:
    """What does not fit the rest of the aid: unknown evidence, items and findings, rungs twice, facts without words."""
    rules = aid.ladder
    for slug in sorted(slug for slug, count in Counter(rung.slug for rung in rules.rungs).items() if count > 1):
        yield Problem(FILE, f"rungs.{slug}", "two rungs have this slug; give one another name")
    cited = [("evidence", rules.evidence), *((f"rungs.{rung.slug}.evidence", rung.evidence) for rung in rules.rungs)]
    for key, ids in cited:
        for unknown in (id for id in ids if id not in aid.claim):
            yield Problem(FILE, key, f"there is no evidence “{unknown}”; correct the name or add it")
    for rung in rules.rungs:
        if rung.item and (rung.item not in aid.item or aid.item[rung.item].kind != "ask"):
            message = f"there is no guidance “{rung.item}” of kind `ask`; correct the name or write `ask`"
            yield Problem(FILE, f"rungs.{rung.slug}.item", message)
    for unknown in (slug for slug in rules.not_shown if slug not in trial_rules.ALL):
        yield Problem(FILE, "not_shown", f"a check never finds “{unknown}”; correct the name or drop it")
    if rules.rungs:
        for fact in aid.facts:
            told = rules.facts[fact.slug].values if fact.slug in rules.facts else {}
            for value in (value for value in fact.values if value not in told):
                message = "people read why an item is shown, so this value needs words; write them"
                yield Problem(FILE, f"facts.{fact.slug}.values.{value}", message)
