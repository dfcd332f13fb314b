"""The note and the progress of an export in a real browser: axe in both looks, with and without scripts."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Literal

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import DESKTOP, PHONE, opened
from tests.browser.server import Server
from tests.browser.test_accessibility import axe

pytestmark = pytest.mark.browser

MAKE = """
import pathlib
from questionnaire.services import editions, exporting, finishing, responses
from tests import sharing
from tests.staff_sessions import session_of
from tests.staff import physician
walk = responses.begin(edition=editions.live(), language="en", slug="urgent-signs", answer=["none"])
while (question := walk.journey.open) is not None:
    last = question.choices[-1].slug
    answer = {"many": [last], "trial-number": {"choice": last}}.get(question.kind, last)
    walk = responses.answer(walk=walk, slug=question.slug, answer=answer)
walk = responses.acknowledge_urgent(walk=walk)
finishing.finish(walk=walk)
review = sharing.share(responses.find(walk.response.pk), question="What would you do?", preferred=["prp"])
dora = physician()
exports = [str(exporting.ask(by=sharing.caller(dora), filters="").pk) for _ in range(6)]
pathlib.Path("FOLDER/made").write_text(" ".join([session_of(dora), str(review.pk), *exports]))
"""


@pytest.fixture(scope="module")
def made(prepared: Server, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """A server with one shared response: its address, the session of a physician, the response, and some exports."""
    folder = tmp_path_factory.mktemp("chart")
    with prepared.copied(folder) as server:
        server.run(MAKE.replace("FOLDER", str(folder)))
        session, review, *exports = (folder / "made").read_text().split()
        cookie = {"name": "sessionid", "value": session, "url": server.url}
        state = {"cookies": [cookie | {"domain": "127.0.0.1", "path": "/"}], "origins": []}
        del state["cookies"][0]["url"]
        yield server.url, state, review, exports


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_axe_finds_nothing(
    browser: Browser, made: Any, size: tuple[int, int], scheme: Literal["light", "dark"]
) -> None:
    url, state, review, exports = made
    with opened(browser, url, size, storage_state=state, color_scheme=scheme) as page:
        for address in (f"/physician/{review}/chart-note/", f"/physician/export/{exports[0]}/"):
            page.goto(address)
            page.evaluate(AXE_SCRIPT)
            assert axe(page) == []
            width = page.evaluate("document.documentElement.scrollWidth")
            assert width <= size[0], "nothing has to be scrolled sideways"


def test_the_note_is_copied_by_a_press_or_marked_to_be_copied(browser: Browser, made: Any) -> None:
    url, state, review, _ = made
    for grant in ([], ["clipboard-read", "clipboard-write"]):
        with opened(browser, url, DESKTOP, storage_state=state) as page:
            page.context.grant_permissions(grant)
            page.goto(f"/physician/{review}/chart-note/")
            note = page.get_by_label("Copy this text into the chart").input_value()
            assert "What would you do?" in note
            if not grant:
                page.evaluate("() => { navigator.clipboard.writeText = () => Promise.reject(new Error('no')); }")
            page.get_by_role("button", name="Copy").click()
            expect(page.get_by_role("status")).to_contain_text("Copied." if grant else "Not copied.")
            if grant:
                assert page.evaluate("navigator.clipboard.readText()") == note
            else:
                assert page.evaluate("document.activeElement.selectionEnd") == len(note)


def test_without_scripts_no_button_does_nothing(browser: Browser, made: Any) -> None:
    url, state, review, exports = made
    with opened(browser, url, PHONE, storage_state=state, java_script_enabled=False) as page:
        page.goto(f"/physician/{review}/chart-note/")
        expect(page.get_by_role("button", name="Copy")).not_to_be_visible()
        page.goto(f"/physician/export/{exports[1]}/")
        fetch(page)
        page.reload()
        expect(page.get_by_text("Done: all 1 response")).to_be_visible()
        page.goto(f"/physician/export/{exports[2]}/")
        page.get_by_role("button", name="Cancel").click()
        expect(page.get_by_text("Cancelled after 0 responses")).to_be_visible()


def test_the_page_tells_the_end_by_itself(browser: Browser, made: Any) -> None:
    url, state, _, exports = made
    with opened(browser, url, PHONE, storage_state=state) as page:
        page.goto(f"/physician/export/{exports[3]}/")
        assert "What would you do?" in fetch(page)
        expect(page.get_by_role("status")).to_contain_text("Done: all 1 response")
        expect(page.get_by_role("button", name="Cancel")).to_have_count(0)
        expect(page.get_by_role("link", name="Download")).not_to_be_visible()


def fetch(page: Page) -> str:
    with page.expect_download() as waiting:
        page.get_by_role("link", name="Download").click()
    assert waiting.value.suggested_filename == "responses.csv"
    return waiting.value.path().read_text(encoding="utf-8-sig")
