"""Save and come back, return by code, erase."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.formats import date_format
from django.utils.safestring import SafeString
from django.views.decorators.http import require_http_methods

from questionnaire.pages.forms import ReturnForm
from questionnaire.pages.texts import filled
from questionnaire.patient import browser, pages, sharing
from questionnaire.patient.questions import where_next
from questionnaire.services import editions, finishing, network, practices, responses, return_codes
from questionnaire.services.responses import Gone, Walk


@require_http_methods(["GET", "HEAD", "POST"])
def save(request: HttpRequest) -> HttpResponse:
    """Everything is saved already; here the person gets a code, shown this once."""
    walk = browser.walk(request)
    if walk is None:
        return redirect("start")
    code = ""
    if request.method == "POST":
        try:
            code = return_codes.give(walk=walk)
        except Gone:
            return browser.forget(redirect("start"))
    context = _frame(walk) | {"code": code, "kept": _kept(walk), "go_on": _where(walk), "back": _where(walk)}
    return pages.page(request, "patient/saved.html", context)


def _kept(walk: Walk) -> SafeString:
    """For how long the answers are kept, and who can open them."""
    notes = pages.notes(walk.aid, walk.response.language)
    if not walk.response.is_shared:
        return filled(notes["answers_kept"], days=settings.RETENTION_DAYS)
    until = date_format(walk.response.expires_at, "F j, Y")
    return filled(notes["shared_kept"], until=until, practice=sharing.name_of(practices.current()))


@require_http_methods(["GET", "HEAD", "POST"])
def come_back(request: HttpRequest) -> HttpResponse:
    form = ReturnForm(request.POST if request.method == "POST" else None)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                walk = return_codes.come_back(typed=form.cleaned_data["code"], address=network.address(request))
                return browser.remember(redirect(_arrival(walk)), walk)
            except return_codes.UnknownCode:
                form.add_error("code", "No answers have this code. Check each letter, or use your newest code.")
            except return_codes.TooManyTries as error:
                status = 429
                minutes = "1 minute" if error.minutes == 1 else f"{error.minutes} minutes"
                form.add_error("code", f"Too many codes were tried from here. Try again in {minutes}.")
    return return_page(request, form, status)


def return_page(request: HttpRequest, form: ReturnForm, status: int) -> HttpResponse:
    aid = editions.aid_of(editions.live().pk)
    context = pages.about_edition(aid, aid.language, practices.is_demonstration()) | {"form": form, "back": "/"}
    return pages.page(request, "patient/return.html", context, status)


@require_http_methods(["GET", "HEAD", "POST"])
def erase(request: HttpRequest) -> HttpResponse:
    walk = browser.walk(request)
    if request.method == "POST":
        aid = walk.aid if walk else editions.aid_of(editions.live().pk)
        if pk := browser.named(request):
            responses.erase(pk=pk)
        context = pages.about_edition(aid, aid.language, practices.is_demonstration())
        context["notes"] = pages.notes(aid, aid.language)
        return browser.forget(pages.page(request, "patient/erased.html", context))
    if walk is None:
        return redirect("start")
    context = _frame(walk) | {"back": _where(walk)}
    if walk.response.is_shared:
        name = sharing.name_of(practices.current())
        context["too"] = filled(pages.notes(walk.aid, walk.response.language)["erase_shared"], practice=name)
    return pages.page(request, "patient/erase.html", context)


def _frame(walk: Walk) -> dict[str, object]:
    language = walk.response.language
    return pages.about_edition(walk.aid, language, practices.is_demonstration()) | {
        "notes": pages.notes(walk.aid, language)
    }


def _arrival(walk: Walk) -> str:
    """Where a person comes in who has a code: whoever has shared may come for the answer, so to the guidance."""
    return "/result/" if walk.response.is_shared and not walk.urgent_unseen else _where(walk)


def _where(walk: Walk) -> str:
    """Back to the guidance if it is there, else to where the questions go on."""
    version = finishing.latest(walk)
    return "/result/" if version and finishing.is_current(version, walk) else where_next(walk)
