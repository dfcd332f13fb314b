"""What changed between two copies of a study's record, field by field, and what the change means for the inbox."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields

from questionnaire.domain.content import Aid
from questionnaire.domain.trial_record import Arm, Intervention, Site, TrialRecord, When

STUDY_CHANGED = "study-changed"
"""Slug of the flag on a response of whose study the registry now says more than its patient read."""
STUDY_CHANGED_LEVEL = 40
"""Where such a response stands in the inbox, unless the edition has a flag of this slug with a level of its own."""
STUDY_CHANGED_WORDS = "A later check of the study says more than the patient read"


def flag_words(aid: Aid) -> dict[str, str]:
    """What each flag of a response says to staff, by slug: the edition's, and where it checks numbers, this one."""
    own = {STUDY_CHANGED: STUDY_CHANGED_WORDS} if aid.trial.given else {}
    return own | {each.slug: each.text[aid.language] for each in aid.triage.flags}


def flag_levels(aid: Aid) -> dict[str, int]:
    """The level of each of these flags, the lowest first."""
    own = {STUDY_CHANGED: STUDY_CHANGED_LEVEL} if aid.trial.given else {}
    levels = own | {each.slug: each.level for each in aid.triage.flags}
    return dict(sorted(levels.items(), key=lambda pair: pair[1]))


@dataclass(frozen=True, slots=True)
class Change:
    """One field that differs: its name in `TrialRecord`, and what only the older and only the newer copy has.

    Texts come from outside and are the sponsor's; empty for what the record did not say.
    """

    field: str
    before: tuple[str, ...]
    after: tuple[str, ...]


def changes(before: TrialRecord, after: TrialRecord) -> tuple[Change, ...]:
    """Every field that differs, in the order of the record; of lists only the entries that came and went."""
    return tuple(_changes(before, after))


def _changes(before: TrialRecord, after: TrialRecord) -> Iterator[Change]:
    for each in fields(TrialRecord):
        was, is_now = getattr(before, each.name), getattr(after, each.name)
        if was == is_now:
            continue
        old, new = _lines(was), _lines(is_now)
        gone, come = (tuple(line for line in old if line not in new), tuple(line for line in new if line not in old))
        if gone or come:
            yield Change(each.name, gone, come)


def _lines(value: object) -> tuple[str, ...]:
    """A value of a record as texts, one for each entry of a list."""
    if isinstance(value, tuple):
        return tuple(line for each in value for line in _lines(each))
    if isinstance(value, When):
        return (f"{value.text} (planned)" if value.estimated else value.text,)
    if isinstance(value, Site):
        return (_joined(value.facility, value.city, value.state, value.country, value.status),)
    if isinstance(value, Intervention):
        return (_joined(value.name, *value.other_names, value.description),)
    if isinstance(value, Arm):
        return (_joined(value.label, value.description),)
    if isinstance(value, bool):
        return ("yes" if value else "no",)
    return (str(value),) if value not in (None, "") else ()


def _joined(*parts: str) -> str:
    return ", ".join(filter(None, parts))
