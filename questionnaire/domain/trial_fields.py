"""The registry's own names of the fields that findings come from, and the findings whose value is one of its dates."""

from __future__ import annotations

VERIFIED, UPDATED = "statusVerifiedDate", "lastUpdatePostDateStruct"
"""When the people who run a study last confirmed its record, and when a change to the record was last posted."""

FIELDS = (
    "nctId",
    "briefTitle",
    "officialTitle",
    "overallStatus",
    "lastKnownStatus",
    "whyStopped",
    VERIFIED,
    UPDATED,
    "startDateStruct",
    "completionDateStruct",
    "expandedAccessInfo",
    "leadSponsor",
    "isFdaRegulatedDrug",
    "oversightHasDmc",
    "studyType",
    "phases",
    "designInfo",
    "armGroups",
    "interventions",
    "conditions",
    "keywords",
    "briefSummary",
    "detailedDescription",
    "eligibilityCriteria",
    "outcomes",
    "locations",
    "hasResults",
)
"""Every field that a finding may name. People read its plain name, which is content."""

DATED = frozenset(("status-recruiting", "expanded-available", "stale", "completion-passed", "start-passed"))
"""Findings whose value is a date as the registry writes it: `YYYY-MM` or `YYYY-MM-DD`."""
