"""What is kept stays what counting would give, whatever patients and physicians do, in any order and at once."""

from __future__ import annotations

import datetime as dt
import random
import threading
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from questionnaire.domain.outcome import Unfinished
from questionnaire.models import Response, Review
from questionnaire.services import audit, kept, responses, reviews, sharing
from tests import recount, staff
from tests import sharing as given
from tests.sharing import caller
from tests.web import at_once

WAYS: tuple[dict[str, Any], ...] = (
    {},
    {"problem": "skin"},
    {"signs": ["fever"]},
    {"signs": ["breathing"], "age": "30"},
    {"trial_number": "NCT01234567", "matters": ["cost", "proof"]},
    {"words": "Other words."},
)
NAMES = ("Maria López", "Ann Bell", "José María López-Ortiz", "王 小明")
STEPS: tuple[Callable[..., Any], ...] = (
    reviews.take,
    reviews.mark_reviewed,
    reviews.reopen,
    lambda **step: reviews.note(text="A note.", **step),
    lambda **step: reviews.reply(text="A reply.", **step),
    lambda **step: reviews.refer(text="To Dr Lee.", **step),
)
AT_MOST = 4
"""Responses at a time."""


class Practice(RuleBasedStateMachine):
    """A few patients and two physicians, who do what they like."""

    @initialize()
    def open(self) -> None:
        self.undo = transaction.atomic()
        self.undo.__enter__()
        self.physicians = [staff.physician("dora"), staff.physician("emil")]
        self.gone: recount.Tallied = Counter()
        given.shared(problem="skin")
        given.shared(signs=["fever"], name="Ann Bell")

    def response(self, which: int) -> Any:
        """One of the responses, or a new one while there are few."""
        held = list(Response.objects.order_by("created_at"))
        return responses.find(held[which % len(held)].pk) if held else given.finished()

    def review(self, which: int) -> Review | None:
        held = list(Review.objects.order_by("shared_at"))
        return held[which % len(held)] if held else None

    @rule(way=st.sampled_from(WAYS))
    def finish(self, way):
        if Response.objects.count() < AT_MOST:
            given.finished(**way)

    @rule(
        which=st.integers(0, 9),
        name=st.sampled_from(NAMES),
        preferred=st.sampled_from([(), ("plasma",)]),
    )
    def share(self, which, name, preferred):
        walk = self.response(which)
        with suppress(sharing.AlreadyShared, sharing.NothingToShare):
            given.share(walk, name=name, preferred=preferred, question="Why?", address=f"192.0.2.{which}")

    @rule(which=st.integers(0, 9))
    def withdraw(self, which):
        sharing.withdraw(walk=self.response(which))

    @rule(which=st.integers(0, 9))
    def erase(self, which):
        responses.erase(pk=self.response(which).response.pk)

    @rule(which=st.integers(0, 9), way=st.sampled_from(WAYS))
    def change_answers(self, which, way):
        given.confirmed(self.response(which), given.ANSWERS | {name.replace("_", "-"): way[name] for name in way})

    @rule(which=st.integers(0, 9))
    def change_an_answer_without_confirming(self, which):
        walk = self.response(which)
        responses.answer(walk=walk, slug="problem", answer="not-sure")

    @rule(which=st.integers(0, 9), who=st.integers(0, 1))
    def look(self, which, who):
        review = self.review(which)
        if review is not None:
            reviews.look(by=caller(self.physicians[who]), pk=review.pk)
            reviews.here(by=caller(self.physicians[who]), pk=review.pk)

    @rule(
        which=st.integers(0, 9), who=st.integers(0, 1), step=st.sampled_from(STEPS), late=st.sampled_from((0, 0, 0, 1))
    )
    def step(self, which, who, step, late):
        """Sometimes on what another has changed meanwhile."""
        review = self.review(which)
        if review is not None:
            with suppress(reviews.Ended, reviews.Conflict, reviews.NotNow):
                step(by=caller(self.physicians[who]), pk=review.pk, revision=review.revision - late)

    @rule(which=st.integers(0, 9))
    def purge(self, which):
        review = self.review(which)
        if review is None:
            return
        before = recount.tallied()
        Review.objects.filter(pk=review.pk).update(expires_at=timezone.now() - dt.timedelta(days=1))
        responses.purge_expired()
        assert not Review.objects.filter(pk=review.pk).exists()
        self.gone += before - recount.tallied()

    @rule()
    def seal(self):
        audit.seal()

    @invariant()
    def everything_fits(self):
        recount.check(self.gone)

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.undo.__exit__(None, None, None)


@pytest.mark.django_db
@pytest.mark.slow
@pytest.mark.timeout(600)
def test_whatever_happens_in_whatever_order_what_is_kept_is_what_counting_gives(published):
    """Hypothesis looks for the shortest way in which it is not."""
    run_state_machine_as_test(
        Practice,
        settings=settings(
            max_examples=40, stateful_step_count=25, deadline=None, suppress_health_check=[*HealthCheck], database=None
        ),
    )


@pytest.mark.django_db
def test_the_recount_itself_finds_what_is_wrong(published):
    given.shared(problem="skin")
    recount.check()
    kept.add({"state:new": 1})
    with pytest.raises(AssertionError):
        recount.check()


# --- At once

WORKERS, SECONDS = 8, 3.0


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_eight_at_once_on_five_reviews_never_lock_each_other_out_and_lose_no_count(published):
    """Physicians take steps, patients change answers and take back and share again; no statement fails."""
    people = [staff.physician(f"p{number}") for number in range(WORKERS)]
    walks = [given.finished(**WAYS[number]) for number in range(5)]
    for number, walk in enumerate(walks):
        given.share(walk, name=NAMES[number % 4])
    ends = threading.Event()
    done: Counter[str] = Counter()

    def work(number: int) -> Callable[[], None]:
        chance = random.Random(number)

        def one() -> None:
            while not ends.is_set():
                act = chance.choice((physician, physician, physician, patient))
                act(chance, people[number])
                done[act.__name__] += 1

        return one

    def physician(chance: random.Random, user: Any) -> None:
        review = Review.objects.filter(ended_at=None).order_by("?").first()
        if review is None:
            return
        reviews.look(by=caller(user), pk=review.pk)
        with suppress(reviews.Ended, reviews.Conflict, reviews.NotNow):
            chance.choice(STEPS)(by=caller(user), pk=review.pk, revision=review.revision)

    def patient(chance: random.Random, user: Any) -> None:
        walk = responses.find(chance.choice(walks).response.pk)
        # Another browser of the same person may have changed the way meanwhile.
        with suppress(sharing.AlreadyShared, sharing.NothingToShare, Unfinished, responses.OutOfReach):
            act = chance.randrange(4)
            if act == 0:
                sharing.withdraw(walk=walk)
            elif act == 1:
                given.share(walk, name=chance.choice(NAMES), address=f"192.0.2.{chance.randrange(200)}")
            else:
                given.confirmed(walk, given.ANSWERS | {"problem": chance.choice(("joint", "skin"))})

    timer = threading.Timer(SECONDS, ends.set)
    timer.start()
    try:
        at_once(*[work(number) for number in range(WORKERS)])
    finally:
        timer.cancel()
        ends.set()
    # Few on a busy machine, yet more than there are people at it, so that they met.
    assert done["physician"] > WORKERS
    assert done["patient"] > 5
    recount.check()
