"""What may not be said of an unproven product, and what may: by the rules of the shipped aid."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from questionnaire.domain.claims import unfounded
from questionnaire.domain.lint_settings import Claims
from questionnaire.domain.reading import read

pytestmark = pytest.mark.pure

CLAIMED = """
Exosomes are safe.
These exosomes are completely safe.
Exosomes are FDA-approved for knees.
These exosomes are approved by FDA.
Our exosomes are FDA registered.
Exosomes have been cleared by FDA.
Exosome therapy can cure arthritis.
With exosomes many people are cured.
Exosomes heal tendons.
Studies show that exosomes heal tendons.
Exosomes regrow cartilage.
Exosomes are a proven treatment.
Exosome products are permitted in Florida.
An exosome shot is legal in Utah.
In Texas exosomes are allowed.
Exosomes are harmless.
Exosomes are risk-free.
Exosomes are effective.
Results with exosomes are guaranteed.
Exosomes are not only safe but effective.
Exosomes are not cheap but safe.
Exosomes do not hurt, so they are safe.
No other product works as fast, yet exosomes are harmless.
With no side effects, exosomes are a natural and gentle way for people of every age to be cured.
Extracellular vesicles are safe.
EXOSOMES ARE SAFE!
Exosomes work well for the knee.
""".strip().splitlines()

FINE = """
No exosome product is FDA-approved.
Exosomes are not safe.
FDA has not approved any exosome product.
We found no exosomes that FDA has approved.
Exosomes have never been proven to work.
Nobody knows if exosomes heal.
Nothing shows that exosomes are safe.
Exosomes cannot cure arthritis.
The clinic says that exosomes are safe.
A clinic that calls exosomes a cure is likely wrong.
You were told that exosomes are safe.
Some sellers claim that exosomes regrow cartilage.
Are exosomes safe?
Is it true that exosomes are FDA-approved?
Ask whether the exosomes are approved.
Ask if exosomes are safe for you.
PRP is cleared for mixing with bone graft.
Exercise is safe for most people.
Minoxidil is approved for hair loss.
Exosomes are sold for hair loss.
Without proof, exosomes cannot be called effective.
""".strip().splitlines()


@pytest.fixture(scope="module")
def rules(shipped_document) -> Claims:
    return read(shipped_document).lint.claims


@pytest.mark.parametrize("sentence", CLAIMED)
def test_a_claim_is_found(rules, sentence):
    assert list(unfounded(sentence, rules))


@pytest.mark.parametrize("sentence", FINE)
def test_a_denial_a_report_or_another_subject_is_no_claim(rules, sentence):
    assert not list(unfounded(sentence, rules))


@given(st.text(max_size=300))
def test_any_text_can_be_looked_at(sentence):
    rules = Claims(("exosomes",), ("safe", "FDA registered"), ("not",), ("says",), ("but",))
    list(unfounded(sentence, rules))


@given(st.lists(st.sampled_from(["the", "very", "new", "natural", "gentle", "shot", "for", "knees"]), max_size=12))
def test_words_that_deny_nothing_hide_no_claim(words):
    rules = Claims(("exosomes",), ("safe",), ("not", "no"), ("says",), ("but",))
    assert list(unfounded(f"Exosomes are {' '.join(words)} safe.", rules)) == ["safe"]
