"""Walks through the inbox: along one index, in the order of `queue`, from a place on.

Whatever the list is narrowed by, an index begins with just that, and then with the state (`models/reviews.py`): what
fits is one stretch of it for each state asked for, and the database merges those. So no row is met that does not fit.

A search walks along the rows of one of its words. What else must hold is tried on `WINDOWS` of them, small ones first,
since most pages are full soon; if one is not full by then, it says so and can be gone on from there.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Exists, OuterRef, Q, QuerySet

from questionnaire.models import Review, ReviewFlag, SearchToken
from questionnaire.services import kept, queueing
from questionnaire.services.inbox_asked import ALL, OPEN, Cursor, Filters, Search

WINDOWS = (250, 500, 1250)
Test = tuple[Any, Q]
"""A model and what must hold of one of its rows."""
_BY_LEVEL = (OPEN, Review.State.REVIEWED, Review.State.WITHDRAWN, ALL)
"""States that levels alone tell from all others."""


class Walk:
    """A way along one index, and what else must hold of what is met there.

    Args:
        user: whose reviews `filters.mine` means.
    """

    def __init__(self, filters: Filters, user: Any, search: Search | None) -> None:
        self.stretches = list(_stretches(filters))
        model, equal = _narrowed(filters, user)
        states = {OPEN: Review.OPEN, ALL: tuple(Review.State)}.get(filters.state, (filters.state,))
        if not equal and filters.state in _BY_LEVEL:
            states = ()
        self.tests: list[Test] = []
        if search is None:
            self.model = model
            self.runs = [Q(**equal, state=state) for state in states] or [Q()]
        else:
            (self.model, run), *self.tests = _looked_up(search)
            self.runs = [run]
            self.tests += [(model, Q(**equal, state__in=states))] if states else []
        self.key = "id" if self.model is Review else "review_id"

    def places(
        self, start: Cursor | None, size: int, *, backwards: bool = False
    ) -> tuple[list[Cursor], Cursor | None, bool]:
        """Places from here on; where the walk was broken off, if it was; whether there is another one."""
        places: list[Cursor] = []
        used = 0
        for low, high in reversed(self.stretches) if backwards else self.stretches:
            while len(places) <= size:
                if not self.tests:
                    most = size + 1 - len(places)
                    seen = list(self._rows(low, high, start, most, backwards))
                    places += dict.fromkeys(map(_place, seen))
                    last = _place(seen[-1]) if len(seen) == most else None
                elif used == len(WINDOWS):
                    return places, start, False
                else:
                    most = WINDOWS[used]
                    rows = self._rows(low, high, start, most, backwards)
                    places += self._fitting(rows, backwards)
                    last = next(map(_place, rows[most - 1 : most]), None) if len(places) <= size else None
                    used += last is not None
                if last is None:
                    break
                start = last
        return places[:size], None, len(places) > size

    def _rows(self, low: int, high: int, start: Cursor | None, most: int, backwards: bool) -> QuerySet[Any, Any]:
        """The next rows in this stretch from here on, in order. During an exchange of keys one may come twice: a review
        then has the same word's token under both."""
        if start is not None:
            low, high = (low, min(high, start.queue)) if backwards else (max(low, start.queue), high)
        beyond = Q(queue__gte=low, queue__lte=high)
        if start is not None:
            # Written so that the index still gives a range.
            beyond &= ~(Q(queue=start.queue) & Q(**{f"{self.key}__{'gte' if backwards else 'lte'}": start.id}))
        order = ("-queue", f"-{self.key}") if backwards else ("queue", self.key)
        found = self.model._default_manager.order_by().values_list("queue", self.key)
        return _merged([found.filter(run, beyond) for run in self.runs], order, most)

    def _fitting(self, rows: QuerySet[Any, Any], backwards: bool) -> list[Cursor]:
        """Those of these rows for which all else holds too.

        Each test looks its review up by id. Beside the window the database must find no other index to walk along.
        """
        found = Review.objects.filter(pk__in=rows.values_list(self.key, flat=True))
        for model, test in self.tests:
            key = "pk" if model is Review else "review"
            found = found.filter(Exists(model._default_manager.filter(test, **{key: OuterRef("pk")})))
        return sorted(map(_place, found.values_list("queue", "id")), reverse=backwards)


def _merged(runs: list[QuerySet[Any, Any]], order: Sequence[str], most: int) -> QuerySet[Any, Any]:
    """The first rows of all these together, in order; none is read beyond what it gives."""
    if len(runs) > 1 and connection.features.supports_slicing_ordering_in_compound:
        # PostgreSQL knows that a part comes in order, and so need not be sorted, only where the part says so itself.
        # SQLite knows, and does not let it say so.
        runs = [run.order_by(*order)[:most] for run in runs]
    first, *others = runs
    rows: QuerySet[Any, Any] = first.union(*others, all=True) if others else first
    return rows.order_by(*order)[:most]


def _place(row: tuple[int, UUID]) -> Cursor:
    return Cursor(*row)


def _narrowed(filters: Filters, user: Any) -> tuple[Any, dict[str, Any]]:
    """The rows along which the list goes without a search, and what they have in common but for the state."""
    equal = {name: slug for name in ("flag", "problem", "standing") if (slug := getattr(filters, name))}
    return ReviewFlag if filters.flag else Review, equal | ({"taken_by": user} if filters.mine else {})


def _looked_up(search: Search) -> Iterator[Test]:
    """What must hold for a search, the most telling first: that one chooses the index."""
    if search.response is not None or not search.groups:
        yield Review, Q(response=search.response) if search.response else Q(pk__in=())
    for tokens in search.groups:
        yield SearchToken, Q(token=tokens[0]) if len(tokens) == 1 else Q(token__in=tokens)


def _stretches(filters: Filters) -> Iterator[tuple[int, int]]:
    """The stretches of the queue that the state and the dates leave, in order."""
    levels = {
        # Urgent ones keep their place while they wait.
        Review.State.WAITING: ((0, queueing.URGENT_BELOW - 1), (queueing.WAITING, queueing.WAITING)),
        Review.State.NEW: ((0, queueing.NO_FLAG),),
        Review.State.TAKEN: ((0, queueing.NO_FLAG),),
        Review.State.REVIEWED: ((queueing.REVIEWED, queueing.REVIEWED),),
        Review.State.WITHDRAWN: ((queueing.WITHDRAWN, queueing.WITHDRAWN),),
        ALL: ((0, queueing.WITHDRAWN),),
    }.get(filters.state, ((0, queueing.WAITING),))
    if filters.since is None and filters.until is None:
        yield from ((queueing.span(lowest)[0], queueing.span(highest)[1]) for lowest, highest in levels)
        return
    since = _midnight(filters.since) if filters.since else None
    until = _midnight(filters.until) + dt.timedelta(days=1) if filters.until and filters.until < dt.date.max else None
    for level in sorted(map(int, kept.counts("level:"))):
        if any(lowest <= level <= highest for lowest, highest in levels):
            yield queueing.span(level, since, until)


def _midnight(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(), dt.UTC)
