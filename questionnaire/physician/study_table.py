"""A study line by line: what the patient was told, what the registry says now, and what it said when they finished."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from questionnaire.domain.trial import Judged
from questionnaire.domain.trial_record import TrialRecord
from questionnaire.domain.trial_sites import in_us
from questionnaire.physician.answers import Told
from questionnaire.physician.answers import in_words as told_words
from questionnaire.physician.study_words import AGAINST, FACTS, FIELDS, in_words, when

LABELS = {
    "number": "Study number",
    "title": "Title",
    "sponsor": "Sponsor",
    "clinic": "Clinic",
    "problem": "Problem it is for",
    "conditions": "Conditions",
    "status": "Status",
    "open": "Open to new people",
    "paid": "Payment by patients",
    "exosomes": "Exosomes",
    "tested": "Tested",
    "type": "Type",
    "expanded": "Expanded access",
    "fda-flag": "FDA-regulated drug, says the sponsor",
    "approval": "Sponsor on approval by FDA",
    "stopped": "Stopped early",
    "why-stopped": "Reason stopped",
    "started": "Start",
    "completion": "End",
    "verified": "Confirmed",
    "fresh": "How recent",
    "updated": "Last update",
    "sites": "Places",
}
"""Every line, in order: first what the patient can have been told of too."""
PAGE_SAYS = "listing"
"""The slug by which an aid names its question on what the study's page at the registry says, where it has one."""
_QUOTED = {
    "why-stopped": "why-stopped",
    "what-is-tested": "tested",
    "sponsor-speaks-of-approval": "approval",
    "body-part-fits": "conditions",
    "body-part-other": "conditions",
    "body-part-not-compared": "conditions",
}
"""Findings that quote the sponsor, with the line on which each stands; what else is quoted has a line of its own."""
_NOT_TOLD = ("registry-expanded", "none")
"""What holds of every study."""


@dataclass(frozen=True, slots=True)
class Cell:
    """What stands in one place: words of ours, and the sponsor's own text, which is shown as such."""

    text: str = ""
    quote: str = ""

    @property
    def empty(self) -> bool:
        return not self.text and not self.quote


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that a study has, in three places.

    Attributes:
        changed: the registry says something else than it did when the patient finished.
        against: what it says now does not go with what the patient was told.
    """

    label: str
    told: Cell
    now: Cell
    then: Cell
    changed: bool
    against: bool


_NOTHING = Cell()


def lines(
    told: Mapping[str, Cell], now: Mapping[str, Cell], then: Mapping[str, Cell], against: Iterable[str]
) -> tuple[Line, ...]:
    """The table, without lines in which nothing stands anywhere."""
    marked, found = set(against), []
    for key, label in LABELS.items():
        heard, says, said = (side.get(key, _NOTHING) for side in (told, now, then))
        if not (heard.empty and says.empty and said.empty):
            changed = bool(now and then) and says != said
            found.append(Line(label, heard, says, said, changed, key in marked and not heard.empty))
    return tuple(found)


def told_cells(
    number: Told | None, price: Told | None, page: Told | None, problem: Iterable[Told], clinic: str, said: str
) -> dict[str, Cell]:
    """What the patient told, on the lines on which the registry says something too.

    Args:
        page: what they told of the study's page at the registry.
        said: whether it is the study that they were told of.
    """
    found = {"title": Cell(f"Is this the study? {said}" if said else "Not said if it is this study")}
    found["clinic"] = Cell(clinic or "Not given")
    for key, row in (("number", number), ("paid", price), ("status", page)):
        if row is not None:
            found[key] = Cell(told_words(row))
    words = "; ".join(told_words(row) for row in problem if row.words)
    return found | ({"problem": Cell(words)} if words else {})


def record_cells(record: TrialRecord, judged: Judged, facts: Mapping[str, str], day: dt.date) -> dict[str, Cell]:
    """What this record says.

    Args:
        facts: what it shows for this patient.
        day: on which it is looked at; planned dates before it have passed.
    """
    found = dict(_facts(facts)) | dict(_quotes(judged))
    kind = ", ".join(filter(None, (in_words(record.study_type), *map(in_words, record.phases))))
    found |= {
        "number": Cell(record.number),
        "title": Cell(quote=record.title or record.official_title),
        "sponsor": Cell(quote=record.sponsor) if record.sponsor else Cell("Not stated"),
        "status": Cell(in_words(record.status or "Not stated")),
        "type": Cell(kind or "Not stated"),
        "sites": Cell(_sites(record)),
        **{name: Cell(when(getattr(record, name), day)) for name in ("verified", "updated", "started", "completion")},
    }
    near = next((each.value for each in judged.findings if each.slug.startswith("site-") and each.value), "")
    # The place was looked for anew, so it is named only where that came to the same as the guidance went by.
    if near and "clinic" in found and judged.facts.get("registry-site") == facts.get("registry-site"):
        found["clinic"] = Cell(found["clinic"].text, near)
    return found


def against(facts: Mapping[str, str], clinic_told: bool) -> tuple[str, ...]:
    """Lines on which these facts do not go with what the patient was told."""
    keys = {"registry-body-part": "problem"} | ({"registry-site": "clinic"} if clinic_told else {})
    return tuple(key for fact, key in keys.items() if facts.get(fact) in AGAINST[fact])


def _facts(facts: Mapping[str, str]) -> Iterator[tuple[str, Cell]]:
    names = {"registry-site": "clinic", "registry-body-part": "problem"}
    for fact, words in FACTS.items():
        if fact in facts and (fact, facts[fact]) != _NOT_TOLD:
            yield names.get(fact, fact.removeprefix("registry-")), Cell(words.get(facts[fact], in_words(facts[fact])))


def _quotes(judged: Judged) -> Iterator[tuple[str, Cell]]:
    for each in judged.findings:
        if each.quoted and each.slug == "payment-in-text":
            yield "paid", Cell(FACTS["registry-paid"]["in-text"], each.value)
        elif each.quoted and each.slug in _QUOTED:
            yield _QUOTED[each.slug], Cell(quote=each.value)


def _sites(record: TrialRecord) -> str:
    if not record.sites:
        return "None listed"
    return f"{len(record.sites)} ({sum(map(in_us, record.sites))} in the United States)"


def field_label(name: str) -> str:
    """How a field of a record is called."""
    return FIELDS.get(name, in_words(name))
