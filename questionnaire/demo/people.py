"""Made-up people: what they answered, and who they are.

Answers are made in a pool of some thousands that differ, each with the guidance and the triage that the live edition
gives for it; a million people then share them. Who each is, and when they shared, is their own.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import accumulate
from random import Random
from typing import Any

from questionnaire.demo import likely, names
from questionnaire.demo.checking import Checks, Named
from questionnaire.demo.studies import NO_ANSWER, NUMBERS, Reply
from questionnaire.domain.conditions import fact_key
from questionnaire.domain.content import Aid
from questionnaire.domain.journey import Journey
from questionnaire.domain.outcome import Outcome, Unfinished, outcome, urgent
from questionnaire.domain.questions import Answer, Answers, Question, how_many, ordered, values_of
from questionnaire.domain.triage import Triage, triage
from questionnaire.domain.trial import parts_of
from questionnaire.models import StudyCheck
from questionnaire.services import queueing, trial_facts, trial_review
from questionnaire.services.sealing import sealed, unsealed

MOST_DIFFERENT = 4000
"""Sets of answers that are made at most."""
_LEANS = 0.3
"""Share of people who lean towards an alternative."""
_MORE = (0.55, 0.85, 0.97)
"""Of people who may choose several, the share that stops after one, two, three."""
_UNDER_AGE = "under-18"


@dataclass(frozen=True, slots=True, eq=False)
class Told:
    """What somebody answered and was told, ready to be stored for many."""

    answers: str
    """JSON, as stored: a person's own words in it are sealed."""
    outcome: str
    """JSON."""
    count: int
    """How many questions were answered."""
    acknowledged: str
    """JSON: slugs of the urgent guidance that holds."""
    preferred: str
    """JSON: slugs of the alternatives they lean towards."""
    triage: Triage
    tallied: frozenset[tuple[str, str]]
    """What it adds to the dashboard, but for the time to review."""
    is_child: bool
    facts: str = "{}"
    """JSON: what was known of their study."""
    named: Named | None = None
    """The study whose number they gave."""
    copy: int | None = None
    """Id of the record that the facts come from."""
    checked: str = "{}"
    """JSON: what a later check of their study found, in place of `facts`."""
    later: Later | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Later:
    """What the registry said of somebody's study after they had finished.

    Attributes:
        told: the same person as physicians see them after it; what they read stays.
        text: titles of what it would add, one a line; empty where it adds nothing to what they read.
        days: how long ago it came; None where it came within the hour, since it was only late.
        instead: the same person, had they finished after it; None where it came within the hour.
    """

    told: Told
    text: str
    days: int | None = None
    instead: Told | None = None


@dataclass(frozen=True, slots=True)
class Patient:
    """Who somebody is. Telephone numbers and addresses are of the kind that is nobody's."""

    name: str
    born: dt.date
    contact: str


def pool(aid: Aid, random: Random, size: int, checks: Checks) -> list[Told]:
    """So many sets of answers with what is told for each."""
    return [_someone(aid, random, checks) for _ in range(min(size, MOST_DIFFERENT))]


def _someone(aid: Aid, random: Random, checks: Checks) -> Told:
    answers = _answers(aid, random)
    slugs = [alternative.slug for alternative in aid.triage.alternatives]
    preferred = sorted(random.sample(slugs, 1)) if slugs and random.random() < _LEANS else []
    journey = Journey(aid, answers)
    if not trial_facts.number_of(aid, journey):
        return _told(aid, answers, preferred, {})
    parts = parts_of(aid.trial, journey.counted)
    study = checks.dealt(parts)
    answers = _renumbered(aid, answers, study.number)

    def told_by(named: Named, reply: Reply) -> Told:
        facts = checks.facts(named, reply, parts)
        told = _told(aid, _answers(aid, random, facts, answers), preferred, facts, letter=named.is_accused)
        return replace(told, named=named, copy=checks.copy(named, reply))

    first, now = study.replies[0], study.now
    named = checks.named(study, first)
    if first is not now:
        return _with(aid, told_by(named, first), checks.facts(named, now, parts), now.days, told_by(named, now))
    if now.listed and not checks.is_first(study) and random.random() < study.late:
        return _with(aid, told_by(named, NO_ANSWER), checks.facts(named, now, parts))
    return told_by(named, now)


def _with(aid: Aid, told: Told, facts: Mapping[str, str], days: int | None = None, instead: Told | None = None) -> Told:
    """Somebody about whose study the registry said more later: these facts."""
    added = () if told.named and told.named.said == StudyCheck.Said.OTHER else _added(aid, told, facts)
    text = "\n".join(trial_review.title(aid, slug, aid.language) for slug in added)
    return replace(told, later=Later(_checked(aid, told, facts, bool(added)), text, days, instead))


def _renumbered(aid: Aid, answers: Answers, number: str) -> dict[str, Answer]:
    """The answers with this number of a study in place of whatever was typed."""
    typed = {slug for slug, question in aid.question.items() if question.kind == "trial-number"}
    return {slug: number if slug in typed and isinstance(held, str) else held for slug, held in answers.items()}


def _added(aid: Aid, told: Told, facts: Mapping[str, str]) -> tuple[str, ...]:
    """Slugs of what somebody would read with these facts and did not, as `services/trial_review.py` has it."""
    seen = Outcome.from_json(json.loads(told.outcome))
    shown = {each.slug for each in (*seen.meaning, *seen.items)}
    try:
        now = outcome(aid, unsealed(json.loads(told.answers)), facts)
    except Unfinished:
        return ()
    return tuple(each.slug for each in (*now.meaning, *now.items) if each.slug not in shown)


def _checked(aid: Aid, told: Told, facts: Mapping[str, str], adds: bool) -> Told:
    """With the standing and the flags that these later facts give, as `queueing.apply` has it."""
    if told.named and told.named.said == StudyCheck.Said.OTHER:
        return told
    answers, result = unsealed(json.loads(told.answers)), Outcome.from_json(json.loads(told.outcome))
    found = _judged(aid, answers, result, told, facts)
    if adds:
        found = queueing.with_study_changed(aid, found)
    kept = {pair for pair in told.tallied if pair[0] not in ("flag", "standing")}
    return replace(told, triage=found, tallied=frozenset(kept | _stands(found)), checked=_json(facts))


def _judged(aid: Aid, answers: Answers, result: Outcome, told: Told, facts: Mapping[str, str]) -> Triage:
    letter = told.named is not None and told.named.is_accused
    preferred, then = json.loads(told.preferred), json.loads(told.facts)
    return triage(aid, answers, result, facts=then, checked=facts, preferred=preferred, letter=letter)


def _stands(found: Triage) -> set[tuple[str, str]]:
    """What its flags and its standing add to the dashboard."""
    return {("flag", flag) for flag in found.flags} | {("standing", found.standing)}


def _told(aid: Aid, answers: Answers, preferred: list[str], facts: Mapping[str, str], *, letter: bool = False) -> Told:
    result, journey = outcome(aid, answers, facts), Journey(aid, answers, facts)
    found = triage(aid, answers, result, facts=facts, preferred=preferred, letter=letter)
    tallied = queueing.values_of_version(queueing.Read(aid, answers, result, found, journey.counted))
    return Told(
        answers=_json({slug: sealed(aid, slug, answer) for slug, answer in answers.items()}),
        outcome=_json(result.to_json()),
        count=len(answers),
        acknowledged=_json(sorted(shown.slug for shown in urgent(aid, journey))),
        preferred=_json(preferred),
        triage=found,
        tallied=frozenset(tallied | _stands(found)),
        is_child=answers.get("age") == _UNDER_AGE,
        facts=_json(facts),
    )


def _json(value: Any) -> str:
    """Without the spaces, which a million times would be a tenth of all."""
    return json.dumps(value, separators=(",", ":"))


def _answers(
    aid: Aid, random: Random, facts: Mapping[str, str] | None = None, given: Answers | None = None
) -> dict[str, Answer]:
    """Complete answers, question by question along the path that they open.

    Args:
        given: answers that stay, but for those that depend on what is known of a study.
    """
    facts, given = facts or {}, given or {}
    problem = str(given.get(likely.PROBLEM) or _problem(aid, random))
    answers: dict[str, Answer] = {}
    counted: dict[str, tuple[str, ...]] = {fact_key(slug): (value,) for slug, value in facts.items()}
    for question in aid.questions:
        if question.when is not None and not question.when.holds(counted):
            continue
        slug = question.slug
        if slug == likely.PROBLEM:
            answers[slug] = problem
        elif slug in given and not (facts and likely.goes_by_facts(slug)):
            answers[slug] = given[slug]
        else:
            answers[slug] = _answer(question, problem, random, facts)
        if values := values_of(answers[slug]):
            counted[slug] = values
    return answers


def _problem(aid: Aid, random: Random) -> str:
    """Chosen before all else, since other answers depend on it."""
    question = aid.question.get(likely.PROBLEM)
    return (
        _one(question, likely.weights(question, ""), random) if question is not None and question.kind == "one" else ""
    )


def _answer(question: Question, problem: str, random: Random, facts: Mapping[str, str]) -> Answer:
    weights = likely.weights(question, problem, facts)
    if question.kind == "one":
        return _one(question, weights, random)
    if question.kind == "many":
        return _many(question, weights, random)
    if question.choices and random.random() >= likely.typed_instead(question):
        return {"choice": _one(question, weights, random)}
    if question.optional and random.random() < 0.5:
        return None
    return _typed(question, random)


def _one(question: Question, weights: list[float], random: Random) -> str:
    return random.choices(question.choices, weights)[0].slug


def _many(question: Question, weights: list[float], random: Random) -> Answer:
    first = random.choices(question.choices, weights)[0]
    if first.exclusive:
        return [first.slug]
    draw, count = random.random(), 1
    count += sum(draw > share for share in _MORE)
    chosen = {first.slug}
    together = [(choice, weight) for choice, weight in zip(question.choices, weights, strict=True)]
    together = [(choice, weight) for choice, weight in together if not choice.exclusive]
    for _ in range(min(count, question.most_chosen or count) - 1):
        chosen.add(random.choices([one for one, _ in together], [weight for _, weight in together])[0].slug)
    return [choice.slug for choice in question.choices if choice.slug in chosen]


def _typed(question: Question, random: Random) -> Answer:
    if question.kind == "trial-number":
        return random.choice(NUMBERS)
    if question.kind == "text":
        return random.choice(names.QUESTIONS)[: how_many(question.most)]
    low, high = ordered(question.least, question.kind), ordered(question.most, question.kind)
    if question.kind == "date":
        first = low if isinstance(low, dt.date) else dt.date(2015, 1, 1)
        last = high if isinstance(high, dt.date) else max(first, dt.date(2025, 1, 1))
        return (first + dt.timedelta(days=random.randrange((last - first).days + 1))).isoformat()
    least = int(low) + (low != int(low)) if low is not None and not isinstance(low, dt.date) else 0
    most = int(high) if high is not None and not isinstance(high, dt.date) else least + 100
    return str(random.randint(least, max(least, most)))


_AGES = tuple(range(18, 95))
_AGE_WEIGHTS = tuple(accumulate(1 + 5 * max(0.0, 1 - abs(age - 58) / 26) for age in _AGES))


def patient(told: Told, today: dt.date, random: Random) -> Patient:
    """Somebody who may have answered so."""
    first, last = random.choice(names.FIRST), random.choice(names.LAST)
    middle = f" {random.choice(names.FIRST)}" if random.random() < 0.08 else ""
    age = random.randint(8, 17) if told.is_child else random.choices(_AGES, cum_weights=_AGE_WEIGHTS)[0]
    # So many full years old today, whatever the day.
    born = dt.date(today.year - age - 1, 1, 1) + dt.timedelta(days=today.timetuple().tm_yday + random.randrange(363))
    if random.random() < 0.6:
        contact = f"({random.randint(201, 989)}) 555-01{random.randrange(100):02}"
    else:
        contact = f"{first}.{last}{random.randrange(100)}@example.org".lower()
    return Patient(f"{first}{middle} {last}", born, contact)
