"""Signed-in people with a draft before them."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from questionnaire.models import Edition
from questionnaire.services import checking, opening
from tests import staff
from tests.web import Page


class Desk:
    """Somebody of the staff at a browser; every page they get is read, and none may fail."""

    def __init__(self, user: Any) -> None:
        self.user = user
        self.client = Client()
        staff.sign_in(self.client, user)

    def get(self, address: str) -> Page:
        return self._followed(self.client.get(address))

    def post(self, address: str, data: Any = None) -> Page:
        return self._followed(self.client.post(address, data or {}))

    def _followed(self, reply: Any) -> Page:
        while reply.status_code in (301, 302, 303):
            reply = self.client.get(reply["Location"])
        return Page(reply)

    def form(self, address: str, **changed: Any) -> dict[str, Any]:
        """The fields of a page's entry form as a browser would post them, with these changed."""
        return fields_of(self.get(address)) | changed


def fields_of(page: Page) -> dict[str, Any]:
    """What a browser posts of the form that holds `base`."""
    form = next(each for each in page.main.all("form") if each.all(name="base"))
    data: dict[str, Any] = {}
    for each in form.walk():
        name = each.get("name")
        if name is None or name == "csrfmiddlewaretoken":
            continue
        if each.tag == "input" and each.get("type") in ("checkbox", "radio"):
            if each.get("checked") is not None:
                data.setdefault(name, []).append(each.get("value") or "on")
        elif each.tag == "input":
            data[name] = each.get("value") or ""
        elif each.tag == "textarea":
            # A browser drops the first line end of a textarea, and sends the others as CR LF.
            data[name] = each.raw_text.removeprefix("\n").replace("\n", "\r\n")
        elif each.tag == "select":
            chosen = [option for option in each.all("option") if option.get("selected") is not None]
            data[name] = (chosen or each.all("option"))[0].get("value") or ""
    return data


@pytest.fixture
def ada(db: None) -> Desk:
    return Desk(staff.editor("ada"))


@pytest.fixture
def bob(db: None) -> Desk:
    return Desk(staff.editor("bob"))


@pytest.fixture
def ben(db: None) -> Desk:
    return Desk(staff.approver("ben"))


@pytest.fixture
def draft(published: Edition, ada: Desk) -> Edition:
    return opening.open_from(by=ada.user, edition=published)


@pytest.fixture
def passing(monkeypatch: pytest.MonkeyPatch) -> None:
    """The checks find nothing; what they find is tested by itself."""
    monkeypatch.setattr(checking, "report", lambda edition: checking.Report((), (), 0.0))
