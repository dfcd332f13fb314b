"""Addresses of the physicians' pages, beneath /physician/. None of them ever holds a name or an answer."""

from __future__ import annotations

from django.urls import URLPattern, path

from questionnaire.physician import dashboard, recalls

app_name = "physician"

urlpatterns: list[URLPattern] = [
    path("dashboard/", dashboard.dashboard, name="dashboard"),
    path("recalls/", recalls.recall_list, name="recalls"),
    path("recalls/go-on/", recalls.go_on, name="recalls-go-on"),
    path("recalls/<int:entry>/", recalls.recall, name="recall"),
]
