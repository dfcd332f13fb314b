"""What a record of the trial registry does and does not show: findings with the field each came from, and facts.

There is no verdict. A listing is never approval, silence of a record is never "no", and what a sponsor wrote is quoted
as the sponsor's. The letters A to P are the rules of the check; `trial_rules.FINDINGS` lists what each can say.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from questionnaire.domain.conditions import Counted
from questionnaire.domain.trial_record import Intervention, TrialRecord
from questionnaire.domain.trial_rules import FINDINGS, TrialRules
from questionnaire.domain.trial_sites import UNITED_STATES, Clinic, graded, words_of

OLD = dt.timedelta(days=731)
"""A record that nobody stood by for 24 months is stale. Source: the registry's own two years for UNKNOWN."""
_AROUND = 80
"""Characters of a sponsor's text that are quoted around a phrase."""

_CLOSED = {"ACTIVE_NOT_RECRUITING": "status-closed", "COMPLETED": "status-closed"}
_STATUS = _CLOSED | {
    "RECRUITING": "status-recruiting",
    "NOT_YET_RECRUITING": "status-not-yet-recruiting",
    "ENROLLING_BY_INVITATION": "status-enrolling-by-invitation",
    "SUSPENDED": "status-suspended",
    "TERMINATED": "status-terminated",
    "WITHDRAWN": "status-withdrawn",
    "WITHHELD": "status-withheld",
    "UNKNOWN": "status-unknown",
}
_EXPANDED = {
    "AVAILABLE": "expanded-available",
    "TEMPORARILY_NOT_AVAILABLE": "expanded-paused",
    "NO_LONGER_AVAILABLE": "expanded-ended",
    "APPROVED_FOR_MARKETING": "expanded-marketed",
}
_STOPPED = {"SUSPENDED", "TERMINATED", "WITHDRAWN", "NO_LONGER_AVAILABLE", "TEMPORARILY_NOT_AVAILABLE"}
_TYPES = {
    "INTERVENTIONAL": "interventional",
    "OBSERVATIONAL": "observational",
    "EXPANDED_ACCESS": "expanded-access",
}
_RULE = {slug: rule for rule, slugs in FINDINGS.items() for slug in slugs}


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that a record shows or leaves open.

    Attributes:
        slug: names the words, which are content.
        field: the registry's name of the field that it came from; empty where it holds of every record.
        value: what the field holds, for the words; untrusted.
        quoted: the value is the sponsor's own text and must be shown as such.
    """

    slug: str
    field: str = ""
    value: str = ""
    quoted: bool = False

    @property
    def rule(self) -> str:
        return _RULE[self.slug]


@dataclass(frozen=True, slots=True)
class Judged:
    findings: tuple[Finding, ...]
    facts: Mapping[str, str]


def judge(
    record: TrialRecord, rules: TrialRules, *, today: dt.date, parts: Collection[str] = (), clinic: Clinic | None = None
) -> Judged:
    """What this record shows on this day.

    Args:
        parts: slugs of the body parts or conditions (`TrialRules.parts`) of the person's own problem.
        clinic: what they know of the clinic.
    """
    check = _Check(record, rules, today, tuple(parts), clinic or Clinic())
    return Judged(tuple(check.findings()), check.facts())


def parts_of(rules: TrialRules, counted: Counted) -> tuple[str, ...]:
    """The body parts or conditions that a person's answers name."""
    found: dict[str, None] = {}
    for question, choices in rules.part_of.items():
        for value in counted.get(question, ()):
            found.update(dict.fromkeys(choices.get(value, ())))
    return tuple(found)


class _Check:
    def __init__(
        self, record: TrialRecord, rules: TrialRules, today: dt.date, parts: tuple[str, ...], clinic: Clinic
    ) -> None:
        self.record, self.rules, self.today, self.parts, self.clinic = record, rules, today, parts, clinic
        self.kind = _TYPES.get(record.study_type, "not-stated")
        self.grade, self.brand = self._exosomes()
        self.site, self.site_found = graded(record, clinic, rules)

    def facts(self) -> dict[str, str]:
        paid = any(self.rules.paying.search(text) for _, text in self.record.free_texts)
        return {
            "registry": "found",
            "registry-open": self._open(),
            "registry-fresh": self._fresh(),
            "registry-exosomes": self.grade[0],
            "registry-body-part": self._body_part(),
            "registry-site": self.site,
            "registry-type": self.kind,
            "registry-fda-flag": {True: "yes", False: "no", None: "not-stated"}[self.record.fda_drug],
            "registry-stopped": "stopped" if self.record.status in _STOPPED else "not-stopped",
            "registry-paid": "in-text" if paid else "not-in-text",
        }

    def findings(self) -> Iterator[Finding]:
        yield Finding("listing-is-not-approval")
        yield from self._payment()
        yield from self._status()
        yield from self._dates()
        yield Finding(f"exosomes-{self.grade[0]}", self.grade[1], self.grade[2])
        if self.brand:
            yield Finding("brand-named", self.grade[1], self.brand)
        yield Finding(f"body-part-{self._body_part()}", "conditions", ", ".join(self.record.conditions[:5]))
        yield Finding(f"type-{self.kind}", "studyType", self.record.study_type)
        yield Finding(f"site-{self.site}", "locations", self._site_words())
        yield from self._flag()
        yield from self._design()
        yield from self._expanded()
        yield Finding(
            {True: "results-posted", False: "results-none", None: "results-not-known"}[self.record.has_results],
            "hasResults",
        )
        yield from self._sponsor()
        yield from self._quoted(self.rules.approving, "sponsor-speaks-of-approval")
        yield Finding("source", "nctId", self.record.number)

    def _open(self) -> str:
        """Whether a new person could join, by the record. Never by a site's own status, which goes stale unseen."""
        if self.record.status == "ENROLLING_BY_INVITATION" and self._fresh() == "fresh":
            return "by-invitation"
        if self.record.status == "RECRUITING" and self.kind != "expanded-access":
            return "open" if self._fresh() == "fresh" else "not-known"
        unclear = ("", "UNKNOWN", "WITHHELD", "AVAILABLE", "ENROLLING_BY_INVITATION")
        return "not-known" if self.record.status in unclear or self.record.status not in _STATUS else "not-open"

    def _fresh(self) -> str:
        confirmed = self.record.confirmed
        if confirmed is None:
            return "no-date"
        return "stale" if self.today - confirmed.last_day > OLD else "fresh"

    def _payment(self) -> Iterator[Finding]:
        yield Finding("payment-not-in-record")
        yield from self._quoted(self.rules.paying, "payment-in-text")

    def _quoted(self, pattern: re.Pattern[str], slug: str) -> Iterator[Finding]:
        """The first place where the sponsor's own text says so."""
        for field, text in self.record.free_texts:
            found = pattern.search(text)
            if found is not None:
                start, end = max(0, found.start() - _AROUND), found.end() + _AROUND
                whole = " ".join(text[start:end].split())
                quote = f"{'… ' if start else ''}{whole}{' …' if end < len(text) else ''}"
                yield Finding(slug, field, quote, quoted=True)
                return

    def _status(self) -> Iterator[Finding]:
        status = self.record.status
        if status not in _EXPANDED:
            confirmed = self.record.confirmed
            value = (confirmed.text if confirmed else "") if status == "RECRUITING" else status
            yield Finding(_STATUS.get(status, "status-not-stated"), "overallStatus", value)
        if status == "UNKNOWN" and self.record.last_known_status:
            yield Finding("last-known-status", "lastKnownStatus", self.record.last_known_status)
        if self.record.why_stopped:
            yield Finding("why-stopped", "whyStopped", self.record.why_stopped, quoted=True)

    def _dates(self) -> Iterator[Finding]:
        record, fresh = self.record, self._fresh()
        if fresh != "fresh":
            when = record.confirmed
            yield Finding("no-date" if when is None else "stale", "statusVerifiedDate", when.text if when else "")
        still_open = record.status in ("RECRUITING", "NOT_YET_RECRUITING", "ENROLLING_BY_INVITATION")
        if still_open and record.completion and record.completion.last_day < self.today:
            yield Finding("completion-passed", "completionDateStruct", record.completion.text)
        if record.status == "NOT_YET_RECRUITING" and record.started and record.started.last_day < self.today:
            yield Finding("start-passed", "startDateStruct", record.started.text)

    def _exosomes(self) -> tuple[tuple[str, str, str], str]:
        """How much the record has to do with exosomes: (grade, field, words found), and a brand if one is named."""
        record, pattern = self.record, self.rules.exosomes
        active = [each for each in record.interventions if not self._control(each)]
        names = [("interventions", text) for each in active for text in (each.name, *each.other_names)]
        control = {arm.label for arm in record.arms if self._control_arm(arm.kind, arm.label)}
        described = [("interventions", each.description) for each in active]
        described += [("armGroups", f"{a.label} {a.description}") for a in record.arms if a.label not in control]
        titles = [("briefTitle", record.title), ("officialTitle", record.official_title)]
        rest = [("briefSummary", record.summary), ("keywords", " ; ".join(record.keywords))]
        rest += [("detailedDescription", record.description), ("outcomes", " ; ".join(record.outcomes))]
        for grade, places in (("tested", names), ("described", described), ("mentioned", titles + rest)):
            for field, text in places:
                found = pattern.search(text)
                if found is not None:
                    brand = self.rules.branded.search(text)
                    return (grade, field, found[0]), brand[0] if brand else ""
        return ("not-mentioned", "interventions", ", ".join(each.name for each in active[:3])), ""

    @staticmethod
    def _control_arm(kind: str, label: str) -> bool:
        compared = ("PLACEBO_COMPARATOR", "SHAM_COMPARATOR", "NO_INTERVENTION")
        return kind in compared or bool(re.match(r"(?i)\s*(no|without)\b", label))

    def _control(self, each: Intervention) -> bool:
        """Whether it is only what the tested thing is compared with."""
        if re.match(r"(?i)\s*(no|without)\b", each.name):
            return True
        kinds = {arm.label: arm.kind for arm in self.record.arms}
        return bool(each.arms) and all(self._control_arm(kinds.get(label, ""), label) for label in each.arms)

    def _body_part(self) -> str:
        if not self.parts:
            return "not-compared"
        if not self.record.conditions:
            return "not-compared"
        told = " ; ".join((*self.record.conditions, self.record.title, self.record.official_title))
        patterns = [self.rules.part[slug] for slug in self.parts if slug in self.rules.part]
        return "fits" if any(pattern.search(told) for pattern in patterns) else "other"

    def _site_words(self) -> str:
        site = self.site_found
        return ", ".join(filter(None, (site.facility, site.city, site.state, site.country))) if site else ""

    def _flag(self) -> Iterator[Finding]:
        here = any(site.country.casefold() == UNITED_STATES for site in self.record.sites)
        if self.record.fda_drug is None:
            yield Finding("fda-flag-not-stated", "isFdaRegulatedDrug")
        elif self.record.fda_drug:
            yield Finding("fda-flag-yes", "isFdaRegulatedDrug", "true")
        else:
            yield Finding("fda-flag-no" if here else "fda-flag-no-abroad", "isFdaRegulatedDrug", "false")

    def _design(self) -> Iterator[Finding]:
        record = self.record
        if self.kind == "interventional":
            early = any(phase in ("EARLY_PHASE1", "PHASE1") for phase in record.phases)
            later = any(phase in ("PHASE2", "PHASE3", "PHASE4") for phase in record.phases)
            slug = "phase-early" if early and not later else "phase-later" if later else "phase-none"
            yield Finding(slug, "phases", ", ".join(record.phases))
            if len(record.arms) == 1 or record.masking == "NONE" or record.allocation in ("NA", "NON_RANDOMIZED"):
                yield Finding("design-without-control", "designInfo", record.masking or record.allocation)
        if record.safety_board:
            yield Finding("safety-board", "oversightHasDmc", "true")

    def _expanded(self) -> Iterator[Finding]:
        if self.record.status in _EXPANDED:
            yield Finding(_EXPANDED[self.record.status], "overallStatus", self.record.status)
        if self.record.expanded_access:
            yield Finding("expanded-elsewhere", "expandedAccessInfo", self.record.expanded_access)

    def _sponsor(self) -> Iterator[Finding]:
        sponsor = self.record.sponsor
        yield Finding("sponsor" if sponsor else "sponsor-not-stated", "leadSponsor", sponsor)
        named = self.clinic.name and set(words_of(self.clinic.name)) == set(words_of(sponsor))
        own = any(set(words_of(site.facility)) == set(words_of(sponsor)) for site in self.record.sites if site.facility)
        if sponsor and (named or (own and self.site == "clinic-named")):
            yield Finding("sponsor-is-clinic", "leadSponsor", sponsor)
