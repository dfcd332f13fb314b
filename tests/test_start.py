"""How the server starts: not on a live edition that is not what was published, and with `--demo` on sample data."""

from __future__ import annotations

import os
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

import pytest
from django.contrib.auth.hashers import PBKDF2PasswordHasher

from bench.servers import free_port
from decisionaid.settings_test import ENVIRONMENT
from questionnaire.demo import studies
from questionnaire.demo.listed import TITLE
from questionnaire.demo.records import KNEE
from questionnaire.services import editions
from tests.browser.people import IN_A_TRIAL, Typed
from tests.browser.visitor import Visitor

pytestmark = [pytest.mark.pure, pytest.mark.slow]

ROOT = Path(__file__).resolve().parent.parent


def run(folder: Path, *arguments: str) -> subprocess.CompletedProcess[bytes]:
    environment = os.environ | ENVIRONMENT | {"DATABASE_URL": f"sqlite:///{folder / 'db.sqlite3'}"}
    return subprocess.run([sys.executable, *arguments], cwd=ROOT, env=environment, capture_output=True, check=False)


def test_a_tampered_live_edition_stops_the_start(tmp_path):
    start = ("-c", "import decisionaid.wsgi")
    assert run(tmp_path, *start).returncode == 0, "a database without tables is told of, and stops nothing"
    assert run(tmp_path, "manage.py", "migrate", "-v", "0").returncode == 0
    assert run(tmp_path, "manage.py", "publish_shipped_aid").returncode == 0
    assert run(tmp_path, *start).returncode == 0
    with sqlite3.connect(tmp_path / "db.sqlite3") as database:
        with pytest.raises(sqlite3.IntegrityError, match="never changes"):
            database.execute("UPDATE questionnaire_edition SET document = '{}'")
        database.execute("DROP TRIGGER edition_frozen_update")
        database.execute("DROP TRIGGER edition_locked_update")
        database.execute("UPDATE questionnaire_edition SET document = replace(document, 'not FDA', 'FDA')")
    database.close()
    stopped = run(tmp_path, *start)
    assert stopped.returncode != 0
    assert b"not what was published" in stopped.stderr


# --- script/server --demo


@pytest.fixture
def copy(tmp_path):
    """This repository without what it has made, with these packages as its environment."""
    made = shutil.ignore_patterns(".venv", ".git", "var", "__pycache__", ".*_cache", ".hypothesis")
    folder = shutil.copytree(ROOT, tmp_path / "copy", ignore=made)
    python = folder / ".venv" / "bin" / "python"
    python.parent.mkdir(parents=True)
    python.write_text(f'#!/bin/sh\nexec "{sys.executable}" "$@"\n')
    python.chmod(0o755)
    shutil.copy(folder / "requirements.txt", folder / ".venv" / "installed-requirements.txt")
    return folder


@contextmanager
def demonstration(folder: Path, **settings: str) -> Iterator[tuple[str, dict[str, str]]]:
    """Where it answers, and the accounts that it printed. Only its first process is told to stop."""
    port, log = free_port(), folder / "log"
    environment = {name: os.environ[name] for name in ("PATH", "HOME", "LANG", "TMPDIR") if name in os.environ}
    with log.open("wb") as out:
        process = subprocess.Popen(
            ["script/server", "--demo"],
            cwd=folder,
            env=environment | {"PORT": str(port), "DATABASE_URL": "sqlite:////nowhere/at/all"} | settings,
            stdout=out,
            stderr=out,
            start_new_session=True,
        )
    try:
        while "decisionaid is at" not in log.read_text():
            assert process.poll() is None, log.read_text()
            time.sleep(0.2)
        yield f"http://127.0.0.1:{port}", dict(re.findall(r"^  (demo-\S+) +(\S+)", log.read_text(), re.MULTILINE))
        process.terminate()
        process.wait(timeout=60)
        assert not left_of(process.pid), "something of it still runs"
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait(timeout=60)


def left_of(group: int) -> bool:
    """Whether any process of this group is there, after the time that it takes to notice the end of the first."""
    for _ in range(50):
        try:
            os.killpg(group, 0)
        except ProcessLookupError:
            return False
        time.sleep(0.1)
    return True


def study_page(address: str, number: str) -> str:
    """What a patient is shown who gives this number of a study."""
    visitor = Visitor(address)
    for slug, answer in IN_A_TRIAL.answers.items():
        if visitor.answer(slug, Typed(number) if slug == "trial-number" else answer) == "/study/":
            break
    return visitor.get("/study/")[2]


def works(database: Path, username: str, password: str) -> bool:
    with closing(sqlite3.connect(database)) as connection:
        found = connection.execute("SELECT password FROM auth_user WHERE username = ?", [username]).fetchone()
    return PBKDF2PasswordHasher().verify(password, found[0])


@pytest.mark.timeout(400)
def test_a_demonstration_is_one_command_and_new_at_each_start(copy):
    database = copy / "var" / "demo.sqlite3"
    with demonstration(copy) as (address, accounts):
        assert len(accounts) == 5
        assert all(works(database, *account) for account in accounts.items())
        with urllib.request.urlopen(f"{address}/") as reply:
            assert b"Example Practice (made up)" in reply.read()
        assert f"{TITLE}{KNEE.about}" in study_page(address, KNEE.number)
        assert "lists no study under this number" in study_page(address, studies.UNLISTED)
        assert all(f"  {number} " in (copy / "log").read_text() for number, _ in studies.TO_TRY)
        with closing(sqlite3.connect(database)) as connection:
            assert connection.execute("SELECT count(*) FROM questionnaire_review").fetchone() == (200,)
            assert connection.execute("SELECT count(*) FROM auth_user WHERE is_superuser").fetchone() == (0,)
            assert connection.execute("SELECT count(*) FROM questionnaire_recall").fetchone() > (0,)
            live = "SELECT document FROM questionnaire_edition WHERE status = 'published'"
            assert connection.execute(live).fetchone() == (editions.text_of(editions.shipped_document()),)
    assert {path.name for path in (copy / "var").glob("*.sqlite3")} == {"demo.sqlite3"}
    # Whoever names a registry has that one asked, here one that nobody answers at.
    with demonstration(copy, CTGOV_BASE_URL="http://127.0.0.1:9/api/v2") as (address, later):
        assert "http://127.0.0.1:9/api/v2" in (copy / "log").read_text()
        assert "could not check this number" in study_page(address, "NCT99000099")
        assert set(later) == set(accounts)
        assert not any(works(database, *account) for account in accounts.items())
        assert all(works(database, *account) for account in later.items())


def test_another_argument_is_refused():
    done = subprocess.run([ROOT / "script" / "server", "--dmeo"], capture_output=True, check=False)
    assert done.returncode == 2
    assert b"no argument but --demo" in done.stderr
