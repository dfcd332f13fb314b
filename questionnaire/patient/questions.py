"""Start, one question a page, check your answers."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_safe

from questionnaire.domain.outcome import Unfinished
from questionnaire.exports import guidance
from questionnaire.models import StudyCheck
from questionnaire.pages import whole
from questionnaire.pages.forms import QuestionForm
from questionnaire.patient import browser, pages
from questionnaire.services import editions, finishing, network, practices, responses, trials
from questionnaire.services.responses import Walk


@require_safe
def start(request: HttpRequest) -> HttpResponse:
    walk = browser.walk(request)
    edition = editions.live()
    aid = editions.aid_of(edition.pk)
    practice = practices.current()
    context = {
        **pages.about_edition(aid, aid.language, bool(practice.missing)),
        "aid": aid,
        "decision": aid.decision[aid.language],
        "notes": pages.notes(aid, aid.language),
        "edition": edition,
        "practice": practice,
        "first": aid.questions[0].slug,
        "walk": walk,
        "resume": where_next(walk) if walk else "",
        "overdue": guidance.is_overdue(aid, pages.today()),
    }
    return pages.page(request, "patient/start.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def question(request: HttpRequest, slug: str) -> HttpResponse:
    walk = browser.walk(request)
    if walk is None:
        return _first_question(request, slug)
    if request.method == "POST":
        return _take(request, walk, slug)
    if not walk.journey.may_see(slug):
        return redirect(where_next(walk))
    asked = walk.aid.question[slug]
    return pages.question_page(
        request,
        edition_id=walk.response.edition_id,
        language=walk.response.language,
        question=asked,
        given=walk.journey.answers.get(slug),
        back=back_address(walk, slug),
        moved=walk.response.moved_from is not None and walk.journey.open is asked,
    )


def _first_question(request: HttpRequest, slug: str) -> HttpResponse:
    """Nothing is stored before the first answer, so the first question is shown to a browser without a response."""
    edition = editions.live()
    aid = editions.aid_of(edition.pk)
    first = aid.questions[0]
    if request.method == "POST" and slug != first.slug:
        return no_answers(request)
    if slug != first.slug:
        return redirect("question", first.slug)
    if request.method != "POST":
        return pages.question_page(
            request, edition_id=edition.pk, language=aid.language, question=first, given=None, back="/", moved=False
        )
    form = QuestionForm(first, aid.language, data=request.POST)
    if not form.is_valid():
        return pages.refused_page(request, edition_id=edition.pk, language=aid.language, form=form, back="/")
    walk = responses.begin(edition=edition, language=aid.language, slug=first.slug, answer=form.cleaned_data["stored"])
    return browser.remember(redirect(_after(request, walk, slug)), walk)


def _take(request: HttpRequest, walk: Walk, slug: str) -> HttpResponse:
    """Take an answer in: read it, store it, go on."""
    if not walk.journey.may_see(slug):
        return _out_of_reach(request, walk)
    if request.POST.get("then") == "save" and not (request.POST.get("answer") or request.POST.get("instead")):
        return redirect("save")
    form = bound_form(request, walk, slug)
    if not form.is_valid():
        return pages.refused_page(
            request,
            edition_id=walk.response.edition_id,
            language=walk.response.language,
            form=form,
            back=back_address(walk, slug),
        )
    try:
        walk = responses.answer(walk=walk, slug=slug, answer=form.cleaned_data["stored"])
    except (responses.OutOfReach, responses.NotAnAnswer):
        return _out_of_reach(request, walk)
    except responses.Gone:
        return browser.forget(no_answers(request))
    # Answers are kept so long after the last change, and the cookie that leads to them no shorter.
    return browser.remember(redirect(_after(request, walk, slug)), walk)


def bound_form(request: HttpRequest, walk: Walk, slug: str) -> QuestionForm:
    return QuestionForm(walk.aid.question[slug], walk.response.language, data=request.POST)


def _after(request: HttpRequest, walk: Walk, slug: str) -> str:
    """Where an answer leads: urgent guidance goes before a wish to stop here, and that before the study's number."""
    if walk.urgent_unseen:
        return where_next(walk)
    if request.POST.get("then") == "save":
        return "/save/"
    if walk.aid.question[slug].kind == "trial-number" and trials.to_ask(walk):
        return "/study/"
    return where_next(walk)


def where_next(walk: Walk) -> str:
    """The address at which this person goes on.

    The study's number is looked up right after its question. Who went past that without an answer is asked at the end,
    so that a question on the way costs no more than it does without.
    """
    if walk.urgent_unseen:
        return "/urgent/"
    if walk.journey.open:
        return f"/q/{walk.journey.open.slug}/"
    return "/study/" if trials.to_ask(walk) else "/check/"


def back_address(walk: Walk, slug: str) -> str:
    before = walk.journey.before(slug)
    return f"/q/{before.slug}/" if before else "/"


def _out_of_reach(request: HttpRequest, walk: Walk) -> HttpResponse:
    context = {
        "title": "That question is not on your way now",
        "text": "Another answer of yours, or a new edition of the questions, leads past it. Your answers are kept.",
        "action": where_next(walk),
        "action_words": "Go on with the questions",
    }
    return pages.page(request, "patient/error.html", context, 409)


def no_answers(request: HttpRequest) -> HttpResponse:
    context = {
        "title": "There are no answers in this browser",
        "text": "They were erased, or kept too long ago. If you have a code, you can come back with it.",
        "action": "/return/",
        "action_words": "Come back with a code",
        "second": "/",
        "second_words": "Start again",
    }
    return pages.page(request, "patient/error.html", context, 410)


@require_http_methods(["GET", "HEAD", "POST"])
def check(request: HttpRequest) -> HttpResponse:
    walk = browser.walk(request)
    if walk is None:
        return redirect("start")
    if walk.urgent_unseen or not walk.journey.complete or trials.to_ask(walk):
        return redirect(where_next(walk))
    if request.method == "POST":
        return _finish(request, walk)
    context = whole.check_page(walk.journey, walk.response.language, practices.is_demonstration())
    context |= {"back": f"/q/{walk.journey.path[-1].slug}/", "study": _study(walk)}
    return pages.page(request, "patient/check.html", context)


def _study(walk: Walk) -> tuple[str, ...]:
    """What the person said of the study under their number, as words; empty without a number."""
    told = trials.told(walk)
    if told is None:
        return ()
    said = StudyCheck.Said(told.said).label if told.said else "We could not show it to you"
    return (said, *filter(None, (told.name, told.city)))


def _finish(request: HttpRequest, walk: Walk) -> HttpResponse:
    # Asked before the guidance is made, since nobody may wait for the registry within a transaction.
    trials.check(walk, address=network.address(request))
    if trials.to_ask(walk):
        # It could not be shown to them before.
        return redirect("study")
    try:
        finishing.finish(walk=walk)
    except Unfinished:
        # Another tab opened a question between showing this page and sending it.
        return redirect("check")
    except responses.Gone:
        return browser.forget(no_answers(request))
    return redirect("result")
