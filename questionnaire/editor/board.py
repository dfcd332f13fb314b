"""The board: what is live, where the draft stands, and the one thing to do next."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from questionnaire.domain.compare import differences
from questionnaire.editor import frame
from questionnaire.editor.access import guidance_editor, guidance_staff
from questionnaire.models import Edition
from questionnaire.services import checking, drafts, editions, opening, recalls, staff
from questionnaire.services.drafts import Draft

STEPS_SHOWN = 40


@require_safe
@guidance_staff
def board(request: HttpRequest) -> HttpResponse:
    draft = drafts.current()
    try:
        live: Edition | None = editions.live()
    except editions.NoEdition:
        live = None
    published = editions.change_log(editions.SHIPPED_AID)
    context: dict[str, Any] = {"draft": draft, "live": live, "published": published}
    if live is not None:
        aid = editions.aid_of(live.pk)
        context |= {"aid": aid, "days": checking.next_review_in(aid, checking.today())}
    if draft is not None:
        steps = draft.edition.steps.select_related("by").order_by("-number")[:STEPS_SHOWN]
        changed = differences(_base(draft), draft.document) if draft.edition.based_on_id else []
        context |= {"steps": steps, "changed": len(changed), "advice": advice(draft, request.user), "last": steps[0]}
    safety = next((each for each in published if each.safety_change), None)
    if safety is not None:
        context |= {
            "safety": safety,
            "waiting": recalls.waiting(safety).count(),
            "list_ready": recalls.is_finished(safety),
        }
    return frame.page(request, "editor/board.html", context)


def _base(draft: Draft) -> Any:
    assert draft.edition.based_on_id is not None
    return editions.document_of(Edition.objects.get(pk=draft.edition.based_on_id))


def advice(draft: Draft, user: Any) -> str:
    """What this person can do next about the draft, in one sentence."""
    edition = draft.edition
    if not draft.locked:
        if user.has_perm(staff.EDIT):
            return "Change what needs changing, see that the checks find nothing, then send it to review."
        return "The editors are working on it. You can look at it; you will sign it when it is in review."
    involved = user.pk in (edition.last_changed_by_id, edition.submitted_by_id)
    if user.has_perm(staff.APPROVE) and not involved:
        return "It waits for you: look at what changes, then publish it or say which changes you want."
    if involved:
        return "It waits for a clinical approver. You worked on it yourself, so somebody else must sign."
    return "It waits for a clinical approver."


@require_POST
@guidance_editor
def open_draft(request: HttpRequest) -> HttpResponse:
    """Open a draft from the edition that is named."""
    try:
        edition = editions.numbered(int(request.POST.get("from", "")))
        draft = opening.open_from(by=request.user, edition=edition)
    except (ValueError, editions.NoEdition) as error:
        if isinstance(error, opening.DraftOpen):
            messages.warning(request, "A draft is open already. One is open at a time: go on with it, or discard it.")
            return redirect("guidance:board")
        return frame.sorry(request, "There is no such edition", "Go back to the board and choose one of its list.", 404)
    messages.success(
        request, f"Edition {draft.number} is open as a draft with the content of edition {edition.number}."
    )
    return redirect("guidance:contents")


@require_http_methods(["GET", "HEAD", "POST"])
@guidance_editor
def discard(request: HttpRequest) -> HttpResponse:
    """Ask first, then delete the draft."""
    draft = drafts.current()
    if draft is None:
        return redirect("guidance:board")
    if request.method != "POST":
        changes = draft.edition.steps.exclude(kind="opened").count()
        return frame.page(request, "editor/discard.html", {"draft": draft, "changes": changes})
    try:
        drafts.discard(by=request.user, revision=int(request.POST.get("revision") or 0))
    except (drafts.Conflict, drafts.Locked, ValueError):
        text = "Somebody worked on the draft since you opened this page, so it was not discarded. Look at it again."
        return frame.sorry(request, "The draft has changed", text)
    messages.success(request, f"The draft of edition {draft.edition.number} is discarded.")
    return redirect("guidance:board")
