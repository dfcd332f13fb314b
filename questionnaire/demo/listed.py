"""A made-up study as the trial registry (ClinicalTrials.gov, API v2) would list it, as JSON. Needs no Django."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import dataclass
from typing import Any

TITLE = "Example study, made up for the demonstration: "
"""How every title begins, since pages show it beside a link to the real registry, which knows no such study."""


@dataclass(frozen=True, slots=True)
class Place:
    """A site, by the names of the registry: `country` as it spells them."""

    facility: str
    city: str
    state: str = ""
    country: str = "United States"


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """What the sponsor has entered, in the registry's words; None and empty where nothing was.

    Days are counted back from today, and below zero ahead, so that a record is as fresh or stale whenever it is shown.

    Attributes:
        about: what the title says after `TITLE`.
        confirmed: days since the sponsor last stood by the record.
        started, ends: days since its start and its planned end.
        tested: name and description of what is given or watched.
        control: name of what it is compared with.
    """

    number: str
    about: str
    sponsor: str
    sponsor_class: str = "OTHER"
    status: str = "RECRUITING"
    last_known: str = ""
    why_stopped: str = ""
    confirmed: int = 70
    started: int = 420
    ends: int = -560
    summary: str
    conditions: tuple[str, ...]
    kind: str = "INTERVENTIONAL"
    phases: tuple[str, ...] = ("PHASE1", "PHASE2")
    tested: tuple[str, str]
    control: str = ""
    people: int = 60
    fda_drug: bool | None = None
    safety_board: bool | None = None
    outcome: str = ""
    criteria: str = "Adults who can come to each visit."
    sites: tuple[Place, ...] = ()


def as_json(listed: Listed, today: dt.date) -> dict[str, Any]:
    """The record as the registry would give it on this day.

    Keys stand in the order in which our client asks for them, so that its copy is the same text.
    """
    study = {
        "identificationModule": {
            "nctId": listed.number,
            "briefTitle": f"{TITLE}{listed.about}",
        },
        "statusModule": _status(listed, today),
        "sponsorCollaboratorsModule": {"leadSponsor": {"name": listed.sponsor, "class": listed.sponsor_class}},
        "oversightModule": _known(oversightHasDmc=listed.safety_board, isFdaRegulatedDrug=listed.fda_drug),
        "descriptionModule": {"briefSummary": listed.summary},
        "conditionsModule": {"conditions": list(listed.conditions)},
        "designModule": _design(listed),
        "armsInterventionsModule": _arms(listed),
        "outcomesModule": {"primaryOutcomes": [{"measure": listed.outcome}]} if listed.outcome else None,
        "eligibilityModule": {"eligibilityCriteria": listed.criteria, "minimumAge": "18 Years"},
        "contactsLocationsModule": {"locations": [_place(each) for each in listed.sites]} if listed.sites else None,
    }
    return {"protocolSection": _known(**study), "hasResults": False}


def text_of(record: dict[str, Any]) -> str:
    """The record as a copy of it is kept."""
    return json.dumps(record, separators=(",", ":"))


def _known(**values: Any) -> dict[str, Any]:
    """The registry leaves out what is not known."""
    return {key: value for key, value in values.items() if value not in (None, "", {})}


def _status(listed: Listed, today: dt.date) -> dict[str, Any]:
    confirmed = _ago(listed.confirmed, today)
    dated = listed.kind != "EXPANDED_ACCESS"
    return _known(
        statusVerifiedDate=f"{confirmed:%Y-%m}",
        overallStatus=listed.status,
        lastKnownStatus=listed.last_known,
        whyStopped=listed.why_stopped,
        startDateStruct=_struct(listed.started, today) if dated else None,
        completionDateStruct=_struct(listed.ends, today) if dated else None,
        lastUpdatePostDateStruct=_struct(listed.confirmed, today),
    )


def _ago(days: int, today: dt.date) -> dt.date:
    return today - dt.timedelta(days=days)


def _struct(days: int, today: dt.date) -> dict[str, str]:
    return {"date": _ago(days, today).isoformat(), "type": "ACTUAL" if days >= 0 else "ESTIMATED"}


def _design(listed: Listed) -> dict[str, Any]:
    told: dict[str, Any] = {"studyType": listed.kind}
    if listed.kind == "INTERVENTIONAL":
        alone = not listed.control
        info = {"allocation": "NA", "interventionModel": "SINGLE_GROUP", "maskingInfo": {"masking": "NONE"}}
        if not alone:
            info = {"allocation": "RANDOMIZED", "interventionModel": "PARALLEL", "maskingInfo": {"masking": "DOUBLE"}}
        told |= {"phases": list(listed.phases), "designInfo": info}
    if listed.kind != "EXPANDED_ACCESS":
        told["enrollmentInfo"] = {"count": listed.people, "type": "ESTIMATED"}
    return told


def _arms(listed: Listed) -> dict[str, Any]:
    (name, described), kind = listed.tested, "BIOLOGICAL" if listed.kind != "OBSERVATIONAL" else "OTHER"
    given = {"type": kind, "name": name, "description": described}
    if listed.kind == "EXPANDED_ACCESS":
        return {"interventions": [given]}
    groups = [_known(label=name, type="EXPERIMENTAL" if listed.kind == "INTERVENTIONAL" else "")]
    given["armGroupLabels"] = [name]  # type: ignore[assignment]
    if not listed.control:
        return {"armGroups": groups, "interventions": [given]}
    compared = {"type": "OTHER", "name": listed.control, "armGroupLabels": [listed.control]}
    groups.append({"label": listed.control, "type": "PLACEBO_COMPARATOR"})
    return {"armGroups": groups, "interventions": [given, compared]}


def _place(place: Place) -> dict[str, str]:
    return _known(facility=place.facility, city=place.city, state=place.state, country=place.country)
