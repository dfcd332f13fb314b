"""Pages for what went wrong: each says what to do next, and none loses what was typed."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseServerError
from django.template.loader import render_to_string
from django.urls import Resolver404, resolve

from questionnaire.pages.forms import QuestionForm, ReturnForm
from questionnaire.patient import browser, keeping, pages, questions, sharing, study
from questionnaire.patient.study_form import StudyForm
from questionnaire.services import editions, finishing, registry, responses, trials

STALE = (
    "This page had been open too long to be sent. Your answer is still here. Press Continue again. "
    "If this comes back, allow cookies for this site."
)
STALE_CODE = (
    "This page had been open too long to be sent. Your code is still here. Press Come back again. "
    "If this comes back, allow cookies for this site."
)


def _error(request: HttpRequest, status: int, title: str, text: str) -> HttpResponse:
    context = {"title": title, "text": text, "action": "/", "action_words": "Go to the start page"}
    return pages.page(request, "patient/error.html", context, status)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    text = "Something in what your browser sent could not be read. Your saved answers are kept. Go back and try again."
    return _error(request, 400, "We could not read that", text)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _error(request, 403, "You cannot open this page", "It needs rights that you do not have here.")


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _error(request, 404, "There is no such page", "The address may be mistyped, or the page has moved.")


def server_error(request: HttpRequest) -> HttpResponse:
    """Rendered without the database or the request, since either may be what failed."""
    context: dict[str, Any] = {
        "title": "Something went wrong here",
        "text": "It is not your fault, and your saved answers are kept. Wait a minute and try again.",
        "action": "/",
        "action_words": "Go to the start page",
    }
    return HttpResponseServerError(render_to_string("patient/error.html", context))


def nothing_published() -> HttpResponse:
    context = {
        "title": "Nothing is published here yet",
        "text": "Whoever runs this copy is still setting it up. Try again later.",
        "action": "/",
        "action_words": "Try again",
    }
    return HttpResponse(render_to_string("patient/error.html", context), status=503)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A page sent with a stale token comes back with what was typed in it and a fresh token."""
    try:
        match = resolve(request.path_info)
    except Resolver404:
        match = None
    if match is not None and match.url_name == "return":
        form = ReturnForm(request.POST)
        if form.is_valid():
            form.add_error("code", STALE_CODE)
        return keeping.return_page(request, form, 403)
    walk = browser.walk(request)
    if match is not None and match.url_name == "question":
        refused = _same_question(request, str(match.kwargs["slug"]), walk)
        if refused is not None:
            return refused
    if match is not None and match.url_name == "share":
        refused = _same_sharing(request, walk)
        if refused is not None:
            return refused
    if match is not None and match.url_name == "study" and walk is not None and trials.number_of(walk):
        known = registry.known(trials.number_of(walk))
        return study.study_page(request, walk, known, StudyForm(request.POST), 403, notice=study.STALE)
    context = {
        "title": "This page was open too long",
        "text": "Nothing was changed, and your saved answers are kept. Open the page again and repeat your last step. "
        "If this comes back, allow cookies for this site.",
        "action": request.path_info if match is not None else "/",
        "action_words": "Open the page again",
    }
    return pages.page(request, "patient/error.html", context, 403)


def _same_question(request: HttpRequest, slug: str, walk: responses.Walk | None) -> HttpResponse | None:
    """The question again, bound to what was sent; None when this browser cannot see that question."""
    if walk is None:
        edition_id = editions.live().pk
        aid = editions.aid_of(edition_id)
        asked, language = aid.questions[0], aid.language
        if slug != asked.slug:
            return None
    else:
        if not walk.journey.may_see(slug):
            return None
        asked, language, edition_id = walk.aid.question[slug], walk.response.language, walk.response.edition_id
    form = QuestionForm(asked, language, data=request.POST)
    return pages.refused_page(
        request,
        edition_id=edition_id,
        language=language,
        form=form,
        back=questions.back_address(walk, slug) if walk else "/",
        status=403,
        notice=STALE,
    )


def _same_sharing(request: HttpRequest, walk: responses.Walk | None) -> HttpResponse | None:
    """The page for sharing again, with what was typed; None when this browser has nothing to share."""
    version = finishing.latest(walk) if walk else None
    if walk is None or version is None:
        return None
    form = sharing.bound_form(request, version)
    return sharing.share_page(request, walk, version, form, 403, notice=sharing.STALE)
