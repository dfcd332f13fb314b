"""Fixtures of the patients' room."""

import pytest

from tests.web import BEFORE


@pytest.fixture
def at(published, walker):
    """Answer everything that comes before a question, and show it."""

    def at(slug):
        if BEFORE[slug]:
            walker.answers(*BEFORE[slug])
        page = walker.get(f"/q/{slug}/")
        assert page.question == slug
        return page

    return at
