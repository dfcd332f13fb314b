"""Somebody at the front door with a browser."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client

from tests import staff
from tests.web import Page

DOOR = "/staff/sign-in/"
SECOND = "/staff/sign-in/code/"


class Visitor:
    """A browser at one network address; every page it gets is read, and none may fail."""

    def __init__(self, address: str = "203.0.113.7") -> None:
        self.client = Client(REMOTE_ADDR=address)

    def get(self, address: str, **more: Any) -> Page:
        return self._followed(self.client.get(address, **more))

    def post(self, address: str, **data: Any) -> Page:
        return self._followed(self.client.post(address, data))

    def password(self, name: str, password: str = staff.PASSWORD, **more: Any) -> Any:
        return self.client.post(DOOR, {"login": name, "password": password} | more)

    def code(self, code: str) -> Any:
        return self.client.post(SECOND, {"code": code})

    def sign_in(self, name: str) -> Any:
        """By password and, where it is asked for, by the code that the app shows now."""
        reply = self.password(name)
        return self.code(staff.code()) if reply.get("Location") == SECOND else reply

    @property
    def is_in(self) -> bool:
        return "_auth_user_id" in self.client.session

    def _followed(self, reply: Any) -> Page:
        while reply.status_code in (301, 302, 303):
            reply = self.client.get(reply["Location"])
        return Page(reply)


@pytest.fixture
def visitor() -> Visitor:
    return Visitor()


@pytest.fixture
def lee(db: None) -> Any:
    """A physician with a password and an app."""
    user = staff.with_password(staff.physician("lee"))
    staff.with_factor(user)
    return user


@pytest.fixture
def max_(db: None) -> Any:
    """An administrator with a password and an app."""
    user = staff.with_password(staff.administrator("max"))
    staff.with_factor(user)
    return user


@pytest.fixture
def new(db: None) -> Any:
    """An editor whom an administrator has just made: a password and nothing else."""
    return staff.with_password(staff.editor("new"))


@pytest.fixture
def physicians_page(settings: Any) -> None:
    """A page of the physicians' room, with a form."""
    settings.ROOT_URLCONF = "tests.signin.urls"


def secret_on(page: Page) -> str:
    """The key that the page for setting up an app shows."""
    found = re.search(r"\b[A-Z2-7]{32}\b", page.text)
    assert found, page.text
    return found.group()
