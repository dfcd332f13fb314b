"""What tests through the outside share: a small aid with every kind of question, a page as a browser reads it, and a
person who walks through the pages."""

from __future__ import annotations

import copy
import io
import re
import threading
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from html.parser import HTMLParser
from typing import Any

from django.db import connection
from django.http import HttpResponse
from django.test import Client
from pypdf import PdfReader

from questionnaire.domain.content import OPTION_TEXTS, REQUIRED_NOTES
from questionnaire.models import Edition, Response
from questionnaire.services import opening, publishing

# --- A small aid -------------------------------------------------------------------------------------------------


def text(words: str) -> dict[str, str]:
    return {"en": words}


def choice(slug: str, words: str = "", **more: Any) -> dict[str, Any]:
    return {"slug": slug, "text": text(words or f"The choice {slug}"), **more}


def question(slug: str, kind: str, *choices: dict[str, Any], **more: Any) -> dict[str, Any]:
    listed = {"choices": list(choices)} if choices else {}
    return (
        {"slug": slug, "kind": kind, "short": text(f"Short {slug}"), "text": text(f"What of {slug}?")} | listed | more
    )


def when(slug: str, **test: Any) -> dict[str, Any]:
    """One test; `is_` stands for `is`, which is a word of Python's."""
    return {"all": [{"question": slug} | {key.rstrip("_").replace("_", "-"): value for key, value in test.items()}]}


def when_(slug: str, **test: Any) -> dict[str, Any]:
    """The same under its key."""
    return {"when": when(slug, **test)}


def item(slug: str, kind: str, **more: Any) -> dict[str, Any]:
    words = {"title": text(f"Title of {slug}."), "body": text(f"Body of {slug}.")}
    return {"slug": slug, "kind": kind, "rank": 10, **words, "evidence": ["E-1"], **more}


def option(name: str) -> dict[str, Any]:
    return {"name": text(name), "certainty": "low"} | {key: text(f"{name}: {key}.") for key in OPTION_TEXTS}


def sentence(slug: str, **more: Any) -> dict[str, Any]:
    return {"slug": slug, "text": text(f"Sentence {slug}."), "evidence": ["E-1"], **more}


SCALE = ("high", "moderate", "low", "very-low", "official", "reported", "inference")

_SMALL: dict[str, Any] = {
    "aid.yaml": {
        "slug": "exosomes",
        "languages": ["en"],
        "title": text("A small aid"),
        "decision": text("You are deciding something small."),
        "reviewed": "2026-01-01",
        "next_review": "2126-01-01",
        "facts": [],
        "certainty": [{"slug": slug, "word": text(f"Word {slug}"), "meaning": text("Its meaning.")} for slug in SCALE],
        "notes": {slug: text(f"Note {slug}.") for slug in REQUIRED_NOTES}
        | {"demo": text("This is a demonstration copy."), "moved": text("Our guidance changed for safety.")},
    },
    "questions.yaml": [
        {
            "section": "now",
            "title": text("Now"),
            "questions": [
                question(
                    "signs",
                    "many",
                    choice("breathing"),
                    choice("fever"),
                    choice("none", "No, I have none of these", exclusive=True),
                    choice("not-sure", "I am not sure", exclusive=True),
                    hint=text("We ask this first."),
                ),
                question("problem", "one", choice("joint"), choice("skin"), choice("not-sure")),
                question("joint-site", "one", choice("knee"), choice("hip"), when=when("problem", is_="joint")),
            ],
        },
        {
            "section": "you",
            "title": text("You"),
            "questions": [
                question(
                    "age",
                    "number",
                    choice("rather-not", "I would rather not say"),
                    unit=text("years"),
                    least=18,
                    most=120,
                ),
                question("weight", "number", unit=text("kg"), decimals=1, optional=True, for_physician=True),
                question("since", "date", least="2000-01-01", most="2030-12-31", for_physician=True),
                question("trial-number", "trial-number", choice("no-number")),
                question("words", "text", most=200, optional=True),
                question(
                    "matters", "many", choice("pain"), choice("cost"), choice("proof"), most=2, for_physician=True
                ),
            ],
        },
    ],
    "guidance/all.yaml": [
        item("urgent-breathing", "urgent", now="call-911", when=when("signs", is_="breathing")),
        item("urgent-fever", "urgent", now="same-day", rank=20, when=when("signs", is_="fever")),
        item("not-approved", "caution"),
        item("knee-caution", "caution", rank=20, when=when("joint-site", is_="knee")),
        item("skin-caution", "caution", rank=30, when=when("problem", is_="skin")),
        item("young-caution", "caution", rank=40, when=when("age", less_than=40)),
        item("wait", "standard-care", option=option("Wait for now")),
        item("plasma", "alternative", option=option("Plasma")),
        item("look-up", "next-step", when=when("trial-number", is_not="no-number")),
        item("tell-them", "next-step", rank=20, when=when("words", answered=True)),
        item("ask-number", "ask"),
    ],
    "meaning.yaml": [
        {"slot": 1, "sentences": [sentence("for-knees", when=when("joint-site", is_="knee")), sentence("for-all")]},
        {"slot": 2, "sentences": [sentence("second")]},
        {"slot": 3, "sentences": [sentence("third")]},
    ],
    "evidence/all.yaml": [
        {
            "id": "E-1",
            "claim": text("This is so."),
            "kind": "rule",
            "certainty": "official",
            "read": "primary",
            "sources": ["paper"],
            "last_checked": "2026-01-01",
        }
    ],
    "sources/all.yaml": [
        {
            "slug": "paper",
            "title": "A paper",
            "publisher": "A press",
            "date": "2025-01-01",
            "url": "https://example.org/paper",
            "kind": "government",
            "last_checked": "2026-01-01",
        }
    ],
    "glossary.yaml": [],
    "triage.yaml": {
        "flags": [
            {"slug": "urgent", "level": 0, "text": text("Urgent"), "now": ["call-911"]},
            {"slug": "red-flag", "level": 10, "text": text("Red flag"), "now": ["same-day"]},
            {"slug": "skin", "level": 30, "text": text("Skin"), **when_("problem", is_="skin")},
            {"slug": "contraindicated", "level": 50, "text": text("Contraindicated"), "contraindicated": True},
        ],
        "standings": [
            {"slug": "no-number", "text": text("No number"), **when_("trial-number", is_="no-number")},
            {"slug": "number", "text": text("A number")},
        ],
        "alternatives": [
            {
                "slug": "plasma",
                "name": text("Plasma"),
                "items": ["plasma"],
                "contraindications": [
                    {"slug": "young", "text": text("Under 40"), "items": ["young-caution"]} | when_("age", less_than=40)
                ],
            }
        ],
        "problem": ["problem"],
        "offer": ["signs"],
        "price": "matters",
        "matters": ["matters"],
        "study": ["trial-number"],
    },
    "pages.yaml": [{"slug": "about", "title": text("About"), "lead": text("Of this aid."), "evidence": ["E-1"]}],
    "pages/about.en.md": "Made for tests.\n",
}


def small_aid(change: Callable[[dict[str, Any]], None] | None = None) -> dict[str, Any]:
    """The small aid's document, after `change` had its way with it."""
    document = copy.deepcopy(_SMALL)
    if change is not None:
        change(document)
    return document


def questions_of(document: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """The raw questions by slug, to be changed in place."""
    return {raw["slug"]: raw for section in document["questions.yaml"] for raw in section["questions"]}


def with_new_question(document: dict[str, Any]) -> None:
    """What a safety change looks like: one more question, in the middle."""
    document["questions.yaml"][0]["questions"].append(
        question("new-one", "one", choice("yes"), choice("no"), for_physician=True)
    )


def publish(document: Mapping[str, Any], *, safety_change: bool = False, note: str = "Something changed.") -> Edition:
    return publishing.put_live(
        draft=opening.open_document(by=None, document=document), change_note=note, safety_change=safety_change
    )


ANSWERS: dict[str, Any] = {
    "signs": ["none"],
    "problem": "joint",
    "joint-site": "knee",
    "age": "61",
    "weight": "",
    "since": "2024-05-06",
    "trial-number": "nct 0123-4567",
    "words": "My own words.",
    "matters": ["pain", "proof"],
}
"""As a person would type them, one for each question of the small aid, in order."""

BEFORE = {slug: list(ANSWERS)[:place] for place, slug in enumerate(ANSWERS)}
"""What comes before each of them."""

# --- A page as a browser reads it ---------------------------------------------------------------------------------

_EMPTY = {"input", "meta", "link", "br", "img", "hr"}


class Element:
    def __init__(self, tag: str, attrs: Mapping[str, str], parent: Element | None) -> None:
        self.tag = tag
        self.attrs = attrs
        self.parent = parent
        self.children: list[Element | str] = []

    def __getitem__(self, name: str) -> str:
        return self.attrs[name]

    def get(self, name: str) -> str | None:
        return self.attrs.get(name)

    def walk(self) -> Iterator[Element]:
        for child in self.children:
            if isinstance(child, Element):
                yield child
                yield from child.walk()

    def all(self, tag: str | None = None, **attrs: str) -> list[Element]:
        """Elements beneath, in order, with these attributes (`data_page` is data-page, `for_` is for)."""
        wanted = {name.rstrip("_").replace("_", "-"): value for name, value in attrs.items()}
        return [
            each
            for each in self.walk()
            if (tag is None or each.tag == tag) and all(each.get(name) == value for name, value in wanted.items())
        ]

    def one(self, tag: str | None = None, **attrs: str) -> Element:
        found = self.all(tag, **attrs)
        assert len(found) == 1, f"{len(found)} of <{tag} {attrs}>, not one"
        return found[0]

    def having(self, name: str) -> list[Element]:
        return [each for each in self.walk() if name in each.attrs]

    def within(self, tag: str) -> bool:
        return self.parent is not None and (self.parent.tag == tag or self.parent.within(tag))

    @property
    def text(self) -> str:
        return " ".join(self.raw_text.split())

    @property
    def raw_text(self) -> str:
        return "".join(child if isinstance(child, str) else child.raw_text for child in self.children)


class _Parser(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.root = self.here = Element("#document", {}, None)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = [name for name, _ in attrs]
        assert len(names) == len(set(names)), f"<{tag}> has an attribute twice: {names}"
        made = Element(tag, {name: value or "" for name, value in attrs}, self.here)
        self.here.children.append(made)
        if tag not in _EMPTY:
            self.here = made

    def handle_endtag(self, tag: str) -> None:
        if tag in _EMPTY:
            return
        assert self.here.tag == tag, f"</{tag}> closes <{self.here.tag}>"
        assert self.here.parent is not None
        self.here = self.here.parent

    def handle_data(self, data: str) -> None:
        self.here.children.append(data)


def parsed(html: str) -> Element:
    parser = _Parser()
    parser.feed(html)
    parser.close()
    assert parser.here is parser.root, f"<{parser.here.tag}> is never closed"
    return parser.root


class Page:
    """A reply read as HTML, with what every page of ours must hold."""

    def __init__(self, reply: Any) -> None:
        self.reply: HttpResponse = reply
        self.status: int = reply.status_code
        assert self.status < 500, f"status {self.status}"
        self.html = reply.content.decode()
        self.root = parsed(self.html)
        self.main = self.root.one("main")
        ids = [each["id"] for each in self.root.having("id")]
        assert len(ids) == len(set(ids)), f"an id stands twice: {sorted(ids)}"
        self.ids = set(ids)

    @property
    def name(self) -> str:
        return self.main["data-page"]

    @property
    def question(self) -> str | None:
        return self.main.get("data-question")

    @property
    def title(self) -> str:
        return self.root.one("title").text

    @property
    def alert(self) -> Element:
        return self.root.one(role="alert")

    @property
    def text(self) -> str:
        return self.main.text

    @property
    def links(self) -> list[str]:
        return [each["href"] for each in self.root.all("a")]

    @property
    def guidance(self) -> dict[str, Element]:
        return {each["data-guidance"]: each for each in self.root.having("data-guidance")}

    def sent(self) -> dict[str, list[str]]:
        """What a browser would send if the form was submitted as it stands."""
        form = self.main.one("form", method="post")
        fields: dict[str, list[str]] = {}
        for each in form.walk():
            ticked = each.get("type") not in ("radio", "checkbox") or "checked" in each.attrs
            if each.tag == "input" and ticked:
                fields.setdefault(each["name"], []).append(each.get("value") or "")
            elif each.tag == "textarea":
                # A browser drops the first line break.
                fields.setdefault(each["name"], []).append(re.sub(r"^\r?\n", "", each.raw_text))
        return fields

    @property
    def given(self) -> dict[str, list[str]]:
        """What the form is filled with, apart from its token and from empty fields."""
        return {name: values for name, values in self.sent().items() if name != "csrfmiddlewaretoken" and any(values)}


def pdf_text(reply: Any) -> str:
    assert reply.status_code == 200
    pages = PdfReader(io.BytesIO(reply.content)).pages
    return " ".join(" ".join(page.extract_text() for page in pages).split())


# --- A person -----------------------------------------------------------------------------------------------------


class Walker:
    """A person with one browser. Every page is read; none may fail."""

    def __init__(self, client: Client | None = None) -> None:
        self.client = client or Client()
        self.places: list[str] = []
        """Every address asked for or led to."""

    def get(self, address: str, **headers: Any) -> Page:
        return self._followed(address, self.client.get(address, **headers))

    def post(self, address: str, data: Any = None, **headers: Any) -> Page:
        return self._followed(address, self.client.post(address, data or {}, **headers))

    def _followed(self, address: str, reply: Any) -> Page:
        self.places.append(address)
        for _ in range(10):
            assert reply.status_code < 500, f"status {reply.status_code} at {address}"
            if reply.status_code not in (301, 302, 303, 307, 308):
                return Page(reply)
            address = reply["Location"]
            self.places.append(address)
            reply = self.client.get(address)
        raise AssertionError(f"redirects without end: {self.places[-10:]}")

    @property
    def place(self) -> str:
        return self.places[-1]

    def answer(self, slug: str, answer: Any, **more: Any) -> Page:
        fields = {"instead": answer["choice"]} if isinstance(answer, dict) else {"answer": answer}
        return self.post(f"/q/{slug}/", fields | more)

    def answers(self, *slugs: str, **other: Any) -> Page:
        """Answer these questions of the small aid (all if none is named), as in ANSWERS unless told otherwise."""
        page = None
        for slug in slugs or ANSWERS:
            page = self.answer(slug, other.get(slug.replace("-", "_"), ANSWERS[slug]))
            assert page.status == 200, f"{slug}: {page.text}"
        assert page is not None
        return page

    def finish(self) -> Page:
        return self.post("/check/")

    def to_the_end(self, **other: Any) -> Page:
        """Through the small aid on the path with a knee, to the guidance."""
        assert self.answers(**other).name == "check"
        return self.finish()


def at_once(*jobs: Callable[[], Any]) -> list[Any]:
    """Run these at the same moment, each in a thread with a database connection of its own."""
    gate = threading.Barrier(len(jobs))

    def run(job: Callable[[], Any]) -> Any:
        gate.wait(timeout=30)
        try:
            return job()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(jobs)) as pool:
        return [each.result(timeout=60) for each in [pool.submit(run, job) for job in jobs]]


def stored(slug: str | None = None) -> Any:
    """The one response's answers, or one of them."""
    answers = Response.objects.get().answers
    return answers if slug is None else answers.get(slug)
