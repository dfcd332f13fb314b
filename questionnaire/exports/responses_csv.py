"""Many responses as CSV (RFC 4180, UTF-8 with a byte order mark): one row a response, one set of columns for all.

The columns of answers bear the slugs of all questions that any published edition ever asked; those before them have an
underscore in their names, which no slug has. An answer is its choices' slugs, joined by ` | `, or what was typed.
`(not asked)` stands where the patient's way did not lead to the question, or their edition did not have it, and
`(skipped)` where they left it out; “not sure” is a choice like any other.

A spreadsheet program would run a cell that begins like a formula. Such a cell, one that begins with an apostrophe, and
typed words that read like one of the two marks above are set behind an apostrophe; take one off to have what was typed.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from questionnaire.domain.content import Aid
from questionnaire.domain.journey import Journey
from questionnaire.domain.questions import Answer, Answers, Question, values_of

BOM = "\ufeff"
NOT_ASKED, SKIPPED = "(not asked)", "(skipped)"
BETWEEN = " | "
FIXED = (
    "response_id",
    "version_number",
    "edition_number",
    "answer_language",
    "finished_at",
    "shared_at",
    "review_state",
    "flag_level",
    "flag_slugs",
    "standing_slug",
    "preferred_slugs",
    "patient_name",
    "patient_born",
    "patient_contact",
    "patient_question",
    "fact_values",
)
_QUOTES = frozenset("\"'`´“”„‟‘’‚‛«»‹›＂＇")
_RUN = frozenset("=+-@−")


@dataclass(frozen=True, slots=True)
class Row:
    """One response as it is written; its answers are those of the edition `edition_id`.

    Attributes:
        level: that of the first flag, low for what is urgent; None without flags.
    """

    edition_id: int
    response: str
    version: int
    edition: int
    language: str
    finished: dt.datetime
    shared: dt.datetime
    state: str
    level: int | None
    flags: tuple[str, ...]
    standing: str
    preferred: tuple[str, ...]
    name: str
    born: dt.date
    contact: str
    question: str
    facts: Mapping[str, str]
    answers: Answers


class Sheet:
    """The columns for these editions, and rows written under them."""

    def __init__(self, aids: Mapping[int, Aid]) -> None:
        """`aids` are by the id of their edition, in the order of the editions."""
        # Of an aid only what tells which questions were asked: many editions are to fit in memory.
        self._aids = {pk: _asking(aid) for pk, aid in aids.items()}
        self._slugs = tuple(dict.fromkeys(each.slug for aid in self._aids.values() for each in aid.questions))
        self.columns = FIXED + self._slugs

    def head(self) -> str:
        """The byte order mark and the names of the columns."""
        return BOM + _written([self.columns])

    def lines(self, rows: Iterable[Row]) -> str:
        return _written([(*_fixed(row), *self._answers(row)) for row in rows])

    def last(self, words: str) -> str:
        """A line that is no response, and says in its first cell why the file ends here."""
        return _written([(words, *[""] * (len(self.columns) - 1))])

    def _answers(self, row: Row) -> Iterable[str]:
        aid = self._aids[row.edition_id]
        cells = {
            question.slug: _answer(question, row.answers.get(question.slug))
            for question in Journey(aid, row.answers, row.facts).path
        }
        return [cells.get(slug, NOT_ASKED) for slug in self._slugs]


def _asking(aid: Aid) -> Aid:
    return replace(aid, guidance=(), meaning=(), evidence=(), sources=(), terms=(), pages=(), safety=())


def _written(rows: Iterable[Iterable[str]]) -> str:
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\r\n").writerows(rows)
    return text.getvalue()


def _fixed(row: Row) -> tuple[str, ...]:
    return (
        row.response,
        str(row.version),
        str(row.edition),
        row.language,
        _moment(row.finished),
        _moment(row.shared),
        row.state,
        "" if row.level is None else str(row.level),
        BETWEEN.join(row.flags),
        row.standing,
        BETWEEN.join(row.preferred),
        safe(row.name),
        row.born.isoformat(),
        safe(row.contact),
        safe(row.question),
        safe(BETWEEN.join(f"{slug}={value}" for slug, value in sorted(row.facts.items()))),
    )


def _moment(moment: dt.datetime) -> str:
    return moment.astimezone(dt.UTC).isoformat(timespec="seconds")


def _answer(question: Question, answer: Answer) -> str:
    if answer is None:
        return SKIPPED
    if isinstance(answer, str) and question.kind != "one":
        return safe(answer)
    return BETWEEN.join(values_of(answer))


def safe(text: str) -> str:
    """The text behind an apostrophe where it could be run, or taken for something else; see above."""
    if not text or text[0].isalnum():
        return text
    apart = text[0] == "'" or text in (NOT_ASKED, SKIPPED) or _could_run(text)
    return f"'{text}" if apart else text


def _could_run(text: str) -> bool:
    """Whether a program may take it for a formula, though quotes, spaces or what nobody sees stand before it.

    Full-width signs and dashes count too.
    """
    for letter in text:
        if letter in "\t\r\n" or unicodedata.normalize("NFKC", letter) in _RUN or unicodedata.category(letter) == "Pd":
            return True
        if not _is_passed_over(letter):
            return False
    return False


def _is_passed_over(letter: str) -> bool:
    return letter in _QUOTES or unicodedata.category(letter) in ("Zs", "Zl", "Zp", "Cc", "Cf")
