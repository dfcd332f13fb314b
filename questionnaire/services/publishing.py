"""From draft to live: one person sends it to review, another one approves and publishes it.

Who wrote the last change cannot approve it, and neither can who sent it to review; the database holds that too.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import transaction
from django.utils import timezone

from questionnaire.domain import folder, reading
from questionnaire.models import Edition, EditionStep
from questionnaire.services import checking, drafts, editions, opening, recalls, staff

Kind = EditionStep.Kind
LONGEST_NOTE = 600


class NotPublishable(ValueError):
    """This edition cannot go live now; the message says why."""


class ChangedMeanwhile(ValueError):
    """The draft is not as it was when the person looked at it, so they should look again."""


class SamePerson(PermissionError):
    """Who wrote the last change or sent it to review asked to approve it."""


@contextmanager
def _held(edition_id: int, by: Any, permission: str, revision: int, status: str) -> Iterator[tuple[Edition, Any]]:
    """The edition as it is now, held against others, in this status and as the person saw it."""
    with transaction.atomic():
        edition = Edition.objects.select_for_update().filter(pk=edition_id).first()
        user = staff.require(by, permission)
        if edition is None:
            raise drafts.NoDraft(str(edition_id))
        if edition.status != status:
            raise ChangedMeanwhile(f"edition {edition.number} is {edition.get_status_display().lower()} now")
        if edition.revision != revision:
            raise ChangedMeanwhile(f"edition {edition.number} was changed since you opened this page")
        yield edition, user


def submit(*, by: Any, edition_id: int, revision: int, change_note: str, safety_change: bool) -> Edition:
    """Send the draft to review: the first signature. From now on its content does not change.

    Args:
        revision: of the draft as the person saw it.
        change_note: what changed, in one sentence for patients and physicians.

    Raises:
        NotPublishable: the checks found something to mend, or nothing says what changed.
        ChangedMeanwhile, drafts.NoDraft, staff.NotAllowed.
    """
    note = _note(change_note)
    _require_clean(edition_id)
    with _held(edition_id, by, staff.EDIT, revision, Edition.Status.DRAFT) as (edition, user):
        edition.status = Edition.Status.IN_REVIEW
        edition.submitted_by = user
        edition.change_note = note
        edition.safety_change = safety_change
        edition.save(update_fields=["status", "submitted_by", "change_note", "safety_change"])
        drafts.step(edition, Kind.SUBMITTED, user, note=note)
    return edition


def take_back(*, by: Any, edition_id: int, revision: int) -> Edition:
    """Take the draft back from review, to change it.

    Raises:
        ChangedMeanwhile, drafts.NoDraft, staff.NotAllowed.
    """
    with _held(edition_id, by, staff.EDIT, revision, Edition.Status.IN_REVIEW) as (edition, user):
        return _back_to_draft(edition, Kind.TAKEN_BACK, user, "")


def send_back(*, by: Any, edition_id: int, revision: int, note: str) -> Edition:
    """Changes wanted: the draft goes back to its editors with a note that says which.

    Raises:
        NotPublishable: the note is empty.
        ChangedMeanwhile, drafts.NoDraft, staff.NotAllowed.
    """
    if not note.strip():
        raise NotPublishable("say which changes you want, so that the editors know")
    with _held(edition_id, by, staff.APPROVE, revision, Edition.Status.IN_REVIEW) as (edition, user):
        return _back_to_draft(edition, Kind.SENT_BACK, user, note.strip())


def _back_to_draft(edition: Edition, kind: str, user: Any, note: str) -> Edition:
    edition.status = Edition.Status.DRAFT
    edition.submitted_by = None
    edition.save(update_fields=["status", "submitted_by"])
    drafts.step(edition, kind, user, note=note)
    return edition


def publish(*, by: Any, edition_id: int, revision: int, change_note: str, safety_change: bool) -> Edition:
    """Approve what is in review and make it the live edition: the second signature.

    The edition before it is superseded in the same transaction. With a safety change the list of finished responses
    that it touches is begun in it too.

    Raises:
        SamePerson: see the module.
        NotPublishable: the checks found something to mend, or nothing says what changed.
        ChangedMeanwhile: it was taken back, published or changed since the person looked.
        drafts.NoDraft, staff.NotAllowed.
    """
    note = _note(change_note)
    _require_clean(edition_id)
    with _held(edition_id, by, staff.APPROVE, revision, Edition.Status.IN_REVIEW) as (edition, user):
        if user.pk in (edition.last_changed_by_id, edition.submitted_by_id):
            raise SamePerson("somebody else must approve this: you wrote the last change or sent it to review")
        drafts.step(edition, Kind.PUBLISHED, user, note=note)
        edition.approved_by = user
        return _put_live(edition, note, safety_change)


def publish_shipped() -> Edition | None:
    """Publish the aid that comes with the program if nothing is published; None if something is.

    Raises:
        reading.Refused: the shipped folder does not hold together.
        opening.DraftOpen: somebody is working on a first draft; nothing is done behind their back.
    """
    if Edition.objects.filter(aid=editions.SHIPPED_AID, status=Edition.Status.PUBLISHED).exists():
        return None
    with transaction.atomic():
        draft = opening.open_document(by=None, document=folder.document_of(editions.SHIPPED))
        return put_live(draft=draft, change_note="First edition.")


def put_live(
    *, draft: Edition, change_note: str, safety_change: bool = False, at: dt.datetime | None = None
) -> Edition:
    """Make a draft live that no person has touched, without checks or signatures: for what comes with the program.

    Args:
        at: since when it counts as published; now unless told.

    Raises:
        django.db.IntegrityError: somebody has worked on it, so it needs signatures.
        NotPublishable: it is no draft any more.
        reading.Refused: its content does not hold together.
    """
    with transaction.atomic():
        edition = Edition.objects.select_for_update().get(pk=draft.pk)
        if edition.status != Edition.Status.DRAFT:
            raise NotPublishable(f"edition {edition.number} is {edition.status} already")
        return _put_live(edition, _note(change_note), safety_change, at)


def _put_live(edition: Edition, note: str, safety_change: bool, at: dt.datetime | None = None) -> Edition:
    reading.read(editions.document_of(edition))
    Edition.objects.filter(aid=edition.aid, status=Edition.Status.PUBLISHED).update(status=Edition.Status.SUPERSEDED)
    edition.status = Edition.Status.PUBLISHED
    edition.change_note = note
    edition.safety_change = safety_change
    edition.published_at = at or timezone.now()
    edition.save(update_fields=["status", "change_note", "safety_change", "published_at", "approved_by"])
    if safety_change:
        recalls.start(edition)
    return edition


def _note(text: str) -> str:
    note = " ".join(text.split())
    if not note:
        raise NotPublishable("say in one sentence what changed")
    if len(note) > LONGEST_NOTE:
        raise NotPublishable(f"say what changed in at most {LONGEST_NOTE} characters")
    return note


def _require_clean(edition_id: int) -> None:
    """Run the checks before the transaction, since they take seconds; in it the content is known to be the same."""
    edition = Edition.objects.filter(pk=edition_id, status__in=Edition.OPEN).first()
    if edition is None:
        raise drafts.NoDraft(str(edition_id))
    report = checking.report(edition)
    if not report.publishable:
        count = len(report.errors)
        raise NotPublishable(f"the checks found {count} thing{'' if count == 1 else 's'} to mend first")
