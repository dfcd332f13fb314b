"""The questions of the edition in use, and of earlier ones, for other programs."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.views.decorators.gzip import gzip_page

from questionnaire.exports.fhir_server import capability_statement, searchset
from questionnaire.fhir.replies import Refused, read_only, reply, text_of
from questionnaire.fhir.resources import resource_of
from questionnaire.models import Edition
from questionnaire.services import editions
from questionnaire.services.editions import NoEdition


@gzip_page
@read_only
def metadata(request: HttpRequest) -> HttpResponse:
    try:
        languages = editions.aid_of(editions.live().pk).languages
    except NoEdition:
        languages = ()
    return reply(text_of(capability_statement(base=settings.FHIR_BASE_URL, languages=languages)))


@gzip_page
@read_only
def read(request: HttpRequest, kind: str, aid: str, number: str | None = None) -> HttpResponse:
    """The edition in use under the aid's slug; under `<slug>.<number>` any that was ever published."""
    try:
        edition = _edition(aid, number)
    except NoEdition:
        raise Refused(404, "not-found", "No such edition is published here.") from None
    id = f"{aid}.{number}" if number else aid
    return reply(text_of(resource_of(kind, edition, id=id, language=request.GET.get("language"))))


@gzip_page
@read_only
def search(request: HttpRequest, kind: str) -> HttpResponse:
    """By canonical address and version; without a version, the edition in use."""
    asked = {key: request.GET[key] for key in ("url", "version", "language") if key in request.GET}
    start = f"{settings.FHIR_BASE_URL}/{kind}"
    url, _, version = asked.get("url", "").partition("|")
    aid = url.removeprefix(f"{start}/") if url else editions.SHIPPED_AID
    found: dict[str, Any] = {}
    try:
        edition = _edition(aid, asked.get("version", version))
    except NoEdition:
        pass
    else:
        id = aid if edition.status == Edition.Status.PUBLISHED else f"{aid}.{edition.number}"
        found[f"{start}/{id}"] = resource_of(kind, edition, id=id, language=asked.get("language"))
    return reply(text_of(searchset(found, asked=f"{start}?{urlencode(asked)}")))


@read_only
def unknown(request: HttpRequest) -> HttpResponse:
    raise Refused(404, "not-found", "There is nothing here. See /fhir/metadata for what there is.")


def _edition(aid: str, number: str | None) -> Edition:
    """The edition in use or, given a number, that one.

    Raises:
        NoEdition: there is none.
    """
    if not number:
        return editions.live(aid)
    if not (number.isascii() and number.isdigit() and number[0] != "0" and len(number) < 10):
        raise NoEdition(aid)
    return editions.numbered(int(number), aid)
