"""Each group sees its own room alone; an administrator makes accounts and gives groups, and nobody more than that."""

from __future__ import annotations

from importlib import import_module

import pytest
from django.apps import apps
from django.contrib.auth.models import Group, User
from django.test import Client

from questionnaire.services import staff as services_staff
from tests import staff
from tests.web import Page

pytestmark = pytest.mark.django_db

ROOMS = ("/physician/", "/admin/guidance/", "/admin/auth/user/")
PEOPLE = {
    "physician": (staff.physician, {"/physician/"}),
    "physician with staff status": (lambda: staff.physician(is_staff=True), {"/physician/"}),
    "editor": (staff.editor, {"/admin/guidance/"}),
    "approver": (staff.approver, {"/admin/guidance/"}),
    "administrator": (staff.administrator, {"/admin/auth/user/"}),
    "superuser": (lambda: staff.member("root", is_superuser=True), {"/admin/guidance/", "/admin/auth/user/"}),
    "nobody": (lambda: staff.member("nobody"), set()),
}


@pytest.mark.parametrize("who", PEOPLE)
def test_everybody_enters_their_own_room_alone(who, physicians_page, published):
    make, entered = PEOPLE[who]
    client = staff.sign_in(Client(), make())
    came_in = {address for address in ROOMS if client.get(address).status_code == 200}
    assert came_in == entered


def test_a_superuser_reads_no_response(physicians_page):
    client = staff.sign_in(Client(), staff.member("root", is_superuser=True))
    for address in ("/physician/", "/fhir/QuestionnaireResponse/1"):
        assert client.get(address).status_code == 403


def test_the_group_is_asked_for_at_every_page(physicians_page):
    lee = staff.physician()
    client = staff.sign_in(Client(), lee)
    assert client.get("/physician/").status_code == 200
    lee.groups.clear()
    page = Page(client.get("/physician/"))
    assert page.status == 403
    assert "your account is not one of theirs" in page.text
    assert client.post("/physician/", {"note": "x"}).status_code == 403


def test_who_is_not_signed_in_is_led_to_the_door(physicians_page):
    assert Client().get("/physician/?state=new")["Location"] == "/staff/sign-in/?next=/physician/%3Fstate%3Dnew"


def test_a_physician_is_whoever_is_in_the_group_and_active():
    lee = staff.physician()
    assert services_staff.is_physician(lee)
    User.objects.filter(pk=lee.pk).update(is_active=False)
    assert not services_staff.is_physician(lee)
    assert not services_staff.is_physician(staff.member("root", is_superuser=True))


@pytest.mark.parametrize(
    ("make", "rooms"),
    [
        (staff.physician, ["Shared responses"]),
        (staff.editor, ["Guidance", "Administration"]),
        (staff.administrator, ["Administration", "Access record"]),
    ],
)
def test_the_head_of_each_page_leads_to_ones_own_rooms(make, rooms):
    page = Page(staff.sign_in(Client(), make("sam")).get("/staff/second-factor/"))
    head = page.root.one("nav", class_="who")
    assert [link.text for link in head.all("a")] == [*rooms, "Your sign-in"]
    assert "Sam" in page.root.one("form", class_="who").text


# --- Accounts


@pytest.fixture
def desk():
    return staff.sign_in(Client(), staff.administrator())


ADD = "/admin/auth/user/add/"
NEW = {"username": "joan", "usable_password": "true", "password1": "a-long-word-9", "password2": "a-long-word-9"}


def change(user):
    return f"/admin/auth/user/{user.pk}/change/"


def test_an_administrator_makes_an_account_and_gives_it_a_group(desk):
    assert desk.post(ADD, NEW).status_code == 302
    joan = User.objects.get(username="joan")
    assert (joan.is_staff, joan.is_superuser) == (False, False)
    group = Group.objects.get(name=services_staff.PHYSICIANS)
    assert desk.post(change(joan), {"username": "joan", "is_active": "on", "groups": [group.pk]}).status_code == 302
    assert services_staff.is_physician(joan)


def test_a_password_that_many_use_is_refused(desk):
    weak = {"password1": "password", "password2": "password"}
    assert b"too common" in desk.post(ADD, NEW | weak).content
    assert not User.objects.filter(username="joan").exists()


@pytest.mark.parametrize("own", [True, False])
def test_an_administrator_makes_nobody_a_superuser(desk, own):
    user = User.objects.get(username="max") if own else staff.editor()
    sent = {"username": user.username, "is_active": "on", "is_staff": "on", "is_superuser": "on"}
    assert desk.post(change(user), sent | {"user_permissions": ["1", "2"]}).status_code == 302
    user.refresh_from_db()
    assert not user.is_superuser
    assert not user.user_permissions.exists()
    desk.post(ADD, NEW | {"is_superuser": "on", "is_staff": "on"})
    assert not User.objects.filter(is_superuser=True).exists()


def test_an_administrator_touches_no_superusers_account(desk):
    root = staff.with_password(staff.member("root", is_superuser=True))
    assert desk.get(change(root)).status_code == 200
    sent = {"username": "root", "is_active": "", "groups": []}
    assert desk.post(change(root), sent).status_code == 403
    password = f"/admin/auth/user/{root.pk}/password/"
    new = {"usable_password": "true", "password1": "mine-now-9-9", "password2": "mine-now-9-9"}
    assert desk.get(password).status_code == 403
    assert desk.post(password, new).status_code == 403
    root.refresh_from_db()
    assert root.is_active
    assert root.check_password(staff.PASSWORD)
    # Of another it is their job.
    ada = staff.with_password(staff.editor())
    assert desk.post(f"/admin/auth/user/{ada.pk}/password/", new).status_code == 302
    ada.refresh_from_db()
    assert ada.check_password("mine-now-9-9")


def test_an_administrator_deletes_no_account_and_changes_no_group(desk):
    ada = staff.editor()
    assert desk.post(f"/admin/auth/user/{ada.pk}/delete/", {"post": "yes"}).status_code == 403
    desk.post("/admin/auth/user/", {"action": "delete_selected", "_selected_action": [ada.pk], "post": "yes"})
    assert User.objects.filter(pk=ada.pk).exists()
    group = Group.objects.get(name=services_staff.ADMINISTRATORS)
    before = set(group.permissions.values_list("pk", flat=True))
    assert desk.post(f"/admin/auth/group/{group.pk}/change/", {"name": "x", "permissions": ["1"]}).status_code == 403
    assert set(group.permissions.values_list("pk", flat=True)) == before


def test_what_is_changed_is_noted_without_what_stood_there(desk, caplog):
    caplog.set_level("INFO")
    desk.post(ADD, NEW)
    joan = User.objects.get(username="joan")
    desk.post(change(joan), {"username": "joan", "is_active": "on", "last_name": "Miller"})
    new = {"usable_password": "true", "password1": "mine-now-9-9", "password2": "mine-now-9-9"}
    desk.post(f"/admin/auth/user/{joan.pk}/password/", new)
    told = [record.getMessage() for record in caplog.records if record.name == "questionnaire.signin.noted"]
    assert told == [
        "An account was changed: made.",
        "An account was changed: changed: Last name.",
        "An account was changed: changed: password.",
    ]
    assert "Miller" not in caplog.text


def test_the_migration_makes_the_groups_and_takes_them_away():
    migration = import_module("questionnaire.migrations.0004_sign_in_counts")
    names = [services_staff.PHYSICIANS, services_staff.ADMINISTRATORS]
    migration.remove_groups(apps, None)
    assert not Group.objects.filter(name__in=names).exists()
    migration.make_groups(apps, None)
    import_module("questionnaire.migrations.0006_access_record").permit(apps, None)
    granted = Group.objects.get(name=services_staff.ADMINISTRATORS).permissions
    assert set(granted.values_list("codename", flat=True)) == set(staff._GRANTED[services_staff.ADMINISTRATORS])
    right = Group.objects.get(name=services_staff.PHYSICIANS).permissions.get()
    assert right.codename == "review_responses"
