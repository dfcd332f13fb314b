"""FDA's public letters in the admin: a list that guidance editors keep."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest

from questionnaire.models import FdaLetter
from questionnaire.services import letters, staff

if TYPE_CHECKING:
    Base = admin.ModelAdmin[FdaLetter]
    Form = forms.ModelForm[FdaLetter]
else:
    Base, Form = admin.ModelAdmin, forms.ModelForm


class LetterForm(Form):
    other_names = forms.CharField(
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="Other names of the firm, and names of its products; one a line.",
    )
    link = forms.URLField(
        required=False, max_length=400, assume_scheme="https", help_text="FDA's own page of the letter."
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["other_names"] = "\n".join(self.initial.get("other_names") or ())

    def clean_other_names(self) -> list[str]:
        lines = str(self.cleaned_data["other_names"]).splitlines()
        return [" ".join(line.split()) for line in lines if line.strip()]

    def clean_link(self) -> str:
        link = str(self.cleaned_data["link"])
        if link and not letters.is_link(link):
            raise forms.ValidationError("Only an https address of fda.gov is a primary link. Leave it empty if none.")
        return link


class LetterAdmin(Base):
    form = LetterForm
    fields = letters.COLUMNS
    list_display = ("firm", "date", "kind", "state")
    list_filter = ("kind",)
    search_fields = ("firm", "product")
    ordering = ("-date", "firm")

    def has_module_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm(staff.EDIT)

    def has_view_permission(self, request: HttpRequest, obj: FdaLetter | None = None) -> bool:
        return request.user.has_perm(staff.EDIT)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm(staff.EDIT)

    def has_change_permission(self, request: HttpRequest, obj: FdaLetter | None = None) -> bool:
        return request.user.has_perm(staff.EDIT)

    def has_delete_permission(self, request: HttpRequest, obj: FdaLetter | None = None) -> bool:
        return request.user.has_perm(staff.EDIT)
