"""A session ends when nothing is done, and after half a day whatever is done; only what a person asked for counts."""

from __future__ import annotations

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from questionnaire.models import Edition
from tests import sharing as given
from tests import staff
from tests.signin.conftest import DOOR, Visitor

pytestmark = pytest.mark.django_db

ASKED = "/staff/password/"
MORNING = "2026-11-03 08:00:00"


@pytest.fixture
def clock():
    with time_machine.travel(MORNING, tick=False) as clock:
        yield clock


@pytest.fixture
def seated(visitor, lee, clock):
    visitor.sign_in("lee")
    return visitor


def is_in(visitor):
    return visitor.client.get(ASKED).status_code == 200


def test_it_ends_after_twenty_idle_minutes_and_not_before(seated, clock):
    clock.shift(20 * 60 - 1)
    assert is_in(seated)
    clock.shift(20 * 60 + 1)
    assert not is_in(seated)
    assert not seated.is_in


def test_the_minutes_are_a_setting(seated, clock, settings):
    settings.STAFF_IDLE_MINUTES = 5
    clock.shift(5 * 60 + 1)
    assert not is_in(seated)


def test_it_ends_half_a_day_after_sign_in_whatever_is_done(seated, clock):
    for _ in range(12 * 4 - 1):
        clock.shift(15 * 60)
        assert is_in(seated)
    clock.shift(15 * 60)
    assert not is_in(seated)


def test_what_a_page_asks_by_itself_keeps_nobody_in(seated, lee, clock):
    clock.shift(19 * 60)
    assert seated.client.get("/staff/stay/", headers={"X-Background": "1"}).json() == {
        "left": 60,
        "can_stay": True,
        "who": lee.pk,
    }
    clock.shift(61)
    assert seated.client.get("/staff/stay/", headers={"X-Background": "1"}).json() == {"left": 0, "can_stay": False}
    assert not is_in(seated)


def test_asking_to_stay_does(seated, lee, clock):
    clock.shift(19 * 60)
    assert seated.client.post("/staff/stay/").json() == {"left": 20 * 60, "can_stay": True, "who": lee.pk}
    clock.shift(19 * 60)
    assert is_in(seated)


def test_near_the_last_end_asking_to_stay_is_not_offered(seated, lee, clock):
    for _ in range(47):
        clock.shift(15 * 60)
        seated.client.get(ASKED)
    assert seated.client.post("/staff/stay/").json() == {"left": 15 * 60, "can_stay": False, "who": lee.pk}


def test_staying_needs_a_token_of_ours(lee, clock):
    client = staff.sign_in(Client(enforce_csrf_checks=True), lee)
    assert client.post("/staff/stay/").status_code == 403


def test_who_was_signed_out_is_told_so_and_led_back(seated, max_, clock):
    staff.sign_in(seated.client, max_)
    clock.shift(21 * 60)
    reply = seated.client.get("/admin/auth/user/?q=a")
    assert reply["Location"] == f"{DOOR}?next=/admin/auth/user/%3Fq%3Da"
    assert "You were signed out" in seated.get(reply["Location"]).text


def test_every_page_of_the_staff_says_when_it_ends(seated, published: Edition, clock):
    editor = Visitor()
    for user, address in ((staff.editor(), "/admin/guidance/"), (staff.administrator(), "/admin/")):
        staff.sign_in(editor.client, user)
        html = editor.client.get(address).content.decode()
        assert 'data-left="1200"' in html, address
        assert "staff.js" in html
    assert "data-left" not in Client().get(DOOR).content.decode()


def test_a_physicians_look_at_what_a_patient_saw_is_covered_at_the_end_too(lee, published, clock):
    review = given.shared()
    html = staff.sign_in(Client(), lee).get(f"/physician/{review.pk}/as-seen/1/").content.decode()
    assert 'data-left="1200"' in html
    assert f'data-who="{lee.pk}"' in html
    for needed in ("staff.js", "session.css"):
        assert needed in html, needed


def test_an_account_that_is_closed_is_out_at_once(seated, lee):
    lee.is_active = False
    lee.save()
    assert not is_in(seated)


def test_patients_pages_ask_for_no_session_and_no_user(published, lee, walker):
    walker.get("/q/signs/")
    staff.sign_in(walker.client, lee)
    for address in ("/", "/about/", "/q/signs/", "/check/", "/healthz"):
        with CaptureQueriesContext(connection) as asked:
            walker.client.get(address)
        tables = " ".join(each["sql"] for each in asked.captured_queries)
        assert not [each for each in ("session", "auth_", "mfa_", "signin") if each in tables], (address, tables)
