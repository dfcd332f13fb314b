"""The list from which a physician came to a response, carried along in an address: slugs, days and a search's token."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from urllib.parse import urlencode

from django.http import HttpRequest, QueryDict

from questionnaire.services import inbox_filters
from questionnaire.services.inbox import Filters

FROM = "from"
"""Under this name a form or a link carries the list's query."""
SEARCH = "search"
_TOKEN = re.compile(r"[A-Za-z0-9_-]{8,64}", re.ASCII)


@dataclass(frozen=True, slots=True)
class CameFrom:
    """A list of the inbox: how it was narrowed, and the token of what was searched for."""

    filters: Filters = field(default_factory=Filters)
    token: str = ""

    @property
    def query(self) -> str:
        """As a query, without what narrows nothing."""
        held = inbox_filters.pairs(self.filters) | ({SEARCH: self.token} if self.token else {})
        return urlencode(held)

    @property
    def link(self) -> str:
        """What to put behind the address of a response, so that it knows the list from which somebody came."""
        return f"?{urlencode({FROM: self.query})}" if self.query else ""


def read(query: QueryDict) -> CameFrom:
    """The list that this query names; whatever of it makes no sense narrows nothing."""
    filters, _ = inbox_filters.read({name: query.get(name, "") for name in inbox_filters.NAMES})
    token = query.get(SEARCH, "")
    return CameFrom(filters, token if _TOKEN.fullmatch(token) else "")


def carried(request: HttpRequest) -> CameFrom:
    """The list from which somebody came to this page."""
    given = request.POST if request.method == "POST" else request.GET
    return read(QueryDict(given.get(FROM, "")[:1000]))
