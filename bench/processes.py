"""What processes cost: processor time and memory of whole trees, and what else keeps this machine busy."""

from __future__ import annotations

import os
import time
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, field

import psutil  # type: ignore[import-untyped]


def cpu_seconds(roots: Iterable[int]) -> float:
    """User and system time of these processes, of all below them and of those below that have ended."""
    total = 0.0
    for root in roots:
        with suppress(psutil.NoSuchProcess):
            process = psutil.Process(root)
            for each in [process, *process.children(recursive=True)]:
                with suppress(psutil.NoSuchProcess):
                    times = each.cpu_times()
                    total += times.user + times.system + times.children_user + times.children_system
    return total


def machine_seconds() -> float:
    """Time for which this machine's processors were not idle, whoever used them."""
    times = psutil.cpu_times()
    # What a host takes from a virtual machine disturbs as well. Guests' time is counted in user time already.
    names = ("user", "nice", "system", "irq", "softirq", "steal")
    return float(sum(getattr(times, name, 0.0) for name in names))


@dataclass
class Cost:
    """Of one stretch of time."""

    seconds: float
    cpu: dict[str, float]
    """Processor seconds by name of the group of processes."""
    disturbed: float
    """Share of the machine that others used meanwhile."""


@dataclass
class Meter:
    """Measures from when it is made until `read`."""

    groups: dict[str, list[int]]
    """Process ids of the roots by name."""
    own: list[int]
    """Roots of all processes that belong to the benchmark."""
    begin: tuple[float, float, float] = field(init=False)
    cpu: dict[str, float] = field(init=False)

    def __post_init__(self) -> None:
        self.cpu = self._groups()
        self.begin = self._now()

    def _groups(self) -> dict[str, float]:
        return {name: cpu_seconds(roots) for name, roots in self.groups.items()}

    def _now(self) -> tuple[float, float, float]:
        return time.monotonic(), machine_seconds(), cpu_seconds(self.own)

    def read(self) -> Cost:
        seconds, busy, own = (now - then for now, then in zip(self._now(), self.begin, strict=True))
        cpu = {name: now - self.cpu[name] for name, now in self._groups().items()}
        return Cost(seconds, cpu, disturbed_share(busy, own, seconds, os.cpu_count() or 1))


def disturbed_share(busy: float, own: float, seconds: float, cores: int) -> float:
    """Which share of the machine others used. Ticks are coarse, so it could come out a little below 0."""
    return max(0.0, (busy - own) / (seconds * cores)) if seconds > 0 else 0.0


def parent_named(pid: int, names: tuple[str, ...]) -> int | None:
    """The process above this one, if its name begins like one of these."""
    with suppress(psutil.NoSuchProcess):
        parent = psutil.Process(pid).parent()
        if parent and parent.name().startswith(names):
            return int(parent.pid)
    return None


def memory(root: int) -> dict[str, float]:
    """MiB of a process and all below it: `rss` counts shared pages once for each process, `pss` (Linux) once in all."""
    process = psutil.Process(root)
    tree = [process, *process.children(recursive=True)]
    total: dict[str, float] = {}
    for each in tree:
        with suppress(psutil.NoSuchProcess, psutil.AccessDenied):
            for name, value in each.memory_full_info()._asdict().items():
                total[name] = total.get(name, 0.0) + value / 2**20
    return {name: total[name] for name in ("rss", "pss") if name in total}
