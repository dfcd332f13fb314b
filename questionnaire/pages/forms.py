"""A form for one question, built from the question, rendered by crispy-forms.

What a field refuses is said where it happened, with what to do; the words here are about using the form, never about
health or law (those are content).
"""

from __future__ import annotations

import datetime as dt
import re
from decimal import Decimal
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout
from django import forms
from django.http import QueryDict
from django.utils.html import format_html
from django.utils.safestring import SafeString

from questionnaire.domain import trial_number
from questionnaire.domain.questions import LONGEST_TEXT, TYPED_KINDS, Answer, Choice, Question, values_of

ANSWER = "answer"
INSTEAD = "instead"
"""Name of the choices that stand in place of typing."""


class QuestionForm(forms.Form):
    """`cleaned_data["stored"]` is the answer as the domain knows it, once the form is valid."""

    def __init__(
        self, question: Question, language: str, *, data: QueryDict | None = None, given: Answer = None
    ) -> None:
        super().__init__(data, initial=_initial(question, given))
        self.question = question
        self.language = language
        choices = [(choice.slug, _label(choice, language)) for choice in question.choices]
        if question.kind == "one":
            self.fields[ANSWER] = forms.ChoiceField(choices=choices, widget=forms.RadioSelect, required=False)
        elif question.kind == "many":
            self.fields[ANSWER] = forms.MultipleChoiceField(
                choices=choices, widget=forms.CheckboxSelectMultiple, required=False
            )
        else:
            self.fields[ANSWER] = forms.CharField(widget=_input(question), required=False, strip=True)
            if choices:
                self.fields[INSTEAD] = forms.MultipleChoiceField(
                    choices=choices, widget=forms.CheckboxSelectMultiple, required=False, label="Or choose:"
                )
        field = self.fields[ANSWER]
        field.label = question.text[language]
        field.help_text = question.hint[language] if question.hint else ""
        for each in self.fields.values():
            each.error_messages |= dict.fromkeys(("invalid_choice", "invalid_list"), NOT_ON_THE_LIST)
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True
        self.helper.layout = Layout(*self.fields)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not self.errors:
            try:
                cleaned["stored"] = self._stored(cleaned[ANSWER], cleaned.get(INSTEAD) or [])
            except forms.ValidationError as error:
                self.add_error(ANSWER, error)
        return cleaned

    def _stored(self, answer: Any, instead: list[str]) -> Answer:
        if not answer and not instead:
            if self.question.optional:
                return None
            raise forms.ValidationError(self._missing())
        if self.question.kind == "many":
            return self._several(answer)
        if self.question.kind == "one":
            return str(answer)
        if instead and (answer or len(instead) > 1):
            raise forms.ValidationError("Type an answer or tick one box, not both.")
        return {"choice": instead[0]} if instead else _TYPED[self.question.kind](self.question, answer, self.language)

    def _missing(self) -> str:
        if self.question.kind == "one":
            return "Choose the answer that fits best."
        if self.question.kind == "many":
            return "Choose all that fit, or the answer that says none does."
        return f"{_ENTER[self.question.kind]}{', or tick the box that fits' if self.question.choices else ''}."

    def _several(self, sent: list[str]) -> list[str]:
        slugs = [choice.slug for choice in self.question.choices if choice.slug in sent]
        alone = [slug for slug in slugs if self.question.choice[slug].exclusive]
        if alone and len(slugs) > 1:
            words = self.question.choice[alone[0]].text[self.language]
            raise forms.ValidationError(f"You chose “{words}” together with another answer. Keep one or the other.")
        most = self.question.most_chosen
        if most is not None and len(slugs) > most:
            raise forms.ValidationError(f"Choose up to {most}. You chose {len(slugs)}.")
        return slugs


NOT_ON_THE_LIST = "That answer is not on the list. Choose one that is."

_ENTER = {
    "number": "Enter a number",
    "date": "Enter a date",
    "text": "Write your answer",
    "trial-number": "Enter the number, such as NCT01234567",
}


def _label(choice: Choice, language: str) -> str | SafeString:
    if choice.hint is None:
        return choice.text[language]
    return format_html("{}<span class='hint'>{}</span>", choice.text[language], choice.hint[language])


def _initial(question: Question, given: Answer) -> dict[str, Any]:
    if given is None:
        return {}
    if isinstance(given, dict):
        return {INSTEAD: list(values_of(given))}
    return {ANSWER: given}


def _input(question: Question) -> forms.Widget:
    attrs: dict[str, Any] = {"autocomplete": "off", "spellcheck": "false"}
    if question.kind == "text":
        return forms.Textarea(attrs={"rows": 4, "autocomplete": "off"})
    if question.kind == "date":
        return forms.DateInput(attrs=attrs | {"type": "date"}, format="%Y-%m-%d")
    if question.kind == "number":
        return forms.TextInput(attrs=attrs | {"inputmode": "decimal" if question.decimals else "numeric"})
    return forms.TextInput(attrs=attrs | {"autocapitalize": "characters"})


_NUMERAL = re.compile(r"[+-]?\d{1,12}(\.\d{0,12})?", re.ASCII)
"""Long enough for any measure; `Decimal` alone would also take 1e999999, which is a million digits."""


def _number(question: Question, typed: str, language: str) -> str:
    unit = question.unit[language] if question.unit else ""
    numeral = typed.replace(",", "").removesuffix(unit).strip()
    if not _NUMERAL.fullmatch(numeral):
        raise forms.ValidationError("Enter a number in digits, such as 12.")
    number = Decimal(numeral)
    exponent = number.normalize().as_tuple().exponent
    if isinstance(exponent, int) and -exponent > question.decimals:
        digits = "1 digit" if question.decimals == 1 else f"{question.decimals} digits"
        places = f"at most {digits} after the point" if question.decimals else "a whole number"
        raise forms.ValidationError(f"Enter {places}.")
    stored = format(number.normalize(), "f")
    if not question.accepts(stored):
        raise forms.ValidationError(
            f"Enter a number {_between(question.least, question.most)} {unit}.".replace(" .", ".")
        )
    return stored


def _date(question: Question, typed: str, language: str) -> str:
    for pattern in ("%Y-%m-%d", "%m/%d/%Y", "%m-%d-%Y"):
        try:
            stored = dt.datetime.strptime(typed, pattern).replace(tzinfo=dt.UTC).date().isoformat()
        except ValueError:
            continue
        if not question.accepts(stored):
            raise forms.ValidationError(f"Enter a date {_between(question.least, question.most)}.")
        return stored
    raise forms.ValidationError("Enter a date as month, day and year, such as 11/22/2026.")


def _between(least: str | None, most: str | None) -> str:
    if least is not None and most is not None:
        return f"from {least} to {most}"
    return f"of {least} or more" if least is not None else f"up to {most}"


def _text(question: Question, typed: str, language: str) -> str:
    stored = typed.replace("\r\n", "\n")
    if not question.accepts(stored):
        most = int(question.most or LONGEST_TEXT)
        raise forms.ValidationError(f"Use {most:,} characters or fewer. You used {len(stored):,}.")
    return stored


def _trial_number(question: Question, typed: str, language: str) -> str:
    try:
        return trial_number.parse(typed)
    except trial_number.WrongLength as error:
        found = "1 digit" if error.digits == 1 else f"{error.digits} digits"
        message = (
            f"Check the number: after NCT there must be 8 digits, and this has {found}. Do not fill it up with zeros."
        )
    except trial_number.LetterAmongDigits:
        message = "There is a letter among the digits. If it looks like a zero or a one, type 0 or 1."
    except trial_number.OtherRegistry:
        message = (
            "This is another kind of number, which cannot be checked here. A study on ClinicalTrials.gov has a number "
            "that starts with NCT. If you have none, clear what you typed and tick the box that fits."
        )
    except trial_number.NotATrialNumber:
        message = "Enter the number as NCT and 8 digits, such as NCT01234567, or paste the link to the study."
    raise forms.ValidationError(message)


_TYPED = {"number": _number, "date": _date, "text": _text, "trial-number": _trial_number}
assert set(_TYPED) == set(TYPED_KINDS)


class ReturnForm(forms.Form):
    code = forms.CharField(
        label="What is your code?",
        help_text="15 letters and digits. Capitals, spaces and dashes do not matter.",
        max_length=100,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True

    def clean_code(self) -> str:
        code: str = self.cleaned_data["code"]
        if not code:
            raise forms.ValidationError("Enter your code.")
        return code
