"""About this aid, its background pages, its words and its sources: always of the live edition."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_safe

from questionnaire.domain.content import Aid
from questionnaire.exports import guidance
from questionnaire.models import Edition
from questionnaire.pages import whole
from questionnaire.patient import pages
from questionnaire.services import editions, practices

ABOUT = "about"


def _frame() -> tuple[Edition, Aid, dict[str, Any]]:
    edition = editions.live()
    aid = editions.aid_of(edition.pk)
    practice = practices.current()
    context = pages.about_edition(aid, aid.language, bool(practice.missing)) | {
        "edition": edition,
        "aid": aid,
        "practice": practice,
        "others": [(page.slug, page.title[aid.language]) for page in aid.pages if page.slug != ABOUT],
        "overdue": guidance.is_overdue(aid, pages.today()),
        "notes": pages.notes(aid, aid.language),
        "back": "/",
    }
    return edition, aid, context


@gzip_page
@require_safe
def page(request: HttpRequest, slug: str = ABOUT) -> HttpResponse:
    _edition, aid, context = _frame()
    found = aid.page.get(slug)
    if found is None:
        raise Http404
    context |= whole.background_page(aid, found, aid.language) | {
        "is_about": slug == ABOUT,
        "changes": editions.change_log(aid.slug) if slug == ABOUT else [],
    }
    return pages.page(request, "patient/page.html", context)


@gzip_page
@require_safe
def sources(request: HttpRequest) -> HttpResponse:
    _edition, aid, context = _frame()
    cited = [entry.id for entry in aid.evidence if not entry.unused]
    context["sources"] = guidance.sources_of(aid, cited)
    return pages.page(request, "patient/sources.html", context)


@gzip_page
@require_safe
def words(request: HttpRequest) -> HttpResponse:
    _edition, aid, context = _frame()
    context |= whole.words_page(aid, aid.language)
    return pages.page(request, "patient/words.html", context)
