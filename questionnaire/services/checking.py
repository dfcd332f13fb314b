"""Everything that stands between an edition and its publication: untidy spots, lint and proofs, as one report."""

from __future__ import annotations

import datetime as dt
import json
import subprocess
import sys
import time
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from questionnaire.domain import reading
from questionnaire.domain.content import Aid
from questionnaire.domain.entries import Problem
from questionnaire.domain.findings import ERROR, Finding
from questionnaire.domain.lint import lint
from questionnaire.domain.problem_places import of_problem
from questionnaire.domain.reading import Document
from questionnaire.domain.verdicts import Audience, Verdict
from questionnaire.models import Edition
from questionnaire.services import editions

SECONDS = 60
"""How long the solver may take: some thirty times what the shipped aid takes."""
_ROOT = Path(__file__).resolve().parent.parent.parent


class NotProved(RuntimeError):
    """The solver did not come to an end, so nothing is known."""


@dataclass(frozen=True)
class Report:
    """What the checks say of one content on one day.

    Attributes:
        findings: all that was found, errors first, those of failed safety properties among them.
        verdicts: each safety property with whether it holds.
        seconds: how long checking took.
    """

    findings: tuple[Finding, ...]
    verdicts: tuple[Verdict, ...]
    seconds: float

    @property
    def errors(self) -> tuple[Finding, ...]:
        return tuple(finding for finding in self.findings if finding.level == ERROR)

    @property
    def warnings(self) -> tuple[Finding, ...]:
        return tuple(finding for finding in self.findings if finding.level != ERROR)

    @property
    def publishable(self) -> bool:
        return not self.errors

    def to_json(self) -> dict[str, Any]:
        return {
            "publishable": self.publishable,
            "findings": [finding.to_json() for finding in self.findings],
            "properties": [verdict.to_json() for verdict in self.verdicts],
            "seconds": round(self.seconds, 3),
        }


def today() -> dt.date:
    return dt.datetime.now(dt.UTC).date()


def report(edition: Edition) -> Report:
    """The report on what this edition holds today. Kept while the content and the day are the same."""
    editions.document_of(edition)
    return _kept(edition.document, today())


@lru_cache(maxsize=4)
def _kept(text: str, day: dt.date) -> Report:
    return report_on(json.loads(text), day)


def report_on(document: Document, day: dt.date) -> Report:
    """The report on a document that need not be stored."""
    started = time.monotonic()
    aid, problems = reading.draft(document)
    findings = [_finding(document, problem) for problem in problems]
    verdicts: tuple[Verdict, ...] = ()
    if not any(problem.breaks for problem in problems):
        findings += lint(aid, day)
        try:
            verdicts = prove(document)
        except NotProved as error:
            findings.append(Finding(ERROR, "proof", f"The safety properties could not be proved: {error}."))
    findings += [finding for verdict in verdicts for finding in verdict.findings]
    ordered = sorted(findings, key=lambda finding: finding.level != ERROR)
    return Report(tuple(ordered), verdicts, time.monotonic() - started)


def unreadable(refused: reading.Refused) -> Report:
    """The report on files that cannot even be read."""
    return Report(tuple(Finding(ERROR, "content", str(problem)) for problem in refused.problems), (), 0.0)


def _finding(document: Document, problem: Problem) -> Finding:
    place = of_problem(document, problem)
    where = str(place) if place else ""
    return Finding(ERROR, "content", str(problem) if not where else problem.message, where, problem.key)


def prove(document: Document) -> tuple[Verdict, ...]:
    """Each safety property of this content with whether it holds for every possible person.

    Raises:
        NotProved: the solver failed, or took too long.
    """
    return tuple(Verdict.from_json(each) for each in _solved("prove", {"document": document}))


def audiences(before: Document, after: Document) -> tuple[Audience, ...]:
    """For each item whether more or other people would see it, with an example person.

    Raises:
        NotProved: see `prove`.
    """
    return tuple(Audience.from_json(each) for each in _solved("audiences", {"before": before, "after": after}))


def _solved(what: str, given: dict[str, Any]) -> list[Any]:
    program = [sys.executable, "-m", "questionnaire.domain.proving", what]
    try:
        done = subprocess.run(
            program, cwd=_ROOT, input=json.dumps(given).encode(), capture_output=True, timeout=SECONDS, check=False
        )
    except subprocess.TimeoutExpired:
        raise NotProved(f"it took longer than {SECONDS} seconds") from None
    if done.returncode:
        last = done.stderr.decode(errors="replace").strip().splitlines()[-1:]
        raise NotProved(f"the solver stopped ({''.join(last) or done.returncode})")
    answer: list[Any] = json.loads(done.stdout)
    return answer


def next_review_in(aid: Aid, day: dt.date) -> int:
    """Days until the content's next review is due; negative when it is overdue."""
    return (aid.next_review - day).days
