"""The record of who looked at what and who did what. The database refuses to change or delete it.

No event holds an answer, a name of a patient, or a word that somebody searched for.
"""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Index, UniqueConstraint


class AuditEvent(models.Model):
    """One event, chained to the one before it in the same chain by the hash of that one.

    A chain belongs to one review, or to what one account does beside reviews, so that nobody waits in one queue.
    """

    class Actor(models.TextChoices):
        STAFF = "staff", "Staff"
        PATIENT = "patient", "Patient"
        PROGRAM = "program", "Program"
        STRANGER = "stranger", "Not signed in"

    id = models.BigAutoField(primary_key=True)
    chain = models.CharField(max_length=60, help_text="Such as review:<id> or user:<id>.")
    number = models.PositiveBigIntegerField(help_text="Place within its chain, from 1.")
    at = models.DateTimeField()
    kind = models.CharField(max_length=30)
    actor = models.CharField(max_length=10, choices=Actor.choices)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    address = models.CharField(
        max_length=64, blank=True, help_text="Of a member of staff or a stranger; never a patient's."
    )
    subject = models.UUIDField(null=True, help_text="The review concerned.")
    detail: models.JSONField[Any, Any] = models.JSONField(default=dict)
    previous = models.CharField(max_length=64, blank=True, help_text="The hash before it in the chain.")
    hash = models.CharField(max_length=64, help_text="SHA-256 over all of the above, in hexadecimal digits.")

    class Meta:
        constraints = (UniqueConstraint(fields=["chain", "number"], name="audit_event_number_once"),)
        indexes = (
            Index(fields=["at", "id"], name="audit_event_at"),
            Index(fields=["by", "at", "id"], name="audit_event_by"),
            Index(fields=["kind", "at", "id"], name="audit_event_kind"),
        )
        permissions = (("search_record", "Can search the access record"),)

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.kind}"


class AuditMention(models.Model):
    """One response that an event beside its chain shows or takes out: an index of what such events' details name.

    So the record of one response is found whole without reading everybody's. It proves nothing by itself: verifying
    compares it with the details, which the events' hashes cover (`services/mentions.py`).
    """

    pk = models.CompositePrimaryKey("event_id", "subject")
    # Nothing is ever deleted from the record, and PostgreSQL would look up, and lock, the event for each row.
    event = models.ForeignKey(
        AuditEvent, on_delete=models.DO_NOTHING, db_constraint=False, db_index=False, related_name="mentions"
    )
    subject = models.UUIDField(help_text="The review that it names.")
    exported = models.BooleanField(help_text="Whether its content was taken out of here, or only stood on a page.")
    at = models.DateTimeField(help_text="The moment of the event.")

    class Meta:
        indexes = (Index(fields=["subject", "exported", "at", "event"], name="audit_mention_subject"),)

    def __str__(self) -> str:
        return f"{self.subject} in event {self.event_id}"


class AuditSeal(models.Model):
    """A digest over all events up to one, chained to the seal before it: taking a whole chain away shows too."""

    number = models.PositiveIntegerField(unique=True)
    at = models.DateTimeField()
    last_event = models.BigIntegerField(help_text="Id of the last event that it covers.")
    events = models.BigIntegerField(help_text="How many it covers beyond the seal before it.")
    digest = models.CharField(max_length=64, help_text="SHA-256 over the digest before it and these events' hashes.")
    key_name = models.CharField(max_length=16, help_text="Which of FIELD_KEYS signed it.")
    signature = models.CharField(max_length=64, help_text="HMAC-SHA-256 of all of the above with that key.")

    def __str__(self) -> str:
        return f"seal {self.number} up to {self.last_event}"
