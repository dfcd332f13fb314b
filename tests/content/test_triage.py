"""What triage of the shipped aid tells a physician, tried on many random patients."""

from __future__ import annotations

import copy
import random
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from questionnaire.domain.content import Aid
from questionnaire.domain.outcome import outcome
from questionnaire.domain.questions import Answer
from questionnaire.domain.triage import Contraindication, Triage, causes, counted, triage
from questionnaire.domain.triage_words import cause_words
from questionnaire.domain.trial_rules import FACTS
from tests.content.reading import grade
from tests.content.test_registry import GOOD
from tests.content.test_safety import MANY, random_patient, seeds

pytestmark = pytest.mark.pure

EMERGENCY = {"call-911", "call-988", "emergency-room"}
JOINT: dict[str, Answer] = {"urgent-signs": ["none"], "age": "adult", "problem": "joint", "diagnosis": "with-test"}
CALM: dict[str, Answer] = {"health": ["none"], "medicines": ["none"], "stage": "looking", "claims": ["none"]}
EXO: dict[str, Answer] = {"offer": ["exo-joint"], "payment": "free"}
IND: dict[str, Answer] = {"trial-claim": ["ind-trial"]}
NUMBER: dict[str, Answer] = {**IND, "trial-number": "NCT05060107"}


def preferred() -> st.SearchStrategy[set[str]]:
    return st.sets(st.sampled_from(["prp", "marrow", "a2m"]))


def seen(aid: Aid, fixed: dict[str, Answer], wanted: set[str] | None = None) -> Triage:
    answers = random_patient(aid, 1, JOINT | CALM | EXO | fixed)
    return triage(aid, answers, outcome(aid, answers), preferred=wanted or set())


def reasons(aid: Aid) -> Iterator[tuple[str, Contraindication]]:
    for alternative in aid.triage.alternatives:
        yield from ((alternative.slug, one) for one in alternative.contraindications)


# --- For everybody --------------------------------------------------------------------------------------------------


@MANY
@given(seed=seeds)
def test_the_urgent_flag_is_up_just_where_emergency_guidance_is_shown(aid: Aid, seed: int) -> None:
    answers = random_patient(aid, seed)
    result = outcome(aid, answers)
    actions = {aid.item[shown.slug].now for shown in result.items}
    found = triage(aid, answers, result)
    assert ("urgent" in found.flags) == bool(actions & EMERGENCY)
    assert (found.level == 0) == ("urgent" in found.flags)
    if "same-day" in actions:
        assert "red-flag" in found.flags


@MANY
@given(seed=seeds, wanted=preferred())
def test_flags_are_sorted_and_the_first_gives_the_level(aid: Aid, seed: int, wanted: set[str]) -> None:
    answers = random_patient(aid, seed)
    found = triage(aid, answers, outcome(aid, answers), preferred=wanted)
    level = {flag.slug: flag.level for flag in aid.triage.flags}
    levels = [level[slug] for slug in found.flags]
    assert levels == sorted(levels)
    assert found.level == (levels[0] if levels else None)


@MANY
@given(seed=seeds)
def test_whoever_has_a_contraindication_is_shown_its_caution(aid: Aid, seed: int) -> None:
    answers = random_patient(aid, seed)
    result = outcome(aid, answers)
    shown = {each.slug for each in result.items}
    held = set(triage(aid, answers, result).contraindications)
    for alternative, one in reasons(aid):
        if (alternative, one.slug) in held:
            assert set(one.items) <= shown, (alternative, one.slug)


@MANY
@given(seed=seeds)
def test_no_alternative_is_described_to_whom_something_speaks_against_it(aid: Aid, seed: int) -> None:
    answers = random_patient(aid, seed)
    result = outcome(aid, answers)
    shown = {each.slug for each in result.items}
    held = set(triage(aid, answers, result).contraindications)
    items = {each.slug: set(each.items) for each in aid.triage.alternatives}
    for alternative, one in reasons(aid):
        if (alternative, one.slug) in held and not one.relative:
            assert not items[alternative] & shown, (alternative, one.slug)


@MANY
@given(seed=seeds, wanted=preferred())
def test_the_flag_on_contraindications_is_up_just_for_what_is_wanted_or_offered(
    aid: Aid, seed: int, wanted: set[str]
) -> None:
    answers = random_patient(aid, seed)
    found = triage(aid, answers, outcome(aid, answers), preferred=wanted)
    offered = answers["offer"]
    assert isinstance(offered, list)
    absolute = {(alternative, one.slug) for alternative, one in reasons(aid) if not one.relative}
    against = {alternative for alternative, _ in absolute & set(found.contraindications)}
    assert ("contraindicated" in found.flags) == bool(against & (wanted | set(offered)))


@MANY
@given(seed=seeds, wanted=preferred())
def test_triage_depends_on_its_arguments_alone_and_leaves_them_as_they_are(
    aid: Aid, seed: int, wanted: set[str]
) -> None:
    answers = random_patient(aid, seed)
    kept = copy.deepcopy(answers)
    result = outcome(aid, answers)
    first = triage(aid, answers, result, preferred=wanted)
    assert answers == kept
    turned = dict(reversed(answers.items()))
    assert triage(aid, turned, outcome(aid, turned), preferred=sorted(wanted, reverse=True)) == first


def test_each_flag_standing_and_contraindication_is_reached_by_somebody(aid: Aid) -> None:
    flags: set[str] = set()
    standings: set[str] = set()
    held: set[tuple[str, str]] = set()
    looked_up: dict[str, Answer] = JOINT | EXO | NUMBER | {"listing": "open-with-clinic"}
    fixed: list[dict[str, Answer]] = [{}, JOINT, JOINT | EXO | NUMBER, JOINT | EXO | IND, looked_up]
    for seed in range(1600):
        answers = random_patient(aid, seed, fixed[seed % 5])
        draw = random.Random(seed)
        drawn = {name: draw.choice(values) for name, values in FACTS.items()}
        # Most draws say something against the study, so some change only one thing of the best.
        one = draw.choice([*FACTS])
        facts = ({}, drawn, GOOD | {one: drawn[one]})[seed % 3]
        found = triage(aid, answers, outcome(aid, answers, facts), facts=facts, letter=seed % 2 == 1)
        flags.update(found.flags)
        standings.add(found.standing)
        held.update(found.contraindications)
    assert flags == {flag.slug for flag in aid.triage.flags}
    assert standings == {standing.slug for standing in aid.triage.standings}
    assert held == {(alternative, one.slug) for alternative, one in reasons(aid)}


# --- Each flag and standing -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("flag", "fixed"),
    [
        ("urgent", {"urgent-signs": ["hot-joint"]}),
        ("urgent", {"urgent-signs": ["self-harm"]}),
        ("urgent", {"urgent-signs": ["not-sure"]}),
        ("red-flag", {"urgent-signs": ["surgery-wound"]}),
        ("red-flag", {"health": ["infection"]}),
        ("red-flag", {"problem": "spine", "health": ["cancer"]}),
        ("red-flag", {"problem": "spine", "medicines": ["immune-drugs"]}),
        ("treated-with-symptoms", {"stage": "treated", "after-treatment": "new-problem"}),
        ("treated-not-sure", {"stage": "treated", "after-treatment": "not-sure"}),
        ("treated", {"stage": "treated", "after-treatment": "no-problem"}),
        ("paid-or-pressed", {"stage": "deposit", "payment": "over-5000"}),
        ("paid-or-pressed", {"stage": "deposit", "payment": "not-sure"}),
        ("paid-or-pressed", {"stage": "treated", "after-treatment": "no-problem", "payment": "under-1000"}),
        ("paid-or-pressed", {"claims": ["pay-today"]}),
        ("claim-not-borne-out", {"trial-claim": ["fda-approved"], "ind-letter": "not-sure"}),
        ("claim-not-borne-out", IND | {"trial-number": {"choice": "no-number"}, "ind-letter": "not-sure"}),
        ("claim-not-borne-out", NUMBER | {"listing": "closed", "ind-letter": "both"}),
        ("claim-not-borne-out", NUMBER | {"listing": "wrong-site", "ind-letter": "both"}),
        ("claim-not-borne-out", NUMBER | {"listing": "not-found", "ind-letter": "both"}),
        ("claim-not-borne-out", NUMBER | {"listing": "open-with-clinic", "ind-letter": "refused"}),
        ("contraindicated", {"health": ["bleeding"], "offer": ["exo-joint", "marrow"]}),
        ("under-18", {"age": "under-18"}),
        ("no-diagnosis", {"diagnosis": "not-sure"}),
    ],
)
def test_whom_a_physician_must_see_is_flagged(aid: Aid, flag: str, fixed: dict[str, Answer]) -> None:
    assert flag in seen(aid, fixed).flags


@pytest.mark.parametrize(
    ("flag", "fixed"),
    [
        ("red-flag", {"problem": "joint", "health": ["cancer"]}),
        ("red-flag", {"problem": "spine", "health": ["diabetes"]}),
        ("treated", {"stage": "treated", "after-treatment": "new-problem"}),
        ("paid-or-pressed", {"stage": "deposit", "payment": "free"}),
        ("paid-or-pressed", {"stage": "looking", "payment": "over-5000"}),
        ("claim-not-borne-out", NUMBER | {"listing": "open-with-clinic", "ind-letter": "both"}),
        ("claim-not-borne-out", NUMBER | {"listing": "not-sure", "ind-letter": "not-sure"}),
        ("claim-not-borne-out", {"trial-claim": ["not-a-study"]}),
        ("contraindicated", {"health": ["bleeding"]}),
        ("contraindicated", {"health": ["none"], "medicines": ["blood-thinner"], "offer": ["exo-joint", "prp"]}),
    ],
)
def test_a_flag_stays_down_where_its_reason_is_not_there(aid: Aid, flag: str, fixed: dict[str, Answer]) -> None:
    assert flag not in seen(aid, fixed).flags


@pytest.mark.parametrize(
    ("standing", "fixed"),
    [
        ("no-exosomes", {"offer": ["nothing-yet"]}),
        ("no-exosomes", {"offer": ["prp", "a2m"]}),
        ("nothing-said", {"offer": ["not-sure"], "trial-claim": ["not-sure"]}),
        ("nothing-said", {"trial-claim": ["not-sure"]}),
        ("not-a-study", {"trial-claim": ["not-a-study"]}),
        ("fda-approval-claimed", {"trial-claim": ["fda-approved", "listed"], "listing": "open-with-clinic"}),
        ("other-claim", {"trial-claim": ["irb", "state-law"]}),
        ("study-without-number", IND | {"trial-number": {"choice": "no-number"}}),
        ("number-of-another-kind", IND | {"trial-number": {"choice": "other-registry"}}),
        ("number-of-another-kind", IND | {"trial-number": {"choice": "irb-or-ind"}, "ind-letter": "both"}),
        ("number-not-at-hand", IND | {"trial-number": {"choice": "not-sure"}, "ind-letter": "both"}),
        ("number-does-not-fit", NUMBER | {"listing": "closed", "ind-letter": "both"}),
        ("not-checked", NUMBER | {"listing": "not-sure", "ind-letter": "both"}),
        ("not-checked-listed", NUMBER | {"listing": "open-with-clinic", "ind-letter": "number-only"}),
        ("not-checked-listed", NUMBER | {"listing": "open-with-clinic", "ind-letter": "both"}),
    ],
)
def test_where_the_offer_stands(aid: Aid, standing: str, fixed: dict[str, Answer]) -> None:
    assert seen(aid, fixed).standing == standing


# --- Words ----------------------------------------------------------------------------------------------------------


def test_the_words_judge_no_product(aid: Aid) -> None:
    for key, text in aid.triage.texts():
        words = text["en"].lower()
        assert not any(word in words for word in ("approved", "verified", "safe", "legal", "proven", "real")), key


def test_each_standing_tells_who_says_so_or_that_it_is_not_known(aid: Aid) -> None:
    for standing in aid.triage.standings:
        assert standing.text["en"].startswith(("The patient", "The registry", "Not known")), standing.slug


def test_the_page_says_once_what_is_a_reason_for_care_and_the_words_do_not_repeat_it(aid: Aid) -> None:
    for alternative, one in reasons(aid):
        words = one.text["en"].lower()
        assert not any(word in words for word in ("caution", "absolute", "relative")), (alternative, one.slug)


def test_a_medicine_is_named_only_where_it_was_ticked(aid: Aid) -> None:
    texts = {one.slug: one.text["en"] for alternative, one in reasons(aid) if alternative == "prp"}
    for ticked, told, untold in (
        ("blood-thinner", "blood thinner", "aspirin"),
        ("antiplatelet", "aspirin", "blood thinner"),
        ("immune-drugs", "chemotherapy", "transplant"),
    ):
        held = seen(aid, {"health": ["none"], "medicines": [ticked]}).contraindications
        (words,) = [texts[slug] for alternative, slug in held if alternative == "prp"]
        assert told in words
        assert untold not in words
    assert not any("plavix" in words.lower() for words in texts.values())


# --- Why a flag is up -----------------------------------------------------------------------------------------------


def why(aid: Aid, flag: str, fixed: dict[str, Answer], wanted: set[str] | None = None, **facts: str) -> str:
    answers = random_patient(aid, 1, JOINT | CALM | EXO | fixed)
    shown = [each.slug for each in outcome(aid, answers).items]
    found = causes(aid, counted(aid, answers, facts), shown, {flag}, wanted or set())
    return cause_words(aid, found[flag])


@pytest.mark.parametrize(
    ("flag", "fixed", "told"),
    [
        ("urgent", {"urgent-signs": ["hot-joint", "self-harm"]}, "thoughts of self-harm; hot, swollen joint"),
        ("red-flag", {"urgent-signs": ["foot-wound"]}, "foot wound with diabetes that gets worse"),
        (
            "red-flag",
            {"problem": "spine", "health": ["weak-immune", "cancer"]},
            "spine problem with a weak immune system or transplant and cancer, now or in the past",
        ),
        ("paid-or-pressed", {"stage": "deposit", "payment": "over-5000"}, "date or deposit with a price over $5,000"),
        ("paid-or-pressed", {"claims": ["pay-today"]}, "told to pay today, or sign for a discount"),
        ("claim-not-borne-out", {"trial-claim": ["fda-approved"]}, "clinic claims FDA approval"),
        ("no-diagnosis", {"diagnosis": "no-diagnosis"}, ""),
    ],
)
def test_what_raised_a_flag_is_named(aid: Aid, flag: str, fixed: dict[str, Answer], told: str) -> None:
    assert why(aid, flag, fixed).startswith(told)
    assert bool(why(aid, flag, fixed)) == bool(told)


def test_what_the_registry_says_is_named_beside_the_claim_that_it_does_not_bear_out(aid: Aid) -> None:
    sure: dict[str, Answer] = NUMBER | {"listing": "open-with-clinic", "ind-letter": "both"}
    assert why(aid, "claim-not-borne-out", sure, registry="not-found") == "no study under this number"


def test_a_reason_against_what_is_wanted_is_named_with_it(aid: Aid) -> None:
    fixed: dict[str, Answer] = {"health": ["bleeding"]}
    assert why(aid, "contraindicated", fixed, {"prp"}) == ("PRP: Low platelets or a bleeding problem")


@MANY
@given(seed=seeds, wanted=preferred())
def test_each_flag_of_weight_names_what_raised_it_shortly(aid: Aid, seed: int, wanted: set[str]) -> None:
    answers = random_patient(aid, seed)
    draw = random.Random(seed)
    facts = {name: draw.choice(values) for name, values in FACTS.items()} if seed % 2 else {}
    result = outcome(aid, answers, facts)
    flags = set(triage(aid, answers, result, facts=facts, preferred=wanted).flags)
    found = causes(aid, counted(aid, answers, facts), [each.slug for each in result.items], flags, wanted)
    for flag in flags & {"urgent", "red-flag", "paid-or-pressed", "claim-not-borne-out", "contraindicated"}:
        assert cause_words(aid, found[flag]), (flag, answers)
        assert len(cause_words(aid, found[flag], most=2)) < 260


def test_the_words_for_staff_are_short_and_plain(aid: Aid) -> None:
    for key, text in aid.triage.texts():
        assert len(text["en"].split()) <= 22, key
        assert grade(text["en"]) <= 8 or len(text["en"].split()) < 12, (key, grade(text["en"]))


def test_every_contraindication_names_a_caution_and_every_alternative_its_items(aid: Aid) -> None:
    assert all(one.items for _, one in reasons(aid))
    described = [slug for alternative in aid.triage.alternatives for slug in alternative.items]
    assert sorted(described) == sorted(item.slug for item in aid.guidance if item.kind == "alternative")
