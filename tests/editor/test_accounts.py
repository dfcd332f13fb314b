"""What an administrator reads on the form of an account, and what the access record tells of a change of it."""

from __future__ import annotations

from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.contrib.auth.models import Group, Permission, User
from django.test import Client

from questionnaire.models import AuditEvent
from questionnaire.services import staff as services_staff
from tests import staff
from tests.web import Page

pytestmark = pytest.mark.django_db

KINDS = ("account changed", "groups changed", "group changed", "permissions changed")


@pytest.fixture
def desk() -> Client:
    return staff.sign_in(Client(), staff.administrator())


def address(user: User) -> str:
    return f"/admin/auth/user/{user.pk}/change/"


def saved(desk: Client, user: User, *groups: str, **more: Any) -> Any:
    """The form of this account sent with these groups; what is not given stays as it is."""
    sent = {"username": user.username, "first_name": user.first_name, "is_active": "on", **more}
    sent |= {"is_staff": "on"} if user.is_staff and "is_staff" not in more else {}
    sent["groups"] = [Group.objects.get(name=name).pk for name in groups]
    reply = desk.post(address(user), sent, follow=True)
    assert reply.status_code == 200
    return Page(reply)


def told() -> list[tuple[str, dict[str, Any]]]:
    """Kind and detail of what the record holds of accounts and groups, in order."""
    return [(event.kind, event.detail) for event in AuditEvent.objects.filter(kind__in=KINDS).order_by("pk")]


def test_groups_given_and_taken_are_on_record_by_name_with_the_user_name(desk):
    ada = staff.editor()
    for name in (services_staff.PHYSICIANS, services_staff.APPROVERS):
        staff._group(name)
    saved(desk, ada, services_staff.PHYSICIANS, services_staff.APPROVERS)
    given = [services_staff.APPROVERS, services_staff.PHYSICIANS]
    detail = {"account": ada.pk, "user name": "ada", "added": given, "removed": [services_staff.EDITORS]}
    assert told() == [("groups changed", detail)]
    page = Page(desk.get("/admin/record/"))
    # In whichever order the database gives them back.
    for words in ("added: Clinical approvers, Physicians", "removed: Guidance editors", "user name: ada"):
        assert words in page.text


def test_a_form_saved_as_it_was_leaves_no_event(desk):
    saved(desk, staff.editor(), services_staff.EDITORS)
    assert told() == []


def test_a_right_that_is_switched_is_told_with_its_way(desk):
    ada = staff.editor()
    saved(desk, ada, services_staff.EDITORS, is_staff="", last_name="Miller")
    ((kind, detail),) = told()
    assert kind == "account changed"
    assert detail["what"] == "changed: Last name, May open the administration (“staff status”) off"
    assert "Miller" not in str(detail)


def test_an_administrator_who_makes_herself_a_physician_is_told_that_it_is_on_record(desk):
    max_ = User.objects.get(username="max")
    staff._group(services_staff.PHYSICIANS)
    warned = Page(desk.get(address(max_))).root.one("p", class_="own-account").text
    assert "you can read what patients shared" in warned
    page = saved(desk, max_, services_staff.ADMINISTRATORS, services_staff.PHYSICIANS)
    assert "You changed your own groups: added to Physicians. This is on record." in page.text
    assert told()[0][1]["added"] == ["Physicians"]
    # On another's account neither is said.
    other = staff.editor()
    assert not Page(desk.get(address(other))).root.all("p", class_="own-account")
    assert "You changed your own groups" not in saved(desk, other, services_staff.PHYSICIANS).text


def test_what_a_group_may_do_is_on_record_by_name():
    client = staff.sign_in(Client(), staff.member("root", is_superuser=True))
    group = staff._group(services_staff.ADMINISTRATORS)
    kept = set(group.permissions.values_list("pk", flat=True))
    more = Permission.objects.get(codename="delete_user")
    form = f"/admin/auth/group/{group.pk}/change/"
    client.post(form, {"name": group.name, "permissions": [*kept]})
    assert told() == []
    client.post(form, {"name": group.name, "permissions": [*kept, more.pk]})
    detail = {"group": group.name, "id": group.pk, "added": ["auth.delete_user"]}
    assert told() == [("permissions changed", detail)]


def test_the_form_says_what_its_switches_mean_and_no_hash(desk):
    page = Page(desk.get(address(staff.with_password(staff.editor()))))
    for words in ("May sign in", "Turn this off for somebody who has left", "Physicians do not need it"):
        assert words in page.text
    for raw in ("Designates", "pbkdf2", "scrypt", "argon2", "Raw passwords", "iterations"):
        assert raw not in page.text
    assert "A password is set. Nobody can see it." in page.text


def test_a_second_factor_is_offered_for_removal_only_where_there_is_one(desk):
    ada = staff.editor()
    words = "Remove the second factor of ada"
    assert words not in Page(desk.get(address(ada))).text
    staff.with_factor(ada)
    assert words in Page(desk.get(address(ada))).text
    Authenticator.objects.filter(user=ada).delete()
    assert words not in Page(desk.get(address(ada))).text
