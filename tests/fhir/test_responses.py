"""Shared responses as FHIR: for physicians alone, on record, without a name, and never what was taken back."""

from __future__ import annotations

import json
import time
import uuid

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client

from questionnaire.models import AuditEvent
from questionnaire.services import responses, sharing
from questionnaire.signin import sessions
from tests import sharing as given
from tests import staff
from tests.web import Page

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("published")]


@pytest.fixture
def dora(client: Client) -> Client:
    return staff.sign_in(client, staff.physician())


def at(pk: object, more: str = "") -> str:
    return f"/fhir/QuestionnaireResponse/{pk}{more}"


def test_a_physician_takes_the_answers_out_and_that_is_on_record(dora: Client):
    review = given.shared()
    reply = dora.get(at(review.pk))
    assert reply.status_code == 200
    assert reply["Content-Type"].startswith("application/fhir+json")
    assert 'filename="QuestionnaireResponse.json"' in reply["Content-Disposition"]
    held = json.loads(reply.content)
    assert (held["id"], held["status"]) == (str(review.pk), "completed")
    assert held["questionnaire"].endswith("/Questionnaire/exosomes|1")
    assert "subject" not in held
    assert "My own words." in reply.content.decode()
    assert "López" not in reply.content.decode()
    kinds = list(AuditEvent.objects.filter(subject=review.pk).order_by("number").values_list("kind", "detail"))
    assert kinds[-2:] == [("viewed", {"page": "chart"}), ("exported", {"format": "fhir"})]


def test_answers_that_were_changed_are_amended(dora: Client):
    review = given.shared()
    given.confirmed(responses.find(str(review.response_id)), given.ANSWERS | {"problem": "skin"})
    assert json.loads(dora.get(at(review.pk)).content)["status"] == "amended"


def test_questions_and_answers_come_in_one_file(dora: Client):
    review = given.shared()
    held = json.loads(dora.get(at(review.pk, "/$with-questions")).content)
    assert (held["resourceType"], held["type"]) == ("Bundle", "collection")
    assert [each["resource"]["resourceType"] for each in held["entry"]] == ["Questionnaire", "QuestionnaireResponse"]


def test_what_was_taken_back_is_gone_and_a_guessed_id_is_on_record(dora: Client):
    review = given.shared()
    sharing.withdraw(walk=responses.find(str(review.response_id)))
    reply = dora.get(at(review.pk))
    assert reply.status_code == 410
    assert json.loads(reply.content)["resourceType"] == "OperationOutcome"
    guessed = uuid.uuid4()
    assert dora.get(at(guessed)).status_code == 404
    assert AuditEvent.objects.filter(kind="refused", subject=guessed).exists()


def test_nobody_else_gets_it(django_user_model):
    review = given.shared()
    for user in (staff.editor(), staff.administrator(), django_user_model.objects.create_superuser("root")):
        for more in ("", "/$with-questions"):
            reply = staff.sign_in(Client(), user).get(at(review.pk, more))
            assert reply.status_code == 403, user
            assert b"knee" not in reply.content
            outcome = json.loads(reply.content)
            assert reply["Content-Type"].startswith("application/fhir+json")
            assert (outcome["resourceType"], outcome["issue"][0]["code"]) == ("OperationOutcome", "forbidden")
    assert AuditEvent.objects.filter(kind="refused", subject=review.pk).count() == 6


@pytest.mark.parametrize("accept", ["", "*/*", "application/fhir+json", "application/json;q=0.9, text/html;q=0.5"])
def test_a_program_that_is_not_signed_in_is_told_so_in_its_format(accept):
    reply = Client().get(at(given.shared().pk), headers={"Accept": accept} if accept else {})
    assert reply.status_code == 401
    outcome = json.loads(reply.content)
    assert (outcome["resourceType"], outcome["issue"][0]["code"]) == ("OperationOutcome", "login")
    assert "/staff/sign-in/" in reply["WWW-Authenticate"]


def test_a_program_whose_sign_in_has_ended_or_lacks_the_second_factor_is_told_so_too(dora: Client):
    review = given.shared()
    Authenticator.objects.all().delete()
    assert dora.get(at(review.pk)).status_code == 401
    client = Client()
    client.force_login(staff.physician("new"))
    session = client.session
    session[sessions.SINCE] = session[sessions.ACTIVE] = time.time()
    session.save()
    assert client.get(at(review.pk)).status_code == 401
    assert client.get("/staff/second-factor/").status_code == 200


def test_a_browser_on_its_way_from_a_page_is_led_to_the_sign_in_and_shown_pages():
    review, page = given.shared(), {"Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}
    reply = Client().get(at(review.pk), headers=page)
    assert reply["Location"] == f"/staff/sign-in/?next={at(review.pk)}"
    refused = Page(staff.sign_in(Client(), staff.editor()).get(at(review.pk), headers=page))
    assert refused.status == 403
    assert refused.main.one("a").text == "Go to “Guidance”"
    taken = staff.sign_in(Client(), staff.physician()).get(at(review.pk), headers=page)
    assert json.loads(taken.content)["resourceType"] == "QuestionnaireResponse"
