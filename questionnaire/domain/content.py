"""What a decision aid consists of, as frozen values.

An `Aid` is one edition's content, checked and ready to be walked (`journey.py`) and judged (`outcome.py`).
`reading.py` builds it and refuses content that does not hold together, so code that holds an `Aid` may trust it.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property

from questionnaire.domain.conditions import DATE, NUMBER, Condition

Text = Mapping[str, str]
"""A text by language code, in plain words or in the aid's Markdown subset."""

Answer = str | list[str] | dict[str, str] | None
"""One stored answer, as it lies in JSON.

A choice slug (kind one); choice slugs (many); what was typed, normalised (number, date, text, trial-number);
`{"choice": slug}` where a typed kind was answered by a choice instead; None for an optional question skipped.
"""

Answers = Mapping[str, Answer]

QUESTION_KINDS = ("one", "many", "number", "date", "text", "trial-number")
TYPED_KINDS = ("number", "date", "text", "trial-number")
GUIDANCE_KINDS = ("urgent", "caution", "alternative", "standard-care", "next-step", "ask")
URGENT_ACTIONS = ("call-911", "call-988", "emergency-room", "same-day")
EFFECT_CERTAINTY = ("high", "moderate", "low", "very-low")
STATEMENT_CERTAINTY = ("official", "reported", "inference")
EVIDENCE_KINDS = ("rule", "effect", "report")
READ_AT = ("primary", "secondary")
SOURCE_KINDS = (
    "government",
    "guideline",
    "trial",
    "review",
    "law",
    "court",
    "professional",
    "news",
    "company",
    "article",
)
OPTION_TEXTS = ("short", "what", "benefits", "harms", "unknown", "living", "cost", "fda")
"""The texts that every option carries, in the order in which every option shows them (`short` is for the table)."""

REQUIRED_NOTES = (
    "name",
    "start",
    "start-points",
    "emergency",
    "urgent",
    "urgent-go-on",
    "check",
    "result",
    "next-steps",
    "cautions",
    "options",
    "glance",
    "ask",
    "not-advice",
    "overdue",
    "demo",
    "moved",
    "print",
    "answers-kept",
    "erase",
    "erased",
    *URGENT_ACTIONS,
    "option-certainty",
    *(f"option-{key}" for key in OPTION_TEXTS if key != "short"),
)
"""Fixed texts of an aid that pages rely on."""

LONGEST_TEXT = 1000
"""Characters a short text answer may have when its question sets no `most`."""

TRIAL_NUMBER = re.compile(r"NCT\d{8}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Choice:
    slug: str
    text: Text
    hint: Text | None = None
    exclusive: bool = False


@dataclass(frozen=True)
class Question:
    slug: str
    kind: str
    section: str
    short: Text
    text: Text
    hint: Text | None = None
    optional: bool = False
    for_physician: bool = False
    when: Condition | None = None
    choices: tuple[Choice, ...] = ()
    least: str | None = None
    most: str | None = None
    decimals: int = 0
    unit: Text | None = None

    @cached_property
    def choice(self) -> Mapping[str, Choice]:
        """Choices by slug."""
        return {choice.slug: choice for choice in self.choices}

    @property
    def most_chosen(self) -> int | None:
        """How many choices of a `many` may stand together; None for no bound."""
        return how_many(self.most) if self.kind == "many" else None

    def accepts(self, answer: Answer) -> bool:
        """Whether this stored value is a possible answer to this question, as it now stands."""
        if answer is None:
            return self.optional
        if isinstance(answer, dict):
            return self.kind in TYPED_KINDS and set(answer) == {"choice"} and answer["choice"] in self.choice
        if isinstance(answer, list):
            return self.kind == "many" and self._accepts_several(answer)
        if self.kind == "one":
            return answer in self.choice
        return self.kind in TYPED_KINDS and self._accepts_typed(answer)

    def _accepts_several(self, answer: list[str]) -> bool:
        if not answer or len(set(answer)) != len(answer) or any(slug not in self.choice for slug in answer):
            return False
        if len(answer) > 1 and any(self.choice[slug].exclusive for slug in answer):
            return False
        return self.most_chosen is None or len(answer) <= self.most_chosen

    def _accepts_typed(self, answer: str) -> bool:
        if self.kind == "trial-number":
            return bool(TRIAL_NUMBER.fullmatch(answer))
        if self.kind == "text":
            return bool(answer.strip()) and len(answer) <= (how_many(self.most) or LONGEST_TEXT)
        value = ordered(answer, self.kind)
        if value is None:
            return False
        low, high = ordered(self.least, self.kind), ordered(self.most, self.kind)
        return (low is None or low <= value) and (high is None or value <= high)  # type: ignore[operator]


def ordered(value: str | None, kind: str) -> Decimal | dt.date | None:
    """A number or a date that can be compared; None when `value` is neither."""
    if value is None:
        return None
    if kind != "date":
        return Decimal(value) if NUMBER.fullmatch(value) else None
    try:
        return dt.date.fromisoformat(value) if DATE.fullmatch(value) else None
    except ValueError:
        return None


def how_many(value: str | None) -> int | None:
    """A whole number from 1 up to six digits; None when `value` is not one."""
    return int(value) if value is not None and re.fullmatch(r"[1-9][0-9]{0,5}", value) else None


def values_of(answer: Answer) -> tuple[str, ...]:
    """The values that conditions compare: choice slugs, or what was typed. Empty for a skipped question."""
    if answer is None:
        return ()
    if isinstance(answer, str):
        return (answer,)
    return tuple(answer.values()) if isinstance(answer, dict) else tuple(answer)


@dataclass(frozen=True, slots=True)
class Section:
    slug: str
    title: Text


@dataclass(frozen=True, slots=True)
class Option:
    """One of the options a person weighs; every option has the same texts (`OPTION_TEXTS`)."""

    name: Text
    certainty: str
    texts: Mapping[str, Text]


@dataclass(frozen=True, slots=True)
class Guidance:
    slug: str
    kind: str
    rank: int
    title: Text
    body: Text
    evidence: tuple[str, ...]
    when: Condition | None = None
    now: str | None = None
    option: Option | None = None


@dataclass(frozen=True, slots=True)
class Sentence:
    """One candidate for a slot of the opening sentences."""

    slug: str
    text: Text
    evidence: tuple[str, ...]
    when: Condition | None = None


@dataclass(frozen=True, slots=True)
class Source:
    slug: str
    title: str
    publisher: str
    date: str
    url: str
    kind: str
    last_checked: dt.date

    @property
    def year(self) -> str:
        """The year of its date; empty when the date is not known."""
        return self.date[:4]


@dataclass(frozen=True, slots=True)
class Evidence:
    id: str
    claim: Text
    kind: str
    certainty: str
    read: str
    sources: tuple[str, ...]
    last_checked: dt.date
    note: str = ""
    unused: str = ""


@dataclass(frozen=True, slots=True)
class Certainty:
    slug: str
    word: Text
    meaning: Text


@dataclass(frozen=True, slots=True)
class Term:
    slug: str
    word: Text
    forms: Mapping[str, tuple[str, ...]]
    meaning: Text
    evidence: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Page:
    slug: str
    title: Text
    lead: Text
    body: Text
    evidence: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Fact:
    """Something the program finds out itself; every value it can take is declared."""

    slug: str
    values: tuple[str, ...]


@dataclass(frozen=True)
class Aid:
    """The whole content of one edition. `guidance` stands in the order in which it is shown: by kind, then by rank."""

    slug: str
    languages: tuple[str, ...]
    title: Text
    decision: Text
    reviewed: dt.date
    next_review: dt.date
    facts: tuple[Fact, ...]
    certainties: tuple[Certainty, ...]
    notes: Mapping[str, Text]
    sections: tuple[Section, ...]
    questions: tuple[Question, ...]
    guidance: tuple[Guidance, ...]
    meaning: tuple[tuple[Sentence, ...], ...]
    evidence: tuple[Evidence, ...]
    sources: tuple[Source, ...]
    terms: tuple[Term, ...] = field(default=())
    pages: tuple[Page, ...] = field(default=())

    @property
    def language(self) -> str:
        """The default language: the first one declared."""
        return self.languages[0]

    @cached_property
    def question(self) -> Mapping[str, Question]:
        return {question.slug: question for question in self.questions}

    @cached_property
    def item(self) -> Mapping[str, Guidance]:
        return {item.slug: item for item in self.guidance}

    @cached_property
    def sentence(self) -> Mapping[str, Sentence]:
        return {sentence.slug: sentence for slot in self.meaning for sentence in slot}

    @cached_property
    def claim(self) -> Mapping[str, Evidence]:
        return {entry.id: entry for entry in self.evidence}

    @cached_property
    def source(self) -> Mapping[str, Source]:
        return {source.slug: source for source in self.sources}

    @cached_property
    def certainty(self) -> Mapping[str, Certainty]:
        return {certainty.slug: certainty for certainty in self.certainties}

    @cached_property
    def page(self) -> Mapping[str, Page]:
        return {page.slug: page for page in self.pages}

    @cached_property
    def section(self) -> Mapping[str, Section]:
        return {section.slug: section for section in self.sections}
