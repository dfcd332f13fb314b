"""A stand-in for the trial registry on this computer, so that a demonstration asks nobody: `python -m` this module.

It answers as the API v2 of ClinicalTrials.gov does, from the made-up studies alone. Needs no Django and no database.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import os
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlsplit

from questionnaire.demo import listed
from questionnaire.demo.studies import STUDIES, UNREACHABLE

_BASE = "/api/v2"
_LOOKS = 0.5
"""Seconds between two looks at whether the process that it is for is still there."""


class Registry(ThreadingHTTPServer):
    """Listens on this computer alone. What it says stays the same until it stops, whatever the day.

    Attributes:
        base: its address, as `CTGOV_BASE_URL` takes it.
    """

    daemon_threads = True

    def __init__(self, port: int, today: dt.date) -> None:
        super().__init__(("127.0.0.1", port), _Handler)
        self.base = f"http://127.0.0.1:{self.server_port}{_BASE}"
        version = {"apiVersion": "made up", "dataTimestamp": f"{today - dt.timedelta(days=1)}T09:00:05"}
        self.replies = {f"{_BASE}/version": _said(version)}
        for study in STUDIES:
            if study.now.listed is not None:
                self.replies[f"{_BASE}/studies/{study.number}"] = _said(listed.as_json(study.now.listed, today))
            elif study.now.state == UNREACHABLE:
                self.replies[f"{_BASE}/studies/{study.number}"] = (503, "text/plain", b"Service unavailable")


def _said(held: dict[str, Any]) -> tuple[int, str, bytes]:
    return 200, "application/json", json.dumps(held).encode()


class _Handler(BaseHTTPRequestHandler):
    server: Registry

    def do_GET(self) -> None:
        # The registry tells of errors in plain text.
        missing = (404, "text/plain", b"There is no such study in the demonstration")
        status, kind, body = self.server.replies.get(urlsplit(self.path).path, missing)
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:
        """Quiet: somebody may try a real number out, and a log would keep it."""


def _stop_with(parent: int) -> None:
    """End this process once it is no longer that one's child, in whatever way that one ended."""
    while os.getppid() == parent:
        time.sleep(_LOOKS)
    os._exit(0)


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__, prog="python -m questionnaire.demo.registry")
    parser.add_argument("--port", type=int, default=0, help="where to listen; any free one unless told")
    parser.add_argument("--stop-with", type=int, metavar="PID", help="the parent process, with which this one ends")
    given = parser.parse_args(arguments)
    registry = Registry(given.port, dt.datetime.now(dt.UTC).date())
    if given.stop_with:
        threading.Thread(target=_stop_with, args=(given.stop_with,), daemon=True).start()
    # What a shell waits for, so it must not stay in a buffer.
    print(registry.base, flush=True)
    try:
        registry.serve_forever()
    except KeyboardInterrupt:
        sys.exit(130)


if __name__ == "__main__":
    main()
