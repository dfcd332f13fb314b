"""What a record of the trial registry says, in words for physicians: no code of the registry's, and no slug of ours."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping

from django.template.defaultfilters import date

from questionnaire.domain.trial_record import When
from questionnaire.models import RegistryCopy

DAY = "F j, Y"
MOMENT = "F j, Y, H:i T"

FACTS: Mapping[str, Mapping[str, str]] = {
    "registry-open": {
        "open": "Yes",
        "by-invitation": "Only people whom the researchers choose",
        "not-open": "No",
        "not-known": "Not known",
    },
    "registry-fresh": {
        "fresh": "Confirmed within the last 2 years",
        "stale": "Not confirmed for more than 2 years",
        "no-date": "No date on which it was confirmed",
    },
    "registry-exosomes": {
        "tested": "Named as what is tested",
        "product": "By the name of a product known as exosomes",
        "described": "Only in the description of what is tested",
        "mentioned": "Mentioned, but not as what is tested",
        "not-mentioned": "Not mentioned",
    },
    "registry-body-part": {
        "fits": "The patient's problem",
        "other": "Another problem than the patient's",
        "not-compared": "Could not be compared with the patient's",
    },
    "registry-site": {
        "clinic-named": "Listed as a place of the study",
        "same-city": "Not listed; another place in the same city is",
        "same-state": "Not listed; a place in the same state is",
        "us-elsewhere": "Not listed; a place elsewhere in the United States is",
        "none-in-us": "Not listed; no place in the United States is",
        "none-listed": "No places are listed",
        "masked": "Not to be seen: the places are listed without their names",
        "not-compared": "Not compared: too little is known of the clinic, or of the places",
    },
    "registry-stopped": {"stopped": "Yes", "not-stopped": "No"},
    "registry-paid": {
        "in-text": "The text speaks of patients paying",
        "not-in-text": "The text says nothing of patients paying",
    },
    "registry-fda-flag": {"yes": "Yes", "no": "No", "not-stated": "Not stated"},
    "registry-expanded": {
        "available": "Yes, listed as available",
        "paused": "Yes, listed as paused",
        "ended": "Yes, listed as no longer available",
        "marketed": "Yes, listed as approved for sale",
        "not-stated": "Yes, without a status",
    },
}
"""Every value of each fact that the table shows."""

AGAINST: Mapping[str, tuple[str, ...]] = {
    "registry-site": ("same-city", "same-state", "us-elsewhere", "none-in-us"),
    "registry-body-part": ("other",),
}
"""Values that do not go with what the patient told of the clinic and of their problem."""

STATES = {
    "not-found": "ClinicalTrials.gov lists no study under this number.",
    "not-checked": "It could not be checked.",
    "moved": "ClinicalTrials.gov lists it under another number now.",
}

WHY = {
    "refused": "The registry did not accept our request (status 400). Tell whoever runs this program.",
    "busy": "The registry asked us to come back later (status 429).",
    "failed": "The registry has a fault of its own (status 500 or above).",
    "unexpected": "The registry answered in a way that this program does not know.",
    "timed-out": "No whole answer came in time.",
    "unreachable": "There was no connection to the registry.",
    "too-large": "The answer was larger than any record that this program reads, so it was not read.",
    "html": "A web page came in place of a record. Something on the way to the registry may have stopped the request.",
    "not-json": "The answer came broken, so nothing could be read from it.",
    "not-a-record": "What came was no record of a study.",
    "another-study": "The registry sent the record of another study, which was not used.",
    "never-asked": "The registry has not been asked for this number yet.",
    "out-of-date": "The registry last answered more than a day ago.",
    "queue": "This program was asking the registry for others at that moment, and asks at most once a second.",
    "moves-in-a-circle": "The registry leads from this number to others and back to it.",
}
"""By `registry.REASONS`."""


FIELDS = {
    "has_results": "Results posted", "why_stopped": "Reason stopped", "last_known_status": "Last known status",
    "verified": "Confirmed", "updated": "Last update", "started": "Start", "completion": "End",
    "fda_drug": "FDA-regulated drug", "fda_device": "FDA-regulated device",
}  # fmt: skip
"""How a field of the record is called where its own name does not tell."""

_PLANNED = " (planned)"
_DATED = re.compile(r"(\d{4})-(\d{2})(?:-(\d{2}))?(.*)", re.ASCII)


def why(reason: str) -> str:
    """The sentence; a word that an earlier program kept says only that there was no answer."""
    return WHY.get(reason, "The registry gave no answer that can be used.")


def when(value: When | None, day: dt.date) -> str:
    """A date of a record as it stood on this day: what was planned for a day that had passed is said so."""
    if value is None:
        return "Not stated"
    planned = ""
    if value.estimated:
        planned = " (planned; this date has passed)" if value.last_day < day else _PLANNED
    return f"{dated(value.text)}{planned}"


def dated(text: str) -> str:
    """A day or month as the registry writes it, such as 2026-09-30 or 2026-09, as our pages write dates."""
    found = _DATED.fullmatch(text)
    try:
        return _dated(*found.groups()) if found else text
    except ValueError:
        return text


def _dated(year: str, month: str, day: str | None, rest: str) -> str:
    first = dt.date(int(year), int(month), int(day or 1))
    return f"{date(first, DAY if day else 'F Y')}{rest}"


def source_of(held: RegistryCopy, checked: str) -> str:
    """Where a record comes from and of when it is, as the registry asks everybody to say who shows it."""
    data = f"data as of {date(held.data_day, DAY)}" if held.data_day else "data date not known"
    return f"ClinicalTrials.gov, {checked}; {data}; shortened and reworded here."


def in_words(value: str) -> str:
    """A value of the registry or a fact, such as NOT_YET_RECRUITING, PHASE1 or none-in-us, as words."""
    words = re.sub(r"(?<=[A-Za-z])(?=\d)", " ", re.sub("[_-]", " ", value)).capitalize()
    return re.sub(r"\bus\b", "US", words, flags=re.IGNORECASE)
