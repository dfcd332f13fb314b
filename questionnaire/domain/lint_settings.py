"""What the lint of an aid goes by, as data that comes with the aid (lint.yaml)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from questionnaire.domain.entries import Entry


@dataclass(frozen=True, slots=True)
class Claims:
    """Words that may not be said of a subject unless the sentence denies them or says who says so.

    Attributes:
        subjects: words that make a sentence one about the product.
        banned: the claims, each a word or a phrase.
        denials: words that take a claim back when they stand at most `reach` words before it.
        sayers: words that tell of somebody else's claim, wherever they stand before it.
        breaks: words after which a denial no longer counts.
    """

    subjects: tuple[str, ...] = ()
    banned: tuple[str, ...] = ()
    denials: tuple[str, ...] = ()
    sayers: tuple[str, ...] = ()
    breaks: tuple[str, ...] = ()
    reach: int = 8


@dataclass(frozen=True, slots=True)
class LintSettings:
    """Every number and word that a check uses.

    Attributes:
        given: whether the aid brings settings at all.
        periods: after how many days a source of this kind must be checked again.
        soon: days before a due date from which it is told.
        grade: school grade that no text may exceed.
        shortest: words that a text must have for its grade to mean something.
        benefit_to_harm: how far, as a factor, the length of an option's benefits and harms may lie apart.
        option_length: how far, as a factor, an option's length may lie from the median of all options.
        spelling: wrong forms by the right one.
    """

    given: bool = False
    periods: Mapping[str, int] = field(default_factory=dict)
    soon: int = 60
    grade: int = 8
    shortest: int = 12
    benefit_to_harm: int = 4
    option_length: int = 3
    claims: Claims = Claims()
    spelling: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


def read_settings(entry: Entry) -> LintSettings:
    """The settings that lint.yaml holds."""
    periods = entry.inner(entry.get("periods"), "periods")
    spelling = entry.inner(entry.get("spelling"), "spelling")
    claims = entry.inner(entry.get("claims"), "claims")
    settings = LintSettings(
        given=True,
        periods={kind: periods.whole(kind, 365) for kind in periods.raw},
        soon=entry.whole("soon", 60),
        grade=entry.whole("grade", 8),
        shortest=entry.whole("shortest", 12),
        benefit_to_harm=entry.whole("benefit_to_harm", 4),
        option_length=entry.whole("option_length", 3),
        claims=Claims(
            subjects=claims.words("subjects"),
            banned=claims.words("banned"),
            denials=claims.words("denials"),
            sayers=claims.words("sayers"),
            breaks=claims.words("breaks"),
            reach=claims.whole("reach", 8),
        ),
        spelling={right: spelling.words(right) for right in spelling.raw},
    )
    for each in (periods, spelling, claims, entry):
        each.finish()
    return settings
