"""What the registry said is kept a day, asked for by one at a time, and never asked faster than once a second."""

from __future__ import annotations

import datetime as dt
import json
import logging
import threading
import time

import pytest
import time_machine
from django.core.management import call_command
from django.db import connections
from django.utils import timezone

from questionnaire.models import RegistryChange, RegistryClock, RegistryCopy, RegistryStudy, Response, StudyCheck
from questionnaire.services import refreshing, registry
from tests import records
from tests import registry as server
from tests.registry import Registry
from tests.services.test_recalls import finished

pytestmark = pytest.mark.django_db

NUMBER, OTHER, ABSENT = records.KNEE, "NCT05354141", "NCT99999999"


@pytest.fixture
def unanswered(site: Registry) -> Registry:
    site.plays[NUMBER] = server.text(503)
    return site


def later(**time_later: float) -> time_machine.travel:
    return time_machine.travel(timezone.now() + dt.timedelta(**time_later), tick=True)


def test_an_answer_is_served_for_a_day_and_then_asked_for_anew(site, hurried):
    first = registry.look_up(NUMBER)
    assert first.state == "found"
    assert first.record is not None
    assert first.record.number == NUMBER
    with later(hours=23):
        again = registry.look_up(NUMBER)
        assert (again.state, again.checked_at) == ("found", first.checked_at)
    assert site.studies() == [NUMBER]
    with later(hours=25):
        assert registry.known(NUMBER).state == "not-checked"
        assert registry.look_up(NUMBER).state == "found"
    assert site.studies() == [NUMBER, NUMBER]
    assert RegistryCopy.objects.count() == 1, "the record is as it was"


def test_a_number_that_is_not_listed_is_kept_too(site, hurried):
    assert registry.look_up(ABSENT).state == "not-found"
    assert registry.look_up(ABSENT).state == "not-found"
    assert site.studies() == [ABSENT]


def test_without_an_answer_it_is_tried_again_after_a_minute_and_not_before(unanswered, hurried):
    assert registry.look_up(NUMBER).state == "not-checked"
    found = registry.look_up(NUMBER)
    assert (found.state, found.reason, found.copy) == ("not-checked", "failed", None)
    assert unanswered.studies() == [NUMBER]
    del unanswered.plays[NUMBER]
    with later(seconds=61):
        assert registry.look_up(NUMBER).state == "found"


def test_an_older_copy_comes_only_with_its_date_and_never_as_found(site, hurried):
    first = registry.look_up(NUMBER)
    site.plays[NUMBER] = server.text(500)
    with later(days=2):
        found = registry.look_up(NUMBER)
        assert found.state == "not-checked"
        assert found.reason == "failed"
        assert found.copy == first.copy
        assert found.checked_at == first.checked_at
    assert registry.known(NUMBER).state == "found"


def test_a_failed_try_takes_no_fresh_answer_away(site, hurried):
    registry.look_up(NUMBER)
    site.plays[NUMBER] = server.text(500)
    registry.refresh(NUMBER, pause=0)
    assert registry.known(NUMBER).state == "found"


def test_a_changed_record_is_another_copy_with_what_changed_field_by_field(site, hurried):
    first = registry.look_up(NUMBER)
    site.plays[NUMBER] = server.say(
        records.changed(
            status={"overallStatus": "WITHDRAWN", "statusVerifiedDate": "2026-11", "whyStopped": "No funds"}
        )
    )
    with later(days=2):
        second = registry.look_up(NUMBER)
    assert second.copy != first.copy
    assert first.copy is not None
    first.copy.refresh_from_db()
    assert json.loads(first.copy.record)["protocolSection"]["statusModule"]["overallStatus"] == "NOT_YET_RECRUITING"
    [change] = RegistryChange.objects.all()
    assert (change.number, change.before, change.after) == (NUMBER, first.copy, second.copy)
    assert change.fields == [
        {"field": "status", "before": ["NOT_YET_RECRUITING"], "after": ["WITHDRAWN"]},
        {"field": "why_stopped", "before": [], "after": ["No funds"]},
        {"field": "verified", "before": ["2021-09"], "after": ["2026-11"]},
    ]
    del site.plays[NUMBER]
    with later(days=4):
        third = registry.look_up(NUMBER)
    assert third.copy == first.copy, "a record that is again as it was is the copy that we have"
    assert RegistryChange.objects.count() == 2


def test_a_moved_number_is_looked_up_under_its_new_one(site, hurried):
    site.plays[NUMBER] = server.moved(OTHER)
    found = registry.look_up(NUMBER)
    assert (found.number, found.state, found.moved_to) == (NUMBER, "found", OTHER)
    assert found.record is not None
    assert found.record.number == OTHER
    assert site.studies() == [NUMBER, OTHER]
    assert registry.known(NUMBER) == found


def test_a_new_number_without_an_answer_leaves_it_at_moved(site, hurried):
    site.plays |= {NUMBER: server.moved(OTHER), OTHER: server.text(503)}
    found = registry.look_up(NUMBER)
    assert (found.state, found.moved_to, found.copy) == ("moved", OTHER, None)


def test_numbers_that_move_in_a_circle_are_not_followed_for_ever(site, hurried):
    site.plays |= {NUMBER: server.moved(OTHER), OTHER: server.moved(NUMBER)}
    found = registry.look_up(NUMBER)
    assert (found.state, found.reason) == ("not-checked", "moves-in-a-circle")
    assert len(site.studies()) == 2
    registry.refresh(NUMBER, pause=0)
    assert len(site.studies()) <= 5


def test_whoever_holds_the_lease_and_is_killed_is_not_waited_for_long(site, hurried):
    RegistryStudy.objects.create(number=NUMBER)
    assert registry._leased(NUMBER, 2.5)
    begun = time.monotonic()
    assert registry.look_up(NUMBER, seconds=0.5).state == "not-checked"
    assert time.monotonic() - begun < 2
    assert not site.asked
    with later(seconds=7):
        assert registry.look_up(NUMBER).state == "found"


def test_whoever_does_not_get_a_turn_in_time_was_not_refused_by_the_registry(site):
    RegistryClock.objects.create(id=1, next_at=timezone.now() + dt.timedelta(seconds=30))
    begun = time.monotonic()
    found = registry.look_up(NUMBER, seconds=0.5)
    assert time.monotonic() - begun < 2
    assert (found.state, found.reason) == ("not-checked", "queue")
    assert not site.asked
    RegistryClock.objects.update(next_at=timezone.now())
    assert registry.look_up(NUMBER).state == "found", "no minute's wait"


def at_once(count: int, work) -> float:
    """Run this in so many threads at once; how long the slowest took."""
    gate, took, errors = threading.Barrier(count), [], []

    def run(place: int) -> None:
        try:
            gate.wait()
            begun = time.monotonic()
            work(place)
            took.append(time.monotonic() - begun)
        except Exception as error:
            errors.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(place,)) for place in range(count)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert not errors
    return max(took)


@pytest.mark.django_db(transaction=True)
def test_fifty_people_with_one_number_make_one_request(site):
    site.plays[NUMBER] = server.after(0.3, server.say(records.raw(NUMBER)))
    found: list[str] = []
    slowest = at_once(50, lambda _: found.append(registry.look_up(NUMBER).state))
    assert found == ["found"] * 50
    assert site.studies() == [NUMBER]
    assert slowest < 3


@pytest.mark.django_db(transaction=True)
def test_the_registry_is_asked_once_a_second_whoever_asks(site):
    numbers = records.NUMBERS[:4]
    slowest = at_once(4, lambda place: registry.look_up(numbers[place], seconds=2.5))
    assert slowest < 3
    times = sorted(each.at for each in site.asked)
    assert len(times) >= 2
    assert times[-1] - times[0] > 1.1 * (len(times) - 1) - 0.3, "how soon each gets under way differs a little"


def test_logs_and_addresses_name_no_patient(site, hurried, published, caplog):
    with caplog.at_level(logging.DEBUG):
        response = waiting(NUMBER, "Regen Partners of Tampa")
        registry.look_up(NUMBER)
        refreshing.refresh(seconds=5, pause=0)
    assert str(response) not in caplog.text
    assert "Regen" not in caplog.text
    assert NUMBER not in caplog.text
    for each in site.asked:
        assert str(response) not in each.path
        assert "Regen" not in str(each.headers)


def waiting(number: str, clinic: str = "", *, until: dt.timedelta = dt.timedelta(days=1)) -> object:
    """A response that is open and names this study; its id."""
    finished("skin")
    response = Response.objects.order_by("-created_at").first()
    assert response is not None
    Response.objects.filter(pk=response.pk).update(expires_at=timezone.now() + until)
    StudyCheck.objects.create(response=response, number=number, clinic=clinic)
    return response.pk


def test_the_timer_asks_for_what_open_responses_name_and_is_a_day_old(site, hurried, published):
    for number in (NUMBER, NUMBER, ABSENT):
        waiting(number)
    waiting(OTHER, until=dt.timedelta(days=-1))
    registry.look_up(NUMBER)
    asked = len(site.studies())
    done = refreshing.refresh(seconds=5, pause=0)
    assert dict(done.states) == {"not-found": 1}
    assert site.studies()[asked:] == [ABSENT], "fresh ones and those of expired responses are left alone"
    assert refreshing.due() == []


def test_the_timer_tells_what_changed_and_what_is_left(site, hurried, published, capsys):
    waiting(NUMBER)
    registry.look_up(NUMBER)
    site.plays[NUMBER] = server.say(records.changed(status={"overallStatus": "SUSPENDED"}))
    RegistryStudy.objects.update(checked_at=timezone.now() - dt.timedelta(hours=25))
    call_command("refresh_trials", "--seconds", "5")
    assert capsys.readouterr().out == "Studies asked for: 1 found. Changed: 1. Left for the next run: 0.\n"
    call_command("refresh_trials")
    assert capsys.readouterr().out == "Studies asked for: none was due. Changed: 0. Left for the next run: 0.\n"
    waiting(ABSENT)
    call_command("refresh_trials", "--seconds", "0")
    assert "Left for the next run: 1." in capsys.readouterr().out


def test_one_polite_retry_and_then_the_next(site, hurried, published):
    waiting(NUMBER)
    waiting(ABSENT)
    site.plays[NUMBER] = server.text(429)
    done = refreshing.refresh(seconds=10, pause=0.1)
    assert sorted(site.studies()) == [NUMBER, NUMBER, ABSENT]
    assert dict(done.states) == {"not-checked": 1, "not-found": 1}


def test_a_registry_that_is_down_is_left_alone_until_the_next_run(site, hurried, published):
    for number in records.NUMBERS[:6]:
        waiting(number)
        site.plays[number] = server.text(503)
    done = refreshing.refresh(seconds=10, pause=0)
    assert done.states == {"not-checked": refreshing.MOST_FAILURES}
    assert done.left == 6 - refreshing.MOST_FAILURES
    assert len(site.studies()) == 2 * refreshing.MOST_FAILURES
