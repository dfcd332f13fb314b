"""Who is kept out of a response, and what remains of one that was taken back."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from questionnaire.models import AuditEvent, Review
from questionnaire.physician import urls
from questionnaire.services import responses, sharing
from tests import sharing as given
from tests import staff
from tests.physician.desk import Desk, at, changed, part
from tests.web import Page

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("published")]

OURS = [each for each in urls.urlpatterns if "uuid:pk" in str(each.pattern)]
POSTED = {"here", "take", "reviewed", "reopen", "reply", "note", "refer", "check-again"}
SECRETS = ("Maria", "López", "010-0199", "My own words", "The choice knee", "Title of", "A private note", "Come in")


def address(name: str, pk: uuid.UUID) -> str:
    more: dict[str, Any] = {"number": 1} if name.startswith("as-") else {}
    more |= {"rest": "exosomes"} if name == "as-seen-about-page" else {}
    return reverse(f"physician:{name}", kwargs={"pk": pk, **more})


def asked(client: Client, name: str, pk: uuid.UUID) -> Any:
    where = address(name, pk)
    return client.post(where, {"revision": 1, "text": "Words."}) if name in POSTED else client.get(where)


@pytest.fixture
def outsiders() -> list[User]:
    return [
        staff.editor(),
        staff.approver(),
        staff.member("adam", "Administrators"),
        User.objects.create_superuser("root", password="x"),
        staff.member("nobody"),
    ]


@pytest.mark.parametrize("name", [str(each.name) for each in OURS])
def test_nobody_but_a_physician_opens_any_address(name: str, outsiders: list[User]):
    review = given.shared()
    for user in outsiders:
        client = Client()
        staff.sign_in(client, user)
        reply = asked(client, name, review.pk)
        assert reply.status_code == 403, user
        assert not any(secret in reply.content.decode() for secret in SECRETS)
    refused = AuditEvent.objects.filter(kind="refused", subject=review.pk)
    assert [each.by for each in refused.order_by("number")] == outsiders
    assert not AuditEvent.objects.filter(kind="viewed").exists()
    review.refresh_from_db()
    assert (review.state, review.opened_by, review.revision) == ("new", None, 1)


@pytest.mark.parametrize("name", [str(each.name) for each in OURS])
def test_who_is_not_signed_in_sees_nothing(name: str, client: Client):
    review = given.shared()
    reply = asked(client, name, review.pk)
    assert reply.status_code == (403 if name in POSTED else 302)
    assert not any(secret in reply.content.decode() for secret in SECRETS)


@pytest.mark.parametrize("name", [str(each.name) for each in OURS])
def test_a_guessed_id_is_not_found_and_on_record(name: str):
    given.shared()
    dora, guessed = Desk("dora"), uuid.uuid4()
    reply = asked(dora.client, name, guessed)
    if name in ("as-seen-check", "as-seen-about", "as-seen-about-page"):
        # They only lead on, to pages that look for themselves or are everybody's.
        assert reply.status_code == 302
        return
    assert reply.status_code == 404
    assert AuditEvent.objects.get(kind="refused", subject=guessed).by == dora.user


def test_a_version_that_is_none_is_not_found_and_on_record():
    review = given.shared()
    dora = Desk("dora")
    for number in (0, 2, 10**30):
        page = dora.get(at(review, f"as-seen/{number}/"))
        assert page.status == 404
    assert AuditEvent.objects.filter(kind="refused", subject=review.pk).count() == 3
    assert not AuditEvent.objects.filter(kind="viewed").exists()
    assert dora.get("/physician/not-an-id/").root.one("body")["class"] == "staff"


def test_another_persons_version_does_not_open_by_this_ones_id():
    review, other = given.shared(), given.shared(name="Ann Bell")
    changed(other, problem="skin")
    assert Desk("dora").get(at(review, "as-seen/2/")).status == 404


# --- Taken back --------------------------------------------------------------------------------------------------


@pytest.fixture
def withdrawn() -> Review:
    review = given.share(given.finished(), question="Do I come in?")
    emil = Desk("emil")
    page = emil.step(emil.open(review), "note", text="A private note.")
    emil.step(page, "reply", text="Come in.")
    sharing.withdraw(walk=responses.find(str(review.response_id)))
    return review


def test_of_a_withdrawn_response_remains_that_and_when(withdrawn: Review):
    page = Desk("dora").open(withdrawn)
    assert page.name == "response"
    assert page.main.one("h1").text == "Withdrawn by the patient"
    assert not any(secret in page.html for secret in SECRETS)
    steps = [each["class"] for each in part(page, "steps").all("li")]
    assert steps == ["shared", "note", "reply", "withdrawn"]
    assert "Note, Emil" in part(page, "steps").text
    assert "Looked: response" in part(page, "record").text
    assert page.main.all("form") == []


@pytest.mark.parametrize(
    "name", [str(each.name) for each in OURS if each.name not in ("response", "record", "as-seen-check")]
)
def test_no_address_shows_anything_of_a_withdrawn_response(name: str, withdrawn: Review):
    reply = asked(Desk("dora").client, name, withdrawn.pk)
    assert not any(secret.encode() in reply.content for secret in SECRETS)
    if not name.startswith("as-seen-"):
        assert reply.status_code == 410


def test_shared_again_only_the_new_review_shows_it(withdrawn: Review):
    again = given.share(responses.find(str(withdrawn.response_id)))
    dora = Desk("dora")
    assert dora.open(again).main.one("h1").text == "Maria López"
    assert "A private note" not in dora.open(again).html
    assert "Maria" not in dora.open(withdrawn).html
    assert dora.get(at(withdrawn, "as-seen/1/")).status == 410


def test_of_an_erased_response_remains_that_and_when():
    review = given.shared()
    assert review.response_id is not None
    responses.erase(pk=review.response_id)
    page = Desk("dora").open(review)
    assert page.main.one("h1").text == "Erased by the patient"
    assert not any(secret in page.html for secret in SECRETS)


def test_error_pages_of_this_room_are_the_staffs(client: Client):
    staff.sign_in(client, staff.editor())
    page = Page(client.get(at(given.shared())))
    assert (page.status, page.name) == (403, "error")
    assert "physicians of this practice" in page.text
