"""Whether triage.yaml fits the rest of its aid."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from questionnaire.domain.conditions import fact_key
from questionnaire.domain.content import Aid
from questionnaire.domain.entries import Problem
from questionnaire.domain.triage_rules import FILE, QUESTION_LISTS, TriageRules


def check(aid: Aid) -> Iterator[Problem]:
    """Slugs that stand twice, names that the aid does not have, and a ladder without an end."""
    for key, message in (*_twice(aid.triage), *_names(aid), *_ladder(aid.triage), *_caused(aid)):
        yield Problem(FILE, key, message)


def _twice(rules: TriageRules) -> Iterator[tuple[str, str]]:
    groups = [
        ("flags", [each.slug for each in rules.flags]),
        ("standings", [each.slug for each in rules.standings]),
        ("alternatives", [each.slug for each in rules.alternatives]),
        ("names", [each.slug for each in rules.names]),
    ]
    groups += [
        (f"alternatives.{each.slug}", [one.slug for one in each.contraindications]) for each in rules.alternatives
    ]
    for key, slugs in groups:
        for slug in sorted(slug for slug, count in Counter(slugs).items() if count > 1):
            yield f"{key}.{slug}", "two entries of this list have this slug; give one another name"


def _names(aid: Aid) -> Iterator[tuple[str, str]]:
    rules = aid.triage
    asked = [(key, slug) for key in QUESTION_LISTS for slug in getattr(rules, key)]
    asked += [(key, slug) for key in ("price", "state") if (slug := getattr(rules, key))]
    asked += [(f"names.{each.slug}", each.slug) for each in rules.names]
    for key, slug in asked:
        if slug not in aid.question:
            yield key, f"there is no question “{slug}”; correct the name or drop it"
    if rules.problem and rules.problem[0] in aid.question and aid.question[rules.problem[0]].kind != "one":
        yield "problem", f"the first question must be of kind “one”, and “{rules.problem[0]}” is not; put another first"
    for each in rules.alternatives:
        yield from _items(aid, f"alternatives.{each.slug}.items", each.items, "alternative")
        for one in each.contraindications:
            yield from _items(aid, f"alternatives.{each.slug}.{one.slug}.items", one.items, "caution")


def _items(aid: Aid, key: str, slugs: tuple[str, ...], kind: str) -> Iterator[tuple[str, str]]:
    for slug in slugs:
        if slug not in aid.item or aid.item[slug].kind != kind:
            yield key, f"there is no guidance item “{slug}” of kind “{kind}”; correct the name or drop it"


def _ladder(rules: TriageRules) -> Iterator[tuple[str, str]]:
    for each in rules.standings[:-1]:
        if each.when is None:
            yield f"standings.{each.slug}", "nothing after this standing can ever hold; move it to the end"
    if rules.standings and rules.standings[-1].when is not None:
        yield "standings", "the last standing must have no condition; add one"


def _caused(aid: Aid) -> Iterator[tuple[str, str]]:
    facts = {fact_key(fact.slug): fact.values for fact in aid.facts}
    for key, words in aid.triage.causes.items():
        if key not in facts and key not in aid.question:
            yield f"causes.{key}", f"there is no question or fact “{key}”; correct the name or drop it"
            continue
        known = facts[key] if key in facts else aid.question[key].choice
        for value in (value for value in words if value not in known):
            yield f"causes.{key}.{value}", f"“{key}” never has the value “{value}”; correct it or drop it"
