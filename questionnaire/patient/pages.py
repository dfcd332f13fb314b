"""Pages as text. What depends only on an edition and an answer is rendered once and kept.

A published edition never changes, so the page of one question with one answer is always the same text but for the
token against forged requests; that is put in last. Nothing a person typed in their own words is kept.
"""

from __future__ import annotations

import datetime as dt
import json
import secrets
from functools import lru_cache
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.template.loader import render_to_string

from questionnaire.domain.questions import TYPED_KINDS, Answer, Question
from questionnaire.exports import markup
from questionnaire.pages import texts
from questionnaire.pages.forms import QuestionForm
from questionnaire.pages.texts import about_edition, notes
from questionnaire.services import editions, practices

__all__ = ["about_edition", "notes", "page", "question_page", "refused_page", "today"]

TOKEN_PLACE = secrets.token_hex()
"""Stands where the token goes. Nobody can know it, so nothing that a person types is taken for it."""
_TOKEN_MARK = TOKEN_PLACE.encode()


def page(request: HttpRequest, template: str, context: dict[str, Any], status: int = 200) -> HttpResponse:
    """Render a page afresh."""
    return _reply(request, _rendered(template, context), status)


def _rendered(template: str, context: dict[str, Any]) -> bytes:
    """As it is sent: kept so, a page needs half the memory that its text would, and no encoding at each request."""
    return render_to_string(template, {"token": TOKEN_PLACE, **context}).encode()


def _reply(request: HttpRequest, text: bytes, status: int) -> HttpResponse:
    if _TOKEN_MARK in text:
        text = text.replace(_TOKEN_MARK, get_token(request).encode())
    return HttpResponse(text, status=status)


def question_page(
    request: HttpRequest, *, edition_id: int, language: str, question: Question, given: Answer, back: str, moved: bool
) -> HttpResponse:
    """The page of a question, with the answer given before, if any."""
    demonstration = practices.is_demonstration()
    key = (edition_id, language, question.slug, back, moved, demonstration)
    if question.kind in TYPED_KINDS and isinstance(given, str):
        return _reply(request, _question_text(*key, json.dumps(given)), 200)
    return _reply(request, _kept_question_text(*key, json.dumps(given)), 200)


def refused_page(
    request: HttpRequest,
    *,
    edition_id: int,
    language: str,
    form: QuestionForm,
    back: str,
    status: int = 422,
    notice: str = "",
) -> HttpResponse:
    """The page of a question whose answer was refused, with all that was typed."""
    aid = editions.aid_of(edition_id)
    context = texts.question_context(aid, language, form.question, back, practices.is_demonstration())
    return page(request, "patient/question.html", context | {"form": form, "stale": notice}, status)


def _question_text(
    edition_id: int, language: str, slug: str, back: str, moved: bool, demonstration: bool, given: str
) -> bytes:
    aid = editions.aid_of(edition_id)
    question = aid.question[slug]
    context = texts.question_context(aid, language, question, back, demonstration)
    context["form"] = QuestionForm(question, language, given=json.loads(given))
    context["moved"] = markup.html(aid.notes["moved"][language]) if moved else ""
    return _rendered("patient/question.html", context)


_kept_question_text = lru_cache(maxsize=2048)(_question_text)


def today() -> dt.date:
    return dt.datetime.now(dt.UTC).date()
