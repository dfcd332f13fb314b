"""The same addresses as the decision aid's, so that the same client can walk both."""

from django.urls import path

from bench.thin import views

urlpatterns = [
    path("", views.start, name="start"),
    path("q/<slug:slug>/", views.question, name="question"),
    path("check/", views.check, name="check"),
    path("result/", views.result, name="result"),
]
