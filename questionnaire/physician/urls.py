"""Addresses of the physicians' pages, beneath /physician/. None of them ever holds a name or an answer."""

from __future__ import annotations

from django.urls import URLPattern, path

from questionnaire.physician import dashboard

app_name = "physician"

urlpatterns: list[URLPattern] = [
    path("dashboard/", dashboard.dashboard, name="dashboard"),
]
