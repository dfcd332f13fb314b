"""The inbox in a real browser: axe in both looks, keys, the same without a script, no page too wide."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Browser, Page, StorageState, expect

from tests.browser.conftest import DESKTOP, WIDTHS, opened
from tests.browser.server import Server
from tests.browser.test_accessibility import axe, fold

pytestmark = pytest.mark.browser

MAKE = """
import datetime as dt
from django.contrib.auth.models import Group, User
from tests.staff_sessions import session_of
from questionnaire.services import editions, finishing, responses, reviews, sharing
from questionnaire.services.staff import Caller

people = {{name: User.objects.create_user(name, first_name=name.title(), last_name="Lee") for name in ("dora", "emil")}}
for user in people.values():
    user.groups.add(Group.objects.get(name="Physicians"))
open("{folder}/cookie", "w").write(session_of(people["dora"]))


def answer(question, number):
    if question.slug == "urgent-signs" and number % 5:
        return ["none"]
    if question.kind == "many":
        return [next(each.slug for each in question.choices if not each.exclusive)]
    if question.kind == "one":
        return question.choices[number % len(question.choices)].slug
    return {{"choice": question.choices[0].slug}} if question.choices else "words" if question.kind == "text" else "40"


def share(number):
    edition = editions.live()
    first = editions.aid_of(edition.pk).questions[0]
    walk = responses.begin(edition=edition, language="en", slug=first.slug, answer=answer(first, number))
    while (asked := walk.journey.open) is not None:
        walk = responses.answer(walk=walk, slug=asked.slug, answer=answer(asked, number))
    walk = responses.acknowledge_urgent(walk=walk)
    finishing.finish(walk=walk)
    name = "Wilhelmina Featherstonehaugh-Montgomery" if number == 3 else f"María López {{number:02}}"
    return sharing.share(
        walk=responses.find(walk.response.pk), name=name, born=dt.date(1961, 5, 6), contact="x", address=str(number)
    )


made = [share(number) for number in range(30)]
reviews.take(by=Caller(people["emil"], ""), pk=made[1].pk, revision=1)
reviews.look(by=Caller(people["emil"], ""), pk=made[2].pk)
sharing.withdraw(walk=responses.find(made[4].response_id))
"""


@pytest.fixture(scope="module")
def practice(prepared: Server, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server of its own, with physicians and 30 shared responses."""
    with prepared.copied(tmp_path_factory.mktemp("practice")) as server:
        server.run(MAKE.format(folder=server.folder))
        yield server


@pytest.fixture(scope="module")
def dora(browser: Browser, practice: Server) -> StorageState:
    with opened(browser, practice.url) as page:
        cookie = (practice.folder / "cookie").read_text()
        page.context.add_cookies([{"name": "sessionid", "value": cookie, "url": practice.url}])
        return page.context.storage_state()


@pytest.fixture
def desk(browser: Browser, practice: Server, dora: StorageState) -> Iterator[Page]:
    with opened(browser, practice.url, DESKTOP, storage_state=dora, reduced_motion="reduce") as page:
        page.goto("/physician/")
        yield page


def search(page: Page, words: str) -> None:
    page.get_by_label("Find a patient").fill(words)
    page.get_by_role("button", name="Search").click()


ADDRESSES = (
    "/physician/",
    "/physician/?state=all&flag=urgent&since=2020-01-02&mine=1",
    "/physician/?state=withdrawn&until=nonsense",
    "/physician/?state=waiting",
)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("address", [*ADDRESSES, "a refused search", "a search"])
def test_axe_finds_nothing_and_nothing_is_wider_than_the_screen(
    desk: Page, address: str, width: str, scheme: Literal["light", "dark"]
):
    desk.set_viewport_size(dict(zip(("width", "height"), WIDTHS[width], strict=True)))  # type: ignore[arg-type]
    desk.emulate_media(color_scheme=scheme)
    if address.startswith("/"):
        desk.goto(address)
    else:
        search(desk, "02/30/1961" if "refused" in address else "lopez")
    desk.evaluate(AXE_SCRIPT)
    fold(desk)
    assert axe(desk) == []
    assert desk.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_every_place_to_press_is_large_enough_on_a_phone(desk: Page):
    desk.set_viewport_size({"width": 360, "height": 780})
    fold(desk)
    small = desk.evaluate(
        """() => [...document.querySelectorAll("main :is(a:not(p a, [data-row]), button, summary, select, .input)")]
            .filter(each => !each.closest("dialog:not([open])"))
            .filter(each => each.getBoundingClientRect().height < 44).map(each => each.outerHTML)"""
    )
    assert small == []
    rows = desk.evaluate("[...document.querySelectorAll('tbody tr')].map(each => each.getBoundingClientRect().height)")
    assert min(rows) >= 44


def test_rows_are_walked_and_opened_by_keys(desk: Page):
    links = desk.locator("[data-row]")
    desk.keyboard.press("j")
    expect(links.nth(0)).to_be_focused()
    desk.keyboard.press("j")
    expect(links.nth(1)).to_be_focused()
    row = desk.locator("tbody tr").nth(1)
    assert row.evaluate("each => getComputedStyle(each).outlineWidth") == "3px"
    desk.keyboard.press("k")
    desk.keyboard.press("k")
    expect(links.nth(0)).to_be_focused()
    address = links.nth(0).get_attribute("href")
    desk.keyboard.press("o")
    desk.wait_for_url(f"**{address}")


def test_back_from_a_response_the_walk_goes_on_at_its_row(desk: Page):
    for _ in range(3):
        desk.keyboard.press("j")
    address = desk.locator("[data-row]").nth(2).get_attribute("href")
    desk.keyboard.press("o")
    desk.wait_for_url(f"**{address}")
    desk.goto("/physician/")
    desk.keyboard.press("j")
    expect(desk.locator(f'[data-row][href="{address}"]')).to_be_focused()
    desk.keyboard.press("k")
    expect(desk.locator("[data-row]").nth(1)).to_be_focused()


def test_about_ten_rows_stand_on_a_usual_screen(desk: Page):
    desk.set_viewport_size({"width": 1280, "height": 800})
    whole = desk.locator("tbody tr").evaluate_all("all => all.filter(e => e.getBoundingClientRect().bottom <= 800)")
    # Nearly every response here has three flags, which takes three lines.
    assert len(whole) >= 7
    # Whoever comes to a row reads all of it.
    cut = "row => [...row.querySelectorAll('.line')].some(each => each.scrollWidth > each.clientWidth)"
    row = desk.locator("tbody tr").first
    assert row.evaluate(cut)
    desk.keyboard.press("j")
    assert not row.evaluate(cut)


def test_the_whole_row_opens_its_response(desk: Page):
    address = desk.locator("[data-row]").nth(2).get_attribute("href")
    # The link lies over the whole row, which Playwright takes for something in the way.
    desk.locator("tbody tr").nth(2).locator(".when-shared").click(force=True)
    desk.wait_for_url(f"**{address}")


def test_other_keys_search_turn_pages_and_tell_of_themselves(desk: Page):
    desk.locator("[data-row]").nth(3).focus()
    desk.keyboard.press("?")
    sheet = desk.get_by_role("dialog", name="Keys")
    expect(sheet).to_be_in_viewport()
    desk.evaluate(AXE_SCRIPT)
    assert axe(desk) == []
    desk.keyboard.press("?")
    expect(sheet).to_be_hidden()
    expect(desk.locator("[data-row]").nth(3)).to_be_focused()
    desk.get_by_role("button", name="Keys").click()
    expect(sheet).to_be_visible()
    # The tick stands beside its words, not upon them.
    between = """() => { const words = document.createRange(), tick = document.getElementById("use-keys");
        words.selectNode(tick.parentElement.lastChild);
        return words.getBoundingClientRect().left - tick.getBoundingClientRect().right }"""
    assert desk.evaluate(between) > 0
    desk.keyboard.press("Escape")
    expect(desk.get_by_role("button", name="Keys")).to_be_focused()
    # The walk goes on where it was.
    desk.keyboard.press("j")
    expect(desk.locator("[data-row]").nth(4)).to_be_focused()
    desk.keyboard.press("/")
    box = desk.get_by_label("Find a patient")
    expect(box).to_be_focused()
    desk.keyboard.type("jn?/")
    expect(box).to_have_value("jn?/")
    box.evaluate("each => each.blur()")
    desk.keyboard.press("n")
    desk.wait_for_url("**after=*")
    desk.keyboard.press("p")
    desk.wait_for_url("**before=*")


def test_keys_can_be_turned_off_and_stay_so(desk: Page):
    desk.keyboard.press("?")
    desk.get_by_label("Use these keys").uncheck()
    desk.reload()
    desk.keyboard.press("j")
    assert desk.evaluate("document.activeElement === document.body")
    desk.keyboard.press("?")
    expect(desk.get_by_role("dialog", name="Keys")).to_be_hidden()
    desk.get_by_role("button", name="Keys").click()
    desk.get_by_label("Use these keys").check()
    desk.keyboard.press("j")
    expect(desk.locator("[data-row]").nth(0)).to_be_focused()


def test_all_of_it_works_without_a_script(browser: Browser, practice: Server, dora: StorageState):
    with opened(browser, practice.url, DESKTOP, storage_state=dora, java_script_enabled=False) as page:
        page.goto("/physician/")
        expect(page.locator("[data-row]")).to_have_count(25)
        page.get_by_role("link", name="Next page").click()
        expect(page.locator("[data-row]")).to_have_count(4)
        page.get_by_text("Filters", exact=True).click()
        page.get_by_label("Flag").select_option("urgent")
        page.get_by_role("button", name="Show").click()
        expect(page.get_by_text("Narrowed to: Sign of an emergency")).to_be_visible()
        search(page, "wilhelmina")
        assert "wilhelmina" not in page.url
        expect(page.get_by_label("Find a patient")).to_have_value("wilhelmina")
        expect(page.locator("#show-keys")).to_be_hidden()
        expect(page.locator("#keys")).to_be_hidden()
