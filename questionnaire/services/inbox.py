"""The physicians' inbox: a page of reviews, narrowed and in order, at the same cost whatever their number.

A page is a walk along one index, in the order of `queue`, from a cursor on (keyset): nothing is counted and nothing
skipped over. The first filter that is set chooses the index. Where more are set, the walk goes over some `WINDOWS` of
rows, small ones first, since most pages are full soon; if one is not full by then, it says so and can be gone on from
there.
"""

from __future__ import annotations

import datetime as dt
import operator
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import reduce
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from questionnaire.models import Review, ReviewFlag, SearchToken
from questionnaire.services import kept, queueing, search_words

SIZE = 25
WINDOWS = (250, 500, 1250)
OPEN, ALL = "open", "all"
STATES = (OPEN, *Review.State.values, ALL)
_LAST_ID = (1 << 128) - 1


@dataclass(frozen=True, slots=True)
class Search:
    """What was searched for, as keyed hashes: one group for each thing that must fit, the most telling first.

    Where there is nothing to look up, nobody fits.
    """

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
    """A place in the order of all reviews: that of a review, or one beside it. Walks begin beyond it."""

    queue: int
    id: UUID

    def __str__(self) -> str:
        return f"{self.queue}.{self.id.hex}"

    def just_before(self) -> Cursor:
        """The place next to this one, so that a walk forwards from there comes upon this one."""
        if self.id.int:
            return Cursor(self.queue, UUID(int=self.id.int - 1))
        return Cursor(self.queue - 1, UUID(int=_LAST_ID)) if self.queue else self

    def just_after(self) -> Cursor:
        """The same for a walk backwards."""
        if self.id.int < _LAST_ID:
            return Cursor(self.queue, UUID(int=self.id.int + 1))
        return Cursor(self.queue + 1, UUID(int=0))

    @classmethod
    def read(cls, text: str) -> Cursor | None:
        """The cursor that this text names; None when it is none."""
        # As many digits as any `queue` has, so that every database can compare with it.
        found = re.fullmatch(r"([0-9]{1,18})\.([0-9a-f]{32})", text)
        return cls(int(found[1]), UUID(found[2])) if found else None


@dataclass(frozen=True, slots=True)
class InboxPage:
    """`earlier` and `later` are where the neighbouring pages begin, None where there is none.

    `unfinished`: the walk was broken off before the page was full; `later` goes on from there, or `earlier` if the
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
    walk = _Walk(filters, user, search)
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
    found = _reviews(_Walk(filters, user, search).places(cursor, 1)[0])
    return found[0] if found else None


def every(*, filters: Filters, user: Any, search: Search | None = None, step: int = 500) -> Iterator[list[Review]]:
    """All reviews that fit, in order, so many at a time: for exports."""
    cursor: Cursor | None = None
    walk = _Walk(filters, user, search)
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


class _Walk:
    """A way along one index, with what else must hold."""

    def __init__(self, filters: Filters, user: Any, search: Search | None) -> None:
        self.segments = list(_segments(filters))
        tests = list(_tests(filters, user, search)) or [(Review, Q())]
        self.model, self.driving = tests.pop(0)
        self.key = "id" if self.model is Review else "review_id"
        own = [test for model, test in tests if model is Review]
        self.more = [each for each in tests if each[0] is not Review]
        if own:
            self.more.append((Review, reduce(operator.and_, own)))

    def places(
        self, start: Cursor | None, size: int, *, backwards: bool = False
    ) -> tuple[list[Cursor], Cursor | None, bool]:
        """Places from here on; where the walk was broken off, if it was; whether there is another one."""
        places: list[Cursor] = []
        used = 0
        for low, high in reversed(self.segments) if backwards else self.segments:
            while len(places) <= size:
                if not self.more:
                    most = size + 1 - len(places)
                    seen = list(self._rows(low, high, start, backwards)[:most])
                    places += dict.fromkeys(map(_place, seen))
                    last = _place(seen[-1]) if len(seen) == most else None
                elif used == len(WINDOWS):
                    return places, start, False
                else:
                    most, rows = WINDOWS[used], self._rows(low, high, start, backwards)
                    places += self._fitting(rows[:most], backwards)
                    last = next(map(_place, rows[most - 1 : most]), None) if len(places) <= size else None
                    used += last is not None
                if last is None:
                    break
                start = last
        return places[:size], None, len(places) > size

    def _rows(self, low: int, high: int, start: Cursor | None, backwards: bool) -> QuerySet[Any]:
        """All rows of the index in this stretch from here on, in order. During an exchange of keys one may come twice:
        a review then has the same word's token under both."""
        if start is not None:
            low, high = (low, min(high, start.queue)) if backwards else (max(low, start.queue), high)
        rows: QuerySet[Any] = self.model._default_manager.filter(self.driving, queue__gte=low, queue__lte=high)
        if start is not None:
            # Written so that the index still gives a range.
            rows = rows.exclude(Q(queue=start.queue) & Q(**{f"{self.key}__{'gte' if backwards else 'lte'}": start.id}))
        order = ("-queue", f"-{self.key}") if backwards else ("queue", self.key)
        return rows.order_by(*order).values_list("queue", self.key)

    def _fitting(self, rows: QuerySet[Any], backwards: bool) -> list[Cursor]:
        """Those of these rows for which all else holds too.

        Each test looks its review up by id. Beside the window the database must find no other index to walk along.
        """
        found = Review.objects.filter(pk__in=rows.values_list(self.key, flat=True))
        for model, test in self.more:
            key = "pk" if model is Review else "review"
            found = found.filter(Exists(model._default_manager.filter(test, **{key: OuterRef("pk")})))
        return sorted(map(_place, found.values_list("queue", "id")), reverse=backwards)


def _place(row: tuple[int, UUID]) -> Cursor:
    return Cursor(*row)


def _tests(filters: Filters, user: Any, search: Search | None) -> Iterator[tuple[Any, Q]]:
    """What must hold, the most telling first: that one chooses the index."""
    if search is not None:
        if search.response is not None or not search.groups:
            yield Review, Q(response=search.response) if search.response else Q(pk__in=())
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
    stretches = {
        # Urgent ones keep their place while they wait.
        Review.State.WAITING: ((0, queueing.URGENT_BELOW - 1), (queueing.WAITING, queueing.WAITING)),
        Review.State.NEW: ((0, queueing.NO_FLAG),),
        Review.State.TAKEN: ((0, queueing.NO_FLAG),),
        Review.State.REVIEWED: ((queueing.REVIEWED, queueing.REVIEWED),),
        Review.State.WITHDRAWN: ((queueing.WITHDRAWN, queueing.WITHDRAWN),),
        ALL: ((0, queueing.WITHDRAWN),),
    }.get(filters.state, ((0, queueing.WAITING),))
    if filters.since is None and filters.until is None:
        yield from ((queueing.span(lowest)[0], queueing.span(highest)[1]) for lowest, highest in stretches)
        return
    since = _midnight(filters.since) if filters.since else None
    until = _midnight(filters.until) + dt.timedelta(days=1) if filters.until and filters.until < dt.date.max else None
    for level in sorted(map(int, kept.counts("level:"))):
        if any(lowest <= level <= highest for lowest, highest in stretches):
            yield queueing.span(level, since, until)


def _midnight(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(), dt.UTC)
