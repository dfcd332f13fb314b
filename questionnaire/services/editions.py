"""Published editions of the aid: read one back as an `Aid`, and see that nobody has tampered with it."""

from __future__ import annotations

import hashlib
import json
from functools import cache, lru_cache
from pathlib import Path

from questionnaire.domain import folder, reading
from questionnaire.domain.content import Aid
from questionnaire.domain.reading import Document
from questionnaire.models import Edition

SHIPPED = Path(__file__).resolve().parent.parent / "content" / "exosomes"
SHIPPED_AID = "exosomes"


class NoEdition(LookupError):
    """Nothing is published yet."""


class Tampered(RuntimeError):
    """A stored edition is not what was stored: its content does not have its hash."""


@cache
def shipped_document() -> Document:
    """The aid that comes with this program. What aids have had only since an edition was published is taken from it."""
    return folder.document_of(SHIPPED)


def text_of(document: Document) -> str:
    """The document as it is stored: JSON with keys in their order."""
    return json.dumps(document, ensure_ascii=False, separators=(",", ":"))


def document_of(edition: Edition) -> Document:
    """What the edition holds.

    Raises:
        Tampered: the stored text was changed behind our back.
    """
    if hash_of(edition.document) != edition.content_hash:
        raise Tampered(f"edition {edition.number} of {edition.aid} does not have the hash it was stored with")
    document: Document = json.loads(edition.document)
    return document


def hash_of(text: str) -> str:
    """The hash under which a stored document goes."""
    return hashlib.sha256(text.encode()).hexdigest()


@lru_cache(maxsize=16)
def aid_of(edition_id: int, /) -> Aid:
    """The aid of a published or superseded edition; kept in memory, since such an edition never changes.

    It was whole by the rules of its day, so a rule that came later does not keep patients from reading it.

    Raises:
        Edition.DoesNotExist: there is none of this id, or it is still a draft.
        Tampered: see `document_of`.
    """
    aid, _problems = reading.draft(document_of(Edition.objects.get(pk=edition_id, status__in=Edition.FROZEN)))
    return aid


def live(aid: str = SHIPPED_AID) -> Edition:
    """The published edition, without its content (`aid_of` has that).

    Raises:
        NoEdition: none is published.
    """
    edition = Edition.objects.filter(aid=aid, status=Edition.Status.PUBLISHED).defer("document").first()
    if edition is None:
        raise NoEdition(aid)
    return edition


def numbered(number: int, aid: str = SHIPPED_AID) -> Edition:
    """The published or superseded edition of this number.

    Raises:
        NoEdition: there is none.
    """
    edition = Edition.objects.filter(aid=aid, number=number, status__in=Edition.FROZEN).first()
    if edition is None:
        raise NoEdition(f"{aid} {number}")
    return edition


def tampered() -> list[Edition]:
    """Every published or superseded edition whose content does not have its hash, without the content."""
    found = []
    for edition in Edition.objects.filter(status__in=Edition.FROZEN).order_by("number").iterator(chunk_size=1):
        if hash_of(edition.document) != edition.content_hash:
            edition.document = ""
            found.append(edition)
    return found


def change_log(aid: str) -> list[Edition]:
    """Published editions with what changed in each, the newest first."""
    published = Edition.objects.filter(aid=aid, published_at__isnull=False)
    return list(published.defer("document").order_by("-number"))
