"""Versions from before they kept what was said of the study get what is on hand; versions are found by their study."""

from __future__ import annotations

import importlib
import json
from pathlib import Path
from typing import Any

import pytest
from cryptography.fernet import Fernet
from django.apps import apps
from django.db import connection

from questionnaire import migrations
from questionnaire.models import FinishedVersion, Response, StudyCheck
from questionnaire.services import finishing, responses, rotation, trial_facts, trials
from questionnaire.services.sealing import seal
from questionnaire.services.trial_facts import Told
from tests import sharing, studies, web
from tests.studies import NUMBER

OTHER = "NCT07654321"
BLANK = {"study_number": "", "study_said": "", "study_clinic": "", "letters": ""}
CLINIC = {"name": "Hilltop Joint Clinic", "city": "Springfield, IL"}

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def edition(db: None) -> Any:
    return web.publish(web.small_aid(studies.with_check), note="First edition.")


def finished_before(number: Any = NUMBER, **facts: str) -> FinishedVersion:
    """A version as an instance kept it before."""
    walk = sharing.finished(trial_number=number)
    FinishedVersion.objects.filter(response=walk.response).update(facts=facts, **BLANK)
    return FinishedVersion.objects.get(response=walk.response)


def check(version: FinishedVersion, said: str, number: str = NUMBER) -> StudyCheck:
    clinic = seal(json.dumps(CLINIC))
    return StudyCheck.objects.create(response=version.response, number=number, said=said, clinic=clinic)


def migrated(version: FinishedVersion) -> FinishedVersion:
    name = next(Path(migrations.__path__[0]).glob("*_version_study.py")).stem
    importlib.import_module(f"questionnaire.migrations.{name}").keep(apps, None)
    version.refresh_from_db()
    return version


def test_a_version_gets_what_is_said_of_its_number():
    version = finished_before(registry="not-checked", **{"registry-study": "same"})
    held = check(version, "same")
    told = migrated(version)
    assert told.study_number == NUMBER
    assert trial_facts.told_in(told, NUMBER) == Told("same", CLINIC["name"], CLINIC["city"])
    assert told.study_clinic == held.clinic, "no key is needed for it"
    assert told.letters == ""
    assert finishing.is_current(told, responses.find(told.response_id))


@pytest.mark.parametrize(
    ("fact", "said", "kept"),
    [
        ("same", "other", "same"),
        ("other", "same", "other"),
        ("not-sure", "other", "not-sure"),
        ("not-sure", "not-sure", "not-sure"),
        ("not-sure", "", ""),
        ("", "same", "same"),
    ],
)
def test_where_it_went_by_another_word_that_word_stays(fact: str, said: str, kept: str):
    version = finished_before(**({"registry-study": fact} if fact else {}))
    check(version, said)
    assert migrated(version).study_said == kept


def test_what_is_said_of_another_number_is_not_carried_over():
    version = finished_before(registry="not-checked")
    check(version, "same", OTHER)
    told = migrated(version)
    assert (told.study_number, told.study_said, told.study_clinic) == (NUMBER, "", "")


def test_without_a_number_and_without_a_check_nothing_is_made_up():
    version = finished_before({"choice": "no-number"})
    check(version, "same")
    unasked = finished_before(registry="not-checked", **{"registry-study": "not-sure"})
    assert migrated(version).study_number == ""
    told = migrated(unasked)
    assert (told.study_number, told.study_said, told.study_clinic) == (NUMBER, "", "")


def test_versions_are_found_by_their_study_along_an_index():
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            # In a table of no size nothing is worth an index.
            cursor.execute("SET LOCAL enable_seqscan = off")
    assert "finished_study_number" in FinishedVersion.objects.filter(study_number=NUMBER).explain()


def test_a_clinic_is_sealed_anew_when_it_is_confirmed(settings: Any):
    """Else a version that is being made while keys are rotated would bring the earlier key back."""
    old, new = settings.FIELD_KEYS[0], Fernet.generate_key().decode()
    walk = sharing.finished(trial_number=NUMBER)
    trials.say(walk=walk, number=NUMBER, said="same", clinic=CLINIC["name"], city=CLINIC["city"])
    settings.FIELD_KEYS = [new, old]
    version = finishing.finish(walk=walk)
    settings.FIELD_KEYS = [new]
    assert trial_facts.told_in(version, NUMBER).name == CLINIC["name"]


def test_a_clinic_that_stays_is_not_written_again(settings: Any):
    """Else what was read before keys were rotated would bring the earlier key back."""
    walk = sharing.finished(trial_number=NUMBER)
    trials.say(walk=walk, number=NUMBER, said="same", clinic=CLINIC["name"], city=CLINIC["city"])
    old, new = settings.FIELD_KEYS[0], Fernet.generate_key().decode()
    settings.FIELD_KEYS = [new, old]
    rotation.rotate()
    before = StudyCheck.objects.get().clinic
    trials.say(walk=walk, number=NUMBER, said="")
    held = StudyCheck.objects.get()
    assert (held.said, held.clinic, held.revision) == ("same", before, 2)
    assert trial_facts.told(Response.objects.get(), NUMBER).name == CLINIC["name"]


def test_a_check_makes_nothing_of_what_is_not_confirmed():
    walk = sharing.finished(trial_number=NUMBER)
    version = finishing.latest(walk)
    assert version is not None
    studies.told(studies.record(overallStatus="COMPLETED"))
    trials.say(walk=walk, number=NUMBER, said="other")
    assert finishing.finish(walk=walk, based_on=version) == version
    assert finishing.finish(walk=walk).study_said == "other"
