"""A demonstration in a real browser: its pages for each role hold what they should, on a phone and on a desktop."""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from questionnaire.demo.records import DISC
from questionnaire.demo.registry import Registry
from tests.browser.conftest import DESKTOP, PHONE, opened
from tests.browser.server import Server
from tests.browser.test_response import signed_in

pytestmark = pytest.mark.browser

MAKE = f"""
from questionnaire.demo import accounts, filling
from questionnaire.models import Review
made = accounts.make(password_of=lambda role: "violet-harbor-92-lamp")
filling.fill(responses=200, physicians=accounts.physicians(made), seed=7, say=str)
changed = {{"response__study_check__number": "{DISC.number}", "version__facts__registry-stopped": "not-stopped"}}
print(Review.objects.filter(**changed)[0].pk, file=open(PLACE, "w"))
"""


@pytest.fixture(scope="module")
def registry() -> Iterator[Registry]:
    made_up = Registry(0, dt.datetime.now(dt.UTC).date())
    threading.Thread(target=made_up.serve_forever, daemon=True).start()
    yield made_up
    made_up.shutdown()
    made_up.server_close()


@pytest.fixture(scope="module")
def demonstration(prepared: Server, registry: Registry, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with prepared.copied(tmp_path_factory.mktemp("demonstration"), CTGOV_BASE_URL=registry.base) as server:
        server.run(f"PLACE = {str(server.folder / 'changed')!r}{MAKE}")
        yield server


def changed(server: Server) -> str:
    """The page of somebody whose study stopped after they had finished."""
    return f"/physician/{(server.folder / 'changed').read_text().strip()}/"


@pytest.mark.parametrize(
    ("who", "pages"),
    [
        ("demo-physician", ("/physician/", "/physician/dashboard/", "/physician/recalls/")),
        ("demo-editor", ("/admin/guidance/", "/admin/guidance/safety/", "/admin/guidance/editions/1/")),
        ("demo-administrator", ("/admin/record/",)),
    ],
)
def test_no_page_is_wider_than_its_screen(browser: Browser, demonstration: Server, who: str, pages: tuple[str, ...]):
    state = signed_in(browser, demonstration, who)
    for size in (DESKTOP, PHONE):
        with opened(browser, demonstration.url, size, storage_state=state) as page:
            for address in (*pages, *([changed(demonstration)] if who == "demo-physician" else [])):
                reply = page.goto(address)
                assert reply
                assert reply.status == 200, address
                assert page.evaluate("document.documentElement.scrollWidth") <= size[0], address


def test_what_the_study_changed_is_told_and_can_be_checked_again(browser: Browser, demonstration: Server):
    state = signed_in(browser, demonstration, "demo-physician")
    with opened(browser, demonstration.url, DESKTOP, storage_state=state) as page:
        page.goto(changed(demonstration))
        notice = page.locator(".study .notice")
        expect(notice).to_contain_text("The registry does not show this study as open to new people.")
        assert notice.evaluate("each => parseFloat(getComputedStyle(each).paddingLeft)") >= 8, "text stands at the edge"
        page.get_by_role("button", name="Check again").click()
        expect(page.get_by_text("The registry answered.")).to_be_visible()
        status = page.locator("table.three tr", has=page.get_by_role("rowheader", name="Status", exact=True))
        expect(status.locator("td").nth(1)).to_contain_text("Terminated")
        expect(status.locator("td").nth(2)).to_contain_text("Recruiting")
