"""Made-up people: what they answered, and who they are.

Answers are made in a pool of some thousands that differ, each with the guidance and the triage that the live edition
gives for it; a million people then share them. Who each is, and when they shared, is their own.
"""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import dataclass
from itertools import accumulate
from random import Random
from typing import Any

from questionnaire.demo import likely, names
from questionnaire.domain.content import Aid
from questionnaire.domain.journey import Journey
from questionnaire.domain.outcome import outcome, urgent
from questionnaire.domain.questions import Answer, Question, how_many, ordered, values_of
from questionnaire.domain.triage import Triage, triage
from questionnaire.services import queueing
from questionnaire.services.sealing import sealed

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


@dataclass(frozen=True, slots=True)
class Patient:
    """Who somebody is. Telephone numbers and addresses are of the kind that is nobody's."""

    name: str
    born: dt.date
    contact: str


def pool(aid: Aid, random: Random, size: int) -> list[Told]:
    """So many sets of answers with what is told for each."""
    return [_told(aid, random) for _ in range(min(size, MOST_DIFFERENT))]


def _told(aid: Aid, random: Random) -> Told:
    answers = _answers(aid, random)
    slugs = [alternative.slug for alternative in aid.triage.alternatives]
    preferred = sorted(random.sample(slugs, 1)) if slugs and random.random() < _LEANS else []
    result = outcome(aid, answers, {})
    found = triage(aid, answers, result, facts={}, preferred=preferred)
    read = queueing.Read(aid, answers, result, found, Journey(aid, answers).counted)
    tallied = queueing.values_of_version(read) | {("flag", flag) for flag in found.flags}
    return Told(
        answers=_json({slug: sealed(aid, slug, answer) for slug, answer in answers.items()}),
        outcome=_json(result.to_json()),
        count=len(answers),
        acknowledged=_json(sorted(shown.slug for shown in urgent(aid, Journey(aid, answers)))),
        preferred=_json(preferred),
        triage=found,
        tallied=frozenset(tallied | {("standing", found.standing)}),
        is_child=answers.get("age") == _UNDER_AGE,
    )


def _json(value: Any) -> str:
    """Without the spaces, which a million times would be a tenth of all."""
    return json.dumps(value, separators=(",", ":"))


def _answers(aid: Aid, random: Random) -> dict[str, Answer]:
    """Complete answers, question by question along the path that they open."""
    problem = _problem(aid, random)
    answers: dict[str, Answer] = {}
    counted: dict[str, tuple[str, ...]] = {}
    for question in aid.questions:
        if question.when is not None and not question.when.holds(counted):
            continue
        answers[question.slug] = problem if question.slug == likely.PROBLEM else _answer(question, problem, random)
        if values := values_of(answers[question.slug]):
            counted[question.slug] = values
    return answers


def _problem(aid: Aid, random: Random) -> str:
    """Chosen before all else, since other answers depend on it."""
    question = aid.question.get(likely.PROBLEM)
    return _one(question, "", random) if question is not None and question.kind == "one" else ""


def _answer(question: Question, problem: str, random: Random) -> Answer:
    if question.kind == "one":
        return _one(question, problem, random)
    if question.kind == "many":
        return _many(question, problem, random)
    if question.choices and random.random() >= likely.typed_instead(question):
        return {"choice": _one(question, problem, random)}
    if question.optional and random.random() < 0.5:
        return None
    return _typed(question, random)


def _one(question: Question, problem: str, random: Random) -> str:
    return random.choices(question.choices, likely.weights(question, problem))[0].slug


def _many(question: Question, problem: str, random: Random) -> Answer:
    weights = likely.weights(question, problem)
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
        # Far above what the registry has given out.
        return f"NCT9999{random.randrange(10_000):04}"
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
