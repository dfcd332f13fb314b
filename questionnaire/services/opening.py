"""Open a draft: from the live edition to correct it, from an older one to roll back, or from content from outside."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Max

from questionnaire.domain import content, reading
from questionnaire.domain.content import Aid
from questionnaire.domain.entries import Problem
from questionnaire.domain.reading import Document
from questionnaire.models import Edition, EditionStep
from questionnaire.services import drafts, editions, staff


class DraftOpen(ValueError):
    """There is an open draft already, and one is open at a time."""


def open_from(*, by: Any, edition: Edition) -> Edition:
    """Open a draft with the content of a published edition: of the live one to correct it, of an older to roll back.

    Raises:
        staff.NotAllowed, DraftOpen, editions.Tampered.
    """
    with transaction.atomic():
        user = staff.require(by, staff.EDIT)
        return _opened(_completed(editions.document_of(edition)), edition.aid, user, edition)


def _completed(document: Document) -> Document:
    """The document with what aids have had only since: fixed texts and files that came with a newer program.

    They are the shipped aid's. Where they do not fit, since this is another aid, it stays as it is.
    """
    shipped, head = editions.shipped_document(), document["aid.yaml"]
    notes = {slug: text for slug, text in shipped["aid.yaml"]["notes"].items() if slug in content.REQUIRED_NOTES}
    completed = {name: shipped[name] for name in reading.RULES} | dict(document)
    completed["aid.yaml"] = head | {"notes": head["notes"] | {k: v for k, v in notes.items() if k not in head["notes"]}}
    _, problems = reading.draft(completed)
    return document if any(problem.breaks for problem in problems) else completed


def open_document(*, by: Any | None, document: Document) -> Edition:
    """Open a draft with content from outside; `by` is None when a program at the server's own command line does it.

    Raises:
        reading.Refused: the content does not hold together, or changes the meaning of a slug.
        staff.NotAllowed, DraftOpen.
    """
    aid = reading.read(document)
    changed = list(_changed_meanings(aid))
    if changed:
        raise reading.Refused(changed)
    with transaction.atomic():
        user = staff.require(by, staff.EDIT) if by is not None else None
        live = Edition.objects.filter(aid=aid.slug, status=Edition.Status.PUBLISHED).first()
        return _opened(document, aid.slug, user, live)


def _changed_meanings(aid: Aid) -> Iterator[Problem]:
    """Questions that an earlier edition asked in another way: stored answers to them would no longer be understood."""
    kinds = _earlier_kinds(aid.slug)
    for question in aid.questions:
        earlier = kinds.get(question.slug, question.kind)
        if earlier != question.kind:
            message = f"an earlier edition has this question with kind “{earlier}”; give the new one another slug"
            yield Problem("questions.yaml", f"{question.slug}.kind", message)


def _earlier_kinds(aid: str) -> dict[str, str]:
    kinds: dict[str, str] = {}
    frozen = Edition.objects.filter(aid=aid, status__in=Edition.FROZEN).order_by("number")
    for pk in frozen.values_list("pk", flat=True):
        kinds.update((question.slug, question.kind) for question in editions.aid_of(pk).questions)
    return kinds


def _opened(document: Document, aid: str, user: Any | None, based_on: Edition | None) -> Edition:
    if Edition.objects.filter(aid=aid, status__in=Edition.OPEN).exists():
        raise DraftOpen(aid)
    newest = Edition.objects.filter(aid=aid).aggregate(Max("number"))["number__max"] or 0
    text = editions.text_of(document)
    try:
        with transaction.atomic():
            edition = Edition.objects.create(
                aid=aid,
                number=newest + 1,
                document=text,
                content_hash=editions.hash_of(text),
                based_on=based_on,
                last_changed_by=user,
            )
    except IntegrityError:
        # Somebody else opened one in the same moment; the database lets one through.
        raise DraftOpen(aid) from None
    note = f"From edition {based_on.number}." if based_on else ""
    drafts.step(edition, EditionStep.Kind.OPENED, user, note=note)
    return edition
