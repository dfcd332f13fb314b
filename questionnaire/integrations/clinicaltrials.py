"""One study's record from the public trial registry (ClinicalTrials.gov, API v2). Only its number leaves this computer.

A reply is read by its status first, never beyond a size, and never past a moment: whoever waits for it is a patient.
Whatever goes wrong has a name, so that "not listed" and "could not check" are never taken for each other.
"""

from __future__ import annotations

import json
import re
import time
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as WaitedTooLong
from dataclasses import dataclass
from functools import cache
from typing import Any

import httpx2

from questionnaire.domain import trial_record

PATIENT_SECONDS = 2.5
"""Longest wait within a patient's page."""
LARGEST = 2_000_000
"""Bytes after which a reply is given up on; a record with 437 sites has a third of it."""
FIELDS = (
    "IdentificationModule|StatusModule|SponsorCollaboratorsModule|OversightModule|DescriptionModule|ConditionsModule|"
    "DesignModule|ArmsInterventionsModule|OutcomesModule|EligibilityModule|ContactsLocationsModule|HasResults"
)
_NAME = "decisionaid (open-source patient decision aid)"
_MOVED = re.compile(r"NCT\d{8}", re.IGNORECASE)
_LONGEST_WAIT_TO_CONNECT = 1.0


class NotListed(LookupError):
    """The registry lists no study under this number."""


class Moved(LookupError):
    """The registry lists this study under another number now: `number`."""

    def __init__(self, number: str) -> None:
        self.number = number
        super().__init__(number)


class NotChecked(RuntimeError):
    """Nothing can be said of the number now. `reason` names why, in one word of ours."""

    reason = "failed"


class Refused(NotChecked):
    """The registry did not understand the request (400)."""

    reason = "refused"


class Busy(NotChecked):
    """The registry asks to come back later (429)."""

    reason = "busy"


class Failed(NotChecked):
    """The registry has a fault of its own (5xx), or an answer that we do not know."""


class TimedOut(NotChecked):
    """No whole answer in time."""

    reason = "timed-out"


class Unreachable(NotChecked):
    """No connection to the registry."""

    reason = "unreachable"


class TooLarge(NotChecked):
    """The answer is larger than any record we use."""

    reason = "too-large"


class NotJson(NotChecked):
    """The answer is not JSON, or no record of a study."""

    reason = "not-json"


class AnotherStudy(NotChecked):
    """The answer is the record of another study than was asked for."""

    reason = "another-study"


@dataclass(frozen=True, slots=True)
class Fetched:
    """A record as it came, without contacts."""

    number: str
    raw: dict[str, Any]


def fetch(number: str, *, base: str, seconds: float = PATIENT_SECONDS) -> Fetched:
    """The record of this study.

    Args:
        number: NCT and 8 digits; nothing else is sent.
        base: where the registry's API is.
        seconds: after which it is given up, whatever it hangs on.

    Raises:
        NotListed, Moved, or a subclass of NotChecked.
    """
    # A thread of its own, since looking up a name cannot be told to stop.
    asked: Future[Fetched] = _pool().submit(_fetch, number, base, time.monotonic() + seconds)
    try:
        return asked.result(timeout=seconds)
    except WaitedTooLong:
        asked.cancel()
        raise TimedOut from None


def data_timestamp(*, base: str, seconds: float = PATIENT_SECONDS) -> str:
    """When the registry's data were last refreshed, as it says itself.

    Raises:
        NotChecked
    """

    def ask() -> str:
        held = _json(_body(f"{base.rstrip('/')}/version", {}, time.monotonic() + seconds))
        stamp = held.get("dataTimestamp")
        if not isinstance(stamp, str) or len(stamp) > 40:
            raise NotJson
        return stamp

    try:
        return _pool().submit(ask).result(timeout=seconds)
    except WaitedTooLong:
        raise TimedOut from None


@cache
def _pool() -> ThreadPoolExecutor:
    """Made at the first use, so that each worker process has its own."""
    return ThreadPoolExecutor(max_workers=4, thread_name_prefix="registry")


def _fetch(number: str, base: str, ends: float) -> Fetched:
    raw = _json(_body(f"{base.rstrip('/')}/studies/{number}", {"fields": FIELDS}, ends))
    try:
        record = trial_record.read(raw)
    except trial_record.NotARecord:
        raise NotJson from None
    if number not in (record.number, *record.aliases):
        raise AnotherStudy
    return Fetched(record.number, _without_contacts(raw))


def _body(address: str, query: dict[str, str], ends: float) -> bytes:
    left = max(0.1, ends - time.monotonic())
    limits = httpx2.Timeout(left, connect=min(_LONGEST_WAIT_TO_CONNECT, left))
    # Nothing packed: what unpacks to a thousand times its size would pass the limit in one piece.
    headers = {"User-Agent": _NAME, "Accept": "application/json", "Accept-Encoding": "identity"}
    try:
        with (
            httpx2.Client(timeout=limits, headers=headers, follow_redirects=False) as client,
            client.stream("GET", address, params=query) as reply,
        ):
            _judge_status(reply)
            return _read(reply, ends)
    except httpx2.TimeoutException:
        raise TimedOut from None
    except httpx2.HTTPError:
        raise Unreachable from None


def _judge_status(reply: httpx2.Response) -> None:
    status = reply.status_code
    if status in (301, 302, 307, 308):
        found = _MOVED.search(reply.headers.get("location", ""))
        if found is None:
            raise Failed
        raise Moved(found[0].upper())
    if status == 404:
        raise NotListed
    if status == 400:
        raise Refused
    if status == 429:
        raise Busy
    if status != 200 or reply.headers.get("content-encoding", "identity") != "identity":
        raise Failed


def _read(reply: httpx2.Response, ends: float) -> bytes:
    """The body, piece by piece: a reply that drips is given up on as one that never comes."""
    pieces, size = [], 0
    for piece in reply.iter_raw():
        size += len(piece)
        if size > LARGEST:
            raise TooLarge
        if time.monotonic() > ends:
            raise TimedOut
        pieces.append(piece)
    return b"".join(pieces)


def _json(body: bytes) -> dict[str, Any]:
    try:
        held = json.loads(body)
    except (ValueError, RecursionError):
        raise NotJson from None
    if not isinstance(held, dict):
        raise NotJson
    return held


def _without_contacts(raw: dict[str, Any]) -> dict[str, Any]:
    """The record without names, telephones and addresses of study staff: they are neither shown nor kept."""
    study = dict(raw["protocolSection"])
    places = study.get("contactsLocationsModule")
    if isinstance(places, dict):
        listed = places.get("locations")
        sites = listed if isinstance(listed, list) else []
        kept = [{k: v for k, v in site.items() if k != "contacts"} for site in sites if isinstance(site, dict)]
        study["contactsLocationsModule"] = {"locations": kept}
    sponsors = study.get("sponsorCollaboratorsModule")
    if isinstance(sponsors, dict):
        study["sponsorCollaboratorsModule"] = {k: v for k, v in sponsors.items() if k != "responsibleParty"}
    return {"protocolSection": study} | ({"hasResults": raw["hasResults"]} if "hasResults" in raw else {})
