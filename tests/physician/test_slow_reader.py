"""A download whose reader is slow stops nobody else, and outlives the time after which a worker counts as stuck."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from bench import http
from tests.browser.server import Server

pytestmark = [pytest.mark.pure, pytest.mark.slow]

STUCK = 3
"""Seconds after which gunicorn kills a worker that gives no sign of life; 30 in real use."""
RESPONSES = 1500
READY = """
from questionnaire.models import Response, FinishedVersion, Review
from questionnaire.services import editions, exporting, queueing, sealing
from django.utils import timezone
from tests.staff_sessions import session_of
from tests.sharing import caller
from tests.staff import physician
import datetime, json, pathlib
now, edition, dora = timezone.now(), editions.live(), physician()
response = Response.objects.create(edition=edition, language="en", expires_at=now)
version = FinishedVersion.objects.create(response=response, number=1, edition=edition, language="en", answers={},
    outcome={}, finished_at=now)
who = sealing.seal(json.dumps({"name": "Ann", "born": "1961-05-06", "contact": "-"}))
long = sealing.seal("Long words. " * 1000)
Review.objects.bulk_create([Review(version=version, identity=who, question=long, queue=queueing.place(90, now),
    shared_at=now, expires_at=now + datetime.timedelta(days=1)) for _ in range(RESPONSES)])
export = exporting.ask(by=caller(dora), filters="")
pathlib.Path("FOLDER/made").write_text(f"{session_of(dora)} {export.pk}")
"""


@pytest.fixture
def server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    """One worker alone, so that a worker which is busy shows."""
    monkeypatch.setenv("GUNICORN_CMD_ARGS", f"--workers 1 --timeout {STUCK}")
    server = Server(tmp_path)
    server.prepare()
    server.run(READY.replace("RESPONSES", str(RESPONSES)).replace("FOLDER", str(tmp_path)))
    server.start()
    yield server
    server.stop()


def test_a_slow_reader_stops_nobody(server: Server, tmp_path: Path) -> None:
    session, export = (tmp_path / "made").read_text().split()
    place = f"/physician/export/{export}/"
    with socket.socket() as reader:
        reader.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 65536)
        reader.settimeout(60)
        reader.connect(("127.0.0.1", server.port))
        cookie = f"Cookie: sessionid={session}"
        reader.sendall(f"GET {place}responses.csv HTTP/1.1\r\nHost: 127.0.0.1\r\n{cookie}\r\n\r\n".encode())
        began = reader.recv(2000)
        assert began.startswith(b"HTTP/1.1 200"), began
        until = time.monotonic() + 2 * STUCK
        while time.monotonic() < until:
            assert http.send(server.port, "/").status == 200
            page = http.send(server.port, place, cookies={"sessionid": session})
            assert "Running" in page.text
            time.sleep(0.2)
        whole = bytearray(began)
        while whole[-5:] != b"0\r\n\r\n":
            more = reader.recv(1 << 20)
            assert more, "the download was broken off"
            whole += more
    assert whole.count(b",Ann,1961-05-06,") == RESPONSES
    assert f"Done: all {RESPONSES} responses" in http.send(server.port, place, cookies={"sessionid": session}).text
