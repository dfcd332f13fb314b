"""How often made-up people give which answer, so that an inbox of them looks like one.

Weights by question and choice, for the aid that comes with the program. A choice that is not listed weighs `PLAIN`; a
question that is not listed lets every choice weigh the same, but for one that stands alone ("none of these"), which is
what most people say. So any other aid is answered too, only less believably.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from questionnaire.domain.questions import Choice, Question

Weights = Mapping[str, float]

PLAIN = 1.0
ALONE = 8.0
"""Weight of a choice that stands alone, where nothing is listed."""

PROBLEM = "problem"
"""The question on which the likely answers to others depend."""

_LIKELY: Mapping[str, Weights] = {
    "urgent-signs": {"none": 1500, "not-sure": 20, "self-harm": 0.5, "stroke-signs": 0.5, "trouble-breathing": 0.7},
    "age": {"adult": 60},
    "problem": {"joint": 34, "tendon-ligament": 12, "spine": 14, "hair": 9, "skin": 6, "nerve": 7, "immune": 5},
    "joint-site": {"knee": 12, "hip": 3, "other": 2},
    "diagnosis": {"with-test": 12, "exam-only": 5, "no-diagnosis": 2},
    "severity": {"mild": 2, "moderate": 5, "severe": 3, "not-sure": 0.3},
    "duration": {"over-1-year": 7, "3-to-12-months": 4, "6-to-12-weeks": 1.5, "under-6-weeks": 0.6, "not-sure": 0.3},
    "source": {"cord": 6, "not-sure": 6, "amniotic": 3, "placenta": 3, "plant-animal": 0.3},
    "trial-claim": {
        "not-a-study": 7,
        "not-sure": 6,
        "fda-approved": 1.6,
        "maker-registered": 2,
        "listed": 4,
        "ind-trial": 1.6,
        "irb": 1.5,
    },
    "trial-number": {"no-number": 4, "not-sure": 4},
    "listing": {"not-sure": 5, "open-with-clinic": 1.5},
    "ind-letter": {"neither": 4, "not-sure": 4, "both": 0.5},
    "payment": {"over-5000": 5, "1000-to-5000": 5, "not-sure": 2, "under-1000": 1.5, "free": 0.4, "visits-only": 0.4},
    "consent": {"no-form": 4, "not-sure": 3, "some": 2},
    "claims": {"none": 7, "stories": 4, "regrows": 3, "pay-today": 0.9, "not-sure": 2},
    "stage": {"looking": 9, "visit": 6, "deposit": 0.9, "treated": 0.8},
    "after-treatment": {"no-problem": 6, "not-sure": 1.5, "new-problem": 1},
    "health": {"none": 26, "diabetes": 3, "joint-replacement": 0.8, "infection": 0.3, "not-sure": 1, "pregnant": 0.2},
    "medicines": {"none": 14, "nsaid": 6, "antiplatelet": 2.5, "blood-thinner": 1.5, "not-sure": 0.7},
    "tried": {"exercise": 6, "nsaid": 6, "brace": 3, "steroid-shot": 3, "none": 3, "not-sure": 0.5},
    "matters": {"less-pain": 6, "do-more": 6, "avoid-surgery": 4, "proven": 2, "science": 0.5, "not-sure": 1},
    "state": {"other": 20, "florida": 5, "texas": 5, "california": 5},
}

_BY_PROBLEM: Mapping[str, Mapping[str, Weights]] = {
    "urgent-signs": {
        "spine": {"none": 500, "numb-saddle": 3, "back-warning": 8, "spine-fever": 2},
        "nerve": {"none": 300, "nerve-attack": 8},
        "wound": {"none": 90, "foot-wound": 4},
        "surgery": {"none": 120, "surgery-wound": 5},
        "joint": {"none": 900, "hot-joint": 6},
    },
    "offer": {
        "joint": {"exo-joint": 14, "prp": 5, "marrow": 2, "a2m": 0.8, "exo-unknown": 2},
        "tendon-ligament": {"exo-joint": 9, "prp": 7, "exo-unknown": 2},
        "spine": {"exo-spine": 11, "prp": 2, "marrow": 1.5, "exo-iv": 2},
        "nerve": {"exo-iv": 10, "exo-mist": 3, "exo-spine": 2},
        "immune": {"exo-iv": 12, "exo-unknown": 3},
        "hair": {"exo-face": 10, "prp": 5, "exo-skin": 3},
        "skin": {"exo-face": 6, "exo-skin": 9, "prp": 2},
        "wound": {"exo-skin": 6, "exo-unknown": 4, "prp": 3},
        "surgery": {"exo-iv": 3, "exo-joint": 4, "prp": 3},
    },
}
_BY_FACT: Mapping[str, Sequence[tuple[str, str, Weights]]] = {
    "listing": (
        (
            "registry",
            "not-found",
            {"not-sure": 5, "not-found": 3, "open-with-clinic": 0.3, "closed": 0, "wrong-site": 0},
        ),
        ("registry-open", "not-open", {"not-sure": 6, "closed": 2, "open-with-clinic": 0.5, "not-found": 0.1}),
        ("registry-site", "clinic-named", {"not-sure": 4, "open-with-clinic": 5, "wrong-site": 0, "not-found": 0.1}),
        (
            "registry",
            "found",
            {"not-sure": 6, "wrong-site": 2, "open-with-clinic": 0.7, "not-found": 0.1, "closed": 0.3},
        ),
    ),
}
"""By what the registry has under their number, the first that is so: few look it up, and most of them read it right."""
_RARELY = 0.4
"""Weight of a choice that is listed for no problem like this one."""


def goes_by_facts(slug: str) -> bool:
    """Whether what people answer to this question depends on what is known of their study."""
    return slug in _BY_FACT


def weights(question: Question, problem: str, facts: Mapping[str, str] | None = None) -> list[float]:
    """How likely each choice of this question is, in their order, for somebody with this problem and these facts."""
    special = _BY_PROBLEM.get(question.slug, {}).get(problem)
    known = (weights for fact, value, weights in _BY_FACT.get(question.slug, ()) if (facts or {}).get(fact) == value)
    special = next(known, special)
    listed = {**_LIKELY.get(question.slug, {}), **(special or {})}
    plain = _RARELY if special and question.slug not in _LIKELY else PLAIN
    return [listed.get(choice.slug, _unlisted(choice, plain, known=bool(listed))) for choice in question.choices]


def _unlisted(choice: Choice, plain: float, *, known: bool) -> float:
    return ALONE if choice.exclusive and not known else plain


def typed_instead(question: Question) -> float:
    """How likely somebody types an answer rather than choosing one, where both can be done."""
    if question.kind == "trial-number":
        return 0.5
    return 0.25 if question.slug in _LIKELY else 0.7
