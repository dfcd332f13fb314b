"""What is asked of the inbox: as calls of the service, and as pages."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone

from questionnaire.models import Review, ReviewFlag, SearchToken
from questionnaire.services import inbox, inbox_filters, reviews
from questionnaire.services.inbox import Cursor, Filters
from questionnaire.services.search_words import born_text, tokens
from questionnaire.signin import sessions

Work = Callable[[], int]
"""Does it once; how many rows were found."""
_LOOKED_AT = 400
"""People among whom the one to search for is chosen."""


@dataclass(frozen=True)
class Person:
    """Somebody to search for."""

    name: str
    born: dt.date


def service_calls(user: User) -> Iterator[tuple[str, Work]]:
    """By what they show."""
    for name, given in filters(user).items():
        yield name, _listing(user, Filters(**given))
    middle = _middle()
    yield "a page deep in the list", _listing(user, Filters(state=inbox.ALL), after=middle)
    yield "the page before one deep in the list", _listing(user, Filters(state=inbox.ALL), before=middle)
    who = _somebody()
    yield "search by name", _search(user, name=who.name)
    yield "search by date of birth", _search(user, born=who.born)
    yield "search by name and date of birth", _search(user, name=who.name, born=who.born)
    yield "counts of states", lambda: len(inbox.counts())


def pages(user: User) -> Iterator[tuple[str, Work]]:
    """The same over HTTP, without a socket. Each is fetched by the signed-in user."""
    client = _signed_in(user)
    for name, given in filters(user).items():
        yield name, _fetch(client, f"/physician/?{urlencode(inbox_filters.pairs(Filters(**given)))}")
    yield "a page deep in the list", _fetch(client, f"/physician/?state=all&after={_middle()}")
    who = _somebody()
    for words, typed in (("name", who.name), ("date of birth", who.born.isoformat())):
        found = client.post("/physician/", {"words": typed})
        yield f"search by {words}", _fetch(client, found["Location"])
    yield "the dashboard", _fetch(client, "/physician/dashboard/")


def _signed_in(user: User) -> Client:
    """A browser in which this member of the staff has just signed in."""
    client = Client(SERVER_NAME="127.0.0.1", raise_request_exception=False)
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    session = client.session
    session.update(dict.fromkeys((sessions.SINCE, sessions.ACTIVE), time.time()))
    session.save()
    return client


def filters(user: User) -> dict[str, dict[str, Any]]:
    """What the list is narrowed by. Slugs are those of which there are most, so that pages are full."""
    flag = _most(ReviewFlag.objects.order_by().filter(queue__gte=0), "flag")
    first = Review.objects.order_by().exclude(state=Review.State.WITHDRAWN)
    problem, standing = _most(first, "problem"), _most(first, "standing")
    today = timezone.now().date()
    days = {"since": today - dt.timedelta(days=20), "until": today - dt.timedelta(days=7)}
    found: dict[str, dict[str, Any]] = {"first page": {}}
    found |= {f"state {state}": {"state": state} for state in inbox.STATES if state != inbox.OPEN}
    found |= {"one flag": {"flag": flag}, "the rarest flag": {"flag": "treated-with-symptoms"}}
    found |= {"one problem": {"problem": problem}, "one standing": {"standing": standing}, "mine": {"mine": True}}
    found |= {"dates": days, "flag and problem": {"flag": flag, "problem": problem}}
    both = {"problem": problem, "standing": standing}
    found |= {"problem and standing": both, "mine, problem and standing": {"mine": True, **both}}
    found |= {"flag and standing": {"flag": flag, "standing": standing}, "mine and flag": {"mine": True, "flag": flag}}
    found |= {"flag, problem and standing": {"flag": flag, **both}, "all at once": {"mine": True, "flag": flag, **both}}
    found |= {"mine and waiting": {"mine": True, "state": "waiting"}, "problem and dates": {"problem": problem, **days}}
    found |= {"two that few have": {"flag": "treated-with-symptoms", "problem": "wound"}}
    return found | {"two that nobody has": {"flag": "treated-with-symptoms", "standing": "no-exosomes", "state": "new"}}


def _most(rows: Any, name: str) -> str:
    """The value that is most frequent among some thousand rows."""
    values: list[str] = list(rows.values_list(name, flat=True)[:2000])
    return max(sorted(set(values)), key=values.count)


def _listing(user: User, narrowed: Filters, after: Cursor | None = None, before: Cursor | None = None) -> Work:
    return lambda: len(inbox.page(filters=narrowed, user=user, after=after, before=before).reviews)


def _search(user: User, **words: Any) -> Work:
    def work() -> int:
        found = inbox.page(filters=Filters(state=inbox.ALL), user=user, search=inbox.search_for(**words))
        return len(found.reviews)

    return work


def _fetch(client: Client, address: str) -> Work:
    def work() -> int:
        reply = client.get(address)
        if reply.status_code != 200:
            raise RuntimeError(f"{address.partition('?')[0]} answers {reply.status_code}")
        return reply.content.count(b"<tr")

    return work


def _middle() -> Cursor:
    """The place in the middle of everything, found the slow way, once."""
    rows = Review.objects.order_by("queue", "id").values_list("queue", "id")
    return Cursor(*rows[Review.objects.count() // 2])


def _somebody() -> Person:
    """Somebody whose name and birthday few share, so that as few are found among many as among few."""
    people = []
    for review in Review.objects.exclude(identity="").order_by("queue", "id")[:_LOOKED_AT]:
        who = reviews.identity(review)
        if who is not None:
            alike = SearchToken.objects.filter(token=tokens(born_text(who.born))[0]).count()
            people.append((alike, who.name, who.born))
    _, name, born = min(people)
    return Person(name, born)
