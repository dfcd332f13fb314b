"""One edition: who signed it, what changed in it, and how it differs from another."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from questionnaire.domain.compare import differences
from questionnaire.domain.reading import Document
from questionnaire.editor import frame
from questionnaire.editor.access import guidance_staff
from questionnaire.models import Edition
from questionnaire.services import drafts, editions, recalls


@require_safe
@guidance_staff
def edition(request: HttpRequest, number: int) -> HttpResponse:
    try:
        shown = editions.numbered(number)
    except editions.NoEdition:
        raise Http404 from None
    others = [each for each in editions.change_log(shown.aid) if each.number != number]
    wanted = request.GET.get("with", "") or (str(_before(shown, others)) if others else "")
    context = {
        "edition": shown,
        "steps": shown.steps.select_related("by").order_by("number"),
        "others": others,
        "has_draft": drafts.current() is not None,
        "wanted": wanted,
        "waiting": recalls.waiting(shown).count() if shown.safety_change else 0,
    }
    other = _document(wanted)
    if other is not None:
        context["differences"] = differences(other, editions.document_of(shown))
    return frame.page(request, "editor/edition.html", context)


def _before(shown: Edition, others: list[Edition]) -> int:
    """The edition before this one, or else the one after it."""
    return max((each.number for each in others if each.number < shown.number), default=others[-1].number)


def _document(wanted: str) -> Document | None:
    if wanted == "draft":
        draft = drafts.current()
        return draft.document if draft else None
    try:
        return editions.document_of(editions.numbered(int(wanted)))
    except (ValueError, editions.NoEdition):
        return None
