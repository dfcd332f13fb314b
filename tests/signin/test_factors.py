"""The second factor: nobody gets on without one, no code is taken twice, and a lost telephone is no end."""

from __future__ import annotations

import time

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from django.test import Client

from tests import staff
from tests.signin.conftest import DOOR, SECOND, Visitor, secret_on
from tests.web import Page

pytestmark = pytest.mark.django_db

MINE = "/staff/second-factor/"
APP = "/staff/second-factor/app/"
ROOMS = ["/admin/", "/admin/guidance/", "/physician/", "/fhir/QuestionnaireResponse/1"]


def code_of(secret: str, steps: int = 0) -> str:
    shown: str = totp.format_hotp_value(totp.hotp_value(secret, int(time.time()) // 30 + steps))
    return shown


@pytest.mark.parametrize("address", ROOMS)
def test_without_one_every_room_leads_to_setting_it_up(address, physicians_page, visitor):
    user = staff.with_password(staff.physician("lee", is_staff=True, is_superuser=True))
    visitor.password("lee")
    # As a browser asks; a program is told by a status.
    page = {"Accept": "text/html,*/*;q=0.8"}
    assert visitor.client.get(f"{address}?x=1", headers=page)["Location"] == f"{MINE}?next={address}%3Fx%3D1"
    assert "no second factor yet" in visitor.get(address, headers=page).text
    staff.sign_in(visitor.client, user)
    assert visitor.client.get(address).status_code == 200 or address == "/admin/guidance/"


@pytest.mark.parametrize("address", ROOMS)
def test_an_instance_may_do_without(address, physicians_page, visitor, settings, published):
    settings.REQUIRE_MFA = False
    staff.with_password(staff.physician("lee", is_staff=True, is_superuser=True))
    visitor.password("lee")
    assert visitor.client.get(address).status_code == 200


@pytest.mark.parametrize("required", [True, False])
@pytest.mark.parametrize("address", [*ROOMS, "/staff/password/", MINE])
def test_a_session_that_did_not_pass_the_enrolled_one_is_ended(address, required, physicians_page, visitor, settings):
    settings.REQUIRE_MFA = required
    user = staff.with_password(staff.physician("lee", is_staff=True))
    visitor.password("lee")
    staff.with_factor(user)  # In another browser.
    assert visitor.client.get(address)["Location"].startswith(DOOR)
    assert not visitor.is_in


def test_an_app_is_set_up_and_leads_on_to_where_one_was_going(visitor, new, published):
    visitor.password("new", next="/admin/guidance/checks/")
    wanted = "/admin/guidance/safety/"
    assert "no second factor yet" in visitor.get(wanted).text
    before = visitor.client.session.session_key
    page = visitor.get(APP)
    assert page.main.one("img")["src"].startswith("data:image/svg+xml;base64,")
    secret = secret_on(page)
    refused = visitor.post(APP, code="000")
    assert refused.status == 422
    assert secret_on(refused) == secret
    codes = visitor.post(APP, code=code_of(secret))
    assert "recovery codes" in codes.title.lower()
    assert len(codes.main.all("code")) == 10
    assert visitor.client.session.session_key != before
    assert wanted in [link["href"] for link in codes.main.all("a") if "Go on" in link.text]
    assert visitor.get(wanted).status == 200


def test_secrets_lie_sealed(visitor, new):
    visitor.password("new")
    secret = secret_on(visitor.get(APP))
    visitor.post(APP, code=code_of(secret))
    stored = " ".join(str(data) for data in Authenticator.objects.values_list("data", flat=True))
    assert secret not in stored
    assert all(data.get("secret", data.get("seed", "")).startswith("gAAAA") for data in _data())


def _data():
    return Authenticator.objects.values_list("data", flat=True)


def test_the_code_that_set_up_the_app_does_not_sign_in(visitor, new):
    with time_machine.travel("2026-11-03 09:00:10", tick=False) as clock:
        visitor.password("new")
        secret = secret_on(visitor.get(APP))
        visitor.post(APP, code=code_of(secret))
        other = Visitor()
        other.password("new")
        assert other.code(code_of(secret)).status_code == 422
        clock.shift(30)
        assert other.code(code_of(secret)).status_code == 302


@pytest.mark.parametrize("later", [0, 29, 31, 59])
def test_a_code_opens_once(later, lee):
    """The library alone would take it again after 30 seconds, since a clock that is late is allowed for."""
    with time_machine.travel("2026-11-03 09:00:00", tick=False) as clock:
        used = staff.code(1)
        first, second = Visitor(), Visitor("192.0.2.3")
        first.password("lee")
        assert first.code(used).status_code == 302
        clock.shift(later)
        second.password("lee")
        assert second.code(f"{used[:3]} {used[3:]}").status_code == 422
        assert not second.is_in


def test_nor_does_an_older_code_after_a_newer_one(lee):
    first, second = Visitor(), Visitor()
    first.password("lee")
    assert first.code(staff.code()).status_code == 302
    second.password("lee")
    assert second.code(staff.code(-1)).status_code == 422


@pytest.mark.parametrize(("steps", "status"), [(-2, 422), (-1, 302), (0, 302), (1, 302), (2, 422)])
def test_a_clock_may_be_half_a_minute_off_and_no_more(steps, status, visitor, lee):
    with time_machine.travel("2026-11-03 09:00:15", tick=False):
        visitor.password("lee")
        assert visitor.code(staff.code(steps)).status_code == status


def test_removing_the_app_leads_to_setting_up_another(visitor, lee):
    staff.sign_in(visitor.client, lee)
    assert "Remove the app" in visitor.get(f"{APP}remove/").text
    visitor.post(f"{APP}remove/")
    assert not Authenticator.objects.exists()
    assert visitor.client.get("/physician/")["Location"].startswith(MINE)


def test_long_after_sign_in_the_password_is_asked_for_again(lee):
    with time_machine.travel("2026-11-03 09:00:00", tick=False) as clock:
        visitor = Visitor()
        visitor.sign_in("lee")
        assert visitor.get(f"{APP}remove/").name == "staff"
        clock.shift(301)
        page = visitor.get(f"{APP}remove/")
        assert page.name == "sign-in"
        assert Authenticator.objects.count() == 2
        again = "/staff/password/again/"
        assert visitor.post(again, password="wrong", next=f"{APP}remove/").status == 422
        assert "Remove the app" in visitor.post(again, password=staff.PASSWORD, next=f"{APP}remove/").text


def test_new_recovery_codes_take_the_place_of_the_old(visitor, lee):
    old = lee.authenticator_set.get(type="recovery_codes").wrap().get_unused_codes()
    visitor.password("lee")
    visitor.code(old[0])
    assert "9 that are left" in visitor.get("/staff/second-factor/codes/new/").text
    page = visitor.post("/staff/second-factor/codes/new/")
    fresh = [each.text for each in page.main.all("code")]
    assert len(fresh) == 10
    assert not set(fresh) & set(old)
    text = visitor.client.get("/staff/second-factor/codes/download/").content.decode()
    assert all(each in text for each in fresh)


# --- An administrator takes it away


def address(user):
    return f"/admin/auth/user/{user.pk}/second-factor/"


def test_an_administrator_removes_it_for_whoever_lost_their_telephone(max_, lee):
    own, theirs = Visitor("192.0.2.1"), Visitor()
    theirs.sign_in("lee")
    own.sign_in("max")
    page = own.client.get(f"/admin/auth/user/{lee.pk}/change/").content.decode()
    assert f'href="{address(lee)}">Remove the second factor of lee</a>' in page
    assert "be sure that it is they who asked" in own.client.get(address(lee)).content.decode()
    assert Authenticator.objects.filter(user=lee).exists()
    assert own.client.post(address(lee))["Location"] == f"/admin/auth/user/{lee.pk}/change/"
    assert not Authenticator.objects.filter(user=lee).exists()
    # Who sits at the session that the lost telephone opened is out at once.
    assert theirs.client.get("/physician/")["Location"].startswith(DOOR)


def test_nobody_removes_their_own_that_way_nor_a_superusers(max_, visitor):
    root = staff.member("root", is_superuser=True)
    staff.with_factor(root)
    visitor.sign_in("max")
    assert visitor.client.post(address(root)).status_code == 403
    visitor.client.post(address(max_))
    assert Authenticator.objects.filter(user__in=(root, max_)).count() == 4


@pytest.mark.parametrize("make", [staff.physician, staff.editor])
def test_others_remove_none(make, lee):
    client = staff.sign_in(Client(), make("sam", is_staff=True))
    assert client.post(address(lee)).status_code == 403
    assert Authenticator.objects.filter(user=lee).exists()


def test_secrets_are_in_no_list_of_the_administration():
    client = staff.sign_in(Client(), staff.member("root", is_superuser=True))
    for listed in ("mfa/authenticator", "account/emailaddress"):
        assert client.get(f"/admin/{listed}/").status_code == 404
    assert SECOND not in Page(client.get("/staff/second-factor/")).links
