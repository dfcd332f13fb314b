"""The inbox through its pages: order, words, filters, search, who may see it, and what goes on record."""

from __future__ import annotations

import datetime as dt
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from questionnaire.models import AuditEvent, AuditMention, Presence, Review
from questionnaire.physician.summary import age
from questionnaire.services import audit, inbox_walks, responses, return_codes, reviews, sharing
from tests import sharing as given
from tests import web
from tests.sharing import caller
from tests.staff import editor, physician, sign_in
from tests.web import Page, Walker, small_aid, text

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("published")]
INBOX = "/physician/"
STATEMENTS = 16
"""Of a page: two for who is signed in, one for their second factor, two for their role, three for the rooms they may
enter, one each for the reviews' places, the reviews, readers, the live edition and the counts, three for the record:
the event before, the event, whom it names. One more on PostgreSQL, which locks the record's chain."""


@pytest.fixture
def dora(client):
    user = physician()
    sign_in(client, user)
    return user


@pytest.fixture
def desk(client, dora):
    return Walker(client)


def rows(page: Page) -> list[Any]:
    tables = page.main.all("table")
    return tables[0].one("tbody").all("tr") if tables else []


def names(page: Page) -> list[str]:
    return [row.one("a").text for row in rows(page)]


def cell(row: Any, name: str) -> Any:
    return next(each for each in row.walk() if name in (each.get("class") or "").split())


def search(desk: Walker, words: str, query: str = "") -> Page:
    return desk.post(INBOX + query, {"words": words})


def many(count: int, name: str = "Patient", **answers: Any) -> None:
    """As many patients, each at a computer of their own."""
    for number in range(count):
        given.share(given.finished(**answers), name=f"{name} {number:02}", address=f"192.0.2.{number}")


def four() -> list[Review]:
    breath: dict[str, Any] = {"signs": ["breathing", "fever"], "problem": "skin", "trial_number": "NCT05060107"}
    return [
        given.shared(name="Plain"),
        given.shared(name="Skin", problem="skin"),
        given.shared(name="Fever", signs=["fever"]),
        given.shared(name="Breath", **breath),
    ]


def test_rows_stand_in_order_with_the_words_of_their_edition(desk):
    four()
    page = desk.get(INBOX)
    assert page.name == "inbox"
    assert names(page) == ["Breath", "Fever", "Skin", "Plain"]
    first, _, _, last = rows(page)
    assert [each.text for each in cell(first, "flags").all("li")] == ["Urgent", "Red flag", "Skin"]
    assert [each.get("class") for each in cell(first, "flags").all("li")] == ["is-urgent", "quiet", "quiet"]
    assert cell(first, "what").text == "The choice skin Offered: The choice breathing; The choice fever"
    assert cell(first, "standing").text == "A number"
    assert cell(first, "patient").text == f"Breath {age(dt.date(1961, 5, 6), timezone.now().date())}, born May 6, 1961"
    assert cell(first, "state").text == "New"
    moment = Review.objects.get(pk=first.one("a")["href"].split("/")[2]).shared_at
    assert cell(first, "when-shared").text == f"now {moment:%b} {moment.day}, {moment:%Y}"
    assert dt.datetime.fromisoformat(first.one("time")["datetime"]) == moment
    assert (cell(last, "flags").text, cell(last, "standing").text) == ("No flag", "No number")


def test_each_row_is_one_link_to_its_response(desk):
    review = given.shared()
    (row,) = rows(desk.get(INBOX))
    assert row.one("a")["href"] == f"/physician/{review.pk}/"
    (row,) = rows(desk.get(f"{INBOX}?state=all&flag=&problem=joint"))
    assert row.one("a")["href"] == f"/physician/{review.pk}/?from=state%3Dall%26problem%3Djoint"


def test_words_are_those_of_the_edition_that_was_answered(desk):
    given.shared(name="Old", problem="skin")

    def renamed(document):
        web.questions_of(document)["problem"]["choices"][1] = web.choice("rash", "Rash")
        document["triage.yaml"]["flags"][2] |= {
            "slug": "rash",
            "text": text("Rash!"),
            **web.when_("problem", is_="rash"),
        }
        document["triage.yaml"]["standings"][0]["text"] = text("Other words")
        item = next(each for each in document["guidance/all.yaml"] if each["slug"] == "skin-caution")
        item["when"] = web.when("problem", is_="rash")

    web.publish(small_aid(renamed))
    given.shared(name="New", problem="rash")
    page = desk.get(f"{INBOX}?flag=skin")
    (row,) = rows(page)
    assert (cell(row, "flags").text, cell(row, "standing").text) == ("Skin", "No number")
    assert page.root.one("select", name="flag").one("option", selected="").text == "Skin (earlier editions)"
    (row,) = rows(desk.get(f"{INBOX}?problem=rash"))
    assert (cell(row, "flags").text, cell(row, "standing").text) == ("Rash!", "Other words")
    offered = [each["value"] for each in desk.get(INBOX).root.one("select", name="flag").all("option")]
    assert offered == ["", "urgent", "red-flag", "rash", "contraindicated"]
    assert names(desk.get(f"{INBOX}?problem=skin")) == ["Old"]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("?flag=red-flag", ["Breath", "Fever"]),
        ("?problem=skin", ["Breath", "Skin"]),
        ("?standing=number", ["Breath"]),
        ("?flag=red-flag&problem=joint", ["Fever"]),
        ("?state=taken", ["Fever"]),
        ("?mine=1", ["Fever"]),
        ("?mine=1&state=all", ["Fever", "Plain"]),
        ("?state=reviewed", ["Plain"]),
        ("?state=new&problem=skin&standing=no-number", ["Skin"]),
        ("?since=2999-01-01", []),
        ("?until=12/31/9999", ["Breath", "Fever", "Skin"]),
        ("?since=0001-01-01&until=May 6, 2000", []),
    ],
)
def test_filters_narrow_the_list_and_are_shown_as_set(desk, dora, query, expected):
    four()
    held = {reviews.identity(each).name: each for each in Review.objects.all()}  # type: ignore[union-attr]
    reviews.take(by=caller(dora), pk=held["Fever"].pk, revision=held["Fever"].revision)
    reviews.mark_reviewed(by=caller(dora), pk=held["Plain"].pk, revision=held["Plain"].revision)
    page = desk.get(INBOX + query)
    assert names(page) == expected
    assert not page.root.all(id="notes")
    form = page.root.one("form", method="get")
    for name, (value,) in parse_qs(query[1:]).items():
        fields = [each for each in form.walk() if each.get("name") == name]
        if name == "mine":
            assert "checked" in fields[0].attrs
        elif fields[0].tag == "select":
            assert fields[0].one("option", selected="")["value"] == value
        else:
            assert fields[0]["value"] == value


def test_counts_stand_beside_each_state(desk, dora):
    four()
    review = Review.objects.order_by("queue")[0]
    reviews.take(by=caller(dora), pk=review.pk, revision=review.revision)
    sharing.withdraw(walk=responses.find(str(Review.objects.order_by("queue")[1].response_id)))
    nav = desk.get(INBOX).root.one("nav", aria_label="States")
    told = {each.text.rsplit(" ", 1)[0]: int(each.text.rsplit(" ", 1)[1]) for each in nav.all("a")}
    assert told == {"Open": 3, "New": 2, "Taken": 1, "Waiting": 0, "Reviewed": 0, "Withdrawn": 1, "All": 4}
    assert nav.one(aria_current="page").text == "Open 3"


@pytest.mark.parametrize(
    ("query", "told"),
    [
        ("?flag=nonsense", "Flag: this is not known"),
        ("?problem=%00", "Problem: this is not known"),
        ("?standing=" + "x" * 5000, "stands: this is not known"),
        ("?state=elsewhere", "The state in this address is not known"),
        ("?since=yesterday", "Shared from: this is no date"),
        ("?until=2026-02-30", "Shared until: this is no date"),
        ("?since=2999-03-02&until=2999-03-01", "The first day comes after the last"),
        ("?after=nonsense", "names no place"),
        ("?before=99999999999999999999.0", "names no place"),
        ("?search=nonsense", "The search in this address is not kept here"),
    ],
)
def test_what_makes_no_sense_is_told_of_and_left_out(desk, query, told):
    given.shared(name="Ann Bell")
    page = desk.get(INBOX + query)
    assert page.status == 200
    assert names(page) == ["Ann Bell"]
    assert told in page.root.one(id="notes").text
    name, value = query[1:].split("=", 1)
    if name in ("since", "until") and "&" not in value:
        assert page.root.one("input", name=name)["value"] == value
        assert "open" in page.root.one("details", class_="filters").attrs
        link = page.root.one(id="notes").one("a")
        assert page.root.one("input", id=link["href"].removeprefix("#"))["name"] == name
    desk.get(f"{INBOX}?problem=joint&{query[1:]}")
    assert all(value not in link for link in page.links)


def test_a_filter_left_out_is_an_error_of_the_page_and_its_list_is_not_offered_for_export(desk):
    given.shared(name="Ann Bell")
    export = {"action": "/physician/export/"}
    wrong, right = desk.get(f"{INBOX}?since=13/45/2026"), desk.get(f"{INBOX}?since=2020-01-02")
    assert wrong.root.one("title").text.startswith("Error: ")
    assert wrong.root.one(id="notes")["role"] == "alert"
    assert not wrong.root.all("form", **export)
    assert right.root.one("title").text.startswith("Inbox")
    assert right.root.all("form", **export)


def test_a_withdrawn_response_names_no_physician_as_the_one_it_is_with(desk, dora):
    review = given.shared(name="Ann Bell")
    reviews.take(by=caller(dora), pk=review.pk, revision=review.revision)
    assert "by Dora" in cell(rows(desk.get(INBOX))[0], "state").text
    sharing.withdraw(walk=responses.find(str(review.response_id)))
    (row,) = rows(desk.get(f"{INBOX}?state=withdrawn"))
    assert cell(row, "state").text == "Withdrawn"


def test_a_withdrawn_response_is_listed_without_content(desk):
    review = given.shared(name="Ann Bell", problem="skin")
    sharing.withdraw(walk=responses.find(str(review.response_id)))
    assert names(desk.get(INBOX)) == []
    page = desk.get(f"{INBOX}?state=withdrawn")
    (row,) = rows(page)
    today = timezone.now()
    assert row.one("a").text == f"Withdrawn by the patient on {today:%b} {today.day}, {today:%Y}"
    assert row.one("a")["href"].startswith(f"/physician/{review.pk}/")
    assert cell(row, "flags").text == ""
    assert "skin" not in row.text.lower()
    assert "Bell" not in page.html


def test_colleagues_see_who_took_what_and_who_is_reading(desk, dora):
    lee = physician("lee", first_name="Dr", last_name="Lee")
    for name in ("Taken", "Read", "Left"):
        given.shared(name=name)
    held = {reviews.identity(each).name: each for each in Review.objects.all()}  # type: ignore[union-attr]
    reviews.take(by=caller(lee), pk=held["Taken"].pk, revision=1)
    reviews.look(by=caller(lee), pk=held["Read"].pk)
    reviews.look(by=caller(dora), pk=held["Read"].pk)
    reviews.look(by=caller(lee), pk=held["Left"].pk)
    Presence.objects.filter(review=held["Left"]).update(seen_at=timezone.now() - reviews.PRESENT)
    states = {row.one("a").text: cell(row, "state").text for row in rows(desk.get(INBOX))}
    assert states == {"Taken": "Taken by Dr Lee", "Read": "NewDr Lee is reading", "Left": "New"}


# --- Search ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "words",
    [
        "lopez",
        "LÓPEZ maría",
        "Maria Jose Lopez",
        "ortiz, José",
        "05/06/1961",
        "5/6/1961",
        "1961-05-06",
        "1961/5/6",
        "5-6-1961",
        "May 6, 1961",
        "6 may 1961",
        "lopez 05/06/1961",
        "1961-05-06 María",
        "lo\x00pez".replace("o\x00p", "op") + "\x00",
    ],
)
def test_a_patient_is_found_by_name_and_date_of_birth_however_spelled(desk, words):
    given.shared(name="María José López-Ortiz")
    given.share(given.finished(), name="Ann Bell", born=dt.date(1990, 6, 5))
    page = search(desk, words)
    assert names(page) == ["María José López-Ortiz"], words
    assert page.root.one(id="words")["value"].replace(" ", "") == words.replace("\x00", "").replace(" ", "")


@pytest.mark.parametrize("words", ["lopes", "Ann Lopez", "lopez 05/07/1961", "06/05/1961", "lop"])
def test_who_does_not_fit_is_not_found(desk, words):
    given.shared(name="María José López-Ortiz")
    page = search(desk, words)
    assert names(page) == []
    assert "Nobody found" in page.text


def test_a_day_that_can_only_come_first_does(desk):
    given.share(given.finished(), name="Ann Bell", born=dt.date(1961, 12, 25))
    given.shared(name="Carl")
    assert names(search(desk, "25/12/1961")) == ["Ann Bell"]


def test_a_return_code_finds_its_response_and_another_finds_nobody(desk):
    walk = given.finished()
    code = return_codes.give(walk=walk)
    given.share(responses.find(walk.response.pk), name="Ann Bell")
    given.shared(name="Carl")
    for typed in (code, code.lower(), code.replace("-", " "), code.replace("-", "")):
        assert names(search(desk, typed)) == ["Ann Bell"]
    assert names(search(desk, "AAAAA-CCCCC-33333")) == []
    assert AuditEvent.objects.filter(kind="searched").last().detail["by"] == "code"  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("", "Write a name"),
        ("  !? ", "Write a name"),
        ("x" * 10_000, "too long"),
        ("\x00", "Write a name"),
        ("02/30/1961", "no such day"),
        ("Ann 13/13/1961", "no such day"),
    ],
)
def test_a_search_that_cannot_be_made_is_refused_in_place_with_what_was_typed(desk, words, told):
    given.shared(name="Ann Bell")
    page = search(desk, words, "?problem=joint")
    assert page.status == 422
    assert told in page.alert.text
    assert page.alert.one("a")["href"] == "#words"
    assert page.root.one(id="words")["value"].strip() == words.replace("\x00", " ").strip()
    assert names(page) == ["Ann Bell"]


def test_a_search_looks_in_every_state_and_goes_on_with_the_filters(desk, dora):
    four()
    given.shared(name="Skin Two", problem="skin")
    done = next(each for each in Review.objects.all() if reviews.identity(each).name == "Skin")  # type: ignore[union-attr]
    reviews.mark_reviewed(by=caller(dora), pk=done.pk, revision=done.revision)
    page = search(desk, "skin")
    assert names(page) == ["Skin Two", "Skin"]
    open_ones = next(
        each for each in page.root.one("nav", aria_label="States").all("a") if each.text.startswith("Open")
    )
    page = desk.get(open_ones["href"])
    assert names(page) == ["Skin Two"]
    assert page.root.one(id="words")["value"] == "skin"
    assert names(search(desk, "skin", "?flag=urgent")) == []
    assert names(search(desk, "breath", "?flag=urgent")) == ["Breath"]


def test_nothing_personal_stands_in_an_address_the_record_or_the_session(desk, dora, settings):
    many(30, "Zebulon Quuxberg", problem="skin")
    page = search(desk, "zebulon 1961-05-06")
    seen = [*desk.places, *page.links]
    for _ in range(3):
        page = desk.get(
            next(each["href"] for each in page.root.all("a") if each.text in ("Next page", "Previous page"))
        )
        seen += [*desk.places, *page.links, *[each.get("action") or "" for each in page.root.all("form")]]
    seen += [str(each.detail) for each in AuditEvent.objects.all()]
    seen += [str(dict(desk.client.session.items()))]
    # The whole date in each form it could take: a part of it ("1961") may stand in a random id by chance.
    for word in ("zebulon", "quuxberg", "1961-05-06", "19610506", "1961%2d05", "5/6/1961", "05/06/1961", "05%2f06"):
        assert not [each for each in seen if word in each.lower()], word


def test_a_search_of_another_session_or_an_old_one_says_so(desk, client, dora):
    given.shared(name="Ann Bell")
    search(desk, "nobody")
    place = desk.place
    assert names(desk.get(place)) == []
    other = Walker()
    sign_in(other.client, physician("emil"))
    page = other.get(place)
    assert "is not kept here" in page.root.one(id="notes").text
    assert "nobody" not in page.html
    for _ in range(10):
        search(desk, "ann")
    assert "is not kept here" in desk.get(place).root.one(id="notes").text
    assert len(client.session["searches"]) == 10


def test_a_name_is_shown_as_text_whatever_it_is(desk):
    nasty = '<script>alert(1)</script> "O\'Neill" {{ x }}'
    given.shared(name=nasty)
    page = search(desk, "alert")
    assert names(page) == [nasty]
    page = search(desk, "<b>script</b> \"'")
    assert not [*page.main.all("script"), *page.main.all("b")]
    assert page.root.one(id="words")["value"] == "<b>script</b> \"'"


# --- Pages -----------------------------------------------------------------------------------------------------------


def test_pages_go_later_and_back_and_keep_what_narrows_them(desk):
    many(60)
    everyone = [f"Patient {number:02}" for number in range(60)]
    page = desk.get(f"{INBOX}?problem=joint")
    found = names(page)
    while later := page.root.all("a", rel="next"):
        assert "problem=joint" in later[0]["href"]
        page = desk.get(later[0]["href"])
        found += names(page)
    assert found == everyone
    found = names(page)
    while earlier := page.root.all("a", rel="prev"):
        page = desk.get(earlier[0]["href"])
        found = names(page) + found
    assert found == everyone


def test_a_search_that_was_broken_off_says_so_and_goes_on(desk, monkeypatch):
    monkeypatch.setattr(inbox_walks, "WINDOWS", (2, 2))
    for _ in range(6):
        given.shared(name="Ann Bell")
    given.shared(name="Ann Lopez", problem="not-sure")
    page = search(desk, "Ann", "?problem=not-sure&standing=no-number")
    assert names(page) == []
    assert "Looked through part of the list." in page.text
    assert not page.root.all("a", rel="next")
    page = desk.get(next(each["href"] for each in page.root.all("a") if each.text == "Go on"))
    assert names(page) == ["Ann Lopez"]


def test_a_page_takes_the_same_statements_however_many_there_are(desk):
    counted = []
    for more in (3, 57):
        many(more, signs=["fever", "breathing"])
        desk.get(INBOX)
        with CaptureQueriesContext(
            connection,
        ) as caught:
            desk.get(INBOX)
        told = [each["sql"] for each in caught if not each["sql"].startswith(("SAVEPOINT", "RELEASE"))]
        counted.append(len([sql for sql in told if "advisory" not in sql]))
    assert counted == [STATEMENTS, STATEMENTS]


@pytest.mark.parametrize(
    ("query", "told"),
    [("", "Nobody has shared a response yet"), ("?flag=urgent", "Nobody has shared a response yet")],
)
def test_an_empty_inbox_says_what_will_come(desk, query, told):
    page = desk.get(INBOX + query)
    assert told in page.text
    assert not page.main.all("table")


def test_where_nothing_is_left_it_says_so(desk, dora):
    review = given.shared()
    assert "None in this state" in desk.get(f"{INBOX}?state=waiting").text
    assert "No response fits" in desk.get(f"{INBOX}?flag=urgent").text
    reviews.mark_reviewed(by=caller(dora), pk=review.pk, revision=review.revision)
    assert "Nothing is open" in desk.get(INBOX).text


# --- Who, and what goes on record -------------------------------------------------------------------------------------


def test_every_page_with_patients_is_on_record_without_them(desk, dora, client):
    _, skin, fever, breath = four()
    seen = AuditEvent.objects.count()
    desk.get(f"{INBOX}?flag=red-flag&since=2020-01-02&mine=&state=all")
    search(desk, "breath")
    listed, searched = AuditEvent.objects.order_by("id")[seen:]
    assert (listed.kind, listed.by, listed.address) == ("listed", dora, "127.0.0.1")
    shown = [str(breath.pk), str(fever.pk)]
    assert listed.detail == {"state": "all", "flag": "red-flag", "since": "2020-01-02", "rows": 2, "reviews": shown}
    assert searched.kind == "searched"
    assert searched.detail == {"state": "all", "by": "name", "found": 1, "reviews": [str(breath.pk)]}
    assert not AuditMention.objects.filter(subject=skin.pk).exists()
    assert audit.verify().problems == ()


def test_nobody_is_shown_if_the_record_fails(desk, monkeypatch):
    given.shared(name="Ann Bell")

    def fail(**more):
        raise RuntimeError

    monkeypatch.setattr("questionnaire.services.audit.record", fail)
    with pytest.raises(RuntimeError):
        desk.get(INBOX)


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("who", ["editor", "superuser", "nobody"])
def test_others_are_refused_and_that_is_on_record(client, django_user_model, method, who):
    given.shared(name="Ann Bell")
    user = {
        "editor": editor,
        "superuser": lambda: django_user_model.objects.create_superuser("root", password="x"),
        "nobody": lambda: django_user_model.objects.create_user("nora", password="x"),
    }[who]()
    sign_in(client, user)
    reply = getattr(client, method)(INBOX, {"words": "Ann"} if method == "post" else {})
    assert reply.status_code == 403
    assert "Bell" not in reply.content.decode()
    event = AuditEvent.objects.get(by=user)
    assert (event.kind, event.detail) == ("refused", {"page": "physician:inbox"})


def test_a_role_taken_away_in_the_middle_shows_nothing(desk, dora, monkeypatch):
    given.shared(name="Ann Bell")
    dora.groups.clear()
    monkeypatch.setattr(
        "questionnaire.services.staff.is_physician", lambda user: user.groups.count() == 0 and not user.pk
    )
    assert desk.get(INBOX).status == 403


def test_whoever_is_not_signed_in_is_sent_to_sign_in(client):
    given.shared(name="Ann Bell")
    reply = client.get(f"{INBOX}?flag=urgent")
    assert reply.status_code == 302
    assert urlsplit(reply["Location"]).path != INBOX
    # What was typed is held, to be sent again after signing in.
    assert client.post(INBOX, {"words": "Ann"}).status_code == 403


def test_a_search_needs_the_page_it_was_typed_in(dora):
    from django.test import Client

    strict = Client(enforce_csrf_checks=True)
    sign_in(strict, dora)
    assert strict.post(INBOX, {"words": "Ann"}).status_code == 403
