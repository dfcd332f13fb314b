"""Second factors: whether one is enrolled, whether this session passed it, and that no code is taken twice."""

from __future__ import annotations

from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from allauth.mfa.utils import decrypt
from django.db import transaction
from django.http import HttpRequest

from questionnaire.signin.sessions import FACTOR

STEP = "last_step"


def of(user: Any) -> dict[int, str]:
    """The factors of this person: kind by id."""
    return dict(Authenticator.objects.filter(user_id=user.pk).order_by("pk").values_list("pk", "type"))


def is_enrolled(held: dict[int, str]) -> bool:
    """Recovery codes alone are not a second factor."""
    return any(kind != Authenticator.Type.RECOVERY_CODES for kind in held.values())


def has_passed(request: HttpRequest, held: dict[int, str]) -> bool:
    """Whether this session passed a factor that still exists: one that was reset lets nobody on."""
    return request.session.get(FACTOR) in held


def passed(request: HttpRequest, factor: Any) -> None:
    request.session[FACTOR] = factor.pk


def carry_on(request: HttpRequest) -> None:
    """After a change of their own somebody stays signed in, by whichever of their factors there is now."""
    held = of(request.user)
    if not has_passed(request, held):
        request.session[FACTOR] = next(iter(held), None)


def recovery_codes_left(user: Any) -> int | None:
    """How many of this person's recovery codes are not used up; None for whoever has no such codes."""
    held = Authenticator.objects.filter(user_id=user.pk, type=Authenticator.Type.RECOVERY_CODES).first()
    return len(held.wrap().get_unused_codes()) if held else None


def step_of(secret: str, code: str) -> int | None:
    """The step of 30 seconds that this code stands for, if it is near enough to now."""
    for step in totp.yield_hotp_counters_from_time():
        if totp.compare_user_code(actual=code, expected=totp.format_hotp_value(totp.hotp_value(secret, step))):
            return int(step)
    return None


def take_totp(factor: Any, code: str) -> bool:
    """Whether the code is right and newer than the last one that was taken; then it is the last one.

    The library holds a code as used for one step only, while with clocks that differ it is good for three.
    """
    with transaction.atomic():
        locked = Authenticator.objects.select_for_update().get(pk=factor.pk)
        step = step_of(decrypt(locked.data["secret"]), code)
        if step is None or step <= locked.data.get(STEP, -1):
            return False
        locked.data[STEP] = step
        locked.save(update_fields=["data"])
    return True


def take(user: Any, code: str) -> Any:
    """The factor of this person that the code belongs to, or None; a code that was taken is used up."""
    for factor in Authenticator.objects.filter(user_id=user.pk).exclude(type=Authenticator.Type.WEBAUTHN):
        is_totp = factor.type == Authenticator.Type.TOTP
        if take_totp(factor, code) if is_totp else factor.wrap().validate_code(code):
            # A fresh one: taking the code has changed its row.
            return Authenticator.objects.select_related("user").get(pk=factor.pk)
    return None
