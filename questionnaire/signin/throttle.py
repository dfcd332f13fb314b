"""How many wrong guesses are allowed within five minutes, so that nobody guesses through and nobody is locked out.

A stranger who guesses at an account uses up the tries of their own address, and from many addresses those of the
account as far as unknown browsers go. A browser in which this person has signed in before has tries of its own, which
nobody else can use up. The numbers are in the settings (ACCOUNT_RATE_LIMITS); all processes count together, in the
database.
"""

from __future__ import annotations

import ipaddress
import secrets
from typing import Any

from allauth.core import ratelimit
from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse

from questionnaire.services.network import address
from questionnaire.services.sealing import keyed_hashes

COOKIE = "staff-browser"
_SALT = "questionnaire.signin.browser"
_REMEMBERED = 180 * 24 * 3600
_ACCOUNTS = 8
"""How many people one browser is remembered for: a computer at the reception has several."""


PASSWORD, FACTOR = "password", "second factor"


def count(request: HttpRequest, account: str, what: str = PASSWORD) -> bool:
    """Count a try at this account, given by its user name; False if there were too many, and it is not to be looked at.

    What one count refuses is not counted further: one address can use up few of an account's tries.
    """
    return all(ratelimit.consume(request, action=action, key=key) for action, key in _counts(request, account, what))


def forgive(request: HttpRequest, account: str, what: str = PASSWORD) -> None:
    """The try was right: forget what was counted for this person at this place. What others did there stays counted."""
    for action, key in _counts(request, account, what):
        if action in ("known_browser", "account_and_address"):
            ratelimit.clear(request, action=action, key=key)


def remember_browser(request: HttpRequest, reply: HttpResponse, account: str) -> None:
    """This person has signed in here."""
    known = _known(request)
    known.pop(_name(account), None)
    known = dict(list(known.items())[1 - _ACCOUNTS :]) | {_name(account): secrets.token_urlsafe(12)}
    reply.set_cookie(
        COOKIE,
        signing.dumps(known, salt=_SALT),
        max_age=_REMEMBERED,
        path="/staff/",
        httponly=True,
        secure=settings.HTTPS,
        samesite="Lax",
    )


def _counts(request: HttpRequest, account: str, what: str) -> list[tuple[str, str]]:
    name = _name(account)
    browser = _known(request).get(name)
    if browser:
        return [("known_browser", _key(what, name, browser))]
    place = _network(address(request))
    return [
        ("account_and_address", _key(what, name, place)),
        ("address", _key(what, place)),
        ("account", _key(what, name)),
    ]


def _key(*parts: str) -> str:
    """Names neither account nor address to whoever reads the database."""
    return keyed_hashes("sign-in", "|".join(parts))[0]


def _name(account: str) -> str:
    return keyed_hashes("account", account.strip().lower())[0][:24]


def _known(request: HttpRequest) -> dict[str, Any]:
    try:
        return dict(signing.loads(request.COOKIES[COOKIE], salt=_SALT, max_age=_REMEMBERED))
    except (KeyError, ValueError, TypeError, signing.BadSignature):
        return {}


def _network(given: str) -> str:
    """One subscriber has 2⁶⁴ addresses of the newer kind, so those count by their network."""
    try:
        return str(ipaddress.ip_network(f"{given}/64", strict=False)) if ":" in given else given
    except ValueError:
        return given
