"""What every page of the staff shows of the person before it: who they are, where they may go, when it ends."""

from __future__ import annotations

from typing import Any

from django import template
from django.template import Context

from questionnaire.signin import access, sessions

register = template.Library()


@register.inclusion_tag("staff/who.html", takes_context=True)
def who(context: Context) -> dict[str, Any]:
    """Name, rooms, own sign-in, sign-out; nothing for whoever is not signed in."""
    request = context["request"]
    return {"user": request.user, "rooms": access.rooms(request.user), "csrf_token": context.get("csrf_token")}


@register.simple_tag(takes_context=True)
def rooms(context: Context) -> list[tuple[str, str]]:
    """Name and address of each room that this person may enter."""
    return access.rooms(context["request"].user)


@register.inclusion_tag("staff/session.html", takes_context=True)
def session_end(context: Context) -> dict[str, Any]:
    """Where static/staff.js warns that the session is about to end."""
    request = context["request"]
    if not request.user.is_authenticated:
        return {"left": None}
    return {"left": int(min(sessions.seconds_left(request.session)))}
