"""Whether the clinic that a person was told of is among the sites of a study: compared loosely, claimed carefully."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from questionnaire.domain.trial_record import Site, TrialRecord
from questionnaire.domain.trial_rules import TrialRules

_UNITED_STATES = {
    "united states",
    "puerto rico",
    "guam",
    "american samoa",
    "northern mariana islands",
    "virgin islands us",
    "us virgin islands",
    "virgin islands",
}
"""In the registry the territories are countries of their own."""
_LEGAL = set(re.findall("[a-z]+", "llc inc pllc pc pa ltd corp co plc lp llp md do the of and at"))
_SAME = {"st": "saint", "ste": "sainte", "ft": "fort", "mt": "mount", "ctr": "center", "centre": "center"}
_COMMON = {"clinic", "center", "medical", "health", "hospital", "institute", "university", "research", "care", "group"}
"""Words that many clinics share: a match on these alone says nothing."""


_STATES = """al alabama|ak alaska|az arizona|ar arkansas|ca california|co colorado|ct connecticut|de delaware|
fl florida|ga georgia|hi hawaii|id idaho|il illinois|in indiana|ia iowa|ks kansas|ky kentucky|la louisiana|me maine|
md maryland|ma massachusetts|mi michigan|mn minnesota|ms mississippi|mo missouri|mt montana|ne nebraska|nv nevada|
nh new hampshire|nj new jersey|nm new mexico|ny new york|nc north carolina|nd north dakota|oh ohio|ok oklahoma|
or oregon|pa pennsylvania|ri rhode island|sc south carolina|sd south dakota|tn tennessee|tx texas|ut utah|vt vermont|
va virginia|
wa washington|wv west virginia|wi wisconsin|wy wyoming|dc district of columbia|pr puerto rico|gu guam"""
_STATE = dict(each.strip().split(" ", 1) for each in _STATES.replace("\n", "").split("|"))


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
    found = re.findall(r"[^\W_]+", plain.replace("'", "").replace("’", ""))
    return tuple(_SAME.get(word, word) for word in found if word not in _LEGAL)


def in_us(site: Site) -> bool:
    return " ".join(_plain_words(site.country)) in _UNITED_STATES


def same_name(one: str, other: str) -> bool:
    """Whether two names are the same but for case, marks and legal forms."""
    return bool(words_of(one)) and set(words_of(one)) == set(words_of(other))


def graded(record: TrialRecord, clinic: Clinic, rules: TrialRules) -> tuple[str, Site | None]:
    """How close the clinic comes to the sites, as a value of the fact `registry-site`, and the site that says so."""
    if not record.sites:
        return "none-listed", None
    here = [site for site in record.sites if in_us(site)]
    if not here:
        unsaid = any(not site.country for site in record.sites)
        return ("not-compared", None) if unsaid else ("none-in-us", record.sites[0])
    named = next((site for site in here if _same_clinic(clinic.name, site)), None)
    if named is not None:
        return "clinic-named", named
    shown = [site for site in here if not _masked(site, record, rules)]
    if not shown:
        return "masked", here[0]
    if not clinic.told:
        return "not-compared", None
    for grade, fits in (
        ("same-city", lambda site: _same_city(clinic, site)),
        ("same-state", lambda site: bool(clinic.state) and _state(clinic.state) == _state(site.state or site.country)),
    ):
        found = next(filter(fits, shown), None)
        if found is not None:
            return grade, found
        if any(map(fits, here)):
            return "masked", next(filter(fits, here))
    return ("us-elsewhere", shown[0]) if clinic.city or clinic.state else ("not-compared", None)


def _masked(site: Site, record: TrialRecord, rules: TrialRules) -> bool:
    """Whether the name hides which site it is: a placeholder, or the own office of a company that is no clinic."""
    if not site.facility or rules.hidden.search(site.facility):
        return True
    return record.sponsor_class == "INDUSTRY" and same_name(site.facility, record.sponsor)


def _plain_words(text: str) -> list[str]:
    return re.findall(r"[^\W_]+", text.casefold().replace(".", ""))


def _state(name: str) -> str:
    """A state by its full name, in whatever way it is written."""
    plain = " ".join(_plain_words(name))
    return _STATE.get(plain, plain)


def _same_city(clinic: Clinic, site: Site) -> bool:
    """The same city, and not known to be one of that name in another state."""
    if not words_of(clinic.city) or words_of(clinic.city) != words_of(site.city):
        return False
    return not clinic.state or not site.state or _state(clinic.state) == _state(site.state)


def _same_clinic(name: str, site: Site) -> bool:
    """Whether one name holds all words of the other, and one of them tells clinics apart (a place does not)."""
    ours, theirs = set(words_of(name)), set(words_of(site.facility))
    if ours and ours == theirs:
        return bool(ours - _COMMON)
    shared, shorter = ours & theirs, min(ours, theirs, key=len)
    telling = shared - _COMMON - set(words_of(f"{site.city} {site.state}"))
    return bool(telling) and shorter <= shared and len(shorter) > 1
