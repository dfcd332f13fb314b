"""The open draft of the aid: change one entry at a time, or discard it (`opening` opens one).

Two people may work on it at once. A change names the entry as its writer saw it; if somebody else has changed that
entry since, nothing is stored and the writer gets all three texts. A change that would break the aid, such as
removing a choice that a condition reads, is refused, so the draft can be shown and proved at every moment.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.db import transaction
from django.utils import timezone

from questionnaire.domain import places, reading
from questionnaire.domain.content import Aid
from questionnaire.domain.entries import Problem
from questionnaire.domain.places import Place
from questionnaire.domain.problem_places import of_problem
from questionnaire.domain.reading import Document
from questionnaire.models import Edition, EditionStep
from questionnaire.services import editions, staff

LARGEST_ENTRY = 100_000
"""Characters that one entry may have as JSON: some ten times the longest page of a real aid."""

Kind = EditionStep.Kind
Entry = Mapping[str, Any]


class NoDraft(LookupError):
    """No draft is open: it was published or discarded, or never opened."""


class Locked(ValueError):
    """The draft is in review, and what is in review does not change."""


class SlugUsed(ValueError):
    """An earlier edition used this slug for something else, and a slug never changes its meaning."""


class TooLarge(ValueError):
    """The entry is longer than `LARGEST_ENTRY`."""


class WouldBreak(ValueError):
    """With this change the aid would no longer hold together. `problems` says what would be wrong, and where."""

    def __init__(self, problems: list[Problem], document: Document) -> None:
        self.problems = problems
        self.places = [of_problem(document, problem) for problem in problems]
        super().__init__("\n".join(map(str, problems)))


class Conflict(ValueError):
    """Somebody else changed the entry since it was opened.

    Attributes:
        ancestor: the entry as both found it; None where it was not there.
        theirs: the entry as it is now; None where it was removed.
        mine: the entry that was not stored.
        step: who changed it last, and when.
    """

    def __init__(self, *, ancestor: Entry | None, theirs: Entry | None, mine: Entry | None, step: EditionStep) -> None:
        self.ancestor, self.theirs, self.mine, self.step = ancestor, theirs, mine, step
        super().__init__(step.place)


@dataclass(frozen=True)
class Draft:
    """The open draft, read. `problems` are untidy spots that keep it from being published."""

    edition: Edition
    document: Document
    aid: Aid
    problems: tuple[Problem, ...]

    @property
    def locked(self) -> bool:
        return self.edition.status == Edition.Status.IN_REVIEW


def current(aid: str = editions.SHIPPED_AID) -> Draft | None:
    """The open draft; None when there is none."""
    edition = Edition.objects.filter(aid=aid, status__in=Edition.OPEN).first()
    return _read(edition) if edition else None


def _read(edition: Edition) -> Draft:
    document = editions.document_of(edition)
    aid, problems = _kept(edition.content_hash, edition.document)
    return Draft(edition, document, aid, problems)


@lru_cache(maxsize=4)
def _kept(_content_hash: str, text: str) -> tuple[Aid, tuple[Problem, ...]]:
    aid, problems = reading.draft(json.loads(text))
    return aid, tuple(problems)


def fingerprint(entry: Entry | None) -> str:
    """What tells whether an entry is still the one that somebody saw; empty for one that was not there."""
    if entry is None:
        return ""
    return hashlib.sha256(_text(entry).encode()).hexdigest()


def _text(entry: Entry | None) -> str:
    return json.dumps(entry, ensure_ascii=False) if entry is not None else ""


def step(edition: Edition, kind: str, by: Any | None, **values: Any) -> EditionStep:
    """Record what is done to the edition, within the transaction that does it. The caller saves `edition.revision`."""
    edition.revision += 1
    edition.save(update_fields=["revision"])
    return edition.steps.create(number=edition.revision, kind=kind, by=by, at=timezone.now(), **values)


@contextmanager
def _changing(by: Any) -> Iterator[tuple[Draft, Any]]:
    """The draft, held against other writers until the end, and the user."""
    with transaction.atomic():
        edition = Edition.objects.select_for_update().filter(aid=editions.SHIPPED_AID, status__in=Edition.OPEN).first()
        user = staff.require(by, staff.EDIT)
        if edition is None:
            raise NoDraft(editions.SHIPPED_AID)
        if edition.status != Edition.Status.DRAFT:
            raise Locked(f"edition {edition.number}")
        yield _read(edition), user


def save(*, by: Any, place: Place, entry: Entry, base: str) -> Entry:
    """Put this entry in its place.

    Args:
        base: the `fingerprint` of the entry that the writer had opened.

    Returns:
        The entry as it now stands.

    Raises:
        Conflict: somebody else has changed it since; nothing is stored.
        WouldBreak, TooLarge, SlugUsed, Locked, NoDraft, staff.NotAllowed, places.NoSuchPlace.
    """
    with _changing(by) as (draft, user):
        now = _now(draft, place)
        if now == entry:
            return entry
        if fingerprint(now) != base:
            raise _conflict(draft, place, base, now, entry)
        if now is None:
            raise places.NoSuchPlace(str(place))
        _check_size(entry)
        name = places.name_key(place.room)
        if entry.get(name) != now.get(name):
            raise SlugUsed("a slug stays as it is, since answers and editions are known by it")
        changed = places.put(draft.document, place, entry)
        _store(draft, changed, user, Kind.CHANGED, place, now, entry)
        return entry


def add(*, by: Any, room: str, entry: Entry, within: str = "") -> Place:
    """Add an entry.

    Raises:
        places.PlaceTaken, places.NoSuchPlace, SlugUsed, WouldBreak, TooLarge, Locked, NoDraft, staff.NotAllowed.
    """
    with _changing(by) as (draft, user):
        _check_size(entry)
        changed, place = places.add(draft.document, room, entry, within=within)
        if place in earlier_places(draft.edition.aid) and place not in {at for at, _ in places.each(draft.document)}:
            raise SlugUsed("an earlier edition used this slug; choose another, since a slug never changes its meaning")
        _store(draft, changed, user, Kind.ADDED, place, None, entry)
        return place


@lru_cache(maxsize=32)
def _places_of(edition_id: int) -> frozenset[Place]:
    return frozenset(place for place, _ in places.each(editions.document_of(Edition.objects.get(pk=edition_id))))


def earlier_places(aid: str) -> frozenset[Place]:
    """Every place that a published edition had."""
    frozen = Edition.objects.filter(aid=aid, status__in=Edition.FROZEN).values_list("pk", flat=True)
    return frozenset().union(*map(_places_of, frozen))


def remove(*, by: Any, place: Place, base: str) -> None:
    """Take an entry out; what published editions hold stays as it is.

    Raises:
        Conflict, WouldBreak, Locked, NoDraft, staff.NotAllowed, places.NoSuchPlace, places.NotEmpty.
    """
    with _changing(by) as (draft, user):
        now = _now(draft, place)
        if fingerprint(now) != base:
            raise _conflict(draft, place, base, now, None)
        _store(draft, places.remove(draft.document, place), user, Kind.REMOVED, place, now, None)


def move(*, by: Any, place: Place, steps: int) -> None:
    """Move an entry so many steps later in its list, or earlier.

    Raises:
        WouldBreak: a question would be asked before one that its condition reads.
        Locked, NoDraft, staff.NotAllowed, places.NoSuchPlace.
    """
    with _changing(by) as (draft, user):
        changed = places.move(draft.document, place, steps)
        if changed != draft.document:
            entry = places.get(changed, place)
            _store(draft, changed, user, Kind.MOVED, place, entry, entry)


def discard(*, by: Any, revision: int) -> None:
    """Delete the open draft with all its changes.

    Args:
        revision: of the draft as the person saw it, so that nobody's later change goes unseen.

    Raises:
        Conflict: it has been changed since.
        Locked, NoDraft, staff.NotAllowed.
    """
    with _changing(by) as (draft, _user):
        if draft.edition.revision != revision:
            last = draft.edition.steps.select_related("by").latest("number")
            raise Conflict(ancestor=None, theirs=None, mine=None, step=last)
        draft.edition.delete()


def _now(draft: Draft, place: Place) -> dict[str, Any] | None:
    try:
        return places.get(draft.document, place)
    except places.NoSuchPlace:
        return None


def _check_size(entry: Entry) -> None:
    length = len(_text(entry))
    if length > LARGEST_ENTRY:
        raise TooLarge(f"this is {length:,} characters long, and {LARGEST_ENTRY:,} is the most; shorten it")


def _conflict(draft: Draft, place: Place, base: str, now: Entry | None, mine: Entry | None) -> Conflict:
    changes = draft.edition.steps.filter(place=str(place)).exclude(kind=Kind.MOVED).select_related("by")
    last = changes.order_by("-number").first()
    if last is None:
        # Nobody changed it in this draft: the person had opened it in another one.
        last = draft.edition.steps.select_related("by").earliest("number")
    ancestor = next((each.before for each in changes.order_by("number") if _hash_of_text(each.before) == base), "")
    return Conflict(ancestor=json.loads(ancestor) if ancestor else None, theirs=now, mine=mine, step=last)


def _hash_of_text(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest() if text else ""


def _store(
    draft: Draft, changed: Document, user: Any, kind: str, place: Place, before: Entry | None, after: Entry | None
) -> None:
    _, problems = reading.draft(changed)
    breaking = [problem for problem in problems if problem.breaks and problem not in draft.problems]
    if breaking:
        raise WouldBreak(breaking, changed)
    edition = draft.edition
    edition.document = editions.text_of(changed)
    edition.content_hash = editions.hash_of(edition.document)
    edition.last_changed_by = user
    edition.save(update_fields=["document", "content_hash", "last_changed_by"])
    step(edition, kind, user, place=str(place), before=_text(before), after=_text(after))


def last_change(edition: Edition) -> dt.datetime:
    """When the draft was last worked on."""
    return edition.steps.latest("number").at
