"""Sharing, the inbox and the physicians' steps, as services."""

from __future__ import annotations

from typing import Any

import pytest
from django.utils import timezone

from questionnaire.models import AuditEvent, FinishedVersion, KeptCount, Review, ReviewFlag, SearchToken, Tally
from questionnaire.services import audit, finishing, inbox, kept, responses, reviews, sharing, staff
from questionnaire.services.inbox import Filters
from tests import sharing as given
from tests.sharing import caller
from tests.staff import physician

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("published")]


def listed(user, search=None, **filters):
    found = inbox.page(filters=Filters(**filters), user=user, search=search)
    return [who.name for each in found.reviews if (who := reviews.identity(each))]


def test_a_shared_response_is_in_the_inbox_at_once_and_gone_with_its_withdrawal():
    dora = physician()
    review = given.shared()
    assert listed(dora) == ["María López".replace("í", "i")]
    assert inbox.counts()["new"] == 1
    walk = responses.find(str(review.response_id))
    sharing.withdraw(walk=walk)
    review.refresh_from_db()
    assert (review.state, review.identity, review.question, review.version) == ("withdrawn", "", "", None)
    assert listed(dora) == []
    assert not SearchToken.objects.exists()
    assert not ReviewFlag.objects.exists()
    assert kept.counts("state:") == {"withdrawn": 1}
    assert set(Tally.objects.values_list("count", flat=True)) == {0}
    assert FinishedVersion.objects.exists()


def test_what_is_most_urgent_stands_first_and_what_waits_stands_last():
    dora = physician()
    answers: Any
    for name, answers in (
        ("Plain", {}),
        ("Skin", {"problem": "skin"}),
        ("Fever", {"signs": ["fever"]}),
        ("Breath", {"signs": ["breathing"]}),
    ):
        given.shared(name=name, **answers)
    given.shared(name="Young", age="30", preferred=("plasma",))
    assert listed(dora) == ["Breath", "Fever", "Skin", "Young", "Plain"]
    fever = Review.objects.get(flags=["red-flag"])
    reviews.reply(by=caller(dora), pk=fever.pk, revision=fever.revision, text="Come in.")
    assert listed(dora) == ["Breath", "Skin", "Young", "Plain", "Fever"]
    assert listed(dora, state="waiting") == ["Fever"]
    assert listed(dora, flag="red-flag") == ["Fever"]
    assert listed(dora, problem="skin") == ["Skin"]
    assert listed(dora, mine=True) == ["Fever"]


def test_a_step_on_what_another_has_changed_is_refused_with_both():
    dora, emil = physician(), physician("emil")
    review = given.shared()
    reviews.note(by=caller(emil), pk=review.pk, revision=review.revision, text="Called, no answer.")
    with pytest.raises(reviews.Conflict) as refused:
        reviews.mark_reviewed(by=caller(dora), pk=review.pk, revision=review.revision)
    assert [each.text for each in refused.value.since] == ["Called, no answer."]
    assert Review.objects.get().state == "new"
    assert AuditEvent.objects.filter(kind="refused").count() == 1


def test_nobody_outside_the_group_reads_a_response_not_even_a_superuser(django_user_model):
    review = given.shared()
    root = django_user_model.objects.create_superuser("root", password="x")
    with pytest.raises(staff.NotAllowed):
        reviews.look(by=caller(root), pk=review.pk)


def test_every_look_is_on_record_and_the_record_holds_together():
    dora = physician()
    review = given.shared()
    reviews.look(by=caller(dora), pk=review.pk)
    reviews.take(by=caller(dora), pk=review.pk, revision=review.revision)
    kinds = list(AuditEvent.objects.filter(subject=review.pk).order_by("number").values_list("kind", flat=True))
    assert kinds == ["shared", "viewed", "taken"]
    made = audit.seal()
    assert made is not None
    assert made.events == 3
    assert audit.verify().problems == ()


def test_a_person_is_found_by_any_words_of_the_name_and_by_the_date_of_birth():
    dora = physician()
    given.shared(name="María José López-Ortiz")
    given.shared(name="Ann Bell")
    for words in ("lopez", "Ortiz Maria", "JOSE lopez", "maria josé lopez ortiz"):
        assert listed(dora, inbox.search_for(name=words)) == ["María José López-Ortiz"], words
    assert listed(dora, inbox.search_for(name="Lopes")) == []


def test_other_answers_bring_a_reviewed_response_back_to_the_new_ones():
    dora = physician()
    review = given.shared()
    reviews.mark_reviewed(by=caller(dora), pk=review.pk, revision=review.revision)
    walk = responses.find(str(review.response_id))
    given.confirmed(walk, given.ANSWERS | {"problem": "skin"})
    review.refresh_from_db()
    assert review.version is not None
    assert (review.state, review.problem, review.version.number) == ("new", "skin", 2)
    assert listed(dora, flag="skin") == ["Maria López"]


def test_kept_counts_are_what_counting_would_give():
    dora = physician()
    answers: Any
    for answers in ({}, {"problem": "skin"}, {"signs": ["fever"]}):
        review = given.shared(**answers)
    reviews.take(by=caller(dora), pk=review.pk, revision=review.revision)
    assert kept.counts("state:") == {"new": 2, "taken": 1}
    assert sum(KeptCount.objects.filter(name__startswith="level:").values_list("count", flat=True)) == 3


def test_what_is_over_is_over_before_the_timer_comes_by():
    dora = physician()
    review = given.shared()
    Review.objects.update(expires_at=timezone.now())
    with pytest.raises(reviews.NoReview):
        reviews.look(by=caller(dora), pk=review.pk)
    assert listed(dora) == []


def test_guidance_made_anew_by_the_program_never_takes_up_what_was_not_confirmed():
    walk = given.finished()
    version = finishing.latest(walk)
    responses.answer(walk=walk, slug="problem", answer="skin")
    assert finishing.finish(walk=walk, based_on=version) == version
    assert FinishedVersion.objects.count() == 1
