"""Addresses of patients' pages. None of them ever carries an answer."""

from django.urls import path

from questionnaire.patient import about, health, keeping, questions, results, sharing, study

urlpatterns = [
    path("", questions.start, name="start"),
    path("q/<slug:slug>/", questions.question, name="question"),
    path("check/", questions.check, name="check"),
    path("study/", study.study, name="study"),
    path("urgent/", results.urgent, name="urgent"),
    path("result/", results.result, name="result"),
    path("result.pdf", results.result_pdf, name="result-pdf"),
    path("share/", sharing.share, name="share"),
    path("shared/", sharing.shared, name="shared"),
    path("withdraw/", sharing.withdraw, name="withdraw"),
    path("save/", keeping.save, name="save"),
    path("return/", keeping.come_back, name="return"),
    path("erase/", keeping.erase, name="erase"),
    path("about/", about.page, name="about"),
    path("about/sources/", about.sources, name="sources"),
    path("about/words/", about.words, name="words"),
    path("about/<slug:slug>/", about.page, name="background"),
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
]
