"""The inbox with many shared responses beside the inbox with 1,000, in the same round, on each kind of database."""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psycopg

from bench import servers
from bench.figures import DISTURBED, Spread, spread
from bench.processes import Cost, Meter

FEW = 1000
TIMES = 21
"""How often each thing is done on each database in a round; the median of them counts."""
WARM = 5
MOST_RATIO = 1.2


@dataclass(frozen=True)
class Filled:
    """A database of so many responses: what it took to make."""

    responses: int
    seconds: float
    bytes: int


@dataclass(frozen=True)
class Asked:
    """One thing that is asked of the inbox.

    `few` and `many` are milliseconds; `ratio` is of the same round. Rows and statements are of (few, many).
    """

    name: str
    few: Spread
    many: Spread
    ratio: Spread
    rows: tuple[int, int]
    statements: tuple[int, int]

    @property
    def verdict(self) -> str:
        """A page that shows more rows takes longer for that alone, so only alike ones are judged."""
        if self.rows[0] != self.rows[1]:
            return "shows more"
        return "met" if self.ratio.median <= MOST_RATIO else "NOT MET"


@dataclass
class Inbox:
    """On one kind of database."""

    filled: list[Filled] = field(default_factory=list)
    asked: list[Asked] = field(default_factory=list)
    disturbed: list[float] = field(default_factory=list)
    """By round: the share of the machine that others used."""


class Worker:
    """A process on one database."""

    def __init__(self, process: subprocess.Popen[str], log: Path) -> None:
        self.process, self.log = process, log
        self.cases: dict[str, dict[str, int]] = self._read()

    def times(self, name: str, count: int) -> list[float]:
        """Milliseconds of each time.

        Raises:
            servers.Broken: it failed.
        """
        if self.process.stdin is None:
            raise servers.Broken("the worker has no input")
        print(json.dumps([name, count]), file=self.process.stdin, flush=True)
        taken: list[float] = self._read()
        return taken

    def _read(self) -> Any:
        line = self.process.stdout.readline() if self.process.stdout else ""
        if not line:
            raise servers.Broken(f"the inbox cannot be measured:\n{self.log.read_text()[-2000:]}")
        return json.loads(line)


def fill(scratch: Path, url: str, responses: int) -> Filled:
    """Make this database ready, with so many shared responses.

    Raises:
        servers.Broken: it cannot be made.
    """
    servers.prepare(scratch, "aid", url)
    begin = time.monotonic()
    command = [sys.executable, "manage.py", "demo", "--responses", str(responses), "--seed", "1"]
    done = subprocess.run(
        command, cwd=servers.ROOT, env=_environment(scratch, url), capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise servers.Broken(f"no responses could be made up:\n{done.stderr[-2000:]}")
    return Filled(responses, time.monotonic() - begin, _size(url))


def _environment(scratch: Path, url: str) -> dict[str, str]:
    given = servers.environment(scratch, "aid", url)
    # The pages are fetched without a second factor: how fast it is checked does not depend on the number of responses.
    return given | {"DEMO_PASSWORD": "only-for-benchmarks-7", "REQUIRE_MFA": "off", "STATIC_MANIFEST": "off"}


def _size(url: str) -> int:
    if url.startswith("sqlite:"):
        return Path(urlsplit(url).path[1:] if url.startswith("sqlite:////") else url[10:]).stat().st_size
    with psycopg.connect(url) as connection:
        row = connection.execute("SELECT pg_database_size(current_database())").fetchone()
        return int(row[0]) if row else 0


@contextmanager
def worker(scratch: Path, url: str) -> Iterator[Worker]:
    """A warm process on this database until the block ends."""
    log = scratch / f"inbox-{os.urandom(4).hex()}.log"
    with log.open("w") as errors:
        process = subprocess.Popen(
            [sys.executable, "-m", "bench.inbox_worker"],
            cwd=servers.ROOT,
            env=_environment(scratch, url),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
        )
    try:
        yield Worker(process, log)
    finally:
        process.terminate()
        process.wait(timeout=15)
        for stream in (process.stdin, process.stdout):
            if stream:
                stream.close()


def measure(
    scratch: Path, few: str, many: str, rounds: int, own: list[int], say: Callable[[str], None]
) -> tuple[list[Asked], list[float]]:
    """Ask the same of both databases, in turn; what it took, and by round how much others used of the machine."""
    with ExitStack() as stack:
        workers = [stack.enter_context(worker(scratch, url)) for url in (few, many)]
        names = [name for name in workers[0].cases if name in workers[1].cases]
        for name in names:
            for each in workers:
                each.times(name, WARM)
        taken: dict[str, list[tuple[float, float]]] = {name: [] for name in names}
        disturbed = []
        for number in range(rounds):
            say(f"Inbox, round {number + 1} of {rounds}.")
            meter = Meter({}, own)
            for name in names:
                taken[name].append(_pair(workers, name, turned=bool(number % 2)))
            cost: Cost = meter.read()
            disturbed.append(cost.disturbed)
        cases = [each.cases for each in workers]
        return [_asked(name, taken[name], cases[0][name], cases[1][name]) for name in names], disturbed


def _pair(workers: list[Worker], name: str, *, turned: bool) -> tuple[float, float]:
    """Median milliseconds with few and with many, a few at a time in turn, so that both meet the same moments."""
    taken: list[list[float]] = [[], []]
    for _ in range(TIMES // 3):
        for number in (1, 0) if turned else (0, 1):
            taken[number] += workers[number].times(name, 3)
    return statistics.median(taken[0]), statistics.median(taken[1])


def _asked(name: str, taken: list[tuple[float, float]], few: dict[str, int], many: dict[str, int]) -> Asked:
    return Asked(
        name,
        spread([pair[0] for pair in taken]),
        spread([pair[1] for pair in taken]),
        spread([pair[1] / pair[0] for pair in taken]),
        (few["rows"], many["rows"]),
        (few["statements"], many["statements"]),
    )


def lines(kind: str, found: Inbox) -> Iterator[str]:
    """For people."""
    if not found.filled:
        return
    sizes = [f"{each.responses:,}" for each in found.filled]
    yield f"\nInbox on {kind}, {' and '.join(sizes)} shared responses: median (least-most) over the rounds"
    for made in found.filled:
        each = made.bytes // max(1, made.responses)
        yield f"  {made.responses:,} made up in {made.seconds:.0f} s, {each:,} bytes a response in all"
    yield f"  {'':44}{'ms with few':>22}{'ms with many':>22}{'times as long':>20}{'statements':>12}{'rows':>8}"
    for asked in found.asked:
        counts = f"{'/'.join(map(str, asked.statements)):>12}{'/'.join(map(str, asked.rows)):>8}"
        yield f"  {asked.name:44}{asked.few!s:>22}{asked.many!s:>22}{asked.ratio!s:>20}{counts}  {asked.verdict}"
    verdicts = [asked.verdict for asked in found.asked if asked.verdict != "shows more"]
    yield f"  at most {MOST_RATIO} times as long: {verdicts.count('met')} of {len(verdicts)} that show as much"
    for number, share in enumerate(found.disturbed, 1):
        if share > DISTURBED:
            yield f"  round {number}: DISTURBED: others used {share:.0%} of the machine"
