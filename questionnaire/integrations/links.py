"""Whether a link still leads somewhere. Asked only when an editor wants to know; nothing of a patient is sent."""

from __future__ import annotations

import http.client
import urllib.error
import urllib.request
from collections import defaultdict
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

SECONDS = 15
AT_ONCE = 8
_NAME = "decisionaid link check"
_GONE = {404, 410}


@dataclass(frozen=True, slots=True, order=True)
class Answer:
    """What came of one link: `dead` where nothing is there any more; else `why` says what kept us from knowing."""

    address: str
    dead: bool
    why: str


def doubtful(addresses: Iterable[str]) -> list[Answer]:
    """Those of these addresses that are dead or could not be checked, in order; one request at a time to each site."""
    by_site: dict[str, list[str]] = defaultdict(list)
    for address in sorted(set(addresses)):
        by_site["/".join(address.split("/", 3)[:3])].append(address)
    with ThreadPoolExecutor(AT_ONCE) as pool:
        found = [answer for answers in pool.map(_site, by_site.values()) for answer in answers]
    return sorted(found)


def _site(addresses: list[str]) -> list[Answer]:
    return [answer for address in addresses if (answer := _ask(address)) is not None]


def _ask(address: str) -> Answer | None:
    """None where the page is there."""
    try:
        request = urllib.request.Request(address, headers={"User-Agent": _NAME})
        with urllib.request.urlopen(request, timeout=SECONDS):
            return None
    except urllib.error.HTTPError as error:
        dead = error.code in _GONE
        return Answer(address, dead, f"the site answered {error.code}{'' if dead else ', so it may still be there'}")
    except (OSError, http.client.HTTPException, ValueError) as error:
        return Answer(address, False, f"the site could not be reached ({type(error).__name__})")
