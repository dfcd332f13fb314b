"""The physicians' inbox: a page of reviews, narrowed and in order, at the same cost whatever their number.

A page is a walk along one index, in the order of `queue`, from a cursor on (keyset): nothing is counted and nothing
skipped over. The first filter that is set chooses the index. Where more are set, the walk goes over at most `WINDOW`
rows at a time and `LOOKS` windows; if the page is not full by then, it says so and can be gone on from there.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from questionnaire.models import Review, ReviewFlag, SearchToken
from questionnaire.services import kept, queueing, search_words

SIZE = 25
WINDOW = 500
LOOKS = 4
OPEN, ALL = "open", "all"
STATES = (OPEN, *Review.State.values, ALL)


@dataclass(frozen=True, slots=True)
class Search:
    """What was searched for, as keyed hashes: one group for each thing that must fit, the most telling first."""

    groups: tuple[tuple[int, ...], ...] = ()
    response: UUID | None = None
    by: str = ""
    """Name, date of birth or code: for the record, which never holds the words."""


@dataclass(frozen=True, slots=True)
class Filters:
    """How the inbox is narrowed. Empty texts and None narrow nothing; dates are days in UTC, both included."""

    state: str = OPEN
    flag: str = ""
    problem: str = ""
    standing: str = ""
    mine: bool = False
    since: dt.date | None = None
    until: dt.date | None = None


@dataclass(frozen=True, slots=True, order=True)
class Cursor:
    """A place between two reviews."""

    queue: int
    id: UUID

    def __str__(self) -> str:
        return f"{self.queue}.{self.id.hex}"

    @classmethod
    def read(cls, text: str) -> Cursor | None:
        """The cursor that this text names; None when it is none."""
        queue, _, pk = text.partition(".")
        try:
            return cls(int(queue), UUID(pk)) if queue.isascii() and len(queue) < 20 else None
        except ValueError:
            return None


@dataclass(frozen=True, slots=True)
class InboxPage:
    """`earlier` and `later` are where the neighbouring pages begin, None where there is none.

    `unfinished`: the walk was broken off before the page was full; `later` goes on from there.
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
    by = "name and date of birth" if words and born else "name" if words else "date of birth"
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
    walk = _Walk(filters, user, search)
    if before is not None:
        found, end, more = walk.rows(before, size, backwards=True)
        found.reverse()
        earlier = end or (_cursor(found[0]) if more else None)
        return InboxPage(found, earlier, _cursor(found[-1]) if found else before, unfinished=end is not None)
    found, end, more = walk.rows(after, size)
    later = end or (_cursor(found[-1]) if more else None)
    earlier = (_cursor(found[0]) if found else after) if after is not None else None
    return InboxPage(found, earlier, later, unfinished=end is not None)


def next_after(*, filters: Filters, user: Any, cursor: Cursor, search: Search | None = None) -> Review | None:
    """The review that follows this place in the same list."""
    found, _, _ = _Walk(filters, user, search).rows(cursor, 1)
    return found[0] if found else None


def every(*, filters: Filters, user: Any, step: int = 500) -> Iterator[list[Review]]:
    """All reviews that fit, in order, so many at a time: for exports."""
    cursor: Cursor | None = None
    walk = _Walk(filters, user, None)
    while True:
        found, end, more = walk.rows(cursor, step)
        if found:
            yield found
        cursor = end or (_cursor(found[-1]) if more else None)
        if cursor is None:
            return


def counts() -> dict[str, int]:
    """How many reviews are in each state, and open ones together; kept, not counted."""
    found = dict.fromkeys(STATES, 0) | kept.counts("state:")
    found[OPEN] = sum(found[state] for state in Review.OPEN)
    found[ALL] = sum(found[state] for state in Review.State.values)
    return found


def _cursor(review: Review) -> Cursor:
    return Cursor(review.queue, review.pk)


class _Walk:
    """A way along one index, with what else must hold."""

    def __init__(self, filters: Filters, user: Any, search: Search | None) -> None:
        self.filters = filters
        self.segments = list(_segments(filters))
        tests = list(_tests(filters, user, search))
        first: tuple[Any, Q] = tests.pop(0) if tests else (Review, Q())
        self.model, self.driving = first
        self.more = tests

    def rows(
        self, start: Cursor | None, size: int, *, backwards: bool = False
    ) -> tuple[list[Review], Cursor | None, bool]:
        """Reviews from here on; where the walk was broken off, if it was; whether there is another one."""
        places: list[Cursor] = []
        end: Cursor | None = None
        looks = LOOKS
        for low, high in reversed(self.segments) if backwards else self.segments:
            while len(places) <= size:
                seen = self._places(low, high, start, backwards, WINDOW if self.more else size + 1 - len(places))
                fitting = self._fitting(seen) if self.more else seen
                places += fitting
                if not self.more or len(seen) < WINDOW:
                    break
                start, looks = seen[-1], looks - 1
                if looks <= 0 and len(places) <= size:
                    end = seen[-1]
                    break
            if end or len(places) > size:
                break
        more = len(places) > size
        return self._reviews(places[:size]), None if more else end, more

    def _places(self, low: int, high: int, start: Cursor | None, backwards: bool, most: int) -> list[Cursor]:
        if start is not None:
            low, high = (low, min(high, start.queue)) if backwards else (max(low, start.queue), high)
        if low > high:
            return []
        key = "id" if self.model is Review else "review_id"
        rows: QuerySet[Any] = self.model._default_manager.filter(self.driving, queue__gte=low, queue__lte=high)
        if start is not None:
            # Written so that the index still gives a range.
            rows = rows.exclude(Q(queue=start.queue) & Q(**{f"{key}__{'gte' if backwards else 'lte'}": start.id}))
        order = ("-queue", f"-{key}") if backwards else ("queue", key)
        return [Cursor(queue, pk) for queue, pk in rows.order_by(*order).values_list("queue", key)[:most]]

    def _fitting(self, places: list[Cursor]) -> list[Cursor]:
        """Those of these for which all else holds too."""
        wanted = {place.id for place in places}
        for model, test in self.more:
            key = "id" if model is Review else "review_id"
            rows = model._default_manager.filter(test, **{f"{key}__in": wanted})
            wanted = set(rows.values_list(key, flat=True))
        return [place for place in places if place.id in wanted]

    @staticmethod
    def _reviews(places: list[Cursor]) -> list[Review]:
        found = Review.objects.select_related("taken_by").in_bulk([place.id for place in places])
        return [found[place.id] for place in places if place.id in found]


def _tests(filters: Filters, user: Any, search: Search | None) -> Iterator[tuple[Any, Q]]:
    """What must hold, the most telling first: that one chooses the index."""
    if search is not None:
        if search.response is not None:
            yield Review, Q(response=search.response)
        for tokens in search.groups:
            yield SearchToken, Q(token=tokens[0]) if len(tokens) == 1 else Q(token__in=tokens)
    if filters.flag:
        yield ReviewFlag, Q(flag=filters.flag)
    if filters.mine:
        yield Review, Q(taken_by=user)
    if filters.standing:
        yield Review, Q(standing=filters.standing)
    if filters.problem:
        yield Review, Q(problem=filters.problem)
    if filters.state in (Review.State.NEW, Review.State.TAKEN, Review.State.WAITING):
        yield Review, Q(state=filters.state)


def _segments(filters: Filters) -> Iterator[tuple[int, int]]:
    """The stretches of the queue that the state and the dates leave, in order."""
    lowest, highest = {
        Review.State.REVIEWED: (queueing.REVIEWED, queueing.REVIEWED),
        Review.State.WITHDRAWN: (queueing.WITHDRAWN, queueing.WITHDRAWN),
        ALL: (0, queueing.WITHDRAWN),
    }.get(filters.state, (0, queueing.WAITING))
    if filters.since is None and filters.until is None:
        yield queueing.span(lowest)[0], queueing.span(highest)[1]
        return
    since = _midnight(filters.since) if filters.since else None
    until = _midnight(filters.until) + dt.timedelta(days=1) if filters.until else None
    for level in sorted(map(int, kept.counts("level:"))):
        if lowest <= level <= highest:
            yield queueing.span(level, since, until)


def _midnight(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(), dt.UTC)
