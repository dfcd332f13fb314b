"""What the registry said is forgotten when nobody needs it, and never while a response or a version does."""

from __future__ import annotations

import datetime as dt

import pytest
import time_machine
from django.core.management import call_command
from django.utils import timezone

from questionnaire.models import FinishedVersion, RegistryChange, RegistryCopy, RegistryStudy, Response, StudyCheck
from questionnaire.services import registry, registry_purge
from questionnaire.services.registry_purge import Forgotten, purge_registry
from tests import records
from tests import registry as server
from tests.services.test_recalls import finished
from tests.services.test_registry import ABSENT, NUMBER, OTHER, later, waiting

pytestmark = pytest.mark.django_db

JUST, OVER = registry_purge.KEPT - dt.timedelta(hours=1), registry_purge.KEPT + dt.timedelta(hours=1)
NOTHING = Forgotten(0, 0, 0)


@pytest.fixture(autouse=True)
def asked(site, hurried) -> None:
    """A number that is listed and one that is not were asked for, and nobody names them."""
    registry.look_up(NUMBER)
    registry.look_up(ABSENT)


def numbers() -> set[str]:
    return set(RegistryStudy.objects.values_list("number", flat=True))


def version_with(number: str) -> FinishedVersion:
    """Somebody's finished version that was made with the newest copy of this record."""
    finished("skin")
    version = FinishedVersion.objects.latest("pk")
    FinishedVersion.objects.filter(pk=version.pk).update(registry_copy=RegistryStudy.objects.get(number=number).newest)
    return version


def test_what_nobody_names_goes_some_time_after_it_was_last_asked_for():
    with time_machine.travel(timezone.now() + JUST, tick=True):
        assert purge_registry() == NOTHING
    with time_machine.travel(timezone.now() + OVER, tick=True):
        assert purge_registry() == Forgotten(2, 1, 0)
        assert not numbers()
        assert not RegistryCopy.objects.exists()
        assert registry.look_up(NUMBER).state == "found", "and may be asked for anew"


def test_a_number_that_was_asked_for_since_stays(site):
    with later(days=20):
        registry.look_up(NUMBER)
    with time_machine.travel(timezone.now() + OVER, tick=True):
        purge_registry()
        assert numbers() == {NUMBER}
        assert RegistryCopy.objects.count() == 1


def test_a_number_of_a_response_stays_as_long_as_the_response(published):
    waiting(NUMBER, until=dt.timedelta(days=200))
    with time_machine.travel(timezone.now() + OVER, tick=True):
        purge_registry()
        assert numbers() == {NUMBER}
        Response.objects.all().delete()
        purge_registry()
        assert not numbers()
        assert not RegistryCopy.objects.exists()


def test_what_a_finished_version_points_to_is_never_purged(site, published):
    version = version_with(NUMBER)
    site.plays[NUMBER] = server.say(records.changed(status={"overallStatus": "SUSPENDED"}))
    with later(days=2):
        between = registry.look_up(NUMBER).copy
    site.plays[NUMBER] = server.say(records.changed(status={"overallStatus": "COMPLETED"}))
    with later(days=4):
        newest = registry.look_up(NUMBER).copy
    assert RegistryChange.objects.count() == 2
    with later(days=90):
        assert purge_registry() == Forgotten(1, 1, 2), "ABSENT, the copy between, and both changes"
        kept = set(RegistryCopy.objects.values_list("pk", flat=True))
    version.refresh_from_db()
    assert between is not None
    assert newest is not None
    assert kept == {version.registry_copy_id, newest.pk}
    assert numbers() == {NUMBER}
    version.response.delete()
    with later(days=90):
        assert purge_registry() == Forgotten(1, 2, 0)


def test_a_change_keeps_its_copies_as_long_as_it_is_new(site):
    site.plays[NUMBER] = server.say(records.changed(status={"overallStatus": "SUSPENDED"}))
    with later(days=29):
        registry.look_up(NUMBER)
    with later(days=58):
        assert purge_registry().changes == 0
        assert RegistryCopy.objects.count() == 2
    with later(days=60):
        assert purge_registry() == Forgotten(1, 2, 1)


def test_where_a_number_moved_to_stays_with_it(site, published):
    site.plays["NCT00000011"] = server.moved("NCT00000012")
    site.plays["NCT00000012"] = server.moved(OTHER)
    assert registry.look_up("NCT00000011").moved_to == OTHER
    waiting("NCT00000011", until=dt.timedelta(days=200))
    with time_machine.travel(timezone.now() + OVER, tick=True):
        purge_registry()
    assert numbers() == {"NCT00000011", "NCT00000012", OTHER}
    StudyCheck.objects.all().delete()
    with time_machine.travel(timezone.now() + OVER, tick=True):
        purge_registry()
    assert not numbers()


def test_a_number_that_somebody_asks_for_now_stays():
    with time_machine.travel(timezone.now() + OVER, tick=True):
        RegistryStudy.objects.filter(number=NUMBER).update(asked_until=timezone.now() + dt.timedelta(seconds=5))
        purge_registry()
        assert numbers() == {NUMBER}


def test_the_daily_command_purges_it_after_the_responses(published, capsys):
    waiting(NUMBER, until=dt.timedelta(days=1))
    with time_machine.travel(timezone.now() + OVER, tick=True):
        call_command("purge_expired")
        told = capsys.readouterr().out
        assert told.splitlines() == [
            "Erased 1 expired responses.",
            "Forgot 2 studies, 1 copies and 0 changes of the registry.",
        ]
        call_command("purge_expired")
        assert capsys.readouterr().out == "Erased 0 expired responses.\n"
