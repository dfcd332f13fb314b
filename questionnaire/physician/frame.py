"""What every page of the physicians shows around its content."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def page(request: HttpRequest, template: str, context: dict[str, Any], status: int = 200) -> HttpResponse:
    """Render a page of the physicians."""
    return render(request, template, context, status=status)


def sorry(request: HttpRequest, title: str, text: str, status: int = 409, kept: Any = ()) -> HttpResponse:
    """A page for what could not be done; `kept` pairs a label with what was typed, so that nothing is lost."""
    return page(request, "physician/sorry.html", {"title": title, "text": text, "kept": kept}, status)
