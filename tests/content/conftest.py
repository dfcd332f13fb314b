"""The shipped aid, read once."""

from __future__ import annotations

import pytest

from questionnaire.domain import folder
from questionnaire.domain.content import Aid
from questionnaire.services.editions import SHIPPED


@pytest.fixture(scope="session")
def aid() -> Aid:
    return folder.load(SHIPPED)
