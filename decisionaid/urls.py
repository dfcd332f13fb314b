"""Which room answers which address."""

from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("admin/guidance/", include("questionnaire.editor.urls")),
    path("admin/", admin.site.urls),
    path("physician/", include("questionnaire.physician.urls")),
    path("fhir/", include("questionnaire.fhir.urls")),
    path("", include("questionnaire.patient.urls")),
]

handler400 = "decisionaid.errors.bad_request"
handler403 = "decisionaid.errors.forbidden"
handler404 = "decisionaid.errors.not_found"
handler500 = "questionnaire.patient.errors.server_error"
