"""Working on the draft, as editors do it by the services."""

from __future__ import annotations

from typing import Any

from questionnaire.domain import places
from questionnaire.domain.places import Place
from questionnaire.models import Edition
from questionnaire.services import drafts, publishing
from questionnaire.services.drafts import Draft
from tests.web import text

KNEE = Place("item", "knee-caution")


def the_draft() -> Draft:
    """The open draft, which there must be."""
    draft = drafts.current()
    assert draft is not None, "no draft is open"
    return draft


def entry_of(place: Place) -> dict[str, Any]:
    return places.get(the_draft().document, place)


def retitled(place: Place, words: str) -> dict[str, Any]:
    return {**entry_of(place), "title": text(words)}


def save(by: Any, place: Place, entry: dict[str, Any], base: str = "") -> None:
    drafts.save(by=by, place=place, entry=entry, base=base or drafts.fingerprint(entry_of(place)))


def change(by: Any, words: str, place: Place = KNEE) -> None:
    save(by, place, retitled(place, words))


def submit(
    by: Any, edition: Edition | None = None, change_note: str = "We say it better.", safety_change: bool = False
) -> Edition:
    edition = edition or the_draft().edition
    return publishing.submit(
        by=by,
        edition_id=edition.pk,
        revision=edition.revision,
        change_note=change_note,
        safety_change=safety_change,
    )


def publish(by: Any, edition: Edition, change_note: str = "We say it better.", safety_change: bool = False) -> Edition:
    return publishing.publish(
        by=by,
        edition_id=edition.pk,
        revision=edition.revision,
        change_note=change_note,
        safety_change=safety_change,
    )
