"""Addresses of the physicians' pages, beneath /physician/. None of them ever holds a name or an answer."""

from __future__ import annotations

from django.urls import URLPattern, path

from questionnaire.physician import (
    chart,
    dashboard,
    exporting,
    inbox,
    onward,
    recalls,
    response,
    seen,
    steps,
    study,
    what_if,
)

app_name = "physician"

urlpatterns: list[URLPattern] = [
    path("dashboard/", dashboard.dashboard, name="dashboard"),
    path("recalls/", recalls.recall_list, name="recalls"),
    path("recalls/go-on/", recalls.go_on, name="recalls-go-on"),
    path("recalls/<int:entry>/", recalls.recall, name="recall"),
    path("<uuid:pk>/chart-note/", chart.note_page, name="chart-note"),
    path("<uuid:pk>/chart-note.txt", chart.note_file, name="chart-note-file"),
    path("<uuid:pk>/chart.pdf", chart.chart_file, name="chart"),
    path("export/", exporting.ask, name="ask-export"),
    path("export/<uuid:export>/", exporting.progress, name="export"),
    path("export/<uuid:export>/cancel/", exporting.cancel, name="cancel-export"),
    path("export/<uuid:export>/responses.csv", exporting.download, name="download"),
    path("<uuid:pk>/", response.response, name="response"),
    path("<uuid:pk>/here/", response.here, name="here"),
    path("<uuid:pk>/next/", onward.following, name="next"),
    path("<uuid:pk>/record/", response.record, name="record"),
    path("<uuid:pk>/check-again/", study.check_again, name="check-again"),
    path("<uuid:pk>/what-would-change/", what_if.what_if, name="what-would-change"),
    path("<uuid:pk>/as-seen/<int:number>/", seen.as_seen, name="as-seen"),
    path("<uuid:pk>/as-seen/<int:number>/guidance.pdf", seen.as_pdf, name="as-pdf"),
    path("<uuid:pk>/as-seen/<int:number>/check/", seen.check, name="as-seen-check"),
    path("<uuid:pk>/as-seen/<int:number>/about/", seen.about, name="as-seen-about"),
    path("<uuid:pk>/as-seen/<int:number>/about/<slug:rest>/", seen.about, name="as-seen-about-page"),
    *(path(f"<uuid:pk>/{name}/", steps.step, {"name": name}, name=name) for name in steps.STEPS),
    path("", inbox.inbox_page, name="inbox"),
]
