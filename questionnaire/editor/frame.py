"""What every page of the guidance editor shows around its content."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from questionnaire.models import Edition
from questionnaire.services import checking, editions, staff

SOON = 60
"""Days before the next review from which every page of the staff says so."""


def page(request: HttpRequest, template: str, context: dict[str, Any], status: int = 200) -> HttpResponse:
    """Render a page of the editor."""
    around = {
        "may_edit": request.user.has_perm(staff.EDIT),
        "may_approve": request.user.has_perm(staff.APPROVE),
    }
    return render(request, template, around | context, status=status)


def review_notice() -> str:
    """That the content's review is due soon or overdue; empty while it is not, or nothing is live."""
    try:
        aid = editions.aid_of(editions.live().pk)
    except (editions.NoEdition, editions.Tampered):
        return ""
    left = checking.next_review_in(aid, checking.today())
    date = f"{aid.next_review:%B} {aid.next_review.day}, {aid.next_review.year}"
    if left < 0:
        return f"The review of the guidance was due on {date}. Patients read that it is overdue."
    if left <= SOON:
        return f"The review of the guidance is due in {left} day{'' if left == 1 else 's'}, on {date}."
    return ""


def may_edit_draft(user: Any, edition: Edition) -> bool:
    """Whether this person can change this edition now."""
    return bool(user.has_perm(staff.EDIT)) and edition.status == Edition.Status.DRAFT


def sorry(request: HttpRequest, title: str, text: str, status: int = 409, kept: Any = ()) -> HttpResponse:
    """A page for what could not be done; `kept` is what was typed, by field, so that nothing is lost."""
    return page(request, "editor/sorry.html", {"title": title, "text": text, "kept": kept}, status)
