"""Save and come back, return by code, erase."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.safestring import mark_safe
from django.views.decorators.http import require_http_methods

from questionnaire.pages.forms import ReturnForm
from questionnaire.patient import browser, pages
from questionnaire.patient.questions import where_next
from questionnaire.services import editions, network, practices, responses, return_codes
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
    notes = pages.notes(walk.aid, walk.response.language)
    kept = mark_safe(notes["answers_kept"].replace("{days}", str(settings.RETENTION_DAYS)))
    context = _frame(walk) | {"code": code, "kept": kept, "go_on": _where(walk), "back": _where(walk)}
    return pages.page(request, "patient/saved.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def come_back(request: HttpRequest) -> HttpResponse:
    form = ReturnForm(request.POST if request.method == "POST" else None)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                walk = return_codes.come_back(typed=form.cleaned_data["code"], address=network.address(request))
                return browser.remember(redirect(_where(walk)), walk)
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
    return pages.page(request, "patient/erase.html", _frame(walk) | {"back": _where(walk)})


def _frame(walk: Walk) -> dict[str, object]:
    language = walk.response.language
    return pages.about_edition(walk.aid, language, practices.is_demonstration()) | {
        "notes": pages.notes(walk.aid, language)
    }


def _where(walk: Walk) -> str:
    """Back to the guidance if it is there, else to where the questions go on."""
    version = responses.latest(walk)
    return "/result/" if version and responses.is_current(version, walk) else where_next(walk)
