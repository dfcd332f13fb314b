"""What a physician reads of each response in the inbox, and the words by which the inbox is narrowed.

Words of flags, problems and standings are those of the edition that the patient's answers belong to.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from questionnaire.domain import trial_changes
from questionnaire.domain.conditions import Counted
from questionnaire.domain.content import Aid
from questionnaire.domain.triage import causes, counted
from questionnaire.domain.triage_words import cause_words
from questionnaire.models import FinishedVersion, Presence, Review, ReviewFlag
from questionnaire.services import audit, editions, inbox, queueing, reviews, staff
from questionnaire.services.inbox import Cursor, Filters, InboxPage, Search
from questionnaire.services.reviews import Identity
from questionnaire.services.sealing import unsealed
from questionnaire.services.staff import Caller

KINDS = ("flag", "problem", "standing")
"""What of an edition's words the inbox can be narrowed by."""
MOST_CAUSES = 2
"""Causes of a flag that a row of the inbox names; the page of the response names all."""


@dataclass(frozen=True, slots=True)
class FlagWords:
    """A flag, and in `cause` the answers that raised it, where the edition has words for them."""

    text: str
    urgent: bool
    cause: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """One response as the inbox shows it. Of a withdrawn one there is no content: `who` is None, texts are empty."""

    review: Review
    who: Identity | None
    flags: tuple[FlagWords, ...]
    problem: str
    offer: tuple[str, ...]
    standing: str
    taken_by: str
    readers: tuple[str, ...]
    """Colleagues who have it open now."""


@dataclass(frozen=True, slots=True)
class Listed:
    rows: tuple[Row, ...]
    page: InboxPage


def look(
    *,
    by: Caller,
    filters: Filters,
    search: Search | None = None,
    after: Cursor | None = None,
    before: Cursor | None = None,
    size: int = inbox.SIZE,
) -> Listed:
    """One page of the inbox, with names: the look is recorded, without them.

    Raises:
        staff.NotAllowed
    """
    with transaction.atomic():
        user = staff.require_physician(by.user)
        page = inbox.page(filters=filters, user=user, search=search, after=after, before=before, size=size)
        readers = _readers(page.reviews, user)
        rows = tuple(_row(review, readers.get(review.pk, ())) for review in page.reviews)
        detail = _narrowed(filters) | ({"by": search.by, "found": len(rows)} if search else {"rows": len(rows)})
        kind = "searched" if search else "listed"
        audit.record(kind=kind, by=user, address=by.address, detail=detail, naming=[row.review.pk for row in rows])
    return Listed(rows, page)


def name_of(*, by: Caller, pk: UUID) -> str | None:
    """The name to be told beside a step that was just taken with this response: the look at it is recorded.

    None where the patient has taken it back since.

    Raises:
        staff.NotAllowed
    """
    with transaction.atomic():
        user = staff.require_physician(by.user)
        review = Review.objects.filter(pk=pk).only("identity").first()
        who = reviews.identity(review) if review is not None else None
        if who is None:
            return None
        audit.record(kind="viewed", by=user, address=by.address, subject=pk, detail={"page": "name"})
    return who.name


def _narrowed(filters: Filters) -> dict[str, Any]:
    """The filters that are set, for the record."""
    found: dict[str, Any] = {key: getattr(filters, key) for key in ("state", *KINDS) if getattr(filters, key)}
    found |= {"mine": True} if filters.mine else {}
    return found | {key: str(day) for key in ("since", "until") if (day := getattr(filters, key))}


def _readers(found: Sequence[Review], user: Any) -> dict[Any, tuple[str, ...]]:
    """Names of the others who have these open now, by the review's id."""
    since = timezone.now() - reviews.PRESENT
    rows = Presence.objects.filter(review__in=[each.pk for each in found], seen_at__gte=since).exclude(user=user)
    names: dict[Any, tuple[str, ...]] = {}
    for each in rows.select_related("user").order_by("user_id"):
        names[each.review_id] = (*names.get(each.review_id, ()), staff.shown_name(each.user))
    return names


def flag_words(aid: Aid, slugs: Iterable[str], causes: Mapping[str, str] | None = None) -> tuple[FlagWords, ...]:
    """Flags in the edition's words, in the order given; one that the edition does not have is left out."""
    words, levels, why = trial_changes.flag_words(aid), trial_changes.flag_levels(aid), causes or {}
    return tuple(
        FlagWords(words[slug], levels[slug] < queueing.URGENT_BELOW, why.get(slug, ""))
        for slug in slugs
        if slug in words
    )


def _causes(aid: Aid, review: Review, version: FinishedVersion, known: Counted) -> dict[str, str]:
    """Why its flags are up, shortly, from what the row holds: no statement more."""
    shown = [each["slug"] for each in version.outcome["items"]]
    found = causes(aid, known, shown, review.flags, review.preferred)
    return {slug: cause_words(aid, why, most=MOST_CAUSES) for slug, why in found.items()}


def _row(review: Review, readers: tuple[str, ...]) -> Row:
    taken_by = staff.shown_name(review.taken_by) if review.taken_by else ""
    if review.version is None:
        return Row(review, reviews.identity(review), (), "", (), "", taken_by, readers)
    aid, version = editions.aid_of(review.version.edition_id), review.version
    known = counted(aid, unsealed(version.answers), version.facts, review.facts)
    return Row(
        review=review,
        who=reviews.identity(review),
        flags=flag_words(aid, review.flags, _causes(aid, review, version, known)),
        problem=_words(aid, "problem").get(review.problem, ""),
        offer=_offer(aid, known),
        standing=_words(aid, "standing").get(review.standing, ""),
        taken_by=taken_by,
        readers=readers,
    )


def _offer(aid: Aid, known: Counted) -> tuple[str, ...]:
    """What was offered, as the choices of the first question on it."""
    if not aid.triage.offer:
        return ()
    question = aid.question[aid.triage.offer[0]]
    chosen = known.get(question.slug, ())
    return tuple(choice.text[aid.language] for choice in question.choices if choice.slug in chosen)


def choices() -> dict[str, dict[str, str]]:
    """The words of the live edition by kind and slug, in its order.

    Raises:
        editions.NoEdition
    """
    aid = editions.aid_of(editions.live().pk)
    return {kind: _words(aid, kind) for kind in KINDS}


def word_of(kind: str, slug: str) -> str:
    """What a slug that the live edition no longer has meant in the edition of a response; empty where none has it."""
    if not re.fullmatch(r"[a-z0-9-]{1,60}", slug):
        return ""
    if kind == "flag":
        flagged = ReviewFlag.objects.filter(flag=slug).order_by("state", "queue", "review_id")
        edition = flagged.values_list("review__version__edition_id", flat=True).first()
    else:
        found = Review.objects.filter(Q(**{kind: slug})).order_by("state", "queue", "id")
        edition = found.values_list("version__edition_id", flat=True).first()
    return _words(editions.aid_of(edition), kind).get(slug, "") if edition else ""


def _words(aid: Aid, kind: str) -> dict[str, str]:
    rules = aid.triage
    if kind == "flag":
        words = trial_changes.flag_words(aid)
        return {slug: words[slug] for slug in trial_changes.flag_levels(aid)}
    texts: Iterable[Any] = rules.standings if kind == "standing" else ()
    if kind == "problem" and rules.problem:
        texts = aid.question[rules.problem[0]].choices
    return {each.slug: each.text[aid.language] for each in texts}
