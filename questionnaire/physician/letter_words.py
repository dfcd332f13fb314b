"""A public letter of FDA in a few words."""

from __future__ import annotations

from django.template.defaultfilters import date

from questionnaire.models import FdaLetter

DAY = "F j, Y"


def letter_words(letter: FdaLetter) -> str:
    """Whose letter it is, of what kind and day: “Hill Labs, warning letter of September 1, 2023”."""
    return f"{letter.firm}, {letter.get_kind_display().lower()} of {date(letter.date, DAY)}"
