"""A small aid as a document: one question of each kind, and one thing of everything else."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from typing import Any

from questionnaire.domain import content
from questionnaire.domain.content import Aid
from questionnaire.domain.questions import Answer
from questionnaire.domain.reading import read

FILES = {
    "aid": "aid.yaml",
    "questions": "questions.yaml",
    "guidance": "guidance/all.yaml",
    "meaning": "meaning.yaml",
    "evidence": "evidence/all.yaml",
    "sources": "sources/all.yaml",
    "glossary": "glossary.yaml",
    "pages": "pages.yaml",
}
"""The name of the file that each keyword of `document` stands for."""

ANSWERS: dict[str, Answer] = {
    "joint": "knee",
    "health": ["diabetes", "cancer"],
    "age": "52",
    "since": "2026-01-31",
    "clinic": "Harbor Street",
    "trial": "NCT05060107",
}
"""An acceptable answer to each question of `document()`."""


def text(words: str) -> dict[str, str]:
    """A text in the one language of the small aid."""
    return {"en": words}


def question(slug: str, kind: str = "one", **more: Any) -> dict[str, Any]:
    """A question; a question to choose from gets the choices `yes` and `no` unless told otherwise."""
    made: dict[str, Any] = {"slug": slug, "kind": kind, "short": text(f"Your {slug}"), "text": text(f"What is {slug}?")}
    if kind in ("one", "many"):
        made["choices"] = [choice("yes"), choice("no")]
    if kind == "number":
        made["unit"] = text("years")
    return {**made, **more}


def choice(slug: str, **more: Any) -> dict[str, Any]:
    """A choice of a question."""
    return {"slug": slug, "text": text(slug), **more}


def section(*questions: dict[str, Any], slug: str = "you") -> dict[str, Any]:
    """A section that holds these questions."""
    return {"section": slug, "title": text("About you"), "questions": list(questions)}


def item(slug: str, kind: str = "caution", **more: Any) -> dict[str, Any]:
    """An item of guidance, without a condition unless told otherwise."""
    return {
        "slug": slug,
        "kind": kind,
        "rank": 10,
        "title": text(slug),
        "body": text(slug),
        "evidence": ["E-1"],
        **more,
    }


def sentence(slug: str, **more: Any) -> dict[str, Any]:
    """A candidate for one of the opening sentences."""
    return {"slug": slug, "text": text(slug), "evidence": ["E-1"], **more}


def slot(number: int, *sentences: dict[str, Any]) -> dict[str, Any]:
    """One of the three slots; one unconditional sentence when none is given."""
    return {"slot": number, "sentences": list(sentences) or [sentence(f"means-{number}")]}


def evidence(name: str, **more: Any) -> dict[str, Any]:
    """An entry of evidence, read in the first source."""
    made = {
        "id": name,
        "claim": text("It is so."),
        "kind": "rule",
        "certainty": "official",
        "read": "primary",
        "sources": ["label"],
        "last_checked": "2026-11-01",
    }
    return {**made, **more}


def source(slug: str, **more: Any) -> dict[str, Any]:
    """A source."""
    made = {
        "slug": slug,
        "title": "A page",
        "publisher": "FDA",
        "date": "2026",
        "url": "https://example.org/page",
        "kind": "government",
        "last_checked": "2026-11-01",
    }
    return {**made, **more}


def term(slug: str, **more: Any) -> dict[str, Any]:
    """A word of the glossary."""
    return {"slug": slug, "word": text(slug), "forms": {"en": [slug]}, "meaning": text(f"What {slug} means."), **more}


def page(slug: str, **more: Any) -> dict[str, Any]:
    """A background page, without its text."""
    return {"slug": slug, "title": text(slug), "lead": text(f"About {slug}."), "evidence": ["E-1"], **more}


def head(**more: Any) -> dict[str, Any]:
    """What aid.yaml holds."""
    made = {
        "slug": "small",
        "languages": ["en"],
        "title": text("A small aid"),
        "decision": text("Whether to have it."),
        "reviewed": "2026-11-01",
        "next_review": "2027-05-01",
        "facts": [{"slug": "registry", "values": ["found", "not-found"]}],
        "certainty": [
            {"slug": slug, "word": text(slug), "meaning": text(f"It is {slug}.")}
            for slug in (*content.EFFECT_CERTAINTY, *content.STATEMENT_CERTAINTY)
        ],
        "notes": {note: text(f"The note {note}.") for note in content.REQUIRED_NOTES},
    }
    return {**made, **more}


def option() -> dict[str, Any]:
    """What makes an item one of the options to weigh."""
    return {
        "name": text("Waiting"),
        "certainty": "low",
        **{key: text(f"About {key}.") for key in content.OPTION_TEXTS},
    }


def every_kind() -> list[dict[str, Any]]:
    """One question of each kind, some waiting for others."""
    return [
        question("joint", choices=[choice("knee"), choice("hip", hint=text("Or groin")), choice("not-sure")]),
        question(
            "health",
            "many",
            most=2,
            choices=[choice("diabetes"), choice("cancer"), choice("none", exclusive=True)],
            when={"all": [{"question": "joint", "is-not": "not-sure"}]},
        ),
        question("age", "number", hint=text("In full years"), least=0, most=120, choices=[choice("not-said")]),
        question("since", "date", least="1950-01-01", most="2030-12-31", optional=True),
        question("clinic", "text", most=80, for_physician=True),
        question(
            "trial",
            "trial-number",
            choices=[choice("no-number")],
            when={"any": [{"question": "age", "at-least": 18}, {"all": [{"question": "since", "answered": True}]}]},
        ),
    ]


def document(**changes: Any) -> dict[str, Any]:
    """A small valid aid. A keyword of `FILES` replaces what that file holds; of `aid` only the keys that are given."""
    held: dict[str, Any] = {
        "aid": head(),
        "questions": [section(*every_kind())],
        "guidance": [
            item("see-doctor", "urgent", now="call-911", when={"all": [{"question": "health", "is": "cancer"}]}),
            item("not-approved"),
            item("too-young", rank=5, when={"all": [{"question": "age", "less-than": 18}]}),
            item("waiting", "alternative", option=option(), when={"any": [{"question": "joint", "answered": True}]}),
            item("ask-number", "ask", when={"all": [{"fact": "registry", "is": "not-found"}]}),
        ],
        "meaning": [
            slot(
                1,
                sentence("means-young", when={"all": [{"question": "age", "less-than": 18}]}),
                sentence("means-always"),
            ),
            slot(2),
            slot(3),
        ],
        "evidence": [evidence("E-1"), evidence("E-2", kind="effect", certainty="low", unused="Kept for later.")],
        "sources": [source("label")],
        "glossary": [term("exosome", evidence=["E-1"])],
        "pages": [page("about")],
    }
    head_changes = changes.pop("aid", {})
    held.update(changes)
    made = {FILES[key]: copy.deepcopy(value) for key, value in held.items()}
    if isinstance(head_changes, Mapping):
        made["aid.yaml"].update(copy.deepcopy(dict(head_changes)))
    for each in made["pages.yaml"]:
        for language in made["aid.yaml"]["languages"]:
            made[f"pages/{each['slug']}.{language}.md"] = f"## {each['slug']}\n\nText.\n"
    return made


def asking(*questions: dict[str, Any], guidance: list[dict[str, Any]] | None = None, **changes: Any) -> dict[str, Any]:
    """A document of these questions in one section; guidance and sentences ask for no answer unless told otherwise."""
    changes.setdefault("meaning", [slot(1), slot(2), slot(3)])
    return document(questions=[section(*questions)], guidance=guidance or [item("not-approved")], **changes)


def aid(**changes: Any) -> Aid:
    """The small aid, read."""
    return read(document(**changes))
