"""The trial registry is asked on this computer, where it fails in every way: each has its name, and none takes long."""

from __future__ import annotations

import gzip
import json
import threading
import time
from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

import pytest

from questionnaire.domain import trial_record
from questionnaire.integrations import clinicaltrials as client
from tests import records
from tests import registry as server
from tests.registry import Registry

pytestmark = pytest.mark.pure

NUMBER = records.KNEE
OTHER = "NCT05354141"
SHORT = 0.8
SLACK = 1.5
"""For a busy machine; a limit that did not hold would show as 5 seconds or more."""


@pytest.fixture
def registry() -> Iterator[Registry]:
    with server.running() as running:
        yield running


def test_a_study_that_is_listed_is_the_record_without_contacts(registry):
    made = records.changed(
        contactsLocations={
            "locations": [{"facility": "A", "country": "B", "contacts": [{"name": "Secret", "email": "s@x.org"}]}, 7],
            "centralContacts": [{"name": "Secret", "phone": "555"}],
            "overallOfficials": [{"name": "Secret"}],
        },
        sponsorCollaborators={"responsibleParty": {"type": "SPONSOR", "investigatorFullName": "Secret"}},
        secret={"name": "Secret"},
    )
    registry.plays[NUMBER] = server.say(made | {"resultsSection": {"pointOfContact": "Secret"}})
    found = client.fetch(NUMBER, base=registry.base)
    assert found.number == NUMBER
    assert "Secret" not in found.text
    assert "555" not in found.text
    record = trial_record.read(json.loads(found.text))
    assert record.sites == (trial_record.Site(facility="A", country="B"),)
    assert record.sponsor == trial_record.read(made).sponsor


@pytest.mark.parametrize("number", records.NUMBERS)
def test_what_is_kept_is_all_that_is_judged(registry, number):
    found = client.fetch(number, base=registry.base)
    assert trial_record.read(json.loads(found.text)) == trial_record.read(records.raw(number))


def test_nothing_but_the_number_is_sent(registry):
    client.fetch(NUMBER, base=registry.base)
    [asked] = registry.asked
    assert asked.method == "GET"
    parts = urlsplit(asked.path)
    assert parts.path == f"/api/v2/studies/{NUMBER}"
    assert parse_qs(parts.query) == {"fields": [client.FIELDS]}
    assert set(asked.headers) <= {"host", "accept", "accept-encoding", "connection", "user-agent"}
    assert asked.headers["accept-encoding"] == "identity"
    assert asked.headers["user-agent"] == "decisionaid (open-source patient decision aid)"


def test_an_answer_is_taken_under_another_case_and_as_an_alias(registry):
    made = records.changed(identification={"nctId": NUMBER.lower()})
    registry.plays[NUMBER] = server.say(made)
    assert client.fetch(NUMBER, base=registry.base).number == NUMBER
    made = records.changed(identification={"nctId": "NCT00010647", "nctIdAliases": [NUMBER.lower()]})
    registry.plays[NUMBER] = server.say(made)
    assert client.fetch(NUMBER, base=registry.base).number == "NCT00010647"


FAILURES = {
    "malformed": (server.text(400, "Parameter `nctId` has incorrect format"), client.Refused, "refused"),
    "too many": (server.text(429, "slow down"), client.Busy, "busy"),
    "fault": (server.text(500, "oops"), client.Failed, "failed"),
    "unavailable": (server.text(503), client.Failed, "failed"),
    "odd": (server.text(204), client.Unexpected, "unexpected"),
    "refusing": (server.text(403), client.Unexpected, "unexpected"),
    "moved nowhere": (server.send(301, b"", "text/plain", Location="/elsewhere"), client.Unexpected, "unexpected"),
    "moved to itself": (server.moved(NUMBER), client.Unexpected, "unexpected"),
    "page of a fault": (server.send(404, b"<h1>Not here</h1>", "text/html; charset=utf-8"), client.Html, "html"),
    "page": (server.send(200, b"<!doctype html><p>Sign in", "text/html"), client.Html, "html"),
    "broken": (server.send(200, b'{"protocolSection": {', "application/json"), client.NotJson, "not-json"),
    "empty": (server.send(200, b"", "application/json"), client.NotJson, "not-json"),
    "a list": (server.say([]), client.NotARecord, "not-a-record"),
    "no study": (server.say({}), client.NotARecord, "not-a-record"),
    "no utf-8": (server.send(200, b'{"a": "\xff\xfe\xfa"}', "application/json"), client.NotJson, "not-json"),
    "deep": (server.send(200, b'{"a":' * 100_000, "application/json"), client.NotJson, "not-json"),
    "long number": (server.send(200, b'{"a":' + b"9" * 10_000 + b"}", "application/json"), client.NotJson, "not-json"),
    "another": (server.say(records.raw(OTHER)), client.AnotherStudy, "another-study"),
    "6 MB": (server.send(200, b" " * 6_000_000, "application/json"), client.TooLarge, "too-large"),
    "packed": (
        server.send(200, gzip.compress(b" " * 9_000_000), "application/json", Content_Encoding="gzip"),
        client.Unexpected,
        "unexpected",
    ),
    "late": (server.after(5, server.text(404)), client.TimedOut, "timed-out"),
    "drip": (server.drip, client.TimedOut, "timed-out"),
    "drip of headers": (server.drip_headers, client.TimedOut, "timed-out"),
    "reset": (server.reset, client.Unreachable, "unreachable"),
    "hung up": (server.hang_up, client.Unreachable, "unreachable"),
}


@pytest.mark.parametrize("name", FAILURES)
def test_each_failure_has_its_name_and_none_takes_longer_than_the_limit(registry, name):
    play, error, reason = FAILURES[name]
    registry.plays[NUMBER] = play
    begun = time.monotonic()
    with pytest.raises(error) as raised:
        client.fetch(NUMBER, base=registry.base, seconds=SHORT)
    assert time.monotonic() - begun < SHORT + SLACK
    assert type(raised.value) is error
    assert raised.value.reason == reason
    assert len(registry.asked) == 1, "a patient is not kept waiting by a second try"


def test_there_is_a_case_for_every_failure():
    assert {error for _, error, _ in FAILURES.values()} == set(client.FAILURES)
    assert len({error.reason for error in client.FAILURES}) == len(client.FAILURES)
    assert set(client.NotChecked.__subclasses__()) == set(client.FAILURES)


def test_a_number_that_is_not_listed(registry):
    with pytest.raises(client.NotListed):
        client.fetch("NCT99999999", base=registry.base)


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_a_number_that_moved_names_the_new_one_and_is_not_followed(registry, status):
    registry.plays[NUMBER] = server.send(status, b"", "text/plain", Location="https://x.test/studies/nct00010647?a=b")
    with pytest.raises(client.Moved) as raised:
        client.fetch(NUMBER, base=registry.base)
    assert raised.value.number == "NCT00010647"
    assert registry.studies() == [NUMBER]


@pytest.mark.parametrize("base", ["http://127.0.0.1:9/api", "http://[broken", "nonsense", "http://localhost:0"])
def test_nobody_there(base):
    begun = time.monotonic()
    with pytest.raises(client.NotChecked):
        client.fetch(NUMBER, base=base, seconds=SHORT)
    assert time.monotonic() - begun < SHORT + SLACK


def test_the_worst_case_leaves_a_patients_page_under_three_seconds(registry):
    for play in (server.drip, server.drip_headers, server.after(10, server.text(404))):
        registry.plays[NUMBER] = play
        begun = time.monotonic()
        with pytest.raises(client.TimedOut):
            client.fetch(NUMBER, base=registry.base)
        assert time.monotonic() - begun < 2.9


def test_answers_that_never_end_leave_nobody_waiting_for_ever(registry):
    """More of them at once than there are threads to wait: afterwards others are served again."""
    registry.plays[NUMBER] = server.drip_headers
    results: list[str] = []

    def ask() -> None:
        with pytest.raises(client.TimedOut):
            client.fetch(NUMBER, base=registry.base, seconds=SHORT)
        results.append("timed out")

    threads = [threading.Thread(target=ask) for _ in range(6)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert len(results) == 6
    time.sleep(SHORT)
    assert client.fetch(OTHER, base=registry.base, seconds=SHORT).number == OTHER


def test_a_record_of_a_large_study_is_taken(registry):
    site = {"facility": "Hospital " * 20, "city": "A", "country": "B", "geoPoint": {"lat": 1.0, "lon": 2.0}}
    registry.plays[NUMBER] = server.say(records.changed(contactsLocations={"locations": [site] * 1500}))
    found = client.fetch(NUMBER, base=registry.base)
    assert len(trial_record.read(json.loads(found.text)).sites) == 1500


def test_lone_surrogates_and_nul_are_kept_in_letters_that_any_database_takes(registry):
    registry.plays[NUMBER] = server.say(records.changed(identification={"briefTitle": "a\ud800\x00b"}))
    found = client.fetch(NUMBER, base=registry.base)
    assert found.text.isascii()
    assert "\x00" not in found.text
    assert trial_record.read(json.loads(found.text)).title == "a? b"


def test_the_date_of_the_data(registry):
    assert client.data_timestamp(base=registry.base) == server.STAMP
    assert registry.asked[0].path == "/api/v2/version"


@pytest.mark.parametrize(
    "play", [server.text(404), server.moved(OTHER), server.say({}), server.say({"dataTimestamp": "<b>"})]
)
def test_no_date_of_the_data_is_no_check(registry, play):
    registry.plays["version"] = play
    with pytest.raises(client.NotChecked):
        client.data_timestamp(base=f"{registry.base}/studies")
