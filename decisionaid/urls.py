"""Which room answers which address."""

from django.contrib import admin
from django.urls import include, path

from questionnaire.editor import record
from questionnaire.signin import admin_site

urlpatterns = [
    path("staff/", include("questionnaire.signin.urls")),
    path("admin/guidance/", include("questionnaire.editor.urls")),
    # Before the administration's own: there is one way to sign in.
    path("admin/login/", admin_site.sign_in, name="admin-door"),
    path("admin/logout/", admin_site.sign_out),
    path("admin/password_change/", admin_site.change_password),
    path("admin/record/", record.record, name="record"),
    path("admin/record/<int:pk>/", record.event, name="record-event"),
    path("admin/", admin.site.urls),
    path("physician/", include("questionnaire.physician.urls")),
    path("fhir/", include("questionnaire.fhir.urls")),
    path("", include("questionnaire.patient.urls")),
]

handler400 = "decisionaid.errors.bad_request"
handler403 = "decisionaid.errors.forbidden"
handler404 = "decisionaid.errors.not_found"
handler500 = "questionnaire.patient.errors.server_error"
