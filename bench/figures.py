"""From measurements to figures: a ratio inside each round, then median, least and most over the rounds. Pure."""

from __future__ import annotations

import math
import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

DISTURBED = 0.10
"""A round in which others used more of the machine than this is marked; it counts all the same."""


@dataclass(frozen=True)
class Sample:
    """One target in one round."""

    cpu: float
    """Processor milliseconds a journey, of the server and, where it is another process, of the database."""
    speed: float
    """Journeys a second."""
    p50: float
    p99: float
    """Milliseconds from connecting to the answer's last byte, over all requests."""
    disturbed: float


Round = Mapping[str, Sample]
"""Samples by target."""


@dataclass(frozen=True)
class Spread:
    median: float
    least: float
    most: float

    def __str__(self) -> str:
        return f"{self.median:.2f} ({self.least:.2f}-{self.most:.2f})"


def spread(values: Sequence[float]) -> Spread:
    return Spread(statistics.median(values), min(values), max(values))


def percentile(values: Sequence[float], share: float) -> float:
    """The smallest value that this share of the values does not exceed."""
    return sorted(values)[max(0, math.ceil(share * len(values)) - 1)]


def ratios(rounds: Sequence[Round], target: str, reference: str, figure: str) -> list[float]:
    """Target over reference, each from the same round: from one round to the next the machine itself changes."""
    return [getattr(each[target], figure) / getattr(each[reference], figure) for each in rounds]


def is_disturbed(each: Round) -> bool:
    return any(sample.disturbed > DISTURBED for sample in each.values())
