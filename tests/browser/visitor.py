"""A browser cut down to HTTP: cookies, a form's token, no redirect followed. For crowds and for speed."""

from __future__ import annotations

import re
from http.client import HTTPConnection, HTTPException
from http.cookies import SimpleCookie
from urllib.parse import urlencode, urlsplit

from playwright.sync_api import StorageState

from tests.browser.people import Answer, Person

FOUND = 302
Unreachable = (OSError, HTTPException)
"""What is raised when the server goes away."""

_TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="(\w+)"')
_NUMBER = re.compile(r'data-number="(\w+)"')
_QUESTION = re.compile(r"^/q/([\w-]+)/$")


class Visitor:
    def __init__(self, url: str) -> None:
        self.url = url
        self.cookies: dict[str, str] = {}
        self.acknowledged: dict[str, Answer] = {}
        """The answers that the server has said it took."""
        self.in_doubt: str | None = None
        """The question whose answer was under way when the server went away."""

    def get(self, address: str) -> tuple[int, str, str]:
        """(status, where to, text)"""
        return self._send("GET", address)

    def post(self, address: str, fields: dict[str, str | list[str]]) -> tuple[int, str, str]:
        token = _TOKEN.search(self.get(address)[2])
        assert token, f"no form at {address}"
        return self._send("POST", address, urlencode({"csrfmiddlewaretoken": token[1]} | fields, doseq=True))

    def answer(self, slug: str, answer: Answer) -> str:
        """Give this answer; the address that it leads to."""
        self.in_doubt = slug
        status, to, text = self.post(f"/q/{slug}/", {"answer": answer or ""})
        assert status == FOUND, f"{slug}: {text}"
        self.in_doubt = None
        self.acknowledged[slug] = answer
        return to

    def walk(self, person: Person) -> None:
        """Give all answers of this person, and finish."""
        for slug, answer in person.answers.items():
            to = self.answer(slug, answer)
            if to == "/urgent/":
                self.post("/urgent/", {})
            elif to == "/study/":
                self.say_same()
        assert self.post("/check/", {})[:2] == (FOUND, "/result/")

    def say_same(self) -> None:
        """Say that the registry's study is the one, where it has one."""
        number = _NUMBER.search(self.get("/study/")[2])
        assert number
        said: dict[str, str | list[str]] = {"number": number[1], "said": "same", "asked": "yes"}
        assert self.post("/study/", said)[0] == FOUND

    def stands_at(self) -> str:
        """The question at which the journey goes on, empty at its end."""
        _, to, _ = self.get("/check/")
        found = _QUESTION.match(to)
        return found[1] if found else ""

    def has(self, slug: str, answer: Answer) -> bool:
        """Whether the question's page shows this answer, and no other, as given."""
        status, _, text = self.get(f"/q/{slug}/")
        marked = re.findall(r'value="([^"]*)"[^>]* checked', text)
        return status == 200 and marked == ([answer] if isinstance(answer, str) else answer or [])

    def as_browser(self) -> StorageState:
        """The same visitor for a real browser."""
        host = urlsplit(self.url).hostname or ""
        common = {"domain": host, "path": "/", "expires": -1, "httpOnly": True, "secure": False, "sameSite": "Lax"}
        return {"cookies": [{"name": name, "value": value, **common} for name, value in self.cookies.items()]}  # type: ignore[typeddict-item]

    def _send(self, method: str, address: str, body: str | None = None) -> tuple[int, str, str]:
        connection = HTTPConnection(urlsplit(self.url).netloc, timeout=30)
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        try:
            connection.request(method, address, body, headers)
            reply = connection.getresponse()
            text = reply.read().decode()
        finally:
            connection.close()
        for header in reply.msg.get_all("Set-Cookie", []):
            self.cookies |= {name: each.value for name, each in SimpleCookie(header).items()}
        return reply.status, reply.getheader("Location", ""), text
