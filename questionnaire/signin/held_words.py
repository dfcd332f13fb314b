"""How a page that holds typed text calls its fields, and what sending it again does."""

from __future__ import annotations

import re

LABELS = {
    "words": "What you searched for",
    "since": "Shared from",
    "until": "Shared until",
    "username": "User name",
    "first_name": "First name",
    "last_name": "Last name",
    "email": "E-mail address",
    "is_active": "May sign in",
    "is_staff": "May open the administration",
    "is_superuser": "Superuser",
    "note": "Note for colleagues",
    "reply": "Reply to the patient",
    "text": "What you wrote",
}
"""Labels by name of field, where the name alone tells too little."""

STEPS = {
    "reply": ("Reply to the patient", "This sends the reply: the patient reads it on coming back with their code."),
    "note": ("Private note", "This keeps the note. Colleagues read it, the patient never does."),
    "refer": ("Referral", "This keeps the referral. Colleagues read it, the patient never does."),
}
"""Of a physician's text, by the last part of the address it goes to: its label, and what sending it does."""
USUAL = "This does what the button did that you pressed: your text goes to the page where you typed it."

_LANGUAGES = {"en": "English", "es": "Spanish"}
_PER_LANGUAGE = re.compile(r"(.+)-([a-z]{2})")


def label_of(name: str, address: str) -> str:
    """What stands above a field of this name that was on its way to this address."""
    if name == "text" and (step := STEPS.get(_last_part(address))):
        return step[0]
    if name in LABELS:
        return LABELS[name]
    found = _PER_LANGUAGE.fullmatch(name)
    base, language = (found[1], _LANGUAGES.get(found[2], found[2])) if found else (name, "")
    words = " ".join(re.split(r"[-_.]+", base)).strip().capitalize() or "What you typed"
    return f"{words} ({language})" if language else words


def sending(address: str) -> str:
    """What “Send it again” does with what goes to this address."""
    return STEPS.get(_last_part(address), ("", USUAL))[1]


def _last_part(address: str) -> str:
    return address.partition("?")[0].rstrip("/").rpartition("/")[2]
