"""Walks people through a questionnaire over HTTP and measures each request.

Run as a process of its own (`python -m bench.walker`): a plan goes in as JSON, what was seen comes out as JSON. It
relies on addresses and page hooks only that are promised to other programs too.
"""

from __future__ import annotations

import json
import re
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from itertools import count
from urllib.parse import urlencode

from bench import http

MOST_REQUESTS = 200
"""A walk that takes more goes round in circles."""

_CHOICE = re.compile(r'<input type="(?:radio|checkbox)" name="(answer|instead)" value="([^"]*)"')
_HIDDEN = re.compile(r'<input type="hidden" name="([^"]*)" value="([^"]*)"')

Script = dict[str, list[str]]


class Lost(Exception):
    """The walk cannot go on; the message says where."""


@dataclass
class Plan:
    port: int
    people: int
    """How many walk at once."""
    journeys: int
    """How many in all; each takes the next script in turn."""
    scripts: list[Script]


@dataclass
class Seen:
    seconds: float = 0.0
    cpu: float = 0.0
    """Of the client itself."""
    journeys: int = 0
    latencies: dict[str, list[float]] = field(default_factory=dict)
    """In ms, by kind of request: GET and POST of questions, and the others."""
    pages: dict[int, int] = field(default_factory=dict)
    """Questions (and urgent pages) on the way, by the script's place in the list."""
    requests: dict[int, int] = field(default_factory=dict)
    failures: list[str] = field(default_factory=list)


@dataclass
class Person:
    """One browser on its way."""

    port: int
    script: Script
    cookies: dict[str, str] = field(default_factory=dict)
    latencies: list[tuple[str, float]] = field(default_factory=list)
    pages: int = 0

    def walk(self) -> None:
        """From the start page to the result."""
        text = self.get("/", "other")
        path = between(text, 'href="/q/', '"', "the start page links to no question")
        path, text = f"/q/{path}", self.get(f"/q/{path}", "question GET")
        while (page := between(text, 'data-page="', '"', f"{path} is no page")) != "result":
            if len(self.latencies) > MOST_REQUESTS:
                raise Lost(f"more than {MOST_REQUESTS} requests, now at {path}")
            path, text = self.take(path, page, text)

    def take(self, path: str, page: str, text: str) -> tuple[str, str]:
        """Send this page's form and follow where it leads."""
        fields: dict[str, list[str] | str] = {}
        for name, value in _HIDDEN.findall(text):
            fields[name] = [*fields.get(name, ()), value]
        if page in ("question", "urgent"):
            self.pages += 1
        if page == "question":
            fields |= chosen(text, self.script)
        kind = "question POST" if page == "question" else "other"
        reply = self.request(path, kind, urlencode(fields, doseq=True).encode())
        if reply.status not in (302, 303):
            raise Lost(f"{path}: an answer was not taken, status {reply.status}")
        path = reply.headers["location"]
        return path, self.get(path, "question GET" if path.startswith("/q/") else "other")

    def get(self, path: str, kind: str) -> str:
        reply = self.request(path, kind)
        if reply.status != 200:
            raise Lost(f"{path}: status {reply.status}")
        return reply.text

    def request(self, path: str, kind: str, form: bytes | None = None) -> http.Reply:
        begin = time.perf_counter()
        try:
            reply = http.send(self.port, path, form=form, cookies=self.cookies)
        except OSError as error:
            raise Lost(f"{path}: {error}") from error
        self.latencies.append((kind, (time.perf_counter() - begin) * 1000))
        self.cookies |= reply.cookies
        return reply


def between(text: str, before: str, after: str, otherwise: str) -> str:
    start = text.find(before)
    if start < 0:
        raise Lost(otherwise)
    start += len(before)
    return text[start : text.index(after, start)]


def chosen(text: str, script: Script) -> dict[str, list[str] | str]:
    """What this person answers on this page: by their script, else that nothing fits, else the first choice."""
    slug = between(text, 'data-question="', '"', "a question page does not say which")
    offered: dict[str, list[str]] = {}
    for name, value in _CHOICE.findall(text):
        offered.setdefault(name, []).append(value)
    planned = script.get(slug, [])
    for name, values in offered.items():
        if taken := [value for value in planned if value in values]:
            return {name: taken}
    if planned and "answer" not in offered:
        return {"answer": planned[0]}
    for name, values in offered.items():
        return {name: "none" if "none" in values else values[0]}
    return {"answer": ""}


def run(plan: Plan) -> Seen:
    seen = Seen()
    lock = threading.Lock()
    numbers = count()
    cpu, begin = time.process_time(), time.perf_counter()
    threads = [threading.Thread(target=_visit, args=(plan, seen, lock, numbers)) for _ in range(plan.people)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    seen.seconds, seen.cpu = time.perf_counter() - begin, time.process_time() - cpu
    return seen


def _visit(plan: Plan, seen: Seen, lock: threading.Lock, numbers: Iterator[int]) -> None:
    """Walk one journey after the other until all are taken."""
    while True:
        with lock:
            number = next(numbers)
        if number >= plan.journeys:
            return
        which = number % len(plan.scripts)
        person = Person(plan.port, plan.scripts[which])
        failure = ""
        try:
            person.walk()
        except (Lost, ValueError, KeyError) as error:
            failure = str(error) or repr(error)
        with lock:
            _note(seen, which, person, failure)


def _note(seen: Seen, which: int, person: Person, failure: str) -> None:
    for kind, latency in person.latencies:
        seen.latencies.setdefault(kind, []).append(round(latency, 3))
    if failure:
        seen.failures.append(failure)
        return
    seen.journeys += 1
    seen.pages[which] = person.pages
    seen.requests[which] = len(person.latencies)


if __name__ == "__main__":
    json.dump(asdict(run(Plan(**json.load(sys.stdin)))), sys.stdout)
