"""The editor in a real browser: axe in both looks, keyboard alone, without scripts, and the page beside the form."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Browser, Page, StorageState, expect

from tests.browser.conftest import DESKTOP, PHONE, opened
from tests.browser.server import Server
from tests.browser.test_accessibility import AXE, STRICTER, WCAG_2_2_AA
from tests.staff import PASSWORD, code

pytestmark = pytest.mark.browser

MAKE = f"""
from django.contrib.auth.models import Group, User
from questionnaire.services import editions, opening
from tests.staff import with_factor
for name, group in (("ada", "Guidance editors"), ("ben", "Clinical approvers")):
    user = User.objects.create_user(name, password="{PASSWORD}", is_staff=True, first_name=name.title())
    user.groups.add(Group.objects.get(name=group))
User.objects.create_superuser("root", password="{PASSWORD}")
for user in User.objects.all():
    with_factor(user)
opening.open_from(by=User.objects.get(username="ada"), edition=editions.live())
"""


@pytest.fixture(scope="module")
def desk(prepared: Server, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server of its own, with staff and an open draft."""
    with prepared.copied(tmp_path_factory.mktemp("desk")) as server:
        server.run(MAKE)
        yield server


def signed_in(browser: Browser, server: Server, name: str) -> StorageState:
    with opened(browser, server.url, DESKTOP) as page:
        page.goto("/admin/login/")
        page.get_by_label("User name").fill(name)
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Sign in").click()
        page.get_by_label("Code").fill(code())
        page.get_by_role("button", name="Go on").click()
        page.wait_for_url("**/admin/**")
        return page.context.storage_state()


@pytest.fixture(scope="module")
def ada(browser: Browser, desk: Server) -> StorageState:
    return signed_in(browser, desk, "ada")


@pytest.fixture(scope="module")
def root(browser: Browser, desk: Server) -> StorageState:
    return signed_in(browser, desk, "root")


EDITOR = (
    "/admin/guidance/",
    "/admin/guidance/draft/?room=question",
    "/admin/guidance/draft/item/prp-knee/",
    "/admin/guidance/draft/question/joint-site/",
    "/admin/guidance/draft/evidence/REG-29/",
    "/admin/guidance/draft/item/ladder-cannot-tell/when/",
    "/admin/guidance/draft/add/item/",
    "/admin/guidance/draft/item/prp-knee/remove/",
    "/admin/guidance/draft/checks/",
    "/admin/guidance/draft/review/",
    "/admin/guidance/draft/discard/",
    "/admin/guidance/safety/",
    "/admin/guidance/editions/1/",
    "/admin/guidance/preview/q/urgent-signs/",
    "/admin/guidance/preview/shown/item/prp-knee/",
    "/admin/guidance/draft/item/nothing/",
)
ADMINISTRATION = (
    "/admin/",
    "/admin/questionnaire/practice/add/",
    "/admin/auth/user/",
    "/admin/auth/user/add/",
    "/admin/auth/user/1/change/",
    "/admin/auth/group/",
)
LOOKS: tuple[tuple[tuple[int, int], Literal["light", "dark"]], ...] = ((DESKTOP, "light"), (PHONE, "dark"))


def found_by_axe(page: Page, tags: list[str], rules: list[str]) -> list[str]:
    # Colors that are on their way to those of the other look are not what anybody reads.
    page.evaluate("Promise.all(document.getAnimations().map(each => each.finished.catch(() => null)))")
    page.evaluate(AXE_SCRIPT)
    return [f"{each['id']}: {each['nodes'][0]['html']}" for each in page.evaluate(AXE, [tags, rules])]


@pytest.mark.parametrize("address", EDITOR)
def test_axe_finds_nothing_in_the_editor(browser: Browser, desk: Server, ada: StorageState, address: str):
    with opened(browser, desk.url, storage_state=ada) as page:
        told: list[str] = []
        page.on("console", lambda message: told.append(message.text) if message.type == "error" else None)
        page.goto(address)
        for (width, height), scheme in LOOKS:
            page.set_viewport_size({"width": width, "height": height})
            page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
            assert found_by_axe(page, WCAG_2_2_AA, []) == [], (address, scheme)
            assert page.evaluate("document.documentElement.scrollWidth") <= width, f"{address} is wider than {width}"
        assert [line for line in told if "Content Security" in line and "style" not in line] == []


@pytest.mark.parametrize("address", ADMINISTRATION)
def test_axe_finds_nothing_in_the_administration(browser: Browser, desk: Server, root: StorageState, address: str):
    with opened(browser, desk.url, DESKTOP, storage_state=root) as page:
        page.goto(address)
        for _, scheme in LOOKS:
            page.emulate_media(color_scheme=scheme)
            assert found_by_axe(page, WCAG_2_2_AA, []) == [], (address, scheme)


RECORD = {
    "/admin/record/": "Access record",
    "/admin/record/?since=yesterday&response=17": "Access record",
    "/admin/record/1/": "One event on record",
}


@pytest.mark.parametrize("address", RECORD)
def test_axe_finds_nothing_in_the_access_record(browser: Browser, desk: Server, root: StorageState, address: str):
    with opened(browser, desk.url, storage_state=root) as page:
        page.goto(address)
        expect(page.get_by_role("heading", level=1)).to_have_text(RECORD[address])
        for (width, height), scheme in LOOKS:
            page.set_viewport_size({"width": width, "height": height})
            page.emulate_media(color_scheme=scheme)
            assert found_by_axe(page, WCAG_2_2_AA, STRICTER) == [], (address, scheme)
            assert page.evaluate("document.documentElement.scrollWidth") <= width, f"{address} is wider than {width}"


def test_signing_in_is_plain(browser: Browser, desk: Server):
    with opened(browser, desk.url) as page:
        page.goto("/admin/guidance/")
        assert found_by_axe(page, WCAG_2_2_AA, STRICTER[:2]) == []
        expect(page.get_by_role("heading", level=1)).to_have_text("Sign in")


def test_the_page_beside_the_form_follows_what_is_typed_and_only_saving_stores(
    browser: Browser, desk: Server, ada: StorageState
):
    with opened(browser, desk.url, DESKTOP, storage_state=ada) as page:
        page.goto("/admin/guidance/draft/item/take-page/")
        page.get_by_label("Title").fill("Take all of this along.")
        for look in ("as-light", "as-dark"):
            frame = page.frame_locator(f'iframe[name="{look}"]')
            expect(frame.get_by_role("heading", level=3)).to_have_text("Take all of this along.")
        dark = page.frame_locator('iframe[name="as-dark"]').locator("body")
        light = page.frame_locator('iframe[name="as-light"]').locator("body")
        assert dark.evaluate("each => getComputedStyle(each).backgroundColor") != light.evaluate(
            "each => getComputedStyle(each).backgroundColor"
        )
        live = page.frame_locator('iframe[title="What patients read now"]')
        expect(live.get_by_role("heading", level=3)).not_to_have_text("Take all of this along.")
        page.get_by_role("button", name="Save").click()
        expect(page.get_by_role("status")).to_contain_text("Saved in the draft")


def test_a_condition_follows_the_question_that_is_chosen(browser: Browser, desk: Server, ada: StorageState):
    with opened(browser, desk.url, DESKTOP, storage_state=ada) as page:
        page.goto("/admin/guidance/draft/item/claim-stories/when/")
        page.get_by_role("button", name="Add a line").click()
        line = page.get_by_role("group", name="Line 2")
        line.get_by_label("Question").select_option("stage")
        expect(line.get_by_role("checkbox").first).to_be_visible()
        line.get_by_role("checkbox").first.check()
        page.get_by_role("button", name="Save the condition").click()
        expect(page.get_by_role("status")).to_contain_text("The condition is saved")


@pytest.mark.parametrize("scripts", [True, False])
def test_an_entry_is_found_changed_and_saved_by_keyboard_alone(
    browser: Browser, desk: Server, ada: StorageState, scripts: bool
):
    words = f"With{'' if scripts else 'out'} scripts."
    with opened(browser, desk.url, DESKTOP, storage_state=ada, java_script_enabled=scripts) as page:
        page.goto("/admin/guidance/draft/item/ask-refund/")
        tab_to(page, "title-en")
        page.keyboard.press("ControlOrMeta+A")
        page.keyboard.type(words)
        for _ in range(60):
            page.keyboard.press("Tab")
            if page.locator(":focus").count() and page.locator(":focus").inner_text() == "Save":
                break
        page.keyboard.press("Enter")
        expect(page.get_by_role("status")).to_contain_text("Saved in the draft")
        expect(page.get_by_role("heading", level=1)).to_have_text(words)


def tab_to(page: Page, name: str) -> None:
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.locator(":focus").count() and page.locator(":focus").get_attribute("id") == name:
            return
    raise AssertionError(f"no Tab leads to {name}")


def test_without_scripts_what_is_typed_is_shown_in_the_frame(browser: Browser, desk: Server, ada: StorageState):
    with opened(browser, desk.url, DESKTOP, storage_state=ada, java_script_enabled=False) as page:
        page.goto("/admin/guidance/draft/item/paying/")
        page.get_by_label("Title").fill("Shown without any script.")
        page.get_by_role("button", name="Show as typed").click()
        frame = page.frame_locator('iframe[name="as-light"]')
        expect(frame.get_by_role("heading", level=3)).to_contain_text("Shown without any script.")
        page.reload()
        expect(page.get_by_role("heading", level=1)).not_to_have_text("Shown without any script.")


def test_a_refusal_is_in_focus_and_leads_to_its_field(browser: Browser, desk: Server, ada: StorageState):
    with opened(browser, desk.url, DESKTOP, storage_state=ada) as page:
        page.goto("/admin/guidance/draft/item/paying/")
        page.get_by_label("Text", exact=True).fill("Look <b>here</b>.")
        page.get_by_role("button", name="Save").click()
        alert = page.get_by_role("alert")
        expect(alert).to_be_focused()
        alert.get_by_role("link").first.click()
        expect(page.get_by_label("Text", exact=True)).to_be_focused()
        expect(page.get_by_label("Text", exact=True)).to_have_value("Look <b>here</b>.")


def test_an_item_is_edited_from_the_page_where_a_patient_reads_it(browser: Browser, desk: Server, ada: StorageState):
    with opened(browser, desk.url, DESKTOP, storage_state=ada) as page:
        page.goto("/admin/guidance/preview/about/exosomes/")
        page.get_by_role("link", name="Edit this page").click()
        expect(page).to_have_url(f"{desk.url}/admin/guidance/draft/page/exosomes/")
