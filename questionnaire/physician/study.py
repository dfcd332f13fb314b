"""A physician asks the registry again for the study of a response."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.defaultfilters import date
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from questionnaire.physician import errors, filters, frame, response, texts
from questionnaire.physician.access import caller
from questionnaire.physician.opened import of_one_response
from questionnaire.physician.study_words import DAY, why
from questionnaire.services import trial_review
from questionnaire.services.registry import Known
from questionnaire.services.trial_review import Checked, NoNumber

_SAID = {
    "found": "The registry answered.",
    "not-found": "The registry lists no study under this number.",
    "moved": "The registry lists this study under another number now.",
}
_FLAGGED = "The patient has not read this, so this response is flagged."


@require_http_methods(["GET", "HEAD", "POST"])
@of_one_response
def check_again(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Ask, tell what came of it, and go back to the page."""
    place = f"{reverse('physician:response', args=(pk,))}{filters.carried(request).link}#study"
    if request.method != "POST":
        return redirect(place)
    try:
        checked = trial_review.check_again(by=caller(request), pk=pk)
    except NoNumber:
        text = "The patient gave no number of a study by now, so there is nothing to look up."
        return frame.sorry(request, "There is no number to check", text, 409, errors.typed(request))
    failed = bool(checked.wait or checked.known.reason)
    (messages.warning if failed else messages.success)(request, _told(checked))
    typed = texts.typed(request)
    # Nothing that somebody was writing is lost by a look at the registry.
    return response.shown(request, pk, typed=typed) if typed else redirect(place)


def _told(checked: Checked) -> str:
    if checked.wait:
        seconds = f"{checked.wait} second{'' if checked.wait == 1 else 's'}"
        said = f"The registry was asked for this number a moment ago. Try again in {seconds}."
    else:
        said = _answer(checked.known)
    return f"{said} {_FLAGGED}" if checked.flagged else said


def _answer(known: Known) -> str:
    """What the registry said now, or why it said nothing, and what holds until it does."""
    if not known.reason:
        return _SAID[known.state]
    if known.state == "not-checked" or known.checked_at is None:
        return f"{why(known.reason)} Nothing new is known of the study. Try again in a minute."
    return f"{why(known.reason)} What it said on {date(known.checked_at, DAY)} still stands here."
