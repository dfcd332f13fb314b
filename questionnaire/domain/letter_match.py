"""Whether a name that a person typed is the name of a firm or a product in a public letter of FDA.

A false alarm accuses a clinic, so only close matches count: every telling word must be the same, words that many
clinics share tell nothing, and a known state must not be another one. A miss harms less: nobody is ever told that
there is no letter.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from questionnaire.domain.trial_sites import words_of

_BUSINESS = """
    academy advanced aesthetic aesthetics aging alternative american america and anti associates beauty best better
    bio biologic biologics biomedical bioscience biosciences biotech body bone boutique care cell cells cellular center
    centers clinic clinics company cosmetic custom dermatology diagnostics doctor doctors dr
    dynamic elite enhanced essential evolution exosome exosomes family first florida for foundation functional
    genesis global group hair health healing healthcare herbal holistic hormone hospital ideal in infusion innovative
    institute integrated integrative international iv joint knee lab laboratories laboratory labs laser life lifestyle
    longevity management med medical medicine medspa modern national natural new next north of office on optimal ortho
    orthopedic orthopedics pain partners performance pharma physical physicians plastic platinum plus practice
    precision premier primary prime pro product products pure recovery regen regeneration regenerative regenex rehab
    rejuvenation renew renewal research restore restorative revive science sciences select services skin solution
    solutions source south spa specialists spine sports stem studio superior supreme surgery surgical system systems
    team technologies technology texas the therapeutic therapeutics therapies therapy total transform treatment
    treatments ultimate united university us usa venture vita vital vitality wellness west world your youth
"""
_STATES = {
    "al": "alabama", "ak": "alaska", "az": "arizona", "ar": "arkansas", "ca": "california", "co": "colorado",
    "ct": "connecticut", "de": "delaware", "dc": "district of columbia", "fl": "florida", "ga": "georgia",
    "hi": "hawaii",
    "id": "idaho", "il": "illinois", "in": "indiana", "ia": "iowa", "ks": "kansas", "ky": "kentucky",
    "la": "louisiana", "me": "maine", "md": "maryland", "ma": "massachusetts", "mi": "michigan", "mn": "minnesota",
    "ms": "mississippi", "mo": "missouri", "mt": "montana", "ne": "nebraska", "nv": "nevada", "nh": "new hampshire",
    "nj": "new jersey", "nm": "new mexico", "ny": "new york", "nc": "north carolina", "nd": "north dakota",
    "oh": "ohio", "ok": "oklahoma", "or": "oregon", "pa": "pennsylvania", "ri": "rhode island",
    "sc": "south carolina", "sd": "south dakota", "tn": "tennessee", "tx": "texas", "ut": "utah", "vt": "vermont",
    "va": "virginia", "wa": "washington", "wv": "west virginia", "wi": "wisconsin", "wy": "wyoming",
}  # fmt: skip
_STATE_WORDS = {word for name in _STATES.values() for word in name.split()}
COMMON = frozenset(_BUSINESS.split()) | _STATE_WORDS | set(_STATES)
"""Words that tell no firm from another."""
LONG = 9
"""Letters of a one-word name that is typed exactly so and needs nothing else to be close enough."""
SHORTEST = 4
"""Letters that a word needs to be telling at all."""


@dataclass(frozen=True, slots=True)
class Named:
    """The names in one letter: the firm's first, then others it goes by and its products; and where the firm is."""

    names: tuple[str, ...]
    city: str = ""
    state: str = ""


@dataclass(frozen=True, slots=True)
class Typed:
    """What a person typed: the clinic's name and where it is, and any other words of theirs."""

    clinic: str = ""
    city: str = ""
    state: str = ""
    texts: tuple[str, ...] = ()


def matches(letter: Named, typed: Typed) -> bool:
    """Whether the letter is about this clinic, or about a product or firm that the person named.

    A product is sold everywhere, so where the clinic is speaks only against names of the firm.
    """
    here, there = state_of(typed.state, typed.city), state_of(letter.state, "")
    places, same = {*words_of(letter.city), *words_of(typed.city)}, bool(here) and here == there
    elsewhere = bool(here and there) and not same
    for name in letter.names:
        if any(_stands_in(name, text) for text in typed.texts):
            return True
        if elsewhere and not _is_product(name, letter):
            continue
        if typed.clinic and (_same_name(name, typed.clinic, places, same) or _stands_in(name, typed.clinic)):
            return True
    return False


def state_of(state: str, city: str) -> str:
    """The state in full and small letters, from its name or its two letters, or from what follows the city."""
    for given in (state, *re.findall(r",\s*([A-Za-z. ]+?)[\s\d]*$", city)):
        plain = " ".join(re.findall(r"[a-z]+", given.casefold().replace(".", "")))
        if plain in _STATES:
            return _STATES[plain]
        if plain in _STATES.values():
            return plain
    return ""


def telling(words: Iterable[str]) -> frozenset[str]:
    """The words that tell this name from others."""
    return frozenset(word for word in words if word not in COMMON and len(word) >= SHORTEST)


def _same_name(name: str, clinic: str, places: set[str], same_state: bool) -> bool:
    """Whether two names are one: the same telling words, with places left aside."""
    theirs, ours = words_of(name), words_of(clinic)
    telling_theirs, telling_ours = telling(theirs), telling(ours)
    if not telling_theirs:
        # Words of the trade alone: only the whole name in the same state is close enough.
        return same_state and len(theirs) > 1 and theirs == ours
    if telling_theirs != telling_ours and telling_theirs != telling_ours - places:
        return False
    small = {word for word in theirs if len(word) < SHORTEST and word not in COMMON}
    if small - set(ours):
        return False
    if len(telling_theirs) > 1:
        return True
    shared = len(set(theirs) & set(ours)) > 1
    return same_state or shared or _coined(name) or (theirs == ours and len(theirs[0]) >= LONG)


def _is_product(name: str, letter: Named) -> bool:
    return bool(telling(words_of(name))) and not telling(words_of(name)) & telling(words_of(letter.names[0]))


def _coined(name: str) -> bool:
    """Whether a telling word is spelt as no word of everyday language is: with capitals or digits within.

    Capitals throughout are no sign of it.
    """
    spelt = (word for word in name.split() if telling(words_of(word)) and len(word) > SHORTEST)
    return any(each.isupper() or each.isdigit() for word in spelt if not word.isupper() for each in word[1:])


def _stands_in(name: str, text: str) -> bool:
    """Whether the whole name stands in a text, word after word, and is no phrase of everyday language."""
    words, told = words_of(name), words_of(text)
    if not telling(words) or (len(words) == 1 and not _coined(name)):
        return False
    return any(told[place : place + len(words)] == words for place in range(len(told) - len(words) + 1))
