"""What only this instance may read: a person's own words, sealed with keys that can be rotated, and keyed hashes."""

from __future__ import annotations

import hashlib
import hmac
from functools import cache

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings

from questionnaire.domain.content import Aid
from questionnaire.domain.questions import Answer, Answers


@cache
def _keys(keys: tuple[str, ...]) -> MultiFernet:
    return MultiFernet([Fernet(key) for key in keys])


def seal(text: str) -> str:
    """Encrypt with the first of FIELD_KEYS."""
    return _keys(tuple(settings.FIELD_KEYS)).encrypt(text.encode()).decode()


def unseal(token: str) -> str:
    """Decrypt with any of FIELD_KEYS.

    Raises:
        cryptography.fernet.InvalidToken: no key fits, or the token was changed.
    """
    return _keys(tuple(settings.FIELD_KEYS)).decrypt(token.encode()).decode()


def resealed(token: str) -> str:
    """The same text encrypted with the first of FIELD_KEYS; the same token if it is already.

    Raises:
        cryptography.fernet.InvalidToken: no key fits, or the token was changed.
    """
    every = tuple(settings.FIELD_KEYS)
    try:
        _keys(every[:1]).decrypt(token.encode())
    except InvalidToken:
        return _keys(every).rotate(token.encode()).decode()
    return token


def keyed_hashes(purpose: str, text: str) -> list[str]:
    """Hashes that cannot be made or tried out without this instance's keys, one for each of FIELD_KEYS, newest first.

    Store the first; look up by all, so that what was stored before a key was put in front is still found.
    Each is 64 hexadecimal digits.
    """
    keys = (hashlib.sha256(f"{purpose}:{key}".encode()).digest() for key in settings.FIELD_KEYS)
    return [hmac.new(key, text.encode(), hashlib.sha256).hexdigest() for key in keys]


def sealed(aid: Aid, slug: str, answer: Answer) -> Answer | dict[str, str]:
    """The answer as it is stored: a person's own words are encrypted, everything else lies open."""
    question = aid.question.get(slug)
    if question is not None and question.kind == "text" and isinstance(answer, str):
        return {"sealed": seal(answer)}
    return answer


def unsealed(stored: Answers) -> dict[str, Answer]:
    """Stored answers as the domain knows them."""
    return {
        slug: unseal(answer["sealed"]) if isinstance(answer, dict) and "sealed" in answer else answer
        for slug, answer in stored.items()
    }
