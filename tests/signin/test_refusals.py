"""Who comes to a page that their role may not open is led to their own work, and offered no link that is refused."""

from __future__ import annotations

import pytest
from django.test import Client

from questionnaire.services import staff as roles
from tests import staff
from tests.web import Page

pytestmark = pytest.mark.django_db

PEOPLE = {
    "editor": (staff.editor, ("Go to “Guidance”", "/admin/guidance/")),
    "approver": (staff.approver, ("Go to “Guidance”", "/admin/guidance/")),
    "administrator": (staff.administrator, ("Go to “Administration”", "/admin/")),
    "nobody": (lambda: staff.member("nobody", is_staff=False), ("Go to “Your sign-in”", "/staff/second-factor/")),
}


@pytest.mark.parametrize("who", PEOPLE)
@pytest.mark.parametrize("address", ["/physician/", "/physician/dashboard/"])
def test_who_reads_no_responses_is_led_from_there_to_their_own_start(who, address, published):
    make, (words, start) = PEOPLE[who]
    client = staff.sign_in(Client(), make())
    page = Page(client.get(address))
    assert page.status == 403
    (way,) = page.main.all("a")
    assert (way.text, way["href"]) == (words, start)
    for link in page.root.one("header").all("a"):
        assert client.get(link["href"]).status_code == 200, link["href"]


@pytest.mark.parametrize(
    ("make", "address", "words"),
    [
        (staff.physician, "/admin/guidance/", "Back to the inbox"),
        (staff.physician, "/admin/record/", "Back to the inbox"),
        (staff.administrator, "/admin/guidance/draft/checks/", "Go to “Administration”"),
        (staff.editor, "/admin/record/", "Go to “Guidance”"),
    ],
)
def test_every_room_leads_strangers_back_to_their_own(make, address, words, published):
    client = staff.sign_in(Client(), make())
    page = Page(client.get(address))
    assert page.status == 403
    assert page.main.all("a")[-1].text == words
    assert client.get(page.main.all("a")[-1]["href"]).status_code == 200
    for link in page.root.one("header").all("a"):
        assert client.get(link["href"]).status_code == 200, link["href"]


def test_a_room_is_not_offered_within_itself(published):
    client = staff.sign_in(Client(), staff.member("sam", roles.PHYSICIANS, roles.EDITORS))
    heads = {
        address: [link.text for link in Page(client.get(address)).root.one("nav", class_="who").all("a")]
        for address in ("/physician/", "/admin/guidance/")
    }
    assert heads["/physician/"] == ["Guidance", "Administration", "Your sign-in"]
    assert heads["/admin/guidance/"] == ["Shared responses", "Administration", "Your sign-in"]
