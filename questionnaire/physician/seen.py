"""One shared version as the patient's own page and PDF."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.urls import reverse
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_safe

from questionnaire.pages import finished
from questionnaire.physician import opened
from questionnaire.physician.opened import of_one_response
from questionnaire.services import checking, practices


@gzip_page
@require_safe
@of_one_response
def as_seen(request: HttpRequest, pk: UUID, number: int) -> HttpResponse:
    version = opened.open_version(request, pk, number, "as seen")
    bar = render_to_string("physician/as_seen_bar.html", {"version": version, "pk": pk}, request)
    at = reverse("physician:as-seen", args=(pk, number)).removesuffix("/")
    context = finished.page_of(version, practices.current(), checking.today())
    context |= {"bar": bar, "at": at, "version": version}
    return HttpResponse(render_to_string("physician/as_seen.html", context))


@require_safe
@of_one_response
def as_pdf(request: HttpRequest, pk: UUID, number: int) -> HttpResponse:
    version = opened.open_version(request, pk, number, "PDF", exported="pdf")
    reply = HttpResponse(finished.pdf_of(version, checking.today()), content_type="application/pdf")
    reply["Content-Disposition"] = 'inline; filename="guidance.pdf"'
    return reply


@require_safe
@of_one_response
def check(request: HttpRequest, pk: UUID, number: int) -> HttpResponse:
    """Where the patient's page leads to their answers."""
    return redirect(f"{reverse('physician:response', args=(pk,))}#answers")


@require_safe
@of_one_response
def about(request: HttpRequest, pk: UUID, number: int, rest: str = "") -> HttpResponse:
    """Where the patient's page leads to what everybody may read."""
    return redirect(f"/about/{rest}/" if rest else "/about/")
