"""What the check of a trial number goes by and says, as data that comes with the aid (trial.yaml).

Terms, brands and words for body parts change with the market and with language, so an editor of the folder can add to
them; which finding follows from which field of a record is fixed in `trial.py`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from questionnaire.domain.entries import Entry, Problem
from questionnaire.domain.questions import Text
from questionnaire.domain.trial_fields import FIELDS

if TYPE_CHECKING:
    from questionnaire.domain.content import Aid

FILE = "trial.yaml"
LETTER_NOTE = "letter"
"""The note that says what a letter of FDA is, beside each that is shown."""

FINDINGS: Mapping[str, tuple[str, ...]] = {
    "A": ("listing-is-not-approval",),
    "B": ("payment-not-in-record", "payment-in-text"),
    "C": (
        "status-recruiting",
        "status-recruiting-undated",
        "status-not-yet-recruiting",
        "status-enrolling-by-invitation",
        "status-closed",
        "status-suspended",
        "status-terminated",
        "status-withdrawn",
        "status-withheld",
        "status-not-stated",
        "why-stopped",
    ),
    "D": ("status-unknown", "last-known-status"),
    "E": ("stale", "no-date", "completion-passed", "start-passed"),
    "F": (
        "exosomes-tested",
        "exosomes-described",
        "exosomes-mentioned",
        "exosomes-not-mentioned",
        "brand-named",
        "what-is-tested",
    ),
    "G": ("body-part-fits", "body-part-other", "body-part-not-compared", "problem-not-stated"),
    "H": ("type-interventional", "type-observational", "type-expanded-access", "type-not-stated"),
    "I": (
        "site-clinic-named",
        "site-same-city",
        "site-same-state",
        "site-us-elsewhere",
        "site-none-in-us",
        "site-none-listed",
        "site-masked",
        "site-not-compared",
    ),
    "J": ("fda-flag-yes", "fda-flag-no", "fda-flag-no-abroad", "fda-flag-not-stated"),
    "K": (
        "phase-early",
        "phase-later",
        "phase-none",
        "phase-not-stated",
        "design-without-control",
        "design-active-control",
        "design-open",
        "safety-board",
    ),
    "L": (
        "expanded-available",
        "expanded-paused",
        "expanded-ended",
        "expanded-marketed",
        "expanded-elsewhere",
    ),
    "M": ("results-posted", "results-none", "results-not-known"),
    "N": ("sponsor", "sponsor-is-clinic", "sponsor-is-site", "sponsor-not-stated"),
    "O": ("sponsor-speaks-of-approval", "approval-not-near"),
    "P": ("source",),
}
"""Every finding by its rule. Each has its words in trial.yaml."""

SPONSORS_OWN = frozenset(
    (
        *("payment-in-text", "why-stopped", "what-is-tested", "brand-named", "sponsor-speaks-of-approval"),
        *("exosomes-tested", "exosomes-described", "exosomes-mentioned"),
        *("body-part-fits", "body-part-other", "body-part-not-compared"),
        *(slug for slug in FINDINGS["I"]),
        *("sponsor", "sponsor-is-clinic", "sponsor-is-site"),
    )
)
"""Findings whose value the sponsor wrote: their words quote it, and never repeat it as a fact."""
_IN_QUOTES = re.compile(r"[“„‟«‹‘‚\"「]\s?\{value\}\s?[”“»›’‘\"」]")

UNCHECKED = ("not-checked", "not-found", "moved", "old-copy")
"""What is said when there is no fresh record to judge."""

ALL = (*(slug for slugs in FINDINGS.values() for slug in slugs), *UNCHECKED)
"""Everything that has words."""

FACTS: Mapping[str, tuple[str, ...]] = {
    "registry": ("found", "not-found", "not-checked"),
    "registry-open": ("open", "by-invitation", "not-open", "not-known"),
    "registry-fresh": ("fresh", "stale", "no-date"),
    "registry-exosomes": ("tested", "product", "described", "mentioned", "not-mentioned"),
    "registry-body-part": ("fits", "other", "not-compared"),
    "registry-site": (
        "clinic-named",
        "same-city",
        "same-state",
        "us-elsewhere",
        "none-in-us",
        "none-listed",
        "masked",
        "not-compared",
    ),
    "registry-type": ("interventional", "observational", "expanded-access", "not-stated"),
    "registry-fda-flag": ("yes", "no", "not-stated"),
    "registry-expanded": ("available", "paused", "ended", "marketed", "not-stated", "none"),
    "registry-stopped": ("stopped", "not-stopped"),
    "registry-paid": ("in-text", "not-in-text"),
    "registry-study": ("same", "other", "not-sure", "not-asked"),
}
"""Every fact that a check can find out, with every value.

`registry-study` is the person's own word, `not-asked` where there was no record to ask them about; `registry-expanded`
is how a record of expanded access stands, and `none` for every other record.
"""


@dataclass(frozen=True)
class TrialRules:
    """Words and terms of one edition.

    Attributes:
        evidence: ids of the claims behind each finding.
        words: what each finding and each case of `UNCHECKED` says; `{value}` stands for what the record has.
        fields: what people call each of the registry's fields.
        terms: patterns of one word or phrase that mean exosomes; a star stands for any ending.
        exact_terms: the same, but in these capitals only.
        brands: names of products.
        parts: words for each body part or condition, by slug.
        wider: by part, the parts that may hold it: a study of arthritis that names no joint may be one of knees.
        part_of: which of `parts` belong to which answer: question, then choice, then slugs of parts.
        payment, approval: phrases that tell of payment by patients, and of approval.
        masked: phrases of a site's name that hide which site it is.
        letters_for_patients: whether patients are told of a letter of FDA about the name that they typed.
    """

    words: Mapping[str, Text] = field(default_factory=dict)
    fields: Mapping[str, Text] = field(default_factory=dict)
    evidence: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    terms: tuple[str, ...] = ()
    exact_terms: tuple[str, ...] = ()
    brands: tuple[str, ...] = ()
    parts: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    wider: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    part_of: Mapping[str, Mapping[str, tuple[str, ...]]] = field(default_factory=dict)
    payment: tuple[str, ...] = ()
    approval: tuple[str, ...] = ()
    masked: tuple[str, ...] = ()
    letters_for_patients: bool = False

    @property
    def given(self) -> bool:
        """Whether the aid brings rules at all; without them no number is checked."""
        return bool(self.words)

    @cached_property
    def exosomes(self) -> re.Pattern[str]:
        """Any term that means exosomes; brands are apart."""
        return _any(_loosely(self.terms) | {term: _spelt(term) for term in self.exact_terms})

    @cached_property
    def branded(self) -> re.Pattern[str]:
        return _any(_loosely(self.brands))

    @cached_property
    def paying(self) -> re.Pattern[str]:
        return _any(_loosely(self.payment))

    @cached_property
    def approving(self) -> re.Pattern[str]:
        return _any(_loosely(self.approval))

    @cached_property
    def hidden(self) -> re.Pattern[str]:
        return _any(_loosely(self.masked))

    @cached_property
    def part(self) -> Mapping[str, re.Pattern[str]]:
        return {slug: _any(_loosely(words)) for slug, words in self.parts.items()}

    def texts(self) -> Iterator[tuple[str, Text]]:
        """Every text with its key, for the checks of words."""
        for slug, text in self.words.items():
            yield f"words.{slug}", text
        for name, text in self.fields.items():
            yield f"fields.{name}", text


def _spelt(term: str) -> str:
    """A phrase as a pattern: any white space or hyphen between words, a star for any ending."""
    parts = [re.escape(part) for part in re.split(r"[\s-]+", term.rstrip("*"))]
    return r"[\s\-–]{0,3}".join(parts) + (r"\w*" if term.endswith("*") else "")


def _any(patterns: Mapping[str, str]) -> re.Pattern[str]:
    """Any of these phrases, each with its pattern, as whole words only: "discharge" holds no "charge"."""
    if not patterns:
        return re.compile(r"(?!)")
    # A look at one letter spares trying each phrase at each place, which is most of what a search takes.
    firsts = "".join({re.escape(letter) for phrase in patterns for letter in (phrase[0].lower(), phrase[0].upper())})
    return re.compile(rf"(?=[{firsts}])(?<!\w)(?:{'|'.join(patterns.values())})(?!\w)")


def _loosely(phrases: Iterable[str]) -> dict[str, str]:
    """The phrases in any case."""
    return {phrase: f"(?i:{_spelt(phrase)})" for phrase in phrases}


def read_rules(entry: Entry) -> TrialRules:
    """The rules that trial.yaml holds."""
    words, terms = entry.inner(entry.get("words"), "words"), entry.inner(entry.get("terms"), "terms")
    fields = entry.inner(entry.get("fields"), "fields")
    evidence = entry.inner(entry.get("evidence"), "evidence")
    parts, part_of = entry.inner(entry.get("parts"), "parts"), entry.inner(entry.get("part_of"), "part_of")
    wider = entry.inner(entry.get("wider"), "wider")
    rules = TrialRules(
        words={slug: words.text(slug) for slug in ALL},
        fields={name: fields.text(name) for name in FIELDS},
        evidence={slug: evidence.words(slug) for slug in ALL},
        terms=terms.words("exosomes"),
        exact_terms=terms.words("exosomes_exact"),
        brands=terms.words("brands"),
        payment=terms.words("payment"),
        approval=terms.words("approval"),
        masked=terms.words("masked_sites"),
        parts={slug: parts.words(slug) for slug in parts.raw},
        wider={slug: wider.words(slug) for slug in wider.raw},
        part_of={question: _choices(part_of, question) for question in part_of.raw},
        letters_for_patients=entry.flag("letters_for_patients"),
    )
    for each in (words, fields, evidence, terms, parts, wider, part_of, entry):
        each.finish()
    return rules


def _choices(part_of: Entry, question: str) -> dict[str, tuple[str, ...]]:
    choices = part_of.inner(part_of.get(question), question)
    found = {choice: choices.words(choice) for choice in choices.raw}
    choices.finish()
    return found


def _unquoted(rules: TrialRules) -> Iterator[Problem]:
    """Words that repeat what a sponsor wrote as if it were a fact."""
    for slug in sorted(SPONSORS_OWN.intersection(rules.words)):
        for language, text in rules.words[slug].items():
            if "{value}" in _IN_QUOTES.sub("", text):
                message = "the value is the sponsor's own text; put it in quotation marks, as in “{value}”"
                yield Problem(FILE, f"words.{slug}.{language}", message)


def check(aid: Aid) -> Iterator[Problem]:
    """What does not fit the rest of the aid: unknown evidence, questions, choices and parts, facts of other values."""
    rules = aid.trial
    yield from _unquoted(rules)
    for slug, ids in rules.evidence.items():
        for unknown in (id for id in ids if id not in aid.claim):
            yield Problem(FILE, f"evidence.{slug}", f"there is no evidence “{unknown}”; correct the name or add it")
    for part, wider in rules.wider.items():
        for unknown in (each for each in (part, *wider) if each not in rules.parts):
            yield Problem(FILE, f"wider.{part}", f"there is no “{unknown}” under `parts`; correct the name or add it")
    for name, choices in rules.part_of.items():
        question = aid.question.get(name)
        if question is None:
            yield Problem(FILE, f"part_of.{name}", "there is no question of this name; correct the name or drop it")
            continue
        for choice, parts in choices.items():
            if choice not in question.choice:
                yield Problem(
                    FILE, f"part_of.{name}.{choice}", "the question has no such choice; correct it or drop it"
                )
            for unknown in (part for part in parts if part not in rules.parts):
                message = f"there is no “{unknown}” under `parts`; correct the name or add it"
                yield Problem(FILE, f"part_of.{name}.{choice}", message)
    if rules.letters_for_patients and LETTER_NOTE not in aid.notes:
        yield Problem("aid.yaml", f"notes.{LETTER_NOTE}", "patients are told of letters, so write what is said of them")
    if rules.given:
        for fact in aid.facts:
            if fact.slug in FACTS and fact.values != FACTS[fact.slug]:
                message = f"the fact “{fact.slug}” has these values: {', '.join(FACTS[fact.slug])}; write them so"
                yield Problem("aid.yaml", f"facts.{fact.slug}", message)
