"""After a safety change: which finished responses would read differently, found in steps that can be broken off."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone

from questionnaire.models import FinishedVersion, Recall, RecallRun, Response
from questionnaire.services import differences, editions, recalls, responses
from tests import web
from tests.web import Walker, small_aid, text

pytestmark = pytest.mark.django_db


def retitled(slug, words="Other words."):
    def change(document):
        next(each for each in document["guidance/all.yaml"] if each["slug"] == slug)["title"] = text(words)

    return change


def finished(problem):
    walker = Walker()
    walker.answers("signs")
    walker.answer("problem", problem)
    if problem == "joint":
        walker.answers("joint-site")
    walker.answers("age", "weight", "since", "trial-number", "words", "matters")
    assert walker.finish().name == "result"
    return walker


def safety_change(change):
    return web.publish(small_aid(change), safety_change=True)


def slugs_waiting(edition):
    return {recall.version.response.answers["problem"] for recall in recalls.waiting(edition)}


def count(change, seconds=5.0, days=365):
    aid = editions.aid_of(web.publish(small_aid(change)).pk)
    return differences.count(after=aid, since=timezone.now() - dt.timedelta(days=days), seconds=seconds)


def test_only_who_would_read_something_else_is_counted(published):
    finished("joint")
    finished("skin")
    assert count(None).differ == 0
    assert count(retitled("skin-caution")).differ == 1
    assert count(retitled("not-approved")).differ == 2


@pytest.mark.parametrize(
    "change",
    [
        lambda d: d["guidance/all.yaml"].pop(3),
        lambda d: d["meaning.yaml"][0]["sentences"][0].update(text=text("Another sentence.")),
        lambda d: d["evidence/all.yaml"][0].update(claim=text("That is not so.")),
        web.with_new_question,
    ],
)  # fmt: skip
def test_items_sentences_claims_and_open_questions_all_count(published, change):
    finished("joint")
    assert count(change).differ == 1


def test_it_stops_in_time_and_says_so_and_leaves_out_what_is_old(published):
    for _ in range(3):
        finished("skin")
    told = count(retitled("skin-caution"), seconds=0.0)
    assert (told.looked_at, told.total, told.complete) == (0, 3, False)
    FinishedVersion.objects.update(finished_at=timezone.now() - dt.timedelta(days=400))
    assert count(retitled("skin-caution", "More.")).total == 0


def test_the_list_holds_whom_the_change_touches(published):
    finished("joint")
    finished("skin")
    edition = safety_change(retitled("skin-caution"))
    assert not recalls.is_finished(edition)
    assert recalls.work(seconds=5)
    assert recalls.is_finished(edition)
    assert slugs_waiting(edition) == {"skin"}


def test_a_change_that_is_no_safety_change_makes_no_list(published):
    finished("skin")
    web.publish(small_aid(retitled("skin-caution")))
    assert recalls.work(seconds=5)
    assert not Recall.objects.exists()


def test_whoever_finished_again_is_off_the_list_and_so_is_what_was_erased(published):
    walker = finished("skin")
    finished("skin")
    edition = safety_change(retitled("skin-caution"))
    recalls.work(seconds=5)
    assert recalls.waiting(edition).count() == 2
    walker.get("/check/")
    assert walker.finish().name == "result"
    assert recalls.waiting(edition).count() == 1
    responses.erase(pk=Response.objects.exclude(edition=edition).get().pk)
    assert recalls.waiting(edition).count() == 0


def test_a_list_that_was_broken_off_is_finished_later_and_holds_each_once(published, monkeypatch):
    for _ in range(7):
        finished("skin")
    edition = safety_change(retitled("skin-caution"))
    monkeypatch.setattr(recalls, "STEP", 3)
    judged = []

    class Breaking(differences.Judge):
        def differs(self, version):
            judged.append(version.pk)
            if len(judged) == 5:
                raise KeyboardInterrupt
            return super().differs(version)

    monkeypatch.setattr(recalls, "Judge", Breaking)
    with pytest.raises(KeyboardInterrupt):
        recalls.work(seconds=5)
    assert Recall.objects.count() == 3, "whole steps only"
    assert RecallRun.objects.get().finished_at is None
    assert recalls.work(seconds=5)
    assert recalls.waiting(edition).count() == 7
    assert recalls.work(seconds=5)
    assert Recall.objects.count() == 7


def test_time_that_is_over_leaves_the_rest_for_later(published, monkeypatch):
    for _ in range(4):
        finished("skin")
    safety_change(retitled("skin-caution"))
    monkeypatch.setattr(recalls, "STEP", 1)
    assert recalls.work(seconds=0) is False
    assert 0 < Recall.objects.count() < 4
    assert recalls.work(seconds=5) is True
    assert Recall.objects.count() == 4


@pytest.mark.django_db(transaction=True)
def test_two_who_work_at_one_list_at_once_make_it_once(published, monkeypatch):
    for _ in range(6):
        finished("skin")
    edition = safety_change(retitled("skin-caution"))
    monkeypatch.setattr(recalls, "STEP", 1)
    web.at_once(*[lambda: recalls.work(seconds=20)] * 3)
    assert Recall.objects.count() == 6
    assert recalls.waiting(edition).count() == 6
