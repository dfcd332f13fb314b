"""Save and come back by a code, and erase: for the person who holds the code, and for nobody else."""

from __future__ import annotations

import datetime as dt
import hashlib
import math
import re

import pytest
import time_machine
from cryptography.fernet import Fernet
from django.apps import apps
from django.core import signing
from django.core.management import call_command
from django.test import Client

from questionnaire.models import FinishedVersion, Response, ReturnTry
from questionnaire.patient import browser
from questionnaire.services import return_codes
from tests.web import Page, Walker

pytestmark = pytest.mark.django_db

WRONG = "AAAAA-AAAAA-AAAAA"
NOON = dt.datetime(2026, 11, 30, 12, 0, tzinfo=dt.UTC)


@pytest.fixture
def noon(db):
    """The clock stands still; move it by `noon.shift`."""
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


def code_for(walker):
    return walker.post("/save/").main.one("p", class_="code").text


def come_back(code, client=None, **headers):
    return Walker(client or Client()).post("/return/", {"code": code}, **headers)


def everything_stored():
    return " ".join(str(row) for model in apps.get_models() for row in model._default_manager.values())


# --- The code


def test_a_code_is_long_enough_to_guess_at_in_vain_and_easy_to_read_out(published, walker):
    assert math.log2(len(set(return_codes.ALPHABET)) ** return_codes.LENGTH) >= 60
    for alike in ("0OQ", "1IL", "2Z", "5S", "8B", "UV"):
        assert len(set(alike) & set(return_codes.ALPHABET)) <= 1, alike
    walker.answers("signs")
    codes = {code_for(walker) for _ in range(60)}
    assert len(codes) == 60
    for code in codes:
        groups = code.split("-")
        assert [len(group) for group in groups] == [5, 5, 5]
        assert set("".join(groups)) <= set(return_codes.ALPHABET)
    used = set("".join(codes)) - {"-"}
    assert math.log2(len(used) ** 15) >= 60


def test_a_code_is_made_only_when_asked_for_and_shown_once(published, walker):
    walker.answers("signs")
    page = walker.get("/save/")
    assert page.name == "saved"
    assert not page.main.all("p", class_="code")
    assert Response.objects.get().code_hash is None
    code = code_for(walker)
    for address in ("/save/", "/", "/q/problem/", "/return/"):
        assert code not in walker.get(address).html
    assert code not in str(walker.places)


def test_only_a_keyed_hash_of_the_code_is_stored(published, walker):
    walker.answers("signs")
    code = code_for(walker)
    bare = code.replace("-", "")
    assert re.fullmatch(r"[0-9a-f]{64}", str(Response.objects.get().code_hash))
    stored = everything_stored()
    for each in (code, bare, code.lower(), bare.lower()):
        assert each not in stored
        assert hashlib.sha256(each.encode()).hexdigest() not in stored


@pytest.mark.parametrize(
    "typed", [str, str.lower, lambda code: code.replace("-", ""), lambda code: f" {' '.join(code.lower())} \t"],
    ids=["as shown", "small letters", "no dashes", "read out letter by letter"],
)  # fmt: skip
def test_a_code_opens_the_answers_on_another_device_however_it_is_typed(typed, published, walker):
    walker.answers("signs", "problem")
    code = code_for(walker)
    other = Client()
    page = come_back(typed(code), other)
    assert page.question == "joint-site"
    assert Walker(other).get("/q/problem/").given == {"answer": ["joint"]}
    assert Walker(other).answers("joint-site").question == "age"
    assert Response.objects.get().answers["joint-site"] == "knee"
    assert other.cookies["response"]["httponly"]


def test_coming_back_after_the_end_leads_to_the_guidance(published, walker):
    walker.to_the_end()
    code = code_for(walker)
    assert come_back(code).name == "result"
    walker.answer("joint-site", "hip")
    assert come_back(code).name == "check"


def test_coming_back_with_urgent_guidance_unseen_leads_to_it(published, walker):
    walker.answer("signs", "breathing")
    assert come_back(code_for(walker)).name == "urgent"


def test_a_new_code_takes_the_place_of_the_old_one(published, walker):
    walker.answers("signs")
    old, new = code_for(walker), code_for(walker)
    assert come_back(old).status == 422
    assert come_back(new).question == "problem"


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("", "Enter your code"),
        ("   ", "Enter your code"),
        (WRONG, "No answers have this code"),
        ("-", "No answers have this code"),
        ("ünï \N{SNOWMAN}", "No answers have this code"),
        ("x' OR 1=1 --", "No answers have this code"),
        ("A" * 101, "at most 100"),
        ("A" * 10_000, "at most 100"),
        ("AAAA\x00", "Null characters"),
    ],
    ids=lambda value: repr(value)[:20],
)
def test_an_unknown_code_is_refused_with_what_was_typed(typed, told, published, walker):
    walker.answers("signs")
    page = come_back(typed)
    assert (page.status, page.name) == (422, "return")
    assert page.title.startswith("Error: ")
    assert told in page.alert.text
    assert page.alert.one("a")["href"] == f"#{page.main.one('input', name='code')['id']}"
    # A browser sends no NUL, and HTML can show none.
    if "\x00" not in typed:
        assert page.given == ({"code": [typed]} if typed else {})


def test_a_code_without_an_answer_behind_it_is_never_given(published, walker):
    assert walker.post("/save/").name == "start"
    assert not Response.objects.exists()


def test_an_expired_code_is_unknown(published, walker, settings, noon):
    walker.answers("signs")
    code = code_for(walker)
    noon.shift(dt.timedelta(days=settings.RETENTION_DAYS, seconds=-1))
    assert come_back(code).question == "problem"
    noon.shift(dt.timedelta(seconds=2))
    page = come_back(code)
    assert page.status == 422
    assert "No answers have this code" in page.alert.text


# --- Wrong tries


def wrong_tries(count, **headers):
    client = Client()
    return [client.post("/return/", {"code": WRONG}, **headers).status_code for _ in range(count)]


def test_wrong_codes_are_limited_by_address_and_the_page_says_how_long(published, walker, noon):
    walker.answers("signs")
    code = code_for(walker)
    most = return_codes.MOST_WRONG_TRIES
    assert wrong_tries(most) == [422] * most
    page = come_back(WRONG)
    assert (page.status, page.name) == (429, "return")
    assert "Try again in 10 minutes" in page.alert.text
    assert page.given == {"code": [WRONG]}
    # The right code is not looked at either: otherwise guessing would go on.
    assert come_back(code).status == 429
    assert come_back(code, REMOTE_ADDR="192.0.2.7").question == "problem"
    noon.shift(return_codes.WINDOW - dt.timedelta(seconds=30))
    assert "Try again in 1 minute." in come_back(code).alert.text
    noon.shift(dt.timedelta(seconds=30))
    assert come_back(code).question == "problem"


def test_a_shared_address_is_not_locked_for_long_and_right_codes_never_lock_it(published, walker, noon):
    assert return_codes.WINDOW.total_seconds() <= 15 * 60
    walker.answers("signs")
    code = code_for(walker)
    for _ in range(return_codes.MOST_WRONG_TRIES + 5):
        assert come_back(code).question == "problem"
    assert not ReturnTry.objects.exists()
    assert wrong_tries(return_codes.MOST_WRONG_TRIES - 1)[-1] == 422
    assert come_back(code).question == "problem"


def test_tries_are_counted_without_keeping_the_address_and_forgotten_afterwards(published, noon):
    wrong_tries(3, REMOTE_ADDR="192.0.2.77")
    tries = ReturnTry.objects.get()
    assert tries.count == 3
    assert "192.0.2" not in everything_stored()
    assert hashlib.sha256(b"192.0.2.77").hexdigest() not in everything_stored()
    noon.shift(dt.timedelta(hours=1))
    wrong_tries(1, REMOTE_ADDR="192.0.2.78")
    assert [each.count for each in ReturnTry.objects.all()] == [1]


def test_a_stranger_cannot_escape_the_limit_by_naming_another_address(published, noon, settings):
    settings.TRUSTED_PROXIES = 0
    client = Client()
    for number in range(return_codes.MOST_WRONG_TRIES):
        client.post("/return/", {"code": WRONG}, headers={"X-Forwarded-For": f"198.51.100.{number}"})
    reply = client.post("/return/", {"code": WRONG}, headers={"X-Forwarded-For": "198.51.100.200"})
    assert reply.status_code == 429


def test_behind_a_proxy_the_address_that_the_proxy_saw_counts(published, noon, settings):
    settings.TRUSTED_PROXIES = 1
    client = Client()
    for number in range(return_codes.MOST_WRONG_TRIES):
        # The first is what a stranger claims, the last is what the proxy saw.
        client.post("/return/", {"code": WRONG}, headers={"X-Forwarded-For": f"198.51.100.{number}, 203.0.113.5"})
    same = client.post("/return/", {"code": WRONG}, headers={"X-Forwarded-For": "10.0.0.1,203.0.113.5"})
    assert same.status_code == 429
    another = client.post("/return/", {"code": WRONG}, headers={"X-Forwarded-For": "203.0.113.5, 203.0.113.6"})
    assert another.status_code == 422
    without = client.post("/return/", {"code": WRONG})
    assert without.status_code == 422


def test_behind_two_proxies_the_address_that_the_outer_one_saw_counts(published, noon, settings):
    settings.TRUSTED_PROXIES = 2
    client = Client()
    for number in range(return_codes.MOST_WRONG_TRIES):
        client.post("/return/", {"code": WRONG}, headers={"X-Forwarded-For": f"9.9.9.{number}, 203.0.113.5, 10.0.0.1"})
    same = client.post("/return/", {"code": WRONG}, headers={"X-Forwarded-For": "203.0.113.5, 10.0.0.9"})
    assert same.status_code == 429


# --- Erasing


def test_erasing_is_asked_first_then_deletes_every_row_and_the_cookie_and_says_so(published, walker):
    walker.to_the_end()
    walker.answer("joint-site", "hip")
    walker.finish()
    code = code_for(walker)
    page = walker.get("/erase/")
    assert page.name == "erase"
    assert Response.objects.count() == 1
    reply = walker.client.post("/erase/")
    page = Page(reply)
    assert (page.status, page.name) == (200, "erased")
    assert page.main.one("h1").text == "Your answers are erased"
    assert reply.cookies["response"].value == ""
    assert reply.cookies["response"]["max-age"] == 0
    assert not Response.objects.exists()
    assert not FinishedVersion.objects.exists()
    assert come_back(code).status == 422
    assert walker.get("/result/").name == "start"


def test_erasing_leaves_other_peoples_answers(published, walker):
    other = Walker(Client())
    other.to_the_end()
    walker.to_the_end()
    walker.post("/erase/")
    assert other.get("/result/").name == "result"


def test_erasing_twice_or_with_nothing_to_erase_is_no_error(published, walker):
    assert walker.post("/erase/").name == "erased"
    walker.answers("signs")
    assert walker.post("/erase/").name == "erased"
    assert walker.post("/erase/").name == "erased"


def test_answers_that_have_expired_are_erased_too(published, walker, settings, noon):
    walker.to_the_end()
    noon.shift(dt.timedelta(days=settings.RETENTION_DAYS + 1))
    assert walker.post("/erase/").name == "erased"
    assert not Response.objects.exists()


def test_erased_in_one_tab_while_another_posts_is_told_with_a_way_on(published, walker):
    walker.to_the_end()
    tab = Client()
    tab.cookies["response"] = walker.client.cookies["response"].value
    walker.post("/erase/")
    page = Walker(tab).answer("age", "70")
    assert (page.status, page.name) == (410, "error")
    assert {"/return/", "/"} <= set(page.links)
    assert not Response.objects.exists()


@pytest.mark.parametrize(
    ("address", "sent", "status"),
    [
        ("/q/age/", {"answer": "70"}, 410),
        ("/check/", {}, 410),
        ("/save/", {}, 302),
        ("/urgent/", {}, 302),
        ("/erase/", {}, 200),
    ],
)
def test_erased_in_the_midst_of_another_request_stores_nothing(address, sent, status, published, walker, monkeypatch):
    if address == "/urgent/":
        walker.answer("signs", "fever")
    else:
        walker.to_the_end()
    found = browser.walk

    def erased_meanwhile(request):
        walk = found(request)
        Response.objects.all().delete()
        return walk

    monkeypatch.setattr("questionnaire.patient.browser.walk", erased_meanwhile)
    reply = walker.client.post(address, sent)
    assert reply.status_code == status
    assert reply.cookies["response"].value == ""
    assert not Response.objects.exists()
    assert not FinishedVersion.objects.exists()


# --- The end of keeping


def test_an_expired_response_is_gone_for_its_browser_and_each_change_puts_that_off(published, walker, settings, noon):
    walker.answers("signs")
    keep = dt.timedelta(days=settings.RETENTION_DAYS)
    noon.shift(keep - dt.timedelta(hours=1))
    walker.answers("problem")
    noon.shift(keep - dt.timedelta(hours=1))
    assert walker.get("/q/joint-site/").question == "joint-site"
    noon.shift(dt.timedelta(hours=2))
    assert walker.get("/q/joint-site/").question == "signs"
    assert walker.answers("signs").question == "problem"
    assert Response.objects.count() == 2


def test_purging_deletes_what_has_expired_and_nothing_else(published, walker, settings, noon, capsys):
    walker.to_the_end()
    noon.shift(dt.timedelta(days=settings.RETENTION_DAYS - 1))
    other = Walker(Client())
    other.to_the_end()
    call_command("purge_expired")
    assert capsys.readouterr().out == "Erased 0 expired responses.\n"
    noon.shift(dt.timedelta(days=1))
    call_command("purge_expired")
    assert capsys.readouterr().out == "Erased 1 expired responses.\n"
    assert Response.objects.count() == FinishedVersion.objects.count() == 1
    assert other.get("/result/").name == "result"


# --- The cookie and the keys


def test_a_forged_or_altered_cookie_is_no_response(published, walker):
    walker.answers("signs")
    real = walker.client.cookies["response"].value
    pk = Response.objects.get().pk
    signer = signing.Signer(salt="questionnaire.response")
    other_salt = signing.Signer(salt="another")
    forged = [
        "", "x", str(pk), pk.hex, f"{pk.hex}:", real[:-1], real[:-1] + ("A" if real[-1] != "A" else "B"),
        "0" * 32 + real[32:], real.upper(), other_salt.sign(pk.hex), signer.sign("not-an-id"), signer.sign(""),
        signer.sign("0" * 32), "\u00fc", "a:b:c", "x" * 5000,
    ]  # fmt: skip
    for value in forged:
        client = Client()
        client.cookies["response"] = value
        stranger = Walker(client)
        assert stranger.get("/q/problem/").question == "signs", value
        assert stranger.answer("problem", "skin").status == 410, value
        assert stranger.get("/result/").name == "start", value
    assert Response.objects.get().answers == {"signs": ["none"]}
    client = Client()
    client.cookies["response"] = real
    assert Walker(client).get("/q/problem/").question == "problem"


def test_after_a_new_key_old_codes_and_sealed_words_still_work(published, walker, settings):
    walker.to_the_end()
    code = code_for(walker)
    first_words = Response.objects.get().answers["words"]
    old = settings.FIELD_KEYS
    settings.FIELD_KEYS = [Fernet.generate_key().decode(), *old]
    other = Client()
    assert come_back(code, other).name == "result"
    person = Walker(other)
    assert "My own words." in person.get("/check/").text
    assert person.get("/q/words/").given == {"answer": ["My own words."]}
    assert "My own words." in person.get("/result/").text
    # What is stored from now on needs only the new key.
    person.answers("words")
    assert Response.objects.get().answers["words"] != first_words
    code = code_for(person)
    settings.FIELD_KEYS = settings.FIELD_KEYS[:1]
    FinishedVersion.objects.all().delete()
    page = come_back(code)
    assert page.name == "check"
    assert "My own words." in page.text


def test_a_code_of_another_instance_opens_nothing_here(published, walker, settings):
    walker.answers("signs")
    code = code_for(walker)
    settings.FIELD_KEYS = [Fernet.generate_key().decode()]
    assert come_back(code).status == 422
