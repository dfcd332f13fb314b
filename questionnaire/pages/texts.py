"""Parts of pages as HTML, made from an aid: the frame, a question, a card, a source. Nothing is kept here."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from django.template.loader import render_to_string
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from questionnaire.domain.content import REQUIRED_NOTES, Aid, Source
from questionnaire.domain.questions import Question, Text
from questionnaire.exports import guidance, markup
from questionnaire.services import editions

_PLACE = re.compile(r"\{([a-z]+)\}")


def about_edition(aid: Aid, language: str, demonstration: bool) -> dict[str, Any]:
    """What the frame of every page needs."""
    return {
        "aid_title": aid.title[language],
        "aid_name": aid.notes["name"][language],
        "language": language,
        "emergency": markup.html(aid.notes["emergency"][language]),
        "demo": markup.html(aid.notes["demo"][language]) if demonstration else "",
    }


def notes(aid: Aid, language: str) -> dict[str, SafeString]:
    """The aid's fixed texts as HTML, by slug with underscores, as templates name them."""
    return {slug.replace("-", "_"): markup.html(_in(text, language)) for slug, text in _all_notes(aid).items()}


def _all_notes(aid: Aid) -> Mapping[str, Text]:
    """The aid's own, and where an edition is older than a page of the program, the shipped aid's for that page."""
    missing = [slug for slug in REQUIRED_NOTES if slug not in aid.notes]
    if not missing:
        return aid.notes
    shipped = editions.shipped_document()["aid.yaml"]["notes"]
    return {slug: shipped[slug] for slug in missing} | dict(aid.notes)


def _in(text: Text, language: str) -> str:
    return text[language] if language in text else next(iter(text.values()))


def filled(text: SafeString, **values: object) -> SafeString:
    """A fixed text with its places, such as {days}, filled in. Each value is escaped; other places stay as they are."""
    return mark_safe(_PLACE.sub(lambda found: escape(values.get(found[1], found[0])), text))


def question_context(aid: Aid, language: str, question: Question, back: str, demonstration: bool) -> dict[str, Any]:
    """What the page of a question shows around its form."""
    texts = [question.text[language], question.hint[language] if question.hint else ""]
    texts += [choice.text[language] for choice in question.choices]
    return {
        **about_edition(aid, language, demonstration),
        **part_of(aid, language, question),
        "question": question,
        "back": back,
        "terms": guidance.terms_in(aid.terms, " ".join(texts), language),
    }


def part_of(aid: Aid, language: str, question: Question) -> dict[str, Any]:
    """How far the person is: the section that this question is of, and its place among all."""
    sections = [section.slug for section in aid.sections]
    return {
        "section": aid.section[question.section].title[language],
        "part": sections.index(question.section) + 1,
        "parts": len(sections),
    }


def card_html(aid: Aid, language: str, slug: str, why: tuple[tuple[str, str], ...], edit: str = "") -> SafeString:
    """One item of guidance, with the answers that made it appear.

    Args:
        edit: address under which entries are edited, for a link on the item; empty for patients.
    """
    card = guidance.card_of(aid, aid.item[slug], why, language)
    template = "parts/option.html" if card.option else "parts/card.html"
    fixed = notes(aid, language)
    context: dict[str, Any] = {"card": card, "body": markup.html(card.body), "notes": fixed, "edit": edit}
    if card.option:
        context["texts"] = [(fixed[f"option_{key}"], markup.html(text)) for key, text in card.option.texts]
        context["word"] = aid.certainty[card.option.certainty].word[language]
    return mark_safe(render_to_string(template, context))


def source_html(source: Source) -> SafeString:
    """One source, for a list of sources."""
    return mark_safe(render_to_string("parts/source.html", {"source": source}))
