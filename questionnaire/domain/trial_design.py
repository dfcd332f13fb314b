"""How a study is made: its phase, and what it compares its treatment with, as far as its record shows."""

from __future__ import annotations

import re
from itertools import combinations

from questionnaire.domain.trial_record import Arm, TrialRecord
from questionnaire.domain.trial_sites import words_of

_PHASES = ("NA", "EARLY_PHASE1", "PHASE1", "PHASE2", "PHASE3", "PHASE4")
_COMPARED = ("PLACEBO_COMPARATOR", "SHAM_COMPARATOR", "NO_INTERVENTION")
_NOT_GIVEN = re.compile(r"\s*(?:no|without)\b", re.IGNORECASE)
_PLACEBO = re.compile(r"\b(?:placebo|sham|saline)\b", re.IGNORECASE)
_CONTROL = re.compile(r"\b(?:control|usual care|standard care|standard of care)\b", re.IGNORECASE)
_MOST = 50
"""Groups and treatments that are compared with each other; a real record has a few."""
OF_A_DOSE = frozenset(
    re.findall(
        r"\w+",
        "dose doses low high medium lower higher single multiple repeated repeat first second third injection "
        "injections infusion infusions group arm cohort therapy treatment mg ml g kg ug mcg particles million billion",
    )
)
"""Words that name how much or how, and not what: they tell no two treatments apart."""


def phase(record: TrialRecord) -> tuple[str, tuple[str, ...]]:
    """The finding on the phase, and those phases that the registry knows. With phase 1 it looks at safety first."""
    known = tuple(each for each in _PHASES if each in record.phases)
    if not known:
        return "phase-not-stated", ()
    if any(each in ("EARLY_PHASE1", "PHASE1") for each in known):
        return "phase-early", known
    return ("phase-none" if known == ("NA",) else "phase-later"), known


def is_control(arm: Arm) -> bool:
    """Whether this group gets what the tested thing is compared with."""
    return arm.kind in _COMPARED or bool(_NOT_GIVEN.match(arm.label))


def comparison(record: TrialRecord) -> str:
    """What the treatment is compared with.

    Returns:
        `untreated` where a group goes without, gets a placebo or the usual care; `active` where one gets some other
        treatment; `none` where no group is shown to compare with; `not-known` where the record does not tell.
    """
    arms = record.arms
    if not arms:
        return "none" if record.model == "SINGLE_GROUP" or record.allocation == "NA" else "not-known"
    if len(arms) == 1:
        return "none"
    if any(map(_goes_without, arms)):
        return "untreated"
    kinds = {arm.kind for arm in arms}
    if "ACTIVE_COMPARATOR" in kinds and len(kinds) > 1:
        return "active"
    if record.allocation == "RANDOMIZED" and _get_different_things(record):
        return "active"
    return "none" if kinds == {"EXPERIMENTAL"} else "not-known"


def _goes_without(arm: Arm) -> bool:
    if is_control(arm) or _PLACEBO.search(arm.label):
        return True
    # What the record itself marks as another treatment is one, though its label says "control".
    return arm.kind != "ACTIVE_COMPARATOR" and bool(_CONTROL.search(arm.label))


def _get_different_things(record: TrialRecord) -> bool:
    """Whether one group goes without something that another gets. Doses of one thing are no different things."""
    names: dict[str, set[str]] = {arm.label: set() for arm in record.arms[:_MOST]}
    words: dict[str, set[str]] = {label: set() for label in names}
    for each in record.interventions[:_MOST]:
        for label in each.arms[:_MOST]:
            if label in names:
                names[label].add(each.name)
                words[label] |= {word for word in words_of(each.name) if word not in OF_A_DOSE and word.isalpha()}
    pairs = list(combinations(names, 2))
    return any(
        (names[one] and names[other] and (names[one] < names[other] or names[other] < names[one]))
        or (words[one] and words[other] and words[one].isdisjoint(words[other]))
        for one, other in pairs
    )
