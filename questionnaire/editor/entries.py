"""One entry of the draft: see it, change it, add one, move it, take it out."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_POST

from questionnaire.domain import places
from questionnaire.domain.compare import Words
from questionnaire.domain.places import Place
from questionnaire.editor import frame, specs
from questionnaire.editor.access import guidance_editor, guidance_staff
from questionnaire.editor.entry_forms import EntryForm
from questionnaire.editor.places_of import conflict_context, elsewhere, heading, live_entry, no_longer, opened
from questionnaire.services import drafts, staff
from questionnaire.services.drafts import Conflict, Draft, WouldBreak

GONE = (drafts.Locked, drafts.NoDraft, staff.NotAllowed, places.NoSuchPlace)


@require_http_methods(["GET", "HEAD", "POST"])
@guidance_staff
def entry(request: HttpRequest, room: str, name: str) -> HttpResponse:
    """The form of an entry beside how patients will see it; for whoever may not change it, only to be read."""
    try:
        draft, place, stored = opened(room, name)
    except Http404:
        if request.method == "POST":
            return no_longer(request, places.NoSuchPlace(name) if drafts.current() else drafts.NoDraft())
        raise
    if draft is None or draft.locked or not request.user.has_perm(staff.EDIT):
        if request.method == "POST":
            if not request.user.has_perm(staff.EDIT):
                return no_longer(request, staff.NotAllowed("only an editor can change the draft"))
            return no_longer(request, drafts.Locked() if draft else drafts.NoDraft())
        return _read_only(request, draft, place, stored)
    if request.method != "POST":
        return _form_page(request, draft, place, stored, EntryForm(room, stored, draft.aid))
    return _save(request, draft, place, stored)


def _read_only(request: HttpRequest, draft: Draft | None, place: Place, stored: dict[str, Any]) -> HttpResponse:
    context = {"place": place, "title": heading(place, stored), "draft": draft, "which": "draft" if draft else "live"}
    return frame.page(request, "editor/entry_read.html", context)


def _form_page(
    request: HttpRequest,
    draft: Draft,
    place: Place,
    stored: dict[str, Any],
    form: EntryForm,
    status: int = 200,
    **more: Any,
) -> HttpResponse:
    live = live_entry(place)
    words = Words.of(draft.document)
    context = {
        "draft": draft,
        "place": place,
        "title": heading(place, stored),
        "form": form,
        "base": drafts.fingerprint(stored),
        "in_live": live is not None,
        "changed": live is not None and live != stored,
        "with_condition": place.room in specs.WITH_CONDITION,
        "condition": words.condition(stored.get("when")),
        "movable": place.room in specs.MOVED,
        "removable": place.room in specs.ADDED,
        "room_name": specs.ROOM_NAMES[place.room],
        "history": draft.edition.steps.filter(place=str(place)).select_related("by").order_by("-number")[:10],
    }
    return frame.page(request, "editor/entry.html", context | more, status)


def _save(request: HttpRequest, draft: Draft, place: Place, stored: dict[str, Any]) -> HttpResponse:
    form = EntryForm(place.room, stored, draft.aid, request.POST)
    if not form.is_valid():
        return _form_page(request, draft, place, stored, form, 422, base=request.POST.get("base", ""))
    try:
        drafts.save(by=request.user, place=place, entry=form.entry(), base=request.POST.get("base", ""))
    except Conflict as conflict:
        return _conflict(request, draft, place, conflict, form)
    except WouldBreak as error:
        here = [each for each, where in zip(error.problems, error.places, strict=True) if where in (place, None)]
        form.add_problems(here)
        more = {"base": request.POST.get("base", ""), "elsewhere": elsewhere(error, place)}
        return _form_page(request, draft, place, stored, form, 422, **more)
    except (drafts.TooLarge, drafts.SlugUsed) as error:
        form.general.append(f"{str(error)[0].upper()}{str(error)[1:]}.")
        return _form_page(request, draft, place, stored, form, 422, base=request.POST.get("base", ""))
    except GONE as error:
        return no_longer(request, error)
    messages.success(request, "Saved in the draft.")
    return redirect("guidance:entry", place.room, place.name)


def _conflict(request: HttpRequest, draft: Draft, place: Place, conflict: Conflict, form: EntryForm) -> HttpResponse:
    """All three texts, and the form with what this person typed: saving it now is a decision."""
    more = conflict_context(conflict, draft) | {"base": drafts.fingerprint(conflict.theirs)}
    return _form_page(request, draft, place, dict(conflict.theirs or {}), form, 409, **more)


@require_http_methods(["GET", "HEAD", "POST"])
@guidance_editor
def add(request: HttpRequest, room: str) -> HttpResponse:
    """A new entry; its slug is typed once and stays."""
    if room not in specs.ADDED:
        raise Http404
    draft = drafts.current()
    if draft is None or draft.locked:
        return no_longer(request, drafts.Locked() if draft else drafts.NoDraft())
    asked = request.POST if request.method == "POST" else request.GET
    blank: dict[str, Any] = {"option": {}} if room == "item" and asked.get("option") else {}
    form = EntryForm(room, blank, draft.aid, request.POST if request.method == "POST" else None, new=True)
    within = asked.get("within", "")
    if request.method != "POST":
        return _add_page(request, draft, room, form, within)
    if not form.is_valid():
        return _add_page(request, draft, room, form, within, 422)
    try:
        place = drafts.add(by=request.user, room=room, entry=form.entry(), within=within)
    except places.PlaceTaken:
        form.slug_errors.append("There is one of this name already; choose another.")
    except drafts.SlugUsed as error:
        form.slug_errors.append(f"{str(error)[0].upper()}{str(error)[1:]}.")
    except (places.NoSuchPlace, drafts.TooLarge) as error:
        missing = "Choose where it belongs."
        form.general.append(missing if isinstance(error, places.NoSuchPlace) else f"{str(error).capitalize()}.")
    except WouldBreak as error:
        form.add_problems(error.problems)
    except GONE as error:
        return no_longer(request, error)
    else:
        messages.success(request, "Added to the draft.")
        return redirect("guidance:entry", place.room, place.name)
    return _add_page(request, draft, room, form, within, 422)


def _add_page(
    request: HttpRequest, draft: Draft, room: str, form: EntryForm, within: str, status: int = 200
) -> HttpResponse:
    homes: list[tuple[str, str]] = []
    if room == "question":
        homes = [(each.slug, each.title[draft.aid.language]) for each in draft.aid.sections]
    if room == "sentence":
        homes = [(str(number), f"Sentence {number}") for number in range(1, len(draft.aid.meaning) + 1)]
    context = {
        "draft": draft,
        "room": room,
        "room_name": specs.ROOM_NAMES[room],
        "form": form,
        "homes": homes,
        "within": within,
        "is_option": "option" in form.stored,
    }
    return frame.page(request, "editor/add.html", context, status)


@require_POST
@guidance_editor
def move(request: HttpRequest, room: str, name: str) -> HttpResponse:
    place = Place(room, name)
    try:
        drafts.move(by=request.user, place=place, steps=-1 if request.POST.get("to") == "earlier" else 1)
    except WouldBreak as error:
        messages.warning(request, f"It was not moved: {error.problems[0].message}.")
    except GONE as error:
        return no_longer(request, error)
    return redirect("guidance:entry", room, name)


@require_http_methods(["GET", "HEAD", "POST"])
@guidance_editor
def remove(request: HttpRequest, room: str, name: str) -> HttpResponse:
    """Ask first, then take the entry out of the draft."""
    draft, place, stored = opened(room, name)
    if draft is None or draft.locked:
        return no_longer(request, drafts.Locked() if draft else drafts.NoDraft())
    context: dict[str, Any] = {"place": place, "title": heading(place, stored), "base": drafts.fingerprint(stored)}
    if request.method != "POST":
        return frame.page(request, "editor/remove.html", context)
    try:
        drafts.remove(by=request.user, place=place, base=request.POST.get("base", ""))
    except WouldBreak as error:
        context["elsewhere"] = elsewhere(error, place)
        here = [each for each, where in zip(error.problems, error.places, strict=True) if where in (place, None)]
        context["problem"] = " ".join(f"{each.message[0].upper()}{each.message[1:]}." for each in here)
        return frame.page(request, "editor/remove.html", context, 422)
    except places.NotEmpty:
        context["problem"] = "This section still has questions. Remove them, or put them in another section, first."
        return frame.page(request, "editor/remove.html", context, 422)
    except Conflict as conflict:
        context |= conflict_context(conflict, draft)
        return frame.page(request, "editor/remove.html", context, 409)
    except GONE as error:
        return no_longer(request, error)
    messages.success(request, f"“{context['title']}” is out of the draft.")
    return redirect("guidance:contents")
