"""A person's way through an aid, replayed from their answers.

Position is never stored. Starting at the first question, each question whose condition holds is on the path; the
replay stops at the first one on the path that has no acceptable answer. So going back, changing an answer, a second
tab and coming back next week need no code of their own, and an answer off the path stays but counts for nothing.
"""

from __future__ import annotations

from collections.abc import Mapping

from questionnaire.domain.conditions import Counted, fact_key
from questionnaire.domain.content import Aid
from questionnaire.domain.questions import Answers, Question, values_of


class Journey:
    """The path that these answers open.

    Attributes:
        path: questions that may be seen, in order: every answered one on the path, then the open one if there is one.
        open: the first question on the path without an answer; None when nothing is left to ask.
        counted: values by question slug, for answered questions on the path (and `fact:` keys): what conditions see.
    """

    def __init__(self, aid: Aid, answers: Answers, facts: Mapping[str, str] | None = None) -> None:
        self.aid = aid
        self.answers = answers
        self.open: Question | None = None
        counted: dict[str, tuple[str, ...]] = {fact_key(slug): (value,) for slug, value in (facts or {}).items()}
        path: list[Question] = []
        for question in aid.questions:
            if question.when is not None and not question.when.holds(counted):
                continue
            path.append(question)
            if question.slug not in answers or not question.accepts(answers[question.slug]):
                self.open = question
                break
            values = values_of(answers[question.slug])
            if values:
                counted[question.slug] = values
        self.path = tuple(path)
        self.counted: Counted = counted

    @property
    def complete(self) -> bool:
        return self.open is None

    def may_see(self, slug: str) -> bool:
        """Whether this question is on the path, answered or next to be answered."""
        return any(question.slug == slug for question in self.path)

    def before(self, slug: str) -> Question | None:
        """The question before this one on the path; None before the first."""
        previous = None
        for question in self.path:
            if question.slug == slug:
                return previous
            previous = question
        return None

    @property
    def parked(self) -> tuple[str, ...]:
        """Slugs of answers that are kept but do not count, because their question is not on the path."""
        on_path = {question.slug for question in self.path}
        return tuple(slug for slug in self.answers if slug not in on_path)
