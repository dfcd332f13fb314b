"""A session of somebody on the staff, for tests that talk to a real server."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth.models import User
from django.test import Client

from tests.staff import sign_in


def session_of(user: User) -> str:
    """The value of the cookie by which this person is signed in, their second factor passed."""
    return str(sign_in(Client(), user).cookies[settings.SESSION_COOKIE_NAME].value)
