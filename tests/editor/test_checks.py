"""The to-do list and the safety properties, on the real checks of the real aid."""

from __future__ import annotations

import json

import pytest

from questionnaire.domain.places import Place
from questionnaire.services import opening
from tests.drafting import entry_of, save

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

LEGAL = Place("item", "legal-risk")


@pytest.fixture
def real(shipped, ada):
    return opening.open_from(by=ada.user, edition=shipped)


def test_the_shipped_aid_has_nothing_to_mend(real, ada):
    page = ada.get("/admin/guidance/draft/checks/")
    assert "Nothing is left to mend" in page.main.text
    assert "all proved for every possible person" in page.main.text
    safety = ada.get("/admin/guidance/safety/")
    assert "Proved for every possible person" in safety.main.text
    assert "Fails" not in safety.main.text


def test_a_fault_is_told_with_a_person_whose_pages_can_be_walked(real, ada):
    entry = entry_of(LEGAL)
    entry["body"] = {"en": "Exosomes are safe. " + entry["body"]["en"]}
    entry["when"] = {"all": [{"question": "trial-claim", "is-not": "ind-trial"}]}
    save(ada.user, LEGAL, entry)
    page = ada.get("/admin/guidance/draft/checks/")
    assert page.main.all("a", href="/admin/guidance/draft/item/legal-risk/")
    rules = {each.text for each in page.main.all("span", class_="tag")}
    assert {"always-legal-risk", "banned-claim", "trial-claim-never-softens"} <= rules
    assert any("Exosomes are safe." in mark.text for mark in page.main.all("mark"))
    people = [json.loads(each["value"]) for each in page.main.all("input", name="person")]
    assert people
    page = ada.post("/admin/guidance/preview/person/", {"person": json.dumps(people[0])})
    assert page.name == "check"
    result = ada.post("/admin/guidance/preview/check/")
    assert not result.main.all(data_guidance="legal-risk")
    assert "Fails" in ada.get("/admin/guidance/safety/").main.text


def test_what_fails_is_not_sent_to_review(real, ada):
    entry = entry_of(LEGAL)
    save(ada.user, LEGAL, entry | {"when": {"all": [{"question": "age", "is": "adult"}]}})
    fields = {"edition": real.pk, "revision": 2, "act": "submit", "change_note": "We hide it."}
    page = ada.post("/admin/guidance/draft/review/", fields)
    assert page.status == 422
    assert "to mend first" in page.alert.text
