"""Where something sealed lies in the database, and how each place is read and written without holding anybody up."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import Any

from allauth.mfa.models import Authenticator
from cryptography.fernet import InvalidToken
from django.db.models import F, Model

from questionnaire.models import FinishedVersion, Response, Review, ReviewEntry, StudyCheck
from questionnaire.services.sealing import resealed

_FACTOR_SECRETS = ("secret", "seed", "migrated_codes")
"""Under which a second factor's data hold something sealed; the rest is not."""


@dataclass(frozen=True, slots=True)
class SealedPlace(ABC):
    """One column of a table."""

    name: str
    model: type[Model]
    field: str

    @property
    def rows(self) -> Any:
        """Those that may hold something sealed."""
        return self.model._default_manager.all()

    @property
    def columns(self) -> tuple[str, ...]:
        """What is read of a row."""
        return tuple(dict.fromkeys(("pk", self.field, *self._guards())))

    def read(self, pk: Any) -> dict[str, Any] | None:
        """This row as it is now; None when it is gone."""
        found: dict[str, Any] | None = self._row(pk).values(*self.columns).first()
        return found

    def value(self, read: dict[str, Any]) -> Any:
        return read[self.field]

    def write(self, read: dict[str, Any], fresh: Any) -> bool:
        """Put it in place of what was read, if that is still there; whether it was."""
        guards = {name: read[name] for name in self._guards()}
        return bool(self._row(read["pk"]).filter(**guards).update(**{self.field: fresh}, **self._marks()))

    @abstractmethod
    def resealed(self, read: dict[str, Any]) -> tuple[Any, bool]:
        """The value with all in it sealed anew, and whether something in it could not be opened (and is left)."""

    def _row(self, pk: Any) -> Any:
        return self.model._default_manager.filter(pk=pk)

    def _guards(self) -> tuple[str, ...]:
        """Columns that must still be as they were read."""
        return (self.field,)

    def _marks(self) -> dict[str, Any]:
        """What else is written, so that others notice."""
        return {}


class SealedText(SealedPlace):
    """A text that is sealed as a whole, or empty."""

    @property
    def rows(self) -> Any:
        return self.model._default_manager.exclude(**{self.field: ""})

    def resealed(self, read: dict[str, Any]) -> tuple[Any, bool]:
        token = read[self.field]
        return _anew(token) if token else (token, False)


class SealedAnswers(SealedPlace):
    """Answers, of which a person's own words are sealed. Nothing changes those of a finished version."""

    def resealed(self, read: dict[str, Any]) -> tuple[Any, bool]:
        fresh, unreadable = {}, False
        for slug, answer in read[self.field].items():
            fresh[slug] = answer
            if isinstance(answer, dict) and "sealed" in answer:
                token, bad = _anew(answer["sealed"])
                fresh[slug], unreadable = answer | {"sealed": token}, unreadable or bad
        return fresh, unreadable

    def _guards(self) -> tuple[str, ...]:
        return ()


class ResponseAnswers(SealedAnswers):
    """Answers that their person may be changing now. The revision grows, so that whoever read them before, and writes
    them back whole, reads them again first."""

    def _guards(self) -> tuple[str, ...]:
        return ("revision",)

    def _marks(self) -> dict[str, Any]:
        return {"revision": F("revision") + 1}


class FactorSecrets(SealedPlace):
    """Secrets of second factors, in the sign-in library's own table."""

    def resealed(self, read: dict[str, Any]) -> tuple[Any, bool]:
        fresh, unreadable = dict(read[self.field]), False
        for name in _FACTOR_SECRETS:
            held = fresh.get(name)
            if isinstance(held, str):
                fresh[name], bad = _anew(held)
                unreadable = unreadable or bad
            elif isinstance(held, list):
                pairs = [_anew(each) for each in held]
                fresh[name] = [token for token, _ in pairs]
                unreadable = unreadable or any(bad for _, bad in pairs)
        return fresh, unreadable


def _anew(token: str) -> tuple[str, bool]:
    try:
        return resealed(token), False
    except InvalidToken:
        return token, True


# Answers before finished versions: a version copies the answers as they are, in a transaction that holds the response.
# It does not copy the seal of a clinic, which changes without the response, but makes its own.
PLACES: tuple[SealedPlace, ...] = (
    SealedText("identities", Review, "identity"),
    SealedText("questions of patients", Review, "question"),
    SealedText("notes and replies", ReviewEntry, "text"),
    ResponseAnswers("answers", Response, "answers"),
    SealedAnswers("finished answers", FinishedVersion, "answers"),
    SealedText("clinics", StudyCheck, "clinic"),
    SealedText("finished clinics", FinishedVersion, "study_clinic"),
    SealedText("letters shown", FinishedVersion, "letters"),
    FactorSecrets("second factors", Authenticator, "data"),
)
