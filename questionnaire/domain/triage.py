"""What a physician sees of a response first: flags, where the offer stands, contraindications. Slugs, never words."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass

from questionnaire.domain.conditions import Counted, fact_key, is_fact
from questionnaire.domain.content import Aid, Guidance
from questionnaire.domain.journey import Journey
from questionnaire.domain.outcome import Outcome
from questionnaire.domain.questions import Answers
from questionnaire.domain.triage_rules import Alternative, Contraindication, Flag, Standing, TriageRules

__all__ = [
    "Alternative",
    "Contraindication",
    "Flag",
    "Standing",
    "Triage",
    "TriageRules",
    "causes",
    "counted",
    "triage",
]

Causes = tuple[tuple[tuple[str, str], ...], ...]
"""Why a flag is up: groups of (key, value), each of which is enough. A key is a question's slug, a `fact:` key, or
`alternative:` with the slug of an alternative, whose values are its contraindications."""
OF_ALTERNATIVE = "alternative:"


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


def counted(
    aid: Aid, answers: Answers, facts: Mapping[str, str] | None = None, checked: Mapping[str, str] | None = None
) -> Counted:
    """The values on the patient's path, with what is known by now.

    Args:
        facts: those by which the patient was led.
        checked: what a later check found, in their place. It opens no question, since the patient was not asked one.
    """
    found = Journey(aid, answers, facts).counted
    if not checked:
        return found
    own = {key: values for key, values in found.items() if not is_fact(key)}
    return own | {fact_key(slug): (value,) for slug, value in checked.items()}


def triage(
    aid: Aid,
    answers: Answers,
    outcome: Outcome,
    *,
    facts: Mapping[str, str] | None = None,
    checked: Mapping[str, str] | None = None,
    preferred: Collection[str] = (),
    letter: bool = False,
) -> Triage:
    """What these answers, and the outcome that the patient got for them, mean for a physician.

    Answers off the patient's path count for nothing; a journey that is not complete is judged as far as it goes.

    Args:
        checked: what a later check of the study found, in place of `facts`.
        preferred: slugs of alternatives that the patient chose when sharing. One that was offered counts as preferred
            too.
        letter: FDA has written a public letter to a firm, or about a product, that the patient named.
    """
    known = counted(aid, answers, facts, checked)
    rules = aid.triage
    against = tuple(_against(rules, known))
    actions = {item.now for item in _urgent(aid, (each.slug for each in outcome.items))}
    leans = any(not one.relative and _leans_towards(alternative, known, preferred) for alternative, one in against)
    flags = sorted(
        (flag for flag in rules.flags if _holds(flag, known, actions, leans, letter)), key=lambda flag: flag.level
    )
    return Triage(
        flags=tuple(flag.slug for flag in flags),
        standing=_standing(rules, known),
        contraindications=tuple((alternative.slug, one.slug) for alternative, one in against),
        problem=known.get(rules.problem[0], ("",))[0] if rules.problem else "",
        level=flags[0].level if flags else None,
    )


def causes(
    aid: Aid, known: Counted, shown: Iterable[str], flags: Collection[str], preferred: Collection[str] = ()
) -> dict[str, Causes]:
    """Why these flags are up, by slug; a flag that nothing of this explains has no cause.

    Args:
        known: what `counted` gives.
        shown: slugs of the guidance that the patient got.
    """
    raised = [flag for flag in aid.triage.flags if flag.slug in flags]
    urgent = _urgent(aid, shown) if any(flag.now for flag in raised) else []
    return {flag.slug: _causes(aid, flag, known, urgent, preferred) for flag in raised}


def _causes(aid: Aid, flag: Flag, known: Counted, urgent: Collection[Guidance], preferred: Collection[str]) -> Causes:
    conditions = [item.when for item in urgent if item.now in flag.now and item.when]
    conditions += [flag.when] if flag.when and flag.when.holds(known) else []
    found = [group for when in conditions if when.holds(known) for group in when.causes(known)]
    if flag.contraindicated:
        wanted = (each for each in aid.triage.alternatives if _leans_towards(each, known, preferred))
        found += [((f"{OF_ALTERNATIVE}{each.slug}", one.slug),) for each in wanted for one in _absolute(each, known)]
    return tuple(dict.fromkeys(found))


def _urgent(aid: Aid, shown: Iterable[str]) -> list[Guidance]:
    """What of this guidance asks for an action at once."""
    return [aid.item[slug] for slug in shown if slug in aid.item and aid.item[slug].now is not None]


def _against(rules: TriageRules, known: Counted) -> Iterator[tuple[Alternative, Contraindication]]:
    for alternative in rules.alternatives:
        for one in alternative.contraindications:
            if one.when is None or one.when.holds(known):
                yield alternative, one


def _leans_towards(alternative: Alternative, known: Counted, preferred: Collection[str]) -> bool:
    """Whether the patient leans towards it or was offered it."""
    return alternative.slug in preferred or (alternative.offered is not None and alternative.offered.holds(known))


def _absolute(alternative: Alternative, known: Counted) -> Iterator[Contraindication]:
    """What speaks against it, and not only for care."""
    for one in alternative.contraindications:
        if not one.relative and (one.when is None or one.when.holds(known)):
            yield one


def _holds(flag: Flag, known: Counted, actions: Collection[str | None], leans: bool, letter: bool) -> bool:
    """Whether this flag is up; `leans` tells whether the patient leans towards what has a contraindication."""
    return (
        (flag.when is not None and flag.when.holds(known))
        or any(action in actions for action in flag.now)
        or (flag.contraindicated and leans)
        or (flag.letter and letter)
    )


def _standing(rules: TriageRules, known: Counted) -> str:
    for standing in rules.standings:
        if standing.when is None or standing.when.holds(known):
            return standing.slug
    return ""
