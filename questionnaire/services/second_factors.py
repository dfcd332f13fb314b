"""An administrator takes away somebody's second factor, since telephones get lost."""

from __future__ import annotations

from typing import Any

from allauth.mfa.models import Authenticator
from django.contrib.auth import get_user_model
from django.db import transaction

from questionnaire.services.staff import NotAllowed

CHANGE_ACCOUNTS = "auth.change_user"


def are_held_by(account: Any) -> bool:
    """Whether there is anything to remove: an app, a passkey or recovery codes."""
    return bool(Authenticator.objects.filter(user_id=account.pk).exists())


@transaction.atomic
def remove(*, by: Any, of: Any) -> int:
    """Remove every second factor and the recovery codes of this account; how many there were.

    Whoever signs in with it next is led to setting up a new one, and no session that passed the old one goes on.

    Raises:
        NotAllowed: the account of `by` is gone, inactive or may not change accounts; or it is their own, which they
            change with their password; or `of` is a superuser and `by` is not.
    """
    users = get_user_model()._default_manager
    administrator = users.filter(pk=by.pk, is_active=True).first()
    account = users.select_for_update().get(pk=of.pk)
    if administrator is None or not administrator.has_perm(CHANGE_ACCOUNTS):
        raise NotAllowed("this needs the group “Administrators”, and you are not in it now")
    if administrator.pk == account.pk:
        raise NotAllowed("your own second factor is changed under “Your sign-in”")
    if account.is_superuser and not administrator.is_superuser:
        raise NotAllowed("only a superuser changes the account of a superuser")
    held = Authenticator.objects.filter(user_id=account.pk)
    count = int(held.count())
    held.delete()
    return count
