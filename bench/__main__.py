"""Measures the decision aid beside the thin journey, and says which targets are met.

- Whole journeys over HTTP: 2 worker processes, 8 people at once, on SQLite and on PostgreSQL. Only ratios taken inside
  one round mean anything; absolute figures depend on the machine and the hour.
- 64 people at once on SQLite; the first view of a question; the core's own speed; memory.
- The proof of the safety properties, and how its time grows with the aid.
- The physicians' inbox with many shared responses beside one with 1,000, on SQLite and on PostgreSQL.

A target that is not met is told; only a journey that fails makes this exit with 1.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import signal
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from bench import core, inbox, processes, proof, servers
from bench.figures import percentile
from bench.first_view import first_view
from bench.people import PEOPLE
from bench.report import AGAIN, AID, THIN, Crowd, Report
from bench.rounds import PEOPLE_AT_ONCE, Field, learn, one_round, walk
from bench.walker import Lost
from questionnaire.domain.reading import Refused
from tests.postgres import NoPostgres, scratch_cluster

SQLITE, POSTGRESQL = "SQLite", "PostgreSQL"
CROWD = 64
RESPONSES = 20_000
"""So that a plain run ends soon; the promise is for a million."""
AID_FOLDER = servers.ROOT / "questionnaire" / "content" / "exosomes"


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="script/bench", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--json", type=Path, metavar="FILE", help="write every round's figures to this file")
    parser.add_argument("--rounds", type=int, metavar="N", help="how many rounds, fixed before the run (5; quick: 2)")
    parser.add_argument("--quick", action="store_true", help="a short look, too short to compare by")
    parser.add_argument("--only", choices=["inbox"], help="measure nothing else")
    parser.add_argument(
        "--responses",
        type=int,
        default=RESPONSES,
        metavar="N",
        help=f"shared responses in the inbox ({RESPONSES:,}; quick: a tenth; 1000000 takes half an hour and 20 GB)",
    )
    parser.add_argument("--control", action="store_true", help="measure a second thin journey too: the noise floor")
    given = parser.parse_args()
    given.rounds = given.rounds if given.rounds is not None else (2 if given.quick else 5)
    if given.rounds < 1:
        parser.error("--rounds must be 1 or more")
    if given.responses < inbox.FEW:
        parser.error(f"--responses must be {inbox.FEW} or more")
    if given.quick and given.responses == RESPONSES:
        given.responses //= 10
    if given.json and not given.json.parent.is_dir():
        parser.error(f"there is no folder {given.json.parent} to write into")
    # Whole multiples of the people, so that every sample has the same mix.
    given.journeys = len(PEOPLE) * (4 if given.quick else 12)
    return given


def say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


@contextmanager
def field_on(scratch: Path, database: str, urls: dict[str, str], pid: int | None, names: list[str]) -> Iterator[Field]:
    """Servers of these names, ready and warm, on the databases of these addresses (by what runs on them)."""
    for kind, url in urls.items():
        say(f"{database}: making the {kind} ready.")
        servers.prepare(scratch, kind, url)
    with ExitStack() as stack:
        running = [stack.enter_context(servers.started(scratch, name, urls[name.split()[0]])) for name in names]
        field = Field(database, running, pid, {AID: list(PEOPLE.values())})
        if failures := learn(field):
            raise servers.Broken("\n".join([f"{database}: the journeys cannot be compared", *failures[:5]]))
        yield field


def fields(stack: ExitStack, scratch: Path, names: list[str], report: Report) -> list[Field]:
    urls = {kind: f"sqlite:///{scratch}/{kind}.sqlite3" for kind in servers.SETTINGS}
    ready = [stack.enter_context(field_on(scratch, SQLITE, urls, None, names))]
    try:
        cluster = stack.enter_context(scratch_cluster())
    except NoPostgres as error:
        report.not_run.append(f"journeys on PostgreSQL: {error}")
        return ready
    pid = servers.postmaster(cluster)
    if pid is None:
        report.not_run.append(
            "PostgreSQL's own CPU: its processes cannot be seen from here, so the ratio leaves them out"
        )
    urls = {kind: stack.enter_context(servers.scratch_database(cluster)) for kind in servers.SETTINGS}
    return [*ready, stack.enter_context(field_on(scratch, POSTGRESQL, urls, pid, names))]


def measure(report: Report, scratch: Path, given: argparse.Namespace) -> None:
    """Fill the report."""
    if given.only != "inbox":
        measure_journeys(report, scratch, given)
    with ExitStack() as stack:
        urls = [f"sqlite:///{scratch}/inbox-{name}.sqlite3" for name in ("few", "many")]
        measure_inbox(report, scratch, given, SQLITE, urls, None)
        try:
            cluster = stack.enter_context(scratch_cluster())
        except NoPostgres as error:
            report.not_run.append(f"the inbox on PostgreSQL: {error}")
            return
        urls = [stack.enter_context(servers.scratch_database(cluster)) for _ in range(2)]
        measure_inbox(report, scratch, given, POSTGRESQL, urls, servers.postmaster(cluster))


def measure_inbox(
    report: Report, scratch: Path, given: argparse.Namespace, kind: str, urls: list[str], pid: int | None
) -> None:
    found = report.inboxes[kind] = inbox.Inbox()
    for url, responses in zip(urls, (inbox.FEW, given.responses), strict=True):
        say(f"{kind}: making {responses:,} shared responses up.")
        found.filled.append(inbox.fill(scratch, url, responses))
    own = [os.getpid(), *([pid] if pid else [])]
    found.asked, found.disturbed = inbox.measure(scratch, urls[0], urls[1], given.rounds, own, say)
    if not any(asked.name.startswith("page: ") for asked in found.asked):
        report.not_run.append(f"pages of the inbox on {kind}: /physician/ does not answer")


def measure_journeys(report: Report, scratch: Path, given: argparse.Namespace) -> None:
    try:
        report.core = core.timings(AID_FOLDER)
    except Refused as refused:
        raise servers.Broken(f"The shipped aid does not hold together:\n{refused}") from refused
    say("Proofs.")
    report.proofs = proof.timings(AID_FOLDER, given.rounds)
    names = [AID, THIN, *([AGAIN] if given.control else [])]
    with ExitStack() as stack:
        on_all = fields(stack, scratch, names, report)
        for number in range(given.rounds):
            say(f"Round {number + 1} of {given.rounds}.")
            for field in on_all:
                samples, failures = one_round(field, given.journeys, number)
                report.journeys.setdefault(field.database, []).append(samples)
                report.failures += failures
        for field in on_all:
            report.memory[field.database] = {each.name: processes.memory(each.pid) for each in field.servers}
        report.view = first_view(on_all[0].servers[0].port)
        say(f"{CROWD} people at once.")
        crowd(report, on_all[0], CROWD * (1 if given.quick else 2))


def crowd(report: Report, field: Field, journeys: int) -> None:
    for server in field.servers[:2]:
        seen, cost = walk(field, server, journeys, people=CROWD)
        latencies = [latency for kind in seen.latencies.values() for latency in kind]
        log = server.log.read_text(errors="replace")
        locked = sum(word in line for line in log.splitlines() for word in ("database is locked", "OperationalError"))
        report.crowds[server.name] = Crowd(
            CROWD, seen.journeys, percentile(latencies or [0.0], 0.99), len(seen.failures), locked, cost.disturbed
        )
        report.failures += [f"{CROWD} people, {server.name}: {each}" for each in seen.failures]


def main() -> int:
    given = arguments()
    # A stopped run must still stop its servers, also where a shell has told its background jobs to ignore Ctrl-C.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    signal.signal(signal.SIGINT, signal.default_int_handler)
    begin = time.monotonic()
    about = {
        "Python": platform.python_version(),
        "cores": os.cpu_count(),
        "workers": servers.WORKERS,
        "people at once": PEOPLE_AT_ONCE,
        "journeys a sample": given.journeys,
    }
    report = Report(about)
    try:
        with tempfile.TemporaryDirectory(prefix="decisionaid-bench-") as folder:
            measure(report, Path(folder), given)
    except (servers.Broken, Lost) as error:
        # What was measured before is told all the same.
        report.failures.append(str(error))
    except KeyboardInterrupt:
        print("Stopped; nothing was left behind.", file=sys.stderr)
        return 130
    report.about["seconds in all"] = round(time.monotonic() - begin)
    print("\n".join(report.lines()))
    if given.json:
        given.json.write_text(json.dumps(report.to_json(), indent=1) + "\n")
    return int(bool(report.failures))


if __name__ == "__main__":
    sys.exit(main())
