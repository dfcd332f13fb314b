"""What every page of the physicians shows around its content."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from questionnaire.physician import done


def page(request: HttpRequest, template: str, context: dict[str, Any], status: int = 200) -> HttpResponse:
    """Render a page of the physicians, with what was done with the response before this one."""
    before = done.told(request)
    if before:
        context = {"messages": [*before, *messages.get_messages(request)], **context}
    return render(request, template, context, status=status)


def sorry(request: HttpRequest, title: str, text: str, status: int = 409, kept: Any = ()) -> HttpResponse:
    """A page for what could not be done; `kept` pairs a label with what was typed, so that nothing is lost."""
    return page(request, "physician/sorry.html", {"title": title, "text": text, "kept": kept}, status)
