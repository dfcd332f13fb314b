"""Sharing and taking back, at their edges: the record fails, the time is over, two things at once."""

from __future__ import annotations

import datetime as dt
from contextlib import suppress

import pytest
from django.utils import timezone

from questionnaire.models import (
    AuditEvent,
    FinishedVersion,
    KeptCount,
    Presence,
    Response,
    ReturnTry,
    Review,
    ReviewEntry,
    ReviewFlag,
    SearchToken,
    Tally,
)
from questionnaire.services import audit, finishing, inbox, responses, reviews, shared, sharing
from tests import sharing as given
from tests.sharing import caller
from tests.staff import physician
from tests.web import at_once

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("published")]

KEPT = (
    Response,
    FinishedVersion,
    Review,
    ReviewEntry,
    ReviewFlag,
    SearchToken,
    KeptCount,
    Tally,
    Presence,
    AuditEvent,
    ReturnTry,
)


def everything():
    """All rows that a step could touch."""
    return {model.__name__: sorted(map(repr, model._default_manager.values())) for model in KEPT}


def walk_of(review):
    return responses.find(str(review.response_id))


class Refused(Exception):
    """The record could not be written."""


def fail(**event):
    raise Refused


def past(review):
    Review.objects.filter(pk=review.pk).update(expires_at=timezone.now() - dt.timedelta(seconds=1))


# --- If the record fails, the thing fails

STEPS = {
    "share": lambda review, dora, walk: given.share(walk),
    "withdraw": lambda review, dora, walk: sharing.withdraw(walk=walk_of(review)),
    "erase": lambda review, dora, walk: responses.erase(pk=review.response_id),
    "look": lambda review, dora, walk: reviews.look(by=caller(dora), pk=review.pk),
    "take": lambda review, dora, walk: reviews.take(by=caller(dora), pk=review.pk, revision=1),
    "mark_reviewed": lambda review, dora, walk: reviews.mark_reviewed(by=caller(dora), pk=review.pk, revision=1),
    "reply": lambda review, dora, walk: reviews.reply(by=caller(dora), pk=review.pk, revision=1, text="Come."),
    "refer": lambda review, dora, walk: reviews.refer(by=caller(dora), pk=review.pk, revision=1, text="To Dr Lee."),
    "note": lambda review, dora, walk: reviews.note(by=caller(dora), pk=review.pk, revision=1, text="Called."),
    "purge": lambda review, dora, walk: shared.purge_expired(),
}


@pytest.mark.parametrize("step", STEPS)
def test_what_cannot_be_recorded_is_not_done(step, monkeypatch):
    dora, review, walk = physician(), given.shared(problem="skin"), given.finished()
    if step == "purge":
        past(review)
    before = everything()
    monkeypatch.setattr(audit, "record", fail)
    with pytest.raises(Refused):
        STEPS[step](review, dora, walk)
    assert everything() == before
    monkeypatch.undo()
    STEPS[step](review, dora, walk)
    assert everything() != before


def test_reopening_that_cannot_be_recorded_is_not_done(monkeypatch):
    dora, review = physician(), given.shared()
    reviews.mark_reviewed(by=caller(dora), pk=review.pk, revision=1)
    before = everything()
    monkeypatch.setattr(audit, "record", fail)
    with pytest.raises(Refused):
        reviews.reopen(by=caller(dora), pk=review.pk, revision=2)
    assert everything() == before


def test_other_answers_that_cannot_be_recorded_are_not_finished(monkeypatch):
    review = given.shared()
    walk = responses.answer(walk=walk_of(review), slug="problem", answer="skin")
    before = everything()
    monkeypatch.setattr(audit, "record", fail)
    with pytest.raises(Refused):
        finishing.finish(walk=walk)
    assert everything() == before


def test_a_refusal_that_cannot_be_recorded_is_told_of_as_a_failure(monkeypatch):
    dora, review = physician(), given.shared()
    monkeypatch.setattr(audit, "record", fail)
    with pytest.raises(Refused):
        reviews.take(by=caller(dora), pk=review.pk, revision=9)


# --- When the time is over


def test_when_the_practices_time_is_over_the_patient_can_share_again():
    review = given.shared()
    past(review)
    assert responses.purge_expired() == 0
    assert not Review.objects.exists()
    walk = walk_of(review)
    assert not walk.response.is_shared
    assert sharing.status(walk) is None
    again = given.share(walk)
    assert inbox.counts()["new"] == 1
    assert again.pk != review.pk


def test_a_response_is_not_erased_while_it_is_shared():
    """Else its review would stand in the inbox with nothing in it."""
    review = given.shared()
    Response.objects.update(expires_at=timezone.now() - dt.timedelta(seconds=1))
    assert responses.purge_expired() == 0
    review.refresh_from_db()
    assert review.version is not None
    past(review)
    assert responses.purge_expired() == 1
    assert not Response.objects.exists()


def test_an_erased_response_leaves_the_fact_and_its_end_leaves_the_record_alone():
    review = given.shared()
    responses.erase(pk=walk_of(review).response.pk)
    review.refresh_from_db()
    assert (review.state, review.ending, review.response_id) == ("withdrawn", "erased", None)
    past(review)
    responses.purge_expired()
    assert not Review.objects.exists()
    assert [*AuditEvent.objects.order_by("number").values_list("kind", flat=True)] == ["shared", "erased", "expired"]
    assert audit.verify().problems == ()


def test_sharing_twice_is_refused_and_withdrawing_twice_does_nothing():
    walk = given.finished()
    given.share(walk)
    with pytest.raises(sharing.AlreadyShared):
        given.share(walk)
    sharing.withdraw(walk=walk)
    before = everything()
    sharing.withdraw(walk=walk)
    assert everything() == before
    given.share(responses.find(walk.response.pk))
    assert inbox.counts()["withdrawn"] == inbox.counts()["new"] == 1


def test_answers_that_were_not_confirmed_are_not_shared():
    walk = responses.answer(walk=given.finished(), slug="problem", answer="skin")
    before = everything()
    with pytest.raises(sharing.NothingToShare):
        given.share(walk)
    assert everything() == before


# --- At once


@pytest.mark.django_db(transaction=True)
def test_sharing_at_once_makes_one_review_and_withdrawing_at_once_one_withdrawal():
    walk = given.finished()

    def share():
        try:
            return given.share(walk)
        except sharing.AlreadyShared:
            return None

    assert len([each for each in at_once(*[share] * 4) if each]) == 1
    at_once(*[lambda: sharing.withdraw(walk=walk)] * 4)
    kinds = [*AuditEvent.objects.order_by("number").values_list("kind", flat=True)]
    assert kinds == ["shared", "withdrawn"]
    assert KeptCount.objects.get(name="state:withdrawn").count == 1
    assert audit.verify().problems == ()


@pytest.mark.django_db(transaction=True)
def test_a_purge_beside_a_withdrawal_and_a_step_ends_in_one_of_them():
    dora, review = physician(), given.shared()
    past(review)
    walk = walk_of(review)

    def step():
        with suppress(reviews.NoReview, reviews.Ended, reviews.Conflict):
            reviews.note(by=caller(dora), pk=review.pk, revision=1, text="Called.")

    at_once(shared.purge_expired, lambda: sharing.withdraw(walk=walk), step)
    assert not Review.objects.exists()
    assert not Response.objects.get().is_shared
    assert not KeptCount.objects.exclude(count=0).exists()
    assert audit.verify().problems == ()
