"""Take shared responses out of the program: one into the chart, or all that a filtered inbox shows, as a download.

A download is asked for first, then fetched once by whoever asked, while a page tells how far it is. It runs in batches
along the inbox's own order and holds no transaction open; before each it is looked up whether it may go on. It is no
snapshot: a response that a colleague moves to another place in the inbox meanwhile may come twice or not at all.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Generator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from questionnaire.models import AuditEvent, Edition, Export, FinishedVersion, Review
from questionnaire.services import audit, inbox, inbox_filters, mentions, reviews, staff
from questionnaire.services.inbox import Filters
from questionnaire.services.reviews import Identity
from questionnaire.services.staff import Caller

GOOD_FOR = dt.timedelta(hours=1)
"""For how long after it was asked for a download may be begun."""
BATCH = 500
State = Export.State


class NoExport(LookupError):
    """There is no export of this id that this physician asked for."""


class NotReady(ValueError):
    """It was fetched, or called off, or asked for too long ago: it has to be asked for anew."""


class Stopped(RuntimeError):
    """The download ends before its end: it was called off, or its physician lost the role."""


class WrongFilters(ValueError):
    """The filters are none of the inbox's. `problems` says in words which and why."""

    def __init__(self, problems: list[str]) -> None:
        self.problems = tuple(problems)
        super().__init__("; ".join(problems))


@dataclass(frozen=True, slots=True)
class Item:
    """One response of a download, with who shared it, the version that counts and its edition's number."""

    review: Review
    who: Identity
    version: FinishedVersion
    edition: int


def chart(*, by: Caller, pk: UUID, form: str = "pdf") -> Review:
    """Open a review to take the whole of it out of here; recorded as an export, beside the look.

    Args:
        form: of what is taken out, for the record: pdf or fhir.

    Raises:
        staff.NotAllowed, reviews.NoReview.
    """
    return reviews.look(by=by, pk=pk, page="chart", exported=form)


def filters_of(query: str) -> Filters:
    """The inbox's filters from an address: `state=new&flag=urgent&mine=1&since=2026-05-01`. What is left out is open.

    Raises:
        WrongFilters: a name or a value that the inbox does not know, so that no export holds more than was asked for.
    """
    filters, wrong = inbox_filters.read(dict(parse_qsl(query)))
    if wrong:
        raise WrongFilters(
            [f"The filter “{name}” is none of the inbox's, or its value is not one it can have." for name in wrong]
        )
    return filters


def ask(*, by: Caller, filters: str) -> Export:
    """Ask for a download of all responses that these filters leave.

    Raises:
        staff.NotAllowed, WrongFilters.
    """
    if len(filters) > 400:
        raise WrongFilters(["The filters are longer than any of the inbox's."])
    filters_of(filters)
    with transaction.atomic():
        user = staff.require_physician(by.user)
        export = Export.objects.create(by=user, filters=filters)
        detail = {"format": "csv", "export": str(export.pk), "filters": filters}
        audit.record(kind="exported", by=user, address=by.address, detail=detail)
    return export


def find(*, by: Caller, pk: UUID) -> Export:
    """The export of this id, for whoever asked for it.

    Raises:
        staff.NotAllowed, NoExport.
    """
    user = staff.require_physician(by.user)
    export = Export.objects.filter(pk=pk, by=user).first()
    if export is None:
        raise NoExport(pk)
    return export


def is_ready(export: Export) -> bool:
    """Whether it may be fetched now."""
    return export.state == State.READY and export.created_at > timezone.now() - GOOD_FOR


def about_how_many(export: Export) -> int | None:
    """How many responses it will hold, by the kept counts; None where the filters leave no telling."""
    filters = filters_of(export.filters)
    if filters != Filters(state=filters.state):
        return None
    counts = inbox.counts()
    without = counts[Review.State.WITHDRAWN] if filters.state in (inbox.ALL, Review.State.WITHDRAWN) else 0
    return counts[filters.state] - without


def editions_ever() -> dict[int, int]:
    """The numbers of all editions that were ever published, by their ids and in order."""
    frozen = Edition.objects.filter(status__in=Edition.FROZEN)
    return dict(frozen.order_by("aid", "number").values_list("pk", "number"))


def begin(*, by: Caller, pk: UUID) -> Export:
    """Begin the download. It can be begun once.

    Raises:
        staff.NotAllowed, NoExport, NotReady.
    """
    with transaction.atomic():
        export = find(by=by, pk=pk)
        fresh = Export.objects.filter(pk=pk, state=State.READY, created_at__gt=timezone.now() - GOOD_FOR)
        if not fresh.update(state=State.RUNNING):
            raise NotReady(pk)
        _record("export begun", by, export)
    return export


def has_begun(export: Export) -> bool:
    """Whether its file was fetched, so that a part of it may lie somewhere even if it was called off."""
    begun = AuditEvent.objects.filter(kind="export begun", by=export.by_id, at__gte=export.created_at)
    return bool(begun.filter(detail__export=str(export.pk)).exists())


def cancel(*, by: Caller, pk: UUID) -> None:
    """Call it off. A download that runs ends at its next batch; one that has ended stays as it is.

    Raises:
        staff.NotAllowed, NoExport.
    """
    with transaction.atomic():
        export = find(by=by, pk=pk)
        open_ = Export.objects.filter(pk=pk, state__in=(State.READY, State.RUNNING))
        if open_.update(state=State.CANCELLED, ended_at=timezone.now()):
            _record("export cancelled", by, export)


def batches(*, by: Caller, export: Export, editions: Mapping[int, int]) -> Generator[list[Item], None, None]:
    """The responses of an export that was begun, so many at a time, without those that were withdrawn.

    Those of an edition that is not among `editions`, since it was published meanwhile, are left out. Before so many go
    out, their ids are on record, or the download stops. However it ends, that is recorded with the number of rows: also
    when whoever reads gives up (`close`), before the first row even.

    Raises:
        Stopped: while it is read: it was called off, or the role was taken away.
    """
    running = _running(by, export, editions)
    # A generator that has not begun does not notice its end.
    next(running)
    return running


def _running(by: Caller, export: Export, editions: Mapping[int, int]) -> Generator[list[Item], None, None]:
    rows, end = 0, "broken off"
    try:
        yield []
        for found in inbox.every(filters=filters_of(export.filters), user=export.by, step=BATCH):
            batch = _items(found, editions)
            _go_on(by, export, rows, batch)
            if batch:
                yield batch
            rows += len(batch)
        _go_on(by, export, rows)
        end = "whole"
    except Stopped as stopped:
        end = str(stopped)
        raise
    finally:
        _end(by, export, rows, end)


def _items(found: list[Review], editions: Mapping[int, int]) -> list[Item]:
    open_ = [each for each in found if each.state != Review.State.WITHDRAWN and each.version_id]
    # What was shown is not written, and is longer than all else.
    versions = FinishedVersion.objects.defer("outcome").in_bulk({each.version_id for each in open_})
    items = []
    for review in open_:
        version, who = versions.get(review.version_id), reviews.identity(review)
        if version is not None and who is not None and version.edition_id in editions:
            items.append(Item(review, who, version, editions[version.edition_id]))
    return items


def _go_on(by: Caller, export: Export, rows: int, batch: Sequence[Item] = ()) -> None:
    """Note how far it is, and whose rows come next.

    Raises:
        Stopped: it must not go on.
    """
    with transaction.atomic():
        try:
            staff.require_physician(by.user)
        except staff.NotAllowed:
            raise Stopped("role taken away") from None
        if not Export.objects.filter(pk=export.pk, state=State.RUNNING).update(done=rows):
            raise Stopped("cancelled")
        if batch:
            _record(mentions.ROWS_EXPORTED, by, export, naming=[each.review.pk for each in batch])


def _end(by: Caller, export: Export, rows: int, end: str) -> None:
    with transaction.atomic():
        state = State.DONE if end == "whole" else State.BROKEN
        Export.objects.filter(pk=export.pk).update(done=rows)
        Export.objects.filter(pk=export.pk, state=State.RUNNING).update(state=state, ended_at=timezone.now())
        _record("export ended", by, export, rows=rows, end=end)


def _record(kind: str, by: Caller, export: Export, *, naming: Sequence[UUID] = (), **more: Any) -> None:
    detail = {"format": "csv", "export": str(export.pk), **more}
    audit.record(kind=kind, by=by.user, address=by.address, detail=detail, naming=naming)
