"""A filtered inbox as one file: asked for, fetched once by whoever asked, watched, called off; all on record."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

import pytest
import time_machine
from django.template.loader import render_to_string
from django.test import Client
from django.utils import timezone

from questionnaire.models import AuditEvent, Export
from questionnaire.services import audit, exporting, responses, reviews, sharing
from tests import sharing as given
from tests import web
from tests.physician.exports import as_, asked, ended, fetched
from tests.sharing import caller
from tests.staff import both, physician, sign_in
from tests.web import Page, parsed

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("published")]


def with_one_more_question(document: Any) -> None:
    more = web.question("new-one", "one", web.choice("yes"), web.choice("no"))
    document["questions.yaml"][1]["questions"].append(more)


def test_from_the_inbox_to_the_file():
    dora = physician()
    client = as_(dora)
    for name in ("Ann", "Bea"):
        given.share(given.finished(words="-2"), name=name, question="=1+1")
    given.shared(name="Fever", signs=["fever"])
    form = parsed(render_to_string("physician/export_form.html", {"filters": "state=new", "csrf_token": "t"})).one(
        "form"
    )
    assert (form["action"], form.one("input", type="hidden", name="filters")["value"]) == (
        "/physician/export/",
        "state=new",
    )
    place = asked(client, "state=new")
    page = Page(client.get(place))
    assert "about 3 responses" in page.text
    assert f"{place}responses.csv" in page.links
    rows = fetched(client, place)
    assert [row["patient_name"] for row in rows] == ["Fever", "Ann", "Bea"], "in the order of the inbox"
    assert (rows[1]["patient_question"], rows[1]["words"]) == ("'=1+1", "'-2")
    page = Page(client.get(place))
    assert "Done: all 3 responses" in page.text
    assert not page.main.all("form")
    assert not [link for link in page.links if link.endswith(".csv")]
    assert ended() == ("done", 3, [("exported", None), ("export begun", None), ("export ended", "whole")])
    first = AuditEvent.objects.filter(kind="exported").get()
    assert (first.by, first.address) == (dora, "127.0.0.1")
    assert first.detail == {"format": "csv", "export": str(Export.objects.get().pk), "filters": "state=new"}
    assert audit.verify().problems == ()


@pytest.mark.parametrize(
    ("filters", "names"),
    [
        ("", ["Fever", "Skin", "Plain"]),
        ("state=open&flag=skin", ["Skin"]),
        ("problem=joint", ["Fever", "Plain"]),
        ("standing=number", ["Plain"]),
        ("mine=1", ["Skin"]),
        ("since=2026-05-02&until=2026-05-02", ["Skin"]),
        ("state=reviewed", []),
    ],
)
def test_the_file_holds_what_the_filters_leave(filters, names):
    dora = physician()
    for day, name, answers in (
        ("2026-05-01", "Fever", {"signs": ["fever"]}),
        ("2026-05-02", "Skin", {"problem": "skin"}),
        ("2026-05-03", "Plain", {"trial_number": "NCT01234567"}),
    ):
        with time_machine.travel(f"{day}T12:00:00Z", tick=False):
            review = given.shared(name=name, **answers)
            if name == "Skin":
                reviews.take(by=caller(dora), pk=review.pk, revision=review.revision)
    client = as_(dora)
    assert [row["patient_name"] for row in fetched(client, asked(client, filters))] == names


@pytest.mark.parametrize(
    "filters",
    ["state=nonsense", "name=Maria", "since=yesterday", "since=2026-02-30", "flag=" + "x" * 61, "x" * 401 + "=1"],
)
def test_filters_that_are_none_of_the_inboxs_are_refused(filters):
    client = as_(physician())
    reply = client.post("/physician/export/", {"filters": filters})
    assert reply.status_code == 422
    page = Page(reply)
    assert page.alert.text
    assert "/physician/" in page.links
    assert not Export.objects.exists()


def test_those_taken_back_are_in_no_file():
    for name in ("Ann", "Bea"):
        review = given.shared(name=name)
    sharing.withdraw(walk=responses.find(str(review.response_id)))
    client = as_(physician())
    place = asked(client, "state=all")
    assert "about 1 response." in Page(client.get(place)).text
    assert [row["patient_name"] for row in fetched(client, place)] == ["Ann"]
    assert fetched(client, asked(client, "state=withdrawn")) == []


def test_one_set_of_columns_over_all_editions():
    given.shared(name="Old")
    web.publish(web.small_aid(with_one_more_question))
    given.shared(name="New", new_one="yes")
    client = as_(physician())
    old, new = fetched(client, asked(client))
    assert (old["edition_number"], old["new-one"]) == ("1", "(not asked)")
    assert (new["edition_number"], new["new-one"]) == ("2", "yes")


def test_a_response_of_an_edition_that_came_meanwhile_is_left_out():
    dora = physician()
    given.shared(name="Old")
    export = exporting.begin(by=caller(dora), pk=exporting.ask(by=caller(dora), filters="").pk)
    numbers = exporting.editions_ever()
    batches = exporting.batches(by=caller(dora), export=export, editions=numbers)
    web.publish(web.small_aid(with_one_more_question))
    given.shared(name="New", new_one="yes")
    assert [item.who.name for batch in batches for item in batch] == ["Old"]


def test_it_can_be_fetched_once():
    client = as_(physician())
    given.shared()
    place = asked(client)
    assert len(fetched(client, place)) == 1
    reply = client.get(f"{place}responses.csv")
    assert reply.status_code == 410
    assert "once" in Page(reply).text
    assert client.head(f"{place}responses.csv").status_code == 405, "a look ahead does not use it up"


def test_an_export_that_was_asked_for_long_ago_is_refused():
    client = as_(physician())
    place = asked(client)
    Export.objects.update(created_at=timezone.now() - dt.timedelta(minutes=61))
    assert client.get(f"{place}responses.csv").status_code == 410
    page = Page(client.get(place))
    assert "cannot be made any more" in page.text
    assert f"{place}responses.csv" not in page.links


def test_only_whoever_asked_may_see_fetch_or_cancel_it():
    dora, emil = as_(physician()), as_(physician("emil"))
    given.shared()
    place = asked(dora)
    assert emil.get(place).status_code == 404
    assert emil.get(f"{place}responses.csv").status_code == 404
    assert emil.post(f"{place}cancel/").status_code == 404
    assert Export.objects.get().state == "ready"
    assert dora.get(f"/physician/export/{uuid.uuid4()}/").status_code == 404


def test_nobody_but_physicians_gets_anywhere(django_user_model):
    place = asked(as_(physician()))
    root = django_user_model.objects.create_superuser("root", password="x")
    addresses = (
        (place, "get"),
        (f"{place}responses.csv", "get"),
        (f"{place}cancel/", "post"),
        ("/physician/export/", "post"),
    )
    for user in (root, both()):
        for address, method in addresses:
            assert getattr(as_(user), method)(address).status_code == 403, address
    for address, method in addresses:
        # What was sent is held to be sent again; what was only opened leads to the door.
        assert getattr(Client(), method)(address).status_code == {"get": 302, "post": 403}[method], address
    assert AuditEvent.objects.filter(kind="refused").count() == 8
    assert Export.objects.count() == 1


def test_it_is_asked_for_by_a_form_of_ours_alone():
    strict = Client(enforce_csrf_checks=True)
    sign_in(strict, physician())
    assert strict.post("/physician/export/").status_code == 403
    assert as_(physician()).get("/physician/export/").status_code == 405
    assert not Export.objects.exists()
