"""Prove the safety properties of an aid over every possible person, or find somebody for whom one fails.

A solver looks for a person of whom the contrary is true. That there is none is the proof. A person it finds is
confirmed by the evaluator that patients get their guidance from, and made as plain as can be.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Iterator, Mapping
from itertools import combinations, product

import z3

from questionnaire.domain import people, safety, turning
from questionnaire.domain.content import Aid
from questionnaire.domain.encoding import Formula
from questionnaire.domain.findings import ERROR, Finding
from questionnaire.domain.people import Seen
from questionnaire.domain.prover import Case, Cases, Disagreement, Facts, Prover, about, condition_holds, place_of
from questionnaire.domain.questions import Answers
from questionnaire.domain.safety import Property
from questionnaire.domain.verdicts import Verdict

MOST_FINDINGS = 5
"""How many failures of one property are told; more would only repeat it."""


def prove(aid: Aid, only: Collection[str] = ()) -> list[Verdict]:
    """A verdict on each safety property (or on those that are named), in their order.

    Raises:
        Disagreement: see there.
    """
    prover = Prover(aid)
    wanted = [each for each in aid.safety if not only or each.slug in only]
    # Persons are dearer the more the solver knows, so what compares persons with themselves comes last.
    found = {each.slug: _verdict(prover, each) for each in sorted(wanted, key=lambda each: each.kind in _COMPARING)}
    verdicts = [found[each.slug] for each in wanted]
    missing = safety.missing_kinds(aid)
    if missing and not only:
        verdicts.append(_missing(missing))
    return verdicts


def _missing(kinds: list[str]) -> Verdict:
    message = (
        f"This aid has no safety property of kind {', '.join(f'“{kind}”' for kind in kinds)}. Add them to safety.yaml."
    )
    finding = Finding(ERROR, "safety-properties", message)
    return Verdict("safety-properties", "There is a safety property of each kind.", False, 0.0, (finding,))


def _verdict(prover: Prover, each: Property) -> Verdict:
    started = time.perf_counter()
    findings: list[Finding] = []
    for found in _CASES[each.kind](prover, each):
        finding = found if isinstance(found, Finding) else _tried(prover, each, found)
        if finding is not None:
            findings.append(finding)
        if len(findings) == MOST_FINDINGS:
            break
    seconds = time.perf_counter() - started
    return Verdict(each.slug, each.title[prover.aid.language], not findings, seconds, tuple(findings))


def _tried(prover: Prover, each: Property, case: Case) -> Finding | None:
    found = prover.person(case.goal)
    if found is None:
        return None
    answers, facts = found
    if not case.violated(answers, facts):
        raise Disagreement(f"{each.slug}: {case.message}")
    answers, facts = people.simplest(prover.aid, answers, facts, case.violated)  # type: ignore[assignment]
    person = people.person(prover.aid, answers, facts, case.about)
    return Finding(ERROR, each.slug, case.message, case.place, person=person)


def _always_shown(prover: Prover, each: Property) -> Cases:
    everybody = z3.And(prover.journeys.complete, prover.journeys.holds(each.when))
    for slug in each.items:

        def violated(answers: Answers, facts: Facts, slug: str = slug) -> bool:
            seen = prover.seen(answers, facts)
            return seen.complete and condition_holds(each, seen) and slug not in seen.slugs

        yield Case(
            z3.And(everybody, z3.Not(prover.journeys.shown(slug))),
            violated,
            f"Somebody would not see “{prover.title(slug)}”. Widen its condition.",
            place_of(prover, slug),
            about(prover, each, slug),
        )


def _only_when(prover: Prover, each: Property) -> Cases:
    outside = z3.And(prover.journeys.complete, z3.Not(prover.journeys.holds(each.when)))
    for slug in dict.fromkeys((*_named(prover, each), *_saying(prover, each))):

        def violated(answers: Answers, facts: Facts, slug: str = slug) -> bool:
            seen = prover.seen(answers, facts)
            return seen.complete and not condition_holds(each, seen) and slug in seen.slugs

        yield Case(
            z3.And(outside, prover.journeys.shown(slug)),
            violated,
            f"Somebody would see “{prover.title(slug)}” who should not. Narrow its condition, or change its words.",
            place_of(prover, slug),
            about(prover, each, slug),
        )


def _saying(prover: Prover, each: Property) -> list[str]:
    """Items and sentences whose own words hold one of the phrases."""
    aid = prover.aid
    texts: dict[str, list[Mapping[str, str]]] = {item.slug: [item.title, item.body] for item in aid.guidance}
    for item in aid.guidance:
        texts[item.slug] += item.option.texts.values() if item.option else ()
    texts |= {sentence.slug: [sentence.text] for sentence in aid.sentence.values()}
    phrases = [phrase.casefold() for phrase in each.saying]
    return [
        slug
        for slug, held in texts.items()
        if any(phrase in words.casefold() for text in held for words in text.values() for phrase in phrases)
    ]


def _named(prover: Prover, each: Property) -> list[str]:
    """What the property names, one by one or by kind."""
    of_kinds = (item.slug for item in prover.aid.guidance if item.kind in each.kinds)
    return list(dict.fromkeys((*each.items, *of_kinds)))


def _caution_with(prover: Prover, each: Property) -> Cases:
    order = {item.slug: number for number, item in enumerate(prover.aid.guidance)}
    there = z3.And(prover.journeys.complete, prover.journeys.holds(each.when))
    for slug in _named(prover, each):
        for caution in each.cautions:
            if order[caution] > order[slug]:
                message = (
                    f"The caution “{prover.title(caution)}” stands after “{prover.title(slug)}”. Give it another kind."
                )
                yield Finding(ERROR, each.slug, message, place_of(prover, caution))

            def violated(answers: Answers, facts: Facts, slug: str = slug, caution: str = caution) -> bool:
                seen = prover.seen(answers, facts)
                return (
                    seen.complete and condition_holds(each, seen) and slug in seen.slugs and caution not in seen.slugs
                )

            yield Case(
                z3.And(there, prover.journeys.shown(slug), z3.Not(prover.journeys.shown(caution))),
                violated,
                f"Somebody would see “{prover.title(slug)}” without “{prover.title(caution)}” before it.",
                place_of(prover, slug),
                about(prover, each, slug, caution),
            )


def _urgent_first(prover: Prover, each: Property) -> Cases:
    urgent = [item.slug for item in prover.aid.guidance if item.kind == "urgent"]
    signs = each.when.reads() if each.when else frozenset()

    def violated(answers: Answers, facts: Facts) -> bool:
        seen = prover.seen(answers, facts)
        return condition_holds(each, seen) and not seen.urgent

    shown = [prover.journeys.shown(slug) for slug in urgent]
    yield Case(
        z3.And(prover.journeys.holds(each.when), z3.Not(z3.Or(*shown))),
        violated,
        "Somebody with a warning sign would not see any urgent guidance. Add urgent guidance for that sign.",
        next((f"question/{slug}" for slug in sorted(signs) if slug in prover.aid.question), ""),
        signs,
    )
    if [item.kind for item in prover.aid.guidance[: len(urgent)]] != ["urgent"] * len(urgent):
        yield Finding(ERROR, each.slug, "Urgent guidance does not stand before all other guidance.")


def _at_least_one(prover: Prover, each: Property) -> Cases:
    wanted = set(_named(prover, each))

    def violated(answers: Answers, facts: Facts) -> bool:
        seen = prover.seen(answers, facts)
        return seen.complete and condition_holds(each, seen) and not wanted & seen.slugs

    shown = [prover.journeys.shown(slug) for slug in sorted(wanted)]
    there = z3.And(prover.journeys.complete, prover.journeys.holds(each.when))
    yield Case(
        z3.And(there, z3.Not(z3.Or(*shown))),
        violated,
        f"Somebody would see none of these: {each.title[prover.aid.language]} Widen a condition, or add an item.",
        place_of(prover, each.items[0]) if each.items else "",
        about(prover, each, *wanted),
    )


def _never_together(prover: Prover, each: Property) -> Cases:
    pairs = [pair for group in each.groups for pair in combinations(group, 2)]
    pairs += product(_named(prover, each), each.cautions)
    for first, second in pairs:

        def violated(answers: Answers, facts: Facts, pair: tuple[str, str] = (first, second)) -> bool:
            seen = prover.seen(answers, facts)
            return seen.complete and condition_holds(each, seen) and seen.slugs.issuperset(pair)

        both = z3.And(prover.journeys.shown(first), prover.journeys.shown(second))
        yield Case(
            z3.And(prover.journeys.complete, prover.journeys.holds(each.when), both),
            violated,
            f"Somebody would see “{prover.title(first)}” together with “{prover.title(second)}”.",
            place_of(prover, second),
            about(prover, each, first, second),
        )


def _everything_reached(prover: Prover, each: Property) -> Cases:
    """What an answer may be does not depend on other answers, so nobody gets stuck where each question has one."""
    journeys = prover.journeys
    targets: dict[Target, tuple[Formula, str, str]] = {}
    for question in prover.aid.questions:
        name, place = question.short[prover.aid.language], f"question/{question.slug}"
        targets[question.slug, ""] = (journeys.on_path[question.slug], f"Nobody is ever asked “{name}”.", place)
        for choice in question.choices:
            words = choice.text[prover.aid.language]
            message = f"Nobody who gets guidance can answer “{words}” to “{name}”."
            targets[question.slug, choice.slug] = (journeys.counted(question.slug, choice.slug), message, place)
    for slug in (*prover.aid.item, *prover.aid.sentence):
        place = place_of(prover, slug)
        targets["", slug] = (journeys.shown(slug), f"Nobody ever sees “{prover.title(slug)}”.", place)
    yield from _unreached(prover, each, targets)


_AT_ONCE = 24
"""How many targets one person is asked to reach."""

Target = tuple[str, str]
"""A question and a choice of it (empty for the question itself); or, after an empty text, an item or a sentence."""


def _unreached(prover: Prover, each: Property, targets: dict[Target, tuple[Formula, str, str]]) -> Iterator[Finding]:
    while targets:
        formula, message, place = targets.pop(next(iter(targets)))
        goal = [prover.journeys.complete, formula]
        if not prover.is_possible(goal):
            yield Finding(ERROR, each.slug, f"{message} Change the condition, or remove it.", place)
            continue
        # One person can reach much at once, and asking whether somebody exists is cheaper than asking who it is.
        for other, _, _ in list(targets.values())[:_AT_ONCE]:
            if prover.is_possible([*goal, other]):
                goal.append(other)
        found = prover.person(z3.And(*goal))
        seen = prover.seen(*found) if found else prover.seen({}, {})
        for reached in _reached(seen):
            targets.pop(reached, None)


def _reached(seen: Seen) -> Iterator[Target]:
    for slug, values in seen.counted.items():
        yield slug, ""
        yield from ((slug, value) for value in values)
    yield from (("", slug) for slug in seen.slugs)


_COMPARING = ("claim-never-softens", "fact-never-softens", "not-sure-never-softer")

_CASES: dict[str, Callable[[Prover, Property], Cases]] = {
    "always-shown": _always_shown,
    "only-when": _only_when,
    "caution-with": _caution_with,
    "urgent-first": _urgent_first,
    "at-least-one": _at_least_one,
    "never-together": _never_together,
    "everything-reached": _everything_reached,
    "claim-never-softens": turning.claim_never_softens,
    "fact-never-softens": turning.fact_never_softens,
    "not-sure-never-softer": turning.not_sure_never_softer,
}
