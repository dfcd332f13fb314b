"""The inbox: what patients shared with the practice, what a physician acts on first at the top."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from questionnaire.models import Review
from questionnaire.physician import filter_forms, frame, searches
from questionnaire.physician.access import caller, physician
from questionnaire.physician.filter_forms import Asked
from questionnaire.physician.searches import SearchForm
from questionnaire.physician.summary import age
from questionnaire.services import checking, inbox, listing, staff
from questionnaire.services.listing import Listed, Row

STATE_NAMES = {inbox.OPEN: "Open", **dict(Review.State.choices), inbox.ALL: "All"}


@require_http_methods(["GET", "HEAD", "POST"])
@physician
def inbox_page(request: HttpRequest) -> HttpResponse:
    """A page of the list; a search is sent to the same address, and answered with another that holds no name."""
    asked = filter_forms.asked(request)
    if request.method != "POST":
        return _shown(request, asked, SearchForm(initial=asked.kept.words if asked.kept else ""))
    form = SearchForm(request.POST)
    if not form.is_valid():
        return _shown(request, asked, form, 422)
    token = searches.keep(request.session, form.cleaned_data["words"])
    # Whoever looks for a patient means all of them, not only those that are open.
    return redirect(reverse("physician:inbox") + asked.query(search=token, state=inbox.ALL))


def _shown(request: HttpRequest, asked: Asked, form: SearchForm, status: int = 200) -> HttpResponse:
    try:
        listed = listing.look(
            by=caller(request), filters=asked.filters, search=asked.search, after=asked.after, before=asked.before
        )
    except staff.NotAllowed:
        raise PermissionDenied from None
    counts = inbox.counts()
    context = {
        "asked": asked,
        "search_form": form,
        "error": form.errors.get("words", [""])[0] if form.is_bound else "",
        "form": asked.form,
        "here": asked.query(),
        "here_filters": asked.query(search="").removeprefix("?"),
        "unsearched": asked.query(search=""),
        "unfiltered": asked.query(**dict.fromkeys((*listing.KINDS, "mine", "since", "until"), "")),
        "states": [_state(asked, state, counts[state]) for state in inbox.STATES],
        "shared": counts[inbox.ALL],
        "rows": [_row(row, asked) for row in listed.rows],
        **_places(asked, listed),
    }
    return frame.page(request, "physician/inbox.html", context, status)


def _state(asked: Asked, state: str, count: int) -> dict[str, Any]:
    query = asked.query(state="" if state == inbox.OPEN else state)
    return {"name": STATE_NAMES[state], "query": query, "count": count, "here": state == asked.filters.state}


def _places(asked: Asked, listed: Listed) -> dict[str, Any]:
    """Where the neighbouring pages are; a walk that was broken off goes on the way it went."""
    earlier, later = listed.page.earlier, listed.page.later
    found: dict[str, Any] = {
        "earlier": asked.query(before=str(earlier)) if earlier else "",
        "later": asked.query(after=str(later)) if later else "",
        "go_on": "",
    }
    if listed.page.unfinished:
        way = "earlier" if asked.before else "later"
        found["go_on"], found[way] = found[way], ""
    return found


def _row(row: Row, asked: Asked) -> dict[str, Any]:
    review = row.review
    return {
        "row": row,
        "address": f"/physician/{review.pk}/{asked.behind}",
        "state": STATE_NAMES[review.state],
        "ending": review.get_ending_display(),
        "age": ago(review.shared_at, timezone.now()),
        "years": age(row.who.born, checking.today()) if row.who else "",
    }


def ago(moment: dt.datetime, now: dt.datetime) -> str:
    """How long ago, in the largest unit that tells something: 5 min, 3 h, 12 d."""
    minutes = max(0, int((now - moment).total_seconds())) // 60
    if minutes < 60:
        return f"{minutes} min" if minutes else "now"
    return f"{minutes // 60} h" if minutes < 48 * 60 else f"{minutes // (24 * 60)} d"
