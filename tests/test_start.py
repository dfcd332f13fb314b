"""The server does not start on a live edition that is not what was published."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from decisionaid.settings_test import ENVIRONMENT

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
