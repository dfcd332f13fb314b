"""Urgent guidance, the guidance page, and the same as PDF."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_http_methods, require_safe

from questionnaire.domain.outcome import urgent as urgent_now
from questionnaire.exports import guidance, markup, pdf
from questionnaire.models import FinishedVersion
from questionnaire.patient import browser, pages
from questionnaire.patient.questions import where_next
from questionnaire.services import editions, practices, responses
from questionnaire.services.responses import Gone, Walk
from questionnaire.services.sealing import unsealed

STEPS_AT_FIRST = 6
"""How many next steps stand open; the rest is folded, so that the list reads as one that can be done."""


@require_http_methods(["GET", "HEAD", "POST"])
def urgent(request: HttpRequest) -> HttpResponse:
    """What to do now; afterwards the person may go on."""
    walk = browser.walk(request)
    if walk is None:
        return redirect("start")
    shown = urgent_now(walk.aid, walk.journey)
    if not shown:
        return redirect(where_next(walk))
    if request.method == "POST":
        try:
            return redirect(
                where_next(responses.acknowledge_urgent(walk=walk, seen=request.POST.getlist("seen") or None))
            )
        except Gone:
            return browser.forget(redirect("start"))
    language = walk.response.language
    cards = [guidance.card(walk.aid, walk.journey.answers, each, language) for each in shown]
    context = {
        **pages.about_edition(walk.aid, language, practices.is_demonstration()),
        "practice": practices.current(),
        "intro": markup.html(walk.aid.notes["urgent"][language]),
        "go_on": markup.html(walk.aid.notes["urgent-go-on"][language]),
        "seen": [card.slug for card in cards],
        "cards": [pages.card_text(walk.response.edition_id, language, card) for card in cards],
        "back": f"/q/{walk.aid.questions[0].slug}/",
    }
    return pages.page(request, "patient/urgent.html", context)


@gzip_page
@require_safe
def result(request: HttpRequest) -> HttpResponse:
    found = _finished(request)
    if isinstance(found, HttpResponse):
        return found
    walk, version = found
    return pages.page(request, "patient/result.html", result_context(walk, version))


def result_context(walk: Walk, version: FinishedVersion) -> dict[str, Any]:
    """Everything that the guidance page shows, all of it from the stored version."""
    aid = editions.aid_of(version.edition_id)
    language = version.language
    view = guidance.view(aid, unsealed(version.answers), responses.shown_outcome(version), language)
    practice = practices.current()

    def texts(cards: tuple[guidance.Card, ...]) -> list[str]:
        return [pages.card_text(version.edition_id, language, card) for card in cards]

    steps = texts(view.steps)
    return {
        **pages.about_edition(aid, language, bool(practice.missing)),
        "notes": pages.notes(aid, language),
        "decision": aid.decision[language],
        "aid": aid,
        "version": version,
        "edition": version.edition,
        "practice": practice,
        "view": view,
        "glance": [
            (card.option, aid.certainty[card.option.certainty].word[language]) for card in view.options if card.option
        ],
        "urgent": texts(view.urgent),
        "first_steps": steps[:STEPS_AT_FIRST],
        "more_steps": steps[STEPS_AT_FIRST:],
        "cautions": texts(view.cautions),
        "options": texts(view.options),
        "asks": texts(view.asks),
        "sources": [pages.source_text(version.edition_id, source.slug) for source in view.sources],
        "outdated": not responses.is_current(version, walk),
        "go_on": where_next(walk),
        "overdue": guidance.is_overdue(aid, pages.today()),
    }


@require_safe
def result_pdf(request: HttpRequest) -> HttpResponse:
    found = _finished(request)
    if isinstance(found, HttpResponse):
        return found
    walk, version = found
    reply = HttpResponse(pdf.render(pdf_data(walk, version)), content_type="application/pdf")
    reply["Content-Disposition"] = 'attachment; filename="guidance.pdf"'
    return reply


def pdf_data(walk: Walk, version: FinishedVersion) -> dict[str, Any]:
    aid = editions.aid_of(version.edition_id)
    answers = unsealed(version.answers)
    view = guidance.view(aid, answers, responses.shown_outcome(version), version.language)
    practice = practices.current()
    return pdf.data(
        aid,
        view,
        language=version.language,
        edition=version.edition.number,
        finished=version.finished_at,
        published=version.edition.published_at,
        practice={field: getattr(practice, field) for field in practice.REQUIRED},
        demonstration=bool(practice.missing),
        overdue=guidance.is_overdue(aid, pages.today()),
    )


def _finished(request: HttpRequest) -> tuple[Walk, FinishedVersion] | HttpResponse:
    walk = browser.walk(request)
    if walk is None:
        return redirect("start")
    version = responses.latest(walk)
    return (walk, version) if version else redirect(where_next(walk))
