"""The servers under measurement, each in processes of its own: the decision aid and the thin journey, on one database.

Both run under the project's settings of gunicorn and of the database; only DJANGO_SETTINGS_MODULE differs.
"""

from __future__ import annotations

import os
import secrets
import socket
import subprocess
import sys
import time
from base64 import urlsafe_b64encode
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg
from psycopg import sql

from bench import http
from bench.processes import parent_named

ROOT = Path(__file__).resolve().parent.parent
WORKERS = 2
SETTINGS = {"aid": "bench.aid_settings", "thin": "bench.thin.settings"}


class Broken(RuntimeError):
    """Something that the benchmark needs does not work; the message says what."""


@dataclass(frozen=True)
class Server:
    name: str
    """aid, thin, or thin again."""
    port: int
    pid: int
    log: Path


def environment(scratch: Path, kind: str, database_url: str) -> dict[str, str]:
    """Production's environment on this computer; what the caller's shell sets for an instance does not count."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG", "TMPDIR") if name in os.environ}
    return kept | {
        "DJANGO_SETTINGS_MODULE": SETTINGS[kind],
        "DATABASE_URL": database_url,
        "BENCH_STATIC_ROOT": str(scratch / "static"),
        "SECRET_KEY": "only-for-benchmarks-" + "x" * 40,
        # Nobody answers there: what is measured is this program, and the public registry is not asked.
        "CTGOV_BASE_URL": "http://127.0.0.1:9",
        "FIELD_KEYS": urlsafe_b64encode(b"only-for-benchmarks" + b"x" * 13).decode(),
        "ALLOWED_HOSTS": "127.0.0.1",
        "HTTPS": "off",
        "WEB_CONCURRENCY": str(WORKERS),
        "PYTHONPATH": str(ROOT),
    }


def prepare(scratch: Path, kind: str, database_url: str) -> None:
    """Make the tables and, for the aid, publish the shipped edition and collect the static files."""
    command = ["script/prepare.py"] if kind == "aid" else ["-m", "django", "migrate", "--run-syncdb", "-v", "0"]
    (scratch / "static").mkdir(exist_ok=True)
    result = subprocess.run(
        [sys.executable, *command],
        cwd=ROOT,
        env=environment(scratch, kind, database_url),
        capture_output=True,
        text=True,
        timeout=180,
        check=False,
    )
    if result.returncode:
        raise Broken(f"{kind} cannot be made ready:\n{result.stderr[-2000:]}")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def started(scratch: Path, name: str, database_url: str) -> Iterator[Server]:
    """A server that answers, until the block ends."""
    kind, port = name.split()[0], free_port()
    log = scratch / f"{name.replace(' ', '-')}-{port}.log"
    with log.open("w") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "gunicorn", "-c", "decisionaid/gunicorn.py"],
            cwd=ROOT,
            env=environment(scratch, kind, database_url) | {"PORT": str(port)},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
        )
    try:
        _wait(process, port, log)
        yield Server(name, port, process.pid, log)
    finally:
        _stop(process)


def _wait(process: subprocess.Popen[bytes], port: int, log: Path) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and process.poll() is None:
        with suppress(OSError):
            if (reply := http.send(port, "/")).status == 200:
                return
            raise Broken(f"the server's start page answers {reply.status}:\n{log.read_text()[-2000:]}")
        time.sleep(0.1)
    raise Broken(f"a server does not start:\n{log.read_text()[-2000:]}")


def _stop(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(timeout=15)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


@contextmanager
def scratch_database(cluster_url: str) -> Iterator[str]:
    """A new database in this PostgreSQL, dropped at the end; what the cluster holds already is not touched."""
    name = f"decisionaid_bench_{secrets.token_hex(6)}"
    with psycopg.connect(cluster_url, autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    try:
        yield urlunsplit(urlsplit(cluster_url)._replace(path=f"/{name}"))
    finally:
        with psycopg.connect(cluster_url, autocommit=True) as connection:
            connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


def postmaster(cluster_url: str) -> int | None:
    """Process id of PostgreSQL's first process; None if it runs on another computer."""
    with psycopg.connect(cluster_url, autocommit=True) as connection:
        if connection.info.host not in ("", "127.0.0.1", "localhost", "::1") and connection.info.host[0] != "/":
            return None
        row = connection.execute("SELECT pg_backend_pid()").fetchone()
    # A database in a container has process ids of its own, which mean another process here.
    return parent_named(row[0], ("postgres", "postmaster")) if row else None
