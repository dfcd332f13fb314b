"""The one place where what happens at the door is put on record. A line of the log names nobody and no address."""

from __future__ import annotations

import logging
from typing import Any

from django.http import HttpRequest

log = logging.getLogger(__name__)


def signed_in(request: HttpRequest, user: Any) -> None:
    """Somebody is in: the password was right, and the second factor where one is enrolled."""
    log.info("Somebody of the staff signed in.")


def refused(request: HttpRequest, what: str) -> None:
    """A try to sign in failed; `what` is one of password, second factor, too many tries."""
    log.info("A sign-in was refused: %s.", what)


def signed_out(request: HttpRequest, user: Any) -> None:
    """By their own wish, or because the session's time was over."""
    log.info("Somebody of the staff was signed out.")


def factor_changed(request: HttpRequest, user: Any, what: str) -> None:
    """The second factor of `user` was changed, by themselves or by an administrator (`request.user`)."""
    log.info("A second factor was changed: %s.", what)


def account_changed(request: HttpRequest, user: Any, what: str) -> None:
    """The account, the groups or the password of `user` were changed by `request.user`."""
    log.info("An account was changed: %s.", what)


def group_changed(request: HttpRequest, group: Any, what: str) -> None:
    """What a group may do was changed by `request.user`."""
    log.info("A group was changed: %s.", what)
