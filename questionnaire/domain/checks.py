"""What the parts of an aid must hold between them: names that exist and stand once, conditions that can hold."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from itertools import pairwise
from typing import Any

from questionnaire.domain import content, ladder_rules, questions, safety, triage_checks, triage_rules, trial_rules
from questionnaire.domain.conditions import COMPARISONS, Condition, Test, fact_key
from questionnaire.domain.content import Aid
from questionnaire.domain.entries import Problem
from questionnaire.domain.questions import Question


def check(aid: Aid, document: Mapping[str, Any]) -> Iterator[Problem]:
    """Every problem between the parts of `aid`; `document` tells in which file each part stands."""
    where = _Where(document)
    yield from _twice(aid, where)
    yield from _head(aid)
    for question in aid.questions:
        yield from _question(question)
    yield from _orders(aid)
    yield from _conditions(aid, where)
    yield from _guidance(aid, where)
    yield from _citations(aid, where)
    yield from _evidence(aid, where)
    yield from safety.check(aid)
    yield from triage_checks.check(aid)
    yield from trial_rules.check(aid)
    yield from ladder_rules.check(aid)


class _Where:
    """In which file a named entry stands."""

    def __init__(self, document: Mapping[str, Any]) -> None:
        self._file: dict[tuple[str, str], str] = {}
        for file, listed in document.items():
            room = file.split("/")[0]
            for raw in listed if isinstance(listed, list) else ():
                if isinstance(raw, Mapping):
                    self._file.setdefault((room, str(raw.get("slug") or raw.get("id"))), file)

    def guidance(self, slug: str) -> str:
        return self._file.get(("guidance", slug), "guidance/")

    def evidence(self, slug: str) -> str:
        return self._file.get(("evidence", slug), "evidence/")

    def source(self, slug: str) -> str:
        return self._file.get(("sources", slug), "sources/")


def _repeated(names: Iterable[str]) -> list[str]:
    return sorted(name for name, count in Counter(names).items() if count > 1)


def _twice(aid: Aid, where: _Where) -> Iterator[Problem]:
    shown = [item.slug for item in aid.guidance] + [each.slug for slot in aid.meaning for each in slot]
    groups: list[tuple[str, str, Iterable[str]]] = [
        ("questions.yaml", "section", (section.slug for section in aid.sections)),
        ("questions.yaml", "question", (question.slug for question in aid.questions)),
        ("guidance/", "guidance item or sentence", shown),
        ("evidence/", "evidence entry", (entry.id for entry in aid.evidence)),
        ("sources/", "source", (source.slug for source in aid.sources)),
        ("glossary.yaml", "term", (term.slug for term in aid.terms)),
        ("pages.yaml", "page", (page.slug for page in aid.pages)),
        ("safety.yaml", "safety property", (each.slug for each in aid.safety)),
        ("aid.yaml", "fact", (fact.slug for fact in aid.facts)),
        ("aid.yaml", "word of certainty", (each.slug for each in aid.certainties)),
    ]
    for file, what, names in groups:
        for name in _repeated(names):
            at = where.guidance(name) if file == "guidance/" else file
            yield Problem(at, name, f"two of the kind “{what}” have this slug; give one another name")
    for question in aid.questions:
        for name in _repeated(choice.slug for choice in question.choices):
            yield Problem(
                "questions.yaml", f"{question.slug}.choices", f"two choices have the slug “{name}”; rename one"
            )


def _head(aid: Aid) -> Iterator[Problem]:
    for note in content.REQUIRED_NOTES:
        if note not in aid.notes:
            yield Problem("aid.yaml", f"notes.{note}", "pages rely on this note; write it")
    for slug in content.EFFECT_CERTAINTY + content.STATEMENT_CERTAINTY:
        if slug not in aid.certainty:
            yield Problem("aid.yaml", "certainty", f"the word for “{slug}” is missing; add an entry")
    if aid.next_review <= aid.reviewed:
        yield Problem("aid.yaml", "next_review", "the next review must come after `reviewed`; set a later date", False)
    if not aid.questions:
        yield Problem("questions.yaml", "", "an aid needs at least one question; write one")


def _question(question: Question) -> Iterator[Problem]:
    at = question.slug

    def wrong(key: str, message: str) -> Problem:
        return Problem("questions.yaml", f"{at}.{key}", message)

    typed = question.kind in questions.TYPED_KINDS
    if not typed and len(question.choices) < 2:
        yield wrong("choices", "a question to choose from needs two choices or more; add them or change the kind")
    if question.kind != "many" and any(choice.exclusive for choice in question.choices):
        yield wrong("choices", "`exclusive` has a meaning for kind “many” only; drop it")
    if question.kind == "number" and question.unit is None:
        yield wrong("unit", "a number needs a unit; write one")
    if question.kind != "number" and (question.unit is not None or question.decimals):
        yield wrong("unit", "only a number has a unit or decimals; drop them")
    if question.decimals < 0:
        yield wrong("decimals", "a number cannot have fewer than 0 decimals; correct or drop it")
    for choice in question.choices:
        if question.kind in ("number", "date") and questions.ordered(choice.slug, question.kind) is not None:
            yield wrong("choices", f"the choice “{choice.slug}” reads as a {question.kind} typed in; rename it")
    for key in ("least", "most"):
        bound = getattr(question, key)
        if bound is not None and not _is_bound(question.kind, key, bound):
            yield wrong(key, f"“{bound}” does not fit a question of kind “{question.kind}”; correct or drop it")
    low, high = questions.ordered(question.least, question.kind), questions.ordered(question.most, question.kind)
    if low is not None and high is not None and question.kind in ("number", "date") and low > high:  # type: ignore[operator]
        yield wrong("most", "nothing can be answered, since `most` is below `least`; swap them")


def _is_bound(kind: str, key: str, bound: str) -> bool:
    if kind in ("number", "date"):
        return questions.ordered(bound, kind) is not None
    return key == "most" and kind in ("many", "text") and questions.how_many(bound) is not None


def _orders(aid: Aid) -> Iterator[Problem]:
    """A question may wait only for questions before it; a ring of questions that wait for each other is named whole."""
    place = {question.slug: number for number, question in enumerate(aid.questions)}
    waits = {
        question.slug: sorted(slug for slug in (question.when.reads() if question.when else ()) if slug in place)
        for question in aid.questions
    }
    ringed: set[str] = set()
    links: set[tuple[str, str]] = set()
    for slug in waits:
        ring = _ring(slug, waits)
        if ring and not ringed.intersection(ring):
            ringed.update(ring)
            links.update(pairwise([*ring, ring[0]]))
            chain = " → ".join([*ring, ring[0]])
            yield Problem("questions.yaml", f"{slug}.when", f"a loop: {chain}; let one of them not wait for the others")
    for slug, reads in waits.items():
        for read in reads:
            if place[read] >= place[slug] and (slug, read) not in links:
                yield Problem(
                    "questions.yaml",
                    f"{slug}.when",
                    f"“{read}” is asked later than “{slug}”; move it before, or drop the test",
                )


def _ring(start: str, waits: Mapping[str, list[str]]) -> list[str]:
    """A way from `start` back to itself along `waits`; empty when there is none."""
    trail: dict[str, str] = {}
    todo = [(start, each) for each in waits[start]]
    while todo:
        source, slug = todo.pop()
        if slug == start:
            ring = [source]
            while ring[-1] != start:
                ring.append(trail[ring[-1]])
            return ring[::-1]
        if slug not in trail:
            trail[slug] = source
            todo.extend((slug, each) for each in waits[slug])
    return []


def _conditions(aid: Aid, where: _Where) -> Iterator[Problem]:
    owners: list[tuple[str, str, Condition | None]]
    owners = [("questions.yaml", f"{each.slug}.when", each.when) for each in aid.questions]
    owners += [(where.guidance(item.slug), f"{item.slug}.when", item.when) for item in aid.guidance]
    owners += [("meaning.yaml", f"{each.slug}.when", each.when) for slot in aid.meaning for each in slot]
    owners += [("safety.yaml", f"{each.slug}.when", each.when) for each in aid.safety]
    owners += [(triage_rules.FILE, key, when) for key, when in aid.triage.conditions()]
    values = {fact_key(fact.slug): fact.values for fact in aid.facts}
    for file, key, when in owners:
        for test in when.tests() if when else ():
            for message in _test(aid, test, values):
                yield Problem(file, key, message)
    # The ladder may name any fact that a check can find out, whether or not the aid's guidance goes by it.
    findable = {fact_key(slug): every for slug, every in trial_rules.FACTS.items()}
    for key, when in aid.ladder.conditions():
        for test in when.tests():
            for message in _test(aid, test, values | findable):
                yield Problem(ladder_rules.FILE, key, message)


def _test(aid: Aid, test: Test, facts: Mapping[str, tuple[str, ...]]) -> Iterator[str]:
    if test.subject in facts:
        for value in test.values:
            if test.operator in COMPARISONS:
                yield f"“{test.subject}” is a fact, and `{test.operator}` compares numbers or dates; use `is`"
            elif test.operator != "answered" and value not in facts[test.subject]:
                yield f"“{test.subject}” never has the value “{value}”; use one of: {', '.join(facts[test.subject])}"
        return
    question = aid.question.get(test.subject)
    if question is None:
        yield f"there is no question or fact “{test.subject}”; correct the name or drop the test"
        return
    if test.operator in COMPARISONS:
        if question.kind not in ("number", "date") or questions.ordered(test.values[0], question.kind) is None:
            yield f"“{test.operator}” compares numbers or dates; “{test.subject}” with “{test.values[0]}” is neither"
    elif test.operator != "answered":
        typed = question.kind in questions.TYPED_KINDS
        known = ", ".join(question.choice) or "none yet"
        for value in test.values:
            if value not in question.choice and not (typed and question.accepts(value)):
                yield f"“{test.subject}” has no choice “{value}”; use one of: {known}"


def _guidance(aid: Aid, where: _Where) -> Iterator[Problem]:
    for item in aid.guidance:
        if item.kind == "urgent" and item.when is None:
            yield Problem(
                where.guidance(item.slug), f"{item.slug}.when", "urgent guidance needs a condition; write one"
            )
    if len(aid.meaning) != 3:
        yield Problem("meaning.yaml", "", f"there must be three slots, one a sentence, not {len(aid.meaning)}")
    for number, slot in enumerate(aid.meaning, 1):
        if not slot or slot[-1].when is not None:
            yield Problem("meaning.yaml", str(number), "the last sentence of a slot must have no condition; add one")
        for sentence in slot[:-1]:
            if sentence.when is None:
                yield Problem(
                    "meaning.yaml", sentence.slug, "nothing after this sentence can ever show; move it to the end"
                )


def _citations(aid: Aid, where: _Where) -> Iterator[Problem]:
    cited = {each for ids in aid.trial.evidence.values() for each in ids}
    citing: list[tuple[str, str, tuple[str, ...]]] = [
        (where.guidance(i.slug), i.slug, i.evidence) for i in aid.guidance
    ]
    citing += [("meaning.yaml", each.slug, each.evidence) for slot in aid.meaning for each in slot]
    citing += [("pages.yaml", page.slug, page.evidence) for page in aid.pages]
    citing += [("glossary.yaml", term.slug, term.evidence) for term in aid.terms]
    for file, slug, ids in citing:
        cited.update(ids)
        for each in ids:
            if each not in aid.claim:
                yield Problem(
                    file, f"{slug}.evidence", f"there is no evidence entry “{each}”; correct the id or add it"
                )
    for entry in aid.evidence:
        at = where.evidence(entry.id)
        if entry.id not in cited and not entry.unused:
            yield Problem(at, entry.id, "nothing cites this entry; cite it, or say why not under `unused`", False)
        if entry.id in cited and entry.unused:
            yield Problem(at, f"{entry.id}.unused", "this entry is cited, so drop `unused`", False)
        for slug in entry.sources:
            if slug not in aid.source:
                yield Problem(at, f"{entry.id}.sources", f"there is no source “{slug}”; correct the slug or add it")


def _evidence(aid: Aid, where: _Where) -> Iterator[Problem]:
    for entry in aid.evidence:
        if entry.read == "secondary" and entry.certainty in ("official", "high"):
            yield Problem(
                where.evidence(entry.id),
                f"{entry.id}.certainty",
                f"what was read only in a copy is never “{entry.certainty}”; lower it, or read the document itself",
                False,
            )
    used = {slug for entry in aid.evidence for slug in entry.sources}
    for source in aid.sources:
        at = where.source(source.slug)
        if source.slug not in used:
            yield Problem(at, source.slug, "no evidence entry uses this source; use it or drop it", False)
        if not source.url.startswith("https://") and not (source.kind == "article" and not source.url):
            yield Problem(at, f"{source.slug}.url", "a link must start with https://; correct it", False)
