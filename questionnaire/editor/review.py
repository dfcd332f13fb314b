"""What a draft changes, for whom; and the two signatures."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from questionnaire.domain.compare import differences, title
from questionnaire.domain.findings import Person
from questionnaire.domain.places import NoSuchPlace, Place, get
from questionnaire.domain.reading import RULES, Document
from questionnaire.editor import frame
from questionnaire.editor.access import guidance_staff
from questionnaire.models import Edition
from questionnaire.services import checking, drafts, editions, publishing, recalls, staff
from questionnaire.services import differences as responses_that_differ
from questionnaire.services.drafts import Draft

SECONDS_FOR_RESPONSES = 3.0
SECONDS_FOR_RECALLS = 5.0


@require_http_methods(["GET", "HEAD", "POST"])
@guidance_staff
def review(request: HttpRequest) -> HttpResponse:
    draft = drafts.current()
    if draft is None:
        messages.info(request, "No draft is open, so there is nothing to review.")
        return redirect("guidance:board")
    if request.method == "POST":
        return _act(request, draft)
    return _page(request, draft, {})


def _page(
    request: HttpRequest, draft: Draft, typed: dict[str, Any], error: str = "", status: int = 200
) -> HttpResponse:
    report = checking.report(draft.edition)
    context: dict[str, Any] = {
        "draft": draft,
        "report": report,
        "typed": typed or _noted(draft.edition),
        "error": error,
    }
    context |= impact(draft)
    edition, user = draft.edition, request.user
    context["same_person"] = user.pk in (edition.last_changed_by_id, edition.submitted_by_id)
    return frame.page(request, "editor/review.html", context, status)


def _noted(edition: Edition) -> dict[str, Any]:
    """What the first signer said, for the second to confirm or correct."""
    return {"change_note": edition.change_note, "safety_change": edition.safety_change}


def impact(draft: Draft) -> dict[str, Any]:
    """What publishing the draft would change against what is live: texts, people, finished responses."""
    try:
        live = editions.numbered(editions.live().number)
    except editions.NoEdition:
        return {"live": None}
    before = editions.document_of(live)
    since = timezone.now() - dt.timedelta(days=365)
    counted = responses_that_differ.count(after=draft.aid, since=since, seconds=SECONDS_FOR_RESPONSES)
    found: dict[str, Any] = {
        "live": live,
        "differences": differences(before, draft.document),
        "rules_changed": [file for file in RULES if before.get(file) != draft.document.get(file)],
        "counted": counted,
    }
    try:
        audiences = checking.audiences(before, draft.document)
    except checking.NotProved as error:
        return found | {"audiences": [], "audiences_failed": str(error)}
    return found | {
        "audiences": [
            {
                "place": f"{each.room}/{each.slug}",
                "title": _title(Place(each.room, each.slug), draft.document, before),
                "grows": _told(each.grows),
                "shrinks": _told(each.shrinks),
            }
            for each in audiences
        ]
    }


def _told(person: Person | None) -> dict[str, str] | None:
    if person is None:
        return None
    held = {"answers": person.answers, "facts": person.facts, "words": person.words}
    return {"words": person.words, "json": json.dumps(held)}


def _title(place: Place, *documents: Document) -> str:
    for document in documents:
        try:
            return title(place, get(document, place))
        except NoSuchPlace:
            continue
    return place.name


def _act(request: HttpRequest, draft: Draft) -> HttpResponse:
    """One signature, or one step back."""
    typed = {
        "change_note": request.POST.get("change_note", ""),
        "safety_change": "safety_change" in request.POST,
        "note": request.POST.get("note", ""),
    }
    try:
        done = _done(request, typed)
    except publishing.NotPublishable as error:
        return _page(request, draft, typed, f"This was not done: {error}.", 422)
    except (publishing.ChangedMeanwhile, drafts.NoDraft, ValueError) as error:
        kept = [(name, value) for name, value in typed.items() if value]
        text = f"Nothing was done: {error}. Look at it again before you sign." if str(error) else "Nothing was done."
        return frame.sorry(request, "The draft is not as you saw it", text, 409, kept)
    except (publishing.SamePerson, staff.NotAllowed) as error:
        kept = [(name, value) for name, value in typed.items() if value]
        return frame.sorry(request, "You cannot sign this", f"Nothing was done: {error}.", 403, kept)
    messages.success(request, done)
    return redirect("guidance:board")


def _done(request: HttpRequest, typed: dict[str, Any]) -> str:
    """Carry out what was asked; what to tell the person."""
    named: dict[str, Any] = {
        "by": request.user,
        "edition_id": int(request.POST.get("edition") or 0),
        "revision": int(request.POST.get("revision") or 0),
    }
    signed = {"change_note": typed["change_note"], "safety_change": typed["safety_change"]}
    act = request.POST.get("act")
    if act == "submit":
        edition = publishing.submit(**named, **signed)
        return f"Edition {edition.number} is in review. A clinical approver can now publish it."
    if act == "take-back":
        return f"Edition {publishing.take_back(**named).number} is a draft again."
    if act == "send-back":
        return f"Edition {publishing.send_back(**named, note=typed['note']).number} went back to its editors."
    if act != "publish":
        raise publishing.NotPublishable("choose one of the buttons")
    if "read" not in request.POST:
        raise publishing.NotPublishable("tick that you have read what changes")
    edition = publishing.publish(**named, **signed)
    if not recalls.work(seconds=SECONDS_FOR_RECALLS):
        return f"Edition {edition.number} is live. The list of responses it touches is still being made."
    return f"Edition {edition.number} is live."
