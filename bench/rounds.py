"""Interleaved rounds: in each, every target serves the same people, in an order that turns round every time."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import asdict, dataclass

from bench.figures import Sample, percentile
from bench.processes import Cost, Meter
from bench.servers import ROOT, Broken, Server
from bench.thin.questions import answers_for
from bench.walker import Plan, Script, Seen

PEOPLE_AT_ONCE = 8


@dataclass
class Field:
    """Servers on one kind of database, with what people answer there."""

    database: str
    servers: list[Server]
    postmaster: int | None
    scripts: dict[str, list[Script]]
    """By the server's name."""

    @property
    def own(self) -> list[int]:
        return [os.getpid(), *([self.postmaster] if self.postmaster else [])]


def walk(field: Field, server: Server, journeys: int, people: int = PEOPLE_AT_ONCE) -> tuple[Seen, Cost]:
    """Let people walk through this server; what they saw, and what it cost.

    Raises:
        Broken: the client itself failed.
    """
    plan = Plan(server.port, people, journeys, field.scripts[server.name])
    groups = {"server": [server.pid], "database": [field.postmaster] if field.postmaster else []}
    meter = Meter(groups, field.own)
    result = subprocess.run(
        [sys.executable, "-m", "bench.walker"],
        cwd=ROOT,
        input=json.dumps(asdict(plan)),
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    cost = meter.read()
    if result.returncode:
        raise Broken(f"the client failed:\n{result.stderr[-2000:]}")
    return Seen(**json.loads(result.stdout)), cost


def learn(field: Field) -> list[str]:
    """Warm every server up, and give the thin journey as many pages as each person sees in the aid; what failed."""
    aid, *thins = field.servers
    journeys = 3 * len(field.scripts[aid.name])
    seen, _ = walk(field, aid, journeys)
    if seen.failures:
        return seen.failures
    scripts = [dict(_as_lists(answers_for(pages))) for _, pages in sorted(seen.pages.items())]
    for thin in thins:
        field.scripts[thin.name] = scripts
        again, _ = walk(field, thin, journeys)
        if again.failures:
            return again.failures
        if again.requests != seen.requests:
            return [f"the journeys differ in length: {seen.requests} and {again.requests} requests"]
    return []


def _as_lists(answers: dict[str, str]) -> Iterator[tuple[str, list[str]]]:
    return ((slug, [answer]) for slug, answer in answers.items())


def one_round(field: Field, journeys: int, number: int) -> tuple[dict[str, Sample], list[str]]:
    """A sample of every server, and what failed."""
    samples, failures = {}, []
    for server in field.servers[:: -1 if number % 2 else 1]:
        seen, cost = walk(field, server, journeys)
        failures += [f"{field.database}, {server.name}: {each}" for each in seen.failures]
        if not seen.journeys:
            raise Broken("\n".join(["no journey reached its end", *failures[:5]]))
        samples[server.name] = sample_of(seen, cost)
    return samples, failures


def sample_of(seen: Seen, cost: Cost) -> Sample:
    latencies = [latency for kind in seen.latencies.values() for latency in kind]
    return Sample(
        cpu=sum(cost.cpu.values()) / seen.journeys * 1000,
        speed=seen.journeys / seen.seconds,
        p50=percentile(latencies, 0.5),
        p99=percentile(latencies, 0.99),
        disturbed=cost.disturbed,
    )
