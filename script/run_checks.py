"""The steps of script/test, fast ones first; it goes on after a failure, so that one run tells everything.

It ends with a summary and a line "N passed, N failed" over all tests. With CI set, what could not run has failed.
"""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import xml.etree.ElementTree as ElementTree
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tests.postgres import NoPostgres, scratch_cluster  # noqa: E402

# What pytest exits with when nothing is selected.
NO_TESTS_COLLECTED = {5: "not run: there is no such test"}

# Given to this Python, so that nothing depends on what PATH finds.
CHECKS = {
    "format": ["-m", "ruff", "format", "--check", "--quiet", "."],
    "lint": ["-m", "ruff", "check", "--quiet", "."],
    "imports": ["-c", "from importlinter.cli import lint_imports_command; lint_imports_command()"],
    "types": ["-m", "mypy"],
    "migrations": ["manage.py", "makemigrations", "--check", "--dry-run", "--settings", "decisionaid.settings_test"],
}


@dataclass
class Step:
    name: str
    outcome: str  # passed, failed, or "not run: why"
    seconds: float = 0.0


@dataclass
class Run:
    folder: Path
    steps: list[Step] = field(default_factory=list)
    passed: int = 0
    failed: int = 0
    skipped: list[str] = field(default_factory=list)

    def command(self, name: str, command: list[str], codes: dict[int, str] | None = None, **environment: str) -> int:
        print(f"\n=== {name}", flush=True)
        start = time.monotonic()
        code = subprocess.run(command, cwd=ROOT, env=os.environ | environment, check=False).returncode
        outcome = ({0: "passed"} | (codes or {})).get(code, "failed")
        self.steps.append(Step(name, outcome, time.monotonic() - start))
        print(f"=== {name}: {outcome} in {self.steps[-1].seconds:.1f} s", flush=True)
        return code

    def not_run(self, name: str, why: str) -> None:
        self.steps.append(Step(name, f"not run: {why}"))
        print(f"\n=== {name}: not run: {why}", flush=True)

    def pytest(self, name: str, marks: str, *arguments: str, **environment: str) -> None:
        report = self.folder / f"{len(self.steps)}.xml"
        command = [sys.executable, "-m", "pytest", "-q", "-m", marks, f"--junitxml={report}", *arguments]
        failed_before = self.failed
        code = self.command(name, command, NO_TESTS_COLLECTED, **environment)
        if code in NO_TESTS_COLLECTED:
            return
        if report.is_file():
            self.count(name, report)
        if code and self.failed == failed_before:
            # It died before it could write what failed.
            self.failed += 1

    def count(self, name: str, report: Path) -> None:
        for case in ElementTree.parse(report).iter("testcase"):
            skip = case.find("skipped")
            if case.find("failure") is not None or case.find("error") is not None:
                self.failed += 1
            elif skip is not None:
                self.skipped.append(f"{name}: {case.get('name')}: {skip.get('message')}")
            else:
                self.passed += 1

    def summary(self) -> int:
        print("\n=== Summary")
        for step in self.steps:
            print(f"{step.name:24} {step.seconds:6.1f} s  {step.outcome}")
        for test in self.skipped:
            print(f"skipped in {test}")
        bad = any(step.outcome == "failed" for step in self.steps)
        if os.environ.get("CI") and any(step.outcome.startswith("not run") for step in self.steps):
            print("CI is set: what was not run counts as failed.")
            bad = True
        skipped = f", {len(self.skipped)} skipped" if self.skipped else ""
        print(f"\n{self.passed} passed, {self.failed} failed{skipped}", flush=True)
        return int(bad)


def find_chromium() -> str | None:
    if given := os.environ.get("CHROMIUM"):
        return given if shutil.which(given) else None
    return next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)


def main() -> int:
    # A terminated run must still stop its PostgreSQL.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    given_database = os.environ.get("DATABASE_URL")
    with tempfile.TemporaryDirectory(prefix="decisionaid-test-") as folder:
        run = Run(Path(folder))
        for name, command in CHECKS.items():
            run.command(name, [sys.executable, *command])
        memory = "sqlite:///:memory:"
        run.pytest("tests, SQLite", "not browser", "-n", "2", "--dist", "worksteal", DATABASE_URL=memory)
        try:
            with scratch_cluster() as url:
                run.pytest("tests, PostgreSQL", "not pure and not browser", DATABASE_URL=url)
        except NoPostgres as error:
            run.not_run("tests, PostgreSQL", str(error))
        if chromium := find_chromium():
            run.pytest("tests, browser", "browser", CHROMIUM=chromium, DATABASE_URL=given_database or memory)
        else:
            run.not_run("tests, browser", "no Chromium found: install it, or set CHROMIUM to where it is")
        return run.summary()


if __name__ == "__main__":
    sys.exit(main())
