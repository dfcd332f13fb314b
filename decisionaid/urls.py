"""Which room answers which address."""

from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("admin/guidance/", include("questionnaire.editor.urls")),
    path("admin/", admin.site.urls),
    path("", include("questionnaire.patient.urls")),
]

handler400 = "questionnaire.patient.errors.bad_request"
handler403 = "questionnaire.patient.errors.forbidden"
handler404 = "questionnaire.patient.errors.not_found"
handler500 = "questionnaire.patient.errors.server_error"
