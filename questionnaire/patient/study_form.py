"""The form on which a person says whether the registry's study is the one that they were told about."""

from __future__ import annotations

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Field, Layout
from django import forms
from django.http import QueryDict

from questionnaire.models import StudyCheck
from questionnaire.pages.forms import NOT_ON_THE_LIST
from questionnaire.services.trials import LONGEST_CLINIC

_ONE_LINE = {"spellcheck": "false", "autocapitalize": "words"}
_MISSING = "Choose an answer. “Not sure” is one, too."


class StudyForm(forms.Form):
    """`cleaned_data` is what `trials.say` takes beside the walk and the number."""

    said = forms.ChoiceField(
        label="Is this the study you were told about?",
        choices=StudyCheck.Said.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _MISSING, "invalid_choice": NOT_ON_THE_LIST},
    )
    clinic = forms.CharField(
        label="Name of the clinic (optional)",
        help_text="We compare it with the places that the study lists. It is not sent to the registry. "
        "If you share your answers, the practice sees it, too.",
        required=False,
        widget=forms.TextInput(attrs=_ONE_LINE | {"autocomplete": "off"}),
    )
    city = forms.CharField(
        label="City of the clinic (optional)",
        help_text="We use it in the same way.",
        required=False,
        widget=forms.TextInput(attrs=_ONE_LINE | {"autocomplete": "off"}),
    )

    def __init__(self, data: QueryDict | None = None, *, given: dict[str, str] | None = None) -> None:
        super().__init__(data, initial=given)
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True
        self.helper.layout = Layout(*(Field(name, template="parts/field.html") for name in self.fields))

    def clean_clinic(self) -> str:
        return self._line("clinic", "name")

    def clean_city(self) -> str:
        return self._line("city", "city")

    def _line(self, field: str, what: str) -> str:
        typed = " ".join(str(self.cleaned_data[field]).split())
        if len(typed) > LONGEST_CLINIC:
            raise forms.ValidationError(
                f"Give a {what} of {LONGEST_CLINIC} characters or fewer. You used {len(typed):,}."
            )
        return typed
