"""What the trial registry says of a patient's study, in a line for the chart: plain words, and of when they are."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping

from django.template.defaultfilters import date

from questionnaire.domain.trial import Finding
from questionnaire.domain.trial_record import TrialRecord, When
from questionnaire.models import RegistryCopy, RegistryStudy, StudyCheck
from questionnaire.services import registry, trial_review
from questionnaire.services.trial_review import Study

DAY, MONTH = "F j, Y", "F Y"
LONGEST = 80
"""Characters of the sponsor's own words for what is studied."""
_STATUS = {
    "RECRUITING": "listed as recruiting",
    "NOT_YET_RECRUITING": "listed as not yet recruiting",
    "ENROLLING_BY_INVITATION": "listed as open by invitation only",
    "ACTIVE_NOT_RECRUITING": "listed as closed to new people",
    "COMPLETED": "listed as completed",
    "SUSPENDED": "listed as suspended",
    "TERMINATED": "listed as stopped early",
    "WITHDRAWN": "listed as withdrawn before anyone joined",
    "WITHHELD": "listed with its details withheld",
    "UNKNOWN": "listed with status unknown: past its planned end and not confirmed for 2 years",
    "AVAILABLE": "listed as expanded access, not as a study to join",
    "TEMPORARILY_NOT_AVAILABLE": "listed as expanded access that is on pause, not as a study to join",
    "NO_LONGER_AVAILABLE": "listed as expanded access that has ended, not as a study to join",
    "APPROVED_FOR_MARKETING": "listed as expanded access that ended when the product was allowed on the market",
}
_SITE = {
    "clinic-named": "clinic named among its sites",
    "same-city": "clinic not named among its sites (another place in the same city)",
    "same-state": "clinic not among its sites (others in the same state)",
    "us-elsewhere": "clinic not among its sites (others in the US)",
    "none-in-us": "no site in the US",
    "none-listed": "no sites listed",
    "masked": "names of its sites hidden",
    "not-compared": "its sites not compared with the clinic",
}
_EXOSOMES = {
    "tested": "exosomes named as what is tested",
    "product": "a product known as exosomes named as what is tested",
    "described": "exosomes named only in the description",
    "mentioned": "exosomes only mentioned",
    "not-mentioned": "exosomes not mentioned",
}
_BODY_PART = {"other": ", not for this patient's problem", "not-compared": ", not compared with this patient's problem"}


def lines(study: Study, today: dt.date) -> tuple[str, ...]:
    """The newest answer of the registry; and if the patient read another one, what that was. Empty without a number."""
    if not study.number:
        return ()
    if study.told.said == StudyCheck.Said.OTHER:
        return (f"{study.number}: the patient says that the study listed there is another one",)
    row = trial_review.asked(study.number)
    facts = trial_review.facts_now(study, row, today)
    then = _then(study)
    if row is None or facts is None:
        return (f"{study.number}: {then}",)
    now = _found(study, row.newest, today, facts, row.checked_at) if row.newest else ""
    if row.state == RegistryStudy.State.NOT_FOUND:
        now = f"no study listed under this number{_checked(row.checked_at)}"
    first = f"{study.number}: {now}{_theirs(study)}"
    return (first,) if trial_review.same_record(study, row) else (first, f"when the patient finished: {then}")


def _then(study: Study) -> str:
    """What the patient's page went by."""
    version = study.version
    if version.registry_copy is not None:
        copy = version.registry_copy
        found = _found(study, copy, version.finished_at.date(), version.facts, copy.fetched_at)
        return f"{found}{_theirs(study)}"
    if version.facts.get("registry") == "not-found":
        return f"no study listed under this number{_checked(version.finished_at)}"
    return "could not be checked with the registry"


def _theirs(study: Study) -> str:
    unsure = study.told.said == StudyCheck.Said.NOT_SURE
    return "; the patient is not sure that it is their study" if unsure else ""


def _found(
    study: Study, copy: RegistryCopy, day: dt.date, facts: Mapping[str, str], checked: dt.datetime | None
) -> str:
    record = registry.record_of(copy)
    findings = {each.slug: each for each in study.judged(record, day).findings}
    return "; ".join(_parts(record, findings, facts)) + _checked(checked)


def _parts(record: TrialRecord, findings: Mapping[str, Finding], facts: Mapping[str, str]) -> Iterator[str]:
    """The record's own words, short and in quotes, and what was found in it."""
    yield f"{_STATUS.get(record.status, 'status not stated')}, {_confirmed(record, facts.get('registry-fresh', ''))}"
    if "completion-passed" in findings and record.completion:
        yield f"its planned end, {_day(record.completion)}, has passed"
    if facts.get("registry-type") == "observational":
        yield "it only watches or measures"
    if record.conditions:
        named = ", ".join(record.conditions)
        named = named if len(named) <= LONGEST else f"{named[: LONGEST - 1]}…"
        yield f"for “{named}”{_BODY_PART.get(facts.get('registry-body-part', ''), '')}"
    for words, fact in ((_SITE, "registry-site"), (_EXOSOMES, "registry-exosomes")):
        if told := words.get(facts.get(fact, "")):
            yield told


def _confirmed(record: TrialRecord, fresh: str) -> str:
    if record.confirmed is None or fresh == "no-date":
        return "with no date of when that was confirmed"
    return f"last confirmed {_day(record.confirmed)}{' (stale)' if fresh == 'stale' else ''}"


def _day(when: When) -> str:
    """A month where the registry gives no day."""
    return date(when.last_day, MONTH if len(when.text) == len("2022-07") else DAY)


def _checked(moment: dt.datetime | None) -> str:
    return f"; checked {date(moment, DAY)}" if moment else ""
