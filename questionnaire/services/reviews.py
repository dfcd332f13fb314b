"""Physicians' work on shared responses: open, take, note, reply, refer, mark reviewed, reopen.

Each step names the revision that the physician saw. If somebody else took a step meanwhile, nothing is written and
`Conflict` tells what they did, so that no text ever replaces another unseen.
"""

from __future__ import annotations

import copy
import datetime as dt
import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from questionnaire.models import Presence, Review, ReviewEntry
from questionnaire.services import audit, queueing, shared, staff
from questionnaire.services.sealing import unseal
from questionnaire.services.staff import Caller

LONGEST_TEXT = 5000
"""Characters of a note or a reply."""
PRESENT = dt.timedelta(minutes=2)
"""For how long after the last sign of them somebody counts as having a review open."""
State, Kind = Review.State, ReviewEntry.Kind


class NoReview(LookupError):
    """There is no review of this id."""


class Ended(LookupError):
    """The patient has taken the response back, so there is nothing left to act on."""


class Conflict(RuntimeError):
    """Somebody took another step first. `review` is as it is now, `since` what was done unseen."""

    def __init__(self, review: Review, since: list[Entry]) -> None:
        self.review, self.since = review, since
        super().__init__(review.pk)


class NotNow(ValueError):
    """This step makes no sense in the state that the review is in."""


class NothingWritten(ValueError):
    """A note, reply or referral without words, or with too many."""


@dataclass(frozen=True, slots=True)
class Identity:
    """Who the patient is, and the clinic that made the offer, as they gave it; empty where they named none."""

    name: str
    born: dt.date
    contact: str
    clinic: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """One step, in the clear."""

    number: int
    kind: str
    label: str
    text: str
    by: str
    at: dt.datetime


def identity(review: Review) -> Identity | None:
    """Who shared this; None once withdrawn."""
    if not review.identity:
        return None
    held: dict[str, Any] = json.loads(unseal(review.identity))
    return Identity(held["name"], dt.date.fromisoformat(held["born"]), held["contact"], held.get("clinic", ""))


def question(review: Review) -> str:
    """What the patient asks, in their own words."""
    return unseal(review.question) if review.question else ""


def entries(review: Review, after: int = 0) -> list[Entry]:
    """The steps of this review, the oldest first."""
    rows = review.entries.filter(number__gt=after).select_related("by").order_by("number")
    return [
        Entry(
            each.number,
            each.kind,
            Kind(each.kind).label,
            unseal(each.text) if each.text else "",
            staff.shown_name(each.by) if each.by else "",
            each.at,
        )
        for each in rows
    ]


def look(*, by: Caller, pk: UUID, page: str = "response", exported: str = "") -> Review:
    """Open a review: the look is recorded, and the patient will read who opened it first and when.

    Args:
        page: what of it is looked at, for the record.
        exported: the form in which it is taken out of here, if it is; recorded as an export too.

    Raises:
        staff.NotAllowed, NoReview (an id that nobody gave is on record as refused).
    """
    try:
        return _looked(by, pk, page, exported)
    except NoReview as error:
        refused(by=by, pk=pk, step=page, why=type(error).__name__)
        raise


def _looked(by: Caller, pk: UUID, page: str, exported: str) -> Review:
    with transaction.atomic():
        user = staff.require_physician(by.user)
        review = _locked(pk)
        audit.record(kind="viewed", by=user, address=by.address, subject=review.pk, detail={"page": page})
        if exported and review.state != State.WITHDRAWN:
            detail = {"format": exported}
            audit.record(kind="exported", by=user, address=by.address, subject=review.pk, detail=detail)
        if review.state != State.WITHDRAWN:
            if review.opened_at is None:
                review.opened_by, review.opened_at = user, timezone.now()
                review.save(update_fields=["opened_by", "opened_at"])
            _present(review, user)
    return review


def _locked(pk: UUID) -> Review:
    review = (
        Review.objects.select_for_update(of=("self",))
        .select_related("version", "version__edition", "taken_by", "opened_by")
        .defer("version__edition__document")
        # Over is over, whenever the timer comes by to delete it.
        .filter(pk=pk, expires_at__gt=timezone.now())
        .first()
    )
    if review is None:
        raise NoReview(pk)
    return review


def here(*, by: Caller, pk: UUID) -> None:
    """Note that this physician still has the review open. No look of its own, so it is not recorded again."""
    with transaction.atomic():
        user = staff.require_physician(by.user)
        review = Review.objects.filter(pk=pk).exclude(state=State.WITHDRAWN).first()
        if review is not None:
            _present(review, user)


def _present(review: Review, user: Any) -> None:
    Presence.objects.update_or_create(review=review, user=user, defaults={"seen_at": timezone.now()})


def present(review: Review, *, but: Any) -> list[str]:
    """Names of the other physicians who have this review open now."""
    since = timezone.now() - PRESENT
    rows = Presence.objects.filter(review=review, seen_at__gte=since).exclude(user=but).select_related("user")
    return [staff.shown_name(each.user) for each in rows.order_by("user_id")]


def take(*, by: Caller, pk: UUID, revision: int) -> Review:
    """Make it this physician's own to work on.

    Raises:
        staff.NotAllowed, NoReview, Ended, Conflict, NotNow (for this and the other steps).
    """

    def change(review: Review, user: Any) -> None:
        if review.state == State.TAKEN and review.taken_by_id == user.pk:
            raise NotNow("you have taken it already")
        if review.state == State.REVIEWED:
            raise NotNow("it is reviewed; reopen it first")
        review.state, review.taken_by = State.TAKEN, user

    return _step(by, pk, revision, Kind.TAKEN, change)


def mark_reviewed(*, by: Caller, pk: UUID, revision: int) -> Review:
    """Say that all is done that this response asks for."""

    def change(review: Review, user: Any) -> None:
        if review.state == State.REVIEWED:
            raise NotNow("it is reviewed already")
        review.state = State.REVIEWED
        review.taken_by = review.taken_by or user
        review.reviewed_at = review.reviewed_at or timezone.now()

    return _step(by, pk, revision, Kind.REVIEWED, change)


def reply(*, by: Caller, pk: UUID, revision: int, text: str) -> Review:
    """Answer the patient, who reads it on coming back; the review then waits for them."""
    return _step(by, pk, revision, Kind.REPLY, _waits, text=text, needs_text=True)


def refer(*, by: Caller, pk: UUID, revision: int, text: str) -> Review:
    """Note to whom the patient was sent, for colleagues; the review then waits for what comes of it."""
    return _step(by, pk, revision, Kind.REFERRED, _waits, text=text, needs_text=True)


def note(*, by: Caller, pk: UUID, revision: int, text: str) -> Review:
    """Write something down for colleagues. The patient never sees it."""
    return _step(by, pk, revision, Kind.NOTE, lambda review, user: None, text=text, needs_text=True)


def reopen(*, by: Caller, pk: UUID, revision: int) -> Review:
    """Take up again what was reviewed or waits."""

    def change(review: Review, user: Any) -> None:
        if review.state not in (State.REVIEWED, State.WAITING):
            raise NotNow("it is open already")
        review.state, review.taken_by = State.TAKEN, user

    return _step(by, pk, revision, Kind.REOPENED, change)


def step(
    *,
    by: Caller,
    pk: UUID,
    revision: int,
    kind: ReviewEntry.Kind,
    change: Callable[[Review, Any], None],
    text: str = "",
) -> Review:
    """A step of another service: `change` gets the locked review and the user, in the transaction of the step."""
    return _step(by, pk, revision, kind, change, text=text)


def _waits(review: Review, user: Any) -> None:
    if review.state != State.REVIEWED:
        review.state = State.WAITING
    review.taken_by = review.taken_by or user


def _step(
    by: Caller,
    pk: UUID,
    revision: int,
    kind: ReviewEntry.Kind,
    change: Callable[[Review, Any], None],
    *,
    text: str = "",
    needs_text: bool = False,
) -> Review:
    text = text.strip().replace("\r\n", "\n")
    if len(text) > LONGEST_TEXT or (needs_text and not text):
        raise NothingWritten(len(text))
    try:
        with transaction.atomic():
            user = staff.require_physician(by.user)
            review = _locked(pk)
            if review.state == State.WITHDRAWN:
                raise Ended(pk)
            if review.revision != revision:
                raise Conflict(review, entries(review, after=revision))
            before = copy.copy(review)
            change(review, user)
            shared.add_entry(review, kind, by=user, text=text)
            queueing.settle(review, before)
            detail = {"from": before.state, "to": review.state}
            audit.record(kind=str(kind), by=user, address=by.address, subject=review.pk, detail=detail)
    except (Conflict, Ended, NoReview, NotNow) as error:
        refused(by=by, pk=pk, step=str(kind), why=type(error).__name__)
        raise
    return review


def refused(*, by: Caller, pk: UUID | None, step: str, why: str) -> None:
    """Record a look or a step that came to nothing; in a transaction of its own, since the other one was undone.

    Args:
        pk: of the review, if it was about one.
    """
    with transaction.atomic():
        detail = {"step": step, "why": why}
        audit.record(kind="refused", by=by.user, address=by.address, subject=pk, detail=detail)
