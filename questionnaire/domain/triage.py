"""What a physician sees of a response first: flags, where the offer stands, contraindications. Slugs, never words."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from questionnaire.domain.conditions import Counted
from questionnaire.domain.content import Aid
from questionnaire.domain.journey import Journey
from questionnaire.domain.outcome import Outcome
from questionnaire.domain.questions import Answers
from questionnaire.domain.triage_rules import Alternative, Contraindication, Flag, Standing, TriageRules

__all__ = ["Alternative", "Contraindication", "Flag", "Standing", "Triage", "TriageRules", "triage"]


@dataclass(frozen=True, slots=True)
class Triage:
    """What triage found.

    Attributes:
        flags: slugs, in the order of their levels.
        standing: slug; empty when the aid brings no standings.
        contraindications: pairs of an alternative and a contraindication, of all alternatives, wanted or not.
        problem: the choice of the main question on the condition; empty when it is unanswered.
        level: that of the first flag; None without flags.
    """

    flags: tuple[str, ...]
    standing: str
    contraindications: tuple[tuple[str, str], ...]
    problem: str
    level: int | None


def triage(
    aid: Aid,
    answers: Answers,
    outcome: Outcome,
    *,
    facts: Mapping[str, str] | None = None,
    preferred: Collection[str] = (),
) -> Triage:
    """What these answers, and the outcome that the patient got for them, mean for a physician.

    `preferred` are slugs of alternatives that the patient chose when sharing. One that was offered counts as preferred
    too. Answers off the patient's path count for nothing; a journey that is not complete is judged as far as it goes.
    """
    counted = Journey(aid, answers, facts).counted
    rules = aid.triage
    against = tuple(_against(rules, counted))
    shown = {each.slug for each in outcome.items}
    actions = {item.now for item in aid.guidance if item.now is not None and item.slug in shown}
    leans = any(
        not one.relative and (alternative.slug in preferred or _holds_offered(alternative, counted))
        for alternative, one in against
    )
    flags = sorted((flag for flag in rules.flags if _holds(flag, counted, actions, leans)), key=lambda flag: flag.level)
    return Triage(
        flags=tuple(flag.slug for flag in flags),
        standing=_standing(rules, counted),
        contraindications=tuple((alternative.slug, one.slug) for alternative, one in against),
        problem=counted.get(rules.problem[0], ("",))[0] if rules.problem else "",
        level=flags[0].level if flags else None,
    )


def _against(rules: TriageRules, counted: Counted) -> Iterator[tuple[Alternative, Contraindication]]:
    for alternative in rules.alternatives:
        for one in alternative.contraindications:
            if one.when is None or one.when.holds(counted):
                yield alternative, one


def _holds_offered(alternative: Alternative, counted: Counted) -> bool:
    return alternative.offered is not None and alternative.offered.holds(counted)


def _holds(flag: Flag, counted: Counted, actions: Collection[str], leans: bool) -> bool:
    """Whether this flag is up; `leans` tells whether the patient leans towards what has a contraindication."""
    return (
        (flag.when is not None and flag.when.holds(counted))
        or any(action in actions for action in flag.now)
        or (flag.contraindicated and leans)
    )


def _standing(rules: TriageRules, counted: Counted) -> str:
    for standing in rules.standings:
        if standing.when is None or standing.when.holds(counted):
            return standing.slug
    return ""
