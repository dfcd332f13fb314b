"""Addresses under /fhir/."""

from django.urls import path, re_path

from questionnaire.fhir import responses, views
from questionnaire.fhir.resources import KINDS

_KIND = f"(?P<kind>{'|'.join(KINDS)})"

urlpatterns = [
    path("metadata", views.metadata, name="fhir-metadata"),
    path("QuestionnaireResponse/<uuid:pk>", responses.response, name="fhir-response"),
    path("QuestionnaireResponse/<uuid:pk>/$with-questions", responses.with_questions, name="fhir-with-questions"),
    re_path(rf"^{_KIND}\Z", views.search, name="fhir-search"),
    # A slug holds no dot.
    re_path(rf"^{_KIND}/(?P<aid>[a-z0-9-]+)(?:\.(?P<number>[1-9][0-9]{{0,8}}))?\Z", views.read, name="fhir-read"),
    # Last: other programs are answered in their own format, not with a page.
    re_path(r"^[\s\S]*", views.unknown),
]
