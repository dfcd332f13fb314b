"""Five people whose answers lead different ways through the shipped aid.

Questions that a script does not name, new ones too, are answered with "none" or the first choice.
"""

from __future__ import annotations

from bench.walker import Script
from questionnaire.domain.content import Aid
from questionnaire.domain.journey import Journey
from questionnaire.domain.questions import Answer, Question

PEOPLE: dict[str, Script] = {
    "pays for an IV, no study": {
        "urgent-signs": ["none"],
        "age": ["adult"],
        "problem": ["immune"],
        "diagnosis": ["with-test"],
        "offer": ["exo-iv"],
        "source": ["cord"],
        "trial-claim": ["not-a-study"],
        "payment": ["over-5000"],
        "consent": ["no-form"],
        "claims": ["cures-many", "no-risk", "pay-today"],
        "stage": ["deposit"],
    },
    "a study that looks real": {
        "urgent-signs": ["none"],
        "age": ["adult"],
        "problem": ["joint"],
        "joint-site": ["knee"],
        "severity": ["moderate"],
        "offer": ["exo-joint"],
        "source": ["donor-marrow"],
        "trial-claim": ["ind-trial", "listed"],
        "trial-number": ["NCT01234567"],
        "listing": ["open-with-clinic"],
        "ind-letter": ["both"],
        "payment": ["free"],
        "consent": ["all"],
        "stage": ["visit"],
    },
    "a nerve disease": {
        "urgent-signs": ["none"],
        "age": ["adult"],
        "problem": ["nerve"],
        "nerve-kind": ["ms"],
        "offer": ["exo-iv", "exo-mist"],
        "source": ["placenta"],
        "trial-claim": ["right-to-try", "irb"],
        "ind-letter": ["refused"],
        "medicines": ["immune-drugs"],
        "stage": ["looking"],
    },
    "blood thinner and PRP": {
        "urgent-signs": ["none"],
        "age": ["adult"],
        "problem": ["tendon-ligament"],
        "tendon-site": ["elbow"],
        "offer": ["prp", "exo-unknown"],
        "source": ["not-sure"],
        "trial-claim": ["not-sure"],
        "health": ["bleeding", "diabetes"],
        "medicines": ["blood-thinner", "nsaid"],
        "tried": ["exercise", "steroid-shot"],
        "stage": ["visit"],
    },
    "an urgent sign": {
        "urgent-signs": ["chest-or-clot", "fever-after-shot"],
        "age": ["adult"],
        "problem": ["spine"],
        "offer": ["exo-spine", "marrow"],
        "source": ["amniotic"],
        "trial-claim": ["fda-approved", "state-law"],
        "stage": ["treated"],
        "after-treatment": ["new-problem"],
        "health": ["infection"],
    },
}


def answers_of(aid: Aid, script: Script) -> dict[str, Answer]:
    """The complete answers of one person, given without a browser."""
    answers: dict[str, Answer] = {}
    while (open_question := Journey(aid, answers).open) is not None:
        answers[open_question.slug] = _answer(open_question, script.get(open_question.slug, []))
    return answers


def _answer(question: Question, planned: list[str]) -> Answer:
    slugs = [choice.slug for choice in question.choices]
    taken = [slug for slug in planned if slug in slugs]
    if question.kind not in ("one", "many") and planned and not taken:
        return planned[0]
    if not taken:
        if not slugs:
            return None
        taken = ["none" if "none" in slugs else slugs[0]]
    if question.kind == "many":
        return taken
    return taken[0] if question.kind == "one" else {"choice": taken[0]}
