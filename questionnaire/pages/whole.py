"""What whole pages show, as context for their templates: guidance, check your answers, urgent, background."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from questionnaire.domain.content import Aid, Page
from questionnaire.domain.journey import Journey
from questionnaire.domain.ladder import Listing
from questionnaire.domain.letters import Letter
from questionnaire.domain.outcome import Outcome, Shown
from questionnaire.domain.questions import Answers
from questionnaire.exports import guidance, ladder, markup
from questionnaire.exports.guidance import Card
from questionnaire.exports.words import Found, answer_words
from questionnaire.models import Edition, Practice
from questionnaire.pages import texts

STEPS_AT_FIRST = 6
"""How many next steps stand open; the rest is folded, so that the list reads as one that can be done."""

CardText = Callable[[Card], str]
SourceText = Callable[[str], str]


def guidance_page(
    aid: Aid,
    answers: Answers,
    outcome: Outcome,
    *,
    language: str,
    edition: Edition,
    finished: dt.datetime,
    practice: Practice,
    today: dt.date,
    card_text: CardText,
    source_text: SourceText,
    facts: Mapping[str, str] | None = None,
    listing: Listing | None = None,
    letters: Sequence[Letter] = (),
) -> dict[str, Any]:
    """Everything that the guidance page shows of these answers and this outcome.

    Args:
        facts: what the program had found out for this outcome.
        listing: what the registry had under the number of the person's study.
        letters: of FDA, that the person is told of.
    """
    overdue = guidance.is_overdue(aid, today)
    found = found_by(facts, listing, finished)
    view = guidance.view(aid, answers, outcome, language, overdue=overdue, found=found)
    rungs = ladder.view(aid, answers, found.facts, listing, language, day=finished.date())
    steps = [card_text(card) for card in view.steps]
    return {
        **texts.about_edition(aid, language, bool(practice.missing)),
        "notes": texts.notes(aid, language),
        "decision": aid.decision[language],
        "aid": aid,
        "finished": finished,
        "edition": edition,
        "practice": practice,
        "view": view,
        "glance": [
            (card.option, aid.certainty[card.option.certainty].word[language]) for card in view.options if card.option
        ],
        "urgent": [card_text(card) for card in view.urgent],
        "first_steps": steps[:STEPS_AT_FIRST],
        "more_steps": steps[STEPS_AT_FIRST:],
        "cautions": [card_text(card) for card in view.cautions],
        "options": [card_text(card) for card in view.options],
        "asks": [card_text(card) for card in view.asks],
        "sources": [source_text(source.slug) for source in view.sources],
        "overdue": overdue,
        "letters": letters,
        "ladder": rungs,
        "doubts": markup.html(rungs.words["doubts"]) if rungs else "",
    }


def found_by(facts: Mapping[str, str] | None, listing: Listing | None, finished: dt.datetime) -> Found:
    """What was found out, and when: on the day that the listing is of, or when the guidance was made."""
    return Found(facts or {}, (listing.checked if listing else None) or finished.date())


def check_page(journey: Journey, language: str, demonstration: bool) -> dict[str, Any]:
    """The answers on the path, section by section, and those that are kept but do not count."""
    aid = journey.aid
    sections = []
    for section in aid.sections:
        asked = [each for each in journey.path if each.section == section.slug]
        rows = [
            (each.slug, each.short[language], answer_words(each, journey.answers.get(each.slug), language))
            for each in asked
        ]
        sections.append((section.title[language], rows))
    parked = [aid.question[slug].short[language] for slug in journey.parked if slug in aid.question]
    return {
        **texts.about_edition(aid, language, demonstration),
        "sections": sections,
        "parked": parked,
        "intro": markup.html(aid.notes["check"][language]),
    }


def urgent_page(
    aid: Aid, answers: Answers, shown: tuple[Shown, ...], *, language: str, practice: Practice, card_text: CardText
) -> dict[str, Any]:
    """What to do now."""
    cards = [guidance.card(aid, answers, each, language) for each in shown]
    return {
        **texts.about_edition(aid, language, bool(practice.missing)),
        "practice": practice,
        "intro": markup.html(aid.notes["urgent"][language]),
        "go_on": markup.html(aid.notes["urgent-go-on"][language]),
        "seen": [card.slug for card in cards],
        "cards": [card_text(card) for card in cards],
    }


def background_page(aid: Aid, page: Page, language: str) -> dict[str, Any]:
    """One page of background, with the claims behind it."""
    return {
        "page": page,
        "title": page.title[language],
        "lead": page.lead[language],
        "body": markup.html(page.body[language]),
        "scale": guidance.scale(aid, language),
        "claims": [guidance.claim_view(aid, aid.claim[id], language) for id in page.evidence],
    }


def words_page(aid: Aid, language: str) -> dict[str, Any]:
    """The glossary."""
    terms = sorted(aid.terms, key=lambda term: term.word[language].casefold())
    return {"terms": [(term.slug, term.word[language], term.meaning[language]) for term in terms]}
