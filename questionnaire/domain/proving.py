"""Prove an aid, or compare two, in a process of its own: `python -m questionnaire.domain.proving prove|audiences`.

It reads JSON from standard input and writes JSON. The solver takes tens of megabytes that a web worker would keep.
"""

from __future__ import annotations

import json
import sys
from typing import Any

from questionnaire.domain import impact, proof, reading


def answer(what: str, given: dict[str, Any]) -> list[Any]:
    """What is asked: the verdicts on `document`, or the audiences that differ between `before` and `after`."""
    if what == "prove":
        aid, _problems = reading.draft(given["document"])
        return [verdict.to_json() for verdict in proof.prove(aid)]
    before, _ = reading.draft(given["before"])
    after, _ = reading.draft(given["after"])
    return [audience.to_json() for audience in impact.audiences(before, after)]


if __name__ == "__main__":
    json.dump(answer(sys.argv[1], json.load(sys.stdin.buffer)), sys.stdout)
