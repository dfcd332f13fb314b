"""How a text reads, beside the counter that brings a pronouncing dictionary."""

from __future__ import annotations

import statistics

import pytest
from hypothesis import given
from hypothesis import strategies as st

from questionnaire.domain import wording
from questionnaire.domain.pieces import pieces
from questionnaire.domain.reading import read
from tests.content.reading import grade as grade_by_dictionary

pytestmark = pytest.mark.pure


def test_grades_are_those_of_the_dictionary_within_little(shipped_document):
    """Over each text of the shipped aid that is long enough for a grade to mean something."""
    texts = [piece.text for piece in pieces(read(shipped_document)) if len(wording.words(piece.text)) >= 12]
    apart = [wording.grade(text) - grade_by_dictionary(text) for text in texts]
    assert len(apart) > 700
    assert abs(statistics.median(apart)) < 0.1
    # "FDA" counts as three syllables in the dictionary and as one here, so texts full of it read easier here.
    assert statistics.quantiles(apart, n=20)[0] > -1.8
    assert statistics.quantiles(apart, n=20)[-1] < 1.0


@pytest.mark.parametrize(
    ("word", "count"),
    [
        ("a", 1), ("the", 1), ("knee", 1), ("shoulder", 2), ("exosomes", 3), ("cartilage", 3), ("arthritis", 3),
        ("injection", 3), ("approved", 2), ("treated", 2), ("needed", 2), ("oversees", 3), ("people", 2), ("like", 1),
        ("little", 2), ("table", 2), ("FDA", 1), ("2026", 1), ("doctor's", 2), ("Parkinson's", 3), ("unapproved", 3),
    ],
)  # fmt: skip
def test_syllables(word, count):
    assert wording.syllables(word) == count


def test_sentences_end_at_marks_and_lines_but_not_at_abbreviations():
    text = "Dr. Lee says no. Ask again!\n\n- one thing\n- **two** [things](https://x.org)\nIs it e.g. a drip? Yes."
    assert wording.sentences(text) == [
        "Dr. Lee says no.",
        "Ask again!",
        "one thing",
        "two things",
        "Is it e.g. a drip?",
        "Yes.",
    ]


def test_hard_words_and_long_sentences_raise_the_grade():
    easy = "Ask the clinic first. Then wait a week."
    hard = "Investigational administration necessitates comprehensive regulatory authorization beforehand."
    assert wording.grade(easy) < 4 < 15 < wording.grade(hard)
    assert wording.hardest(f"{easy} {hard}", 8) == (hard,)


@given(st.text(max_size=400))
def test_any_text_has_a_grade(text):
    assert wording.grade(text) == wording.grade(text)
    assert all(wording.syllables(word) >= 1 for word in wording.words(text))
