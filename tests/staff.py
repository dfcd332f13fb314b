"""The people of the staff, and how a test signs them in."""

from __future__ import annotations

import time
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal import auth as totp
from django.contrib.auth.models import Group, Permission, User
from django.test import Client

from questionnaire.services import staff
from questionnaire.services.sealing import seal
from questionnaire.signin import sessions

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
"""What everybody's app knows in a test."""
PASSWORD = "a-long-word-for-tests-only"

_ADMINISTRATION = [("user", act) for act in ("add", "change", "view")]
_ADMINISTRATION += [("group", "view"), *(("practice", act) for act in ("add", "change", "view"))]
_GRANTED = {
    staff.EDITORS: [staff.EDIT.split(".")[1]],
    staff.APPROVERS: [staff.APPROVE.split(".")[1]],
    staff.PHYSICIANS: [],
    staff.ADMINISTRATORS: ["search_record", *(f"{act}_{model}" for model, act in _ADMINISTRATION)],
}


def editor(name: str = "ada", **more: Any) -> User:
    """Somebody who may change the draft."""
    return member(name, staff.EDITORS, **more)


def approver(name: str = "ben", **more: Any) -> User:
    """Somebody who may approve it."""
    return member(name, staff.APPROVERS, **more)


def both(name: str = "cleo") -> User:
    """Somebody who may do either, but not both to the same draft."""
    return member(name, staff.EDITORS, staff.APPROVERS)


def physician(name: str = "dora", **more: Any) -> User:
    """Somebody who sees shared responses; not “staff” in the administration's sense."""
    return member(name, staff.PHYSICIANS, **{"is_staff": False} | more)


def administrator(name: str = "max", **more: Any) -> User:
    """Somebody who makes accounts and gives groups, and is no superuser."""
    return member(name, staff.ADMINISTRATORS, **more)


def member(name: str, *groups: str, **more: Any) -> User:
    user, _ = User.objects.get_or_create(username=name, defaults={"is_staff": True, "first_name": name.title()} | more)
    user.groups.set([_group(group) for group in groups])
    return user


def with_password(user: User) -> User:
    user.set_password(PASSWORD)
    user.save()
    return user


def with_factor(user: User) -> Authenticator:
    """Give somebody an app that knows SECRET, and recovery codes; what they had already stays."""
    found: Authenticator | None = Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).first()
    if found is None:
        found = Authenticator.objects.create(
            user=user, type=Authenticator.Type.TOTP, data={"secret": seal(SECRET), "last_step": 0}
        )
        RecoveryCodes.activate(user)
    return found


def code(steps: int = 0) -> str:
    """What the app shows now, or so many steps of 30 seconds later."""
    shown: str = totp.format_hotp_value(totp.hotp_value(SECRET, int(time.time()) // 30 + steps))
    return shown


def sign_in(client: Client, user: User) -> Client:
    """As after password and second factor at the front door."""
    factor = with_factor(user)
    client.force_login(user)
    session = client.session
    session[sessions.SINCE] = session[sessions.ACTIVE] = time.time()
    session[sessions.FACTOR] = factor.pk
    session.save()
    return client


def groups() -> list[Group]:
    """All of them, as the migrations make them."""
    return [_group(name) for name in _GRANTED]


def _group(name: str) -> Group:
    """As the migration makes it: emptying the database after a test with real transactions takes it away."""
    group, made = Group.objects.get_or_create(name=name)
    if made:
        apps = ("questionnaire", "auth")
        group.permissions.set(Permission.objects.filter(codename__in=_GRANTED[name], content_type__app_label__in=apps))
    return group
