"""Guessing is stopped, in all processes together, and no guessing keeps a colleague out of their own browser."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
import time_machine
from django.test import Client

from decisionaid.settings_test import ENVIRONMENT
from questionnaire.models import SignInCount
from questionnaire.services import staff as services_staff
from tests import staff
from tests.signin.conftest import DOOR, SECOND, Visitor
from tests.web import Page

ROOT = Path(__file__).resolve().parent.parent.parent
WRONG = "not-the-password"
HERE = 5
"""Tries at one account from one place within five minutes."""
ANYWHERE = 50
"""Tries at one account from all places."""


def guess(visitor, name, times=HERE):
    return [visitor.password(name, WRONG).status_code for _ in range(times)]


@pytest.mark.django_db
def test_after_five_wrong_passwords_the_right_one_is_not_looked_at(visitor, lee):
    assert guess(visitor, "lee", 6) == [422] * 5 + [429]
    page = Page(visitor.password("lee"))
    assert page.status == 429
    assert "five minutes" in page.alert.text


@pytest.mark.django_db
def test_case_and_blanks_make_no_new_account_to_guess_at(visitor, lee):
    guess(visitor, "lee", 4)
    assert visitor.password(" LEE ", WRONG).status_code == 422
    assert visitor.password("lee", WRONG).status_code == 429


@pytest.mark.django_db
def test_after_five_minutes_it_is_free_again(visitor, lee):
    with time_machine.travel("2026-11-03 09:00:00", tick=False) as clock:
        guess(visitor, "lee", 7)
        clock.shift(299)
        assert visitor.password("lee").status_code == 429
        clock.shift(2)
        assert visitor.password("lee")["Location"] == SECOND


@pytest.mark.django_db
def test_a_stranger_elsewhere_locks_nobody_out(lee):
    guess(Visitor("198.51.100.1"), "lee", 20)
    assert Visitor("203.0.113.7").sign_in("lee")["Location"] == "/physician/"


@pytest.mark.django_db
def test_strangers_everywhere_and_beside_her_do_not_keep_a_physician_out_of_her_own_browser(lee):
    with time_machine.travel("2026-11-03 09:00:00", tick=False) as clock:
        own = Visitor()
        own.sign_in("lee")
        own.post("/staff/sign-out/")
        clock.shift(60)
        for place in range(ANYWHERE // HERE + 1):
            guess(Visitor(f"198.51.100.{place}"), "lee")
        guess(Visitor(), "lee")
        assert Visitor("192.0.2.99").password("lee").status_code == 429
        assert own.sign_in("lee")["Location"] == "/physician/"
        # Nor is hers a browser in which to guess on for ever.
        own.post("/staff/sign-out/")
        assert guess(own, "lee", 6) == [422] * 5 + [429]


@pytest.mark.django_db
def test_a_browser_known_for_one_account_is_a_strangers_at_another(lee, new):
    own = Visitor()
    own.sign_in("new")
    own.post("/staff/sign-out/")
    forged = Visitor("192.0.2.5")
    forged.client.cookies["staff-browser"] = own.client.cookies["staff-browser"].value + "x"
    for visitor in (own, forged):
        assert guess(visitor, "lee", 6) == [422] * 5 + [429]
    assert guess(forged, "new", 6) == [422] * 5 + [429]
    assert own.password("new").status_code == 302


@pytest.mark.django_db
def test_one_address_cannot_try_one_password_at_everybody(visitor):
    assert [visitor.password(f"name-{number}", WRONG).status_code for number in range(31)] == [422] * 30 + [429]


@pytest.mark.django_db
def test_an_address_is_what_trusted_proxies_say(settings, lee):
    settings.TRUSTED_PROXIES = 1
    proxied = [Client(headers={"X-Forwarded-For": f"{forged}, 203.0.113.9"}) for forged in ("1.1.1.1", "2.2.2.2")]
    sent = {"login": "lee", "password": WRONG}
    assert [proxied[turn % 2].post(DOOR, sent).status_code for turn in range(6)] == [422] * 5 + [429]
    assert Client(headers={"X-Forwarded-For": "203.0.113.10"}).post(DOOR, sent).status_code == 422


@pytest.mark.django_db
def test_one_network_of_the_newer_addresses_is_one_place(lee):
    tries = [Visitor(f"2001:db8:1:2::{number}").password("lee", WRONG).status_code for number in range(6)]
    assert tries == [422] * 5 + [429]
    assert Visitor("2001:db8:1:3::1").password("lee", WRONG).status_code == 422


@pytest.mark.django_db
def test_wrong_codes_are_counted_too(visitor, lee):
    visitor.password("lee")
    wrong = next(code for code in ("000000", "111111", "222222", "333333") if code not in map(staff.code, (-1, 0, 1)))
    assert [visitor.code(wrong).status_code for _ in range(6)] == [422] * 5 + [429]
    assert visitor.code(staff.code()).status_code == 429
    assert not visitor.is_in
    # Whoever has found out her password and guesses at her codes elsewhere does not keep her out.
    assert Visitor("192.0.2.8").sign_in("lee")["Location"] == "/physician/"


@pytest.mark.django_db
def test_nor_out_of_her_own_browser_beside_her(lee):
    with time_machine.travel("2026-11-03 09:00:00", tick=False) as clock:
        own = Visitor()
        own.sign_in("lee")
        own.post("/staff/sign-out/")
        clock.shift(60)
        beside = Visitor()
        beside.password("lee")
        assert [beside.code("12").status_code for _ in range(6)] == [422] * 5 + [429]
        assert own.sign_in("lee")["Location"] == "/physician/"


@pytest.mark.django_db
def test_what_is_counted_names_neither_account_nor_address(visitor, lee):
    guess(visitor, "lee", 2)
    rows = [" ".join(row) for row in SignInCount.objects.values_list("cache_key", "value")]
    assert len(rows) == 3
    assert not [row for row in rows if "lee" in row or "203.0.113" in row]


@pytest.mark.django_db
def test_counts_that_are_over_are_erased_with_what_else_is_over(visitor, lee):
    with time_machine.travel("2026-11-03 09:00:00", tick=False) as clock:
        guess(visitor, "lee", 1)
        assert services_staff.forget_old_tries() == 0
        clock.shift(301)
        assert services_staff.forget_old_tries() == 3
    assert not SignInCount.objects.exists()


TRY = """
from django.test import Client
sent = {"login": "lee", "password": "not-the-password"}
print([Client().post("/staff/sign-in/", sent).status_code for _ in range(3)])
"""


@pytest.mark.pure
def test_two_processes_count_together(tmp_path):
    """Each has its own memory; what they share is the database."""
    environment = os.environ | ENVIRONMENT | {"DJANGO_SETTINGS_MODULE": "decisionaid.settings_test"}
    environment["DATABASE_URL"] = f"sqlite:///{tmp_path / 'db.sqlite3'}"

    def run(*arguments):
        command = [sys.executable, "manage.py", *arguments]
        return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, check=True, text=True).stdout

    run("migrate", "-v0")
    told = [run("shell", "-v0", "-c", TRY).strip() for _ in range(2)]
    assert told == ["[422, 422, 422]", "[422, 422, 429]"]
