"""Codes with which a person comes back to their answers on any device.

A code has 15 characters of 24 (68 bits), none of which looks like another, and can be read out. Only a keyed hash is
kept. Wrong tries are counted by address, so that nobody can guess through the codes, with a limit and a window that let
a clinic's shared address go on soon.
"""

from __future__ import annotations

import secrets
from uuid import UUID

from questionnaire.models import Response
from questionnaire.services import responses, tries
from questionnaire.services.responses import Gone, Walk
from questionnaire.services.sealing import keyed_hashes
from questionnaire.services.tries import WINDOW, TooManyTries

__all__ = ["MOST_WRONG_TRIES", "WINDOW", "TooManyTries", "UnknownCode", "come_back", "find", "give"]

ALPHABET = "ACDEFGHJKMNPQRTVWXY34679"
LENGTH = 15
GROUP = 5
MOST_WRONG_TRIES = 30
"""Wrong codes one address may try within a window: more than a waiting room mistypes, far fewer than guessing needs."""
_PURPOSE = "address"


class UnknownCode(LookupError):
    """No response has this code (any more)."""


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
    tries.refuse_if_over(purpose=_PURPOSE, address=address, most=MOST_WRONG_TRIES)
    pk = find(typed)
    try:
        if pk is not None:
            walk = responses.find(pk)
            _renew(pk, typed)
            return walk
    except Gone:
        pass
    tries.count(purpose=_PURPOSE, address=address)
    raise UnknownCode


def find(typed: str) -> UUID | None:
    """The id of the response that this code opens; None when there is none."""
    return Response.objects.filter(code_hash__in=_hashes(_read(typed))).values_list("pk", flat=True).first()


def _renew(pk: UUID, typed: str) -> None:
    """Keep the hash under the newest key: only whoever types a code can make it, so an earlier key is needed less."""
    newest, *earlier = _hashes(_read(typed))
    if earlier:
        Response.objects.filter(pk=pk, code_hash__in=earlier).update(code_hash=newest)


def _read(typed: str) -> str:
    return "".join(character for character in typed.upper() if character in ALPHABET)


def _hashes(code: str) -> list[str]:
    return keyed_hashes("return code", code)
