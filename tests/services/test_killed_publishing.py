"""A process killed at any statement of publishing leaves the editions as they were, or the new one whole."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = [pytest.mark.pure, pytest.mark.slow]

ROOT = Path(__file__).resolve().parent.parent.parent

PROGRAM = """
import json, os, shutil, signal, sys
import django
django.setup()
from django.core.management import call_command
from django.db import connection
call_command("migrate", verbosity=0)
from questionnaire.models import Edition
from questionnaire.services import checking, drafts, editions, opening, publishing
from tests import staff, web
checking.report = lambda edition: checking.Report((), (), 0.0)
ada, ben = staff.editor("ada"), staff.approver("ben")
web.publish(web.small_aid())
draft = opening.open_from(by=ada, edition=editions.live())
values = {"edition_id": draft.pk, "change_note": "Changed.", "safety_change": True}
reviewed = publishing.submit(by=ada, revision=draft.revision, **values)
connection.close()
path = connection.settings_dict["NAME"]
shutil.copy(path, path + ".before")

def publish(kill_at):
    count = 0
    def killer(execute, sql, params, many, context):
        nonlocal count
        result = execute(sql, params, many, context)
        count += 1
        if count == kill_at:
            os.kill(os.getpid(), signal.SIGKILL)
        return result
    with connection.execute_wrapper(killer):
        publishing.publish(by=ben, revision=reviewed.revision, **values)
    os._exit(0)

found = []
for kill_at in range(1, 60):
    for end in ("", "-wal", "-shm"):
        if os.path.exists(path + end):
            os.remove(path + end)
    shutil.copy(path + ".before", path)
    child = os.fork()
    if not child:
        publish(kill_at)
    _, status = os.waitpid(child, 0)
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA integrity_check")
        whole = cursor.fetchone()[0] == "ok"
    rows = list(Edition.objects.order_by("number").values_list("number", "status", "approved_by__username"))
    connection.close()
    found.append([os.WIFSIGNALED(status), whole, rows])
    if not os.WIFSIGNALED(status):
        break
print(json.dumps(found))
"""


def test_killed_at_every_statement(tmp_path):
    environment = os.environ | {
        "DATABASE_URL": f"sqlite:///{tmp_path / 'db.sqlite3'}",
        "DJANGO_SETTINGS_MODULE": "decisionaid.settings_test",
        "PYTHONPATH": str(ROOT),
    }
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM], cwd=ROOT, env=environment, capture_output=True, check=False, timeout=110
    )
    assert done.returncode == 0, done.stderr.decode()
    found = json.loads(done.stdout)
    before = [[1, "published", None], [2, "in-review", None]]
    after = [[1, "superseded", None], [2, "published", "ben"]]
    assert len(found) > 8, "publishing takes several statements, and each was tried"
    for killed, whole, rows in found[:-1]:
        assert killed
        assert whole
        assert rows in (before, after)
    assert [rows for _, _, rows in found].count(before) >= len(found) - 2
    assert found[-1] == [False, True, after]
