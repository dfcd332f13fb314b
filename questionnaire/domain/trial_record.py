"""A record of the trial registry (ClinicalTrials.gov API v2, one study as JSON) as frozen values.

A record is text from outside: sponsors write most of it, and a reply may be mangled. Reading takes what has the type
that we use and leaves out everything else, unknown keys included; a missing key stays missing (None or empty), since
the registry leaves out what is not known. Contacts of study staff are never read.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

NUMBER = re.compile(r"NCT\d{8}", re.ASCII)
LONGEST = 20_000
"""Characters of one text that are looked at; the longest free text of a real record is about as long."""
MOST = 2000
"""Entries of one list that are looked at; the largest real record has some 1,500 sites."""
_DATE = re.compile(r"(\d{4})-(\d{2})(?:-(\d{2}))?", re.ASCII)


class NotARecord(ValueError):
    """What was answered is no study record: nothing in it tells its number."""


@dataclass(frozen=True, slots=True)
class When:
    """A date as the registry gives it: a day, or a month, which counts to its end; `estimated` if it was set ahead."""

    text: str
    last_day: dt.date
    estimated: bool = False


@dataclass(frozen=True, slots=True)
class Intervention:
    name: str
    kind: str = ""
    description: str = ""
    other_names: tuple[str, ...] = ()
    arms: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Arm:
    label: str
    kind: str = ""
    description: str = ""


@dataclass(frozen=True, slots=True)
class Site:
    facility: str = ""
    status: str = ""
    city: str = ""
    state: str = ""
    country: str = ""


@dataclass(frozen=True, slots=True)
class TrialRecord:
    """What we use of a record. Empty texts and tuples, and None, mean that the record does not say."""

    number: str
    aliases: tuple[str, ...] = ()
    title: str = ""
    official_title: str = ""
    status: str = ""
    last_known_status: str = ""
    why_stopped: str = ""
    verified: When | None = None
    updated: When | None = None
    started: When | None = None
    completion: When | None = None
    expanded_access: str = ""
    sponsor: str = ""
    sponsor_class: str = ""
    fda_drug: bool | None = None
    fda_device: bool | None = None
    safety_board: bool | None = None
    study_type: str = ""
    phases: tuple[str, ...] = ()
    allocation: str = ""
    model: str = ""
    masking: str = ""
    enrollment: int | None = None
    arms: tuple[Arm, ...] = ()
    interventions: tuple[Intervention, ...] = ()
    conditions: tuple[str, ...] = ()
    keywords: tuple[str, ...] = ()
    summary: str = ""
    description: str = ""
    criteria: str = ""
    outcomes: tuple[str, ...] = ()
    sites: tuple[Site, ...] = ()
    has_results: bool | None = None

    @property
    def confirmed(self) -> When | None:
        """When the sponsor last stood by the record: the newer of its verification and its last update."""
        return max(filter(None, (self.verified, self.updated)), key=lambda when: when.last_day, default=None)

    @property
    def free_texts(self) -> Iterator[tuple[str, str]]:
        """Every text that the sponsor wrote, with the field it stands in."""
        yield "briefTitle", self.title
        yield "officialTitle", self.official_title
        yield "briefSummary", self.summary
        yield "detailedDescription", self.description
        yield "eligibilityCriteria", self.criteria
        yield "whyStopped", self.why_stopped
        for arm in self.arms:
            yield "armGroups", f"{arm.label}. {arm.description}"
        for each in self.interventions:
            yield "interventions", f"{each.name}. {each.description}"


def read(raw: Any) -> TrialRecord:
    """The record that this JSON holds.

    Raises:
        NotARecord: there is no study number in it.
    """
    study = _inner(raw, "protocolSection")
    identity = _inner(study, "identificationModule")
    number = _number(identity)
    if not number:
        raise NotARecord("no number of a study")
    status, design = _inner(study, "statusModule"), _inner(study, "designModule")
    oversight, arms = _inner(study, "oversightModule"), _inner(study, "armsInterventionsModule")
    sponsor = _inner(_inner(study, "sponsorCollaboratorsModule"), "leadSponsor")
    told, topics = _inner(study, "descriptionModule"), _inner(study, "conditionsModule")
    return TrialRecord(
        number=number,
        aliases=_texts(identity, "nctIdAliases"),
        title=_text(identity, "briefTitle"),
        official_title=_text(identity, "officialTitle"),
        status=_text(status, "overallStatus"),
        last_known_status=_text(status, "lastKnownStatus"),
        why_stopped=_text(status, "whyStopped"),
        verified=_when(status.get("statusVerifiedDate")),
        updated=_date(status, "lastUpdatePostDateStruct"),
        started=_date(status, "startDateStruct"),
        completion=_date(status, "completionDateStruct"),
        expanded_access=_number(_inner(status, "expandedAccessInfo")),
        sponsor=_text(sponsor, "name"),
        sponsor_class=_text(sponsor, "class"),
        fda_drug=_flag(oversight, "isFdaRegulatedDrug"),
        fda_device=_flag(oversight, "isFdaRegulatedDevice"),
        safety_board=_flag(oversight, "oversightHasDmc"),
        study_type=_text(design, "studyType"),
        phases=_texts(design, "phases"),
        allocation=_text(_inner(design, "designInfo"), "allocation"),
        model=_text(_inner(design, "designInfo"), "interventionModel"),
        masking=_text(_inner(_inner(design, "designInfo"), "maskingInfo"), "masking"),
        enrollment=_count(_inner(design, "enrollmentInfo")),
        arms=tuple(_arms(arms)),
        interventions=tuple(_interventions(arms)),
        conditions=_texts(topics, "conditions"),
        keywords=_texts(topics, "keywords"),
        summary=_text(told, "briefSummary"),
        description=_text(told, "detailedDescription"),
        criteria=_text(_inner(study, "eligibilityModule"), "eligibilityCriteria"),
        outcomes=tuple(_outcomes(_inner(study, "outcomesModule"))),
        sites=tuple(_sites(_inner(study, "contactsLocationsModule"))),
        has_results=_flag(raw, "hasResults"),
    )


def _inner(held: Any, key: str) -> Mapping[str, Any]:
    found = held.get(key) if isinstance(held, Mapping) else None
    return found if isinstance(found, Mapping) else {}


def _clean(value: Any) -> str:
    """A text as it can be stored and shown: no lone surrogates, no control characters, no more than is looked at."""
    if not isinstance(value, str):
        return ""
    sound = value[:LONGEST]
    if sound.replace("\n", "").replace("\t", "").isprintable():
        return sound.strip()
    sound = sound.encode("utf-8", "replace").decode()
    return "".join(each if each.isprintable() or each in "\n\t" else " " for each in sound).strip()


def _text(held: Mapping[str, Any], key: str) -> str:
    return _clean(held.get(key))


def _number(held: Mapping[str, Any]) -> str:
    """The number of a study; empty if it is none, since a link is made of it."""
    number = _text(held, "nctId").upper()
    return number if NUMBER.fullmatch(number) else ""


def _texts(held: Mapping[str, Any], key: str) -> tuple[str, ...]:
    listed = held.get(key)
    return tuple(filter(None, map(_clean, listed[:MOST]))) if isinstance(listed, list) else ()


def _entries(held: Mapping[str, Any], key: str) -> Iterator[Mapping[str, Any]]:
    listed = held.get(key)
    for each in listed[:MOST] if isinstance(listed, list) else ():
        if isinstance(each, Mapping):
            yield each


def _flag(held: Any, key: str) -> bool | None:
    found = held.get(key) if isinstance(held, Mapping) else None
    return found if isinstance(found, bool) else None


def _count(held: Mapping[str, Any]) -> int | None:
    found = held.get("count")
    return found if isinstance(found, int) and not isinstance(found, bool) and 0 <= found < 10**9 else None


def _date(held: Mapping[str, Any], key: str) -> When | None:
    struct = _inner(held, key)
    return _when(struct.get("date"), estimated=struct.get("type") == "ESTIMATED")


def _when(value: Any, *, estimated: bool = False) -> When | None:
    found = _DATE.fullmatch(value) if isinstance(value, str) else None
    if found is None:
        return None
    year, month, day = int(found[1]), int(found[2]), found[3]
    try:
        if day is not None:
            return When(found[0], dt.date(year, month, int(day)), estimated)
        following = dt.date(year + month // 12, month % 12 + 1, 1)
        return When(found[0], following - dt.timedelta(days=1), estimated)
    except ValueError:
        return None


def _arms(held: Mapping[str, Any]) -> Iterator[Arm]:
    for each in _entries(held, "armGroups"):
        yield Arm(_text(each, "label"), _text(each, "type"), _text(each, "description"))


def _interventions(held: Mapping[str, Any]) -> Iterator[Intervention]:
    for each in _entries(held, "interventions"):
        yield Intervention(
            name=_text(each, "name"),
            kind=_text(each, "type"),
            description=_text(each, "description"),
            other_names=_texts(each, "otherNames"),
            arms=_texts(each, "armGroupLabels"),
        )


def _outcomes(held: Mapping[str, Any]) -> Iterator[str]:
    for key in ("primaryOutcomes", "secondaryOutcomes", "otherOutcomes"):
        for each in _entries(held, key):
            yield f"{_text(each, 'measure')} {_text(each, 'description')}".strip()


def _sites(held: Mapping[str, Any]) -> Iterator[Site]:
    for each in _entries(held, "locations"):
        yield Site(*(_text(each, key) for key in ("facility", "status", "city", "state", "country")))
