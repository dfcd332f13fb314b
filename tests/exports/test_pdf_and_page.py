"""The PDF and the printed guidance page say the same words in the same order."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path

import pytest

from questionnaire.models import FdaLetter, Practice
from tests import study_registry as studies
from tests.exports.files import PRACTICE, rich, squeezed, words_of
from tests.web import BEFORE, Element, publish, small_aid, text

ROOT = Path(__file__).resolve().parent.parent.parent
STYLES = (ROOT / "static" / "decisionaid.css").read_text()
HIDDEN = set(re.findall(r"@media print \{.*?\n  ([^{}]+) \{ display: none !important; \}", STYLES, re.S)[0].split(", "))
"""What the printed page does not show: classes (with their dot) and elements."""
KEPT = {"brand", "foot-emergency"}
"""Of what the printed page hides, what the file has all the same."""


def printed(element, hidden=False):
    """What the printed page says, and the file with it."""
    classes = (element.get("class") or "").split()
    hidden = hidden or bool(HIDDEN & {element.tag, *(f".{each}" for each in classes)})
    hidden = hidden and not KEPT.intersection(classes)
    if element.tag == "summary" and "scale" in (element.parent.get("class") or ""):
        hidden = False
    return "".join(
        printed(child, hidden) if isinstance(child, Element) else child
        for child in element.children
        if isinstance(child, Element) or not hidden
    )


@pytest.mark.django_db
def test_the_file_has_the_text_of_the_page(walker):
    publish(small_aid(rich))
    Practice.objects.create(**PRACTICE)
    walker.answers(signs=["breathing", "fever"], words="My <b>own</b> & *words*.")
    walker.post("/urgent/")
    page = walker.finish()
    assert page.name == "result"
    reply = walker.client.get("/result.pdf")
    assert reply["Content-Type"] == "application/pdf"
    words = squeezed(printed(page.root.one("body")))
    edition = re.search(r"Edition1of\w+,\d{4},madeforyouon\w+,\d{4}\.", words)
    assert edition
    assert words_of(reply.content, {"foot": ["Note name.", edition[0]]}) == words


CLINIC = {"clinic": "Riverside Clinic", "city": "Austin, TX"}


def with_letters(document):
    rich(document)
    document["trial.yaml"]["letters_for_patients"] = True
    document["aid.yaml"]["notes"]["letter"] = text("FDA has sent a **letter**.")


@pytest.mark.django_db
def test_the_file_has_letters_ladder_and_record_as_the_page_has_them(walker, settings):
    publish(studies.aid(with_letters))
    for day, link in ((dt.date(2023, 9, 1), "https://www.fda.gov/letter"), (dt.date(2022, 5, 6), "")):
        FdaLetter.objects.create(firm="Riverside Clinic", state="Texas", date=day, kind="warning", link=link)
    with studies.Registry().running() as registry:
        registry.says = studies.record(studies.LUNGS)
        settings.CTGOV_BASE_URL = registry.base
        walker.answers(*BEFORE["trial-number"])
        assert walker.answer("trial-number", studies.LUNGS).name == "study"
        walker.post("/study/", {"number": studies.LUNGS, "said": "same", "asked": "yes", **CLINIC})
        walker.answers("words", "matters")
        page = walker.finish()
    assert page.main.one("div", class_="listing")
    assert "Riverside Clinic, September 1, 2023: read" in page.main.one("section", class_="letters").text
    assert page.main.one("section", class_="letters").text.endswith("Riverside Clinic, May 6, 2022")
    words = squeezed(printed(page.root.one("body")))
    edition = re.search(r"Edition1of\w+,\d{4},madeforyouon\w+,\d{4}\.", words)
    assert edition
    assert words_of(walker.client.get("/result.pdf").content, {"foot": ["Note name.", edition[0]]}) == words
