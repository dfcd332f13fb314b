"""The study's panel in a real browser: axe in both looks and widths, three columns, one column on a phone."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Browser, Page, StorageState

from tests.browser.conftest import DESKTOP, PHONE, opened
from tests.browser.server import Server
from tests.browser.shared_people import MAKE
from tests.browser.test_accessibility import axe
from tests.browser.test_response import signed_in

pytestmark = pytest.mark.browser

WITH_RECORDS = """
from questionnaire.models import FdaLetter, FinishedVersion, RegistryStudy, Review, StudyCheck
from questionnaire.services import letters
from tests import studies
letters.seed()
review = Review.objects.get(question__gt="", problem__gt="", response__isnull=False, identity__gt="", pk=study.pk)
number = "NCT05354141"
was = studies.record()
was["protocolSection"]["identificationModule"]["nctId"] = number
now = studies.record(overallStatus="TERMINATED", whyStopped="Patients pay " + "for a long time " * 20)
now["protocolSection"]["identificationModule"]["nctId"] = number
studies.said(review, name="Kimera Labs", city="Miramar, FL", number=number)
studies.finished_with(review, was, number=number)
studies.told(now, number)
open({place!r}, "w").write(str(review.pk))
"""


@pytest.fixture(scope="module")
def practice(prepared: Server, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with prepared.copied(tmp_path_factory.mktemp("studies")) as server:
        server.run(MAKE + WITH_RECORDS.replace("{place!r}", repr(str(server.folder / "id"))))
        yield server


@pytest.fixture(scope="module")
def lee(browser: Browser, practice: Server) -> StorageState:
    return signed_in(browser, practice, "lee")


def panel(page: Page, practice: Server) -> None:
    page.goto(f"/physician/{(practice.folder / 'id').read_text()}/")


def tops(page: Page) -> list[float]:
    found = page.locator(".three > section").all()
    return [box["y"] for box in (each.bounding_box() for each in found) if box]


def test_three_columns_on_a_screen_and_one_on_a_phone(browser: Browser, practice: Server, lee: StorageState):
    with opened(browser, practice.url, (1280, 900), storage_state=lee) as page:
        panel(page, practice)
        assert len(set(tops(page))) == 1
        assert page.get_by_role("link", name="NCT05354141").count() == 1
        assert "Kimera Labs" in page.locator(".study .letters").inner_text()
    with opened(browser, practice.url, PHONE, storage_state=lee) as page:
        panel(page, practice)
        assert tops(page) == sorted(set(tops(page)))
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def test_what_is_pressed_is_large_enough(browser: Browser, practice: Server, lee: StorageState):
    with opened(browser, practice.url, PHONE, storage_state=lee) as page:
        panel(page, practice)
        box = page.get_by_role("button", name="Check again").bounding_box()
        assert box
        assert box["height"] >= 44


@pytest.mark.parametrize("size", [DESKTOP, PHONE])
@pytest.mark.parametrize("look", ["light", "dark"])
def test_axe_finds_nothing(
    look: Literal["light", "dark"], size: tuple[int, int], browser: Browser, practice: Server, lee: StorageState
):
    with opened(browser, practice.url, size, storage_state=lee, color_scheme=look) as page:
        panel(page, practice)
        page.evaluate("document.querySelectorAll('details').forEach(each => { each.open = true })")
        page.evaluate(AXE_SCRIPT)
        assert axe(page) == []
