"""The study on the page of a response: what the patient was told, what the registry says now, what it said then."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field

from django.template.defaultfilters import date

from questionnaire.domain.journey import Journey
from questionnaire.domain.trial_changes import Change, changes
from questionnaire.domain.trial_rules import LETTER_NOTE
from questionnaire.models import FdaLetter, FinishedVersion, RegistryCopy, RegistryStudy, Review, StudyCheck
from questionnaire.physician import answers, study_reply, study_table
from questionnaire.physician.answers import NOT_ASKED, Told
from questionnaire.physician.study_table import Cell, Line, lines
from questionnaire.physician.study_words import MOMENT, STATES, dated, in_words, source_of, why
from questionnaire.services import letters, registry, trial_facts, trial_review
from questionnaire.services.trial_review import Study

RECORD = "https://clinicaltrials.gov/study/"
CAPTION = "listing-is-not-approval"
"""The finding that holds of every record."""
CODED = ("status", "last_known_status", "study_type", "phases", "allocation", "masking")
DATED = ("verified", "updated", "started", "completion")
SPONSORS = (
    "title", "official_title", "sponsor", "why_stopped", "summary", "description", "criteria", "outcomes", "arms",
    "interventions", "conditions", "keywords", "sites",
)  # fmt: skip
"""Fields in which the sponsor writes freely."""


@dataclass(frozen=True, slots=True)
class Shown:
    """One copy of the record, or why there is none.

    Attributes:
        source: where it comes from and of when it is, or that there is none, in a sentence or two.
        cells: what it says, by line of the table.
        against: lines on which it does not go with what the patient was told.
    """

    source: str
    cells: Mapping[str, Cell] = field(default_factory=dict)
    against: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Changed:
    """A field that is not as it was; `quoted` where it is the sponsor's own text."""

    label: str
    before: tuple[str, ...]
    after: tuple[str, ...]
    quoted: bool


@dataclass(frozen=True, slots=True)
class Panel:
    """Everything that the page says of the study.

    Attributes:
        lines: the table.
        tried: what came of the last try, where it brought no answer.
        more: what the patient told of the study besides, of which the registry says nothing.
        compared: whether there are two copies to compare.
        added: titles of guidance that the patient has not read; `added_why` says what happened since.
    """

    number: str
    lines: tuple[Line, ...]
    now: Shown | None
    tried: str
    moved_to: str
    then: Shown | None
    more: tuple[Told, ...]
    changed: tuple[Changed, ...]
    compared: bool
    added: tuple[str, ...]
    added_why: str
    reply: str
    letters: tuple[FdaLetter, ...]
    letter_note: str
    caption: str

    @property
    def link(self) -> str:
        """The record's page at the registry."""
        return f"{RECORD}{self.number}"


def panel(
    review: Review, version: FinishedVersion, journey: Journey, today: dt.date
) -> tuple[Panel | None, tuple[FdaLetter, ...]]:
    """The panel, and the letters that stand in it; None where there is neither a number nor a letter."""
    study = trial_review.study_of(version, journey)
    found = tuple(letters.about(journey, study.told, review))
    if not study.number and not found:
        return None, ()
    return _panel(study, found, today), found


def _panel(study: Study, found: tuple[FdaLetter, ...], today: dt.date) -> Panel:
    version, journey = study.version, study.journey
    row, aid = trial_review.asked(study.number), journey.aid
    slugs = trial_review.added(study, row, today)
    newest = row.newest if row else None
    now, then = (_now(study, row, today), _then(study)) if study.number else (None, None)
    beside, more = _told(study, said_words(study.told))
    return Panel(
        number=study.number,
        lines=lines(beside, now.cells, then.cells, now.against) if now and then else (),
        now=now,
        tried=_tried(row),
        moved_to=row.moved_to if row and row.state == RegistryStudy.State.MOVED else "",
        then=then,
        more=more,
        changed=_changed(version.registry_copy, newest),
        compared=bool(now and then and now.cells and then.cells),
        added=tuple(trial_review.title(aid, slug, aid.language) for slug in slugs),
        added_why=study_reply.why(study, row) if row else "",
        reply=study_reply.prepared(study, row, slugs),
        letters=found,
        letter_note=study_reply.note(aid, LETTER_NOTE, aid.language) if found else "",
        caption=aid.trial.words[CAPTION][aid.language] if study.number else "",
    )


def said_words(told: trial_facts.Told) -> str:
    """What the patient said on whether it is their study; empty when they said nothing."""
    return str(StudyCheck.Said(told.said).label) if told.said else ""


def _told(study: Study, said: str) -> tuple[dict[str, Cell], tuple[Told, ...]]:
    """What the patient told of the study: beside what the registry says of the same, and the rest."""
    journey, aid = study.journey, study.aid
    rules, kinds = aid.triage, {slug: each.kind for slug, each in aid.question.items()}
    told = [each for each in answers.told(journey, rules.study, aid.language) if each.status != NOT_ASKED]
    number = next((each for each in told if kinds[each.slug] == "trial-number"), None)
    price = next((each for each in told if each.slug == rules.price), None)
    page = next((each for each in told if each.slug == study_table.PAGE_SAYS), None)
    problem = (each for each in answers.told(journey, aid.trial.part_of, aid.language) if each.status != NOT_ASKED)
    clinic = ", ".join(filter(None, (study.clinic.name, study.clinic.city, study.clinic.state.title())))
    beside = study_table.told_cells(number, price, page, problem, clinic, said)
    return beside, tuple(each for each in told if each not in (number, price, page))


def _now(study: Study, row: RegistryStudy | None, today: dt.date) -> Shown:
    """What the registry last said; an older copy too, where it says nothing of this number now."""
    if row is None or row.checked_at is None:
        return Shown("It was not checked yet.")
    checked = date(row.checked_at, MOMENT)
    if row.state == RegistryStudy.State.FOUND and row.newest is not None:
        return _copy(study, row.newest, today, f"checked {checked}")
    state = STATES["not-found" if row.state == RegistryStudy.State.NOT_FOUND else "moved"]
    return Shown(f"{state} Checked {checked}.")


def _tried(row: RegistryStudy | None) -> str:
    """When the registry was last asked and why it gave no answer; empty where it gave one."""
    if row is None or not row.reason:
        return ""
    # A try that did not get its turn leaves no time: nobody was asked.
    at = f" of {date(row.tried_at, MOMENT)}" if row.tried_at and row.reason != "queue" else ""
    return f"The last try{at} brought no answer. {why(row.reason)}"


def _then(study: Study) -> Shown:
    version = study.version
    if version.registry_copy is not None:
        fetched = f"fetched {date(version.registry_copy.fetched_at, MOMENT)}"
        return _copy(study, version.registry_copy, version.finished_at.date(), fetched, then=True)
    state = version.facts.get("registry", "")
    finished = f" Finished {date(version.finished_at, MOMENT)}." if state == "not-found" else ""
    return Shown(f"{STATES.get(state, 'It was not checked.')}{finished}")


def _copy(study: Study, held: RegistryCopy, day: dt.date, fetched: str, *, then: bool = False) -> Shown:
    record = registry.record_of(held)
    judged = study.judged(record, day)
    # What the guidance went by then is not worked out anew.
    facts = {**judged.facts, **study.version.facts} if then else judged.facts
    cells = study_table.record_cells(record, judged, facts, day)
    return Shown(source_of(held, fetched), cells, study_table.against(facts, study.clinic.told))


def _changed(before: RegistryCopy | None, after: RegistryCopy | None) -> tuple[Changed, ...]:
    if before is None or after is None or before.pk == after.pk:
        return ()
    found: tuple[Change, ...] = changes(registry.record_of(before), registry.record_of(after))
    return tuple(_told_change(each) for each in found)


def _told_change(each: Change) -> Changed:
    quoted = each.field in SPONSORS
    before, after = each.before, each.after
    if each.field in CODED or each.field in DATED:
        words = in_words if each.field in CODED else dated
        before, after = tuple(map(words, before)), tuple(map(words, after))
    return Changed(study_table.field_label(each.field), before, after, quoted)
