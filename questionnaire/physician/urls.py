"""Addresses of the physicians' pages, beneath /physician/. None of them ever holds a name or an answer."""

from __future__ import annotations

from django.urls import URLPattern, path

from questionnaire.physician import chart, dashboard, exporting, recalls

app_name = "physician"

urlpatterns: list[URLPattern] = [
    path("dashboard/", dashboard.dashboard, name="dashboard"),
    path("recalls/", recalls.recall_list, name="recalls"),
    path("recalls/go-on/", recalls.go_on, name="recalls-go-on"),
    path("recalls/<int:entry>/", recalls.recall, name="recall"),
    path("<uuid:pk>/note/", chart.note_page, name="note"),
    path("<uuid:pk>/note.txt", chart.note_file, name="note-file"),
    path("<uuid:pk>/chart.pdf", chart.chart_file, name="chart"),
    path("export/", exporting.ask, name="ask-export"),
    path("export/<uuid:export>/", exporting.progress, name="export"),
    path("export/<uuid:export>/cancel/", exporting.cancel, name="cancel-export"),
    path("export/<uuid:export>/responses.csv", exporting.download, name="download"),
]
