"""Whether the clinic that a person was told of is among the sites of a study: compared loosely, claimed carefully."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from questionnaire.domain.trial_record import Site, TrialRecord
from questionnaire.domain.trial_rules import TrialRules

UNITED_STATES = "united states"
_LEGAL = {
    "llc",
    "inc",
    "pllc",
    "pc",
    "pa",
    "ltd",
    "corp",
    "co",
    "plc",
    "lp",
    "llp",
    "md",
    "do",
    "the",
    "of",
    "and",
    "at",
}
_SAME = {"st": "saint", "ste": "sainte", "ft": "fort", "mt": "mount", "ctr": "center", "centre": "center"}
_COMMON = {"clinic", "center", "medical", "health", "hospital", "institute", "university", "research", "care", "group"}
"""Words that many clinics share: a match on these alone says nothing."""


@dataclass(frozen=True, slots=True)
class Clinic:
    """What a person knows of the clinic; empty where they said nothing. It is compared here and never sent anywhere."""

    name: str = ""
    city: str = ""
    state: str = ""

    @property
    def told(self) -> bool:
        return bool(self.name.strip() or self.city.strip() or self.state.strip())


def words_of(name: str) -> tuple[str, ...]:
    """The words of a name as they are compared: no case, accents, marks or legal forms."""
    plain = "".join(each for each in unicodedata.normalize("NFKD", name.casefold()) if not unicodedata.combining(each))
    found = re.findall(r"[a-z0-9]+", plain.replace("'", "").replace("’", ""))
    return tuple(_SAME.get(word, word) for word in found if word not in _LEGAL)


def graded(record: TrialRecord, clinic: Clinic, rules: TrialRules) -> tuple[str, Site | None]:
    """How close the clinic comes to the sites, as a value of the fact `registry-site`, and the site that says so."""
    if not record.sites:
        return "none-listed", None
    here = [site for site in record.sites if site.country.casefold() == UNITED_STATES]
    if all(_masked(site, record, rules) for site in record.sites):
        return ("masked", record.sites[0]) if here else ("none-in-us", record.sites[0])
    if not here:
        return "none-in-us", record.sites[0]
    if not clinic.told:
        return "not-compared", None
    for grade, fits in (
        ("clinic-named", lambda site: _same_clinic(clinic.name, site.facility)),
        ("same-city", lambda site: _same_city(clinic, site)),
        ("same-state", lambda site: bool(clinic.state) and words_of(clinic.state) == words_of(site.state)),
    ):
        found = next(filter(fits, here), None)
        if found is not None:
            return grade, found
    return ("us-elsewhere", here[0]) if clinic.city or clinic.state else ("not-compared", None)


def _masked(site: Site, record: TrialRecord, rules: TrialRules) -> bool:
    """Whether the name hides which site it is: a placeholder, or the sponsor's own office that is no clinic."""
    return bool(rules.hidden.search(site.facility)) or not site.facility


def _same_city(clinic: Clinic, site: Site) -> bool:
    """The same city, and not known to be one of that name in another state."""
    if not clinic.city or words_of(clinic.city) != words_of(site.city):
        return False
    return not clinic.state or not site.state or words_of(clinic.state) == words_of(site.state)


def _same_clinic(name: str, facility: str) -> bool:
    """Whether one name holds all telling words of the other, and at least one word tells clinics apart."""
    ours, theirs = set(words_of(name)), set(words_of(facility))
    shared = ours & theirs
    if not shared - _COMMON:
        return False
    shorter = min(ours, theirs, key=len)
    return shorter <= shared and len(shorter) >= (2 if len(max(ours, theirs, key=len)) > 1 else 1)
