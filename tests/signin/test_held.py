"""What was typed when the session ended comes back, and can be sent again to where it was going."""

from __future__ import annotations

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from django.test import Client

from questionnaire.domain.places import Place
from questionnaire.models import Edition
from questionnaire.services import opening
from tests import staff
from tests.drafting import entry_of
from tests.editor.conftest import fields_of
from tests.signin.conftest import DOOR
from tests.web import Page

pytestmark = pytest.mark.django_db

KNEE = Place("item", "knee-caution")
ENTRY = f"/admin/guidance/draft/{KNEE.room}/{KNEE.name}/"
WORDS = "\nMy <b>precious</b>\nwords & more."


@pytest.fixture
def draft(published: Edition) -> Edition:
    return opening.open_from(by=staff.editor(), edition=published)


def token(page: Page) -> str:
    return page.main.all("input", name="csrfmiddlewaretoken")[0]["value"]


def held_fields(page: Page) -> dict[str, list[str]]:
    form = page.main.one("form", method="post")
    kept: dict[str, list[str]] = {}
    for area in form.all("textarea"):
        kept.setdefault(area["name"], []).append(area.raw_text.removeprefix("\n"))
    return kept


def test_an_editors_entry_survives_the_end_of_the_session(draft):
    with time_machine.travel("2026-11-03 09:00:00", tick=False) as clock:
        client = Client(enforce_csrf_checks=True)
        editor = staff.with_password(staff.editor())
        staff.sign_in(client, editor)
        form = Page(client.get(ENTRY))
        fields = fields_of(form) | {"title-en": "My precious words.", "csrfmiddlewaretoken": token(form)}
        clock.shift(21 * 60)
        page = Page(client.post(ENTRY, fields))
        assert page.status == 403
        assert page.main.one("h1").text == "You were signed out"
        assert "My precious words." in held_fields(page)["title-en"]
        door = page.main.one("a", target="_blank")
        # In another tab.
        signing_in = Page(client.get(door["href"]))
        client.post(DOOR, {"login": "ada", "password": staff.PASSWORD, "csrfmiddlewaretoken": token(signing_in)})
        step = Page(client.get("/staff/sign-in/code/"))
        client.post("/staff/sign-in/code/", {"code": staff.code(), "csrfmiddlewaretoken": token(step)})
        # Back in the first; without scripts its token is the old one, so it is asked for once more.
        again = held_fields(page) | {"csrfmiddlewaretoken": token(page)}
        page = Page(client.post(page.main.one("form", method="post")["action"], again))
        assert page.status == 403
        done = client.post(ENTRY, held_fields(page) | {"csrfmiddlewaretoken": token(page)})
        assert done.status_code == 302
        assert entry_of(KNEE)["title"]["en"] == "My precious words."


@pytest.mark.parametrize("signed_in", [True, False])
def test_a_physicians_note_survives_it_too(physicians_page, lee, signed_in):
    client = Client()
    with time_machine.travel("2026-11-03 09:00:00", tick=False) as clock:
        if signed_in:
            staff.sign_in(client, lee)
        clock.shift(21 * 60)
        page = Page(
            client.post("/physician/?state=new", {"note": WORDS, "tick": ["a", "b"], "csrfmiddlewaretoken": "x"})
        )
        assert page.status == 403
        assert page.main.one("form", method="post")["action"] == "/physician/?state=new"
        assert held_fields(page) == {"note": [WORDS], "tick": ["a", "b"]}
        staff.sign_in(client, lee)
        assert "precious" in client.post("/physician/?state=new", held_fields(page)).content.decode()


@pytest.mark.parametrize(
    ("step", "label", "told"),
    [
        ("reply", "Reply to the patient", "This sends the reply"),
        ("note", "Private note", "the patient never does"),
        ("refer", "Referral", "Colleagues read it"),
    ],
)
def test_what_is_held_goes_by_its_own_name_and_says_what_sending_does(client, step, label, told):
    address = f"/physician/11111111-1111-4111-8111-111111111111/{step}/"
    page = Page(client.post(address, {"text": WORDS, "revision": "3", "from": "state=new", "then": "next"}))
    (shown,) = page.main.all("label")
    assert shown.text == label
    assert page.main.one("textarea", id=shown["for"])["name"] == "text"
    button = page.main.one("button")
    assert told in page.main.one("p", id=button["aria-describedby"]).text
    kept = {each["name"]: each["value"] for each in page.main.all("input", type="hidden")}
    assert kept["revision"] == "3"
    assert kept["then"] == "next"


def test_an_editors_fields_are_told_in_words(client):
    page = Page(client.post(ENTRY, {"title-en": "A title", "option.what-it-is-en": "Text", "_save": "Save"}))
    labels = [label.text for label in page.main.all("label")]
    assert labels == ["Title (English)", "Option what it is (English)"]


def test_a_token_gone_stale_holds_a_physicians_note_as_well(physicians_page, lee):
    client = staff.sign_in(Client(enforce_csrf_checks=True), lee)
    page = Page(client.post("/physician/", {"note": WORDS}))
    assert page.status == 403
    assert page.main.one("h1").text == "This page had been open too long"
    assert held_fields(page) == {"note": [WORDS]}


def test_who_lost_their_second_factor_meanwhile_loses_no_words(physicians_page, lee):
    client = staff.sign_in(Client(), lee)
    Authenticator.objects.all().delete()
    page = Page(client.post("/physician/", {"note": WORDS}))
    assert page.status == 403
    assert held_fields(page) == {"note": [WORDS]}


def test_passwords_are_never_shown(client):
    fields = {"username": "joan", "password1": "hunter-two", "usable_password": "true"}
    page = Page(client.post("/admin/auth/user/add/", fields))
    assert page.status == 403
    assert "joan" in page.text
    assert "hunter-two" not in page.html


def test_what_another_site_sends_is_not_shown_as_typed_here(client, lee):
    for who in (client, staff.sign_in(Client(enforce_csrf_checks=True), lee)):
        reply = who.post("/physician/", {"note": "Forged words."}, headers={"Sec-Fetch-Site": "cross-site"})
        assert "Forged" not in reply.content.decode()


def test_whoever_signed_in_in_another_tab_is_told_to_go_back(client, lee):
    assert client.get("/staff/back/")["Location"] == f"{DOOR}?next=/staff/back/"
    staff.sign_in(client, lee)
    assert "Go back to the tab" in Page(client.get("/staff/back/")).text
