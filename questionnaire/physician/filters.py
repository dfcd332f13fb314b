"""How the inbox was narrowed, carried along in an address: slugs and days, never a word that somebody typed."""

from __future__ import annotations

import datetime as dt
import re

from django.http import HttpRequest, QueryDict

from questionnaire.services.inbox import STATES, Filters

FROM = "from"
"""Under this name a form or a link carries the inbox's query."""
_SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*", re.ASCII)
_LONGEST_SLUG = 60


def read(query: QueryDict) -> Filters:
    """The filters that this query names; whatever is none narrows nothing."""
    state = query.get("state", "")
    return Filters(
        state=state if state in STATES else Filters().state,
        flag=_slug(query, "flag"),
        problem=_slug(query, "problem"),
        standing=_slug(query, "standing"),
        mine=query.get("mine") == "1",
        since=_day(query, "since"),
        until=_day(query, "until"),
    )


def query(filters: Filters) -> str:
    """The filters as a query, without those that narrow nothing."""
    found = QueryDict(mutable=True)
    for name in ("state", "flag", "problem", "standing", "mine", "since", "until"):
        value = getattr(filters, name)
        if value and value != getattr(Filters(), name):
            found[name] = "1" if value is True else str(value)
    return found.urlencode()


def link(filters: Filters) -> str:
    """What to put behind the address of a response, so that it knows the list from which somebody came."""
    given = QueryDict(mutable=True)
    given[FROM] = query(filters)
    return f"?{given.urlencode()}" if given[FROM] else ""


def carried(request: HttpRequest) -> Filters:
    """The filters of the list from which somebody came to this page."""
    given = request.POST if request.method == "POST" else request.GET
    return read(QueryDict(given.get(FROM, "")[:1000]))


def _slug(query: QueryDict, name: str) -> str:
    given = query.get(name, "")
    return given if len(given) <= _LONGEST_SLUG and _SLUG.fullmatch(given) else ""


def _day(query: QueryDict, name: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(query.get(name, ""))
    except ValueError:
        return None
