from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest

from questionnaire.services import registry_turn
from tests import registry as server
from tests.registry import Registry


@pytest.fixture
def site(settings: Any) -> Iterator[Registry]:
    """A trial registry on this computer, in place of the public one."""
    with server.running() as running:
        settings.CTGOV_BASE_URL = running.base
        yield running


@pytest.fixture
def hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """The registry may be asked at any time, so that a test need not wait for its turn."""
    monkeypatch.setattr(registry_turn, "SPACING", dt.timedelta(0))
