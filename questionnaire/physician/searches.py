"""What a physician searched for: read from one box, and kept in their session, sealed, under a random token.

So the address of what was found can be gone back to and narrowed, and holds no name.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import Any

from cryptography.fernet import InvalidToken
from django import forms

from questionnaire.physician import dates
from questionnaire.services import inbox, return_codes, search_words
from questionnaire.services.inbox import Search
from questionnaire.services.sealing import seal, unseal

MOST_KEPT = 10
LONGEST = 200
_KEPT = "searches"


@dataclass(frozen=True, slots=True)
class Kept:
    """A search under its token: `words` as typed, `search` as it is looked up."""

    token: str
    words: str
    search: Search


class SearchForm(forms.Form):
    """A name, a date of birth, both, or a return code."""

    words = forms.CharField(
        label="Find a patient",
        required=False,
        max_length=LONGEST,
        error_messages={"max_length": f"That is too long to search for. Write at most {LONGEST} characters."},
    )

    def __init__(self, data: Any = None, initial: str = "") -> None:
        typed = data and {"words": _printable(data.get("words", ""))}
        super().__init__(typed or None, initial={"words": initial})

    @property
    def shown(self) -> str:
        """What stands in the box."""
        return str(self["words"].value() or "")

    def clean_words(self) -> str:
        words: str = self.cleaned_data["words"]
        try:
            if read(words) is None:
                raise forms.ValidationError("Write a name, a date of birth or a return code to search for.")
        except dates.NoSuchDay:
            raise forms.ValidationError("There is no such day. Write the date as 05/06/1961 or 1961-05-06.") from None
        return words


def _printable(text: str) -> str:
    return "".join(each if each.isprintable() else " " for each in text)


def read(typed: str) -> Search | None:
    """What to look up for this; None where there is nothing to look up in it.

    Raises:
        dates.NoSuchDay
    """
    code = _code(typed)
    if code is not None:
        return code
    born, rest = dates.taken_from(typed)
    if born is None and not search_words.normalised(rest):
        return None
    return inbox.search_for(name=rest, born=born)


def _code(typed: str) -> Search | None:
    """The search for a return code, if it is one; a name may have its letters, so one without digits must open."""
    plain = "".join(each for each in typed.upper() if each not in " -–.")
    if len(plain) != return_codes.LENGTH or not set(plain) <= set(return_codes.ALPHABET):
        return None
    response = return_codes.find(plain)
    if response is None and plain.isalpha():
        return None
    return Search(response=response, by="code")


def keep(session: Any, words: str) -> str:
    """Keep these words for this session; the token under which they are."""
    token = secrets.token_urlsafe(12)
    session[_KEPT] = [[token, seal(words)], *session.get(_KEPT, [])][:MOST_KEPT]
    return token


def find(session: Any, token: str) -> Kept | None:
    """The search kept under this token; None when it is another session's, too old, or none."""
    sealed = dict(session.get(_KEPT, [])).get(token)
    try:
        words = unseal(sealed) if sealed else ""
        search = read(words) if words else None
    except (InvalidToken, dates.NoSuchDay):
        return None
    return Kept(token, words, search) if search else None
