"""A physician at a browser, before one shared response."""

from __future__ import annotations

from typing import Any

from django.test import Client

from questionnaire.models import Review
from questionnaire.services import responses
from tests import sharing
from tests.staff import physician, sign_in
from tests.web import Element, Page


class Desk:
    """Every page they get is read, and none may fail."""

    def __init__(self, name: str = "dora", **more: Any) -> None:
        self.user = physician(name, **more)
        self.client = Client()
        sign_in(self.client, self.user)
        self.place = ""

    def get(self, address: str) -> Page:
        return self._followed(address, self.client.get(address))

    def post(self, address: str, data: Any = None) -> Page:
        return self._followed(address, self.client.post(address, data or {}))

    def open(self, review: Review, then: str = "") -> Page:
        return self.get(f"{at(review)}{then}")

    def step(self, page: Page, name: str, **more: Any) -> Page:
        """Send this form of the page as a browser would, with these fields."""
        form = form_of(page, name)
        return self.post(form["action"], hidden(form) | more)

    def _followed(self, address: str, reply: Any) -> Page:
        self.place = address
        while reply.status_code in (301, 302, 303):
            self.place = reply["Location"]
            reply = self.client.get(reply["Location"])
        return Page(reply)


def at(review: Review, rest: str = "") -> str:
    return f"/physician/{review.pk}/{rest}"


def form_of(page: Page, name: str) -> Element:
    """The form of this step, as its button sends it: several buttons of one form may each have an address."""
    button = next((each for each in buttons(page) if each["formaction"].partition("?")[0].endswith(f"/{name}/")), None)
    if button is None:
        return next(each for each in page.main.all("form") if (each.get("action") or "").endswith(f"/{name}/"))
    form = page.main.one("form", id=button.get("form") or "work")
    sent = Element("form", {**form.attrs, "action": button["formaction"]}, form.parent)
    sent.children = form.children
    return sent


def buttons(page: Page) -> list[Element]:
    """Those that send a form to an address of their own."""
    return [each for each in page.main.all("button") if each.get("formaction")]


def hidden(form: Element) -> dict[str, str]:
    return {
        each["name"]: each.get("value") or ""
        for each in form.all("input", type="hidden")
        if each["name"] != "csrfmiddlewaretoken"
    }


def part(page: Page, id: str) -> Element:
    """The section that the heading of this id names."""
    return page.main.one("section", aria_labelledby=id)


def changed(review: Review, **changes: Any) -> None:
    """The patient goes on and confirms other answers."""
    given = sharing.ANSWERS | {slug.replace("_", "-"): answer for slug, answer in changes.items()}
    sharing.confirmed(responses.find(str(review.response_id)), given)
