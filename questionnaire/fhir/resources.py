"""Editions as this instance publishes them."""

from __future__ import annotations

from functools import lru_cache

from django.conf import settings

from questionnaire.exports.fhir_codes import Element, code_system
from questionnaire.exports.fhir_questionnaire import about, questionnaire
from questionnaire.fhir.replies import Refused
from questionnaire.models import Edition
from questionnaire.services import editions, practices

KINDS = ("CodeSystem", "Questionnaire")


def resource_of(kind: str, edition: Edition, *, id: str, language: str | None = None) -> Element:
    """The Questionnaire or CodeSystem of a published or superseded edition. It is kept, so nobody may change it.

    Args:
        kind: one of `KINDS`.
        id: under which this server gives it.
        language: for a copy in that language alone.

    Raises:
        Refused: the aid is not in this language.
    """
    languages = editions.aid_of(edition.pk).languages
    if language is not None and language not in languages:
        raise Refused(400, "invalid", f"There is no copy in this language. There is: {', '.join(languages)}.")
    published = edition.published_at
    return _made(
        kind,
        edition.pk,
        edition.number,
        published.isoformat(timespec="seconds") if published else "",
        _status(edition),
        edition.approved_by_id is None,
        practices.current().name,
        settings.FHIR_BASE_URL,
        id,
        language,
    )


def _status(edition: Edition) -> str:
    """What came with the program is a draft until clinicians have signed it."""
    if edition.status == Edition.Status.SUPERSEDED:
        return "retired"
    return "draft" if edition.approved_by_id is None else "active"


# An edition never changes; what else goes in is named here, so that a change of it makes another one.
@lru_cache(maxsize=16)
def _made(
    kind: str,
    edition_id: int,
    number: int,
    date: str,
    status: str,
    experimental: bool,
    publisher: str,
    base: str,
    id: str,
    language: str | None,
) -> Element:
    aid = editions.aid_of(edition_id)
    if kind == "Questionnaire":
        return questionnaire(
            aid,
            base=base,
            id=id,
            version=number,
            date=date,
            status=status,
            experimental=experimental,
            publisher=publisher,
            language=language,
        )
    told = about(date=date, status=status, experimental=experimental, publisher=publisher)
    return code_system(aid, base=base, id=id, version=number, about=told, language=language)
