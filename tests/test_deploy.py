"""Before an instance serves patients it says who runs it; until then every page says that it is a demonstration."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from django.contrib import admin
from django.contrib.auth.models import Permission, User
from django.core.checks import run_checks
from django.core.management import call_command
from django.db import DatabaseError, IntegrityError, transaction
from django.test import Client

from questionnaire import models
from questionnaire.models import FdaLetter, Practice
from tests import web
from tests.staff import sign_in
from tests.web import Walker

ROOT = Path(__file__).resolve().parent.parent

FILLED = {
    "name": "Hilltop Joint Clinic",
    "telephone": "+1 555 010 0200",
    "address": "1 Hill Road\nSpringfield",
    "emergency_line": "Call 555 010 0299 at night",
    "funding": "The clinic pays for this aid & nobody else.",
    "interests": "The clinic earns money from plasma.",
}
DEMO = "This is a demonstration copy."


@pytest.fixture
def production(tmp_path):
    """Run manage.py in production's environment on a scratch database."""
    environment = {
        "PATH": os.environ.get("PATH", os.defpath),
        "DJANGO_SETTINGS_MODULE": "decisionaid.settings",
        "SECRET_KEY": "not-one-that-is-used-anywhere-" + "0123456789abcdefghijklmnopqrstuvwxyz",
        "FIELD_KEYS": "dGVzdHMtdXNlLXRoaXMta2V5LWFuZC1ub3RoaW5nLWU=",
        "ALLOWED_HOSTS": "aid.example.org",
        "DATABASE_URL": f"sqlite:///{tmp_path / 'scratch.sqlite3'}",
    }

    def manage(*arguments: str) -> tuple[int, str]:
        done = subprocess.run(
            [sys.executable, ROOT / "manage.py", *arguments],
            cwd=tmp_path,
            env=environment,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        return done.returncode, done.stdout + done.stderr

    return manage


@pytest.mark.pure
def test_the_deployment_check_fails_until_the_practice_is_filled_in(production, tmp_path):
    check = ("check", "--deploy", "--fail-level", "WARNING")
    assert production("migrate", "--verbosity", "0") == (0, "")
    code, told = production(*check)
    assert code == 1
    assert "questionnaire.E001" in told
    assert "name, telephone, address, emergency line, funding, interests" in told
    assert "System check identified 1 issue" in told, "something else is wrong too"
    with sqlite3.connect(tmp_path / "scratch.sqlite3") as scratch:
        columns = ", ".join(FILLED)
        marks = ", ".join("?" * len(FILLED))
        scratch.execute(f"INSERT INTO questionnaire_practice (id, {columns}) VALUES (1, {marks})", [*FILLED.values()])
    scratch.close()
    code, told = production(*check)
    assert code == 0, told
    assert "no issues" in told


@pytest.mark.django_db
def test_the_deployment_check_says_what_to_do_about_a_database_without_tables(db, monkeypatch):
    def no_such_table():
        raise DatabaseError

    monkeypatch.setattr("questionnaire.services.practices.current", no_such_table)
    told = [each for each in run_checks(include_deployment_checks=True) if each.id == "questionnaire.E002"]
    assert len(told) == 1
    assert "manage.py migrate" in str(told[0].hint)


# --- What patients see of it


@pytest.fixture
def practice(db):
    return Practice.objects.create(**FILLED)


EVERYWHERE = [
    "/", "/q/signs/", "/check/", "/result/", "/save/", "/return/", "/erase/", "/about/", "/about/sources/",
    "/about/words/",
]  # fmt: skip


@pytest.mark.django_db
def test_while_the_practice_is_blank_every_page_says_that_it_is_a_demonstration(published, walker):
    walker.to_the_end()
    for address in EVERYWHERE:
        assert walker.get(address).root.one("aside", class_="demo").text == DEMO, address
    assert walker.answer("signs", "fever").root.one("aside", class_="demo").text == DEMO
    walker.post("/urgent/")
    assert walker.answer("age", "17").root.one("aside", class_="demo")
    assert DEMO in web.pdf_text(walker.client.get("/result.pdf"))
    assert walker.post("/erase/").root.one("aside", class_="demo")


@pytest.mark.django_db
@pytest.mark.parametrize("field", Practice.REQUIRED)
def test_a_single_blank_text_is_enough_for_a_demonstration(field, published, practice, walker):
    Practice.objects.update(**{field: "  \n"})
    assert walker.get("/").root.one("aside", class_="demo")
    assert walker.get("/q/signs/").root.one("aside", class_="demo")
    told = [each for each in run_checks(include_deployment_checks=True) if each.id == "questionnaire.E001"]
    assert [each.msg for each in told] == [f"The practice profile is not filled in: {field.replace('_', ' ')}."]


@pytest.mark.django_db
def test_a_filled_in_practice_is_shown_at_the_start_with_the_guidance_and_in_print(published, practice, walker):
    walker.to_the_end()
    for address in ("/", "/result/", "/about/"):
        page = walker.get(address)
        shown = page.main.one("section", class_="practice")
        for words in FILLED.values():
            assert " ".join(words.split("\n")[0].split()) in shown.text
    printed = web.pdf_text(walker.client.get("/result.pdf"))
    for words in FILLED.values():
        assert words.split("\n")[0] in printed
    for address in EVERYWHERE:
        assert not walker.get(address).root.all("aside", class_="demo"), address
    assert FILLED["emergency_line"] in walker.answer("signs", "fever").text


@pytest.mark.django_db
def test_a_practices_words_are_never_markup(published, practice, walker):
    Practice.objects.update(**dict.fromkeys(Practice.REQUIRED, "<script>alert(1)</script>"))
    for page in (walker.get("/"), walker.to_the_end(), walker.answer("signs", "fever")):
        assert "<script>alert(1)</script>" in page.text
        assert not page.root.all("script")


# --- Who may change it


def staff(*permissions, **more):
    user = User.objects.create_user("someone", password="a long password", is_staff=True, **more)
    user.user_permissions.set(Permission.objects.filter(codename__in=permissions))
    return sign_in(Client(), user)


CHANGE = "/admin/questionnaire/practice/1/change/"
ADD = "/admin/questionnaire/practice/add/"


@pytest.mark.django_db
def test_an_administrator_fills_in_the_practice_and_patients_see_it_at_once(published, walker):
    assert walker.get("/q/signs/").root.all("aside", class_="demo")
    administrator = staff("add_practice", "change_practice", "view_practice")
    assert administrator.get("/admin/questionnaire/practice/")["Location"] == ADD
    assert administrator.get(ADD).status_code == 200
    assert administrator.post(ADD, FILLED).status_code == 302
    assert Practice.objects.values(*FILLED).get() == FILLED | {"address": "1 Hill Road\nSpringfield"}
    assert not walker.get("/q/signs/").root.all("aside", class_="demo")
    assert administrator.get("/admin/questionnaire/practice/")["Location"] == CHANGE
    assert administrator.post(CHANGE, FILLED | {"name": "Valley Clinic"}).status_code == 302
    assert "Valley Clinic" in walker.get("/").text
    assert administrator.get(ADD).status_code == 403
    assert administrator.post("/admin/questionnaire/practice/1/delete/", {"post": "yes"}).status_code == 403
    assert Practice.objects.count() == 1


@pytest.mark.django_db
def test_a_practice_that_is_not_finished_can_be_saved_and_stays_a_demonstration(published, walker):
    assert staff("add_practice", "view_practice").post(ADD, {"name": "Hilltop"}).status_code == 302
    page = walker.get("/")
    assert page.root.one("aside", class_="demo")
    assert "Hilltop" in page.text


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["/admin/", "/admin/questionnaire/practice/", CHANGE, ADD])
def test_who_is_not_staff_is_sent_to_sign_in(address, practice):
    other = sign_in(Client(), User.objects.create_user("patient", password="a long password"))
    for each in (other, Client()):
        reply = each.get(address)
        assert reply.status_code == 302
        assert reply["Location"].startswith("/admin/login/")
    assert other.get("/admin/login/").status_code == 403
    assert Client().get("/admin/login/?next=/admin/x/")["Location"] == "/staff/sign-in/?next=/admin/x/"
    assert other.post(address, FILLED | {"name": "Stolen"})["Location"].startswith("/admin/login/")
    held = web.Page(Client().post(address, FILLED | {"name": "Stolen"}))
    assert held.status == 403
    assert "Stolen" in held.text
    assert Practice.objects.get().name == FILLED["name"]


@pytest.mark.django_db
def test_staff_without_the_right_cannot_change_the_practice(practice):
    client = staff("view_practice")
    assert client.get(CHANGE).status_code == 200
    assert client.post(CHANGE, FILLED | {"name": "Stolen"}).status_code == 403
    assert Practice.objects.get().name == FILLED["name"]


@pytest.mark.django_db
def test_there_is_one_practice(practice):
    with pytest.raises(IntegrityError), transaction.atomic():
        Practice.objects.create(id=2, **FILLED)


@pytest.mark.django_db
def test_nothing_of_a_patient_is_in_the_admin(published, walker):
    walker.to_the_end()
    ours = [model for model in admin.site._registry if model.__module__.startswith(models.__name__)]
    assert ours == [Practice, FdaLetter]
    administrator = staff(is_superuser=True)
    page = administrator.get("/admin/").content.decode()
    for word in ("Response", "Version", "Return", web.ANSWERS["words"]):
        assert word not in page
    for name in ("response", "finishedversion", "returntry", "edition"):
        assert administrator.get(f"/admin/questionnaire/{name}/").status_code == 404


@pytest.mark.django_db
def test_every_admin_page_may_load_only_our_own_files(practice):
    reply = staff(is_superuser=True).get(CHANGE)
    assert reply["Content-Security-Policy"].startswith("default-src 'self';")
    assert reply["Cache-Control"] == "no-store"


@pytest.mark.django_db
def test_the_databases_tables_are_what_the_models_say(db):
    call_command("makemigrations", "--check", "--dry-run", verbosity=0)


@pytest.mark.django_db
def test_a_walker_stops_at_any_failure(published, walker, monkeypatch):
    """The tests' own eyes: a page that breaks is not passed by."""
    monkeypatch.setattr("questionnaire.patient.pages.page", lambda *args, **kwargs: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        walker.get("/")
    quiet = Walker(Client(raise_request_exception=False))
    with pytest.raises(AssertionError, match="500"):
        quiet.get("/")
