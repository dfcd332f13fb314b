"""Addresses of the physicians' pages, beneath /physician/. None of them ever holds a name or an answer."""

from __future__ import annotations

from django.urls import URLPattern

app_name = "physician"

urlpatterns: list[URLPattern] = []
