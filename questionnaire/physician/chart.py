"""One response taken into the chart: a note to paste, and a PDF."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from questionnaire.exports import chart, note
from questionnaire.exports.case import Case
from questionnaire.models import Review
from questionnaire.physician import histories, study_lines
from questionnaire.physician.access import caller, physician
from questionnaire.physician.frame import page, sorry
from questionnaire.physician.letter_words import letter_words
from questionnaire.physician.summary import causes_of
from questionnaire.services import checking, exporting, letters, queueing, reviews, trial_facts, trial_review


@physician
@require_safe
def note_page(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The note in a field to copy it from."""
    case = _noted(request, pk)
    if case is None:
        return _withdrawn(request)
    return page(request, "physician/note.html", {"pk": pk, "note": note.text(case), "columns": note.COLUMNS + 1})


@physician
@require_safe
def note_file(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The note as a file of plain text."""
    case = _noted(request, pk, exported="note")
    if case is None:
        return _withdrawn(request)
    return _file(note.text(case).encode(errors="replace"), "text/plain; charset=utf-8", "note.txt")


@physician
@require_safe
def chart_file(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Summary, every answer and the guidance as PDF."""
    try:
        case = case_of(exporting.chart(by=caller(request), pk=pk))
    except reviews.NoReview:
        raise Http404 from None
    if case is None:
        return _withdrawn(request)
    return _file(chart.render(chart.data(case)), "application/pdf", "chart.pdf")


def case_of(review: Review) -> Case | None:
    """The review as plain values; None once the patient has taken it back."""
    who, version = reviews.identity(review), review.version
    if who is None or version is None:
        return None
    found = queueing.of_review(review, version)
    study = trial_review.study_of(version, histories.journey_of(version))
    return Case(
        aid=found.aid,
        answers=found.answers,
        outcome=found.outcome,
        triage=found.triage,
        facts=version.facts,
        registry=study_lines.lines(study, checking.today()),
        clinic_letters=tuple(map(letter_words, letters.about(study.journey, study.told, review))),
        causes=causes_of(review, found),
        listing=trial_facts.listing_of(version),
        letters=letters.shown_in(version),
        language=version.language,
        name=who.name,
        born=who.born,
        contact=who.contact,
        clinic=who.clinic,
        question=reviews.question(review),
        preferred=tuple(review.preferred),
        version=version.number,
        edition=version.edition.number,
        published=version.edition.published_at,
        finished=version.finished_at,
        shared=review.shared_at,
    )


def _noted(request: HttpRequest, pk: UUID, exported: str = "") -> Case | None:
    try:
        return case_of(reviews.look(by=caller(request), pk=pk, page="note", exported=exported))
    except reviews.NoReview:
        raise Http404 from None


def _withdrawn(request: HttpRequest) -> HttpResponse:
    text = "The patient has taken this response back, so there is nothing to take into the chart."
    return sorry(request, "This response was taken back", text, 410)


def _file(content: bytes, kind: str, name: str) -> HttpResponse:
    reply = HttpResponse(content, content_type=kind)
    reply["Content-Disposition"] = f'attachment; filename="{name}"'
    return reply
