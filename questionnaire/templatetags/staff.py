"""What every page of the staff shows of the person before it: who they are, where they may go, when it ends."""

from __future__ import annotations

from typing import Any

from django import template
from django.http import HttpRequest
from django.template import Context
from django.urls import reverse

from questionnaire.signin import access, sessions

register = template.Library()


@register.inclusion_tag("staff/who.html", takes_context=True)
def who(context: Context) -> dict[str, Any]:
    """Name, the other rooms, own sign-in, sign-out; nothing for whoever is not signed in.

    The room that the page is in has its own links beside these.
    """
    request = context["request"]
    entered = _rooms(request)
    here = access.room_of(request.path_info, entered)
    others = [room for room in entered if room[1] != here]
    return {"user": request.user, "rooms": others, "csrf_token": context.get("csrf_token")}


@register.simple_tag(takes_context=True)
def rooms(context: Context) -> list[tuple[str, str]]:
    """Name and address of each room that this person may enter."""
    return _rooms(context["request"])


@register.simple_tag(takes_context=True)
def reads_responses(context: Context) -> bool:
    """Whether the links of the physicians' room lead this person anywhere."""
    return any(address == access.INBOX for _, address in _rooms(context["request"]))


@register.simple_tag(takes_context=True)
def start(context: Context) -> dict[str, str]:
    """Name and address of where this person's work begins: the way out of a page that they cannot use."""
    request = context["request"]
    if not request.user.is_authenticated:
        return {"name": "Sign in", "address": reverse("account_login")}
    name, address = access.start(request.user, _rooms(request))
    return {"name": "Back to the inbox" if address == access.INBOX else f"Go to “{name}”", "address": address}


@register.inclusion_tag("staff/session.html", takes_context=True)
def session_end(context: Context) -> dict[str, Any]:
    """Where static/staff.js warns that the session is about to end, and covers the page once it has."""
    request = context["request"]
    if not request.user.is_authenticated:
        return {"left": None}
    return {"left": int(min(sessions.seconds_left(request.session))), "who": request.user.pk}


def _rooms(request: HttpRequest) -> list[tuple[str, str]]:
    """Asked once for each page, however often it is shown."""
    if not hasattr(request, "rooms_entered"):
        request.rooms_entered = access.rooms(request.user)  # type: ignore[attr-defined]
    found: list[tuple[str, str]] = request.rooms_entered  # type: ignore[attr-defined]
    return found
