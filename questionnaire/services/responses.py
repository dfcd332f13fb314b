"""A person's response: begin, answer, see what is urgent, come back by code, erase. `finishing` makes its guidance.

Each write is one UPDATE that names the revision it was based on, so that two tabs, a double submit and a retry lose
no answer, and no transaction is held open. A patient has no account, so there is no `by` here: whoever holds the
browser's cookie or the code is the person.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from questionnaire.domain.content import Aid
from questionnaire.domain.journey import Journey
from questionnaire.domain.outcome import urgent
from questionnaire.domain.questions import Answer
from questionnaire.models import Edition, Response, Review
from questionnaire.services import editions, shared, trial_facts
from questionnaire.services.sealing import sealed, unsealed

_MOST_RETRIES = 50


class Gone(LookupError):
    """The response was erased or has expired."""


class OutOfReach(ValueError):
    """The answers so far do not lead to this question."""


class NotAnAnswer(ValueError):
    """This value is no answer to this question."""


class Busy(RuntimeError):
    """Other writes to the same response kept getting in first."""


@dataclass(frozen=True)
class Walk:
    """A stored response with its aid and the journey that its answers open."""

    response: Response
    aid: Aid
    journey: Journey

    @property
    def number(self) -> str:
        """The study's number that counts on the path; empty when there is none, or the edition checks none."""
        return trial_facts.number_of(self.aid, self.journey)

    @property
    def urgent_unseen(self) -> bool:
        """Whether urgent guidance holds that the person has not been shown."""
        seen = set(self.response.acknowledged)
        return any(shown.slug not in seen for shown in urgent(self.aid, self.journey))


def expiry() -> dt.datetime:
    """When a response that is written to now will be erased."""
    return timezone.now() + dt.timedelta(days=settings.RETENTION_DAYS)


def walk_of(response: Response) -> Walk:
    aid = editions.aid_of(response.edition_id)
    return Walk(response, aid, Journey(aid, unsealed(response.answers)))


def find(pk: uuid.UUID | str) -> Walk:
    """The response of this id. After a safety change it is first moved to the live edition.

    Raises:
        Gone: there is none (any more).
    """
    try:
        found: Any = Response.objects.raw(_FIND, [uuid.UUID(str(pk)).hex])[0]
    except IndexError:
        raise Gone from None
    if found.expires_at <= _now():
        raise Gone
    newest = found.newest_safety_edition
    return _moved(found) if newest is not None and newest > found.edition_number else walk_of(found)


# Written out, since it runs at every request and the ORM needs longer to compose it than the database to answer it.
_FIND = """
    SELECT response.*, edition.number AS edition_number, (
        SELECT MAX(number) FROM questionnaire_edition
        WHERE aid = edition.aid AND safety_change AND published_at IS NOT NULL
    ) AS newest_safety_edition
    FROM questionnaire_response AS response
    JOIN questionnaire_edition AS edition ON edition.id = response.edition_id
    WHERE response.id = %s
"""


def _now() -> dt.datetime:
    return timezone.now()


def _moved(response: Response) -> Walk:
    """Go on with the live edition: every answer is kept, and only what is new is asked."""
    current = editions.live()
    before = Edition.objects.values_list("number", flat=True).get(pk=response.edition_id)

    def move(walk: Walk) -> dict[str, Any]:
        return {"edition_id": current.pk, "moved_from": walk.response.moved_from or before}

    return _write(walk_of(response), move)


def begin(*, edition: Edition, language: str, slug: str, answer: Answer) -> Walk:
    """Make a response with its first answer.

    Raises:
        OutOfReach, NotAnAnswer: see `answer`.
    """
    aid = editions.aid_of(edition.pk)
    _check(Journey(aid, {}), slug, answer)
    response = Response.objects.create(
        edition=edition, language=language, answers={slug: sealed(aid, slug, answer)}, expires_at=expiry()
    )
    return walk_of(response)


def answer(*, walk: Walk, slug: str, answer: Answer) -> Walk:
    """Store one answer.

    Raises:
        OutOfReach: the question is not on the person's path.
        NotAnAnswer: the value is not one that the question accepts.
        Gone: the response was erased meanwhile.
    """

    def store(walk: Walk) -> dict[str, Any]:
        _check(walk.journey, slug, answer)
        return {"answers": walk.response.answers | {slug: sealed(walk.aid, slug, answer)}}

    return _write(walk, store)


def _check(journey: Journey, slug: str, answer: Answer) -> None:
    if not journey.may_see(slug):
        raise OutOfReach(slug)
    if not journey.aid.question[slug].accepts(answer):
        raise NotAnAnswer(slug)


def acknowledge_urgent(*, walk: Walk, seen: Iterable[str] | None = None) -> Walk:
    """Note that the person has seen this urgent guidance, so that it does not stop them again.

    Args:
        seen: slugs of what their page showed; None for all that holds now. What holds and is not among them, since
            another tab added it meanwhile, will still stop them.
    """

    def note(walk: Walk) -> dict[str, Any]:
        now = {shown.slug for shown in urgent(walk.aid, walk.journey)}
        return {
            "acknowledged": sorted({*walk.response.acknowledged, *(now if seen is None else now.intersection(seen))})
        }

    return _write(walk, note)


def _write(walk: Walk, change: Callable[[Walk], dict[str, Any]]) -> Walk:
    """Apply a change to the row as it is now; when somebody else wrote first, work it out again on what they wrote."""
    for _ in range(_MOST_RETRIES):
        response = walk.response
        until = max(response.expires_at, expiry()) if response.is_shared else expiry()
        values = {"revision": response.revision + 1, "expires_at": until} | change(walk)
        if _updated(response, values):
            for name, value in values.items():
                setattr(response, name, value)
            return walk_of(response)
        try:
            walk = walk_of(Response.objects.get(pk=response.pk))
        except Response.DoesNotExist:
            raise Gone from None
    raise Busy


def _updated(response: Response, values: dict[str, Any]) -> bool:
    """Write these columns if the row is still at this revision; written out for the reason that `_FIND` is."""
    known = {field.attname: field for field in Response._meta.concrete_fields}
    fields = [known[name] for name in values]
    columns = ", ".join(f"{field.column} = %s" for field in fields)
    stored = [field.get_db_prep_save(value, connection) for field, value in zip(fields, values.values(), strict=True)]
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE questionnaire_response SET {columns} WHERE id = %s AND revision = %s",
            [*stored, response.pk.hex, response.revision],
        )
        return bool(cursor.rowcount)


def erase(*, pk: uuid.UUID) -> None:
    """Delete the response of this id and all its versions for good, if it is still there, expired or not."""
    with transaction.atomic():
        response = Response.objects.select_for_update().filter(pk=pk).first()
        if response is None:
            return
        if response.is_shared:
            shared.end(response, Review.Ending.ERASED)
        response.delete()


def purge_expired() -> int:
    """Delete every response whose time is over; how many there were. A shared one waits for the end of its review."""
    shared.purge_expired()
    with transaction.atomic():
        expired = Response.objects.filter(expires_at__lte=_now(), is_shared=False)
        count = expired.count()
        expired.delete()
    return count


def write(*, walk: Walk, **values: Any) -> Walk:
    """Write other columns of the response under the same rule as answers."""
    return _write(walk, lambda _walk: values)
