"""Who works in the physicians' room."""

from __future__ import annotations

import pytest
from django.test import Client

from tests import staff


@pytest.fixture
def dora(client):
    """The browser of a physician."""
    staff.sign_in(client, staff.physician())
    return client


@pytest.fixture
def emil():
    """That of another one."""
    client = Client()
    staff.sign_in(client, staff.physician("emil"))
    return client
