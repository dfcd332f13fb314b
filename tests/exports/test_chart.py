"""The chart's PDF: the summary on its first page, then every answer, then the guidance as the patient saw it."""

from __future__ import annotations

import datetime as dt
import io
import itertools
import re

import pytest
from pypdf import PdfReader

from questionnaire.domain.letters import Letter
from questionnaire.domain.outcome import outcome
from questionnaire.domain.reading import read
from questionnaire.exports import chart, guidance, pdf
from tests.exports.cases import MOMENT, case
from tests.exports.files import PRACTICE, pages_of, rich, squeezed, words_of
from tests.exports.test_pdf import assert_in_order, catalog_of, first_choices, roles_of
from tests.sharing import ANSWERS
from tests.web import small_aid, text

pytestmark = pytest.mark.pure


def full():
    return case(
        read(small_aid(rich)),
        ANSWERS | {"signs": ["fever"], "age": "39", "words": None},
        preferred=("plasma",),
        question="Is it safe?",
    )


def test_every_word_is_in_the_file_and_in_order():
    data = chart.data(full())
    for each in data["parts"]:
        each.pop("edition", None)
    assert_in_order(chart.render(data), _without_keys(data))


def _without_keys(data):
    """Without the marks that steer how a row is set."""
    answers = data["parts"][1]
    sections = [
        section | {"rows": [{key: row[key] for key in ("question", "words")} for row in section["rows"]]}
        for section in answers["sections"]
    ]
    # The heads of the columns stand over every section's table, after its heading.
    sections = [{"heading": each["heading"], "columns": answers["columns"], "rows": each["rows"]} for each in sections]
    parts = [data["parts"][0], {"heading": answers["heading"], "sections": sections}, *data["parts"][2:]]
    return data | {"parts": parts}


def test_the_first_page_is_the_summary_and_every_page_names_the_patient_and_the_edition():
    pages = pages_of(chart.render(chart.data(full())))
    first = " ".join(pages[0].split())
    for words in ("Maria López, born May 6, 1961", "Red flag", "Under 40", "Is it safe?", "(555) 010-0199"):
        assert words in first
    assert "Title of knee-caution." in first
    assert "Every answer" not in first
    for page in pages:
        foot = " ".join(page.split())
        assert "Maria López, born May 6, 1961. Reported by the patient. Not verified." in foot
        assert "edition 7 of November 22, 2026." in foot


def test_not_asked_skipped_and_not_sure_are_told_apart():
    answers = ANSWERS | {"problem": "not-sure", "weight": None, "words": "My words."}
    page = " ".join(pages_of(chart.render(chart.data(case(answers=answers))))[1].split())
    assert "Short problem The choice not-sure" in page
    assert "Short joint-site Not asked" in page
    assert "Short weight Skipped" in page
    assert "Short words My words." in page


def test_the_guidance_is_that_of_the_patients_own_file():
    one = full()
    view = guidance.view(one.aid, one.answers, outcome(one.aid, one.answers), "en")
    own = pdf.data(
        one.aid,
        view,
        language="en",
        edition=7,
        finished=MOMENT,
        published=one.published,
        practice=PRACTICE,
        demonstration=False,
        overdue=False,
    )
    shown = chart.data(one)["parts"][3:]
    assert shown == [each for each in own["parts"] if each["part"] in {"cards", "meaning", "options", "sources"}]


def test_letters_that_the_patient_was_shown_stand_in_the_summary_and_in_the_guidance():
    def noted(document):
        document["aid.yaml"]["notes"]["letter"] = text("A letter says this.")

    letter = Letter("Kimera Labs", dt.date(2023, 9, 1), "warning", "https://www.fda.gov/letter")
    pages = [
        " ".join(page.split())
        for page in pages_of(chart.render(chart.data(case(read(small_aid(noted)), letters=(letter,)))))
    ]
    assert "FDA letters shown Kimera Labs, September 1, 2023" in pages[0]
    assert "Letters from FDA A letter says this. • Kimera Labs, September 1, 2023: read this letter" in " ".join(pages)
    assert "FDA" not in " ".join(pages_of(chart.render(chart.data(case(read(small_aid(noted)))))))


def test_what_was_overdue_on_the_day_of_the_answers_reads_as_it_did_then():
    def soon(document):
        document["aid.yaml"]["next_review"] = "2026-12-01"

    aid = read(small_aid(soon))
    before, after = case(aid), case(aid, finished=dt.datetime(2026, 12, 2, tzinfo=dt.UTC))
    assert chart.data(before)["parts"][2]["overdue"] == []
    assert chart.data(after)["parts"][2]["overdue"] != []
    assert next(each for each in chart.data(after)["parts"] if each["part"] == "options")["withheld"]


def test_the_file_is_tagged_and_its_headings_are_in_order():
    made = chart.render(chart.data(full()))
    catalog = catalog_of(made)
    assert catalog["/MarkInfo"]["/Marked"]
    assert re.search(rb'pdfuaid:part(>1<|="1")', catalog["/Metadata"].get_data())
    roles = roles_of(made)
    levels = [int(role[2:]) for role in roles if re.fullmatch("/H[1-6]", role)]
    assert levels[0] == 1
    assert all(after - before <= 1 for before, after in itertools.pairwise(levels)), levels
    assert roles.count("/Table") == len(full().aid.sections) + 1
    reader = PdfReader(io.BytesIO(made))
    assert reader.metadata is not None
    assert "López" not in str(reader.metadata.title), "a file's title is shown where its content is not"


@pytest.mark.parametrize("typed", ['#read("/etc/passwd")', "*bold* <label> @x", "漢字 😀", "W" * 190, ""])
def test_what_a_person_typed_is_text(typed):
    data = chart.data(
        case(name=typed or "-", question=typed, contact=typed, answers=ANSWERS | {"words": typed or None})
    )
    made = chart.render(data)
    if typed.isascii():
        assert squeezed(typed) in words_of(made, data)


def test_the_shipped_aid_makes_a_chart(shipped_document):
    aid = read(shipped_document)
    answers = first_choices(aid)
    pages = pages_of(chart.render(chart.data(case(aid, answers, preferred=("prp",)))))
    assert "Every answer" in pages[1], "the summary fits on one page"
