"""The aid's small Markdown subset, as clean HTML and as plain blocks for print.

What comes out holds only the tags and links named here, whatever went in.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import nh3
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt
from markdown_it.token import Token

_TAGS = {"p", "strong", "em", "ul", "ol", "li", "a", "h2", "h3", "br"}
_SCHEMES = {"https", "tel", "mailto"}
_parser = MarkdownIt("commonmark", {"html": False}).disable(
    ["image", "code", "fence", "blockquote", "hr", "html_block"]
)


@lru_cache(maxsize=4096)
def html(text: str) -> SafeString:
    """The text as HTML that is safe to put on a page."""
    rendered = _parser.render(text)
    clean = nh3.clean(rendered, tags=_TAGS, attributes={"a": {"href"}}, url_schemes=_SCHEMES, link_rel="noreferrer")
    return mark_safe(clean.strip())


def blocks(text: str) -> list[dict[str, Any]]:
    """The text as blocks: `{"kind": "paragraph" | "item" | "heading-2" | "heading-3", "runs": [...]}`.

    A run is `{"text": …}`, with `"bold": True` where it is bold and `"link": address` where it is a link.
    """
    found: list[dict[str, Any]] = []
    kind = "paragraph"
    for token in _parser.parse(text):
        if token.type == "heading_open":
            kind = f"heading-{token.tag[1:]}"
        elif token.type == "list_item_open":
            kind = "item"
        elif token.type in ("heading_close", "list_item_close"):
            kind = "paragraph"
        elif token.type == "inline":
            found.append({"kind": kind, "runs": _runs(token.children or [])})
    return found


def _runs(tokens: list[Token]) -> list[dict[str, Any]]:
    runs: list[dict[str, Any]] = []
    style: dict[str, Any] = {}
    for token in tokens:
        if token.type == "strong_open":
            style = style | {"bold": True}
        elif token.type == "link_open":
            href = str(token.attrGet("href") or "")
            style = style | ({"link": href} if href.split(":")[0] in _SCHEMES else {})
        elif token.type in ("strong_close", "link_close"):
            dropped = "bold" if token.type == "strong_close" else "link"
            style = {key: value for key, value in style.items() if key != dropped}
        elif token.type in ("softbreak", "hardbreak"):
            runs.append({"text": " ", **style})
        elif token.content:
            runs.append({"text": token.content, **style})
    return runs


def plain(text: str) -> str:
    """The words alone, without marks: for measuring and for comparing."""
    return "\n".join("".join(run["text"] for run in block["runs"]) for block in blocks(text))
