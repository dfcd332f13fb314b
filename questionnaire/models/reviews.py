"""A practice's work on the responses that patients shared with it."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from itertools import combinations
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import CheckConstraint, Index, Q, UniqueConstraint

from questionnaire.models.responses import FinishedVersion, Response


def walks(prefix: str, *begin: str, key: str) -> Iterator[Index]:
    """An index in the inbox's own order for every set of things that it can be narrowed by at once.

    The state stands in each: states are few, so the rows of several are merged from as many stretches of one index.
    Thus a page costs the same at any size, however few reviews fit.

    Args:
        prefix: of the indexes' names.
        begin: fields that are given in every walk.
        key: the field that holds the review's id.
    """
    for taken in ((), ("taken_by",)):
        for count in range(3):
            for names in combinations(("problem", "standing"), count):
                yield Index(
                    # Whom it is taken by comes first, so that these are the foreign key's indexes as well.
                    fields=[*taken, *begin, *names, "state", "queue", key],
                    name="_".join([prefix, *(taken + names or ("state",))]),
                    condition=Q(taken_by__isnull=False) if taken else None,
                )


class Review(models.Model):
    """A response that its patient shared with the practice, and where the practice's work on it stands.

    `queue` is its place in the inbox, low first (`services/queueing.py`). Texts of people are sealed.
    """

    class State(models.TextChoices):
        NEW = "new", "New"
        TAKEN = "taken", "Taken"
        WAITING = "waiting", "Waiting"
        REVIEWED = "reviewed", "Reviewed"
        WITHDRAWN = "withdrawn", "Withdrawn"

    OPEN = (State.NEW, State.TAKEN, State.WAITING)

    class Ending(models.TextChoices):
        WITHDRAWN = "withdrawn", "Withdrawn by the patient"
        ERASED = "erased", "Erased by the patient"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    response = models.ForeignKey(Response, on_delete=models.SET_NULL, null=True, related_name="reviews")
    version = models.ForeignKey(
        FinishedVersion, on_delete=models.SET_NULL, null=True, related_name="+", help_text="The newest one."
    )
    identity = models.TextField(
        blank=True, help_text="Sealed JSON: name, born, contact, and clinic if given. Empty once withdrawn."
    )
    question = models.TextField(blank=True, help_text="Sealed: what the patient asks.")
    preferred: models.JSONField[Any, Any] = models.JSONField(
        default=list, help_text="Slugs of the alternatives that the patient leans towards."
    )
    state = models.CharField(max_length=12, choices=State.choices, default=State.NEW)
    queue = models.BigIntegerField()
    level = models.PositiveSmallIntegerField(null=True, help_text="Of the first flag; none without flags.")
    flags: models.JSONField[Any, Any] = models.JSONField(default=list, help_text="Slugs, the most serious first.")
    problem = models.CharField(max_length=60, blank=True, help_text="Slug of the patient's main problem.")
    standing = models.CharField(max_length=60, blank=True, help_text="Slug: where the offer stands on the ladder.")
    facts: models.JSONField[Any, Any] = models.JSONField(
        default=dict, help_text="What the registry's newest check found; empty while that is what the version has."
    )
    taken_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    opened_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    opened_at = models.DateTimeField(null=True, help_text="When a physician first opened it.")
    revision = models.PositiveIntegerField(default=0, help_text="Grows with each step, so that none is overwritten.")
    shared_at = models.DateTimeField()
    reviewed_at = models.DateTimeField(null=True, help_text="When it was first marked reviewed.")
    ended_at = models.DateTimeField(null=True)
    ending = models.CharField(max_length=12, choices=Ending.choices, blank=True)
    expires_at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = (
            UniqueConstraint(fields=["response"], condition=Q(ended_at__isnull=True), name="review_one_open"),
            CheckConstraint(
                condition=Q(state="withdrawn", ended_at__isnull=False, identity="", question="")
                | (~Q(state="withdrawn") & Q(ended_at__isnull=True)),
                name="review_withdrawn_holds_nothing",
            ),
        )
        indexes = (Index(fields=["queue", "id"], name="review_queue"), *walks("walk", key="id"))
        permissions = (("review_responses", "Can read and answer shared responses"),)

    def __str__(self) -> str:
        return f"{self.id} ({self.state})"


class ReviewEntry(models.Model):
    """One thing done to a review, with its time and who did it: a step, a note, a reply. Only ever emptied."""

    class Kind(models.TextChoices):
        SHARED = "shared", "Shared by the patient"
        TAKEN = "taken", "Taken"
        NOTE = "note", "Note"
        REPLY = "reply", "Reply to the patient"
        REFERRED = "referred", "Referred"
        REVIEWED = "reviewed", "Marked reviewed"
        REOPENED = "reopened", "Reopened"
        CHANGED = "changed", "Answers changed by the patient"
        RECALLED = "recalled", "Looked at after a safety change"
        STUDY = "study", "The study was checked again"
        WITHDRAWN = "withdrawn", "Withdrawn by the patient"

    review = models.ForeignKey(Review, on_delete=models.CASCADE, related_name="entries", db_index=False)
    number = models.PositiveIntegerField()
    kind = models.CharField(max_length=12, choices=Kind.choices)
    text = models.TextField(blank=True, help_text="Sealed.")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = (UniqueConstraint(fields=["review", "number"], name="review_entry_number_once"),)

    def __str__(self) -> str:
        return f"{self.number}: {self.kind}"


class Presence(models.Model):
    """Who has a review open at the moment."""

    review = models.ForeignKey(Review, on_delete=models.CASCADE, related_name="present")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    seen_at = models.DateTimeField()

    class Meta:
        constraints = (UniqueConstraint(fields=["review", "user"], name="presence_once"),)

    def __str__(self) -> str:
        return f"{self.user_id} since {self.seen_at}"


class Export(models.Model):
    """A download of many responses: how far it is, and whether its physician has called it off."""

    class State(models.TextChoices):
        READY = "ready", "Ready to download"
        RUNNING = "running", "Running"
        DONE = "done", "Done"
        CANCELLED = "cancelled", "Cancelled"
        BROKEN = "broken", "Broken off"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    filters = models.CharField(max_length=400, blank=True, help_text="As in the inbox's address; no personal data.")
    state = models.CharField(max_length=10, choices=State.choices, default=State.READY)
    done = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField(auto_now_add=True, db_index=True)
    ended_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.state}, {self.done} rows"
