"""The study on the page of a response: what the patient was told, what the registry says now, what it said then."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from questionnaire.domain.content import Aid
from questionnaire.domain.journey import Journey
from questionnaire.domain.trial import Judged
from questionnaire.domain.trial_changes import Change, changes
from questionnaire.domain.trial_record import TrialRecord
from questionnaire.domain.trial_rules import LETTER_NOTE
from questionnaire.domain.trial_sites import Clinic, in_us
from questionnaire.models import FdaLetter, FinishedVersion, RegistryCopy, RegistryStudy, Review
from questionnaire.physician import answers
from questionnaire.physician.answers import NOT_ASKED, Told
from questionnaire.services import editions, letters, registry, trial_review
from questionnaire.services.trial_review import Study

DAY = "F j, Y"
RECORD = "https://clinicaltrials.gov/study/"
REPLY_NOTE = "study-changed"
"""The note with which a reply to the patient begins when the record says more than they read."""
FACTS = {
    "registry-open": "Open to new people",
    "registry-fresh": "How fresh it is",
    "registry-exosomes": "Exosomes",
    "registry-body-part": "Body part",
    "registry-site": "Clinic among the sites",
    "registry-stopped": "Stopped",
    "registry-paid": "Payment by patients",
    "registry-fda-flag": "FDA-regulated drug, says the sponsor",
}
CAPTION = "listing-is-not-approval"
"""The finding that holds of every record."""
_STATES = {
    "not-found": "ClinicalTrials.gov lists no study under this number.",
    "not-checked": "It could not be checked.",
}
FIELDS = {
    "has_results": "Results posted", "why_stopped": "Why it stopped", "last_known_status": "Last known status",
    "verified": "Confirmed", "updated": "Last update", "started": "Start", "completion": "End",
    "fda_drug": "FDA-regulated drug", "fda_device": "FDA-regulated device",
}  # fmt: skip
"""How a field of the record is called where its own name does not tell."""
CODED = ("status", "last_known_status", "study_type", "phases", "allocation", "masking")
SPONSORS = (
    "title", "official_title", "why_stopped", "summary", "description", "criteria", "outcomes", "arms",
    "interventions", "keywords",
)  # fmt: skip
"""Fields in which the sponsor writes freely."""


@dataclass(frozen=True, slots=True)
class Row:
    """One thing that a record says; `quoted` where it is the sponsor's own text."""

    label: str
    text: str
    quoted: bool = False


@dataclass(frozen=True, slots=True)
class Shown:
    """One copy of the record, or why there is none: `state` says so in a sentence."""

    state: str
    day: dt.datetime | None = None
    rows: tuple[Row, ...] = ()
    quotes: tuple[Row, ...] = ()


@dataclass(frozen=True, slots=True)
class Changed:
    """A field that is not as it was; `quoted` where it is the sponsor's own text."""

    label: str
    before: tuple[str, ...]
    after: tuple[str, ...]
    quoted: bool


@dataclass(frozen=True, slots=True)
class Panel:
    """Everything that the page says of the study. `added` are titles of guidance that the patient has not read."""

    number: str
    told: tuple[Told, ...]
    clinic: Clinic
    said: str
    now: Shown | None
    tried: str
    moved_to: str
    then: Shown | None
    changed: tuple[Changed, ...]
    added: tuple[str, ...]
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
    found = tuple(letters.about(journey, study.check, review))
    if not study.number and not found:
        return None, ()
    return _panel(study, found, today), found


def _panel(study: Study, found: tuple[FdaLetter, ...], today: dt.date) -> Panel:
    version, journey = study.version, study.journey
    row, aid = trial_review.asked(study.number), journey.aid
    slugs = trial_review.added(study, row, today)
    newest = row.newest if row else None
    return Panel(
        number=study.number,
        told=tuple(each for each in answers.told(journey, aid.triage.study, aid.language) if each.status != NOT_ASKED),
        clinic=study.clinic,
        said=study.check.get_said_display() if study.check and study.check.said else "",
        now=_now(study, row, today) if study.number else None,
        tried=_tried(row),
        moved_to=row.moved_to if row and row.state == RegistryStudy.State.MOVED else "",
        then=_then(study) if study.number else None,
        changed=_changed(version.registry_copy, newest),
        added=tuple(trial_review.title(aid, slug, aid.language) for slug in slugs),
        reply=_reply(aid, slugs, version.language),
        letters=found,
        letter_note=_note(aid, LETTER_NOTE, aid.language) if found else "",
        caption=aid.trial.words[CAPTION][aid.language] if study.number else "",
    )


def _now(study: Study, row: RegistryStudy | None, today: dt.date) -> Shown:
    """What the registry last said; an older copy too, where it says nothing of this number now."""
    if row is None or row.checked_at is None:
        return Shown("It was not checked yet.")
    if row.state == RegistryStudy.State.FOUND and row.newest is not None:
        return _copy(study, row.newest, today, row.checked_at)
    if row.state == RegistryStudy.State.NOT_FOUND:
        return Shown(_STATES["not-found"], row.checked_at)
    return Shown("ClinicalTrials.gov lists it under another number now.", row.checked_at)


def _tried(row: RegistryStudy | None) -> str:
    return "The last try brought no answer." if row is not None and row.reason else ""


def _then(study: Study) -> Shown:
    version = study.version
    if version.registry_copy is not None:
        return _copy(
            study, version.registry_copy, version.finished_at.date(), version.registry_copy.fetched_at, then=True
        )
    state = version.facts.get("registry", "")
    return Shown(_STATES.get(state, "It was not checked."), version.finished_at if state == "not-found" else None)


def _copy(study: Study, held: RegistryCopy, day: dt.date, checked: dt.datetime, *, then: bool = False) -> Shown:
    record = registry.record_of(held)
    judged = study.judged(record, day)
    quotes = tuple(Row(each.field, each.value, quoted=True) for each in judged.findings if each.quoted)
    # What the guidance went by then is not worked out anew: the patient may have named another clinic since.
    facts = {**judged.facts, **study.version.facts} if then else judged.facts
    return Shown("", checked, tuple(_rows(record, judged, facts)), quotes)


def _rows(record: TrialRecord, judged: Judged, facts: Mapping[str, str]) -> Iterator[Row]:
    yield Row("Title", record.title or record.official_title, quoted=True)
    yield Row("Sponsor", record.sponsor or "Not stated")
    yield Row("Status", in_words(record.status or "Not stated"))
    for name in ("verified", "updated", "started", "completion"):
        when = getattr(record, name)
        yield Row(FIELDS[name], f"{when.text}{' (planned)' if when.estimated else ''}" if when else "Not stated")
    kind = ", ".join(filter(None, (in_words(record.study_type), *map(in_words, record.phases))))
    yield Row("Type", kind or "Not stated")
    for slug, label in FACTS.items():
        if slug in facts:
            yield Row(label, in_words(facts[slug]))
    yield Row("Sites", _sites(record, judged))


def _sites(record: TrialRecord, judged: Judged) -> str:
    if not record.sites:
        return "None listed"
    here = sum(map(in_us, record.sites))
    near = next((each.value for each in judged.findings if each.slug.startswith("site-") and each.value), "")
    return f"{len(record.sites)}, {here} of them in the United States{f'; nearest found: {near}' if near else ''}"


def in_words(value: str) -> str:
    """A value of the registry or a fact, such as NOT_YET_RECRUITING, PHASE1 or none-in-us, as words."""
    words = re.sub(r"(?<=[A-Za-z])(?=\d)", " ", re.sub("[_-]", " ", value)).capitalize()
    return re.sub(r"\bus\b", "US", words, flags=re.IGNORECASE)


def _changed(before: RegistryCopy | None, after: RegistryCopy | None) -> tuple[Changed, ...]:
    if before is None or after is None or before.pk == after.pk:
        return ()
    found: tuple[Change, ...] = changes(registry.record_of(before), registry.record_of(after))
    return tuple(_told_change(each) for each in found)


def _told_change(each: Change) -> Changed:
    quoted = each.field in SPONSORS
    before, after = each.before, each.after
    if each.field in CODED:
        before, after = _coded(before), _coded(after)
    return Changed(FIELDS.get(each.field, in_words(each.field)), before, after, quoted)


def _coded(lines: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(map(in_words, lines))


def _reply(aid: Aid, slugs: tuple[str, ...], language: str) -> str:
    """What a physician may send to the patient, to be changed first; empty when there is nothing new to tell."""
    if not slugs:
        return ""
    listed = (f"- {trial_review.title(aid, slug, language)}" for slug in slugs)
    return "\n".join((_note(aid, REPLY_NOTE, language).strip(), *listed)).strip()


def _note(aid: Aid, slug: str, language: str) -> str:
    """The aid's own words, and where an edition is older than this page, the shipped aid's."""
    text = aid.notes.get(slug) or editions.shipped_document()["aid.yaml"]["notes"][slug]
    return str(text.get(language) or next(iter(text.values())))
