"""What a decision aid consists of, as frozen values.

An `Aid` is one edition's content, checked and ready to be walked (`journey.py`) and judged (`outcome.py`).
`reading.py` builds it and refuses content that does not hold together, so code that holds an `Aid` may trust it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from questionnaire.domain.conditions import Condition
from questionnaire.domain.ladder_rules import LadderRules
from questionnaire.domain.lint_settings import LintSettings
from questionnaire.domain.questions import Question, Text
from questionnaire.domain.safety import Property
from questionnaire.domain.triage_rules import TriageRules
from questionnaire.domain.trial_rules import TrialRules

GUIDANCE_KINDS = ("urgent", "caution", "alternative", "standard-care", "next-step", "ask")
URGENT_ACTIONS = ("call-911", "call-988", "emergency-room", "same-day")
EFFECT_CERTAINTY = ("high", "moderate", "low", "very-low")
STATEMENT_CERTAINTY = ("official", "reported", "inference")
PAPER = "paper"
"""The word for a source of an official claim that is a paper in a journal; an older edition may lack it."""
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
JOURNAL_KINDS = ("trial", "review", "article")
"""Kinds of sources that are papers in journals, and no text of the law, an agency or a guideline."""
OPTION_TEXTS = ("short", "what", "benefits", "harms", "unknown", "living", "cost", "fda")
"""The texts that every option carries, in the order in which every option shows them (`short` is for the table)."""

SHARING_NOTES = (
    "share-offer",
    "share",
    "share-who",
    "share-how-long",
    "share-back",
    "share-demo",
    "shared",
    "shared-code",
    "shared-kept",
    "withdraw",
    "withdrawn",
    "erase-shared",
)
"""Fixed texts on sharing with the practice."""

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
    "overdue-options",
    "demo",
    "moved",
    "print",
    "answers-kept",
    "erase",
    "erased",
    *SHARING_NOTES,
    *URGENT_ACTIONS,
    "option-certainty",
    *(f"option-{key}" for key in OPTION_TEXTS if key != "short"),
)
"""Fixed texts of an aid that pages rely on."""


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
    safety: tuple[Property, ...] = field(default=())
    lint: LintSettings = field(default_factory=LintSettings)
    triage: TriageRules = field(default_factory=TriageRules)
    trial: TrialRules = field(default_factory=TrialRules)
    ladder: LadderRules = field(default_factory=LadderRules)

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
    def kept(self) -> dict[tuple[str, str], Any]:
        """Room for what others work out of this aid once and want to keep as long as the aid is kept."""
        return {}

    @cached_property
    def section(self) -> Mapping[str, Section]:
        return {section.slug: section for section in self.sections}
