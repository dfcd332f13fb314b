"""Share a finished response with the practice, see what became of it, take it back."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.safestring import SafeString
from django.views.decorators.http import require_http_methods, require_safe

from questionnaire.exports import guidance
from questionnaire.models import FinishedVersion, Practice
from questionnaire.pages.texts import filled
from questionnaire.patient import browser, pages
from questionnaire.patient.questions import no_answers, where_next
from questionnaire.patient.sharing_form import SharingForm
from questionnaire.services import editions, finishing, network, practices, responses, return_codes, sharing
from questionnaire.services.responses import Gone, Walk

CHANGED = (
    "You have changed an answer in another tab. Look over your answers there and confirm them. "
    "Then press Share my answers again."
)
STALE = (
    "This page had been open too long to be sent. What you typed is still here. Press Share my answers again. "
    "If this comes back, allow cookies for this site."
)


@require_http_methods(["GET", "HEAD", "POST"])
def share(request: HttpRequest) -> HttpResponse:
    """What sharing means, and the form for it; sent, it takes effect at once."""
    walk = browser.walk(request)
    if walk is None:
        return browser.forget(no_answers(request)) if request.method == "POST" else redirect("start")
    found = _shareable(walk)
    if isinstance(found, str):
        return redirect(found)
    if request.method == "POST":
        return _share(request, walk, found)
    if not finishing.is_current(found, walk):
        return redirect(where_next(walk))
    return share_page(request, walk, found, SharingForm(_alternatives(found), pages.today()))


def _shareable(walk: Walk) -> FinishedVersion | str:
    """The version to be shared, or the address at which this person must go on instead."""
    if walk.response.is_shared:
        return "/shared/"
    version = None if walk.urgent_unseen else finishing.latest(walk)
    return version or where_next(walk)


def _share(request: HttpRequest, walk: Walk, version: FinishedVersion) -> HttpResponse:
    form = bound_form(request, version)
    if not form.is_valid():
        return share_page(request, walk, version, form, 422)
    try:
        sharing.share(walk=walk, **form.cleaned_data, address=network.address(request))
        code = "" if walk.response.code_hash else return_codes.give(walk=walk)
        walk = responses.find(walk.response.pk)
    except sharing.AlreadyShared:
        return redirect("shared")
    except sharing.NothingToShare:
        return share_page(request, walk, version, form, 409, notice=CHANGED)
    except return_codes.TooManyTries as error:
        minutes = "1 minute" if error.minutes == 1 else f"{error.minutes} minutes"
        told = f"Too many people have shared from here just now. Press Share my answers again in {minutes}."
        return share_page(request, walk, version, form, 429, notice=told)
    except Gone:
        return browser.forget(no_answers(request))
    # What is shared is kept longer, and so is the cookie that leads to it.
    return browser.remember(_shared_page(request, walk, {"fresh": True, "code": code}), walk)


def bound_form(request: HttpRequest, version: FinishedVersion) -> SharingForm:
    return SharingForm(_alternatives(version), pages.today(), request.POST)


def _alternatives(version: FinishedVersion) -> list[tuple[str, str]]:
    """Slug and name of each alternative that this version describes to the patient."""
    aid = editions.aid_of(version.edition_id)
    if guidance.is_overdue(aid, pages.today()):
        return []
    shown = {each.slug for each in finishing.shown_outcome(version).items}
    return [
        (each.slug, each.name[version.language]) for each in aid.triage.alternatives if shown.intersection(each.items)
    ]


def share_page(
    request: HttpRequest, walk: Walk, version: FinishedVersion, form: SharingForm, status: int = 200, notice: str = ""
) -> HttpResponse:
    days = (sharing.until_when(walk.response, now := timezone.now()) - now).days
    context = _frame(walk, days=days) | {"form": form, "notice": notice, "back": "/result/"}
    if not finishing.is_current(version, walk):
        context["confirm"] = where_next(walk)
    return pages.page(request, "patient/share.html", context, status)


@require_safe
def shared(request: HttpRequest) -> HttpResponse:
    """What was shared, and what became of it."""
    walk = browser.walk(request)
    if walk is None:
        return redirect("start")
    return _shared_page(request, walk, {}) if walk.response.is_shared else redirect("result")


def _shared_page(request: HttpRequest, walk: Walk, more: dict[str, Any]) -> HttpResponse:
    status = sharing.status(walk)
    if status is None:
        return redirect("result")
    names = {each.slug: each.name[walk.response.language] for each in walk.aid.triage.alternatives}
    preferred = [names[slug] for slug in status.review.preferred if slug in names]
    context = _frame(walk) | {"status": status, "preferred": preferred, "back": "/result/"} | more
    return pages.page(request, "patient/shared.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: HttpRequest) -> HttpResponse:
    """Ask first, then take it back at once."""
    walk = browser.walk(request)
    if request.method == "POST":
        try:
            if walk is None:
                raise Gone
            sharing.withdraw(walk=walk)
        except Gone:
            return browser.forget(no_answers(request))
        context = _frame(walk, days=settings.RETENTION_DAYS) | {"done": True}
        return pages.page(request, "patient/withdraw.html", context)
    if walk is None:
        return redirect("start")
    if not walk.response.is_shared:
        return redirect("result")
    return pages.page(request, "patient/withdraw.html", _frame(walk) | {"back": "/shared/"})


def on_guidance_page(walk: Walk, practice: Practice, notes: dict[str, SafeString]) -> dict[str, Any]:
    """What the guidance page says of sharing: the offer, or what became of it."""
    status = sharing.status(walk)
    return {
        "practice_name": name_of(practice),
        "status": status,
        "offer": "" if status else filled(notes["share_offer"], practice=name_of(practice)),
    }


def name_of(practice: Practice) -> str:
    """The practice in a sentence; a demonstration copy may have no name for it."""
    return practice.name or "the practice"


def _frame(walk: Walk, **values: object) -> dict[str, Any]:
    """The frame of a page with the fixed texts on sharing, their places filled in."""
    practice, language = practices.current(), walk.response.language
    values["practice"] = name_of(practice)
    notes = {slug: filled(text, **values) for slug, text in pages.notes(walk.aid, language).items()}
    return pages.about_edition(walk.aid, language, bool(practice.missing)) | {
        "notes": notes,
        "practice_name": values["practice"],
        "go_on": "/result/",
    }
