"""Walk an edition as any person would, with answers that only this editor's session holds; no response is made."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from questionnaire.domain.content import Aid
from questionnaire.domain.journey import Journey
from questionnaire.domain.outcome import outcome, urgent
from questionnaire.domain.questions import Answer
from questionnaire.editor import frame
from questionnaire.editor.access import guidance_staff
from questionnaire.exports import guidance
from questionnaire.exports.guidance import Card
from questionnaire.models import Edition, Practice
from questionnaire.pages import texts, whole
from questionnaire.pages.forms import QuestionForm
from questionnaire.services import checking, drafts, editions, practices

KEY = "preview"
AT = "/admin/guidance/preview"
EDIT = "/admin/guidance/draft/"
ABOUT = "about"


@dataclass
class Walk:
    """What is walked, and what has been answered."""

    edition: Edition
    aid: Aid
    answers: dict[str, Answer]
    facts: dict[str, str]
    words: str
    seen: list[str]

    @property
    def journey(self) -> Journey:
        return Journey(self.aid, self.answers, self.facts)

    @property
    def urgent_unseen(self) -> bool:
        return any(shown.slug not in self.seen for shown in urgent(self.aid, self.journey))

    @property
    def next_address(self) -> str:
        if self.urgent_unseen:
            return f"{AT}/urgent/"
        opened = self.journey.open
        return f"{AT}/q/{opened.slug}/" if opened else f"{AT}/check/"


def walk_of(request: HttpRequest) -> Walk:
    """The walk of this session, on the open draft, or on the live edition when there is none.

    Raises:
        editions.NoEdition: there is neither.
    """
    held = request.session.get(KEY, {})
    draft = drafts.current()
    edition = draft.edition if draft else editions.numbered(editions.live().number)
    aid = draft.aid if draft else editions.aid_of(edition.pk)
    return Walk(
        edition,
        aid,
        held.get("answers", {}),
        held.get("facts", {}),
        held.get("words", ""),
        held.get("seen", []),
    )


def _keep(request: HttpRequest, walk: Walk) -> None:
    held = {"answers": walk.answers, "facts": walk.facts, "words": walk.words, "seen": walk.seen}
    request.session[KEY] = held


def _page(request: HttpRequest, walk: Walk, template: str, context: dict[str, Any], status: int = 200) -> HttpResponse:
    may_edit = frame.may_edit_draft(request.user, walk.edition)
    bar = render_to_string("editor/preview_bar.html", {"walk": walk, "may_edit": may_edit}, request)
    around = {"at": AT, "bar": bar, "edit": EDIT if may_edit else "", "token": _token(request)}
    return HttpResponse(render_to_string(template, around | context), status=status)


def _token(request: HttpRequest) -> str:
    return get_token(request)


def _card_text(request: HttpRequest, walk: Walk) -> whole.CardText:
    edit = EDIT if frame.may_edit_draft(request.user, walk.edition) else ""
    return lambda card: texts.card_html(walk.aid, walk.aid.language, card.slug, card.why, edit)


def _frame_of(walk: Walk) -> dict[str, Any]:
    return texts.about_edition(walk.aid, walk.aid.language, practices.is_demonstration())


@require_safe
@guidance_staff
def start(request: HttpRequest) -> HttpResponse:
    walk = walk_of(request)
    aid, practice = walk.aid, practices.current()
    context = {
        **texts.about_edition(aid, aid.language, bool(practice.missing)),
        "aid": aid,
        "decision": aid.decision[aid.language],
        "notes": texts.notes(aid, aid.language),
        "edition": _dated(walk.edition),
        "practice": practice,
        "first": aid.questions[0].slug,
        "overdue": guidance.is_overdue(aid, checking.today()),
    }
    return _page(request, walk, "patient/start.html", context)


def _dated(edition: Edition) -> Edition:
    """With a date to show: a draft is shown as if it were published today."""
    edition.published_at = edition.published_at or timezone.now()
    return edition


@require_POST
@guidance_staff
def restart(request: HttpRequest) -> HttpResponse:
    request.session.pop(KEY, None)
    return redirect("guidance:preview")


@require_POST
@guidance_staff
def person(request: HttpRequest) -> HttpResponse:
    """Take on the answers of an example person, as far as this edition's questions accept them."""
    try:
        given = json.loads(request.POST.get("person", ""))
        answers, facts, words = dict(given["answers"]), dict(given["facts"]), str(given["words"])[:1000]
    except (ValueError, KeyError, TypeError):
        text = "What was sent is not a person. Go back to the list and press the button again."
        return frame.sorry(request, "This person could not be read", text, 400)
    walk = walk_of(request)
    known = {fact.slug: fact.values for fact in walk.aid.facts}
    walk.answers = {
        slug: answer
        for slug, answer in answers.items()
        if slug in walk.aid.question and _is_answer(answer) and walk.aid.question[slug].accepts(answer)
    }
    walk.facts = {slug: value for slug, value in facts.items() if value in known.get(slug, ())}
    walk.words, walk.seen = words, []
    _keep(request, walk)
    return redirect(walk.next_address)


def _is_answer(given: Any) -> bool:
    """Whether it has the form of a stored answer, so that a question can be asked whether it accepts it."""
    if isinstance(given, dict):
        return all(isinstance(each, str) for pair in given.items() for each in pair)
    if isinstance(given, list):
        return all(isinstance(each, str) for each in given)
    return given is None or isinstance(given, str)


@require_http_methods(["GET", "HEAD", "POST"])
@guidance_staff
def question(request: HttpRequest, slug: str) -> HttpResponse:
    walk = walk_of(request)
    journey = walk.journey
    if not journey.may_see(slug):
        return redirect(walk.next_address)
    asked, language = walk.aid.question[slug], walk.aid.language
    before = journey.before(slug)
    back = f"{AT}/q/{before.slug}/" if before else f"{AT}/"
    context = texts.question_context(walk.aid, language, asked, back, practices.is_demonstration())
    if request.method != "POST":
        form = QuestionForm(asked, language, given=walk.answers.get(slug))
        return _page(request, walk, "patient/question.html", context | {"form": form})
    form = QuestionForm(asked, language, data=request.POST)
    if not form.is_valid():
        return _page(request, walk, "patient/question.html", context | {"form": form}, 422)
    walk.answers = {**walk.answers, slug: form.cleaned_data["stored"]}
    _keep(request, walk)
    return redirect(walk.next_address)


@require_http_methods(["GET", "HEAD", "POST"])
@guidance_staff
def check(request: HttpRequest) -> HttpResponse:
    walk = walk_of(request)
    if walk.urgent_unseen or not walk.journey.complete:
        return redirect(walk.next_address)
    if request.method == "POST":
        return redirect("guidance:preview-result")
    context = whole.check_page(walk.journey, walk.aid.language, practices.is_demonstration())
    return _page(request, walk, "patient/check.html", context | {"back": f"{AT}/q/{walk.journey.path[-1].slug}/"})


@require_http_methods(["GET", "HEAD", "POST"])
@guidance_staff
def urgent_now(request: HttpRequest) -> HttpResponse:
    walk = walk_of(request)
    shown = urgent(walk.aid, walk.journey)
    if not shown:
        return redirect(walk.next_address)
    if request.method == "POST":
        walk.seen = [each.slug for each in shown]
        _keep(request, walk)
        return redirect(walk.next_address)
    context = whole.urgent_page(
        walk.aid,
        walk.answers,
        shown,
        language=walk.aid.language,
        practice=practices.current(),
        card_text=_card_text(request, walk),
    )
    return _page(request, walk, "patient/urgent.html", context | {"back": f"{AT}/q/{walk.aid.questions[0].slug}/"})


@require_safe
@guidance_staff
def result(request: HttpRequest) -> HttpResponse:
    walk = walk_of(request)
    if walk.urgent_unseen or not walk.journey.complete:
        return redirect(walk.next_address)
    return _page(request, walk, "patient/result.html", _result(request, walk, practices.current()))


def _result(request: HttpRequest, walk: Walk, practice: Practice) -> dict[str, Any]:
    def source(slug: str) -> str:
        return texts.source_html(walk.aid.source[slug])

    def card(shown: Card) -> str:
        return _card_text(request, walk)(shown)

    return whole.guidance_page(
        walk.aid,
        walk.answers,
        outcome(walk.aid, walk.answers, walk.facts),
        language=walk.aid.language,
        edition=_dated(walk.edition),
        finished=timezone.now(),
        practice=practice,
        today=checking.today(),
        card_text=card,
        source_text=source,
        facts=walk.facts,
    )


@require_safe
@guidance_staff
def background(request: HttpRequest, slug: str = ABOUT) -> HttpResponse:
    """A background page; the words and the sources have their own."""
    walk = walk_of(request)
    aid, language = walk.aid, walk.aid.language
    context = _frame_of(walk) | {
        "edition": _dated(walk.edition),
        "aid": aid,
        "practice": practices.current(),
        "notes": texts.notes(aid, language),
        "back": f"{AT}/",
    }
    if slug == "words":
        return _page(request, walk, "patient/words.html", context | whole.words_page(aid, language))
    if slug == "sources":
        cited = [entry.id for entry in aid.evidence if not entry.unused]
        sources = guidance.sources_of(aid, cited)
        return _page(request, walk, "patient/sources.html", context | {"sources": sources})
    found = aid.page.get(slug)
    if found is None:
        raise Http404
    context |= whole.background_page(aid, found, language) | {
        "others": [(page.slug, page.title[language]) for page in aid.pages if page.slug != ABOUT],
        "is_about": slug == ABOUT,
        "changes": editions.change_log(aid.slug) if slug == ABOUT else [],
    }
    return _page(request, walk, "patient/page.html", context)
