"""The ladder of oversight in words: what the page, the print and the PDF show of where an offer stands."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from questionnaire.domain import ladder
from questionnaire.domain.content import Aid
from questionnaire.domain.journey import Journey
from questionnaire.domain.ladder import LONGEST_SHOWN, Listing, Step
from questionnaire.domain.questions import Answers
from questionnaire.domain.trial import Finding
from questionnaire.domain.trial_fields import DATED
from questionnaire.exports.guidance import Claim, claim_view
from questionnaire.exports.words import dated, day_words, registry_date

HEADING = "What the registry has under {number}"
RECORD = "https://clinicaltrials.gov/study/{number}"
"""Where people read a record themselves."""


@dataclass(frozen=True, slots=True)
class RungView:
    """One rung; `sayings` pair who says it with what they say. They are empty when nobody knows."""

    slug: str
    title: str
    sayings: tuple[tuple[str, str], ...]
    ask: str


@dataclass(frozen=True, slots=True)
class ListingView:
    """What the registry has under the person's number.

    Attributes:
        heading: what stands above it in print and in files; on screen it is the name of what is folded.
        notes: that it could not be checked, is not listed, has moved, or that this is an older copy.
        title, sponsor: the registry's, untrusted, to be quoted; empty without a record.
        shows, not_shown: each finding's words with the plain name of the field that they come from, empty if an edition
            has none.
        source: where it comes from, of which day, and that it was reworded.
    """

    number: str
    link: str
    heading: str
    notes: tuple[str, ...]
    title: str
    sponsor: str
    shows: tuple[tuple[str, str], ...]
    not_shown: tuple[tuple[str, str], ...]
    source: str


@dataclass(frozen=True, slots=True)
class LadderView:
    """`words` are the fixed texts of the ladder by slug with underscores, as templates name them."""

    words: Mapping[str, str]
    rungs: tuple[RungView, ...]
    listing: ListingView | None
    claims: tuple[Claim, ...]

    @property
    def short_sources(self) -> str:
        """The sources as a short note for print: publisher and year, each once."""
        named = [f"{source.publisher} {source.year}".strip() for claim in self.claims for source in claim.sources]
        return "; ".join(dict.fromkeys(named))


def view(
    aid: Aid,
    answers: Answers,
    facts: Mapping[str, str],
    listing: Listing | None,
    language: str,
    *,
    day: dt.date,
) -> LadderView | None:
    """The ladder of this offer; None for whom it is not meant.

    Args:
        day: on which the facts were found out, where the listing does not tell.
    """
    rules = aid.ladder
    steps = ladder.ladder(rules, Journey(aid, answers, facts).counted)
    if not steps:
        return None
    checked = (listing.checked if listing else None) or day
    ids = dict.fromkeys([*rules.evidence, *(id for rung in rules.rungs for id in rung.evidence)])
    return LadderView(
        words={slug.replace("-", "_"): text[language] for slug, text in rules.words.items()},
        rungs=tuple(_rung(aid, step, language, checked, day) for step in steps),
        listing=_listing(aid, listing, language) if listing else None,
        claims=tuple(claim_view(aid, aid.claim[id], language) for id in ids),
    )


def _rung(aid: Aid, step: Step, language: str, checked: dt.date, day: dt.date) -> RungView:
    rung, words = step.rung, aid.ladder.words
    ask = step.ask or rung.ask or aid.item[rung.item].title
    return RungView(
        slug=rung.slug,
        title=rung.title[language],
        sayings=tuple(
            (dated(words[each.by][language], checked, language), dated(each.text[language], day, language))
            for each in step.sayings
        ),
        ask=ask[language],
    )


def _listing(aid: Aid, listing: Listing, language: str) -> ListingView:
    hidden = set(aid.ladder.not_shown)
    # An edition has no words for a kind of finding that came after it.
    told = [each for each in listing.findings if aid.trial.words[each.slug][language]]
    return ListingView(
        number=listing.number,
        link=RECORD.format(number=listing.moved_to or listing.number),
        heading=HEADING.format(number=listing.number),
        notes=tuple(_notes(aid, listing, language)),
        title=listing.title.translate(_INNER),
        sponsor=listing.sponsor.translate(_INNER),
        shows=tuple(finding_words(aid, each, language) for each in told if each.slug not in hidden),
        not_shown=tuple(finding_words(aid, each, language) for each in told if each.slug in hidden),
        source=_source(aid, listing, language) if listing.checked else "",
    )


def _notes(aid: Aid, listing: Listing, language: str) -> Iterator[str]:
    """What is said of the number before anything that its record shows."""
    words = aid.trial.words
    if listing.moved_to:
        yield filled(words["moved"][language], listing.moved_to)
    if listing.state in ("not-checked", "not-found"):
        yield words[listing.state][language]
    if listing.older:
        yield filled(words["old-copy"][language], day_words(listing.checked, language))


def finding_words(aid: Aid, finding: Finding, language: str) -> tuple[str, str]:
    """What a finding says, and what its field is called. What stands in it from the record is untrusted."""
    value = registry_date(finding.value, language) if finding.slug in DATED else finding.value
    called = aid.trial.fields.get(finding.field, {})
    return filled(aid.trial.words[finding.slug][language], value), called.get(language, "")


_INNER = str.maketrans('“”„‟«»"', "‘’‚‛‹›'")
"""Marks within a quotation, so that nothing that is quoted ends it."""


def filled(text: str, value: str) -> str:
    """The text with what the record has in its place; the brackets around nothing are left out."""
    value = value.translate(_INNER)
    short = value if len(value) <= LONGEST_SHOWN else f"{value[:LONGEST_SHOWN]} …"
    return text.replace("{value}", short) if value else text.replace(" ({value})", "").replace("{value}", "–")


def _source(aid: Aid, listing: Listing, language: str) -> str:
    words = aid.ladder.words["source" if listing.data else "source-without-data"][language]
    return dated(words.replace("{data}", day_words(listing.data, language)), listing.checked, language)
