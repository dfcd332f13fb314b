"""The questions of the thin journey: ten subjects, each with two follow-ups that a yes opens."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import takewhile

YES = "yes"
YES_OR_NO = ((YES, "Yes"), ("a-little", "A little"), ("no", "No"), ("not-sure", "I am not sure"))
HOW = (("always", "All the time"), ("often", "Often"), ("seldom", "Now and then"), ("not-sure", "I am not sure"))


@dataclass(frozen=True)
class Question:
    slug: str
    text: str
    choices: tuple[tuple[str, str], ...]
    after: str | None = None
    """The question that must have been answered with yes."""

    def asked(self, answers: Mapping[str, str]) -> bool:
        return self.after is None or answers.get(self.after) == YES


SUBJECTS = {
    "pain": "pain when you walk",
    "stiff": "stiffness in the morning",
    "swelling": "swelling",
    "sleep": "trouble sleeping",
    "stairs": "trouble on stairs",
    "medicine": "a medicine for this",
    "exercise": "exercises for this",
    "scan": "a scan of the place",
    "specialist": "a visit with a specialist",
    "offer": "an offer of a new treatment",
}
FOLLOW_UPS = 2

QUESTIONS = tuple(
    question
    for slug, words in SUBJECTS.items()
    for question in (
        Question(slug, f"Do you have, or have you had, {words}?", YES_OR_NO),
        Question(f"{slug}-lately", f"Has there been {words} in the last four weeks?", YES_OR_NO, after=slug),
        Question(f"{slug}-how", f"How often is there {words}?", HOW, after=f"{slug}-lately"),
    )
)
BY_SLUG = {question.slug: question for question in QUESTIONS}


def path(answers: Mapping[str, str]) -> list[Question]:
    """Every question on this person's way, as far as the answers lead: the last is open unless all are answered."""
    asked = [question for question in QUESTIONS if question.asked(answers)]
    answered = list(takewhile(lambda question: question.slug in answers, asked))
    return asked[: len(answered) + 1]


def answers_for(pages: int) -> dict[str, str]:
    """Answers that lead through exactly so many questions.

    Raises:
        ValueError: no answers do.
    """
    more = pages - len(SUBJECTS)
    if not 0 <= more <= FOLLOW_UPS * len(SUBJECTS):
        raise ValueError(f"the thin journey has {len(SUBJECTS)} to {len(QUESTIONS)} questions, and not {pages}")
    answers = {question.slug: question.choices[-1][0] for question in QUESTIONS}
    for slug in SUBJECTS:
        for opener in (slug, f"{slug}-lately"):
            if more:
                answers[opener] = YES
                more -= 1
    return answers
