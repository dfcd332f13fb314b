"""A physician asks the registry again for the study of a response."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from questionnaire.physician import filters, frame
from questionnaire.physician.access import caller
from questionnaire.physician.opened import of_one_response
from questionnaire.services import trial_review
from questionnaire.services.trial_review import Checked, NoNumber

_SAID = {
    "found": "The registry answered.",
    "not-found": "The registry lists no study under this number.",
    "moved": "The registry lists this study under another number now.",
    "not-checked": "The registry could not be reached. Try again in a minute.",
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
        return frame.sorry(request, "There is no number to check", text)
    (messages.warning if _failed(checked) else messages.success)(request, _told(checked))
    return redirect(place)


def _failed(checked: Checked) -> bool:
    return checked.known.state == "not-checked"


def _told(checked: Checked) -> str:
    return f"{_SAID[checked.known.state]} {_FLAGGED}" if checked.flagged else _SAID[checked.known.state]
