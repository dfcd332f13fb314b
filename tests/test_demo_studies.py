"""The made-up studies of a demonstration: what is kept of them is what the program would have kept itself."""

from __future__ import annotations

import datetime as dt
import os
import signal
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.utils import timezone

from questionnaire.demo import filling, studies
from questionnaire.demo.listed import TITLE
from questionnaire.demo.records import ACCUSED, DISC
from questionnaire.demo.registry import Registry
from questionnaire.demo.studies import STUDIES
from questionnaire.domain.journey import Journey
from questionnaire.domain.trial_changes import STUDY_CHANGED
from questionnaire.domain.trial_number import parse
from questionnaire.models import (
    AuditEvent,
    FdaLetter,
    FinishedVersion,
    RegistryChange,
    RegistryClock,
    RegistryCopy,
    RegistryStudy,
    Review,
    StudyCheck,
)
from questionnaire.services import editions, letters, registry, reviews, trial_facts, trial_review
from questionnaire.services.sealing import unsealed
from tests.physician.desk import Desk
from tests.physician.test_study import line
from tests.sharing import caller
from tests.staff import physician

ROOT = Path(__file__).resolve().parent.parent
COUNT = 200
WITH_A_DATABASE = pytest.mark.django_db


@pytest.fixture
def filled(shipped: Any) -> User:
    """As many as `script/server --demo` makes; who works on them."""
    dora = physician()
    filling.fill(responses=COUNT, physicians=[dora.pk], seed=7, say=str)
    return dora


@pytest.fixture
def made_up(settings: Any) -> Iterator[Registry]:
    """The made-up registry, asked instead of the real one."""
    played = Registry(0, timezone.now().astimezone(dt.UTC).date())
    thread = threading.Thread(target=played.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    settings.CTGOV_BASE_URL = played.base
    yield played
    played.shutdown()
    played.server_close()


def named() -> list[Review]:
    """Reviews of people who gave a study's number."""
    numbered = Review.objects.filter(version__isnull=False, response__study_check__isnull=False)
    return list(numbered.select_related("version__response", "version__registry_copy").order_by("shared_at"))


# --- What is kept of them


@WITH_A_DATABASE
def test_facts_are_what_the_check_of_a_patients_study_gives(filled: User):
    found = named()
    assert found
    for review in found:
        version = review.version
        assert version is not None
        aid = editions.aid_of(version.edition_id)
        journey = Journey(aid, unsealed(version.answers), version.facts)
        number = trial_facts.number_of(aid, journey)
        assert number == version.study_number == version.response.study_check.number
        said = trial_facts.told_in(version, number)
        assert said == trial_facts.told(version.response, number)
        assert trial_facts.facts_again(version, said, aid, journey) == version.facts
        if version.registry_copy is not None:
            held = RegistryCopy.objects.filter(number=version.registry_copy.number)
            assert version.registry_copy == held.filter(fetched_at__lt=version.finished_at).latest("fetched_at")


@WITH_A_DATABASE
def test_two_hundred_people_hold_what_a_record_may_and_may_not_bear_out(filled: User):
    assert set(StudyCheck.objects.values_list("number", flat=True)) == {each.number for each in STUDIES}
    held = {pair for facts in FinishedVersion.objects.values_list("facts", flat=True) for pair in facts.items()}
    assert held >= {
        ("registry", "found"),
        ("registry", "not-found"),
        ("registry", "not-checked"),
        ("registry-open", "open"),
        ("registry-open", "not-open"),
        ("registry-fresh", "stale"),
        ("registry-exosomes", "tested"),
        ("registry-exosomes", "not-mentioned"),
        ("registry-body-part", "fits"),
        ("registry-body-part", "other"),
        ("registry-site", "clinic-named"),
        ("registry-site", "none-in-us"),
        ("registry-type", "observational"),
        ("registry-type", "expanded-access"),
        ("registry-stopped", "stopped"),
        ("registry-paid", "in-text"),
        *(("registry-fda-flag", value) for value in ("yes", "no", "not-stated")),
    }
    flags = [set(each.flags) for each in named()]
    assert any("claim-not-borne-out" in each for each in flags)
    assert any(STUDY_CHANGED in each for each in flags)
    assert any("claim-not-borne-out" not in each for each in flags)


@WITH_A_DATABASE
def test_whoever_would_read_more_by_now_is_flagged_and_nobody_else(filled: User):
    flagged = {each.pk for each in named() if STUDY_CHANGED in each.flags}
    assert flagged
    for study in STUDIES:
        assert trial_review.after_refresh(study.number) == 0, "there is nothing left to tell"
    for review in named():
        assert review.version is not None
        theirs = trial_review.study_of(review.version)
        added = trial_review.added(theirs, trial_review.asked(theirs.number), timezone.now().date())
        assert bool(added) == (review.pk in flagged)
        told = [each.text for each in reviews.entries(review) if each.kind == "study"]
        events = AuditEvent.objects.filter(subject=review.pk, kind="study changed")
        assert [(each.actor, each.by) for each in events] == [("program", None)] * bool(added)
        assert told == ["\n".join(trial_review.title(theirs.aid, slug, "en") for slug in added)] * bool(added)


@WITH_A_DATABASE
def test_a_changed_study_is_new_work_until_somebody_has_seen_to_it(filled: User):
    changed = [each for each in named() if STUDY_CHANGED in each.flags]
    for review in changed:
        kinds = [each.kind for each in reviews.entries(review)]
        after = kinds[kinds.index("study") + 1 :]
        assert review.state not in ("reviewed", "waiting") or after
    assert any(each.state == "new" for each in changed)


@WITH_A_DATABASE
def test_copies_do_not_multiply_with_people(shipped: Any):
    kept = []
    for count in (20, 300):
        filling.fill(responses=count, physicians=[physician(f"p{count}").pk], seed=1, say=str)
        kept.append([model.objects.count() for model in (RegistryCopy, RegistryStudy, RegistryChange)])
    assert kept[0] == kept[1]
    assert kept[0][0] < 20


@WITH_A_DATABASE
def test_the_page_of_a_response_shows_then_now_and_what_changed(filled: User):
    desk = Desk("lee")
    shown = {
        each.version.facts["registry"]: desk.open(each)
        for each in named()
        if each.version and each.version.facts.get("registry")
    }
    assert "It could not be checked." in line(shown["not-checked"], "Source")[2]
    assert "lists no study under this number" in line(shown["not-found"], "Source")[2]
    stopped = {"response__study_check__number": DISC.number, "version__facts__registry-stopped": "not-stopped"}
    page = desk.open(Review.objects.filter(**stopped)[0])
    assert line(page, "Status")[1:] == ["Changed Terminated", "Recruiting"]
    assert "Before: Recruiting Now: Terminated" in page.main.one("dl", class_="changes").text
    assert "made up for the demonstration" in line(page, "Title")[1]


@WITH_A_DATABASE
def test_the_made_up_letter_is_shown_for_the_made_up_clinic_alone(filled: User):
    names: set[str] = set()
    for review in named():
        assert review.version is not None
        said = trial_facts.told_in(review.version, review.version.study_number)
        journey = Journey(editions.aid_of(review.version.edition_id), unsealed(review.version.answers))
        found = letters.matching(letters.typed_of(journey, said))
        at_the_clinic = said.name == ACCUSED.facility
        assert [each.firm for each in found] == [f"{ACCUSED.facility} (made up for the demonstration)"] * at_the_clinic
        names.update(each.firm for each in found)
    assert names
    assert FdaLetter.objects.count() == len(letters.SEED.read_text().splitlines()), "the program's and one more"


# --- The registry of the demonstration


@WITH_A_DATABASE
def test_asking_the_made_up_registry_again_brings_what_is_kept(filled: User, made_up: Registry):
    before = dict(RegistryStudy.objects.values_list("number", "newest"))
    for study in STUDIES:
        # It is asked once a second, which nobody waits for here.
        RegistryClock.objects.update(next_at=timezone.now())
        known = registry.ask_again(study.number)
        assert known.state == study.now.state
        assert known.reason == ("failed" if known.state == "not-checked" else "")
    assert dict(RegistryStudy.objects.values_list("number", "newest")) == before
    assert RegistryChange.objects.count() == len([each for each in STUDIES if len(each.replies) > 1])


@WITH_A_DATABASE
def test_a_physician_can_check_again(filled: User, made_up: Registry):
    review = next(each for each in named() if each.version and each.version.facts.get("registry") == "found")
    checked = trial_review.check_again(by=caller(filled), pk=review.pk)
    assert (checked.known.state, checked.flagged) == ("found", False)


@WITH_A_DATABASE
@pytest.mark.parametrize("number", [number for number, _ in studies.TO_TRY])
def test_the_numbers_to_try_are_answered_for(number: str, db: None, made_up: Registry):
    known = registry.look_up(parse(number))
    assert known.state == next(each.now.state for each in STUDIES if each.number == number)
    if known.record is not None:
        assert known.record.title.startswith(TITLE)


def test_every_record_says_that_it_is_made_up_and_has_a_number_that_was_never_given_out():
    for study in STUDIES:
        # The registry was at NCT07 in 2025, and gives about 40,000 numbers a year.
        assert parse(study.number) == study.number
        assert study.number > "NCT99"
        for reply in study.replies:
            assert reply.listed is None or reply.listed.number == study.number
    listed = [reply.listed for study in STUDIES for reply in study.replies if reply.listed]
    assert "made up" in TITLE
    assert all("example" in each.sponsor.lower() for each in listed)
    places = [place for each in listed for place in each.sites]
    assert all(place.facility.startswith(("Example", "Sample", "Investigational Site")) for place in places)


@pytest.mark.pure
@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGKILL])
def test_the_registry_ends_with_the_process_that_it_is_for(how: signal.Signals):
    command = f'"{sys.executable}" -m questionnaire.demo.registry --stop-with $$ & exec sleep 60'
    parent = subprocess.Popen(["sh", "-c", command], cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert parent.stdout is not None
    base = parent.stdout.readline().strip()
    with pytest.raises(urllib.error.HTTPError, match="404"):
        urllib.request.urlopen(f"{base}/studies/NCT05354141", timeout=5)
    os.kill(parent.pid, how)
    parent.wait(timeout=10)
    # It holds the pipe open for as long as it runs.
    begin = time.monotonic()
    assert parent.stdout.read() == ""
    assert time.monotonic() - begin < 10
    parent.stdout.close()
