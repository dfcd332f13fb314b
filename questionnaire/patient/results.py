"""Urgent guidance, the guidance page, and the same as PDF."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_http_methods, require_safe

from questionnaire.domain.outcome import urgent as urgent_now
from questionnaire.models import FinishedVersion
from questionnaire.pages import finished, whole
from questionnaire.patient import browser, pages, sharing
from questionnaire.patient.questions import where_next
from questionnaire.services import (
    editions,
    finishing,
    network,
    outdated,
    practices,
    responses,
    trials,
)
from questionnaire.services.responses import Gone, Walk


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
    context = whole.urgent_page(
        walk.aid,
        walk.journey.answers,
        shown,
        language=language,
        practice=practices.current(),
        card_text=lambda card: finished.card_text(walk.response.edition_id, language, card),
    )
    context["back"] = f"/q/{walk.aid.questions[0].slug}/"
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
    practice = practices.current()
    context = finished.page_of(version, practice, pages.today())
    why = outdated.why(version, walk)
    context |= {"since": _since(version, bool(why)), "outdated": why, "go_on": where_next(walk)}
    return context | sharing.on_guidance_page(walk, practice, context["notes"])


def _since(version: FinishedVersion, is_outdated: bool) -> dict[str, Any] | None:
    """What a check brought that came after the page was first made, in words.

    Args:
        is_outdated: there is more to go on from, which comes before saying if it is their study.
    """
    since = trials.since(version)
    if since is None:
        return None
    aid = editions.aid_of(version.edition_id)
    titles = [aid.item[slug].title[version.language] for slug in since.new]
    return {"titles": titles, "to_say": since.to_say and not is_outdated}


@require_safe
def result_pdf(request: HttpRequest) -> HttpResponse:
    found = _finished(request)
    if isinstance(found, HttpResponse):
        return found
    _, version = found
    reply = HttpResponse(finished.pdf_of(version, pages.today()), content_type="application/pdf")
    reply["Content-Disposition"] = 'attachment; filename="guidance.pdf"'
    return reply


def _finished(request: HttpRequest) -> tuple[Walk, FinishedVersion] | HttpResponse:
    walk = browser.walk(request)
    if walk is None:
        return redirect("start")
    version = finishing.latest(walk)
    if version is None:
        return redirect(where_next(walk))
    try:
        return walk, trials.again(walk, version, address=network.address(request))
    except Gone:
        # Erased in another tab while the registry was waited for.
        return browser.forget(redirect("start"))
