"""What somebody typed is not lost because their session ended: it comes back on a page and can be sent again."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode

from questionnaire.signin import held_words

ROOMS = ("/admin/", "/physician/")
DOORS = ("/admin/login/", "/admin/logout/")

SIGNED_OUT = (
    "You were signed out",
    "Nothing was stored yet. What you typed is below. Sign in in another tab, come back to this one, and send it "
    "again.",
)
NO_FACTOR = (
    "Your second factor is missing",
    "Nothing was stored yet. What you typed is below. Set up your second factor in another tab, come back to this one, "
    "and send it again.",
)
TOO_LONG = (
    "This page had been open too long",
    "Nothing was stored yet. What you typed is below: look at it and send it again. If this comes back, allow cookies "
    "for this site.",
)


OURS = (
    "from",
    "revision",
    "then",
    "prepared",
    "unsent",
    "act",
    "asked",
    "filters",
    "_save",
    "_continue",
    "_addanother",
)
"""Fields and buttons that pages of ours fill in by themselves; they are sent again, but nobody typed them."""


def is_worth_holding(request: HttpRequest) -> bool:
    """A form of the staff's rooms that a page of ours sent. What another site sends is never shown as typed here."""
    ours = request.headers.get("Sec-Fetch-Site", "same-origin") in ("same-origin", "none")
    return request.method == "POST" and ours and request.path_info.startswith(ROOMS) and request.path_info not in DOORS


def page(request: HttpRequest, why: tuple[str, str]) -> HttpResponse:
    """Status 403, with everything that was typed but passwords, which no page shows."""
    title, text = why
    typed = [
        (name, value)
        for name in request.POST
        if name != "csrfmiddlewaretoken" and "password" not in name
        for value in request.POST.getlist(name)
    ]
    # What was left empty goes along unseen.
    kept = [pair for pair in typed if pair[0] in OURS or not pair[1]]
    door = f"{reverse('account_login')}?{urlencode({'next': reverse('signin:back')})}" if why is not TOO_LONG else ""
    context = {"title": title, "text": text, "kept": kept, "address": request.get_full_path(), "door": door}
    path = request.path_info
    held = (pair for pair in typed if pair not in kept)
    context["held"] = [(name, held_words.label_of(name, path), value) for name, value in held]
    context["sending"] = held_words.sending(path)
    return render(request, "staff/held.html", context, status=403)
