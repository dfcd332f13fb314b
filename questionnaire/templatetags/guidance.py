"""What the staff's templates need beyond their context."""

from __future__ import annotations

from typing import Any

from django import template

from questionnaire.domain.places import Place
from questionnaire.editor import frame

register = template.Library()


@register.simple_tag
def review_notice(user: Any) -> str:
    """That the content's review is due; empty for whoever is not signed in as staff."""
    return frame.review_notice() if user.is_staff else ""


@register.filter
def room_of(place: str) -> str:
    """The room in a place's words."""
    return Place.parse(place).room


@register.filter
def name_of(place: str) -> str:
    """The name in a place's words."""
    return Place.parse(place).name
