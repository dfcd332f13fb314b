"""A patient shares a finished response with the practice, sees what became of it, and takes it back."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from questionnaire.models import FinishedVersion, Recall, Response, Review, ReviewEntry
from questionnaire.services import audit, finishing, queueing, responses, shared, staff, trial_review, tries
from questionnaire.services.responses import Gone, Walk
from questionnaire.services.sealing import seal, unseal

MOST_SHARED = 20
"""Responses that one address may share within a window: more than a waiting room does, few enough to keep junk out."""
_PURPOSE = "sharing address"


class NothingToShare(LookupError):
    """There is no guidance made from the answers as they are now."""


class AlreadyShared(ValueError):
    """The practice has this response already."""


@dataclass(frozen=True, slots=True)
class Reply:
    text: str
    by: str
    at: dt.datetime


@dataclass(frozen=True, slots=True)
class Status:
    """What a patient is told of a response that they shared.

    Attributes:
        opened_by: name of the physician who opened it first; empty before that.
        changed_at: when other answers were confirmed after it was first opened; None if none were.
        reviewed: the practice has nothing left to do with the answers as they are now.
        replies: the newest last.
        name, born, contact, clinic, question: as the patient gave them.
    """

    review: Review
    opened_by: str
    opened_at: dt.datetime | None
    changed_at: dt.datetime | None
    reviewed: bool
    replies: tuple[Reply, ...]
    name: str
    born: dt.date
    contact: str
    clinic: str
    question: str


def share(
    *,
    walk: Walk,
    name: str,
    born: dt.date,
    contact: str,
    clinic: str = "",
    question: str = "",
    preferred: Collection[str] = (),
    address: str,
) -> Review:
    """Show the newest finished version, and those that follow, to the practice's physicians, from now on.

    Args:
        name: as the practice knows the patient.
        contact: one way to reach them.
        clinic: the name of the one that made the offer, if they give it.
        question: what they want to ask, in their own words.
        preferred: slugs of the alternatives they lean towards.
        address: where the request came from; only counted, not kept.

    Raises:
        NothingToShare, AlreadyShared, Gone, tries.TooManyTries.
    """
    tries.refuse_if_over(purpose=_PURPOSE, address=address, most=MOST_SHARED)
    identity = {"name": name, "born": born.isoformat(), "contact": contact}
    with transaction.atomic():
        response = Response.objects.select_for_update().filter(pk=walk.response.pk).first()
        if response is None:
            raise Gone
        if response.is_shared:
            raise AlreadyShared
        now = timezone.now()
        review = Review(
            response=response,
            identity=seal(json.dumps(identity | ({"clinic": clinic} if clinic else {}))),
            question=seal(question) if question else "",
            preferred=sorted(preferred),
            shared_at=now,
            expires_at=until_when(response, now),
        )
        _enter(review, _current_version(responses.walk_of(response)))
        _mark(response, is_shared=True, until=review.expires_at)
    tries.count(purpose=_PURPOSE, address=address)
    return review


def _enter(review: Review, version: FinishedVersion) -> None:
    """Put a new review into the inbox, with all that hangs on it."""
    trial_review.apply(review, version)
    queueing.enter(review)
    shared.add_entry(review, ReviewEntry.Kind.SHARED)
    Review.objects.filter(pk=review.pk).update(revision=review.revision)
    Recall.objects.filter(version=version, handled_at=None).update(review=review)
    audit.record(kind="shared", actor=audit.PATIENT, subject=review.pk, detail={"version": version.number})


def until_when(response: Response, now: dt.datetime) -> dt.datetime:
    """Until when the practice sees a response that is shared now. It is kept for its patient as long at least."""
    return max(response.expires_at, now + dt.timedelta(days=settings.SHARED_DAYS))


def _current_version(walk: Walk) -> FinishedVersion:
    version = finishing.latest(walk)
    if version is None or not finishing.is_current(version, walk):
        raise NothingToShare
    return version


def _mark(response: Response, *, is_shared: bool, until: dt.datetime) -> None:
    response.is_shared, response.expires_at = is_shared, until
    response.revision += 1
    response.save(update_fields=["is_shared", "expires_at", "revision"])


def withdraw(*, walk: Walk) -> None:
    """Take the response back from the practice. The patient's own answers stay as if they had never been shared.

    Raises:
        Gone: the response was erased meanwhile.
    """
    with transaction.atomic():
        response = Response.objects.select_for_update().filter(pk=walk.response.pk).first()
        if response is None:
            raise Gone
        if response.is_shared:
            shared.end(response, Review.Ending.WITHDRAWN)
            _mark(response, is_shared=False, until=responses.expiry())


def status(walk: Walk) -> Status | None:
    """What became of this response at the practice; None while it is not shared."""
    if not walk.response.is_shared:
        return None
    open_now = Review.objects.filter(response=walk.response, ended_at=None)
    review = open_now.select_related("opened_by").annotate(finished_at=F("version__finished_at")).first()
    if review is None:
        return None
    changed = review.opened_at and review.finished_at and review.finished_at > review.opened_at
    identity: dict[str, Any] = json.loads(unseal(review.identity))
    entries = review.entries.filter(kind=ReviewEntry.Kind.REPLY).select_related("by").order_by("number")
    return Status(
        review=review,
        opened_by=staff.shown_name(review.opened_by) if review.opened_by else "",
        opened_at=review.opened_at,
        changed_at=review.finished_at if changed else None,
        reviewed=review.state == Review.State.REVIEWED,
        replies=tuple(Reply(unseal(each.text), staff.shown_name(each.by), each.at) for each in entries),
        name=identity["name"],
        born=dt.date.fromisoformat(identity["born"]),
        contact=identity["contact"],
        clinic=identity.get("clinic", ""),
        question=unseal(review.question) if review.question else "",
    )
