"""Sharing with the practice: what is asked and told first, what is refused, and what happens when it is sent."""

from __future__ import annotations

import datetime as dt
import logging
from typing import Any

import pytest
import time_machine
from django.apps import apps
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from questionnaire.models import Practice, Response, Review
from questionnaire.patient import browser
from questionnaire.services import editions, responses, reviews, sharing
from tests import web
from tests.patient.sharing import PERSONAL, TYPED, answered, finished, opened, practice, share, sharer
from tests.web import Page, Walker, at_once, pdf_text, small_aid

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("published")]

NOON = dt.datetime(2026, 11, 30, 12, 0, tzinfo=dt.UTC)


def identity() -> Any:
    return reviews.identity(Review.objects.get())


# --- The way there


def test_the_guidance_page_offers_to_share_with_the_practice_by_name():
    practice(name="Lee & <b>Sons</b>")
    page = finished().get("/result/")
    assert page.main.one("h2", id="share").text == "Share with Lee & <b>Sons</b>"
    assert "/share/" in page.links
    assert "Note share-demo" not in page.text
    assert not page.main.all("section", class_="shared")


def test_a_demonstration_copy_says_so_and_still_lets_people_try():
    walker = finished()
    page = walker.get("/result/")
    assert page.main.one("h2", id="share").text == "Share with the practice"
    assert "Note share-demo." in page.text
    assert "Note share-demo." in walker.get("/share/").text
    assert share(walker).name == "shared"


def test_before_sharing_it_is_told_who_sees_what_how_long_and_how_to_take_it_back():
    def change(document):
        for slug in ("share-who", "share-how-long", "share-back"):
            document["aid.yaml"]["notes"][slug] = web.text(f"{slug} of {{practice}}: {{days}} days, {{other}}")

    web.publish(small_aid(change))
    practice(name="<i>{days}</i> & Co")
    page = finished().get("/share/")
    assert page.name == "share"
    for slug in ("share-who", "share-how-long", "share-back"):
        assert f"{slug} of <i>{{days}}</i> & Co: 365 days, {{other}}" in page.text
    assert page.html.index("share-back of") < page.html.index("<form")
    assert page.root.one("nav", class_="back").one("a")["href"] == "/result/"


def test_the_time_told_is_the_time_it_takes(settings):
    web.publish(small_aid(lambda d: d["aid.yaml"]["notes"].update({"share-how-long": web.text("{days} days")})))
    settings.SHARED_DAYS = 30
    assert "89 days" in finished().get("/share/").text
    settings.SHARED_DAYS = 400
    walker = finished()
    assert "400 days" in walker.get("/share/").text


def test_the_form_asks_little_and_tells_browsers_what_for():
    page = finished().get("/share/")
    assert {each["name"]: each.get("autocomplete") for each in page.main.all("input", type="text")} == {
        "name": "name",
        "born": "bday",
        "contact": None,
        "clinic": "off",
    }
    assert page.main.one("textarea")["name"] == "question"
    assert [each["value"] for each in page.main.all("input", type="checkbox")] == ["plasma"]
    assert page.main.one("fieldset").one("legend").text == "Which of these do you lean towards? (optional)"
    assert not page.main.having("required")
    assert page.given == {}


def test_alternatives_that_were_not_shown_are_not_offered():
    def change(document):
        plasma = next(each for each in document["guidance/all.yaml"] if each["slug"] == "plasma")
        plasma.update(web.when_("problem", is_="skin"))

    web.publish(small_aid(change))
    walker = finished()
    assert not walker.get("/share/").main.all("input", type="checkbox")
    # What was not asked for is not taken either.
    assert share(walker, preferred=["plasma"]).name == "shared"
    assert Review.objects.get().preferred == []


def test_without_rules_for_physicians_no_alternatives_are_offered():
    web.publish(small_aid(lambda document: document.pop("triage.yaml")))
    walker = finished()
    assert not walker.get("/share/").main.all("input", type="checkbox")
    assert share(walker).name == "shared"


def test_alternatives_that_are_no_longer_described_are_not_offered(monkeypatch, published):
    walker = finished()
    after = editions.aid_of(published.pk).next_review + dt.timedelta(days=1)
    monkeypatch.setattr("questionnaire.patient.pages.today", lambda: after)
    assert not walker.get("/share/").main.all("input", type="checkbox")


# --- What must come first


@pytest.mark.parametrize("address", ["/share/", "/shared/", "/withdraw/"])
def test_without_answers_there_is_nothing_to_share(address, walker):
    assert walker.get(address).name == "start"


def test_without_guidance_the_questions_go_on(walker):
    walker.answers("signs")
    assert walker.get("/share/").question == "problem"
    assert share(walker).question == "problem"
    assert not Review.objects.exists()


def test_changed_answers_are_confirmed_first():
    walker = finished()
    walker.answer("joint-site", "hip")
    assert walker.get("/share/").name == "check"
    page = share(walker)
    assert (page.status, page.name) == (409, "share")
    assert page.title.startswith("Error: ")
    assert "confirm them" in page.alert.text
    assert page.alert.all("a", href="/check/")
    assert page.given == {name: held if isinstance(held, list) else [held] for name, held in TYPED.items()}
    assert not Review.objects.exists()
    walker.finish()
    assert share(walker).name == "shared"


def test_urgent_guidance_comes_first():
    walker = finished()
    walker.answer("signs", "breathing")
    assert walker.get("/share/").name == "urgent"
    assert share(walker).name == "urgent"
    assert not Review.objects.exists()


def test_what_is_shared_leads_to_what_became_of_it():
    walker = sharer()
    assert walker.get("/share/").name == "shared"
    assert share(walker, name="Another").name == "shared"
    assert Review.objects.count() == 1
    assert identity().name == TYPED["name"]


def test_what_is_not_shared_leads_to_the_guidance():
    walker = finished()
    assert walker.get("/shared/").name == "result"
    assert walker.get("/withdraw/").name == "result"


@pytest.mark.parametrize("address", ["/share/", "/withdraw/"])
def test_erased_meanwhile_is_told_with_a_way_on(address):
    walker = finished()
    tab = Client()
    tab.cookies["response"] = walker.client.cookies["response"].value
    walker.post("/erase/")
    reply = tab.post(address, TYPED)
    page = Page(reply)
    assert (page.status, page.name) == (410, "error")
    assert {"/return/", "/"} <= set(page.links)
    assert reply.cookies["response"].value == ""


def test_erased_in_the_midst_of_sharing_shares_nothing(monkeypatch):
    walker = finished()
    monkeypatch.setattr("questionnaire.services.tries.refuse_if_over", lambda **_: Response.objects.all().delete())
    assert share(walker).status == 410
    assert not Review.objects.exists()


def test_erased_in_the_midst_of_taking_it_back_is_told(monkeypatch):
    walker = sharer()
    found = browser.walk

    def erased_meanwhile(request):
        walk = found(request)
        responses.erase(pk=Response.objects.get().pk)
        return walk

    monkeypatch.setattr("questionnaire.patient.browser.walk", erased_meanwhile)
    assert walker.post("/withdraw/").status == 410
    assert Review.objects.get().ending == "erased"


# --- What is refused

REFUSED: list[tuple[dict[str, Any], str, str]] = [
    ({"name": ""}, "name", "Enter your name"),
    ({"name": " -- "}, "name", "Enter your name"),
    ({"name": "M" * 201}, "name", "a name of 200 characters or fewer. You used 201."),
    ({"name": "M\x00"}, "name", "Null characters"),
    ({"born": ""}, "born", "month, day and year"),
    ({"born": "spring 1961"}, "born", "month, day and year"),
    ({"born": "13/05/1961"}, "born", "the month first"),
    ({"born": "5/6/61"}, "born", "4 digits"),
    ({"born": "5/6/2961"}, "born", "still to come"),
    ({"born": "5/6/1899"}, "born", "before 1900"),
    ({"contact": "  "}, "contact", "a phone number or an e-mail address"),
    ({"contact": "x"}, "contact", "The practice could not reach you by this."),
    ({"contact": "call me at 555-01"}, "contact", "The practice could not reach you by this."),
    ({"contact": "5" * 201}, "contact", "200 characters or fewer. You used 201."),
    ({"clinic": "c" * 201}, "clinic", "a name of 200 characters or fewer. You used 201."),
    ({"question": "q" * 1001}, "question", "1,000 characters or fewer. You used 1,001."),
    ({"preferred": ["plasma", "forged"]}, "preferred", "not on the list"),
]


@pytest.mark.parametrize(("changes", "field", "told"), REFUSED, ids=lambda value: repr(value)[:30])
def test_what_is_refused_is_named_linked_and_kept(changes, field, told):
    walker = finished()
    sent = TYPED | changes
    page = walker.post("/share/", sent)
    assert (page.status, page.name) == (422, "share")
    assert page.title.startswith("Error: ")
    assert page.html.index('role="alert"') < page.html.index("<h1>")
    link = page.alert.one("a")
    assert told in link.text
    target = page.main.one(id=link["href"].removeprefix("#"))
    assert target["name"] == field
    beside = page.main.one("div", class_="error")
    assert told in beside.text
    assert any(beside["id"] in each["aria-describedby"].split() for each in page.main.having("aria-describedby"))
    expected = {name: held if isinstance(held, list) else [held] for name, held in sent.items()}
    expected["preferred"] = ["plasma"]
    if "\x00" not in sent["name"]:
        assert page.given == {name: held for name, held in expected.items() if any(held)}
    assert not Review.objects.exists()


def test_every_fault_is_told_at_once():
    page = finished().post("/share/", {})
    assert [each["href"] for each in page.alert.all("a")] == ["#id_name", "#id_born", "#id_contact"]


def test_a_stale_page_comes_back_with_all_that_was_typed_and_then_works():
    strict = Walker(Client(enforce_csrf_checks=True))
    strict.client.cookies = finished().client.cookies
    page = strict.post("/share/", TYPED)
    assert (page.status, page.name) == (403, "share")
    assert "What you typed is still here" in page.alert.text
    assert {link["href"].removeprefix("#") for link in page.alert.all("a")} <= page.ids
    assert page.given["question"] == [TYPED["question"]]
    assert not Review.objects.exists()
    assert strict.post("/share/", page.sent()).name == "shared"
    assert strict.post("/withdraw/").status == 403
    assert Review.objects.get().state == "new"
    assert Walker(Client(enforce_csrf_checks=True)).post("/share/", TYPED).status == 403


def test_too_many_from_one_address_wait_and_lose_nothing(monkeypatch):
    monkeypatch.setattr(sharing, "MOST_SHARED", 2)
    with time_machine.travel(NOON, tick=False) as clock:
        sharer()
        sharer()
        walker = finished()
        page = share(walker)
        assert (page.status, page.name) == (429, "share")
        assert "Press Share my answers again in 10 minutes." in page.alert.text
        assert page.given["name"] == [TYPED["name"]]
        assert Review.objects.count() == 2
        elsewhere = walker.client.post("/share/", TYPED, REMOTE_ADDR="192.0.2.9")
        assert elsewhere.status_code == 200
        clock.shift(dt.timedelta(minutes=10))
        assert share(finished()).name == "shared"


# --- What is taken


def test_it_takes_effect_at_once_and_the_practice_has_what_was_given():
    walker = finished()
    page = share(walker)
    assert (page.status, page.name) == (200, "shared")
    assert page.main.one("h1").text == "Your answers are shared"
    review = Review.objects.get()
    who = reviews.identity(review)
    assert who is not None
    assert (who.name, who.born, who.contact) == ("Maria López", dt.date(1961, 5, 6), "(555) 010-0199")
    assert who.clinic == "Hilltop Joint Clinic"
    assert reviews.question(review) == "Is it too late\nfor my knee?"
    assert (review.preferred, review.state) == (["plasma"], "new")
    # Its two lines stand one under the other.
    told = {each.one("dt").text: each.one("dd").text for each in page.main.one("dl").all("div")}
    assert told == {
        "Name": "Maria López",
        "Date of birth": "May 6, 1961",
        "How to reach you": "(555) 010-0199",
        "The clinic": "Hilltop Joint Clinic",
        "Your question": "Is it too latefor my knee?",
        "What you lean towards": "Plasma",
    }


def test_question_clinic_and_leaning_may_be_left_out():
    page = share(finished(), question="  ", clinic=" ", preferred=[])
    assert page.name == "shared"
    assert reviews.question(Review.objects.get()) == ""
    assert "What you lean towards" not in page.text
    assert "The clinic" not in page.text
    assert identity().clinic == ""


def test_spaces_and_line_breaks_in_a_line_are_one_space():
    share(finished(), name=" Maria\n  López\t", contact=" maria@example.org ")
    assert (identity().name, identity().contact) == ("Maria López", "maria@example.org")


@given(
    day=st.dates(dt.date(1900, 1, 1), dt.date(2026, 1, 1)),
    way=st.sampled_from(["{0:%m/%d/%Y}", "{0:%B} {0.day}, {0.year}", "{0}"]),
)
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_date_of_birth_arrives_as_the_day_it_is(day, way):
    assert share(finished(), born=way.format(day)).name == "shared"
    who = reviews.identity(Review.objects.latest("shared_at"))
    assert who is not None
    assert who.born == day


def test_the_code_is_shown_once_and_opens_it_anywhere():
    walker = finished()
    code = share(walker).main.one("p", class_="code").text
    other = Walker(Client())
    page = other.post("/return/", {"code": code})
    assert page.name == "result"
    assert page.main.one("section", class_="shared")
    assert not walker.get("/shared/").main.all("p", class_="code")
    assert code not in str(walker.places)


def test_whoever_has_a_code_keeps_it_and_may_get_another():
    walker = finished()
    code = walker.post("/save/").main.one("p", class_="code").text
    page = share(walker)
    assert not page.main.all("p", class_="code")
    assert "it still works" in page.text
    assert "/save/" in page.links
    assert Walker(Client()).post("/return/", {"code": code}).name == "result"


# --- What stays out of sight


def test_nothing_typed_is_in_an_address_a_cookie_a_log_or_the_clear(caplog):
    caplog.set_level(logging.DEBUG)
    walker = finished()
    with CaptureQueriesContext(connection):
        share(walker, born="13/05/1961")
        page = share(walker)
    assert page.name == "shared"
    answered("Come in on Friday, Maria.")
    stored = " ".join(str(row) for model in apps.get_models() for row in model._default_manager.values())
    cookies = str(walker.client.cookies)
    quiet = [each.getMessage() for each in caplog.records if each.name != "django.db.backends"]
    for word in (*PERSONAL[:5], "Friday"):
        for held in (stored, cookies, str(walker.places), str(quiet)):
            assert word not in held, word


def test_the_pdf_and_the_guidance_page_hold_no_name_and_no_contact():
    walker = sharer()
    assert not any(word in walker.get("/result/").text for word in PERSONAL)
    assert not any(word in pdf_text(walker.client.get("/result.pdf")) for word in PERSONAL)


SCRIPT = "<script>alert(1)</script>{{ x }}\"'&lt;"


def test_script_in_any_field_is_text():
    notes = dict.fromkeys(("withdraw", "erase-shared", "shared-kept"), web.text("Of {practice}."))
    web.publish(small_aid(lambda document: document["aid.yaml"]["notes"].update(notes)))
    practice(name=SCRIPT)
    walker = finished()
    refused = share(walker, name=SCRIPT, question=SCRIPT, contact=SCRIPT, born=SCRIPT)
    assert refused.status == 422
    assert refused.given["name"] == refused.given["question"] == refused.given["born"] == [SCRIPT]
    page = share(walker, name=SCRIPT, question=SCRIPT, contact=f"me@example.org {SCRIPT}", clinic=SCRIPT)
    assert page.text.count(SCRIPT) >= 4
    opened()
    answered(SCRIPT)
    for address in ("/shared/", "/result/", "/withdraw/", "/erase/", "/save/"):
        shown = walker.get(address)
        assert not shown.root.all("script")
        assert SCRIPT in shown.text
    assert Practice.objects.get().name == SCRIPT


# --- Two tabs


@pytest.mark.django_db(transaction=True)
def test_two_tabs_that_share_at_once_make_one_review():
    walker = finished()
    cookie = walker.client.cookies["response"].value

    def tab() -> int:
        client = Client()
        client.cookies["response"] = cookie
        return client.post("/share/", TYPED).status_code

    assert sorted(at_once(tab, tab, tab)) in ([200, 302, 302], [200, 200, 302]), "one shares, the others are led on"
    assert Review.objects.count() == 1
