"""When an entry is shown or asked: the page where its condition is put together."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from questionnaire.domain.compare import Words
from questionnaire.domain.conditions import fact_key
from questionnaire.domain.content import Aid
from questionnaire.domain.places import Place
from questionnaire.editor import frame, specs
from questionnaire.editor.access import guidance_editor
from questionnaire.editor.condition_forms import OPERATOR_WORDS, ConditionForm
from questionnaire.editor.entries import GONE
from questionnaire.editor.places_of import conflict_context, elsewhere, heading, no_longer, opened
from questionnaire.services import drafts
from questionnaire.services.drafts import Conflict, Draft, WouldBreak


@require_http_methods(["GET", "HEAD", "POST"])
@guidance_editor
def when(request: HttpRequest, room: str, name: str) -> HttpResponse:
    """Rows of tests. Every button but Save only shows the form again, with what was picked so far."""
    if room not in specs.WITH_CONDITION:
        raise Http404
    draft, place, stored = opened(room, name)
    if draft is None or draft.locked:
        return no_longer(request, drafts.Locked() if draft else drafts.NoDraft())
    if request.method != "POST":
        form = ConditionForm(draft.aid, stored.get("when"))
        return _page(request, draft, place, stored, form, drafts.fingerprint(stored))
    form = ConditionForm(draft.aid, stored.get("when"), request.POST)
    act = request.POST.get("act", "save")
    if act != "save":
        form.do(act)
        form = form if act == "show" else _again(form)
        return _page(request, draft, place, stored, form, request.POST.get("base", ""))
    return _save(request, draft, place, stored, form)


def _again(form: ConditionForm) -> ConditionForm:
    for part in form.parts:
        for row in part.tests:
            row.errors.clear()
    return form


def _save(
    request: HttpRequest, draft: Draft, place: Place, stored: dict[str, Any], form: ConditionForm
) -> HttpResponse:
    base = request.POST.get("base", "")
    if not form.is_valid():
        return _page(request, draft, place, stored, form, base, 422)
    made = {**stored, "when": form.when()}
    if made["when"] is None:
        del made["when"]
    try:
        drafts.save(by=request.user, place=place, entry=made, base=base)
    except WouldBreak as error:
        for problem, where in zip(error.problems, error.places, strict=True):
            if where in (place, None):
                form.add_problem(problem.message)
        return _page(request, draft, place, stored, form, base, 422, elsewhere=elsewhere(error, place))
    except Conflict as conflict:
        more = conflict_context(conflict, draft)
        return _page(request, draft, place, stored, form, drafts.fingerprint(conflict.theirs), 409, **more)
    except drafts.TooLarge as error:
        form.general.append(f"{str(error)[0].upper()}{str(error)[1:]}.")
        return _page(request, draft, place, stored, form, base, 422)
    except GONE as error:
        return no_longer(request, error)
    messages.success(request, "The condition is saved in the draft.")
    return redirect("guidance:entry", place.room, place.name)


def _page(
    request: HttpRequest,
    draft: Draft,
    place: Place,
    stored: dict[str, Any],
    form: ConditionForm,
    base: str,
    status: int = 200,
    **more: Any,
) -> HttpResponse:
    context = {
        "draft": draft,
        "place": place,
        "title": heading(place, stored),
        "form": form,
        "base": base,
        "now": Words.of(draft.document).condition(stored.get("when")),
        "subjects": _subjects(draft.aid, place),
        "operators": OPERATOR_WORDS.items(),
        "verb": "Ask this question" if place.room == "question" else "Show this",
    }
    return frame.page(request, "editor/when.html", context | more, status)


def _subjects(aid: Aid, place: Place) -> list[tuple[str, list[tuple[str, str]]]]:
    """Questions by section, for a question only those asked before it; then facts."""
    language = aid.language
    before = [question.slug for question in aid.questions]
    if place.room == "question":
        before = before[: before.index(place.name)]
    groups = [
        (
            section.title[language],
            [(q.slug, q.short[language]) for q in aid.questions if q.section == section.slug and q.slug in before],
        )
        for section in aid.sections
    ]
    groups.append(("Found out by the program", [(fact_key(fact.slug), fact.slug) for fact in aid.facts]))
    return [(title, held) for title, held in groups if held]
