"""What must hold for every patient, tried on many random ones and on answers turned to "not sure"."""

from __future__ import annotations

import itertools
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from questionnaire.domain.content import Aid
from questionnaire.domain.journey import Journey
from questionnaire.domain.outcome import Outcome, outcome, urgent
from questionnaire.domain.questions import Answer, Question
from questionnaire.domain.trial_rules import FACTS

pytestmark = pytest.mark.pure

ALWAYS = {"not-fda-approved", "legal-risk", "serious-harm", "ask-fda-two-questions"}
MANY = settings(max_examples=300, deadline=None)


def random_answer(question: Question, draw: random.Random) -> Answer:
    if question.kind == "trial-number":
        numbers: list[Answer] = ["NCT01234567", *({"choice": choice.slug} for choice in question.choices)]
        return draw.choice(numbers)
    slugs = [choice.slug for choice in question.choices]
    if question.kind == "one":
        return draw.choice([*slugs, *([None] if question.optional else [])])
    alone = [choice.slug for choice in question.choices if choice.exclusive]
    if draw.random() < 0.35:
        return [draw.choice(alone)]
    some = [slug for slug in slugs if slug not in alone]
    most = min(question.most_chosen or 4, len(some))
    picked = draw.sample(some, draw.randint(1, most))
    return [slug for slug in slugs if slug in picked]


def random_patient(aid: Aid, seed: int, fixed: dict[str, Answer] | None = None) -> dict[str, Answer]:
    """A complete walk with random answers; `fixed` ones are given wherever their question comes up."""
    draw = random.Random(seed)
    answers: dict[str, Answer] = {}
    while (journey := Journey(aid, answers)).open:
        question = journey.open
        answers[question.slug] = (fixed or {}).get(question.slug) or random_answer(question, draw)
    return answers


def kinds(aid: Aid, result: Outcome, *wanted: str) -> set[str]:
    return {shown.slug for shown in result.items if aid.item[shown.slug].kind in wanted}


seeds = st.integers(min_value=0, max_value=2**32)


@MANY
@given(seed=seeds)
def test_everyone_reads_what_is_true_of_every_exosome_offer(aid: Aid, seed: int) -> None:
    result = outcome(aid, random_patient(aid, seed))
    assert {shown.slug for shown in result.items} >= ALWAYS


@MANY
@given(seed=seeds)
def test_everyone_gets_a_caution_a_step_a_question_standard_care_and_nothing_for_now(aid: Aid, seed: int) -> None:
    result = outcome(aid, random_patient(aid, seed))
    for kind in ("caution", "next-step", "ask"):
        assert kinds(aid, result, kind)
    care = kinds(aid, result, "standard-care")
    assert len([slug for slug in care if slug.startswith("nothing-for-now")]) == 1
    assert len(care) >= 2
    assert len(result.meaning) == 3


@MANY
@given(seed=seeds)
def test_every_red_flag_puts_urgent_guidance_first(aid: Aid, seed: int) -> None:
    answers = random_patient(aid, seed)
    journey = Journey(aid, answers)
    flagged = journey.counted["urgent-signs"] != ("none",)
    assert bool(urgent(aid, journey)) is flagged
    first = aid.item[outcome(aid, answers).items[0].slug].kind
    assert (first == "urgent") is flagged


def test_each_warning_sign_has_urgent_guidance_of_its_own(aid: Aid) -> None:
    seen: set[str] = set()
    for choice in aid.question["urgent-signs"].choices:
        found = urgent(aid, Journey(aid, {"urgent-signs": [choice.slug]}))
        assert bool(found) is (choice.slug != "none"), choice.slug
        seen.update(shown.slug for shown in found)
    assert seen == {item.slug for item in aid.guidance if item.kind == "urgent"}


BEST: dict[str, Answer] = {
    "trial-claim": ["ind-trial", "listed"],
    "trial-number": "NCT05354141",
    "listing": "open-with-clinic",
    "ind-letter": "both",
    "payment": "free",
    "consent": "all",
    "claims": ["none"],
}
"""The best that a person can say of a study, all of it their own word or the clinic's."""


@MANY
@given(seed=seeds)
def test_a_self_reported_trial_removes_no_caution(aid: Aid, seed: int) -> None:
    """Against somebody with the same other answers, only what those very answers gave rise to may be missing."""
    answers = random_patient(aid, seed, {"offer": ["exo-joint"], "stage": "looking"})
    before = outcome(aid, answers)
    after = outcome(aid, random_patient(aid, seed, answers | BEST))
    assert "ladder-looks-like-research" in {shown.slug for shown in after.items}
    others = {
        shown.slug
        for shown in before.items
        if aid.item[shown.slug].kind in ("caution", "urgent") and not BEST.keys() & set(shown.reasons)
    }
    assert others <= kinds(aid, after, "caution", "urgent")
    assert others >= ALWAYS - {"ask-fda-two-questions"}


GATES: dict[str, Answer] = {
    "age": "adult",
    "diagnosis": "with-test",
    "health": ["none"],
    "medicines": ["none"],
    "urgent-signs": ["none"],
    "offer": ["nothing-yet"],
}
SITES: dict[str, dict[str, Answer]] = {
    "knee": {"problem": "joint", "joint-site": "knee", "severity": "mild"},
    "hip": {"problem": "joint", "joint-site": "hip", "severity": "mild"},
    "severe": {"problem": "joint", "joint-site": "knee", "severity": "severe"},
    "unknown-wear": {"problem": "joint", "joint-site": "knee", "severity": "not-sure"},
    "elbow": {"problem": "tendon-ligament", "tendon-site": "elbow"},
    "achilles": {"problem": "tendon-ligament", "tendon-site": "achilles"},
    "shoulder": {"problem": "tendon-ligament", "tendon-site": "shoulder"},
    "ligament": {"problem": "tendon-ligament", "tendon-site": "ligament"},
    "spine": {"problem": "spine"},
    "immune": {"problem": "immune"},
    "parkinsons": {"problem": "nerve", "nerve-kind": "parkinsons"},
    "ms": {"problem": "nerve", "nerve-kind": "ms"},
    "hair": {"problem": "hair"},
    "skin": {"problem": "skin"},
    "diabetic": {"problem": "wound", "wound-kind": "diabetic"},
    "wound": {"problem": "wound", "wound-kind": "other"},
    "surgery": {"problem": "surgery"},
    "unclear": {"problem": "not-sure"},
}
MATRIX: dict[str, set[str]] = {
    "knee": {"prp-knee", "marrow-knee", "a2m-knee"},
    "elbow": {"prp-elbow"},
    "shoulder": {"prp-shoulder"},
    "hair": {"prp-hair"},
    "skin": {"prp-skin"},
    "diabetic": {"prp-wound-diabetic"},
    "wound": {"prp-wound-other"},
    "surgery": {"prp-surgery", "marrow-surgery"},
}


@pytest.mark.parametrize("site", SITES)
def test_the_alternatives_are_those_of_the_evidence_matrix(aid: Aid, site: str) -> None:
    result = outcome(aid, random_patient(aid, 7, GATES | SITES[site]))
    assert kinds(aid, result, "alternative") == MATRIX.get(site, set())


@pytest.mark.parametrize("site", MATRIX)
@pytest.mark.parametrize(
    ("gate", "value"),
    [
        ("age", "under-18"),
        ("diagnosis", "no-diagnosis"),
        ("diagnosis", "not-sure"),
        ("health", ["bleeding"]),
        ("health", ["pregnant"]),
        ("health", ["infection"]),
        ("health", ["not-sure"]),
    ],
)
def test_a_contraindication_hides_the_alternative_and_says_why(aid: Aid, site: str, gate: str, value: Answer) -> None:
    before = outcome(aid, random_patient(aid, 7, GATES | SITES[site]))
    after = outcome(aid, random_patient(aid, 7, GATES | SITES[site] | {gate: value}))
    assert not kinds(aid, after, "alternative")
    assert kinds(aid, after, "caution") - kinds(aid, before, "caution")


@MANY
@given(seed=seeds)
def test_turning_an_answer_into_not_sure_never_makes_guidance_softer(aid: Aid, seed: int) -> None:
    """Softer would be: an alternative more, urgent guidance gone, or no caution at all about what was turned."""
    answers = random_patient(aid, seed)
    before = outcome(aid, answers)
    for question in Journey(aid, answers).path:
        if "not-sure" not in question.choice or answers[question.slug] in ("not-sure", ["not-sure"], None):
            continue
        unsure: Answer = "not-sure" if question.kind == "one" else ["not-sure"]
        unsure = {"choice": "not-sure"} if question.kind == "trial-number" else unsure
        after = outcome(aid, random_patient(aid, seed, answers | {question.slug: unsure}))
        assert kinds(aid, after, "alternative") <= kinds(aid, before, "alternative"), question.slug
        if question.slug == "urgent-signs" and kinds(aid, before, "urgent"):
            assert kinds(aid, after, "urgent")
        about = {
            shown.slug
            for shown in before.items
            if question.slug in shown.reasons and aid.item[shown.slug].kind == "caution" and len(shown.reasons) == 1
        }
        if about:
            covering = {
                shown.slug
                for shown in after.items
                if aid.item[shown.slug].kind == "caution" and (question.slug in shown.reasons or not shown.reasons)
            }
            assert covering, question.slug


def test_every_question_choice_and_item_is_reached_by_somebody(aid: Aid) -> None:
    """By targeted walks: for each choice a few hundred random patients who give it wherever it comes up."""
    asked: set[str] = set()
    shown: set[str] = set()
    for seed in range(3000):
        answers = random_patient(aid, seed, {"urgent-signs": ["none"]} if seed % 3 else None)
        asked.update(question.slug for question in Journey(aid, answers).path)
        result = outcome(aid, answers)
        shown.update(each.slug for each in itertools.chain(result.items, result.meaning))
    for site, gate in itertools.product(SITES.values(), [GATES, GATES | {"offer": ["prp", "marrow", "a2m"]}]):
        result = outcome(aid, random_patient(aid, 1, gate | site))
        shown.update(each.slug for each in itertools.chain(result.items, result.meaning))
    best = BEST | {"offer": ["exo-joint"]}
    for stage, state in itertools.product(aid.question["stage"].choice, aid.question["state"].choice):
        result = outcome(aid, random_patient(aid, 1, GATES | best | {"stage": stage, "state": state}))
        shown.update(each.slug for each in itertools.chain(result.items, result.meaning))
    for (name, values), seed in itertools.product(FACTS.items(), range(3)):
        answers = random_patient(aid, seed, GATES | best | {"stage": "looking"})
        for value in values:
            # What holds of studies alone is said where it is known that the record is none of expanded access.
            result = outcome(aid, answers, {"registry-expanded": "none", name: value})
            shown.update(each.slug for each in itertools.chain(result.items, result.meaning))
    assert asked == {question.slug for question in aid.questions}
    everything = {item.slug for item in aid.guidance} | {each.slug for slot in aid.meaning for each in slot}
    assert everything - shown == set()
