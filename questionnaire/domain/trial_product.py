"""How much a record of the trial registry has to do with exosomes, and whether it is for a person's own problem."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from questionnaire.domain.trial_design import is_control
from questionnaire.domain.trial_record import Intervention, TrialRecord
from questionnaire.domain.trial_rules import TrialRules

_NOT_GIVEN = re.compile(r"\s*(?:no|without)\b", re.IGNORECASE)
_PLACEBO = re.compile(r"\s*(?:placebo|sham)\b\W*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Product:
    """What is tested, as far as exosomes go.

    Attributes:
        grade: `tested` when a name of what is tested says so, `product` when it is the name of a product that is known
            as exosomes, `described` when only its description or its arm does, `mentioned` when they stand elsewhere,
            else `not-mentioned`.
        field, word: where it stands and how; of a product the word in what describes it, empty if there is none.
        brand: a known product that is named as what is tested.
    """

    grade: str
    field: str = "interventions"
    word: str = ""
    brand: str = ""


def product(record: TrialRecord, rules: TrialRules) -> Product:
    """What the record says of exosomes, looked for first where it tells most. What is compared with is out."""
    active = [each for each in record.interventions if not _is_compared(each, record)]
    names = tested_names(record)
    brand = next((found[0] for text in names if (found := rules.branded.search(text))), "")
    for text in names:
        if found := rules.exosomes.search(text):
            return Product("tested", "interventions", found[0], brand)
    for field, text in _described(record, active):
        if found := rules.exosomes.search(text) or (None if brand else rules.branded.search(text)):
            return Product("product" if brand else "described", field, found[0], brand)
    if brand:
        return Product("product", "interventions", "", brand)
    for field, text in _elsewhere(record):
        if found := rules.exosomes.search(text) or rules.branded.search(text):
            return Product("mentioned", field, found[0])
    return Product("not-mentioned")


def tested_names(record: TrialRecord) -> tuple[str, ...]:
    """Every name of what is tested, other names too, without what it is compared with."""
    active = (each for each in record.interventions if not _is_compared(each, record))
    return tuple(text for each in active for text in (each.name, *each.other_names))


def tested(record: TrialRecord) -> tuple[str, ...]:
    """The names of what is tested, without what it is compared with."""
    return tuple(each.name for each in record.interventions if each.name and not _is_compared(each, record))


def body_part(record: TrialRecord, rules: TrialRules, parts: tuple[str, ...]) -> str:
    """Whether the study is for one of these parts, as a value of the fact `registry-body-part`."""
    known = [slug for slug in parts if slug in rules.part]
    if not known or not record.conditions:
        return "not-compared"
    told = " ; ".join((*record.conditions, record.title, record.official_title))
    if any(rules.part[slug].search(told) for slug in known):
        return "fits"
    named = {slug for slug, pattern in rules.part.items() if pattern.search(told)}
    wider = {each for slug in known for each in rules.wider.get(slug, ())}
    return "not-compared" if named and named <= wider else "other"


def _is_compared(each: Intervention, record: TrialRecord) -> bool:
    if _NOT_GIVEN.match(each.name) or _PLACEBO.match(each.name) or _PLACEBO.fullmatch(each.description):
        return True
    control = {arm.label for arm in record.arms if is_control(arm)}
    return bool(each.arms) and control.issuperset(each.arms)


def _described(record: TrialRecord, active: list[Intervention]) -> Iterator[tuple[str, str]]:
    yield from (("interventions", each.description) for each in active)
    yield from (("armGroups", f"{arm.label} {arm.description}") for arm in record.arms if not is_control(arm))


def _elsewhere(record: TrialRecord) -> Iterator[tuple[str, str]]:
    yield "briefTitle", record.title
    yield "officialTitle", record.official_title
    yield "briefSummary", record.summary
    yield "keywords", " ; ".join(record.keywords)
    yield "detailedDescription", record.description
    yield "outcomes", " ; ".join(record.outcomes)
