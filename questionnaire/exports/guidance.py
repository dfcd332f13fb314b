"""The guidance of one finished version, in words and in reading order: what the page, the print and the PDF show."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import lru_cache

from questionnaire.domain.content import JOURNAL_KINDS, OPTION_TEXTS, PAPER, Aid, Evidence, Guidance, Source, Term
from questionnaire.domain.outcome import Outcome, Shown
from questionnaire.domain.questions import TYPED_KINDS, Answers
from questionnaire.exports.words import NOTHING_FOUND, Found, reason_words


@dataclass(frozen=True, slots=True)
class Claim:
    """A claim behind an item, with its place on the scale and where it was read.

    Attributes:
        grounds: what each kind of its sources is called, with the sources: papers in journals stand apart from official
            texts.
    """

    text: str
    secondary: bool
    grounds: tuple[tuple[str, tuple[Source, ...]], ...]

    @property
    def sources(self) -> tuple[Source, ...]:
        return tuple(source for _, sources in self.grounds for source in sources)


@dataclass(frozen=True, slots=True)
class OptionView:
    name: str
    certainty: str
    short: str
    texts: tuple[tuple[str, str], ...]
    """(key, Markdown) in the one order that every option has; the key names the heading."""


@dataclass(frozen=True, slots=True)
class Card:
    """One item of guidance in one language.

    `why` pairs a question's short name with the person's answer; `personal` says that it holds what they typed.
    """

    slug: str
    kind: str
    title: str
    body: str
    now: str
    why: tuple[tuple[str, str], ...]
    claims: tuple[Claim, ...]
    terms: tuple[tuple[str, str], ...]
    option: OptionView | None
    personal: bool = False

    @property
    def short_sources(self) -> str:
        """The sources as a short note for print: publisher and year, each once."""
        names: dict[str, None] = {}
        for claim in self.claims:
            names.update((f"{source.publisher} {source.year}".strip(), None) for source in claim.sources)
        return "; ".join(names)


@dataclass(frozen=True, slots=True)
class GuidanceView:
    """What an outcome says, in reading order.

    `meaning` pairs each opening sentence with its slug; `withheld` names the alternatives that are not described, since
    the content is overdue for review.
    """

    meaning: tuple[tuple[str, str], ...]
    urgent: tuple[Card, ...]
    steps: tuple[Card, ...]
    cautions: tuple[Card, ...]
    options: tuple[Card, ...]
    asks: tuple[Card, ...]
    sources: tuple[Source, ...]
    scale: tuple[tuple[str, str], ...]
    withheld: tuple[str, ...] = ()


def view(
    aid: Aid, answers: Answers, result: Outcome, language: str, *, overdue: bool = False, found: Found = NOTHING_FOUND
) -> GuidanceView:
    """Everything that this outcome shows, in words.

    Args:
        overdue: the content's review is overdue: alternatives are named but no longer described.
        found: what the program found out for these answers.
    """
    cards = [card(aid, answers, shown, language, found) for shown in result.items]
    options = sorted((each for each in cards if each.option), key=lambda each: aid.item[each.slug].rank)
    by_kind: dict[str, tuple[Card, ...]] = {
        kind: tuple(each for each in cards if each.kind == kind and not each.option)
        for kind in ("urgent", "next-step", "caution", "ask")
    }
    withheld = [card.option.name for card in options if overdue and card.kind == "alternative" and card.option]
    if overdue:
        options = [card for card in options if card.kind != "alternative"]
    cited = [id for shown in result.items for id in aid.item[shown.slug].evidence]
    cited += [id for shown in result.meaning for id in aid.sentence[shown.slug].evidence]
    return GuidanceView(
        meaning=tuple((shown.slug, aid.sentence[shown.slug].text[language]) for shown in result.meaning),
        urgent=by_kind["urgent"],
        steps=by_kind["next-step"],
        cautions=by_kind["caution"],
        options=tuple(options),
        asks=by_kind["ask"],
        sources=sources_of(aid, cited),
        scale=scale(aid, language),
        withheld=tuple(withheld),
    )


def card(aid: Aid, answers: Answers, shown: Shown, language: str, found: Found = NOTHING_FOUND) -> Card:
    why = tuple(reason_words(aid, answers, key, language, found) for key in shown.reasons)
    typed = any(key in aid.question and aid.question[key].kind in TYPED_KINDS for key in shown.reasons)
    return replace(card_of(aid, aid.item[shown.slug], why, language), personal=typed)


def card_of(aid: Aid, item: Guidance, why: tuple[tuple[str, str], ...], language: str) -> Card:
    kept = aid.kept.get((item.slug, language))
    if kept is None:
        kept = aid.kept[item.slug, language] = _card_for_everyone(aid, item, language)
    return replace(kept, why=why)


def _card_for_everyone(aid: Aid, item: Guidance, language: str) -> Card:
    """What does not depend on a person's answers: worked out once, since looking for words of the glossary is slow."""
    option = None
    texts = [item.title[language], item.body[language]]
    if item.option is not None:
        told = tuple((key, item.option.texts[key][language]) for key in OPTION_TEXTS if key != "short")
        texts += [text for _, text in told]
        option = OptionView(
            name=item.option.name[language],
            certainty=item.option.certainty,
            short=item.option.texts["short"][language],
            texts=told,
        )
    return Card(
        slug=item.slug,
        kind=item.kind,
        title=item.title[language],
        body=item.body[language],
        now=item.now or "",
        why=(),
        claims=tuple(claim_view(aid, aid.claim[id], language) for id in item.evidence),
        terms=terms_in(aid.terms, " ".join(texts), language),
        option=option,
    )


def claim_view(aid: Aid, entry: Evidence, language: str) -> Claim:
    return Claim(
        text=entry.claim[language],
        secondary=entry.read == "secondary",
        grounds=tuple(_grounds(aid, entry, language)),
    )


def _grounds(aid: Aid, entry: Evidence, language: str) -> Iterator[tuple[str, tuple[Source, ...]]]:
    sources = tuple(aid.source[slug] for slug in entry.sources)
    apart = entry.certainty == "official" and PAPER in aid.certainty
    papers = tuple(each for each in sources if apart and each.kind in JOURNAL_KINDS)
    others = tuple(each for each in sources if each not in papers)
    for certainty, found in ((entry.certainty, others), (PAPER, papers)):
        if found:
            yield aid.certainty[certainty].word[language], found


def scale(aid: Aid, language: str) -> tuple[tuple[str, str], ...]:
    """The words for how sure we are, each with what it means for a person."""
    return tuple((each.word[language], each.meaning[language]) for each in aid.certainties)


def sources_of(aid: Aid, ids: Iterable[str]) -> tuple[Source, ...]:
    """The sources of these evidence entries, each once, by title."""
    slugs = {slug for id in ids for slug in aid.claim[id].sources}
    return tuple(sorted((aid.source[slug] for slug in slugs), key=lambda each: (each.title.casefold(), each.slug)))


def terms_in(terms: tuple[Term, ...], text: str, language: str) -> tuple[tuple[str, str], ...]:
    """Words of the glossary that stand in this text, with their meaning, in the order of the glossary."""
    return tuple(
        (term.word[language], term.meaning[language]) for term in terms if _spelt(term.forms[language]).search(text)
    )


@lru_cache(maxsize=512)
def _spelt(forms: tuple[str, ...]) -> re.Pattern[str]:
    """Any of these spellings as whole words; a spelling in small letters also at the start of a sentence."""
    either = "|".join(
        f"(?i:{re.escape(form)})" if form.islower() else re.escape(form)
        for form in sorted(forms, key=len, reverse=True)
    )
    return re.compile(rf"(?<!\w)(?:{either})(?!\w)")


def is_overdue(aid: Aid, today: dt.date) -> bool:
    """Whether the content's own date of review has passed."""
    return today > aid.next_review
