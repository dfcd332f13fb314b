"""Read claims, their sources and the words of the glossary, noting everything that is wrong with them."""

from __future__ import annotations

from questionnaire.domain import content
from questionnaire.domain.entries import Entry


def evidence(entry: Entry) -> content.Evidence:
    kind = entry.word("kind", content.EVIDENCE_KINDS)
    scale = content.EFFECT_CERTAINTY if kind == "effect" else content.STATEMENT_CERTAINTY
    found = content.Evidence(
        id=entry.word("id"),
        claim=entry.text("claim"),
        kind=kind,
        certainty=entry.word("certainty", scale),
        read=entry.word("read", content.READ_AT),
        sources=entry.words("sources"),
        last_checked=entry.date("last_checked"),
        note=entry.word("note", default=""),
        unused=entry.word("unused", default=""),
    )
    entry.finish()
    return found


def source(entry: Entry) -> content.Source:
    found = content.Source(
        slug=entry.slug(),
        title=entry.word("title"),
        publisher=entry.word("publisher"),
        date=entry.word("date", default=""),
        url=entry.word("url", default=""),
        kind=entry.word("kind", content.SOURCE_KINDS),
        last_checked=entry.date("last_checked"),
    )
    entry.finish()
    return found


def term(entry: Entry) -> content.Term:
    forms = entry.inner(entry.get("forms"), "forms")
    found = content.Term(
        slug=entry.slug(),
        word=entry.text("word"),
        forms={language: forms.words(language) for language in entry.languages},
        meaning=entry.text("meaning"),
        evidence=entry.words("evidence", needed=False),
    )
    forms.finish()
    entry.finish()
    return found
