"""The PDF has the words of the guidance page, in its order, tagged and selectable, whatever a person wrote."""

from __future__ import annotations

import copy
import datetime as dt
import io
import itertools
import json
import re
from typing import Any

import pytest
from pypdf import PdfReader

from questionnaire.domain.journey import Journey
from questionnaire.domain.outcome import outcome
from questionnaire.domain.reading import read
from questionnaire.exports import guidance, leaflet, pdf, typesetting
from tests.exports.files import PRACTICE, pages_of, rich, squeezed, words_of
from tests.web import small_aid, text

pytestmark = pytest.mark.pure

ANSWERS = {
    "signs": ["breathing", "fever"],
    "problem": "joint",
    "joint-site": "knee",
    "age": "39",
    "weight": None,
    "since": "2024-05-06",
    "trial-number": "NCT01234567",
    "words": "My own words.",
    "matters": ["pain", "proof"],
}
UNSPOKEN = ("part", "kind", "link", "bold")
"""Keys whose values are no words of the text."""


def aid_of(change=rich):
    return read(small_aid(change))


def data_of(aid, answers, **more):
    given: dict[str, Any] = {
        "language": "en",
        "edition": 7,
        "finished": dt.datetime(2026, 11, 24, 23, 30, tzinfo=dt.UTC),
        "published": dt.datetime(2026, 11, 22, 9, 0, tzinfo=dt.UTC),
        "practice": PRACTICE,
        "demonstration": False,
        "overdue": False,
    }
    view = guidance.view(aid, answers, outcome(aid, answers), "en")
    return pdf.data(aid, view, **(given | more))


def small(words="My own words.", **more):
    return data_of(aid_of(), ANSWERS | {"words": words}, **more)


def spoken(value):
    """Every text of the data, in order."""
    if isinstance(value, str):
        return [value]
    if isinstance(value, list):
        return [each for one in value for each in spoken(one)]
    if isinstance(value, dict):
        return [each for key, one in value.items() if key not in UNSPOKEN for each in spoken(one)]
    return []


def assert_in_order(made, data):
    words = words_of(made, data)
    place = 0
    for each in map(squeezed, spoken(data["parts"])):
        assert each in words[place:], f"“{each}” does not stand after “{words[max(0, place - 80) : place]}”"
        place = words.index(each, place) + len(each)


def test_every_word_is_in_the_file_in_the_order_of_the_page():
    data = small(demonstration=True, overdue=True)
    made = pdf.render(data)
    assert_in_order(made, data)
    assert words_of(made, data) == "".join(map(squeezed, spoken(data["parts"]))), "and no other words"
    lines = " ".join(" ".join(pages_of(made)).split())
    assert "Caution Title of knee-caution." in lines, "words stand apart"
    assert "Note option-certainty.: Word low" in lines


def test_data_is_plain_and_says_what_the_page_says():
    data = small()
    assert json.loads(json.dumps(data)) == data
    said = spoken(data["parts"])
    for expected in (
        "Your guidance",
        "Urgent: do this first",
        "Note call-911.",
        "Note same-day.",
        "What this means for you",
        "Sentence for-knees.",
        "Title of knee-caution.",
        "Because of your answers: Short joint-site: The choice knee. Sources: A press 2025.",
        "Sources: A press 2025.",
        "Caution",
        "Your options at a glance",
        "Note option-harms.",
        "Word low",
        "Its meaning.",
        "A press, 2025-01-01. Last checked January 1, 2026.",
        "Telephone: (555) 010-0100",
        "Edition 7 of November 22, 2026, made for you on November 24, 2026. Facts checked January 1, 2026. "
        "Next review by January 1, 2126.",
    ):
        assert expected in said
    assert "Note demo." not in said
    assert "Note overdue." not in said


def test_what_need_not_be_said_is_left_out():
    calm = data_of(aid_of(), ANSWERS | {"signs": ["none"]}, practice=dict.fromkeys(PRACTICE, ""), demonstration=True)
    said = spoken(calm["parts"])
    assert "Urgent: do this first" not in said
    assert "Who offers you this aid" not in said
    assert "This is a demonstration copy." in said
    assert pdf.render(calm).startswith(b"%PDF")


def catalog_of(made: bytes) -> Any:
    return PdfReader(io.BytesIO(made)).trailer["/Root"]


def test_the_file_is_tagged_titled_and_declares_pdf_ua():
    made = pdf.render(small())
    catalog = catalog_of(made)
    assert catalog["/MarkInfo"]["/Marked"]
    assert catalog["/StructTreeRoot"]
    assert catalog["/Lang"] == "en"
    assert catalog["/ViewerPreferences"]["/DisplayDocTitle"]
    reader = PdfReader(io.BytesIO(made))
    assert reader.metadata is not None
    assert reader.metadata.title == "Your guidance – Note name."
    assert re.search(rb'pdfuaid:part(>1<|="1")', catalog["/Metadata"].get_data())
    assert (reader.pages[0].mediabox.width, reader.pages[0].mediabox.height) == (612, 792)


def roles_of(made):
    """The kinds of the tags, in reading order."""

    def walk(node):
        node = node.get_object()
        if isinstance(node, list):
            return [role for each in node for role in walk(each)]
        if not isinstance(node, dict):
            return []
        return [*([node["/S"]] if "/S" in node else []), *(walk(node["/K"]) if "/K" in node else [])]

    return walk(catalog_of(made)["/StructTreeRoot"])


def test_headings_lists_and_the_table_are_tagged_as_what_they_are():
    roles = roles_of(pdf.render(small()))
    levels = [int(role[2:]) for role in roles if re.fullmatch("/H[1-6]", role)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in itertools.pairwise(levels)), levels
    assert levels.count(4) == 2 * 7, "each option has the same seven headings"
    assert roles.count("/Table") == roles.count("/THead") == 1
    assert roles.count("/TH") == 3
    assert roles.count("/TD") == 2 * 3
    assert "/LI" in roles
    assert "/Link" in roles


def test_the_same_data_gives_the_same_bytes():
    assert pdf.render(small()) == pdf.render(small())


def test_each_page_has_the_edition_and_its_number_in_the_foot():
    def many(document):
        asks = [copy.deepcopy(document["guidance/all.yaml"][-1]) | {"slug": f"ask-{number}"} for number in range(20)]
        document["guidance/all.yaml"] += asks

    data = data_of(aid_of(many), ANSWERS)
    pages = pages_of(pdf.render(data))
    assert len(pages) > 3
    for number, page in enumerate(pages, 1):
        assert "Edition 7 of November 22, 2026, made for you on November 24, 2026." in page
        assert f"Page {number} of {len(pages)}" in page


@pytest.mark.parametrize(
    "typed",
    [
        '#link("https://example.org")[x] and #h(2cm)',
        "*bold* _italic_ `raw` $x^2$ = heading - item + item / term: @label <label>",
        "<script>alert(1)</script> &amp; &lt; \\u{41} // comment /* comment */",
        '#read("/etc/passwd") #eval("1+1") #sys.inputs',
        "quotes \" ' and \\ back",
        "éàüñßøŁ “quoted” – dashes — 20 °C ½ €",
        "Ελληνικά и русский",
    ],
)
def test_what_a_person_typed_is_printed_as_it_stands(typed):
    data = small(words=typed)
    made = pdf.render(data)
    assert squeezed(f"Short words: {typed}") in words_of(made, data)


@pytest.mark.parametrize(
    ("typed", "printed"),
    [
        ("a 漢字 z", "a ?? z"),
        ("a 😀 z", "a ? z"),
        ("a 👩‍👩‍👧 z", "a ??? z"),
        ("a \ud800 z", "a ? z"),
        ("a\x00b\x07c", "abc"),
        ("a\r\nb\u2028c\td", "a b c d"),
        ("hy\u00adphen", "hyphen"),
        ("x\u20e0 é stays", "x é stays"),
        ("\uffff \U000f0000", "? ?"),
        ("ภาษาไทย", "???????"),
    ],
)
def test_letters_that_no_font_has_are_replaced(typed, printed):
    data = small(words=typed)
    assert squeezed(f"Short words: {printed}") in words_of(pdf.render(data), data)


def test_any_unicode_makes_a_file():
    blocks = [range(start, start + 400, 7) for start in range(0, 0x30000, 0x400)]
    typed = "".join(chr(each) for block in blocks for each in block)
    assert pdf.render(small(practice=PRACTICE | {"funding": typed})).startswith(b"%PDF")


def test_a_word_wider_than_the_page_is_broken_and_a_long_answer_runs_over_pages():
    data = small(words="W" * 900)
    assert "W" * 900 in words_of(pdf.render(data), data)
    long = data_of(
        aid_of(), ANSWERS | {"words": "A long answer. " * 10}, practice=PRACTICE | {"funding": "Much. " * 2000}
    )
    assert_in_order(pdf.render(long), long)


def test_a_long_card_is_not_cut_off():
    def lengthen(document):
        for each in document["guidance/all.yaml"]:
            each["body"] = text("\n".join(f"- point {number} of a long list" for number in range(90)))
        document["guidance/all.yaml"][6]["option"]["cost"] = text("Many words. " * 800)

    data = data_of(aid_of(lengthen), ANSWERS)
    assert_in_order(pdf.render(data), data)


@pytest.mark.parametrize("address", ["javascript:alert(1)", "http://example.org", "file:///etc/passwd", ""])
def test_only_safe_addresses_become_links(address):
    assert leaflet.link(address) == {}
    assert leaflet.link("https://example.org/" + "a" * 3000) == {}
    assert leaflet.link("mailto:a@example.org") == {"link": "mailto:a@example.org"}


def test_what_goes_wrong_is_named_without_a_word_of_the_data():
    data = small() | {"parts": [{"part": "no such part", "secret": "a secret"}]}
    with pytest.raises(typesetting.NotSet) as caught:
        pdf.render(data)
    assert str(caught.value)
    assert "secret" not in str(caught.value)


def test_a_file_that_takes_too_long_is_given_up(monkeypatch):
    monkeypatch.setattr(typesetting, "SECONDS", 0.001)
    with pytest.raises(typesetting.NotSet, match="longer than"):
        pdf.render(small())


def first_choices(aid, **chosen):
    """Answers to every question: what is told, else the first choice."""
    answers: dict[str, Any] = {}
    while (question := Journey(aid, answers).open) is not None:
        slug = question.choices[0].slug if question.choices else None
        typed = {"text": "Some words", "number": question.least or "1", "date": question.least or "2026-01-01"}
        answer = {"one": slug, "many": [slug], "trial-number": "NCT01234567"} | typed
        answers[question.slug] = chosen.get(question.slug, answer[question.kind])
    return answers


def test_the_shipped_aid_makes_a_file_with_all_its_words(shipped_document):
    aid = read(shipped_document)
    data = data_of(aid, first_choices(aid), overdue=True)
    assert_in_order(pdf.render(data), data)
