"""Letters of FDA on a patient's page: there only where the edition says so, and never as more than they are."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from questionnaire.models import FdaLetter
from tests import studies, web

pytestmark = pytest.mark.django_db
ADDRESS = "https://www.fda.gov/letter"


def page_of(walker: web.Walker, *, shown: bool) -> web.Page:
    def change(document: dict[str, Any]) -> None:
        studies.with_check(document)
        document["trial.yaml"]["letters_for_patients"] = shown

    web.publish(web.small_aid(change), note="First edition.")
    names = {"firm": "Kimera Labs", "other_names": ["XoGlo"], "link": ADDRESS}
    FdaLetter.objects.create(**names, date=dt.date(2023, 9, 1), kind="warning")
    given = web.ANSWERS | {"words": "They have XoGlo there", "trial-number": {"choice": "no-number"}}
    for slug in web.ANSWERS:
        if walker.answer(slug, given[slug]).name == "urgent":
            walker.post("/urgent/")
    return walker.finish()


def test_a_letter_is_told_where_the_edition_says_so(walker: web.Walker):
    page = page_of(walker, shown=True)
    told = page.main.one("section", class_="letters")
    assert "Kimera Labs, September 1, 2023" in told.text
    assert "A letter says this." in told.text
    assert ADDRESS in page.links


def test_nothing_is_told_where_it_does_not(walker: web.Walker):
    page = page_of(walker, shown=False)
    assert not page.main.all("section", class_="letters")
    assert "Kimera" not in page.text
