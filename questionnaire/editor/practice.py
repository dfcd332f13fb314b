"""The practice profile in the admin: one row, filled in by an administrator, read by every patient."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from questionnaire.models import Practice
from questionnaire.services import practices

if TYPE_CHECKING:
    Base = admin.ModelAdmin[Practice]
else:
    Base = admin.ModelAdmin


class PracticeAdmin(Base):
    fields = Practice.REQUIRED

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """There is one practice, so its list is its form."""
        if not self.has_view_or_change_permission(request):
            return super().changelist_view(request, extra_context)
        if Practice.objects.exists():
            return HttpResponseRedirect(reverse("admin:questionnaire_practice_change", args=[1]))
        return HttpResponseRedirect(reverse("admin:questionnaire_practice_add"))

    def has_add_permission(self, request: HttpRequest) -> bool:
        return super().has_add_permission(request) and not Practice.objects.exists()

    def has_delete_permission(self, request: HttpRequest, obj: Practice | None = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: Practice, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        practices.forget_kept()

    def response_post_save_add(self, request: HttpRequest, obj: Practice) -> HttpResponseRedirect:
        return HttpResponseRedirect(reverse("admin:index"))

    def response_post_save_change(self, request: HttpRequest, obj: Practice) -> HttpResponseRedirect:
        return HttpResponseRedirect(reverse("admin:index"))
