"""The to-do list before publishing, and the safety properties in plain words."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from questionnaire.domain import places, reading
from questionnaire.domain.compare import title
from questionnaire.domain.content import Aid
from questionnaire.domain.findings import Finding
from questionnaire.domain.places import NoSuchPlace, Place
from questionnaire.domain.reading import Document
from questionnaire.domain.safety import KINDS
from questionnaire.editor import frame
from questionnaire.editor.access import guidance_staff
from questionnaire.models import Edition
from questionnaire.services import checking, drafts, editions


def checked_edition() -> tuple[Edition, Document]:
    """What is checked: the draft, or else what is live.

    Raises:
        editions.NoEdition: there is neither.
    """
    draft = drafts.current()
    if draft is not None:
        return draft.edition, draft.document
    live = editions.numbered(editions.live().number)
    return live, editions.document_of(live)


def told(findings: Iterable[Finding], document: Document) -> list[dict[str, Any]]:
    """Findings with the title of the entry to mend, and the person as JSON for the preview."""
    return [
        {"finding": finding, "title": _title(document, finding.place), "person": person_json(finding)}
        for finding in findings
    ]


def person_json(finding: Finding) -> str:
    if finding.person is None:
        return ""
    return json.dumps({"answers": finding.person.answers, "facts": finding.person.facts, "words": finding.person.words})


def _title(document: Document, place: str) -> str:
    try:
        parsed = Place.parse(place)
        return title(parsed, places.get(document, parsed)) if place else ""
    except NoSuchPlace:
        return ""


@require_safe
@guidance_staff
def checks(request: HttpRequest) -> HttpResponse:
    edition, document = checked_edition()
    report = checking.report(edition)
    failed = {verdict.property for verdict in report.verdicts if not verdict.proved}
    context = {
        "edition": edition,
        "report": report,
        "errors": told(report.errors, document),
        "warnings": told(report.warnings, document),
        "failed": failed,
    }
    return frame.page(request, "editor/checks.html", context)


@require_safe
@guidance_staff
def safety(request: HttpRequest) -> HttpResponse:
    edition, document = checked_edition()
    aid, _ = reading.draft(document)
    report = checking.report(edition)
    verdicts = {verdict.property: verdict for verdict in report.verdicts}
    rows = [(each, each.title[aid.language], each.why[aid.language], verdicts.get(each.slug)) for each in aid.safety]
    context = {"edition": edition, "rows": rows, "kinds": kinds_of(aid)}
    return frame.page(request, "editor/safety.html", context)


def kinds_of(aid: Aid) -> list[tuple[str, str]]:
    """The kinds of property that this aid uses, with what each means."""
    used = {each.kind for each in aid.safety}
    return [(kind, meaning) for kind, meaning in KINDS.items() if kind in used]
