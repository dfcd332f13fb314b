"""One request over a fresh connection, as cheap as Python allows: the server is to be the bottleneck, not the client.

Connections are not kept, for every target alike: each request asks for its own to be closed.
"""

from __future__ import annotations

import gzip
import socket
from dataclasses import dataclass

PATIENCE = 60.0
"""Seconds until a request counts as failed."""


@dataclass(frozen=True)
class Reply:
    status: int
    headers: dict[str, str]
    cookies: tuple[tuple[str, str], ...]
    body: bytes
    size: int
    """Bytes as they came, headers and all."""

    @property
    def text(self) -> str:
        body = gzip.decompress(self.body) if self.headers.get("content-encoding") == "gzip" else self.body
        return body.decode()


def send(
    port: int, path: str, *, form: bytes | None = None, cookies: dict[str, str] | None = None, encodings: str = "gzip"
) -> Reply:
    """GET, or POST when there is a form.

    Raises:
        OSError: no answer, or one that breaks off.
    """
    lines = [
        f"{'GET' if form is None else 'POST'} {path} HTTP/1.1",
        f"Host: 127.0.0.1:{port}",
        "Connection: close",
        f"Accept-Encoding: {encodings}",
    ]
    if cookies:
        lines.append("Cookie: " + "; ".join(f"{name}={value}" for name, value in cookies.items()))
    if form is not None:
        lines += ["Content-Type: application/x-www-form-urlencoded", f"Content-Length: {len(form)}"]
    with socket.create_connection(("127.0.0.1", port), timeout=PATIENCE) as connection:
        connection.sendall("\r\n".join([*lines, "", ""]).encode() + (form or b""))
        chunks = []
        while chunk := connection.recv(65536):
            chunks.append(chunk)
    return _read(b"".join(chunks))


def _read(raw: bytes) -> Reply:
    head, separator, body = raw.partition(b"\r\n\r\n")
    first, *lines = head.decode("latin-1").split("\r\n")
    pairs = [(name.lower(), value.strip()) for name, _, value in (line.partition(":") for line in lines)]
    headers = dict(pairs)
    # A truncated answer must not pass for a short one.
    if not separator or len(body) != int(headers.get("content-length", len(body))):
        raise OSError("the answer broke off")
    set_cookies = (value.partition(";")[0].partition("=") for name, value in pairs if name == "set-cookie")
    cookies = tuple((name, value) for name, _, value in set_cookies)
    return Reply(int(first.split(" ", 2)[1]), headers, cookies, body, len(raw))
