"""After a study's number: what the registry has under it, and whether that is the study the person was told about."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from questionnaire.domain.ladder import LONGEST_SHOWN
from questionnaire.domain.trial_record import TrialRecord
from questionnaire.exports.ladder import RECORD, filled
from questionnaire.exports.words import day_words
from questionnaire.pages import texts
from questionnaire.patient import browser, pages
from questionnaire.patient.questions import no_answers, where_next
from questionnaire.patient.study_form import StudyForm
from questionnaire.services import network, practices, registry, trials
from questionnaire.services.registry import Known
from questionnaire.services.responses import Gone, Walk

CHANGED = (
    "You have changed the number in another tab. Here is what the registry has under the new one. Look at it again."
)
STALE = (
    "This page had been open too long to be sent. What you chose and typed is still here. Press Continue again. "
    "If this comes back, allow cookies for this site."
)


@require_http_methods(["GET", "HEAD", "POST"])
def study(request: HttpRequest) -> HttpResponse:
    """What the registry has under the number; sent, what the person says of it is kept."""
    walk = browser.walk(request)
    if walk is None:
        return browser.forget(no_answers(request)) if request.method == "POST" else redirect("start")
    if walk.urgent_unseen or not trials.number_of(walk):
        return redirect(where_next(walk))
    if request.method == "POST":
        return _take(request, walk)
    known = trials.check(walk, address=network.address(request))
    held = trials.told(walk)
    given = {"said": held.said, "clinic": held.name, "city": held.city} if held else {}
    return study_page(request, walk, known, StudyForm(given=given))


def _take(request: HttpRequest, walk: Walk) -> HttpResponse:
    # What the page showed is known already, so nobody waits for the registry here.
    known = registry.known(trials.number_of(walk))
    form = StudyForm(request.POST)
    values = {"said": "", "clinic": "", "city": ""}
    later = request.POST.get("then") == "save"
    if later and not any(request.POST.get(each, "").strip() for each in values):
        return redirect("save")
    if request.POST.get("number") != known.number:
        return study_page(
            request, walk, trials.check(walk, address=network.address(request)), form, 409, notice=CHANGED
        )
    if _shown_record(known):
        if not request.POST.get("asked"):
            # The registry has answered since their page was made, so now there is something to ask.
            return redirect("study")
        if not form.is_valid():
            return study_page(request, walk, known, form, 422)
        values = form.cleaned_data
    try:
        trials.say(walk=walk, number=known.number, **values)
    except trials.NumberChanged:
        return redirect("study")
    except Gone:
        return browser.forget(no_answers(request))
    return browser.remember(redirect("save" if later else where_next(walk)), walk)


def study_page(
    request: HttpRequest, walk: Walk, known: Known | None, form: StudyForm, status: int = 200, notice: str = ""
) -> HttpResponse:
    if known is None:
        return redirect(where_next(walk))
    question = next(each for each in walk.journey.path if each.kind == "trial-number")
    context = pages.about_edition(walk.aid, walk.response.language, bool(practices.current().missing))
    context |= texts.part_of(walk.aid, walk.response.language, question)
    context |= _told(walk, known) | {"form": form, "notice": notice, "back": f"/q/{question.slug}/"}
    return pages.page(request, "patient/study.html", context, status)


def _shown_record(known: Known) -> TrialRecord | None:
    """The record that is shown: a fresh one, or an older copy while there is no newer answer."""
    return known.record if known.state in ("found", "not-checked") else None


def _told(walk: Walk, known: Known) -> dict[str, Any]:
    """What the registry has, in the words of the aid; the record's own texts are untrusted."""
    words, language, record = walk.aid.trial.words, walk.response.language, _shown_record(known)
    notes = [filled(words["moved"][language], known.moved_to)] if known.moved_to else []
    if known.state in ("not-checked", "not-found"):
        notes.append(words[known.state][language])
    if record is not None and known.copy is not None and known.state == "not-checked":
        notes.append(filled(words["old-copy"][language], day_words(_day(known.copy.confirmed_at), language)))
    shown = known.copy if record is not None else None
    checked = shown.confirmed_at if shown else known.checked_at
    return {
        "number": known.number,
        "moved_to": known.moved_to,
        "notes_on_it": notes,
        "record": record,
        "listed": (record.title[:LONGEST_SHOWN], record.sponsor[:LONGEST_SHOWN]) if record else ("", ""),
        "link": RECORD.format(number=known.moved_to or known.number),
        "checked": day_words(_day(checked), language) if checked else "",
        "data": day_words(shown.data_day, language) if shown else "",
        "not_approval": words["listing-is-not-approval"][language],
        "nobody_runs_it": words["sponsor-not-stated"][language],
    }


def _day(moment: dt.datetime) -> dt.date:
    return timezone.localtime(moment).date()
