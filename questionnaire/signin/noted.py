"""The one place where what happens at the door is put on record. A line of the log names nobody and no address."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.contrib.auth.models import User
from django.db import transaction
from django.http import HttpRequest

from questionnaire.services import audit, network

log = logging.getLogger(__name__)


def signed_in(request: HttpRequest, user: Any) -> None:
    """Somebody is in: the password was right, and the second factor where one is enrolled."""
    log.info("Somebody of the staff signed in.")
    _record(request, "signed in", user)


def refused(request: HttpRequest, what: str, username: str = "") -> None:
    """A try to sign in failed; `what` is one of password, second factor, too many tries.

    The account is recorded if there is one of this name. Anything else that was typed is not: it may be a password.
    Who is signed in already, and is asked for their password again, is who tried.
    """
    log.info("A sign-in was refused: %s.", what)
    account = User.objects.filter(username=username).first() if username else None
    _record(request, "sign-in refused", request.user, {"what": what} | (_which(account) if account else {}))


def change_refused(request: HttpRequest, what: str) -> None:
    """Somebody signed in tried to change how they sign in, or somebody else does, and was refused.

    `what` was to be changed, or is why it was not: password, too many tries, codes of an app, passkey, recovery codes,
    second factor.
    """
    log.info("A change of a sign-in was refused: %s.", what)
    _record(request, "refused", request.user, {"page": _page(request), "what": what})


def not_allowed(request: HttpRequest) -> None:
    """Somebody signed in asked for a page, or took a step, that needs a role or a person that they are not.

    Or the form's token was none of this session's, as of a form that another site sends in their name.
    """
    found = request.resolver_match.kwargs.get("pk") if request.resolver_match else None
    subject = found if isinstance(found, UUID) else None
    # Django notes here that it found nothing wrong with the token, or that none was needed.
    what = {} if getattr(request, "csrf_processing_done", False) else {"what": "token"}
    _record(request, "refused", request.user, {"page": _page(request)} | what, subject)


def signed_out(request: HttpRequest, user: Any) -> None:
    """By their own wish, or because the session's time was over."""
    log.info("Somebody of the staff was signed out.")
    _record(request, "signed out", user)


def factor_changed(request: HttpRequest, user: Any, what: str) -> None:
    """The second factor of `user` was changed, by themselves or by an administrator (`request.user`)."""
    log.info("A second factor was changed: %s.", what)
    _record(request, "second factor changed", request.user, {"what": what} | _which(user))


def account_changed(request: HttpRequest, user: Any, what: str) -> None:
    """The account, the groups or the password of `user` were changed by `request.user`."""
    log.info("An account was changed: %s.", what)
    _record(request, "account changed", request.user, {"what": what} | _which(user))


def groups_given(request: HttpRequest, user: Any, added: Iterable[str], removed: Iterable[str]) -> None:
    """`request.user` put `user` into groups, or took them out: what an account may do comes from these alone."""
    log.info("The groups of an account were changed.")
    _record(request, "groups changed", request.user, _which(user) | _difference(added, removed))


def group_changed(request: HttpRequest, group: Any, what: str) -> None:
    """A group was made, renamed or deleted by `request.user`."""
    log.info("A group was changed: %s.", what)
    _record(request, "group changed", request.user, {"what": what, "group": group.name, "id": group.pk})


def permissions_given(request: HttpRequest, group: Any, added: Iterable[str], removed: Iterable[str]) -> None:
    """What a group may do was changed by `request.user`; permissions go by their code names."""
    log.info("The permissions of a group were changed.")
    detail = {"group": group.name, "id": group.pk} | _difference(added, removed)
    _record(request, "permissions changed", request.user, detail)


def letter_changed(request: HttpRequest, letter: Any, what: str) -> None:
    """A letter of FDA was added to the list, changed or taken out of it by `request.user`."""
    _record(request, "letter changed", request.user, {"what": what, "letter": str(letter), "id": letter.pk})


def _which(user: Any) -> dict[str, Any]:
    """An account by its id, which stays, and by the user name that it has now, which people know."""
    return {"account": user.pk, "user name": user.get_username()}


def _difference(added: Iterable[str], removed: Iterable[str]) -> dict[str, Any]:
    found = {"added": sorted(added), "removed": sorted(removed)}
    return {name: names for name, names in found.items() if names}


def _page(request: HttpRequest) -> str:
    """The name of the page, since an address may be as long as somebody likes."""
    return request.resolver_match.view_name if request.resolver_match else ""


def _record(
    request: HttpRequest, kind: str, by: Any, detail: dict[str, Any] | None = None, subject: UUID | None = None
) -> None:
    known = by if by is not None and by.is_authenticated else None
    with transaction.atomic():
        audit.record(kind=kind, by=known, address=network.address(request), subject=subject, detail=detail)
