"""Links are asked of a real server on this computer: alive, gone, refused, slow, and no server at all."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from questionnaire.integrations import links

pytestmark = pytest.mark.pure


class Site(BaseHTTPRequestHandler):
    asked: list[str]

    def do_GET(self) -> None:
        self.asked.append(self.path)
        status = {"/gone": 410, "/missing": 404, "/moved": 301, "/forbidden": 403, "/broken": 500}.get(self.path, 200)
        self.send_response(status)
        if status == 301:
            self.send_header("Location", "/alive")
        if self.path == "/odd":
            self.wfile.write(b"nonsense")
        self.end_headers()

    def log_message(self, *args: object) -> None:
        """Quiet."""


@pytest.fixture
def site() -> Iterator[str]:
    Site.asked = []
    server = ThreadingHTTPServer(("127.0.0.1", 0), Site)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def test_what_is_there_is_not_told_and_what_is_gone_is_dead(site):
    found = links.doubtful([f"{site}/{path}" for path in ("alive", "moved", "gone", "missing", "alive")])
    assert [(answer.address.removeprefix(site), answer.dead) for answer in found] == [
        ("/gone", True),
        ("/missing", True),
    ]
    assert "410" in found[0].why
    assert sorted(Site.asked) == ["/alive", "/alive", "/gone", "/missing", "/moved"]


def test_what_could_not_be_checked_is_not_called_dead(site):
    found = links.doubtful([f"{site}/forbidden", f"{site}/broken", "http://127.0.0.1:9/", "https://[broken"])
    assert len(found) == 4
    assert not any(answer.dead for answer in found)
    assert "may still be there" in next(answer.why for answer in found if "403" in answer.why)
    assert "could not be reached" in next(answer.why for answer in found if ":9/" in answer.address)


def test_a_site_that_does_not_answer_is_given_up_on(monkeypatch):
    monkeypatch.setattr(links, "SECONDS", 0.2)
    server = ThreadingHTTPServer(("127.0.0.1", 0), BaseHTTPRequestHandler)
    found = links.doubtful([f"http://127.0.0.1:{server.server_port}/"])
    server.server_close()
    assert [answer.dead for answer in found] == [False]
