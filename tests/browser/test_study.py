"""The study's number and the ladder in a real browser: by keyboard, without scripts, on a phone, for every eye."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Literal

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Browser, Page, expect

from tests.browser import people
from tests.browser.conftest import PHONE, WIDTHS, opened
from tests.browser.server import Server
from tests.browser.test_accessibility import axe, unfold_one_of_each_sort
from tests.browser.test_sharing import arrives, press, tab_to, type_into
from tests.browser.visitor import Visitor
from tests.study_registry import LUNGS, Registry, record

pytestmark = pytest.mark.browser

FACTS = """
from questionnaire.domain import folder, trial_rules
from questionnaire.services import editions, opening, publishing
document = folder.document_of(editions.SHIPPED)
facts = [{"slug": slug, "values": list(values)} for slug, values in trial_rules.FACTS.items()]
document = dict(document) | {"aid.yaml": document["aid.yaml"] | {"facts": facts}}
draft = opening.open_document(by=None, document=document)
publishing.put_live(draft=draft, change_note="Facts of the registry.")
"""


@pytest.fixture(scope="module")
def registry() -> Iterator[Registry]:
    with Registry().running() as made:
        made.says = record(LUNGS)
        yield made


@pytest.fixture(scope="module")
def checking(prepared: Server, registry: Registry, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server that asks the registry of these tests, with an aid that goes by what it says."""
    with prepared.copied(tmp_path_factory.mktemp("checking"), CTGOV_BASE_URL=registry.base) as server:
        server.run(FACTS)
        yield server


def numbered(server: Server) -> Visitor:
    """Somebody who has given a number, and all other answers."""
    made = Visitor(server.url)
    for slug, answer in people.IN_A_TRIAL.answers.items():
        made.answer(slug, answer)
    return made


def guided(server: Server) -> Visitor:
    made = Visitor(server.url)
    made.walk(people.IN_A_TRIAL)
    return made


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no-scripts"])
def test_a_person_says_which_study_it_is_by_keyboard_alone(browser: Browser, checking: Server, scripts: bool):
    state = numbered(checking).as_browser()
    with opened(browser, checking.url, PHONE, storage_state=state, java_script_enabled=scripts) as page:
        page.goto("/check/")
        arrives(page, "study")
        press(page, "Continue", "button")
        expect(page.get_by_role("alert")).to_be_focused()
        assert page.title().startswith("Error: ")
        press(page, "Choose an answer. “Not sure” is one, too.")
        page.keyboard.press("Space")
        type_into(page, "Name of the clinic (optional)", "Riverside Clinic")
        type_into(page, "City of the clinic (optional)", "Austin")
        press(page, "Continue", "button")
        arrives(page, "check")
        expect(page.get_by_text("Riverside Clinic")).to_be_visible()
        press(page, "Show my guidance", "button")
        arrives(page, "result")
        tab_to(page, page.get_by_role("link", name="Where this offer stands"))
        page.keyboard.press("Enter")
        expect(page.get_by_text("A listing is not approval.").first).to_be_in_viewport()


def asked(page: Page) -> None:
    page.goto("/study/")
    assert people.kind(page) == "study"


def refused(page: Page) -> None:
    asked(page)
    page.get_by_role("button", name="Continue", exact=True).click()
    expect(page.get_by_role("alert")).to_be_visible()


def ladder(page: Page) -> None:
    page.goto("/result/#ladder")


PAGES: dict[str, tuple[Callable[[Server], Visitor], Callable[[Page], None]]] = {
    "study": (numbered, asked),
    "study with an error": (numbered, refused),
    "ladder": (guided, ladder),
}


@pytest.fixture(scope="module", params=PAGES)
def seen(request: pytest.FixtureRequest, browser: Browser, checking: Server) -> Iterator[Page]:
    made, open_page = PAGES[request.param]
    state = made(checking).as_browser()
    with opened(browser, checking.url, storage_state=state, reduced_motion="reduce") as page:
        open_page(page)
        yield page


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", WIDTHS)
def test_axe_finds_nothing(seen: Page, width: str, scheme: Literal["light", "dark"]):
    seen.set_viewport_size({"width": WIDTHS[width][0], "height": WIDTHS[width][1]})
    seen.emulate_media(media="screen", color_scheme=scheme)
    seen.evaluate(AXE_SCRIPT)
    unfold_one_of_each_sort(seen)
    assert axe(seen) == []


def test_nothing_has_to_be_scrolled_sideways(seen: Page):
    seen.emulate_media(media="screen")
    seen.set_viewport_size({"width": 320, "height": 640})
    assert seen.evaluate("document.documentElement.scrollWidth <= innerWidth")
