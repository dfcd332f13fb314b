"""Shared responses as FHIR: for physicians alone, on record, without a name, and never what was taken back."""

from __future__ import annotations

import json
import uuid

import pytest
from django.test import Client

from questionnaire.models import AuditEvent
from questionnaire.services import responses, sharing
from tests import sharing as given
from tests import staff

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
    assert Client().get(at(review.pk)).status_code == 302
