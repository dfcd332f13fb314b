"""Who works in the physicians' room."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client

from tests import staff, studies


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


@pytest.fixture
def registry(settings: Any) -> Iterator[studies.Registry]:
    """A trial registry on this computer, asked in place of the real one."""
    with studies.serving() as played:
        settings.CTGOV_BASE_URL = played.url
        yield played
