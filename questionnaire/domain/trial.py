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
from questionnaire.domain.trial_design import comparison, phase
from questionnaire.domain.trial_fields import UPDATED, VERIFIED
from questionnaire.domain.trial_product import body_part, product, tested
from questionnaire.domain.trial_quotes import Quote, of_approval, of_payment, speaks_of_approval
from questionnaire.domain.trial_record import TrialRecord, When
from questionnaire.domain.trial_rules import FINDINGS, SPONSORS_OWN, TrialRules
from questionnaire.domain.trial_sites import Clinic, graded, in_us, same_name

OLD = 2
"""Years after which a record that nobody stood by is stale. Source: the registry's own two years for UNKNOWN."""
_AHEAD = dt.timedelta(days=31)
"""A month counts to its end, so a date may lie this far ahead; one further ahead confirms nothing."""

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
_STOPPED = ("SUSPENDED", "TERMINATED", "WITHDRAWN", "NO_LONGER_AVAILABLE", "TEMPORARILY_NOT_AVAILABLE")
_TYPES = {
    "INTERVENTIONAL": "interventional",
    "OBSERVATIONAL": "observational",
    "EXPANDED_ACCESS": "expanded-access",
}
_OVER = ("ACTIVE_NOT_RECRUITING", "COMPLETED", "NOT_YET_RECRUITING", "NO_LONGER_AVAILABLE", *_STOPPED)
_STILL_OPEN = ("RECRUITING", "NOT_YET_RECRUITING", "ENROLLING_BY_INVITATION")
_RULE = {slug: rule for rule, slugs in FINDINGS.items() for slug in slugs}


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that a record shows or leaves open.

    Attributes:
        slug: names the words, which are content.
        field: the registry's name of the field that it came from; empty where it holds of every record.
        value: what the field holds, for the words; untrusted.
    """

    slug: str
    field: str = ""
    value: str = ""

    @property
    def rule(self) -> str:
        return _RULE[self.slug]

    @property
    def quoted(self) -> bool:
        """Whether the value is the sponsor's own text, which must be shown as such."""
        return bool(self.value) and self.slug in SPONSORS_OWN


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
        self.record, self.rules, self.today, self.clinic = record, rules, today, clinic
        self.kind = _TYPES.get(record.study_type, "not-stated")
        self.product = product(record, rules)
        self.body_part = body_part(record, rules, parts)
        self.paying = of_payment(record, rules)
        self.confirmed = self._confirmed()
        self.fresh = self._fresh()
        self.site, self.site_found = graded(record, clinic, rules)

    def facts(self) -> dict[str, str]:
        return {
            "registry": "found",
            "registry-open": self._open(),
            "registry-fresh": self.fresh,
            "registry-exosomes": self.product.grade,
            "registry-body-part": self.body_part,
            "registry-site": self.site,
            "registry-type": self.kind,
            "registry-fda-flag": {True: "yes", False: "no", None: "not-stated"}[self.record.fda_drug],
            "registry-expanded": self._standing(),
            "registry-stopped": "stopped" if self.record.status in _STOPPED else "not-stopped",
            "registry-paid": "in-text" if self.paying else "not-in-text",
        }

    def findings(self) -> Iterator[Finding]:
        yield Finding("listing-is-not-approval")
        yield from self._payment()
        yield from self._status()
        yield from self._dates()
        yield from self._tests()
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
        yield from _quoted("sponsor-speaks-of-approval", of_approval(self.record, self.rules))
        yield Finding("source", "nctId", self.record.number)

    def _open(self) -> str:
        """Whether a new person could join, by the record. Never by a site's own status, which goes stale unseen."""
        if self.record.status in _OVER:
            return "not-open"
        if self.fresh == "fresh" and self.kind != "expanded-access":
            return {"RECRUITING": "open", "ENROLLING_BY_INVITATION": "by-invitation"}.get(
                self.record.status, "not-known"
            )
        return "not-known"

    def _standing(self) -> str:
        """How a record of expanded access stands; the registry has statuses of their own for these."""
        if self.record.status in _EXPANDED:
            return _EXPANDED[self.record.status].removeprefix("expanded-")
        return "not-stated" if self.kind == "expanded-access" else "none"

    def _confirmed(self) -> When | None:
        """When the sponsor last stood by the record: the newer of its verification and its last update."""
        given = (self._sound(self.record.verified), self._sound(self.record.updated))
        return max(filter(None, given), key=lambda when: when.last_day, default=None)

    def _sound(self, when: When | None) -> When | None:
        """The date, unless it lies too far ahead to confirm anything."""
        return when if when is not None and when.last_day - self.today <= _AHEAD else None

    def _fresh(self) -> str:
        if self.confirmed is None:
            return "no-date"
        day = self.confirmed.last_day
        # As numbers, since 29 February has no day two years on.
        ends = (day.year + OLD, day.month, day.day)
        return "stale" if (self.today.year, self.today.month, self.today.day) > ends else "fresh"

    def _payment(self) -> Iterator[Finding]:
        yield Finding("payment-not-in-record")
        yield from _quoted("payment-in-text", self.paying)

    def _status(self) -> Iterator[Finding]:
        status = self.record.status
        if status == "RECRUITING":
            verified = self._verified()
            yield Finding("status-recruiting" if verified else "status-recruiting-undated", "overallStatus", verified)
        elif status not in _EXPANDED:
            yield Finding(_STATUS.get(status, "status-not-stated"), "overallStatus", _plain(status))
        if status == "UNKNOWN" and self.record.last_known_status in (*_STATUS, *_EXPANDED):
            yield Finding("last-known-status", "lastKnownStatus", _plain(self.record.last_known_status))
        if self.record.why_stopped:
            yield Finding("why-stopped", "whyStopped", self.record.why_stopped)
            if speaks_of_approval(self.record.why_stopped, self.rules):
                yield Finding("approval-not-near", "whyStopped")

    def _verified(self) -> str:
        """When the sponsor last confirmed the status; an update of the record alone confirms nothing."""
        verified = self._sound(self.record.verified)
        return verified.text if verified else ""

    def _dates(self) -> Iterator[Finding]:
        record = self.record
        if self.confirmed is None:
            yield Finding("no-date", VERIFIED)
        elif self.fresh == "stale":
            newest = UPDATED if self.confirmed is record.updated else VERIFIED
            yield Finding("stale", newest, self.confirmed.text)
        if record.status in _STILL_OPEN and record.completion and record.completion.last_day < self.today:
            yield Finding("completion-passed", "completionDateStruct", record.completion.text)
        if record.status == "NOT_YET_RECRUITING" and record.started and record.started.last_day < self.today:
            yield Finding("start-passed", "startDateStruct", record.started.text)

    def _tests(self) -> Iterator[Finding]:
        """What is tested, and for what."""
        found, names = self.product, ", ".join(tested(self.record)[:3])
        if found.brand:
            yield Finding("brand-named", "interventions", found.brand)
        if found.grade != "product":
            yield Finding(f"exosomes-{found.grade}", found.field, found.word)
        elif found.word:
            yield Finding("exosomes-described", found.field, found.word)
        if found.grade != "tested" and names:
            yield Finding("what-is-tested", "interventions", names)
        if self.record.conditions:
            told = "; ".join(self.record.conditions[:5])
            yield Finding(f"body-part-{self.body_part}", "conditions", told)
        else:
            yield Finding("problem-not-stated", "conditions")

    def _site_words(self) -> str:
        site = self.site_found
        return ", ".join(filter(None, (site.facility, site.city, site.state, site.country))) if site else ""

    def _flag(self) -> Iterator[Finding]:
        sites = self.record.sites
        # A "no" is usual only where it is known that the study is done abroad.
        abroad = bool(sites) and all(site.country and not in_us(site) for site in sites)
        if self.record.fda_drug is None:
            yield Finding("fda-flag-not-stated", "isFdaRegulatedDrug")
        elif self.record.fda_drug:
            yield Finding("fda-flag-yes", "isFdaRegulatedDrug", "true")
        else:
            yield Finding("fda-flag-no-abroad" if abroad else "fda-flag-no", "isFdaRegulatedDrug", "false")

    def _design(self) -> Iterator[Finding]:
        record = self.record
        if self.kind == "interventional":
            slug, phases = phase(record)
            yield Finding(slug, "phases", ", ".join(map(_plain, phases)))
            compared = comparison(record)
            if compared == "none":
                yield Finding("design-without-control", "designInfo")
            elif compared == "active":
                yield Finding("design-active-control", "armGroups")
            if compared != "none" and record.masking == "NONE":
                yield Finding("design-open", "designInfo", _plain(record.masking))
        if record.safety_board:
            yield Finding("safety-board", "oversightHasDmc", "true")

    def _expanded(self) -> Iterator[Finding]:
        if self.record.status in _EXPANDED:
            told = self._verified() if self.record.status == "AVAILABLE" else self.record.status
            yield Finding(_EXPANDED[self.record.status], "overallStatus", told)
        if self.record.expanded_access:
            yield Finding("expanded-elsewhere", "expandedAccessInfo", self.record.expanded_access)

    def _sponsor(self) -> Iterator[Finding]:
        sponsor = self.record.sponsor
        yield Finding("sponsor" if sponsor else "sponsor-not-stated", "leadSponsor", sponsor)
        own = any(same_name(site.facility, sponsor) for site in self.record.sites)
        of_clinic = self.site == "clinic-named" and self.site_found and same_name(self.site_found.facility, sponsor)
        if same_name(self.clinic.name, sponsor) or of_clinic:
            yield Finding("sponsor-is-clinic", "leadSponsor", sponsor)
        elif own and self.site != "masked":
            yield Finding("sponsor-is-site", "leadSponsor", sponsor)


def _plain(word: str) -> str:
    """A word of the registry's lists as people write it: PHASE1 as phase 1."""
    return re.sub(r"(?<=[a-z])(?=\d)", " ", word.replace("_", " ").lower())


def _quoted(slug: str, quote: Quote | None) -> Iterator[Finding]:
    if quote is not None:
        yield Finding(slug, *quote)
