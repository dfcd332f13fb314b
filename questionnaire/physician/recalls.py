"""The recall list: after a safety change, the patients who shared and would read something else now."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from questionnaire.exports.words import Found
from questionnaire.models import Recall
from questionnaire.physician import done, frame, recall_words
from questionnaire.physician.access import caller, physician
from questionnaire.services import editions, listing, recall_work, recalls, reviews, staff
from questionnaire.services.recall_work import NoRecall, Place
from questionnaire.services.reviews import Conflict, Ended, NothingWritten, NotNow
from questionnaire.services.sealing import unsealed
from questionnaire.services.tally_words import Words

SECONDS = 5.0
"""How long one press of a button goes on with a list."""
ENDED = "The patient has taken this response back, so there is nothing left to work off."


@require_safe
@physician
def recall_list(request: HttpRequest) -> HttpResponse:
    """The list of one safety change: of the newest, or of the edition that the address names."""
    runs = recall_work.runs()
    if not runs:
        return frame.page(request, "physician/recalls.html", {"runs": runs})
    run = next((each for each in runs if str(each.edition.number) == request.GET.get("edition")), runs[0])
    after, done_after = Place.read(request.GET.get("after", "")), _whole(request.GET.get("done", ""))
    try:
        found = recall_work.page(by=caller(request), run=run, after=after, done_after=done_after)
    except staff.NotAllowed:
        raise PermissionDenied from None
    words = Words(editions.aid_of(editions.live().pk))
    context = {
        "runs": runs,
        "list": found,
        "more_than": recall_work.MOST_COUNTED if found.count > recall_work.MOST_COUNTED else None,
        "to_do": [_row(each, words) for each in found.to_do],
        "done": [_row(each, words) for each in found.done],
        "after": after,
        "done_after": done_after,
    }
    return frame.page(request, "physician/recalls.html", context)


def _row(recall: Recall, words: Words) -> dict[str, Any]:
    assert recall.review is not None
    who = reviews.identity(recall.review)
    problem = words.of("problem", recall.review.problem) if recall.review.problem else ""
    by = staff.shown_name(recall.handled_by) if recall.handled_by else ""
    flags = listing.flag_words(editions.aid_of(recall.version.edition_id), recall.review.flags)
    return {"recall": recall, "who": who, "problem": problem, "by": by, "flags": flags}


def _whole(text: str) -> int:
    """The id that a page begins after; 0, for the first page, when the text is none."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 18 else 0


@require_POST
@physician
def go_on(request: HttpRequest) -> HttpResponse:
    """Look through some more finished responses, for whoever does not want to wait for the timer."""
    if recalls.work(seconds=SECONDS):
        messages.success(request, "Every finished response has been looked through.")
    return redirect("physician:recalls")


@require_http_methods(["GET", "HEAD", "POST"])
@physician
def recall(request: HttpRequest, entry: int) -> HttpResponse:
    """One patient of a list."""
    typed = {key: request.POST.get(key, "") for key in ("note", "reply")}
    try:
        if request.method == "POST":
            return _act(request, entry, typed)
        return _page(request, entry, typed)
    except staff.NotAllowed:
        raise PermissionDenied from None
    except NoRecall as error:
        reviews.refused(by=caller(request), pk=None, step="recall", why=type(error).__name__)
        text = "It may have been erased by its patient since, or it is not shared. Go on with the list."
        return frame.sorry(request, "There is no such entry", text, 404, _kept(typed))
    except Ended:
        return frame.sorry(request, "The response was withdrawn", ENDED, 410, _kept(typed))


def _kept(typed: dict[str, str]) -> list[tuple[str, str]]:
    labels = {"note": "The note you had typed", "reply": "The reply you had typed"}
    return [(labels[key], text) for key, text in typed.items() if text]


def _act(request: HttpRequest, pk: int, typed: dict[str, str]) -> HttpResponse:
    """Reply, or work off. Whatever goes wrong, the page comes back with all that was typed."""
    act = request.POST.get("act")
    if act not in ("reply", "done"):
        return _page(request, pk, typed, status=422, errors=[("act", "Say what you want to do.")])
    if act == "done" and typed["reply"].strip():
        error = "You wrote a reply that is not sent. Send it first, or empty its field."
        return _page(request, pk, typed, status=422, errors=[("reply", error)])
    try:
        return _replied(request, pk, typed) if act == "reply" else _worked_off(request, pk, typed)
    except NothingWritten:
        field, least = ("reply", "at least one character and ") if act == "reply" else ("note", "")
        error = f"The {field} needs {least}at most {reviews.LONGEST_TEXT:,} characters."
        return _page(request, pk, typed, status=422, errors=[(field, error)])
    except Conflict as conflict:
        error = "Somebody took a step while this page was open. Nothing of yours was saved; read it, then send again."
        return _page(request, pk, typed, status=409, errors=[("since", error)], since=conflict.since)
    except NotNow:
        error = "There is nothing to work off any more: see above what was done."
        return _page(request, pk, typed, status=409, errors=[("standing", error)])


def _replied(request: HttpRequest, pk: int, typed: dict[str, str]) -> HttpResponse:
    recall_work.reply(by=caller(request), pk=pk, revision=_revision(request), text=typed["reply"])
    messages.success(request, "The reply is there for the patient when they come back.")
    if typed["note"].strip():
        return _page(request, pk, {"note": typed["note"], "reply": ""})
    return redirect("physician:recall", pk)


def _worked_off(request: HttpRequest, pk: int, typed: dict[str, str]) -> HttpResponse:
    entry = recall_work.work_off(by=caller(request), pk=pk, revision=_revision(request), note=typed["note"])
    if entry.review_id is not None:
        # The next page is of somebody else, or of nobody.
        done.keep(request, entry.review_id, "recall")
    following = recall_work.next_after(entry)
    if following is not None:
        return redirect("physician:recall", following)
    reply = redirect("physician:recalls")
    reply["Location"] += f"?edition={entry.edition.number}"
    return reply


def _revision(request: HttpRequest) -> int:
    """The revision that the page showed; one that no review has when the form names none."""
    text = request.POST.get("revision", "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else -1


def _page(request: HttpRequest, pk: int, typed: dict[str, str], status: int = 200, **more: Any) -> HttpResponse:
    found = recall_work.look(by=caller(request), pk=pk)
    assert found.review is not None
    before, after = editions.aid_of(found.version.edition_id), editions.aid_of(found.edition_id)
    answers, language = unsealed(found.version.answers), found.version.language
    differs = recall_work.changes(found)
    known = Found(found.version.facts, found.version.finished_at.date())
    asked = after.question.get(differs.asked)
    context = {
        "recall": found,
        "review": found.review,
        "who": reviews.identity(found.review),
        "changes": [recall_words.told(each, before, after, answers, language, known) for each in differs.changes],
        "asked": asked.text.get(language, "") if asked is not None else "",
        "live": editions.live(),
        "came_back": recall_work.came_back(found),
        "handled_by": staff.shown_name(found.handled_by) if found.handled_by else "",
        "entries": reviews.entries(found.review),
        "present": reviews.present(found.review, but=request.user),
        "next": recall_work.next_after(found),
        "typed": typed,
    }
    return frame.page(request, "physician/recall.html", context | more, status)
