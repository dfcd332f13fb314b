"""Responses as CSV: one set of columns over all editions, nothing that a spreadsheet program would run."""

from __future__ import annotations

import csv
import datetime as dt
import io
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from questionnaire.domain.reading import read
from questionnaire.exports import responses_csv
from questionnaire.exports.responses_csv import FIXED, NOT_ASKED, SKIPPED, Row, Sheet, safe
from tests.sharing import ANSWERS
from tests.strategies import usual
from tests.web import questions_of, small_aid, with_new_question

pytestmark = pytest.mark.pure

OLD, NEW = 3, 8
"""Ids of two editions."""


def row(**more: Any) -> Row:
    moment = dt.datetime(2026, 11, 24, 18, 30, 1, tzinfo=dt.timezone(dt.timedelta(hours=-5)))
    held: dict[str, Any] = {
        "edition_id": OLD,
        "response": "0b7d",
        "version": 2,
        "edition": 1,
        "language": "en",
        "finished": moment,
        "shared": moment,
        "state": "new",
        "level": 10,
        "flags": ("red-flag", "skin"),
        "standing": "no-number",
        "preferred": ("plasma",),
        "name": "Maria López",
        "born": dt.date(1961, 5, 6),
        "contact": "+1 555 010 0199",
        "question": "",
        "facts": {"listed": "yes"},
        "answers": ANSWERS,
    }
    return Row(**(held | more))


def sheet(change=None) -> Sheet:
    editions = {OLD: read(small_aid(change))}
    return Sheet(editions | {NEW: read(small_aid(with_new_question))})


def read_back(*rows: Row, made: Sheet | None = None) -> list[dict[str, str]]:
    made = made or sheet()
    text = made.head() + made.lines(rows)
    return list(csv.DictReader(io.StringIO(text.removeprefix(responses_csv.BOM), newline=""), strict=True))


def test_the_columns_are_those_of_all_editions_in_order():
    def older(document):
        questions_of(document)["words"]["slug"] = "words-before"
        document["guidance/all.yaml"][9]["when"]["all"][0]["question"] = "words-before"

    columns = sheet(older).columns
    assert columns == (*FIXED, *[slug.replace("words", "words-before") for slug in ANSWERS], "new-one", "words")
    assert all("_" in name for name in FIXED), "no slug has one, so a question never takes a fixed column's name"


def test_a_row_says_what_was_answered_and_what_was_not():
    (found,) = read_back(row(answers=ANSWERS | {"signs": ["fever", "breathing"], "problem": "skin"}))
    assert found == {
        "response_id": "0b7d",
        "version_number": "2",
        "edition_number": "1",
        "answer_language": "en",
        "finished_at": "2026-11-24T23:30:01+00:00",
        "shared_at": "2026-11-24T23:30:01+00:00",
        "review_state": "new",
        "flag_level": "10",
        "flag_slugs": "red-flag | skin",
        "standing_slug": "no-number",
        "preferred_slugs": "plasma",
        "patient_name": "Maria López",
        "patient_born": "1961-05-06",
        "patient_contact": "'+1 555 010 0199",
        "patient_question": "",
        "fact_values": "listed=yes",
        "signs": "fever | breathing",
        "problem": "skin",
        "joint-site": NOT_ASKED,
        "age": "61",
        "weight": SKIPPED,
        "since": "2024-05-06",
        "trial-number": "no-number",
        "words": "My own words.",
        "matters": "pain",
        "new-one": NOT_ASKED,
    }


def test_not_sure_is_a_choice_and_a_row_without_flags_has_no_level():
    (found,) = read_back(row(answers=ANSWERS | {"problem": "not-sure"}, level=None, flags=()))
    assert (found["problem"], found["joint-site"]) == ("not-sure", NOT_ASKED)
    assert (found["flag_level"], found["flag_slugs"]) == ("", "")


def test_each_line_has_as_many_cells_and_ends_as_rfc_4180_says():
    made = sheet()
    text = made.head() + made.lines([row(question='He said "now",\r\nor never')]) + made.last("STOPPED")
    assert text.startswith("\ufeffresponse_id,")
    assert text.endswith("\r\n")
    assert '"He said ""now"",\r\nor never"' in text
    cells = list(csv.reader(io.StringIO(text, newline=""), strict=True))
    assert [len(each) for each in cells] == [len(made.columns)] * 3
    assert cells[2][0] == "STOPPED"


@pytest.mark.parametrize("sign", ["=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠", "﹦", "﹣", "−", "–"])
@pytest.mark.parametrize("before", ["", " ", '"', "“", "' ", "\u00a0", "\u200b", "\ufeff", '" \t'])
def test_a_cell_that_a_program_could_run_is_set_behind_an_apostrophe(before, sign):
    typed = f"{before}{sign}HYPERLINK(A1)"
    assert safe(typed) == f"'{typed}"
    (found,) = read_back(row(name=typed, contact=typed, question=typed, answers=ANSWERS | {"words": typed}))
    for column in ("patient_name", "patient_contact", "patient_question", "words"):
        assert found[column] == f"'{typed}"


@pytest.mark.parametrize(
    "typed", ["Ann =1+1", "3-4", "O'Brien", "", "(555) 010", "“quoted”", "é@x", "漢字", "#1", "/x"]
)
def test_a_cell_that_nothing_runs_stays_as_it_is(typed):
    assert safe(typed) == typed


@pytest.mark.parametrize("typed", [NOT_ASKED, SKIPPED, "'", "'=1"])
def test_words_that_read_like_a_mark_or_a_mended_cell_are_told_apart(typed):
    assert safe(typed) == f"'{typed}"


@usual
@given(st.text(max_size=200), st.text(max_size=200), st.sampled_from(["en", "x"]))
def test_whatever_was_typed_is_read_back(words, name, language):
    typed = words if words.strip() else None
    answers = ANSWERS | {"words": typed}
    (found,) = read_back(row(name=name, answers=answers, language=language))
    assert found["patient_name"].removeprefix("'") == name.removeprefix("'") or found["patient_name"] == f"'{name}"
    assert found["words"] == SKIPPED if typed is None else found["words"] in (typed, f"'{typed}")
    for cell in found.values():
        assert cell[:1] not in set("=+-@\t\r\n＝＋－＠") or cell == ""


@usual
@given(
    st.text(st.sampled_from("'=+-@ \t\"(aA＝"), max_size=12), st.text(st.sampled_from("'=+-@ \t\"(aA＝"), max_size=12)
)
def test_two_things_typed_are_never_written_alike(one, other):
    assert (safe(one) == safe(other)) == (one == other)
