"""Addresses of the guidance editor, beneath /admin/guidance/."""

from django.urls import include, path

from questionnaire.editor import board, checks, conditions, contents, editions, entries, preview, review, shown

app_name = "guidance"

_preview = [
    path("", preview.start, name="preview"),
    path("restart/", preview.restart, name="preview-restart"),
    path("person/", preview.person, name="preview-person"),
    path("q/<slug:slug>/", preview.question, name="preview-question"),
    path("check/", preview.check, name="preview-check"),
    path("urgent/", preview.urgent_now, name="preview-urgent"),
    path("result/", preview.result, name="preview-result"),
    path("about/", preview.background, name="preview-about"),
    path("about/<slug:slug>/", preview.background, name="preview-background"),
    path("shown/<slug:room>/<slug:name>/", shown.shown, name="preview-shown"),
]

urlpatterns = [
    path("", board.board, name="board"),
    path("open/", board.open_draft, name="open"),
    path("safety/", checks.safety, name="safety"),
    path("editions/<int:number>/", editions.edition, name="edition"),
    path("preview/", include(_preview)),
    path("draft/", contents.contents, name="contents"),
    path("draft/discard/", board.discard, name="discard"),
    path("draft/checks/", checks.checks, name="checks"),
    path("draft/review/", review.review, name="review"),
    path("draft/add/<slug:room>/", entries.add, name="add"),
    path("draft/<slug:room>/<slug:name>/", entries.entry, name="entry"),
    path("draft/<slug:room>/<slug:name>/when/", conditions.when, name="when"),
    path("draft/<slug:room>/<slug:name>/move/", entries.move, name="move"),
    path("draft/<slug:room>/<slug:name>/remove/", entries.remove, name="remove"),
]
