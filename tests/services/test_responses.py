"""The services beneath the pages: every write names what it was based on, and none is lost."""

from __future__ import annotations

import datetime as dt
import uuid

import pytest
import time_machine
from django.db.models import F
from django.utils import timezone

from questionnaire.domain.outcome import Unfinished
from questionnaire.models import FinishedVersion, Response
from questionnaire.services import editions, finishing, responses, return_codes
from questionnaire.services.responses import Gone, NotAnAnswer, OutOfReach

pytestmark = pytest.mark.django_db

STORED = {
    "signs": ["none"],
    "problem": "joint",
    "joint-site": "knee",
    "age": "61",
    "weight": None,
    "since": "2024-05-06",
    "trial-number": {"choice": "no-number"},
    "words": "Mine.",
    "matters": ["pain"],
}


@pytest.fixture
def walk(published):
    return responses.begin(edition=editions.live(), language="en", slug="signs", answer=["none"])


@pytest.fixture
def whole(walk):
    for slug, answer in STORED.items():
        walk = responses.answer(walk=walk, slug=slug, answer=answer)
    return walk


def now():
    """The row as the database has it."""
    return Response.objects.get()


def test_a_response_begins_with_an_answer_that_its_first_question_takes(published):
    live = editions.live()
    with pytest.raises(OutOfReach):
        responses.begin(edition=live, language="en", slug="problem", answer="joint")
    for wrong in ("none", ["none", "fever"], ["forged"], [], None, {"choice": "none"}):
        with pytest.raises(NotAnAnswer):
            responses.begin(edition=live, language="en", slug="signs", answer=wrong)
    assert not Response.objects.exists()


def test_each_write_raises_the_revision_and_puts_off_the_end(walk):
    with time_machine.travel(timezone.now() + dt.timedelta(days=3), tick=False):
        later = responses.answer(walk=walk, slug="problem", answer="joint")
        assert later.response.revision == 1
        assert now().revision == 1
        assert now().expires_at == responses.expiry()


def test_a_write_based_on_an_old_reading_is_worked_out_again_on_the_new_one(walk):
    mine, theirs = responses.find(walk.response.pk), responses.find(walk.response.pk)
    responses.answer(walk=theirs, slug="problem", answer="joint")
    # `mine` has not read that, and joint-site is in reach only with it.
    after = responses.answer(walk=mine, slug="signs", answer=["not-sure"])
    assert now().answers == after.response.answers == {"signs": ["not-sure"], "problem": "joint"}
    assert now().revision == 2


def test_an_answer_whose_question_another_write_closed_is_not_stored(walk):
    walk = responses.answer(walk=walk, slug="problem", answer="joint")
    stale = responses.find(walk.response.pk)
    responses.answer(walk=walk, slug="problem", answer="skin")
    with pytest.raises(OutOfReach):
        responses.answer(walk=stale, slug="joint-site", answer="knee")
    assert now().answers == {"signs": ["none"], "problem": "skin"}


def test_seeing_urgent_guidance_and_answering_at_once_lose_neither(published):
    walk = responses.begin(edition=editions.live(), language="en", slug="signs", answer=["breathing"])
    stale = responses.find(walk.response.pk)
    responses.answer(walk=walk, slug="problem", answer="skin")
    responses.acknowledge_urgent(walk=stale)
    assert now().answers["problem"] == "skin"
    assert now().acknowledged == ["urgent-breathing"]


def test_a_code_and_an_answer_at_once_lose_neither(walk):
    stale = responses.find(walk.response.pk)
    responses.answer(walk=walk, slug="problem", answer="skin")
    code = return_codes.give(walk=stale)
    assert return_codes.come_back(typed=code, address="").journey.answers["problem"] == "skin"


def test_writes_that_always_come_second_give_up_in_the_end(walk, monkeypatch):
    walk_of = responses.walk_of

    def late(response):
        """Between reading and writing another write always gets in."""
        Response.objects.filter(pk=response.pk).update(revision=F("revision") + 1)
        return walk_of(response)

    monkeypatch.setattr(responses, "walk_of", late)
    with pytest.raises(responses.Busy):
        responses.answer(walk=late(walk.response), slug="problem", answer="skin")


def test_what_is_gone_is_gone_for_every_use(whole):
    pk = whole.response.pk
    responses.erase(pk=pk)
    with pytest.raises(Gone):
        responses.find(pk)
    with pytest.raises(Gone):
        responses.find(uuid.uuid4())
    with pytest.raises(Gone):
        responses.answer(walk=whole, slug="age", answer="70")
    with pytest.raises(Gone):
        responses.acknowledge_urgent(walk=whole)
    with pytest.raises(Gone):
        finishing.finish(walk=whole)
    with pytest.raises(Gone):
        return_codes.give(walk=whole)
    responses.erase(pk=pk)
    assert not Response.objects.exists()


def test_an_expired_response_is_gone_at_its_very_moment(walk):
    with time_machine.travel(walk.response.expires_at, tick=False), pytest.raises(Gone):
        responses.find(walk.response.pk)


def test_what_is_not_complete_cannot_be_finished(walk):
    with pytest.raises(Unfinished):
        finishing.finish(walk=walk)
    assert not FinishedVersion.objects.exists()


def test_what_is_urgent_and_unseen_cannot_be_finished(whole):
    walk = responses.answer(walk=whole, slug="signs", answer=["fever"])
    with pytest.raises(Unfinished):
        finishing.finish(walk=walk)
    assert not FinishedVersion.objects.exists()
    assert finishing.finish(walk=responses.acknowledge_urgent(walk=walk)).number == 1


def test_finishing_is_worked_out_on_the_answers_as_they_are_stored(whole):
    stale = responses.find(whole.response.pk)
    responses.answer(walk=whole, slug="joint-site", answer="hip")
    version = finishing.finish(walk=stale)
    assert version.answers["joint-site"] == "hip"
    assert "knee-caution" not in str(version.outcome)


def test_answers_that_were_changed_back_make_a_version_of_their_own(whole):
    numbers = [finishing.finish(walk=whole).number]
    for answer in ("hip", "knee", "knee"):
        whole = responses.answer(walk=whole, slug="joint-site", answer=answer)
        numbers.append(finishing.finish(walk=whole).number)
    assert numbers == [1, 2, 3, 3]
    assert finishing.latest(whole) == FinishedVersion.objects.get(number=3)


def test_own_words_are_sealed_in_versions_too_and_other_answers_lie_open(whole):
    version = finishing.finish(walk=whole)
    assert "Mine." not in str(version.answers) + str(version.outcome)
    assert {slug: answer for slug, answer in version.answers.items() if slug != "words"} == {
        slug: answer for slug, answer in STORED.items() if slug != "words"
    }


def test_purging_tells_how_many_responses_there_were(whole):
    finishing.finish(walk=whole)
    responses.begin(edition=editions.live(), language="en", slug="signs", answer=["none"])
    assert responses.purge_expired() == 0
    with time_machine.travel(responses.expiry() + dt.timedelta(days=1), tick=False):
        assert responses.purge_expired() == 2
    assert not Response.objects.exists()
    assert not FinishedVersion.objects.exists()
