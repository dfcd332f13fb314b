"""The top of a response: what a physician must see of it within half a minute."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from questionnaire.domain.content import Aid
from questionnaire.domain.journey import Journey
from questionnaire.domain.triage import Alternative, Triage, causes
from questionnaire.domain.triage_words import cause_words
from questionnaire.models import FdaLetter, Review
from questionnaire.physician import answers
from questionnaire.physician.answers import NOT_ASKED, SKIPPED, UNSURE, Told
from questionnaire.physician.letter_words import letter_words
from questionnaire.services import listing, reviews
from questionnaire.services.listing import FlagWords
from questionnaire.services.queueing import Read

LETTER = "Letter from FDA"
"""How a letter is called that no flag of the edition stands for."""
SHORT, SHORT_LINES = 160, 5
"""Characters and lines of a patient's question that the top of the page has room for."""


@dataclass(frozen=True, slots=True)
class Against:
    """An alternative with the reasons against it. `leans` and `offered` tell why it matters to this patient."""

    name: str
    leans: bool
    offered: bool
    reasons: tuple[str, ...]
    relative: tuple[str, ...]

    @property
    def wanted(self) -> bool:
        return self.leans or self.offered

    @property
    def count(self) -> int:
        """How many reasons there are."""
        return len(self.reasons) + len(self.relative)


@dataclass(frozen=True, slots=True)
class Summary:
    """Slugs of the stored review in the words of its edition, and the answers that stand behind them."""

    who: reviews.Identity | None
    age: int | None
    flags: tuple[FlagWords, ...]
    standing: str
    problem: tuple[Told, ...]
    offer: tuple[Told, ...]
    says: tuple[Told, ...]
    unknown: tuple[Told, ...]
    matters: tuple[Told, ...]
    question: str
    preferred: tuple[str, ...]
    against: tuple[Against, ...]

    @property
    def short_question(self) -> str:
        """The beginning of a question that would push what else stands at the top out of sight; empty for others."""
        lines = self.question.splitlines()
        if len(self.question) <= SHORT and len(lines) <= SHORT_LINES:
            return ""
        return f"{' '.join(self.question.split())[:SHORT].rstrip()} …"

    @property
    def wanted(self) -> list[Against]:
        """Alternatives that the patient leans towards or was offered."""
        return [each for each in self.against if each.wanted]

    @property
    def others(self) -> list[Against]:
        """The rest, as far as there is a reason against them."""
        return [each for each in self.against if not each.wanted and (each.reasons or each.relative)]


def summary(
    review: Review, found: Read, journey: Journey, today: dt.date, letters: Sequence[FdaLetter] = ()
) -> Summary:
    """Everything for the top of the page.

    Args:
        found: the review as `queueing.of_review` reads it.
        journey: that of the newest version.
        letters: those of FDA about the clinic or a product that the patient named.
    """
    aid, language = found.aid, found.aid.language
    rules = aid.triage
    who = reviews.identity(review)
    study = answers.told(journey, [slug for slug in rules.study if slug != rules.price], language)
    offer = dict.fromkeys((*rules.offer[:1], *([rules.price] if rules.price else []), *rules.offer[1:]))
    names = {each.slug: each.name[language] for each in rules.alternatives}
    return Summary(
        who=who,
        age=age(who.born, today) if who else None,
        flags=_flags(review, found, letters),
        standing=standing_words(aid, review.standing),
        problem=_asked(answers.told(journey, rules.problem, language)),
        offer=_asked(answers.told(journey, tuple(offer), language)),
        says=tuple(each for each in study if each.status == answers.GIVEN),
        unknown=tuple(each for each in study if each.status in (UNSURE, SKIPPED)),
        matters=_asked(answers.told(journey, rules.matters, language)),
        question=reviews.question(review),
        preferred=tuple(names.get(slug, slug) for slug in review.preferred),
        against=tuple(_against(each, found, journey, review.preferred) for each in rules.alternatives),
    )


def _flags(review: Review, found: Read, letters: Sequence[FdaLetter]) -> tuple[FlagWords, ...]:
    """Every flag with what raised it. A letter that came in after the flags were set stands behind them."""
    aid = found.aid
    words = causes_of(review, found)
    named = "; ".join(map(letter_words, letters))
    flagged = [flag.slug for flag in aid.triage.flags if flag.letter and flag.slug in review.flags]
    more = (FlagWords(LETTER, urgent=False, cause=named),) if letters and not flagged else ()
    return (*listing.flag_words(aid, review.flags, words | dict.fromkeys(flagged, named)), *more)


def causes_of(review: Review, found: Read) -> dict[str, str]:
    """Why each flag is up, in words, by slug."""
    shown = [each.slug for each in found.outcome.items]
    why = causes(found.aid, found.counted, shown, review.flags, review.preferred)
    return {slug: cause_words(found.aid, each) for slug, each in why.items()}


def age(born: dt.date, today: dt.date) -> int:
    """Whole years."""
    return today.year - born.year - ((today.month, today.day) < (born.month, born.day))


def standing_words(aid: Aid, slug: str) -> str:
    """Where the offer stands, in the edition's words."""
    words = {each.slug: each.text[aid.language] for each in aid.triage.standings}
    return words.get(slug, slug)


def against_words(aid: Aid, found: Triage) -> tuple[str, ...]:
    """Every reason against an alternative in one line, the absolute ones first."""
    lines: list[tuple[bool, str]] = []
    for alternative in aid.triage.alternatives:
        for each in alternative.contraindications:
            if (alternative.slug, each.slug) in found.contraindications:
                care = "with care: " if each.relative else ""
                lines.append((each.relative, f"{alternative.name[aid.language]}: {care}{each.text[aid.language]}"))
    return tuple(line for _, line in sorted(lines, key=lambda line: line[0]))


def _asked(rows: Iterable[Told]) -> tuple[Told, ...]:
    return tuple(each for each in rows if each.status != NOT_ASKED)


def _against(alternative: Alternative, found: Read, journey: Journey, preferred: Iterable[str]) -> Against:
    language = found.aid.language
    holding = {slug for name, slug in found.triage.contraindications if name == alternative.slug}
    holds = [each for each in alternative.contraindications if each.slug in holding]
    return Against(
        name=alternative.name[language],
        leans=alternative.slug in preferred,
        offered=alternative.offered is not None and alternative.offered.holds(journey.counted),
        reasons=tuple(each.text[language] for each in holds if not each.relative),
        relative=tuple(each.text[language] for each in holds if each.relative),
    )
