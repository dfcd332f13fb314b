"""What tests of the registry share: an aid that checks numbers, and a registry here that answers as told."""

from __future__ import annotations

import copy
import datetime as dt
import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from unittest.mock import patch

from questionnaire.domain import folder, trial_rules
from questionnaire.services import editions, registry_turn
from tests.web import item, small_aid, text

RECORDS = Path(__file__).parent / "records"
LUNGS, KNEES, HOSPITALS, SUSPENDED = "NCT05354141", "NCT05060107", "NCT04493242", "NCT04064879"
"""Numbers of real records: a US study of exosomes for lungs; one for knees, not open, without places; and others."""


def record(number: str) -> dict[str, Any]:
    held: dict[str, Any] = json.loads((RECORDS / f"{number}.json").read_text())
    return held


def checked_aid(document: dict[str, Any]) -> None:
    """Give the small aid the registry's facts, words and ladder, and guidance that goes by them."""
    shipped = folder.document_of(editions.SHIPPED)
    trial, ladder = copy.deepcopy(shipped["trial.yaml"]), copy.deepcopy(shipped["ladder.yaml"])
    trial["evidence"] = {slug: ["E-1"] for slug in trial["evidence"]}
    trial["part_of"] = {"joint-site": {"knee": ["knee"], "hip": ["hip"]}}
    ladder["evidence"] = ["E-1"]
    ladder["when"] = {"all": [{"question": "problem", "is": "joint"}]}
    for rung in ladder["rungs"]:
        rung["evidence"] = ["E-1"]
        rung["sayings"] = [each for each in rung["sayings"] if "question" not in each["when"]["all"][0]]
        if "item" in rung:
            rung["item"] = "ask-number"
    ladder["rungs"][0]["sayings"].append(
        {
            "by": "you",
            "text": text("You gave a number."),
            "when": {"all": [{"question": "trial-number", "answered": True}]},
        }
    )
    document["trial.yaml"], document["ladder.yaml"] = trial, ladder
    facts = [{"slug": slug, "values": list(values)} for slug, values in trial_rules.FACTS.items()]
    document["aid.yaml"]["facts"] = facts
    document["guidance/all.yaml"] += [
        item("not-listed", "caution", rank=50, when={"all": [{"fact": "registry", "is": "not-found"}]}),
        item("other-problem", "caution", rank=60, when={"all": [{"fact": "registry-body-part", "is": "other"}]}),
        item(
            "not-on-list",
            "caution",
            rank=70,
            when={"all": [{"fact": "registry-site", "is": ["us-elsewhere", "same-state"]}]},
        ),
    ]


def aid(change: Callable[[dict[str, Any]], None] | None = None) -> dict[str, Any]:
    """The small aid that checks numbers, after `change` had its way with it."""

    def both(document: dict[str, Any]) -> None:
        checked_aid(document)
        if change is not None:
            change(document)

    return small_aid(both)


class Registry:
    """A registry that keeps what it was asked. `says` is a status with a body, or a record.

    `says` may be changed at any time; `slow` is how many seconds it waits before each answer. The number `moves` alone
    is answered with where it moved to, if one is named. `data` is what it says of
    when its data are, empty if it does not tell. While it runs, nobody need wait for a turn.
    """

    def __init__(self) -> None:
        self.asked: list[tuple[str, dict[str, str], bytes]] = []
        self.says: Any = None
        self.slow = 0.0
        self.moved_to = ""
        self.moves = ""
        self.data = "2026-05-01T09:00:06"
        handler = type("Handler", (_Handler,), {"registry": self})
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self.base = f"http://127.0.0.1:{self.server.server_address[1]}/api/v2"

    @contextmanager
    def running(self) -> Iterator[Registry]:
        thread = threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        try:
            with patch.object(registry_turn, "SPACING", dt.timedelta(0)):
                yield self
        finally:
            self.server.shutdown()
            self.server.server_close()


class _Handler(BaseHTTPRequestHandler):
    registry: Registry

    def do_GET(self) -> None:
        size = int(self.headers.get("Content-Length") or 0)
        self.registry.asked.append((self.path, dict(self.headers), self.rfile.read(size)))
        time.sleep(self.registry.slow)
        said = self.registry.says
        if self.path.endswith("/version"):
            said = {"dataTimestamp": self.registry.data} if self.registry.data else (503, "")
        if self.registry.moves and f"/{self.registry.moves}" in self.path:
            said = (301, "")
        status, body = (200, json.dumps(said)) if isinstance(said, dict) else said
        kind = "application/json" if status == 200 else "text/plain"
        try:
            self.send_response(status)
            if self.registry.moved_to and status != 200:
                self.send_header("Location", f"/api/v2/studies/{self.registry.moved_to}")
            self.send_header("Content-Type", kind)
            self.end_headers()
            self.wfile.write(body.encode())
        except OSError:
            return

    def log_message(self, format: str, *args: Any) -> None:
        return
