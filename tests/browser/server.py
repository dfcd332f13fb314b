"""The server under test: the gunicorn of script/server on a database of its own, started and stopped at will."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.error import URLError

from decisionaid.settings_test import ENVIRONMENT

ROOT = Path(__file__).resolve().parent.parent.parent
START_SECONDS = 30


class NotReady(RuntimeError):
    """The server did not come up; the message holds what it wrote."""


class Server:
    def __init__(self, folder: Path, **environment: str) -> None:
        self.folder = folder
        self.log = folder / "server.log"
        self.port = _free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self._process: subprocess.Popen[bytes] | None = None
        self._environment = os.environ | ENVIRONMENT
        self._environment |= {
            "DJANGO_SETTINGS_MODULE": "tests.browser.settings",
            "SCRATCH": str(folder),
            "DATABASE_URL": f"sqlite:///{folder / 'db.sqlite3'}",
            "STATIC_MANIFEST": "on",
            "DEBUG": "off",
            "PORT": str(self.port),
            "WEB_CONCURRENCY": "2",
            "PYTHONPATH": str(ROOT),
        } | environment

    def prepare(self) -> None:
        """Migrate, publish the shipped aid, collect the static files: what script/server does before it serves."""
        done = subprocess.run(
            [sys.executable, "script/prepare.py"], cwd=ROOT, env=self._environment, capture_output=True, check=False
        )
        if done.returncode:
            raise NotReady(done.stderr.decode())

    def run(self, program: str) -> None:
        """Run these lines in the project, on this server's database."""
        done = subprocess.run(
            [sys.executable, "manage.py", "shell", "-c", program],
            cwd=ROOT,
            env=self._environment,
            capture_output=True,
            check=False,
        )
        if done.returncode:
            raise NotReady(done.stderr.decode())

    @contextmanager
    def copied(self, folder: Path, **environment: str) -> Iterator[Server]:
        """Another server that runs on a copy of this one's database, with these settings besides."""
        shutil.copytree(self.folder, folder, dirs_exist_ok=True)
        server = Server(folder, **environment)
        server.start()
        try:
            yield server
        finally:
            server.stop()

    def start(self) -> None:
        """Serve, in a process group of its own, and wait until it can."""
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "gunicorn", "-c", "decisionaid/gunicorn.py"],
                cwd=ROOT,
                env=self._environment,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        deadline = time.monotonic() + START_SECONDS
        while not self._is_ready():
            if self._process.poll() is not None or time.monotonic() > deadline:
                self.stop(signal.SIGKILL)
                raise NotReady(self.log.read_text())
            time.sleep(0.05)

    def stop(self, how: signal.Signals = signal.SIGTERM) -> None:
        """End it and all its workers; with SIGKILL as a power cut would."""
        if self._process is not None:
            os.killpg(self._process.pid, how)
            self._process.wait(timeout=START_SECONDS)
            self._process = None

    def _is_ready(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.url}/readyz", timeout=2) as reply:
                return bool(reply.status == 200)
        except (URLError, OSError):
            return False


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
