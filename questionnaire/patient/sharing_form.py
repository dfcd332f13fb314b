"""The form with which a patient shares a finished response: who and where they are, which clinic, what they ask."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Field, Layout
from django import forms
from django.http import QueryDict

from questionnaire.domain import birth_dates
from questionnaire.pages.forms import NOT_ON_THE_LIST

LONGEST_LINE = 200
"""Characters of a name, and of a way to be reached."""
LONGEST_QUESTION = 1000
FEWEST_DIGITS = 7
"""Of a phone number without its area code."""
_ONE_LINE = {"spellcheck": "false"}


class SharingForm(forms.Form):
    """`cleaned_data` is what `sharing.share` takes beside the walk and the address.

    The practice needs to tell people apart and to reach them, so name, date of birth and contact are asked for.
    """

    name = forms.CharField(
        label="Your name",
        help_text="As the practice knows you. If this is about someone else, give their name and date of birth.",
        required=False,
        widget=forms.TextInput(attrs=_ONE_LINE | {"autocomplete": "name", "autocapitalize": "words"}),
    )
    born = forms.CharField(
        label="Date of birth",
        help_text="Month, day and year, such as 05/06/1961 or May 6, 1961.",
        required=False,
        widget=forms.TextInput(attrs=_ONE_LINE | {"autocomplete": "bday"}),
    )
    contact = forms.CharField(
        label="One way to reach you",
        help_text="A phone number or an e-mail address that you do not mind the practice using.",
        required=False,
        widget=forms.TextInput(attrs=_ONE_LINE | {"autocapitalize": "none"}),
    )
    clinic = forms.CharField(
        label="Name of the clinic that offered this (optional)",
        help_text="The practice sees it. With it they can look for public letters from FDA to that clinic.",
        required=False,
        widget=forms.TextInput(attrs=_ONE_LINE | {"autocomplete": "off", "autocapitalize": "words"}),
    )
    question = forms.CharField(
        label="What would you like to ask? (optional)",
        help_text=f"Up to {LONGEST_QUESTION:,} characters.",
        required=False,
        widget=forms.Textarea(attrs={"rows": 4, "autocomplete": "off"}),
    )
    preferred = forms.MultipleChoiceField(
        label="Which of these do you lean towards? (optional)",
        help_text="Choose none, one or several. You decide nothing by this.",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": NOT_ON_THE_LIST, "invalid_list": NOT_ON_THE_LIST},
    )

    def __init__(self, alternatives: Sequence[tuple[str, str]], today: dt.date, data: QueryDict | None = None) -> None:
        """`alternatives` are slugs and names of those that the patient was shown; without any, none is asked for."""
        super().__init__(data)
        self.today = today
        if alternatives:
            chosen = self.fields["preferred"]
            assert isinstance(chosen, forms.MultipleChoiceField)
            chosen.choices = list(alternatives)
        else:
            del self.fields["preferred"]
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True
        self.helper.layout = Layout(*(Field(name, template="parts/field.html") for name in self.fields))

    def clean_name(self) -> str:
        return self._line("name", "Enter your name.", "name")

    def clean_contact(self) -> str:
        typed = self._line("contact", "Enter a phone number or an e-mail address.", "phone number or e-mail address")
        if "@" not in typed and sum(map(str.isdecimal, typed)) < FEWEST_DIGITS:
            raise forms.ValidationError(
                "The practice could not reach you by this. Enter all digits of a phone number, or an e-mail address."
            )
        return typed

    def clean_clinic(self) -> str:
        typed = " ".join(str(self.cleaned_data["clinic"]).split())
        _fits(typed, LONGEST_LINE, f"Give a name of {LONGEST_LINE} characters or fewer.")
        return typed

    def _line(self, field: str, missing: str, what: str) -> str:
        typed = " ".join(str(self.cleaned_data[field]).split())
        if not any(map(str.isalnum, typed)):
            raise forms.ValidationError(missing)
        _fits(typed, LONGEST_LINE, f"Give a {what} of {LONGEST_LINE} characters or fewer.")
        return typed

    def clean_born(self) -> dt.date:
        try:
            return birth_dates.parse(self.cleaned_data["born"], self.today)
        except birth_dates.NotABirthDate as error:
            raise forms.ValidationError(_REFUSED[type(error)]) from None

    def clean_question(self) -> str:
        asked = str(self.cleaned_data["question"]).replace("\r\n", "\n")
        _fits(asked, LONGEST_QUESTION, f"Ask in {LONGEST_QUESTION:,} characters or fewer.")
        return asked


def _fits(typed: str, most: int, told: str) -> None:
    if len(typed) > most:
        raise forms.ValidationError(f"{told} You used {len(typed):,}.")


_REFUSED: dict[type[birth_dates.NotABirthDate], str] = {
    birth_dates.NotABirthDate: "Enter your date of birth as month, day and year, such as 05/06/1961.",
    birth_dates.NoSuchDay: "There is no such day. Write the month first, then the day, such as 05/06/1961.",
    birth_dates.ShortYear: "Write the year with 4 digits, such as 1961.",
    birth_dates.InTheFuture: "This date is still to come. Check the year.",
    birth_dates.TooEarly: f"Check the year. It is before {birth_dates.EARLIEST.year}.",
}
