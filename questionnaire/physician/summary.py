"""The top of a response: what a physician must see of it within half a minute."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from questionnaire.domain.content import Aid
from questionnaire.domain.journey import Journey
from questionnaire.domain.triage import Alternative, Triage
from questionnaire.models import Review
from questionnaire.physician import answers
from questionnaire.physician.answers import NOT_ASKED, SKIPPED, UNSURE, Told
from questionnaire.services import listing, reviews
from questionnaire.services.listing import FlagWords
from questionnaire.services.queueing import Read


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
    def wanted(self) -> list[Against]:
        """Alternatives that the patient leans towards or was offered."""
        return [each for each in self.against if each.wanted]

    @property
    def others(self) -> list[Against]:
        """The rest, as far as there is a reason against them."""
        return [each for each in self.against if not each.wanted and (each.reasons or each.relative)]


def summary(review: Review, found: Read, journey: Journey, today: dt.date) -> Summary:
    """Everything for the top of the page; `journey` is that of the newest version."""
    aid, language = found.aid, found.aid.language
    rules = aid.triage
    who = reviews.identity(review)
    study = answers.told(journey, rules.study, language)
    names = {each.slug: each.name[language] for each in rules.alternatives}
    return Summary(
        who=who,
        age=age(who.born, today) if who else None,
        flags=listing.flag_words(aid, review.flags),
        standing=standing_words(aid, review.standing),
        problem=_asked(answers.told(journey, rules.problem, language)),
        offer=_asked(answers.told(journey, rules.offer, language)),
        says=tuple(each for each in study if each.status == answers.GIVEN),
        unknown=tuple(each for each in study if each.status in (UNSURE, SKIPPED)),
        matters=_asked(answers.told(journey, rules.matters, language)),
        question=reviews.question(review),
        preferred=tuple(names.get(slug, slug) for slug in review.preferred),
        against=tuple(_against(each, found, journey, review.preferred) for each in rules.alternatives),
    )


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
                end = " (relative)" if each.relative else ""
                lines.append((each.relative, f"{alternative.name[aid.language]}: {each.text[aid.language]}{end}"))
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
