"""A made-up letter of FDA to a made-up clinic, so that a physician's page of its patients shows one.

It says in its firm's name that it is made up; real letters are never brought near made-up patients.
"""

from __future__ import annotations

import datetime as dt

from questionnaire.demo.records import ACCUSED
from questionnaire.models import FdaLetter
from questionnaire.services import letters


def keep() -> None:
    """Put it beside the letters that come with the program."""
    # These are only brought in where there is none, so they go first.
    letters.seed()
    FdaLetter.objects.get_or_create(
        firm=f"{ACCUSED.facility} (made up for the demonstration)",
        date=dt.date(2025, 6, 2),
        kind=FdaLetter.Kind.UNTITLED,
        defaults={
            "other_names": [ACCUSED.facility],
            "product": "Exosomes (made up)",
            "city": ACCUSED.city,
            "state": ACCUSED.state,
            "note": "There is neither such a letter nor such a clinic.",
        },
    )
