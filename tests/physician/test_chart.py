"""A response taken into the chart: the note's page and file, and the PDF."""

from __future__ import annotations

import uuid

import pytest
from django.template.loader import render_to_string
from django.test import Client

from questionnaire.models import AuditEvent
from questionnaire.services import audit, responses, sharing
from tests import sharing as given
from tests.physician.exports import as_
from tests.staff import both, physician
from tests.web import Page, parsed, pdf_text

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("published")]

PLACES = ("chart-note/", "chart-note.txt", "chart.pdf")


def address(review, place):
    return f"/physician/{review.pk}/{place}"


def recorded(review):
    events = AuditEvent.objects.filter(subject=review.pk).order_by("number")
    return [(each.kind, each.detail) for each in events if each.kind != "shared"]


def test_the_page_holds_the_note_in_a_field_to_copy_from():
    review = given.share(given.finished(), question="Is it <b>safe</b>?", preferred=("plasma",))
    dora = physician()
    page = Page(as_(dora).get(address(review, "chart-note/")))
    field = page.main.one("textarea", id="note")
    assert "readonly" in field.attrs
    assert page.main.one("label", for_="note").text
    assert 'Asks: "Is it <b>safe</b>?"\n' in field.raw_text
    assert "Patient: Maria López, born May 6, 1961." in field.raw_text
    assert page.main.one("button").within("template"), "without a script there is no button that does nothing"
    assert address(review, "chart-note.txt") in page.links
    assert recorded(review) == [("viewed", {"page": "note"})]
    event = AuditEvent.objects.get(kind="viewed")
    assert (event.by, event.address) == (dora, "127.0.0.1")


def test_the_file_has_the_words_of_the_page():
    review = given.shared()
    client = as_(physician())
    shown = Page(client.get(address(review, "chart-note/"))).main.one("textarea").raw_text
    reply = client.get(address(review, "chart-note.txt"))
    assert reply["Content-Type"] == "text/plain; charset=utf-8"
    assert reply["Content-Disposition"] == 'attachment; filename="note.txt"'
    assert reply.content.decode() == shown.removeprefix("\n")
    assert recorded(review) == [("viewed", {"page": "note"})] * 2 + [("exported", {"format": "note"})]


def test_the_pdf_is_of_this_response_and_its_taking_is_on_record():
    review = given.share(given.finished(signs=["fever"]), question="Is it safe?")
    reply = as_(physician()).get(address(review, "chart.pdf"))
    assert reply["Content-Type"] == "application/pdf"
    text = pdf_text(reply)
    for words in (
        "Maria López, born May 6, 1961",
        "Is it safe?",
        "Title of urgent-fever.",
        "Edition 1",
        "edition 1 of",
    ):
        assert words.lower() in text.lower()
    assert recorded(review) == [("viewed", {"page": "chart"}), ("exported", {"format": "pdf"})]
    assert audit.verify().problems == ()


def test_without_its_record_the_pdf_is_not_given(monkeypatch):
    review = given.shared()

    def fail(**more):
        if more["kind"] == "exported":
            raise RuntimeError("the record fails")

    monkeypatch.setattr(audit, "record", fail)
    client = as_(physician())
    client.raise_request_exception = False
    assert client.get(address(review, "chart.pdf")).status_code == 500
    review.refresh_from_db()
    assert review.opened_at is None, "neither is the look"


def test_the_version_that_counts_is_the_newest():
    review = given.shared()
    given.confirmed(responses.find(str(review.response_id)), given.ANSWERS | {"problem": "skin"})
    text = Page(as_(physician()).get(address(review, "chart-note/"))).main.one("textarea").raw_text
    assert "Situation: The choice skin." in text
    assert "version 2 of the answers" in text


@pytest.mark.parametrize("place", PLACES)
def test_what_was_taken_back_can_no_longer_be_taken_out(place):
    review = given.share(given.finished(words="A secret of mine."), question="Another secret?")
    sharing.withdraw(walk=responses.find(str(review.response_id)))
    reply = as_(physician()).get(address(review, place))
    assert reply.status_code == 410
    assert "taken back" in Page(reply).text
    assert "secret" not in reply.content.decode()
    assert "López" not in reply.content.decode()


@pytest.mark.parametrize("place", PLACES)
def test_nobody_but_physicians_gets_it_and_the_attempt_is_on_record(place, django_user_model):
    review = given.shared()
    reply = Client().get(address(review, place))
    assert (reply.status_code, reply["Location"].split("?")[0]) == (302, "/staff/sign-in/")
    root = django_user_model.objects.create_superuser("root", password="x")
    gone = physician("gone")
    signed_in = as_(gone)
    gone.groups.clear()
    for client in (as_(both()), as_(root), signed_in):
        assert client.get(address(review, place)).status_code == 403
    assert [kind for kind, _ in recorded(review)] == ["refused"] * 3


@pytest.mark.parametrize("place", PLACES)
def test_a_guessed_id_leads_nowhere(place):
    assert as_(physician()).get(f"/physician/{uuid.uuid4()}/{place}").status_code == 404


@pytest.mark.parametrize("place", PLACES)
def test_a_look_is_no_write(place):
    review = given.shared()
    assert as_(physician()).post(address(review, place)).status_code == 405


def test_a_page_of_a_response_can_link_to_both():
    review = given.shared()
    client = as_(physician())
    links = [
        each["href"] for each in parsed(render_to_string("physician/chart_links.html", {"pk": review.pk})).all("a")
    ]
    fhir = f"/fhir/QuestionnaireResponse/{review.pk}"
    own = [address(review, "chart-note/"), address(review, "chart.pdf")]
    assert links == [*own, fhir, f"{fhir}/$with-questions"]
    assert all(client.get(link).status_code == 200 for link in links)
