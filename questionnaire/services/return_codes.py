"""Codes with which a person comes back to their answers on any device.

A code has 15 characters of 24 (68 bits), none of which looks like another, and can be read out. Only a keyed hash is
kept. Wrong tries are counted by address, so that nobody can guess through the codes, with a limit and a window that let
a clinic's shared address go on soon.
"""

from __future__ import annotations

import datetime as dt
import secrets

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from questionnaire.models import Response, ReturnTry
from questionnaire.services import responses
from questionnaire.services.responses import Gone, Walk
from questionnaire.services.sealing import keyed_hashes

ALPHABET = "ACDEFGHJKMNPQRTVWXY34679"
LENGTH = 15
GROUP = 5
MOST_WRONG_TRIES = 30
"""Wrong codes one address may try within a window: more than a waiting room mistypes, far fewer than guessing needs."""
WINDOW = dt.timedelta(minutes=10)


class UnknownCode(LookupError):
    """No response has this code (any more)."""


class TooManyTries(RuntimeError):
    """This address has tried too many wrong codes. `minutes` until it may try again, at least 1."""

    def __init__(self, minutes: int) -> None:
        self.minutes = minutes
        super().__init__(minutes)


def give(*, walk: Walk) -> str:
    """Make a new code for this response, in groups; an earlier one stops working. It is not kept."""
    code = "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))
    responses.write(walk=walk, code_hash=_hashes(code)[0])
    return "-".join(code[start : start + GROUP] for start in range(0, LENGTH, GROUP))


def come_back(*, typed: str, address: str) -> Walk:
    """The response that this code opens, however it was typed: any case, any spaces or hyphens.

    Raises:
        UnknownCode: there is none.
        TooManyTries: before even looking.
    """
    window, left = _window()
    key = keyed_hashes("address", address)[0]
    tried = ReturnTry.objects.filter(address_hash=key, window=window).values_list("count", flat=True).first() or 0
    if tried >= MOST_WRONG_TRIES:
        raise TooManyTries(minutes=max(1, -(-int(left.total_seconds()) // 60)))
    code = "".join(character for character in typed.upper() if character in ALPHABET)
    pk = Response.objects.filter(code_hash__in=_hashes(code)).values_list("pk", flat=True).first()
    try:
        if pk is not None:
            return responses.find(pk)
    except Gone:
        pass
    _count(key, window)
    raise UnknownCode


def _count(key: str, window: dt.datetime) -> None:
    with transaction.atomic():
        counted, made = ReturnTry.objects.get_or_create(address_hash=key, window=window)
        if not made:
            ReturnTry.objects.filter(pk=counted.pk).update(count=F("count") + 1)
        ReturnTry.objects.filter(window__lt=window - WINDOW).delete()


def _window() -> tuple[dt.datetime, dt.timedelta]:
    """When the present window began, and how long it still lasts."""
    now = timezone.now()
    began = now - (now - dt.datetime(2020, 1, 1, tzinfo=dt.UTC)) % WINDOW
    return began, began + WINDOW - now


def _hashes(code: str) -> list[str]:
    return keyed_hashes("return code", code)
