"""What happened to a response: its versions with what changed between them, and the record of who looked."""

from __future__ import annotations

from dataclasses import dataclass

from questionnaire.domain.content import Aid
from questionnaire.domain.journey import Journey
from questionnaire.domain.outcome import Outcome
from questionnaire.exports.leaflet import letter_name
from questionnaire.models import AuditEvent, FinishedVersion, Review
from questionnaire.physician import answers
from questionnaire.physician.study_panel import said_words
from questionnaire.services import editions, letters, staff, trial_facts, versions
from questionnaire.services.sealing import unsealed

MOST_VERSIONS = 20
"""Versions that the page of a response tells of; one more is read to compare the last of them with."""


@dataclass(frozen=True, slots=True)
class Differences:
    """What differs from the version before: answers as (question, from, to), guidance as titles."""

    answers: list[tuple[str, str, str]]
    added: list[str]
    gone: list[str]
    edition: tuple[int, int] | None
    """Numbers of the editions, where they are two."""


@dataclass(frozen=True, slots=True)
class Past:
    """One version; without `since` where it is the first that was shared."""

    version: FinishedVersion
    since: Differences | None


def versions_of(review: Review, *, every: bool = False) -> tuple[list[Past], bool]:
    """The newest shared versions, each with what changed since the one before, and whether there are older ones."""
    shown = versions.shared_with(review)
    found = list(shown if every else shown[: MOST_VERSIONS + 1])
    pairs = zip(found, [*found[1:], None], strict=True)
    told = [Past(new, between(old, new) if old else None) for new, old in pairs]
    return (told, False) if every else (told[:MOST_VERSIONS], len(told) > MOST_VERSIONS)


def between(old: FinishedVersion, new: FinishedVersion) -> Differences:
    """What the newer version has that the older had not, and the other way round, in the newer edition's words."""
    aid, before = editions.aid_of(new.edition_id), editions.aid_of(old.edition_id)
    first, second = Outcome.from_json(old.outcome), Outcome.from_json(new.outcome)
    was, now = letter_names(old), letter_names(new)
    return Differences(
        answers=[*answers.changes(journey_of(old), journey_of(new), aid.language), *_study_changes(old, new)],
        added=[*titles(aid, _beyond(second, first)), *(each for each in now if each not in was)],
        gone=[*titles(before, _beyond(first, second)), *(each for each in was if each not in now)],
        edition=(old.edition.number, new.edition.number) if old.edition_id != new.edition_id else None,
    )


def _study_changes(old: FinishedVersion, new: FinishedVersion) -> list[tuple[str, str, str]]:
    """(question, from, to) for what the patient says of their study beside its number, which is an answer."""
    told = [trial_facts.told_in(each, trial_facts.number_in(each)) for each in (old, new)]
    was, now = (
        (said_words(each) or "Not said", ", ".join(filter(None, (each.name, each.city))) or "Not given")
        for each in told
    )
    labels = ("Is this the study?", "Clinic of the study")
    return [row for row in zip(labels, was, now, strict=True) if row[1] != row[2]]


def letter_names(version: FinishedVersion) -> list[str]:
    """The letters of FDA that the patient was shown, each in a line."""
    return [f"Letter from FDA: {letter_name(each)}" for each in letters.shown_in(version)]


def journey_of(version: FinishedVersion) -> Journey:
    """The way through the edition that this version was made from."""
    return Journey(editions.aid_of(version.edition_id), unsealed(version.answers), version.facts)


def _beyond(one: Outcome, other: Outcome) -> list[str]:
    """Slugs that the one outcome shows and the other does not, in order: sentences, then items."""
    shown = {each.slug for each in (*other.meaning, *other.items)}
    return [each.slug for each in (*one.meaning, *one.items) if each.slug not in shown]


def titles(aid: Aid, slugs: list[str]) -> list[str]:
    """How sentences and items of guidance are called."""
    return [title(aid, slug) for slug in slugs]


def title(aid: Aid, slug: str) -> str:
    """An option goes by its name, another item by its title, a sentence by its words."""
    item = aid.item.get(slug)
    if item is None:
        return aid.sentence[slug].text[aid.language]
    return (item.option.name if item.option else item.title)[aid.language]


@dataclass(frozen=True, slots=True)
class Event:
    """One line of the access record, in words."""

    event: AuditEvent
    who: str
    what: str


_ACTORS = {"patient": "The patient", "program": "The program", "stranger": "Somebody not signed in"}
_KINDS = {"viewed": "Looked", "refused": "Refused"}


def event_in_words(event: AuditEvent) -> Event:
    """Who did what, as the page says it."""
    who = staff.shown_name(event.by) if event.by else _ACTORS.get(event.actor, event.actor)
    detail = {key: str(value) for key, value in event.detail.items()}
    if "from" in detail and "to" in detail:
        about = f"{detail['from']} to {detail['to']}" if detail["from"] != detail["to"] else ""
    elif "version" in detail:
        about = f"version {detail['version']}"
    else:
        about = ", ".join(detail.values())
    kind = _KINDS.get(event.kind, event.kind.capitalize())
    return Event(event, who, f"{kind}: {about}" if about else kind)
