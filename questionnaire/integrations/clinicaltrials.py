"""One study's record from the public trial registry (ClinicalTrials.gov, API v2). Only its number leaves this computer.

A reply is read by its status first, never beyond a size, and never past a moment: whoever waits for it is a patient.
Whatever goes wrong has a name, so that "not listed" and "could not check" are never taken for each other.
"""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import TimeoutError as WaitedTooLong
from dataclasses import dataclass
from functools import cache
from typing import Any, TypeVar

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
_MODULES = tuple(
    f"{name[0].lower()}{name[1:]}"
    for name in FIELDS.split("|")
    if name not in ("HasResults", "ContactsLocationsModule")
)
_OF_A_SITE = ("facility", "status", "city", "state", "zip", "country")
_Answer = TypeVar("_Answer")
_NAME = "decisionaid (open-source patient decision aid)"
_STAMP = re.compile(r"\d{4}-\d{2}-\d{2}T[\d:.]{5,15}Z?", re.ASCII)
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
    """The registry has a fault of its own (5xx)."""


class Unexpected(NotChecked):
    """The registry answered in a way that we do not know: another status, packed, or moved to no number."""

    reason = "unexpected"


class TimedOut(NotChecked):
    """No whole answer in time."""

    reason = "timed-out"


class Unreachable(NotChecked):
    """No connection to the registry."""

    reason = "unreachable"


class TooLarge(NotChecked):
    """The answer is larger than any record we use."""

    reason = "too-large"


class Html(NotChecked):
    """The answer is a page for people, of the registry or of something before it."""

    reason = "html"


class NotJson(NotChecked):
    """The answer is broken: it is no JSON."""

    reason = "not-json"


class NotARecord(NotChecked):
    """The answer is JSON, but not what we asked for: no record of a study, no date of the data."""

    reason = "not-a-record"


class AnotherStudy(NotChecked):
    """The answer is the record of another study than was asked for."""

    reason = "another-study"


FAILURES = (
    *(Refused, Busy, Failed, Unexpected, TimedOut, Unreachable),
    *(TooLarge, Html, NotJson, NotARecord, AnotherStudy),
)
"""Every way in which nothing can be said of a number."""


@dataclass(frozen=True, slots=True)
class Fetched:
    """A record as it came, without contacts; `text` is its JSON, in letters that any database takes."""

    number: str
    text: str


def fetch(number: str, *, base: str, seconds: float = PATIENT_SECONDS) -> Fetched:
    """The record of this study.

    Args:
        number: NCT and 8 digits; nothing else is sent.
        base: where the registry's API is.
        seconds: after which it is given up, whatever it hangs on.

    Raises:
        NotListed, Moved, or a subclass of NotChecked.
    """

    def ask(client: httpx2.Client) -> Fetched:
        return _fetched(number, _json(_body(client, f"{base.rstrip('/')}/studies/{number}", {"fields": FIELDS}, ends)))

    ends = time.monotonic() + seconds
    try:
        return _in_time(ask, ends)
    except Moved as moved:
        if moved.number == number:
            raise Unexpected from None
        raise


def data_timestamp(*, base: str, seconds: float = PATIENT_SECONDS) -> str:
    """When the registry's data were last refreshed, as it says itself.

    Raises:
        NotChecked
    """

    def ask(client: httpx2.Client) -> str:
        stamp = _json(_body(client, f"{base.rstrip('/')}/version", {}, ends)).get("dataTimestamp")
        if not isinstance(stamp, str) or not _STAMP.fullmatch(stamp):
            raise NotARecord
        return stamp

    ends = time.monotonic() + seconds
    try:
        return _in_time(ask, ends)
    except (NotListed, Moved):
        raise Unexpected from None


def _in_time(ask: Callable[[httpx2.Client], _Answer], ends: float) -> _Answer:
    """What is asked, given up when the time is over."""
    left = max(0.1, ends - time.monotonic())
    limits = httpx2.Timeout(left, connect=min(_LONGEST_WAIT_TO_CONNECT, left))
    # Nothing packed: what unpacks to a thousand times its size would pass the limit in one piece.
    headers = {"User-Agent": _NAME, "Accept": "application/json", "Accept-Encoding": "identity"}
    client = httpx2.Client(timeout=limits, headers=headers, follow_redirects=False)
    # A thread of its own, since looking up a name cannot be told to stop.
    asked = _pool().submit(ask, client)
    try:
        return asked.result(timeout=left)
    except WaitedTooLong:
        asked.cancel()
        raise TimedOut from None
    finally:
        # Takes the connection away from a thread that is still waiting for headers that drip.
        client.close()


@cache
def _pool() -> ThreadPoolExecutor:
    """Made at the first use, so that each worker process has its own."""
    return ThreadPoolExecutor(max_workers=4, thread_name_prefix="registry")


def _fetched(number: str, raw: dict[str, Any]) -> Fetched:
    try:
        record = trial_record.read(raw)
        text = json.dumps(_without_contacts(raw), ensure_ascii=True, separators=(",", ":"))
    except (trial_record.NotARecord, RecursionError):
        raise NotARecord from None
    if number not in (record.number, *map(str.upper, record.aliases)):
        raise AnotherStudy
    return Fetched(record.number, text)


def _body(client: httpx2.Client, address: str, query: dict[str, str], ends: float) -> bytes:
    try:
        with client.stream("GET", address, params=query) as reply:
            _judge_status(reply)
            return _read(reply, ends)
    except httpx2.TimeoutException:
        raise TimedOut from None
    except (httpx2.HTTPError, httpx2.InvalidURL, OSError):
        raise Unreachable from None


def _judge_status(reply: httpx2.Response) -> None:
    status, html = reply.status_code, "html" in reply.headers.get("content-type", "").lower()
    if status in (301, 302, 307, 308):
        found = _MOVED.search(reply.headers.get("location", ""))
        if found is None:
            raise Unexpected
        raise Moved(found[0].upper())
    if status == 404:
        # The registry says so in plain text; a page in HTML is somebody else's, or one of a fault.
        raise Html if html else NotListed
    if status == 400:
        raise Refused
    if status == 429:
        raise Busy
    if status >= 500:
        raise Failed
    if status != 200 or reply.headers.get("content-encoding", "identity") != "identity":
        raise Unexpected
    if html:
        raise Html


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
        raise NotARecord
    return held


def _without_contacts(raw: dict[str, Any]) -> dict[str, Any]:
    """What was asked for, without names, telephones and addresses of study staff: they are neither shown nor kept."""
    held = raw["protocolSection"]
    study = {name: held[name] for name in _MODULES if name in held}
    places = held.get("contactsLocationsModule")
    listed = places.get("locations") if isinstance(places, dict) else None
    if isinstance(listed, list):
        sites = [{key: site[key] for key in _OF_A_SITE if key in site} for site in listed if isinstance(site, dict)]
        study["contactsLocationsModule"] = {"locations": sites}
    sponsors = study.get("sponsorCollaboratorsModule")
    if isinstance(sponsors, dict):
        study["sponsorCollaboratorsModule"] = {k: v for k, v in sponsors.items() if k != "responsibleParty"}
    return {"protocolSection": study} | ({"hasResults": raw["hasResults"]} if "hasResults" in raw else {})
