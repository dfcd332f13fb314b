"""A copy tells of which data it is only where the registry told so in the same round."""

from __future__ import annotations

import datetime as dt
import importlib
import time

import pytest
from django.apps import apps
from django.utils import timezone

from questionnaire.models import RegistryClock, RegistryCopy, RegistryStudy
from questionnaire.services import refreshing, registry, trial_review
from tests import records
from tests import registry as server
from tests.registry import STAMP
from tests.services.test_registry import ABSENT, NUMBER, OTHER, later, waiting

pytestmark = pytest.mark.django_db

NEWER = "2026-11-26T09:00:07"


def stamps() -> dict[str, str]:
    return dict(RegistryCopy.objects.values_list("number", "data_timestamp"))


def test_a_copy_is_dated_right_after_it_was_fetched(site, hurried):
    copy = registry.look_up(NUMBER).copy
    assert copy is not None
    assert (copy.data_timestamp, copy.data_day) == (STAMP, dt.date(2026, 11, 25))
    assert [each.path.rpartition("/")[2].partition("?")[0] for each in site.asked] == [NUMBER, "version"]


def test_no_copy_borrows_a_date_that_was_told_before(site, hurried):
    registry.look_up(NUMBER)
    site.stamps = []
    registry.look_up(OTHER)
    assert stamps() == {NUMBER: STAMP, OTHER: ""}


def test_a_copy_that_is_given_again_loses_its_date_till_it_is_told_again(site, hurried):
    first = registry.look_up(NUMBER).copy
    site.stamps = []
    with later(days=2):
        again = registry.look_up(NUMBER).copy
        assert first is not None
        assert again == first, "the record is as it was"
        assert again.data_timestamp == "", "of which data it is now was not told"
        assert again.confirmed_at - first.confirmed_at > dt.timedelta(days=1)
        assert again.fetched_at == first.fetched_at
    site.stamps = [NEWER]
    with later(days=4):
        registry.look_up(NUMBER)
    assert stamps() == {NUMBER: NEWER}


def test_with_too_little_time_left_it_stays_empty_and_nobody_waits(site):
    """After a record the next turn comes in a second; whoever has less time goes on at once."""
    begun = time.monotonic()
    found = registry.look_up(NUMBER, seconds=1.0)
    assert found.state == "found"
    assert time.monotonic() - begun < 0.8
    assert (stamps(), site.versions()) == ({NUMBER: ""}, 0)


def test_within_a_patients_wait_it_is_asked_in_turn(site):
    begun = time.monotonic()
    assert registry.look_up(NUMBER).state == "found"
    assert time.monotonic() - begun < 2.9
    assert stamps() == {NUMBER: STAMP}
    first, second = (each.at for each in site.asked)
    assert second - first > 0.9


def test_a_registry_that_does_not_tell_it_in_time_costs_the_record_nothing(site, hurried):
    site.plays["version"] = server.text(500)
    site.stamps = []
    assert registry.look_up(NUMBER).state == "found"
    assert stamps() == {NUMBER: ""}


def test_who_waits_for_a_record_goes_before_a_date(site, hurried):
    RegistryStudy.objects.create(number=OTHER, asked_until=timezone.now() + dt.timedelta(seconds=5))
    assert registry.look_up(NUMBER).state == "found"
    assert site.versions() == 0


def test_who_cannot_come_in_time_does_not_wait_for_nothing(site):
    RegistryClock.objects.create(id=1, next_at=timezone.now() + dt.timedelta(seconds=5))
    begun = time.monotonic()
    assert registry.look_up(NUMBER, seconds=2.5).reason == "queue"
    assert time.monotonic() - begun < 2


def test_the_timer_fills_what_is_empty_only_when_it_is_confirmed(site, hurried, published):
    waiting(NUMBER)
    site.stamps = []
    registry.look_up(NUMBER)
    asked = len(site.studies())
    assert refreshing.refresh(seconds=5, pause=0).states == {}, "nothing can be dated now, so nothing is asked for"
    assert len(site.studies()) == asked
    site.stamps = [STAMP]
    assert refreshing.refresh(seconds=5, pause=0).states == {"found": 1}
    assert site.studies()[asked:] == [NUMBER], "asked for again, since only an answer of this round can be dated"
    assert stamps() == {NUMBER: STAMP}
    assert refreshing.refresh(seconds=5, pause=0).states == {}


def test_a_record_that_is_another_by_then_leaves_the_old_copy_without_a_date(site, hurried, published):
    waiting(NUMBER)
    site.stamps = []
    old = registry.look_up(NUMBER).copy
    assert old is not None
    site.stamps = [NEWER]
    site.plays[NUMBER] = server.say(records.changed(status={"overallStatus": "WITHDRAWN"}))
    refreshing.refresh(seconds=5, pause=0)
    old.refresh_from_db()
    assert old.data_timestamp == ""
    assert RegistryStudy.objects.get(number=NUMBER).newest != old
    assert RegistryCopy.objects.exclude(pk=old.pk).get().data_timestamp == NEWER


def test_a_round_in_which_the_data_were_renewed_dates_nothing(site, hurried, published):
    waiting(NUMBER)
    site.stamps = [STAMP, NEWER]
    refreshing.refresh(seconds=5, pause=0)
    assert stamps() == {NUMBER: ""}, "it may be of the data before or after"
    refreshing.refresh(seconds=5, pause=0)
    assert stamps() == {NUMBER: NEWER}


def test_a_round_dates_all_it_asked_for_with_two_requests_more(site, hurried, published):
    for number in (NUMBER, OTHER, ABSENT):
        waiting(number)
    refreshing.refresh(seconds=5, pause=0)
    assert stamps() == {NUMBER: STAMP, OTHER: STAMP}
    assert site.versions() == 2


def test_a_round_dates_nothing_that_somebody_else_asked_for_meanwhile(site, hurried, published, monkeypatch):
    """Their request may have been under way before the round began."""

    def meanwhile(_number: str) -> int:
        site.stamps = []
        registry.look_up(OTHER)
        site.stamps = [STAMP]
        return 0

    waiting(NUMBER)
    monkeypatch.setattr(trial_review, "after_refresh", meanwhile)
    refreshing.refresh(seconds=5, pause=0)
    assert stamps() == {NUMBER: STAMP, OTHER: ""}


def test_a_copy_under_a_number_that_moved_is_dated_too(site, hurried, published):
    waiting(NUMBER)
    site.plays[NUMBER] = server.moved(OTHER)
    site.stamps = []
    assert registry.look_up(NUMBER).moved_to == OTHER
    site.stamps = [STAMP]
    refreshing.refresh(seconds=5, pause=0)
    assert stamps() == {OTHER: STAMP}


def test_dates_of_before_are_forgotten_and_a_copy_is_as_old_as_its_last_answer():
    fetched = timezone.now() - dt.timedelta(days=9)
    values = {"record": "{}", "fetched_at": fetched, "confirmed_at": timezone.now(), "data_timestamp": STAMP}
    newest = RegistryCopy.objects.create(number=NUMBER, content_hash="a", **values)
    older = RegistryCopy.objects.create(number=NUMBER, content_hash="b", **values)
    RegistryStudy.objects.create(number=NUMBER, state="found", newest=newest, checked_at=fetched + dt.timedelta(days=3))
    importlib.import_module("questionnaire.migrations.0011_registry_dates").confirm(apps, None)
    newest.refresh_from_db()
    older.refresh_from_db()
    assert newest.confirmed_at == fetched + dt.timedelta(days=3)
    assert older.confirmed_at == fetched
    assert not newest.data_timestamp
