"""A shared response as a PDF for the chart: the summary, then every answer, then the guidance as the patient saw it.

`data` chooses every word; `chart.typ` only sets them, by the same means as the patient's own PDF (`pdf.py`).
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from questionnaire.exports import guidance, ladder, leaflet, summary, typesetting
from questionnaire.exports.case import Case, every_answer
from questionnaire.exports.leaflet import blocks, day, line
from questionnaire.exports.summary import Row
from questionnaire.exports.words import Found

_TEMPLATE = Path(__file__).with_name("chart.typ")


def data(case: Case) -> dict[str, Any]:
    """What the PDF says, as plain data: `parts` holds all words in reading order."""
    language = case.aid.language
    return {
        "language": language,
        "title": f"Shared response – {line(case.aid.notes['name'][language])}",
        "made": int(case.finished.timestamp()),
        "foot": [f"{case.name}, born {day(case.born)}. {summary.UNVERIFIED}", f"{summary.edition(case)}."],
        "parts": [_summary(case), _answers(case, language), *_guidance(case)],
    }


def render(data: dict[str, Any]) -> bytes:
    """The PDF of what `data` says: tagged, PDF/UA-1, the same bytes for the same data."""
    return typesetting.render(_TEMPLATE, data)


def _summary(case: Case) -> dict[str, Any]:
    return {
        "part": "summary",
        "heading": "Shared response",
        "lead": summary.UNVERIFIED,
        "who": _rows((*summary.who(case), Row("Contact", (case.contact,)))),
        "told_heading": "What the patient told",
        "told": _rows(summary.situation(case)),
        "given_heading": "What the patient was told",
        "given": _rows(tuple(map(_run_on, summary.given(case)))),
    }


def _rows(rows: tuple[Row, ...]) -> list[dict[str, Any]]:
    return [{"label": row.label, "lines": list(row.lines)} for row in rows]


def _run_on(row: Row) -> Row:
    """The lines in one paragraph: a long list of cautions would not leave the summary on one page."""
    between = " " if all(each.endswith((".", "?")) for each in row.lines) else ", "
    return Row(row.label, (between.join(row.lines),))


def _answers(case: Case, language: str) -> dict[str, Any]:
    return {
        "part": "answers",
        "heading": "Every answer",
        "columns": ["Question", "Answer"],
        "sections": [
            {
                "heading": title,
                "rows": [
                    {"question": each.short, "words": list(each.words), "quiet": not each.answered} for each in rows
                ],
            }
            for title, rows in every_answer(case, language)
        ],
    }


def _guidance(case: Case) -> list[dict[str, Any]]:
    """In the patient's language, and described or withheld as on the day they confirmed their answers."""
    language = case.language
    notes = {slug: text[language] for slug, text in case.aid.notes.items()}
    overdue = guidance.is_overdue(case.aid, case.finished.date())
    day_of = (case.listing.checked if case.listing else None) or case.finished.date()
    found = Found(case.facts, day_of)
    view = guidance.view(case.aid, case.answers, case.outcome, language, overdue=overdue, found=found)
    rungs = ladder.view(case.aid, case.answers, case.facts, case.listing, language, day=day_of)
    opening = {
        "part": "opening",
        "heading": "The guidance as the patient saw it",
        "lead": f"On {day(case.finished)}, in edition {case.edition} of {day(case.published)}.",
        "overdue": blocks(notes["overdue"]) if overdue else [],
    }
    return [opening, *leaflet.guidance(case.aid, view, notes, language, rungs, case.letters)]
