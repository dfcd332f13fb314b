"""Signing in and out: password, second step, where one lands, and what stays shut."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import User
from django.test import Client

from questionnaire.signin import sessions
from tests import staff
from tests.signin.conftest import DOOR, SECOND, Visitor
from tests.web import Page

pytestmark = pytest.mark.django_db


def test_password_and_code_let_a_physician_in(visitor, lee):
    page = visitor.get(DOOR)
    assert (page.status, page.name) == (200, "sign-in")
    assert visitor.password("lee")["Location"] == SECOND
    assert not visitor.is_in
    assert Page(visitor.client.get(SECOND)).name == "sign-in"
    assert visitor.code(staff.code())["Location"] == "/physician/"
    assert visitor.is_in


@pytest.mark.parametrize(
    ("make", "landing"),
    [
        (staff.physician, "/physician/"),
        (staff.editor, "/admin/guidance/"),
        (staff.approver, "/admin/guidance/"),
        (staff.administrator, "/admin/"),
        (lambda name: staff.member(name, is_superuser=True), "/admin/"),
        (lambda name: staff.member(name, is_staff=False), "/staff/second-factor/"),
    ],
)
def test_everybody_lands_where_their_work_is(make, landing, visitor):
    staff.with_factor(staff.with_password(make("sam")))
    assert visitor.sign_in("sam")["Location"] == landing


def test_a_wrong_password_and_an_unknown_name_are_told_alike(visitor, lee):
    told = []
    for name in ("lee", "nobody"):
        page = Page(visitor.password(name, "not-the-password"))
        assert page.status == 422
        assert page.alert.one("a")["href"].removeprefix("#") in page.ids
        assert page.main.one("input", name="login")["value"] == name
        told.append(page.alert.text)
    assert told[0] == told[1]
    User.objects.filter(pk=lee.pk).update(is_active=False)
    assert Page(visitor.password("lee")).alert.text == told[0]


def test_a_wrong_code_is_refused(visitor, lee):
    visitor.password("lee")
    page = Page(visitor.code("000000" if staff.code() != "000000" else "000001"))
    assert page.status == 422
    assert "not right" in page.alert.text
    assert not visitor.is_in


def test_a_recovery_code_lets_in_once(visitor, lee):
    one = lee.authenticator_set.get(type="recovery_codes").wrap().get_unused_codes()[0]
    visitor.password("lee")
    assert visitor.code(one)["Location"] == "/physician/"
    page = visitor.get("/staff/second-factor/")
    assert "used up, and 9 are left." in page.text
    assert "second factor with you. 9 are left." in page.text
    assert "used up" not in visitor.get("/staff/second-factor/").text, "it is said once"
    again = Visitor()
    again.password("lee")
    assert again.code(one).status_code == 422


def test_whoever_has_few_recovery_codes_left_is_told_to_make_new_ones(visitor, lee):
    codes = lee.authenticator_set.get(type="recovery_codes").wrap().get_unused_codes()
    told = []
    for one in codes:
        other = Visitor()
        other.password("lee")
        other.code(one)
        told.append(other.get("/staff/second-factor/").text)
    assert ["Make new ones under" in page for page in told] == [False] * 6 + [True] * 4
    assert "none is left." in told[-1]
    assert "None is left: make new ones." in told[-1]


def test_an_app_says_nothing_of_recovery_codes(visitor, lee):
    visitor.sign_in("lee")
    assert "You signed in with a recovery code" not in visitor.get("/staff/second-factor/").text


def test_the_second_step_is_not_to_be_had_without_the_first(visitor, lee):
    assert visitor.client.get(SECOND)["Location"] == DOOR
    assert visitor.code(staff.code())["Location"] == DOOR
    assert not visitor.is_in


def test_signing_out_ends_the_session(visitor, lee):
    for way in ("/staff/sign-out/", "/admin/logout/"):
        staff.sign_in(visitor.client, lee)
        assert visitor.is_in
        old = visitor.client.session.session_key
        assert "Sign out" in visitor.get(way).text
        assert visitor.is_in
        assert visitor.post(way).name == "sign-in"
        assert not visitor.is_in
        assert not visitor.client.session.exists(old)


@pytest.mark.parametrize(
    "address",
    [
        "/staff/sign-up/",
        "/staff/signup/",
        "/staff/password/reset/",
        "/staff/email/",
        "/accounts/signup/",
        "/accounts/login/",
        "/staff/",
    ],
)
def test_nobody_signs_up_and_nothing_is_mailed(address, client, published):
    assert client.get(address).status_code == 404
    assert client.post(address, {"username": "x", "password1": "a-long-word-for-me"}).status_code == 404
    assert not User.objects.exists()


@pytest.mark.parametrize(
    "elsewhere",
    [
        "https://evil.example/",
        "//evil.example/",
        "http://localhost/admin/",
        "javascript:alert(1)",
        "/\\evil.example",
        "https:///evil.example",
        "\thttps://evil.example",
    ],
)
def test_next_leads_nowhere_else(elsewhere, visitor, lee):
    assert "evil" not in visitor.client.get(DOOR, {"next": elsewhere}).content.decode()
    visitor.password("lee", next=elsewhere)
    assert visitor.code(staff.code())["Location"] == "/physician/"
    assert visitor.client.get(DOOR, {"next": elsewhere})["Location"] == "/physician/"


def test_next_is_kept_from_the_administration_through_both_steps(visitor, max_):
    wanted = "/admin/auth/user/?q=lee"
    first = visitor.client.get(wanted)
    assert first["Location"].startswith("/admin/login/?next=")
    page = visitor.get(wanted)
    assert page.name == "sign-in"
    assert page.main.one("input", name="next")["value"] == wanted
    visitor.password("max", next=wanted)
    assert visitor.code(staff.code())["Location"] == wanted


def test_the_sessions_key_changes_at_each_step(visitor, lee):
    # A session that somebody else has laid into this browser.
    session = visitor.client.session
    session["laid"] = "by a stranger"
    session.save()
    keys = [session.session_key]
    visitor.password("lee")
    keys.append(visitor.client.cookies["sessionid"].value)
    visitor.code(staff.code())
    keys.append(visitor.client.cookies["sessionid"].value)
    assert len(set(keys)) == 3
    for old in keys[:2]:
        other = Client()
        other.cookies["sessionid"] = old
        assert other.get("/staff/password/")["Location"].startswith(DOOR)
        assert other.post(SECOND, {"code": staff.code(1)})["Location"] == DOOR


def test_the_cookie_goes_with_the_browser_and_is_out_of_scripts_reach(visitor, lee):
    visitor.sign_in("lee")
    cookie = visitor.client.cookies["sessionid"]
    assert (cookie["max-age"], cookie["expires"], cookie["samesite"]) == ("", "", "Lax")
    assert cookie["httponly"]


def test_a_session_that_did_not_come_through_the_door_is_none(client, lee):
    client.force_login(lee)
    assert client.get("/admin/")["Location"] == f"{DOOR}?next=/admin/"
    assert sessions.SINCE not in client.session


def test_the_log_names_nobody(visitor, lee, caplog):
    caplog.set_level("INFO")
    visitor.password("lee", "wrong-word")
    visitor.sign_in("lee")
    visitor.post("/staff/sign-out/")
    told = [record.getMessage() for record in caplog.records if record.name == "questionnaire.signin.noted"]
    assert told == [
        "A sign-in was refused: password.",
        "Somebody of the staff signed in.",
        "Somebody of the staff was signed out.",
    ]
    assert "lee" not in caplog.text
    assert "203.0.113.7" not in caplog.text


def test_every_page_of_the_door_may_load_only_our_own_files(visitor, lee):
    for address in (DOOR, "/staff/nowhere/", "/physician/nowhere/"):
        reply = visitor.client.get(address)
        assert reply["Content-Security-Policy"].startswith("default-src 'self';"), address
        assert reply["Cache-Control"] == "no-store"


def test_the_password_is_changed_by_whoever_knows_it(visitor, lee):
    staff.sign_in(visitor.client, lee)
    fields = {"oldpassword": "wrong", "password1": "another-long-word-9", "password2": "another-long-word-9"}
    refused = visitor.post("/staff/password/", **fields)
    assert refused.status == 422
    weak = visitor.post("/staff/password/", oldpassword=staff.PASSWORD, password1="password", password2="password")
    assert weak.status == 422
    assert "too common" in weak.alert.text
    other = staff.sign_in(Client(), lee)
    assert "is changed" in visitor.post("/staff/password/", **fields | {"oldpassword": staff.PASSWORD}).text
    assert visitor.is_in
    assert other.get("/staff/password/")["Location"].startswith(DOOR)
    lee.refresh_from_db()
    assert lee.check_password("another-long-word-9")
