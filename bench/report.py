"""What was measured, as a table for people; the same and every round's figures go into the JSON."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from bench.core import Timing
from bench.figures import DISTURBED, Round, is_disturbed, ratios, spread
from bench.first_view import FirstView
from bench.inbox import Inbox
from bench.inbox import lines as inbox_lines
from bench.proof import Proofs

AID, THIN, AGAIN = "aid", "thin", "thin again"
FIGURES = {
    "cpu": "CPU a journey (ms)",
    "speed": "journeys a second",
    "p50": "p50 of a request (ms)",
    "p99": "p99 of a request (ms)",
}
MOST_CPU, LEAST_SPEED = 1.25, 0.8
CPU_AIMS = (1.0, 0.8)
MOST_REQUESTS, MOST_BYTES, BYTES_AIM = 4, 30_000, 14_000
MOST_OUTCOME_MS, MOST_MEMORY_MIB = 1.0, 130
MOST_RECORD_MS = 5.0
MOST_PROOF_S, RECHECK_AIM_S = 10, 2


@dataclass(frozen=True)
class Crowd:
    """Many people at once on SQLite."""

    people: int
    journeys: int
    p99: float
    failed: int
    locked: int
    """Lines of the server's log that tell of a locked database."""
    disturbed: float


@dataclass
class Report:
    about: dict[str, Any]
    journeys: dict[str, list[Round]] = field(default_factory=dict)
    """Rounds by kind of database."""
    memory: dict[str, dict[str, dict[str, float]]] = field(default_factory=dict)
    """MiB by kind of database, server and measure."""
    crowds: dict[str, Crowd] = field(default_factory=dict)
    """By server."""
    view: FirstView | None = None
    core: dict[str, Timing] = field(default_factory=dict)
    proofs: Proofs | None = None
    inboxes: dict[str, Inbox] = field(default_factory=dict)
    """By kind of database."""
    not_run: list[str] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)

    def to_json(self) -> dict[str, Any]:
        return asdict(self) | {"summary": {kind: _summary(rounds) for kind, rounds in self.journeys.items()}}

    def lines(self) -> Iterator[str]:
        yield ", ".join(f"{name} {value}" for name, value in self.about.items())
        for kind, rounds in self.journeys.items():
            yield from _journey_lines(kind, rounds)
        for server, crowd in self.crowds.items():
            yield from _crowd_lines(server, crowd)
        if self.view:
            yield from _view_lines(self.view)
        yield from _core_lines(self.core)
        if self.proofs:
            yield from _proof_lines(self.proofs)
        for kind, found in self.inboxes.items():
            yield from inbox_lines(kind, found)
        yield from _memory_lines(self.memory)
        yield from (f"\nNot run: {each}" for each in self.not_run)
        if self.failures:
            yield f"\n{len(self.failures)} failures, among them:"
            yield from (f"  {each}" for each in self.failures[:10])


def verdict(met: bool) -> str:
    return "met" if met else "NOT MET"


def _summary(rounds: Sequence[Round]) -> dict[str, Any]:
    others = [target for target in rounds[0] if target != THIN]
    return {
        "disturbed_rounds": [number for number, each in enumerate(rounds, 1) if is_disturbed(each)],
        "ratios": {
            target: {figure: asdict(spread(ratios(rounds, target, THIN, figure))) for figure in FIGURES}
            for target in others
        },
    }


def _journey_lines(kind: str, rounds: Sequence[Round]) -> Iterator[str]:
    targets = [target for target in (AID, THIN, AGAIN) if target in rounds[0]]
    yield f"\nWhole journeys on {kind}: {len(rounds)} rounds, median (least-most)"
    yield f"  {'':24}" + "".join(f"{target:>26}" for target in targets) + f"{'aid : thin':>22}"
    for figure, words in FIGURES.items():
        values = [str(spread([getattr(each[target], figure) for each in rounds])) for target in targets]
        ratio = spread(ratios(rounds, AID, THIN, figure))
        yield f"  {words:24}" + "".join(f"{value:>26}" for value in values) + f"{ratio!s:>22}"
    cpu, speed = (spread(ratios(rounds, AID, THIN, figure)).median for figure in ("cpu", "speed"))
    aims = ", ".join(f"aim {aim}: {verdict(cpu <= aim)}" for aim in CPU_AIMS)
    yield f"  CPU at most {MOST_CPU} x thin: {verdict(cpu <= MOST_CPU)} ({aims})"
    yield f"  journeys a second at least {LEAST_SPEED} x thin: {verdict(speed >= LEAST_SPEED)}"
    if AGAIN in targets:
        floor = {figure: spread(ratios(rounds, AGAIN, THIN, figure)) for figure in FIGURES}
        yield "  noise floor (thin again : thin): " + ", ".join(f"{name} {value}" for name, value in floor.items())
    for number, each in enumerate(rounds, 1):
        yield _round_line(number, each)


def _round_line(number: int, each: Round) -> str:
    cpu, speed = (ratios([each], AID, THIN, figure)[0] for figure in ("cpu", "speed"))
    other = max(sample.disturbed for sample in each.values())
    return f"  round {number}: CPU {cpu:.2f}, journeys a second {speed:.2f}{_mark(other)}"


def _mark(other: float) -> str:
    return f"  DISTURBED: others used up to {other:.0%} of the machine" if other > DISTURBED else ""


def _crowd_lines(server: str, crowd: Crowd) -> Iterator[str]:
    yield (
        f"\n{crowd.people} people at once on SQLite, {server}: {crowd.journeys} journeys, p99 {crowd.p99:.0f} ms, "
        f"{crowd.failed} failed, {crowd.locked} times locked: {verdict(not crowd.failed and not crowd.locked)}"
        f"{_mark(crowd.disturbed)}"
    )


def _view_lines(view: FirstView) -> Iterator[str]:
    yield (
        f"\nFirst view of a question: {view.requests} requests, {view.body:,} bytes as compressed, "
        f"{view.sent:,} with headers"
    )
    met = view.requests <= MOST_REQUESTS and view.sent <= MOST_BYTES
    aim = f"aim {BYTES_AIM:,}: {verdict(view.sent <= BYTES_AIM)}"
    yield f"  at most {MOST_REQUESTS} requests and {MOST_BYTES:,} bytes, headers and all: {verdict(met)} ({aim})"


def _core_lines(core: Mapping[str, Timing]) -> Iterator[str]:
    if core:
        times = ", ".join(f"{name} {each.median:.3f} (p99 {each.p99:.3f})" for name, each in core.items())
        yield f"\nThe shipped aid's core, median ms: {times}"
        yield f"  outcome under {MOST_OUTCOME_MS} ms: {verdict(core['outcome'].median < MOST_OUTCOME_MS)}"
        record = core["judging a record"].p99
        yield f"  a record judged under {MOST_RECORD_MS} ms at the 99th percentile: {verdict(record < MOST_RECORD_MS)}"


def _proof_lines(proofs: Proofs) -> Iterator[str]:
    yield f"\nProof of the shipped aid's safety properties: {proofs.shipped} s"
    met = verdict(proofs.shipped.median < MOST_PROOF_S)
    yield f"  under {MOST_PROOF_S} s: {met} (aim {RECHECK_AIM_S} s: {verdict(proofs.shipped.median < RECHECK_AIM_S)})"
    for each in proofs.growth:
        yield f"  {each.questions} questions, {each.items} items: {each.seconds} s, {each.ratio} x the shipped aid"


def _memory_lines(memory: Mapping[str, Mapping[str, Mapping[str, float]]]) -> Iterator[str]:
    for kind, servers in memory.items():
        told = "; ".join(
            f"{server}: " + ", ".join(f"{name.upper()} {value:.0f}" for name, value in measures.items())
            for server, measures in servers.items()
        )
        yield f"\nMemory after the journeys, MiB in all processes of a server, {kind}: {told}"
        measure = "pss" if "pss" in servers[AID] else "rss"
        met = servers[AID][measure] < MOST_MEMORY_MIB
        yield f"  under {MOST_MEMORY_MIB} MiB by {measure.upper()}: {verdict(met)}"
