"""A stored version as its patient reads it, on the page and as PDF: the same words and order, never judged anew."""

from __future__ import annotations

import datetime as dt
from functools import lru_cache
from typing import Any

from django.utils.safestring import SafeString

from questionnaire.domain.outcome import Outcome
from questionnaire.exports import guidance, ladder, pdf
from questionnaire.exports.guidance import Card
from questionnaire.models import FinishedVersion, Practice
from questionnaire.pages import texts, whole
from questionnaire.services import editions, letters, practices, trial_facts
from questionnaire.services.sealing import unsealed


def page_of(version: FinishedVersion, practice: Practice, today: dt.date) -> dict[str, Any]:
    """What templates/patient/result.html shows of this version; `today` tells whether its content is overdue."""
    aid = editions.aid_of(version.edition_id)
    return whole.guidance_page(
        aid,
        unsealed(version.answers),
        Outcome.from_json(version.outcome),
        language=version.language,
        edition=version.edition,
        finished=version.finished_at,
        practice=practice,
        today=today,
        card_text=lambda card: card_text(version.edition_id, version.language, card),
        source_text=lambda slug: source_text(version.edition_id, slug),
        facts=version.facts,
        listing=trial_facts.listing_of(version),
        letters=letters.shown_in(version),
    )


def card_text(edition_id: int, language: str, card: Card) -> SafeString:
    """One item of guidance as HTML, with the answers that made it appear.

    Most of a page's time goes into these, so they are kept; what a person typed never is.
    """
    render = _card_html if card.personal else _kept_card_html
    return render(edition_id, language, card.slug, card.why)


def _card_html(edition_id: int, language: str, slug: str, why: tuple[tuple[str, str], ...]) -> SafeString:
    return texts.card_html(editions.aid_of(edition_id), language, slug, why)


_kept_card_html = lru_cache(maxsize=2048)(_card_html)


@lru_cache(maxsize=1024)
def source_text(edition_id: int, slug: str) -> SafeString:
    """One source as HTML, for a list of sources."""
    return texts.source_html(editions.aid_of(edition_id).source[slug])


def pdf_of(version: FinishedVersion, today: dt.date) -> bytes:
    """The PDF of this version, for its patient and for who sees what they saw."""
    return pdf.render(pdf_data(version, today))


def pdf_data(version: FinishedVersion, today: dt.date) -> dict[str, Any]:
    """What that PDF holds."""
    aid = editions.aid_of(version.edition_id)
    overdue = guidance.is_overdue(aid, today)
    practice = practices.current()
    outcome = Outcome.from_json(version.outcome)
    answers, listing = unsealed(version.answers), trial_facts.listing_of(version)
    found = whole.found_by(version.facts, listing, version.finished_at)
    view = guidance.view(aid, answers, outcome, version.language, overdue=overdue, found=found)
    day = version.finished_at.date()
    return pdf.data(
        aid,
        view,
        language=version.language,
        edition=version.edition.number,
        finished=version.finished_at,
        published=version.edition.published_at,
        practice={field: getattr(practice, field) for field in practice.REQUIRED},
        demonstration=bool(practice.missing),
        overdue=overdue,
        ladder=ladder.view(aid, answers, version.facts, listing, version.language, day=day),
        letters=letters.shown_in(version),
    )
