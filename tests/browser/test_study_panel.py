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

NUMBER = "NCT05354141"
WITH_RECORDS = f"""
from questionnaire.domain import folder
from questionnaire.services import letters, trial_review
from tests import studies, web
document = folder.document_of(editions.SHIPPED)
studies.with_facts(document, next(name for name in document if name.startswith("guidance/")), "CT-06")
web.publish(document)
letters.seed()
study, _ = shared(people.IN_A_TRIAL, "Joe Stone", dt.date(1972, 11, 30), "Is this study worth it?")
studies.said(study, number="{NUMBER}", name="Kimera Labs", city="Miramar, FL")
studies.finished_with(study, studies.record("{NUMBER}"))
why = "Patients pay " + "for a long time " * 20
studies.told(studies.record("{NUMBER}", overallStatus="TERMINATED", whyStopped=why))
trial_review.after_refresh("{NUMBER}")
"""


@pytest.fixture(scope="module")
def practice(prepared: Server, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with prepared.copied(tmp_path_factory.mktemp("studies")) as server:
        server.run(f"{MAKE}{WITH_RECORDS}open({str(server.folder / 'id')!r}, 'w').write(str(study.pk))")
        yield server


@pytest.fixture(scope="module")
def lee(browser: Browser, practice: Server) -> StorageState:
    return signed_in(browser, practice, "lee")


def panel(page: Page, practice: Server) -> None:
    page.goto(f"/physician/{(practice.folder / 'id').read_text()}/")


def tops(page: Page) -> list[list[float]]:
    """Of each line, how high its name and its three places stand."""
    found: list[list[float]] = page.locator(".three tbody tr").evaluate_all(
        "all => all.map(row => [...row.children].map(each => Math.round(each.getBoundingClientRect().top)))"
    )
    return found


def test_lines_of_three_columns_on_a_screen_and_stacked_with_labels_on_a_phone(
    browser: Browser, practice: Server, lee: StorageState
):
    with opened(browser, practice.url, (1280, 900), storage_state=lee) as page:
        panel(page, practice)
        assert len(tops(page)) > 15
        assert all(len(set(line)) == 1 for line in tops(page))
        assert page.get_by_role("link", name=NUMBER).count() == 1
        assert "Kimera Labs" in page.locator(".study .letters").inner_text()
    with opened(browser, practice.url, PHONE, storage_state=lee) as page:
        panel(page, practice)
        assert all(line == sorted(set(line)) for line in tops(page))
        label = page.locator(".three tbody td").nth(4).evaluate("each => getComputedStyle(each, '::before').content")
        assert "Now" in label
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def test_the_prepared_reply_can_be_sent(browser: Browser, practice: Server, lee: StorageState):
    with opened(browser, practice.url, DESKTOP, storage_state=lee, java_script_enabled=False) as page:
        panel(page, practice)
        page.get_by_text("Tell the patient", exact=True).click()
        assert (
            "We looked up your study again."
            in page.get_by_label("Reply to the patient about the study", exact=True).input_value()
        )
        page.get_by_role("button", name="Send this reply").click()
        assert page.get_by_text("The reply is sent.").is_visible()


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
        page.emulate_media(reduced_motion="reduce")
        page.evaluate(AXE_SCRIPT)
        assert axe(page) == []
