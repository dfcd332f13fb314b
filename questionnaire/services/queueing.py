"""A review's place in the inbox, and everything that is kept so that the inbox and the dashboard stay fast.

`queue` is one number: the level (what a physician acts on first is low), then when it was shared. Open reviews of one
level stand with the oldest first, so that nobody waits for ever; finished ones with the newest first. Flag rows and
search tokens carry the same number, and flag rows all else that the inbox is narrowed by, so that each way to narrow it
is a walk along one index.

Every change of a review goes through `enter`, `settle` and `leave`, each within the caller's transaction.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from questionnaire.domain.conditions import Counted
from questionnaire.domain.content import Aid
from questionnaire.domain.outcome import Outcome
from questionnaire.domain.questions import Answers
from questionnaire.domain.triage import Triage, counted, triage
from questionnaire.domain.trial_changes import STUDY_CHANGED, flag_levels
from questionnaire.models import FinishedVersion, Review, ReviewFlag, SearchToken
from questionnaire.services import editions, kept, search_words
from questionnaire.services.sealing import unseal, unsealed

URGENT_BELOW = 10
"""A flag of a level below this keeps its review at the top until somebody has marked it reviewed."""
NO_FLAG, WAITING, REVIEWED, WITHDRAWN = 90, 95, 97, 99
"""Levels beyond those of flags (0 to 89)."""

_SPAN = 10**16
"""One more than the microseconds since 1970 of any day before the year 2286."""
_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
_REVIEW_TIMES = ((1, "under-1-day"), (3, "1-to-3-days"), (7, "3-to-7-days"), (None, "over-7-days"))
TIMES = tuple(name for _, name in _REVIEW_TIMES)


def level_of(review: Review) -> int:
    """Where the review belongs by its state and its flags."""
    if review.state == Review.State.WITHDRAWN:
        return WITHDRAWN
    if review.state == Review.State.REVIEWED:
        return REVIEWED
    level = NO_FLAG if review.level is None else review.level
    if review.state == Review.State.WAITING and level >= URGENT_BELOW:
        return WAITING
    return level


def span(level: int, since: dt.datetime | None = None, until: dt.datetime | None = None) -> tuple[int, int]:
    """The lowest and the highest `queue` of this level, of reviews shared from `since` to before `until`.

    The lowest is above the highest where no moment lies between the two. Neither ever reaches into another level.
    """
    low = _within(since) if since else 0
    high = _within(until) - 1 if until else _SPAN - 1
    if level >= REVIEWED:
        low, high = _SPAN - 1 - high, _SPAN - 1 - low
    return level * _SPAN + low, level * _SPAN + high


def place(level: int, shared_at: dt.datetime) -> int:
    moment = micros(shared_at)
    return level * _SPAN + (_SPAN - 1 - moment if level >= REVIEWED else moment)


def _within(moment: dt.datetime) -> int:
    return min(max(micros(moment), 0), _SPAN)


def micros(moment: dt.datetime) -> int:
    return (moment - _EPOCH) // dt.timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Read:
    """A finished version as its physicians' rules read it; `counted` are the values on the patient's path."""

    aid: Aid
    answers: Answers
    outcome: Outcome
    triage: Triage
    counted: Counted


def read(
    version: FinishedVersion,
    preferred: Iterable[str] = (),
    checked: Mapping[str, str] | None = None,
    *,
    letter: bool = False,
) -> Read:
    """What the edition's own rules say of this version.

    Args:
        checked: what a later check of the study found, in place of the version's facts.
        letter: FDA has written a public letter to a firm, or about a product, that the patient named.
    """
    aid = editions.aid_of(version.edition_id)
    answers, outcome = unsealed(version.answers), Outcome.from_json(version.outcome)
    facts = version.facts
    found = triage(aid, answers, outcome, facts=facts, checked=checked, preferred=tuple(preferred), letter=letter)
    return Read(aid, answers, outcome, found, counted(aid, answers, facts, checked))


def of_review(review: Review, version: FinishedVersion) -> Read:
    """A shared version as its review stands now: by the newest check, and with the flags that only a row holds."""
    found = read(version, review.preferred, review.facts, letter=has_letter(review, version))
    held = replace(found.triage, flags=tuple(review.flags), standing=review.standing, level=review.level)
    return replace(found, triage=held)


def has_letter(review: Review, version: FinishedVersion) -> bool:
    """Whether the review is flagged for a letter of FDA."""
    return any(flag.letter and flag.slug in review.flags for flag in editions.aid_of(version.edition_id).triage.flags)


def apply(
    review: Review,
    version: FinishedVersion,
    checked: Mapping[str, str] | None = None,
    *,
    adds: bool = False,
    letter: bool = False,
) -> None:
    """Set on the review, without saving it, what follows from this version.

    Args:
        checked: what a later check of the study found; None while the version is the newest.
        adds: that check would add to what the patient read.
        letter: as for `read`.
    """
    read_so = read(version, review.preferred, checked, letter=letter)
    found = with_study_changed(read_so.aid, read_so.triage) if adds else read_so.triage
    review.version, review.facts = version, dict(checked or {})
    review.flags, review.level = list(found.flags), found.level
    review.problem, review.standing = found.problem, found.standing


def with_study_changed(aid: Aid, found: Triage) -> Triage:
    """The same with the flag of a check that adds to what the patient read, behind the edition's own of its level."""
    levels = flag_levels(aid)
    flags = sorted(dict.fromkeys((*found.flags, STUDY_CHANGED)), key=lambda slug: levels.get(slug, NO_FLAG))
    return replace(found, flags=tuple(flags), level=levels.get(flags[0]))


def enter(review: Review) -> None:
    """Save a new review with all that is kept of it."""
    review.queue = place(level_of(review), review.shared_at)
    review.save(force_insert=True)
    _add_rows(review)
    kept.add(_counted(review, 1))
    kept.tally(review.shared_at, come=_values(review))


def settle(review: Review, before: Review) -> None:
    """Save a changed review, and bring into line all that is kept of it; `before` is as it was stored."""
    review.queue = place(level_of(review), review.shared_at)
    review.save(force_update=True)
    if review.flags != before.flags:
        ReviewFlag.objects.filter(review=review).delete()
        _add_flags(review)
    elif (stands := _stands(review)) != _stands(before):
        ReviewFlag.objects.filter(review=review).update(**stands)
    if review.queue != before.queue:
        SearchToken.objects.filter(review=review).update(queue=review.queue)
    changes = _counted(before, -1)
    for name, by in _counted(review, 1).items():
        changes[name] = changes.get(name, 0) + by
    kept.add(changes)
    kept.tally(review.shared_at, gone=_values(before), come=_values(review))


def leave(review: Review, before: Review) -> None:
    """Save a review that was withdrawn: nothing by which it was found, and no count of what it held, remains."""
    review.queue = place(WITHDRAWN, review.shared_at)
    review.save(force_update=True)
    ReviewFlag.objects.filter(review=review).delete()
    SearchToken.objects.filter(review=review).delete()
    changes = _counted(before, -1)
    for name, by in _counted(review, 1).items():
        changes[name] = changes.get(name, 0) + by
    kept.add(changes)
    kept.tally(review.shared_at, gone=_values(before))


def forget(review: Review) -> None:
    """Delete a review whose time is over, with all that is kept of it but the tallies, which name nobody."""
    kept.add(_counted(review, -1))
    review.delete()


def _add_rows(review: Review) -> None:
    _add_flags(review)
    rows = [SearchToken(review=review, token=token, queue=review.queue) for token in sorted(tokens_of(review))]
    SearchToken.objects.bulk_create(rows)


def tokens_of(review: Review) -> set[int]:
    """Everything by which this review is found, under the newest key.

    Raises:
        cryptography.fernet.InvalidToken: no key opens its identity.
    """
    identity = json.loads(unseal(review.identity))
    return search_words.tokens_of(identity["name"], dt.date.fromisoformat(identity["born"]))


def _add_flags(review: Review) -> None:
    ReviewFlag.objects.bulk_create(ReviewFlag(review=review, flag=flag, **_stands(review)) for flag in review.flags)


def _stands(review: Review) -> dict[str, Any]:
    """What a flag's row carries of its review."""
    return {name: getattr(review, name) for name in ("queue", "state", "problem", "standing", "taken_by_id")}


def _counted(review: Review, by: int) -> dict[str, int]:
    return {f"state:{review.state}": by, f"level:{level_of(review)}": by}


def _values(review: Review) -> set[tuple[str, str]]:
    """What this review adds to the dashboard, as (dimension, value); nothing once it holds no version."""
    if review.version is None:
        return set()
    return values_of_version(read(review.version, review.preferred)) | {
        ("review-time", review_time(review)),
        *(("flag", flag) for flag in review.flags),
        ("standing", review.standing),
    }


def values_of_version(found: Read) -> set[tuple[str, str]]:
    """What a version alone adds to the dashboard."""
    rules = found.aid.triage
    pairs = {("all", "all"), ("problem", found.triage.problem)}
    # With the question, since several have choices of the same slug.
    pairs |= {("offer", f"{slug}/{choice}") for slug in rules.offer for choice in _chosen(found, slug)}
    pairs |= {("price", choice) for choice in _chosen(found, rules.price)}
    cautions = [each.slug for each in found.outcome.items if found.aid.item[each.slug].kind == "caution"]
    return {pair for pair in pairs if pair[1]} | {("caution", slug) for slug in cautions}


def _chosen(found: Read, slug: str) -> list[str]:
    """The choices taken at this question, if it counts; never what was typed, which could name somebody."""
    question = found.aid.question.get(slug)
    return [value for value in found.counted.get(slug, ()) if question is not None and value in question.choice]


def review_time(review: Review) -> str:
    """How long it took until the review was first marked reviewed; `not-yet` before that."""
    return time_between(review.shared_at, review.reviewed_at)


def time_between(shared_at: dt.datetime, reviewed_at: dt.datetime | None) -> str:
    """The same of a review that was shared and first marked reviewed then."""
    if reviewed_at is None:
        return "not-yet"
    days = (reviewed_at - shared_at) / dt.timedelta(days=1)
    return next(name for most, name in _REVIEW_TIMES if most is None or days < most)
