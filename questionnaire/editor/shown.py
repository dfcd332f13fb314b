"""One entry alone as a patient will see it, in a frame beside the form where it is changed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_http_methods

from questionnaire.domain import places, reading
from questionnaire.domain.content import Aid
from questionnaire.domain.places import NoSuchPlace, Place
from questionnaire.domain.reading import Document
from questionnaire.editor.access import guidance_staff
from questionnaire.editor.entry_forms import EntryForm
from questionnaire.exports import guidance, markup
from questionnaire.pages import texts, whole
from questionnaire.pages.forms import QuestionForm
from questionnaire.services import drafts, editions

SCHEMES = ("light", "dark")


@require_http_methods(["GET", "HEAD", "POST"])
@xframe_options_sameorigin
@guidance_staff
def shown(request: HttpRequest, room: str, name: str) -> HttpResponse:
    """The entry of the draft or of the live edition; with a POST of its form, as the form has it, unsaved."""
    place = Place(room, name)
    asked = request.POST if request.method == "POST" else request.GET
    scheme = asked.get("scheme", "")
    context: dict[str, Any] = {"scheme": scheme if scheme in SCHEMES else "light"}
    document = _document(request.GET.get("which", "draft"))
    try:
        if request.method == "POST":
            document = _with_form(document, place, request)
        aid, problems = reading.draft(document)
        broken = [problem.message for problem in problems if problem.breaks]
        context |= {"broken": broken} if broken else parts(aid, document, place)
    except NoSuchPlace:
        context["missing"] = True
    context["token"] = get_token(request)
    return render(request, "editor/shown.html", context)


def _document(which: str) -> Document:
    draft = drafts.current()
    if which == "draft" and draft is not None:
        return draft.document
    try:
        return editions.document_of(editions.numbered(editions.live().number))
    except editions.NoEdition:
        raise Http404 from None


def _with_form(document: Document, place: Place, request: HttpRequest) -> Document:
    aid, _ = reading.draft(document)
    form = EntryForm(place.room, places.get(document, place), aid, request.POST)
    form.is_valid()
    return places.put(document, place, form.entry())


def parts(aid: Aid, document: Document, place: Place) -> dict[str, Any]:
    """What there is to see of this entry, by the part of the template that shows it."""
    entry, language = places.get(document, place), aid.language
    if place.room == "item":
        return {"card": texts.card_html(aid, language, place.name, ())}
    if place.room == "question":
        question = aid.question[place.name]
        context = texts.question_context(aid, language, question, "", False)
        return {**context, "form": QuestionForm(question, language)}
    if place.room == "page":
        return {"article": whole.background_page(aid, aid.page[place.name], language)}
    if place.room == "source":
        return {"source": texts.source_html(aid.source[place.name])}
    if place.room == "evidence":
        return {"claim": guidance.claim_view(aid, aid.claim[place.name], language)}
    if place.room == "note":
        return {"prose": markup.html(aid.notes[place.name][language])}
    return {"lines": list(_lines(entry, language))}


def _lines(entry: Mapping[str, Any], language: str) -> list[tuple[str, bool]]:
    """(text, is it a heading) of an entry that is a few plain words."""
    found = []
    for key in ("title", "word", "text", "decision", "meaning"):
        held = entry.get(key)
        if isinstance(held, Mapping) and language in held:
            found.append((str(held[language]), key in ("title", "word")))
    return found
