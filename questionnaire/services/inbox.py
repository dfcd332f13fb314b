"""The physicians' inbox: a page of reviews, narrowed and in order, at the same cost whatever their number.

A page is a walk along one index, in the order of `queue`, from a cursor on (keyset): nothing is counted and nothing
skipped over (`inbox_walks.py`).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.utils import timezone

from questionnaire.models import Review
from questionnaire.services import kept, search_words
from questionnaire.services.inbox_asked import ALL, OPEN, STATES, Cursor, Filters, Search
from questionnaire.services.inbox_walks import Walk

__all__ = [
    "ALL",
    "OPEN",
    "SIZE",
    "STATES",
    "Cursor",
    "Filters",
    "InboxPage",
    "Search",
    "counts",
    "every",
    "next_after",
    "page",
    "search_for",
]

SIZE = 25


@dataclass(frozen=True, slots=True)
class InboxPage:
    """`earlier` and `later` are where the neighbouring pages begin, None where there is none.

    `unfinished`: a search was broken off before the page was full; `later` goes on from there, or `earlier` if the
    walk went backwards.
    """

    reviews: list[Review] = field(default_factory=list)
    earlier: Cursor | None = None
    later: Cursor | None = None
    unfinished: bool = False


def search_for(*, name: str = "", born: dt.date | None = None, code_response: UUID | None = None) -> Search:
    """What to look up for a name (any of its words, in any order), a date of birth, or what a code opens."""
    if code_response is not None:
        return Search(response=code_response, by="code")
    texts = [search_words.born_text(born)] if born else []
    words = search_words.normalised(name)
    pairs = [search_words.pair_text(words[0], other) for other in words[1:]]
    texts = [*(pairs or map(search_words.word_text, words)), *texts]
    by = " and ".join([*(["name"] if words else []), *(["date of birth"] if born else [])])
    return Search(groups=tuple(tuple(search_words.tokens(text)) for text in texts), by=by)


def page(
    *,
    filters: Filters,
    user: Any,
    search: Search | None = None,
    after: Cursor | None = None,
    before: Cursor | None = None,
    size: int = SIZE,
) -> InboxPage:
    """One page of the inbox, after or before a cursor, or the first.

    Args:
        user: whose reviews `filters.mine` means.
    """
    walk = Walk(filters, user, search)
    if before is not None:
        places, end, more = walk.places(before, size, backwards=True)
        places.reverse()
        earlier = end or (places[0] if more else None)
        later: Cursor | None = places[-1] if places else before.just_before()
    else:
        places, end, more = walk.places(after, size)
        later = end or (places[-1] if more else None)
        earlier = None if after is None else places[0] if places else after.just_after()
    return InboxPage(_reviews(places), earlier, later, unfinished=end is not None)


def next_after(*, filters: Filters, user: Any, cursor: Cursor, search: Search | None = None) -> Review | None:
    """The review that follows this place in the same list; None when there is none, or none in one walk's reach."""
    found = _reviews(Walk(filters, user, search).places(cursor, 1)[0])
    return found[0] if found else None


def every(*, filters: Filters, user: Any, search: Search | None = None, step: int = 500) -> Iterator[list[Review]]:
    """All reviews that fit, in order, so many at a time: for exports."""
    cursor: Cursor | None = None
    walk = Walk(filters, user, search)
    while True:
        places, end, more = walk.places(cursor, step)
        if found := _reviews(places):
            yield found
        cursor = end or (places[-1] if more else None)
        if cursor is None:
            return


def counts() -> dict[str, int]:
    """How many reviews are in each state, and open ones together; kept, not counted."""
    found = dict.fromkeys(STATES, 0) | kept.counts("state:")
    found[OPEN] = sum(found[state] for state in Review.OPEN)
    found[ALL] = sum(found[state] for state in Review.State.values)
    return found


def _reviews(places: list[Cursor]) -> list[Review]:
    """The reviews at these places, in their order. One that was deleted meanwhile is left out."""
    found = (
        Review.objects.filter(expires_at__gt=timezone.now())
        .select_related("taken_by", "version")
        .in_bulk([place.id for place in places])
    )
    return [found[place.id] for place in places if place.id in found]
