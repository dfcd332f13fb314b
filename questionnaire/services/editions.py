"""Editions of the aid: take content in, publish it, and read it back as an `Aid`."""

from __future__ import annotations

import hashlib
import json
from functools import lru_cache
from pathlib import Path

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from questionnaire.domain import folder, reading
from questionnaire.domain.content import Aid
from questionnaire.domain.reading import Document
from questionnaire.models import Edition

SHIPPED = Path(__file__).resolve().parent.parent / "content" / "exosomes"
SHIPPED_AID = "exosomes"


class NotPublishable(ValueError):
    """This edition cannot go live; the message says why."""


class DraftOpen(ValueError):
    """There is an open draft already, and one is open at a time."""


class NoEdition(LookupError):
    """Nothing is published yet."""


class Tampered(RuntimeError):
    """A stored edition is not what was stored: its content does not have its hash."""


def text_of(document: Document) -> str:
    """The document as it is stored: JSON with keys in their order."""
    return json.dumps(document, ensure_ascii=False, separators=(",", ":"))


def document_of(edition: Edition) -> Document:
    """What the edition holds.

    Raises:
        Tampered: the stored text was changed behind our back.
    """
    if _hash(edition.document) != edition.content_hash:
        raise Tampered(f"edition {edition.number} of {edition.aid} does not have the hash it was stored with")
    document: Document = json.loads(edition.document)
    return document


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


@lru_cache(maxsize=16)
def aid_of(edition_id: int, /) -> Aid:
    """The aid of a published or superseded edition; kept in memory, since such an edition never changes.

    Raises:
        Edition.DoesNotExist: there is none of this id, or it is still a draft.
        Tampered: see `document_of`.
    """
    published = (Edition.Status.PUBLISHED, Edition.Status.SUPERSEDED)
    return reading.read(document_of(Edition.objects.get(pk=edition_id, status__in=published)))


def live(aid: str = SHIPPED_AID) -> Edition:
    """The published edition, without its content (`aid_of` has that).

    Raises:
        NoEdition: none is published.
    """
    edition = Edition.objects.filter(aid=aid, status=Edition.Status.PUBLISHED).defer("document").first()
    if edition is None:
        raise NoEdition(aid)
    return edition


def open_draft(*, document: Document) -> Edition:
    """Store content as the open draft.

    Raises:
        reading.Refused: the content does not hold together.
        DraftOpen: another draft is open.
    """
    aid = reading.read(document)
    text = text_of(document)
    with transaction.atomic():
        open_statuses = (Edition.Status.DRAFT, Edition.Status.IN_REVIEW)
        if Edition.objects.filter(aid=aid.slug, status__in=open_statuses).exists():
            raise DraftOpen(aid.slug)
        newest = Edition.objects.filter(aid=aid.slug).aggregate(Max("number"))["number__max"] or 0
        return Edition.objects.create(aid=aid.slug, number=newest + 1, document=text, content_hash=_hash(text))


def publish(*, draft: Edition, change_note: str, safety_change: bool = False) -> Edition:
    """Make this draft the live edition and supersede the one before it, in one transaction.

    Raises:
        NotPublishable: it is not a draft any more, or nothing says what changed.
        reading.Refused: its content does not hold together.
    """
    if not change_note.strip():
        raise NotPublishable("say in one sentence what changed")
    with transaction.atomic():
        edition = Edition.objects.select_for_update().get(pk=draft.pk)
        if edition.status not in (Edition.Status.DRAFT, Edition.Status.IN_REVIEW):
            raise NotPublishable(f"edition {edition.number} is {edition.status} already")
        reading.read(document_of(edition))
        Edition.objects.filter(aid=edition.aid, status=Edition.Status.PUBLISHED).update(
            status=Edition.Status.SUPERSEDED
        )
        edition.status = Edition.Status.PUBLISHED
        edition.change_note = change_note.strip()
        edition.safety_change = safety_change
        edition.published_at = timezone.now()
        edition.save(update_fields=["status", "change_note", "safety_change", "published_at"])
    return edition


def publish_shipped() -> Edition | None:
    """Publish the aid that comes with the program if nothing is published; None if something is.

    Raises:
        reading.Refused: the shipped folder does not hold together.
        DraftOpen: somebody is working on a first draft; nothing is done behind their back.
    """
    if Edition.objects.filter(aid=SHIPPED_AID, status=Edition.Status.PUBLISHED).exists():
        return None
    with transaction.atomic():
        draft = open_draft(document=folder.document_of(SHIPPED))
        return publish(draft=draft, change_note="First edition.")


def change_log(aid: str) -> list[Edition]:
    """Published editions with what changed in each, the newest first."""
    published = Edition.objects.filter(aid=aid, published_at__isnull=False)
    return list(published.defer("document").order_by("-number"))
