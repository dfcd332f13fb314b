"""FDA's public letters in the admin: a list that guidance editors keep."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import admin
from django.db import transaction
from django.http import HttpRequest
from django.utils.decorators import method_decorator

from questionnaire.editor import changes_told
from questionnaire.models import FdaLetter
from questionnaire.services import letters, staff
from questionnaire.signin import noted

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
    list_display = ("firm", "product", "named_too", "date", "kind", "state")
    list_filter = ("kind",)
    search_fields = ("firm", "product", "other_names")
    ordering = ("-date", "firm")

    @admin.display(description="Other names")
    def named_too(self, letter: FdaLetter) -> str:
        """Two letters to one firm are told apart by what they are about."""
        return ", ".join(letter.other_names)

    def log_addition(self, request: HttpRequest, obj: FdaLetter, message: Any) -> Any:
        noted.letter_changed(request, obj, "added")
        return super().log_addition(request, obj, message)

    def log_change(self, request: HttpRequest, obj: FdaLetter, message: Any) -> Any:
        """A form that was saved as it was is no change."""
        if told := changes_told.changed_fields(message):
            noted.letter_changed(request, obj, told)
        return super().log_change(request, obj, message) if message else None

    def log_deletions(self, request: HttpRequest, queryset: Any) -> Any:
        for letter in queryset:
            noted.letter_changed(request, letter, "deleted")
        return super().log_deletions(request, queryset)

    @method_decorator(transaction.atomic)
    def response_action(self, request: HttpRequest, queryset: Any, *where: Any, **more: Any) -> Any:
        """Several are not deleted from the list without their record."""
        return super().response_action(request, queryset, *where, **more)

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
