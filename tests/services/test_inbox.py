"""Walking the inbox: every way through it gives exactly what filtering and sorting in memory gives."""

from __future__ import annotations

import datetime as dt
import random
import re
import uuid
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from importlib import import_module
from itertools import product
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from questionnaire.models import KeptCount, Review, ReviewFlag, SearchToken
from questionnaire.services import inbox, inbox_walks, queueing, reviews, search_words
from questionnaire.services.inbox import Cursor, Filters, Search
from tests import recount
from tests import sharing as given_by
from tests.sharing import caller
from tests.staff import physician

State = Review.State
FLAGS = {"urgent": 0, "red-flag": 10, "skin": 30, "contraindicated": 50}
PROBLEMS, STANDINGS = ("joint", "skin"), ("number", "no-number")
NAMES = ("Ann Bell", "Ann Lopez", "Bell Lopez")
BORN = (dt.date(1961, 5, 6), dt.date(1990, 1, 2))
DAYS = [dt.date(2026, 3, day) for day in range(1, 5)]

usual = settings(deadline=None, max_examples=100, suppress_health_check=list(HealthCheck))


class Made:
    """Random reviews as rows, with all that is kept of them, and what a person who looks through them all finds."""

    def __init__(self, count: int, seed: int, users: list[User]) -> None:
        self.dice, self.users = random.Random(seed), users
        self.named: dict[uuid.UUID, tuple[str, dt.date]] = {}
        self.reviews = [self._review() for _ in range(count)]
        Review.objects.bulk_create(self.reviews)
        ReviewFlag.objects.bulk_create(list(self._flags()))
        SearchToken.objects.bulk_create(list(self._tokens()))
        levels = {queueing.level_of(each) for each in self.reviews}
        KeptCount.objects.bulk_create(
            KeptCount(name=f"level:{level}", count=sum(queueing.level_of(each) == level for each in self.reviews))
            for level in levels
        )

    def _review(self) -> Review:
        dice = self.dice
        # Few moments, so that many stand at the same place but for their ids; some at the edge of a day.
        shared = dt.datetime.combine(dice.choice(DAYS), dt.time(), dt.UTC) - dt.timedelta(
            microseconds=dice.choice((0, 0, 1, 3_600_000_000))
        )
        review = Review(
            id=uuid.UUID(int=dice.getrandbits(128)),
            identity="sealed",
            state=dice.choice(State.values),
            flags=sorted(dice.sample(sorted(FLAGS), dice.choice((0, 0, 1, 2))), key=lambda flag: FLAGS[flag]),
            problem=dice.choice(PROBLEMS),
            standing=dice.choice(STANDINGS),
            taken_by=dice.choice([None, *self.users]),
            shared_at=shared,
            expires_at=dt.datetime(2100, 1, 1, tzinfo=dt.UTC),
        )
        if review.state == State.WITHDRAWN:
            review.identity, review.problem, review.standing, review.flags = "", "", "", []
            review.ended_at = shared
        else:
            self.named[review.pk] = (dice.choice(NAMES), dice.choice(BORN))
        review.level = FLAGS[review.flags[0]] if review.flags else None
        review.queue = queueing.place(queueing.level_of(review), shared)
        return review

    def _flags(self) -> Iterator[ReviewFlag]:
        for each in self.reviews:
            stands = {"problem": each.problem, "standing": each.standing, "taken_by": each.taken_by}
            for flag in each.flags:
                yield ReviewFlag(review=each, flag=flag, queue=each.queue, state=each.state, **stands)

    def _tokens(self) -> Iterator[SearchToken]:
        for each in self.reviews:
            if each.pk in self.named:
                for token in search_words.tokens_of(*self.named[each.pk]):
                    yield SearchToken(review=each, token=token, queue=each.queue)

    def wanted(self, filters: Filters, user: User, words: str, born: dt.date | None) -> list[uuid.UUID]:
        return [
            each.pk
            for each in sorted(self.reviews, key=lambda each: (each.queue, each.pk))
            if _fits(each, filters, user) and self._is_named(each, words, born)
        ]

    def _is_named(self, review: Review, words: str, born: dt.date | None) -> bool:
        if not words and born is None:
            return True
        name, date = self.named.get(review.pk, ("", None))
        return set(words.split()) <= set(name.split()) and born in (None, date)


def _fits(review: Review, filters: Filters, user: User) -> bool:
    states = {"open": Review.OPEN, "all": State.values}.get(filters.state, (filters.state,))
    day = review.shared_at.date()
    return (
        review.state in states
        and (not filters.flag or filters.flag in review.flags)
        and filters.problem in ("", review.problem)
        and filters.standing in ("", review.standing)
        and (not filters.mine or review.taken_by_id == user.pk)
        and (filters.since is None or filters.since <= day)
        and (filters.until is None or day <= filters.until)
    )


DAYS_ASKED = (*DAYS, dt.date.min, dt.date.max, dt.date(2400, 1, 1))


def thrown(dice: random.Random) -> tuple[Filters, str, dt.date | None]:
    """Filters and a search. Few are set at a time, so that enough is left to walk through."""

    def seldom(*values: Any, else_: Any = "") -> Any:
        return dice.choice(values) if dice.random() < 0.25 else else_

    narrowed = Filters(
        state=dice.choice((*inbox.STATES, inbox.OPEN, inbox.ALL, inbox.ALL)),
        flag=seldom(*FLAGS, "unknown"),
        problem=seldom(*PROBLEMS),
        standing=seldom(*STANDINGS),
        mine=seldom(True, else_=False),
        since=seldom(*DAYS_ASKED, else_=None) or seldom(DAYS[0], else_=None),
        until=seldom(*DAYS_ASKED, else_=None) or seldom(DAYS[-1], else_=None),
    )
    return narrowed, seldom("Ann", "Lopez Ann", "Lopez Bell", "Carl"), seldom(*BORN, else_=None)


sizes = st.sampled_from([1, 2, 3, 7, 25])
reach = st.sampled_from([inbox_walks.WINDOWS, (1,), (2, 2), (3,), (1, 5, 5)])


def forwards(size: int, **asked: Any) -> Iterator[inbox.InboxPage]:
    after: Cursor | None = None
    for _ in range(500):
        page = inbox.page(after=after, size=size, **asked)
        yield page
        after = page.later and Cursor.read(str(page.later))
        if after is None:
            return
    raise AssertionError("pages without end")


def backwards(before: Cursor, size: int, **asked: Any) -> Iterator[inbox.InboxPage]:
    for _ in range(500):
        page = inbox.page(before=before, size=size, **asked)
        yield page
        if page.earlier is None:
            return
        before = page.earlier
    raise AssertionError("pages without end")


def ids(page: inbox.InboxPage) -> list[uuid.UUID]:
    return [each.pk for each in page.reviews]


BEYOND_ALL = Cursor(queueing.span(queueing.WITHDRAWN)[1], uuid.UUID(int=(1 << 128) - 1))


class EveryWalk(TestCase):
    @usual
    @given(seed=st.integers(0, 10**6), count=st.integers(0, 40), size=sizes, steps=reach)
    def test_walking_either_way_gives_each_that_fits_once_and_in_order(
        self, seed: int, count: int, size: int, steps: tuple[int, ...]
    ) -> None:
        dora, emil = physician(), physician("emil")
        made = Made(count, seed, [dora, emil])
        narrowed, words, born = thrown(random.Random(seed))
        search = inbox.search_for(name=words, born=born) if words or born else None
        wanted = made.wanted(narrowed, dora, words, born)
        asked: dict[str, Any] = {"filters": narrowed, "user": dora, "search": search}
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(inbox_walks, "WINDOWS", steps)
            there = list(forwards(size, **asked))
            back = list(backwards(BEYOND_ALL, size, **asked))
            assert [pk for page in there for pk in ids(page)] == wanted
            assert [pk for page in reversed(back) for pk in ids(page)] == wanted
            assert all(len(page.reviews) == size or page.unfinished for page in there[:-1])
            assert search is not None or not any(page.unfinished for page in there)
            self._from_each_page_both_ways(there, wanted, size, asked)
            every = [each.pk for found in inbox.every(step=size, **asked) for each in found]
            assert every == wanted

    def _from_each_page_both_ways(self, there: Any, wanted: list[uuid.UUID], size: int, asked: Any) -> None:
        """Turning round at a page loses nothing and repeats nothing."""
        passed = 0
        for page in there:
            if page.earlier is not None:
                before = [pk for each in reversed(list(backwards(page.earlier, size, **asked))) for pk in ids(each)]
                assert before == wanted[:passed]
                turned = inbox.page(before=page.earlier, size=size, **asked)
                assert turned.later is not None
                on = inbox.page(after=turned.later, size=1, **asked)
                if on.reviews:
                    assert wanted.index(on.reviews[0].pk) == passed
            passed += len(page.reviews)


@pytest.mark.django_db
def test_a_page_that_came_out_empty_leads_back_to_the_review_it_began_behind(published):
    dora = physician()
    first, second = given_by.shared(name="First"), given_by.shared(name="Second")
    asked: dict[str, Any] = {"filters": Filters(), "user": dora, "size": 1}
    page = inbox.page(**asked)
    assert ids(page) == [first.pk]
    Review.objects.filter(pk=second.pk).delete()
    empty = inbox.page(after=page.later, **asked)
    assert (ids(empty), empty.later) == ([], None)
    assert ids(inbox.page(before=empty.earlier, **asked)) == [first.pk]
    nothing_before = inbox.page(before=Cursor(first.queue, first.pk), **asked)
    assert ids(nothing_before) == []
    assert ids(inbox.page(after=nothing_before.later, **asked)) == [first.pk]


@pytest.mark.django_db
def test_a_review_found_under_two_keys_is_listed_once(published, settings):
    dora = physician()
    review = given_by.shared(name="Ann Bell")
    old = settings.FIELD_KEYS
    settings.FIELD_KEYS = ["bmV3LWtleS1mb3ItdGVzdHMtb25seS0zMi1ieXRlcyE=", *old]
    tokens = search_words.tokens_of("Ann Bell", dt.date(1961, 5, 6))
    SearchToken.objects.bulk_create(SearchToken(review=review, token=token, queue=review.queue) for token in tokens)
    for words in ("Ann", "Bell Ann"):
        assert ids(inbox.page(filters=Filters(), user=dora, search=inbox.search_for(name=words))) == [review.pk]


@pytest.mark.django_db
@pytest.mark.parametrize("search", [Search(), inbox.search_for(name="!?"), Search(by="code")])
def test_a_search_for_nothing_finds_nobody(published, search):
    given_by.shared()
    assert ids(inbox.page(filters=Filters(state="all"), user=physician(), search=search)) == []


@pytest.mark.pure
@pytest.mark.parametrize(
    "text",
    [
        "",
        ".",
        "1",
        "1.",
        "x.y",
        f"-1.{'0' * 32}",
        f"{10**18}.{'0' * 32}",
        f"1.{'g' * 32}",
        f"1.{'0' * 31}",
        f"１.{'0' * 32}",
    ],
)
def test_what_names_no_place_is_no_cursor(text):
    assert Cursor.read(text) is None


@pytest.mark.pure
def test_a_cursor_is_read_as_it_was_written_and_has_neighbours():
    zero, last = uuid.UUID(int=0), uuid.UUID(int=(1 << 128) - 1)
    for cursor in (Cursor(5, zero), Cursor(5, last), Cursor(5, uuid.UUID(int=7)), BEYOND_ALL, Cursor(0, zero)):
        assert Cursor.read(str(cursor)) == cursor
        assert cursor.just_before() <= cursor < cursor.just_after()
    assert Cursor(5, zero).just_before() == Cursor(4, last)
    assert Cursor(5, last).just_after() == Cursor(6, zero)


@pytest.mark.pure
@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("María José", ["maria", "jose"]),
        ("O’Brien O'Neill", ["obrien", "oneill"]),
        ("Søren Łukasz Æsa", ["soren", "lukasz", "aesa"]),
        ("STRASSE straße", ["strasse"]),
        ("ℌans İpek", ["hans", "ipek"]),
        ("  --  ", []),
    ],
)
def test_words_of_a_name_are_compared_as_people_type_them(name, words):
    assert search_words.normalised(name) == words


# --- What a walk costs

SETS: list[dict[str, Any]] = [
    {name: value for name, value in zip(("flag", "problem", "standing", "mine"), values, strict=True) if value}
    for values in product(("", "skin"), ("", "joint"), ("", "number"), (False, True))
]
MANY = 3000 if connection.vendor == "postgresql" else 40
"""So many that PostgreSQL, which plans by what the tables hold, finds it worth its while to look into an index."""


def statements(asked: Callable[[], Any]) -> list[str]:
    with CaptureQueriesContext(connection) as caught:
        asked()
    return [each["sql"] for each in caught]


def plan(sql: str) -> str:
    """How the database goes about this statement."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            # Of some thousand rows it would rather read all than a few in order.
            for way in ("seqscan", "bitmapscan", "sort"):
                cursor.execute(f"SET LOCAL enable_{way} = off")
        cursor.execute(("EXPLAIN " if connection.vendor == "postgresql" else "EXPLAIN QUERY PLAN ") + sql)
        return "\n".join(str(row[-1]) for row in cursor.fetchall())


def index_for(asked: Filters) -> str:
    """The one that begins with just what is asked for."""
    names = [name for name in ("mine", "problem", "standing") if getattr(asked, name)]
    if names:
        return "_".join(["flag" if asked.flag else "walk", *names]).replace("mine", "taken_by")
    # Finished ones have a level of their own, so their list needs no state.
    return (
        "flag_state" if asked.flag else "walk_state" if asked.state in ("new", "taken", "waiting") else "review_queue"
    )


@pytest.mark.django_db
def test_whatever_narrows_it_the_list_is_read_in_order_from_the_one_index_that_begins_with_just_that():
    dora = physician()
    Made(MANY, 7, [dora])
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    ways: tuple[dict[str, Any], ...] = ({}, {"after": Cursor(5, uuid.UUID(int=7))}, {"before": BEYOND_ALL})
    for state, narrowed in product(inbox.STATES, SETS):
        asked = Filters(state=state, **narrowed)
        for way in ways:
            walk = statements(partial(inbox.page, filters=asked, user=dora, **way))[0]
            found = plan(walk)
            assert set(re.findall(r"(?:INDEX|using) (\w+)", found)) == {index_for(asked)}, found
            # Nothing is put in order only after all that fits was read.
            assert not re.search(r"-> +Sort|TEMP B-TREE", found), found


@pytest.mark.django_db
@pytest.mark.parametrize("narrowed", SETS, ids=lambda narrowed: "-".join(narrowed) or "nothing")
def test_a_page_takes_as_many_statements_as_there_are_levels_at_most(narrowed):
    dora = physician()
    made = Made(40, 7, [dora])
    levels = len({queueing.level_of(each) for each in made.reviews})
    for state in inbox.STATES:
        usual = Filters(state=state, **narrowed)
        assert len(statements(partial(inbox.page, filters=usual, user=dora))) <= 3
        dated = replace(usual, since=DAYS[0], until=DAYS[-1])
        assert len(statements(partial(inbox.page, filters=dated, user=dora))) <= levels + 2


@pytest.mark.django_db
def test_flags_say_what_else_their_review_is_found_by_once_an_instance_is_migrated(published):
    dora = physician()
    review = given_by.shared(signs=["fever"])
    given_by.shared(signs=["breathing", "fever"], problem="skin")
    reviews.take(by=caller(dora), pk=review.pk, revision=review.revision)
    ReviewFlag.objects.update(state="", problem="", standing="", taken_by=None)
    migration = import_module("questionnaire.migrations.0010_inbox_facets")
    with connection.cursor() as cursor:
        cursor.execute(migration.CARRY)
    recount.check()
