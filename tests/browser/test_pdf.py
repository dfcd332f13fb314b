"""The PDF says what the page says: the printed page's words, all of them, in their order, and nothing else."""

import re
import unicodedata
from io import BytesIO

import pytest
from pypdf import PdfReader

from tests.browser import people
from tests.browser.conftest import DESKTOP, NewPage
from tests.browser.people import PEOPLE, Person
from tests.browser.server import Server
from tests.browser.visitor import Visitor

pytestmark = pytest.mark.browser

AROUND = 60


def squeezed(text: str) -> str:
    """Text without what is set and not said: spaces, line ends, bullets, places to break, joined letters."""
    return re.sub(r"[\s•\u200b]", "", unicodedata.normalize("NFKC", text))


def pdf_text(content: bytes, *, foot: str, table_head: str) -> str:
    """What all pages say, without the foot that each must have and the head that a table repeats on a new page."""
    pages = [squeezed(page.extract_text()) for page in PdfReader(BytesIO(content)).pages]
    said = ""
    for number, text in enumerate(pages, 1):
        end = squeezed(f"{foot} Page {number} of {len(pages)}")
        assert text.count(end) == 1, f"page {number} has no foot: {text[-200:]}"
        said += text.replace(end, "").removeprefix(table_head if table_head in said else "")
    return said


def first_difference(one: str, other: str) -> str:
    at = next((at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
    start = max(at - AROUND, 0)
    return f"after …{one[start:at]}: page {one[at : at + AROUND]!r}, PDF {other[at : at + AROUND]!r}"


@pytest.mark.parametrize("person", PEOPLE, ids=lambda person: person.name)
def test_the_pdf_has_the_words_of_the_page(new_page: NewPage, server: Server, person: Person):
    visitor = Visitor(server.url)
    visitor.walk(person)
    page = new_page(DESKTOP, storage_state=visitor.as_browser())
    page.goto("/result/")
    made = page.locator(".edition").inner_text().split(" Facts checked")[0]
    foot = f"{page.locator('.brand').inner_text()} {made}"
    page.emulate_media(media="print")
    on_page = squeezed(page.locator("body").inner_text())
    reply = page.context.request.get("/result.pdf")
    assert reply.headers["content-type"] == "application/pdf"
    in_pdf = pdf_text(reply.body(), foot=foot, table_head=squeezed(page.locator("thead").inner_text()))
    assert len(on_page) > 10_000
    assert on_page == in_pdf, first_difference(on_page, in_pdf)
    titles = page.locator("[data-guidance] h3").all_inner_texts()
    assert len(titles) == len(people.guidance(page))
    assert all(squeezed(title) in in_pdf for title in titles)
