"""A trial registry of the tests' own, on this computer: it answers as it is told, well or badly."""

from __future__ import annotations

import json
import socket
import struct
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from tests import records

STAMP = "2026-11-25T09:00:06"


class Asked:
    """One request as it came."""

    def __init__(self, handler: BaseHTTPRequestHandler) -> None:
        self.at = time.monotonic()
        self.method, self.path = handler.command, handler.path
        self.headers = {name.lower(): value for name, value in handler.headers.items()}

    @property
    def number(self) -> str:
        return self.path.partition("?")[0].rpartition("/")[2]


Play = Callable[["_Handler"], None]


class Registry:
    """`plays` tells what to do for a number; other numbers get their real record, or 404.

    `stamps` are what it tells of when its data are, one after the other; the last one stays. Empty, it does not tell.
    """

    def __init__(self) -> None:
        self.stamps = [STAMP]
        self.asked: list[Asked] = []
        self.plays: dict[str, Play] = {}
        self.over = threading.Event()
        registry = self

        class Handler(_Handler):
            playing = registry

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.base = f"http://127.0.0.1:{self.server.server_port}/api/v2"

    def tell_stamp(self, handler: _Handler) -> None:
        if not self.stamps:
            return text(503)(handler)
        stamp = self.stamps.pop(0) if len(self.stamps) > 1 else self.stamps[0]
        return say({"apiVersion": "2.0.5", "dataTimestamp": stamp})(handler)

    def versions(self) -> int:
        """How often it was asked of when its data are."""
        return sum(each.path.endswith("/version") for each in self.asked)

    def studies(self) -> list[str]:
        """The numbers that were asked for, in order."""
        return [each.number for each in self.asked if "/studies/" in each.path]


class _Handler(BaseHTTPRequestHandler):
    playing: Registry

    def do_GET(self) -> None:
        asked = Asked(self)
        self.playing.asked.append(asked)
        try:
            if asked.path.endswith("v2/version"):
                self.playing.tell_stamp(self)
            elif asked.number in self.playing.plays:
                self.playing.plays[asked.number](self)
            elif asked.number in records.NUMBERS:
                say(records.raw(asked.number))(self)
            else:
                text(404, f"NCT number {asked.number} not found")(self)
        except OSError:
            return

    def log_message(self, *args: object) -> None:
        """Quiet."""


@contextmanager
def running() -> Iterator[Registry]:
    registry = Registry()
    thread = threading.Thread(target=registry.server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield registry
    finally:
        registry.over.set()
        registry.server.shutdown()
        registry.server.server_close()


def send(status: int, body: bytes, kind: str, **headers: str) -> Play:
    def play(handler: _Handler) -> None:
        handler.send_response(status)
        handler.send_header("Content-Type", kind)
        handler.send_header("Content-Length", str(len(body)))
        for name, value in headers.items():
            handler.send_header(name.replace("_", "-"), value)
        handler.end_headers()
        handler.wfile.write(body)

    return play


def say(held: Any) -> Play:
    return send(200, json.dumps(held).encode(), "application/json")


def text(status: int, words: str = "") -> Play:
    """As the registry tells of errors: never in JSON."""
    return send(status, words.encode(), "text/plain")


def moved(to: str) -> Play:
    return send(301, b"", "text/plain", Location=f"/api/v2/studies/{to}")


def after(seconds: float, play: Play) -> Play:
    def late(handler: _Handler) -> None:
        handler.playing.over.wait(seconds)
        play(handler)

    return late


def drip(handler: _Handler) -> None:
    """A byte of a body a tenth of a second, for as long as anybody listens."""
    handler.send_response(200)
    handler.send_header("Content-Type", "application/json")
    handler.end_headers()
    _dripping(handler)


def drip_headers(handler: _Handler) -> None:
    handler.wfile.write(b"HTTP/1.1 200 OK\r\nX-Long: ")
    _dripping(handler)


def _dripping(handler: _Handler) -> None:
    while not handler.playing.over.wait(0.1):
        handler.wfile.write(b" ")
        handler.wfile.flush()


def reset(handler: _Handler) -> None:
    """The connection is torn down in the middle of the answer."""
    handler.send_response(200)
    handler.send_header("Content-Length", "1000")
    handler.end_headers()
    handler.wfile.write(b'{"protocolSection"')
    handler.wfile.flush()
    handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    handler.connection.close()


def hang_up(handler: _Handler) -> None:
    handler.connection.shutdown(socket.SHUT_RDWR)
