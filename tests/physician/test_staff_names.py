"""Staff read their own names of questions; patients go on reading the ones that speak to them."""

from __future__ import annotations

import pytest

from questionnaire.exports.note import text as note_text
from questionnaire.pages.whole import check_page
from questionnaire.physician.chart import case_of
from tests import sharing, web
from tests.physician.desk import Desk
from tests.physician.test_response_what_if import tried

pytestmark = pytest.mark.django_db

OURS, THEIRS = "Place of the trouble", "Short problem"


@pytest.fixture
def dora(db: None) -> Desk:
    def named(document):
        document["triage.yaml"]["names"] = [{"slug": "problem", "text": web.text(OURS)}]
        document["triage.yaml"]["offer"] = ["problem", "signs"]

    web.publish(web.small_aid(named))
    return Desk("dora")


def test_answers_changes_and_the_dashboard_go_by_the_names_for_staff(dora):
    reviews = [sharing.shared(name=f"Person {number}") for number in range(6)]
    answers = dora.open(reviews[0]).main.one("section", aria_labelledby="answers")
    assert OURS in answers.text
    assert THEIRS not in answers.text
    effect = tried(dora, reviews[0], problem="skin").main.one("section", aria_labelledby="effect")
    assert OURS in effect.text
    assert THEIRS not in effect.text
    assert OURS in [head.text for head in dora.get("/physician/dashboard/").main.all("h2")]
    case = case_of(reviews[0])
    assert case is not None
    assert THEIRS not in note_text(case)


def test_patients_keep_the_names_that_speak_to_them(dora):
    walk = sharing.finished()
    rows = [row[1] for _, section in check_page(walk.journey, "en", False)["sections"] for row in section]
    assert THEIRS in rows
    assert OURS not in rows
