"""The note says in a few plain lines what a chart needs of a shared response."""

from __future__ import annotations

import string
import unicodedata
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from questionnaire.domain.outcome import outcome
from questionnaire.domain.reading import read
from questionnaire.domain.triage import triage
from questionnaire.exports import note
from tests.exports.cases import case
from tests.sharing import ANSWERS
from tests.strategies import usual
from tests.web import small_aid

pytestmark = pytest.mark.pure


def test_the_note_says_all_that_a_chart_needs():
    given = case(
        answers=ANSWERS | {"signs": ["fever"], "age": "39"}, preferred=("plasma",), question="Is it safe?", version=2
    )
    assert note.text(given) == (
        "Note name., edition 7 of November 22, 2026, version 2 of the answers\n"
        "Reported by the patient. Not verified.\n"
        "\n"
        "Patient: Maria López, born May 6, 1961.\n"
        "Dates: Answered November 24, 2026, shared November 25, 2026.\n"
        "Situation: The choice joint.\n"
        "Offer: Short signs: The choice fever; Short matters: The choice pain.\n"
        "On the ladder: No number.\n"
        "Flags: Red flag; Contraindicated.\n"
        "What matters: The choice pain.\n"
        "Leans towards: Plasma.\n"
        "Reasons against: Plasma: Under 40.\n"
        'Asks: "Is it safe?"\n'
        "Urgent guidance given: Title of urgent-fever.\n"
        "Cautions given: Title of knee-caution; Title of young-caution; 1 that every\n"
        "  patient is given.\n"
        "Alternatives shown: Plasma.\n"
    )


def test_what_was_not_asked_or_not_answered_is_not_in_the_note():
    skin = case(answers=ANSWERS | {"problem": "skin", "matters": ["pain"]})
    text = note.text(skin)
    assert "The choice skin" in text
    assert "knee" not in text, "an answer off the path counts for nothing"
    for label in ("Asks", "Leans towards", "Urgent", "version", "Reasons against"):
        assert label not in text
    assert "Flags: Skin.\n" in text
    assert "Flags: None.\n" in note.text(case())


def test_alternatives_that_were_withheld_are_not_said_to_have_been_shown():
    overdue = read(small_aid(lambda document: document["aid.yaml"].update(next_review="2026-02-01")))
    text = note.text(case(overdue)).replace("\n  ", " ")
    assert "Alternatives shown" not in text
    assert "Alternatives named only, since the guidance was overdue for review: Plasma." in text


def test_a_reason_against_several_alternatives_is_told_once():
    def twice(document):
        first = document["triage.yaml"]["alternatives"][0]
        document["triage.yaml"]["alternatives"].append(first | {"slug": "other", "name": {"en": "Other"}})

    young = case(read(small_aid(twice)), ANSWERS | {"age": "30"})
    assert "Reasons against: Plasma, Other: Under 40.\n" in note.text(young)


def test_an_aid_without_rules_for_physicians_makes_a_note_too():
    def without(document):
        document["triage.yaml"] = {}

    text = note.text(case(read(small_aid(without))))
    assert "Patient: Maria López" in text
    assert "Flags" not in text


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        ("“Is it ‘safe’ – or not…?”", "\"Is it 'safe' - or not...?\""),
        ("20 °C ± 1 × 2 → ≥ ½ €5", "20 deg C +/- 1 x 2 -> >= 1/2 EUR 5"),
        ("a\u00a0b\u2003c\u200bd\r\ne\tf\x00g", "a b cd e f g"),
        ("é Ł ß 漢字 Ω ا ५", "é Ł ß 漢字 Ω ا ५"),
        ("smile 😀 ☃ § ¿", "smile ? ? ? ?"),
        ("e\u0301", "é"),
    ],
)
def test_signs_become_what_every_chart_can_show(typed, written):
    assert note.plain(typed) == written


@usual
@given(st.text(max_size=400), st.text(max_size=60))
def test_whatever_is_typed_the_note_stays_plain_and_narrow(question, name):
    lines = note.text(case(question=question, name=name)).splitlines()
    assert all(len(line) <= 79 for line in lines)
    signs = {letter for line in lines for letter in line if not letter.isascii()}
    assert all(
        letter.isalnum() or not letter.isprintable() or letter.isidentifier() or _mark(letter) for letter in signs
    )
    assert lines[0].startswith("Note name., edition 7")
    assert set(string.punctuation) >= {letter for line in lines for letter in line if letter.isascii()} - set(
        string.ascii_letters + string.digits + " "
    )


def _mark(letter):
    return unicodedata.category(letter)[0] in "LM"


def test_an_ordinary_response_of_the_shipped_aid_fits_in_some_thirty_lines(shipped_document):
    aid = read(shipped_document)
    answers: dict[str, Any] = {
        "urgent-signs": ["none"],
        "age": "adult",
        "problem": "joint",
        "joint-site": "knee",
        "diagnosis": "with-test",
        "severity": "moderate",
        "duration": "over-1-year",
        "offer": ["exo-joint", "prp"],
        "source": "cord",
        "trial-claim": ["listed"],
        "trial-number": "NCT01234567",
        "listing": "wrong-site",
        "ind-letter": "refused",
        "payment": "1000-to-5000",
        "consent": "some",
        "claims": ["regrows", "pay-today"],
        "stage": "visit",
        "health": ["diabetes"],
        "medicines": ["none"],
        "tried": ["exercise", "nsaid"],
        "matters": ["less-pain", "avoid-surgery"],
        "state": "florida",
    }
    shown = outcome(aid, answers)
    assert triage(aid, answers, shown).flags
    lines = note.text(case(aid, answers, preferred=("prp",), question="Is PRP a better choice?")).splitlines()
    assert len(lines) <= 36, "\n".join(lines)
    assert any(line.startswith("Alternatives shown: ") for line in lines)
