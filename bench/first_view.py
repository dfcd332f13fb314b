"""What a browser fetches to show its first question page: the page and all that it links to, as sent over the wire."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import urljoin

from bench import http
from bench.servers import Broken
from bench.walker import between

_LINK = re.compile(r"<link\b[^>]*>")
_FETCHED_RELATIONS = re.compile(r'rel="(?:stylesheet|icon|preload|modulepreload|manifest|apple-touch-icon)"')
_HREF = re.compile(r'href="([^"]+)"')
_SOURCE = re.compile(r'<(?:script|img|source|iframe)\b[^>]*\bsrc="([^"]+)"')
_IN_CSS = re.compile(r'url\(\s*["\']?([^"\')]+)|@import\s+["\']([^"\']+)')


@dataclass(frozen=True)
class FirstView:
    requests: int
    body: int
    """Bytes of the bodies, compressed as they were sent."""
    sent: int
    """Bytes with the headers."""


def first_view(port: int) -> FirstView:
    """Of a browser with an empty cache that opens the first question.

    Raises:
        Broken: something on the page does not load.
    """
    start = _get(port, "/", "identity").text
    path = "/q/" + between(start, 'href="/q/', '"', "the start page links to no question")
    waiting = [path]
    fetched: dict[str, http.Reply] = {}
    while waiting:
        if (address := waiting.pop()) in fetched:
            continue
        fetched[address] = _get(port, address, "gzip, br")
        plain = _get(port, address, "identity")
        found = _links(plain)
        waiting += [urljoin(address, link) for link in found if not link.startswith(("data:", "#", "http:", "https:"))]
    replies = fetched.values()
    return FirstView(len(fetched), sum(len(each.body) for each in replies), sum(each.size for each in replies))


def _get(port: int, path: str, encodings: str) -> http.Reply:
    reply = http.send(port, path, encodings=encodings)
    if reply.status != 200:
        raise Broken(f"the first view of a question: {path} answers {reply.status}")
    return reply


def _links(reply: http.Reply) -> list[str]:
    kind = reply.headers.get("content-type", "")
    if kind.startswith("text/css"):
        return [first or second for first, second in _IN_CSS.findall(reply.text)]
    if not kind.startswith("text/html"):
        return []
    links = [tag for tag in _LINK.findall(reply.text) if _FETCHED_RELATIONS.search(tag)]
    return [found[1] for tag in links if (found := _HREF.search(tag))] + _SOURCE.findall(reply.text)
