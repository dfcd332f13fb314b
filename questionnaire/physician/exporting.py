"""A filtered inbox as one CSV file: ask for it, fetch it once, watch how far it is, call it off."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.views.decorators.http import require_GET, require_POST, require_safe

from questionnaire.exports.responses_csv import Row, Sheet
from questionnaire.models import Export
from questionnaire.physician.access import caller, physician
from questionnaire.physician.frame import page, sorry
from questionnaire.services import editions, exporting, reviews
from questionnaire.services.exporting import Item
from questionnaire.services.sealing import unsealed
from questionnaire.services.staff import Caller


@physician
@require_POST
def ask(request: HttpRequest) -> HttpResponse:
    """Ask for the responses that the inbox shows under these filters."""
    try:
        export = exporting.ask(by=caller(request), filters=request.POST.get("filters", ""))
    except exporting.WrongFilters as error:
        return page(request, "physician/export_refused.html", {"problems": error.problems}, 422)
    return redirect("physician:export", export.pk)


@physician
@require_safe
def progress(request: HttpRequest, export: UUID) -> HttpResponse:
    """How far it is, with what may be done now."""
    found = _found(request, export)
    context = {
        "export": found,
        "ready": exporting.is_ready(found),
        "running": found.state == Export.State.RUNNING,
        "about": exporting.about_how_many(found),
        "has_begun": exporting.has_begun(found),
    }
    return page(request, "physician/export.html", context)


@physician
@require_POST
def cancel(request: HttpRequest, export: UUID) -> HttpResponse:
    try:
        exporting.cancel(by=caller(request), pk=export)
    except exporting.NoExport as error:
        raise _not_there(request, error) from None
    return redirect("physician:export", export)


@physician
@require_GET
def download(request: HttpRequest, export: UUID) -> HttpResponseBase:
    """The file itself, sent while it is made."""
    by = caller(request)
    try:
        begun = exporting.begin(by=by, pk=export)
    except exporting.NoExport as error:
        raise _not_there(request, error) from None
    except exporting.NotReady as error:
        _refused(request, error)
        text = "A download can be fetched once, within an hour. Ask for it again from the inbox."
        return sorry(request, "This download is over", text, 410)
    lines = _lines(by, begun)
    # Begun here and now, so that its end is on record even if nobody ever reads a line.
    next(lines)
    reply = StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8; header=present")
    reply["Content-Disposition"] = 'attachment; filename="responses.csv"'
    return reply


def _found(request: HttpRequest, pk: UUID) -> Export:
    try:
        return exporting.find(by=caller(request), pk=pk)
    except exporting.NoExport as error:
        raise _not_there(request, error) from None


def _not_there(request: HttpRequest, error: Exception) -> Http404:
    """An export that is somebody else's, or none: that it was asked for is on record."""
    _refused(request, error)
    return Http404()


def _refused(request: HttpRequest, error: Exception) -> None:
    reviews.refused(by=caller(request), pk=None, step="export", why=type(error).__name__)


def _lines(by: Caller, export: Export) -> Iterator[bytes]:
    """The file, a batch of lines at a time; first nothing, to have begun."""
    numbers = exporting.editions_ever()
    with closing(exporting.batches(by=by, export=export, editions=numbers)) as batches:
        yield b""
        sheet = Sheet({pk: editions.aid_of(pk) for pk in numbers})
        yield sheet.head().encode()
        rows = 0
        try:
            for batch in batches:
                yield sheet.lines(map(_row, batch)).encode(errors="replace")
                rows += len(batch)
        except exporting.Stopped:
            yield sheet.last(f"STOPPED after {rows} responses: this file is not complete.").encode()


def _row(item: Item) -> Row:
    review, version = item.review, item.version
    return Row(
        edition_id=version.edition_id,
        response=str(review.pk),
        version=version.number,
        edition=item.edition,
        language=version.language,
        finished=version.finished_at,
        shared=review.shared_at,
        state=review.state,
        level=review.level,
        flags=tuple(review.flags),
        standing=review.standing,
        preferred=tuple(review.preferred),
        name=item.who.name,
        born=item.who.born,
        contact=item.who.contact,
        question=reviews.question(review),
        facts=version.facts,
        answers=unsealed(version.answers),
    )
