"""What the practice learns from what is shared with it: counts, drawn and as tables."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from questionnaire.exports import charts
from questionnaire.exports.charts import Bar
from questionnaire.physician import frame
from questionnaire.physician.access import caller, physician
from questionnaire.services import staff, statistics
from questionnaire.services.statistics import Board, Chart, Row, Week
from questionnaire.services.tally_words import CAUTION

SMALL, HIDDEN = "under 5", "not shown"
TITLES = {
    "problem": "Main problem",
    "standing": "Where the offer stands",
    "price": "Price asked",
    "flag": "Flags",
    "review-time": "Time until marked reviewed",
    "caution": "Cautions shown most often",
}
EVERYBODY = "What every response got stands last, since it tells nobody from anybody."
TIMES = {
    "under-1-day": "Under 1 day",
    "1-to-3-days": "1 to 3 days",
    "3-to-7-days": "3 to 7 days",
    "over-7-days": "7 days or more",
    "not-yet": "Not yet",
}


@require_safe
@physician
def dashboard(request: HttpRequest) -> HttpResponse:
    """The last weeks; `weeks` in the address chooses how many."""
    asked = request.GET.get("weeks", "")
    weeks = next((each for each in statistics.PERIODS if str(each) == asked), statistics.USUAL)
    try:
        board = statistics.look(by=caller(request), weeks=weeks)
    except staff.NotAllowed:
        raise PermissionDenied from None
    total = f"{board.total:,}" if board.total else ""
    context = {"board": board, "total": total, "periods": statistics.PERIODS, "drawn": drawn(board)}
    return frame.page(request, "physician/dashboard.html", context)


def drawn(board: Board) -> list[dict[str, Any]]:
    """Each chart with its heading, its picture and the rows of its table."""
    if not board.series:
        return []
    return [_weeks(board), *(_group(chart, board.total) for chart in board.charts)]


def _weeks(board: Board) -> dict[str, Any]:
    rows = [Bar(_day(week), week.count, _told(week)) for week in board.series]
    title = "Responses a week"
    told = (
        f"{len(rows)} weeks, the first from {rows[0].label}, the last from {rows[-1].label}. {_most(rows, 'week of ')}"
    )
    picture = charts.columns("weeks", title, told, rows, f"{SMALL}, or {HIDDEN}")
    return {"slug": "weeks", "title": title, "picture": picture, "head": "Week of", "rows": rows}


def _group(chart: Chart, total: int | None) -> dict[str, Any]:
    title = chart.question or TITLES[chart.slug]
    of = f" of {total:,}" if total and chart.slug == CAUTION else ""
    rows = [Bar(_name(chart, row), row.count, _told(row) + (of if row.count else "")) for row in chart.rows]
    slug = chart.slug.replace("/", "-")
    picture = charts.bars(slug, title, _most(rows, ""), rows) if rows else ""
    note = EVERYBODY if any(row.count == total for row in chart.rows) and of else ""
    return {"slug": slug, "title": title, "picture": picture, "head": title, "rows": rows, "note": note}


def _name(chart: Chart, row: Row) -> str:
    return TIMES.get(row.slug, row.name) if chart.slug == "review-time" else row.name


def _told(counted: Row | Week) -> str:
    """The count in words."""
    if counted.count is None:
        return SMALL if counted.small else HIDDEN
    return f"{counted.count:,}"


def _most(rows: Sequence[Bar], before: str) -> str:
    """Which of them is the most frequent, in a sentence."""
    counted = [row for row in rows if row.count]
    if not counted:
        return "No count is high enough to be shown."
    most = max(counted, key=lambda row: row.count or 0)
    return f"The most, {most.told}: {before}{most.label}."


def _day(week: Week) -> str:
    return f"{week.monday:%b} {week.monday.day}, {week.monday.year}"
