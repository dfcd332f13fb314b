"""FDA's letters in the administration: who changed the list is on record, and letters to one firm are told apart."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from questionnaire.models import AuditEvent, FdaLetter
from tests import staff
from tests.web import Page

pytestmark = pytest.mark.django_db

LIST = "/admin/questionnaire/fdaletter/"
KIMERA = {"firm": "Kimera Labs", "other_names": "XoGlo\nAmnio2X", "product": "Exosomes", "date": "2023-09-01"}
KIMERA |= {"kind": "warning", "city": "", "state": "", "link": "", "note": ""}


@pytest.fixture
def desk() -> Client:
    return staff.sign_in(Client(), staff.editor())


def told() -> list[dict[str, Any]]:
    return [event.detail for event in AuditEvent.objects.filter(kind="letter changed").order_by("pk")]


def test_a_letter_added_changed_and_deleted_is_on_record_each_time(desk):
    desk.post(f"{LIST}add/", KIMERA)
    letter = FdaLetter.objects.get()
    known = {"letter": "Kimera Labs, 2023-09-01", "id": letter.pk}
    one = f"{LIST}{letter.pk}/change/"
    desk.post(one, KIMERA)
    assert told() == [known | {"what": "added"}], "a form saved as it was is no change"
    desk.post(one, KIMERA | {"city": "Miramar", "note": "Read."})
    desk.post(f"{LIST}{letter.pk}/delete/", {"post": "yes"})
    assert told()[1:] == [known | {"what": "changed: City, Note"}, known | {"what": "deleted"}]
    assert set(AuditEvent.objects.filter(kind="letter changed").values_list("by__username", flat=True)) == {"ada"}


def test_several_deleted_at_once_are_each_on_record(desk):
    for product in ("Exosomes", "Jelly"):
        day = "2023-09-01" if product == "Jelly" else "2020-04-03"
        desk.post(f"{LIST}add/", KIMERA | {"product": product, "date": day})
    chosen = list(FdaLetter.objects.values_list("pk", flat=True))
    desk.post(LIST, {"action": "delete_selected", "_selected_action": chosen, "post": "yes"})
    assert not FdaLetter.objects.exists()
    assert sorted(each["letter"] for each in told() if each["what"] == "deleted") == [
        "Kimera Labs, 2020-04-03",
        "Kimera Labs, 2023-09-01",
    ]


def test_the_list_tells_two_letters_to_one_firm_apart(desk):
    desk.post(f"{LIST}add/", KIMERA)
    desk.post(f"{LIST}add/", KIMERA | {"product": "Wharton’s jelly", "other_names": "", "date": "2020-04-03"})
    rows = [row.text for row in Page(desk.get(LIST)).root.one("table", id="result_list").all("tr")[1:]]
    assert "Exosomes" in rows[0]
    assert "XoGlo, Amnio2X" in rows[0]
    assert "Wharton’s jelly" in rows[1]
    assert "Amnio2X" in Page(desk.get(LIST, {"q": "amnio2x"})).text
