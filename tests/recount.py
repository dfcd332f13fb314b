"""What is kept of reviews, counted anew from the reviews themselves: the two must always be the same."""

from __future__ import annotations

from collections import Counter

from questionnaire.domain.trial_changes import STUDY_CHANGED, STUDY_CHANGED_LEVEL
from questionnaire.models import KeptCount, Presence, Response, Review, ReviewFlag, SearchToken, Tally
from questionnaire.services import audit, kept, queueing

Tallied = Counter[tuple[str, str, str]]
STANDS = ("queue", "state", "problem", "standing", "taken_by_id")
"""What a flag's row says of its review, so that the inbox narrowed by a flag and more is one walk."""


def tallied() -> Tallied:
    """What the shared responses of now add to the dashboard, by week, dimension and value."""
    found: Tallied = Counter()
    for review in Review.objects.select_related("version"):
        week = kept.week_of(review.shared_at).isoformat()
        found.update((week, dimension, value) for dimension, value in queueing._values(review))
    return found


def check(gone: Tallied | None = None) -> None:
    """See that everything that is kept is what counting gives.

    Args:
        gone: what reviews added that are deleted by now; tallies name nobody and so outlive them.
    """
    _check_counts()
    stored = {(row.week.isoformat(), row.dimension, row.value): row.count for row in Tally.objects.all() if row.count}
    assert stored == dict(tallied() + (gone or Counter()))
    for review in Review.objects.select_related("version"):
        _check_review(review)
    for response in Response.objects.all():
        assert response.is_shared == response.reviews.filter(ended_at=None).exists()
    assert audit.verify().problems == ()


def _check_counts() -> None:
    counted: Counter[str] = Counter()
    for review in Review.objects.all():
        counted.update((f"state:{review.state}", f"level:{queueing.level_of(review)}"))
    assert {row.name: row.count for row in KeptCount.objects.all() if row.count} == dict(counted)


def _check_review(review: Review) -> None:
    assert review.queue == queueing.place(queueing.level_of(review), review.shared_at)
    flags = set(ReviewFlag.objects.filter(review=review).values_list("flag", *STANDS))
    tokens = set(SearchToken.objects.filter(review=review).values_list("token", "queue"))
    entries = list(review.entries.order_by("number"))
    assert [each.number for each in entries] == [*range(1, review.revision + 1)]
    if review.state == Review.State.WITHDRAWN:
        assert not flags | tokens
        assert not Presence.objects.filter(review=review).exists()
        assert not any(each.text for each in entries)
        held = (review.identity, review.question, review.problem, review.standing, review.flags, review.preferred)
        assert not any(held)
        assert (review.version_id, review.level) == (None, None)
        return
    assert review.version is not None
    assert review.version == review.version.response.versions.order_by("-number").first()
    letter = queueing.has_letter(review, review.version)
    found = queueing.read(review.version, review.preferred, review.facts, letter=letter).triage
    later = [STUDY_CHANGED] if STUDY_CHANGED in review.flags else []
    assert [each for each in review.flags if each not in later] == [*found.flags]
    levels = [found.level, *(STUDY_CHANGED_LEVEL for _ in later)]
    assert review.level == min((level for level in levels if level is not None), default=None)
    assert (review.problem, review.standing) == (found.problem, found.standing)
    assert flags == {(flag, *(getattr(review, name) for name in STANDS)) for flag in review.flags}
    assert tokens == {(token, review.queue) for token in queueing.tokens_of(review)}
