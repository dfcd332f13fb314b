"""Properties that compare a person with themselves: what if one answer had been another, and all the rest the same."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import z3

from questionnaire.domain.conditions import fact_key
from questionnaire.domain.encoding import Formula, Journeys, untold
from questionnaire.domain.people import Seen, reads
from questionnaire.domain.prover import Case, Cases, Facts, Prover, answer_of, condition_holds, place_of
from questionnaire.domain.questions import Answers, Question, values_of
from questionnaire.domain.safety import Property

Softer = Callable[[Seen, Seen], bool]
"""Whether the second, compared with the first, is what must not be."""


def claim_never_softens(prover: Prover, each: Property) -> Cases:
    """Against the same person not sure about the claim, whoever makes it loses no caution and gets no milder level.

    Only where the property's own condition holds, which is that everything else bears the claim out, may it be milder.
    """
    aid, question = prover.aid, prover.aid.question[each.question]
    claiming, unsure = prover.journeys, prover.turned(each.question, each.choice)
    ticked = prover.stored.ticked[each.question]
    only = z3.And(*(z3.Not(tick) for value, tick in ticked.items() if value not in each.claims))
    made = z3.Or(*(claiming.counted(each.question, claim) for claim in each.claims))
    borne_out = claiming.holds(each.when) if each.when else z3.BoolVal(False)
    base = z3.And(claiming.complete, unsure.complete, only, made, z3.Not(borne_out))
    levelled = {slug for level in each.levels for slug in level}

    def case(goal: Formula, softer: Softer, message: str, slug: str) -> Case:
        def violated(answers: Answers, facts: Facts) -> bool:
            with_claim = prover.seen(answers, facts)
            without = prover.seen({**answers, question.slug: answer_of(question, each.choice)}, facts)
            claims = with_claim.counted.get(question.slug, ())
            if not (with_claim.complete and without.complete and claims) or not set(claims) <= set(each.claims):
                return False
            holds = each.when is not None and condition_holds(each, with_claim)
            return not holds and softer(without, with_claim)

        about = frozenset({question.slug}) | reads(aid, [slug])
        return Case(z3.And(base, goal), violated, message, place_of(prover, slug), about)

    for item in aid.guidance:
        if item.kind == "caution" and item.slug not in {*levelled, *each.items} and unsure.changes(item.slug):
            lost = z3.And(unsure.shown(item.slug), z3.Not(claiming.shown(item.slug)))
            message = f"Claiming it takes away the caution “{prover.title(item.slug)}”. Widen its condition."
            yield case(lost, _loses(item.slug), message, item.slug)
    for level, as_severe in _levels(each):
        milder = z3.And(_any(unsure, level), z3.Not(_any(claiming, as_severe)))
        message = f"Claiming it leads to something milder than “{prover.title(level[0])}”."
        yield case(milder, _leaves(level, as_severe), message, level[0])


def _levels(each: Property) -> Iterator[tuple[list[str], list[str]]]:
    """Each level, with all that is at least as severe."""
    for number, level in enumerate(each.levels):
        yield list(level), [slug for upto in each.levels[: number + 1] for slug in upto]


_KEPT = ("urgent", "caution", "next-step", "ask", "standard-care")
"""Kinds of guidance that finding something out may add to, and never takes away."""


def fact_never_softens(prover: Prover, each: Property) -> Cases:
    """Against the same person of whom none of the facts is known, whoever has any value of them loses no guidance.

    Nor do they get a milder level, or an alternative or one of the property's items that was not there before.
    """
    knowing, before = prover.journeys, untold(prover.journeys, each.facts)
    base = z3.And(knowing.complete, before.complete)
    soft = _soft(prover, each)
    levelled = {slug for level in each.levels for slug in level}

    def case(goal: Formula, softer: Softer, message: str, slug: str) -> Case:
        def violated(answers: Answers, facts: Facts) -> bool:
            with_facts = prover.seen(answers, facts)
            unknown = {name: value for name, value in facts.items() if name not in each.facts}
            without = prover.seen(answers, unknown)
            return with_facts.complete and without.complete and softer(without, with_facts)

        about = frozenset(map(fact_key, each.facts)) | reads(prover.aid, [slug])
        return Case(z3.And(base, goal), violated, message, place_of(prover, slug), about)

    for item in prover.aid.guidance:
        if item.kind in _KEPT and item.slug not in {*levelled, *each.items} and before.changes(item.slug):
            lost = z3.And(before.shown(item.slug), z3.Not(knowing.shown(item.slug)))
            message = f"Finding something out takes away “{prover.title(item.slug)}”. Widen its condition."
            yield case(lost, _loses(item.slug), message, item.slug)
    for slug in filter(before.changes, soft):
        gained = z3.And(knowing.shown(slug), z3.Not(before.shown(slug)))
        message = f"Finding something out makes “{prover.title(slug)}” appear. Let its condition do without the fact."
        yield case(gained, _gains(slug), message, slug)
    for level, as_severe in _levels(each):
        milder = z3.And(_any(before, level), z3.Not(_any(knowing, as_severe)))
        message = f"Finding something out leads to something milder than “{prover.title(level[0])}”."
        yield case(milder, _leaves(level, as_severe), message, level[0])


def _loses(slug: str) -> Softer:
    return lambda before, after: slug in before.slugs and slug not in after.slugs


def _leaves(level: list[str], as_severe: list[str]) -> Softer:
    return lambda before, after: bool(before.slugs.intersection(level)) and not after.slugs.intersection(as_severe)


def _gains(slug: str) -> Softer:
    return lambda before, after: slug in after.slugs and slug not in before.slugs


def not_sure_never_softer(prover: Prover, each: Property) -> Cases:
    """For each question that offers this choice: whoever turns a known answer into it is told nothing softer.

    Softer is: an alternative or another of the property's items that was not there before; urgent guidance gone;
    from a caution about that question to none about it; or from one of the levels to none. A known bad answer may
    become a lower level, since not knowing is not the same as knowing the worst, but never no level.
    """
    for question in prover.aid.questions:
        if each.choice in question.choice:
            yield from _turned(prover, each, question)


def _turned(prover: Prover, each: Property, question: Question) -> Iterator[Case]:
    aid, before, after = prover.aid, prover.journeys, prover.turned(question.slug, each.choice)
    slug = question.slug
    known = [atom.value for atom in prover.stored.atoms[slug] if atom.value != each.choice]
    knew = z3.And(z3.Or(*(before.counted(slug, value) for value in known)), z3.Not(before.counted(slug, each.choice)))
    exempt = {entry.item for entry in each.exempt if entry.question == slug}
    name = question.short[aid.language]

    def case(goal: Formula, softer: Softer, message: str, place: str, about: set[str]) -> Case:
        def violated(answers: Answers, facts: Facts) -> bool:
            first = prover.seen(answers, facts)
            given = first.counted.get(slug, ())
            if not given or each.choice in values_of(answers[slug]):
                return False
            second = prover.seen({**answers, slug: answer_of(question, each.choice)}, facts)
            return first.complete and second.complete and softer(first, second)

        return Case(
            z3.And(before.complete, after.complete, knew, goal), violated, message, place, frozenset({slug, *about})
        )

    for soft in _soft(prover, each):
        if soft not in exempt and after.changes(soft):
            gained = z3.And(after.shown(soft), z3.Not(before.shown(soft)))
            message = (
                f"Turning “{name}” into not sure makes “{prover.title(soft)}” appear. Let its condition ask to know."
            )
            yield case(gained, _gains(soft), message, place_of(prover, soft), reads(aid, [soft]))
    urgent = [item.slug for item in aid.guidance if item.kind == "urgent"]
    if any(map(after.changes, urgent)):
        gone = z3.And(_any(before, urgent), z3.Not(_any(after, urgent)))
        message = f"Turning “{name}” into not sure makes urgent guidance go away."
        yield case(gone, lambda one, two: bool(one.urgent) and not two.urgent, message, f"question/{slug}", set())
    yield from _cautions(prover, question, each, case)


def _cautions(prover: Prover, question: Question, each: Property, case: Callable[..., Case]) -> Iterator[Case]:
    """A caution about a known answer gives way to a caution about not knowing, not to silence."""
    aid, before, after = prover.aid, prover.journeys, prover.turned(question.slug, each.choice)
    name = question.short[aid.language]
    own = [
        item.slug
        for item in aid.guidance
        if item.kind == "caution" and item.when is not None and question.slug in item.when.reads()
    ]
    if own:
        silent = z3.And(_any(before, own), z3.Not(_any(after, own)))
        message = f"Turning “{name}” into not sure makes every caution about it go away. Add one about not knowing."
        yield case(silent, _silenced(own), message, f"question/{question.slug}", reads(aid, own))
    levels = [slug for level in each.levels for slug in level]
    if any(map(after.changes, levels)):
        left = z3.And(_any(before, levels), z3.Not(_any(after, levels)))
        message = f"Turning “{name}” into not sure leaves no word on how the offer stands."
        yield case(left, _silenced(levels), message, f"question/{question.slug}", reads(aid, levels))


def _silenced(slugs: list[str]) -> Softer:
    return lambda before, after: bool(before.slugs.intersection(slugs)) and not after.slugs.intersection(slugs)


def _any(journeys: Journeys, slugs: list[str]) -> Formula:
    return z3.Or(*(journeys.shown(slug) for slug in slugs))


def _soft(prover: Prover, each: Property) -> list[str]:
    alternatives = [item.slug for item in prover.aid.guidance if item.kind == "alternative"]
    return list(dict.fromkeys((*alternatives, *each.items)))
