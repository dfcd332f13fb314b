"""Where an offer stands on the ladder of oversight: rung by rung who says what. There is no total, and no verdict."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from questionnaire.domain.conditions import Counted
from questionnaire.domain.ladder_rules import SPEAKERS, LadderRules, Rung, Saying
from questionnaire.domain.questions import Text
from questionnaire.domain.trial import Finding

LONGEST_SHOWN = 300
"""Characters of one text of a record that a page shows."""


@dataclass(frozen=True, slots=True)
class Step:
    """A rung with what is known of it: at most one saying of each speaker; none when nobody knows.

    `ask` is the question that takes the place of the rung's usual one; empty where that one fits.
    """

    rung: Rung
    sayings: tuple[Saying, ...]
    ask: Text


@dataclass(frozen=True, slots=True)
class Listing:
    """A study's number and what the registry had under it when a version was finished. Texts are untrusted.

    Attributes:
        state: `found`, `not-found`, `moved` or `not-checked`.
        checked: the day on which the registry said so; None when it never did.
        data: the day of the registry's data, as it says itself; None when it did not say.
        moved_to: the number under which it is listed now, where that is another one.
        findings: what the record shows and leaves open; empty without a record.
        older: the record is an older copy, shown since there is no newer answer.
    """

    number: str
    state: str
    checked: dt.date | None = None
    data: dt.date | None = None
    title: str = ""
    sponsor: str = ""
    moved_to: str = ""
    findings: tuple[Finding, ...] = ()
    older: bool = False


def ladder(rules: LadderRules, counted: Counted) -> tuple[Step, ...]:
    """The rungs for these answers and facts; empty for whom the ladder is not meant."""
    if not rules.rungs or (rules.when is not None and not rules.when.holds(counted)):
        return ()
    return tuple(Step(rung, _said(rung, counted), _asked(rung, counted)) for rung in rules.rungs)


def _said(rung: Rung, counted: Counted) -> tuple[Saying, ...]:
    found: Mapping[str, Saying] = {each.by: each for each in reversed(rung.sayings) if each.when.holds(counted)}
    return tuple(found[by] for by in SPEAKERS if by in found)


def _asked(rung: Rung, counted: Counted) -> Text:
    return next((each.text for each in rung.asks if each.when.holds(counted)), {})
