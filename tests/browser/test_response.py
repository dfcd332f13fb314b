"""The page of one response in a real browser: axe in both looks, the first view, keys, who else has it open, paper."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Literal

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Browser, Dialog, Page, StorageState, expect

from tests.browser.conftest import DESKTOP, PHONE, WIDTHS, opened
from tests.browser.server import Server
from tests.browser.shared_people import MAKE, SHARED
from tests.browser.test_accessibility import NARROW, axe, fold, resize, unfold_one_of_each_sort

pytestmark = pytest.mark.browser

LAPTOP = (1280, 800)


@pytest.fixture(scope="module")
def practice(prepared: Server, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server of its own, with two physicians and three shared responses."""
    with prepared.copied(tmp_path_factory.mktemp("practice")) as server:
        server.run(MAKE)
        yield server


@pytest.fixture(scope="module")
def ids(practice: Server) -> list[str]:
    """Of the response with red flags, of the one on a blood thinner, of the one in a study, and of a withdrawn one."""
    listed = practice.folder / "ids"
    practice.run(
        "from questionnaire.models import Review\n"
        "ids = [str(each.pk) for each in Review.objects.order_by('shared_at')]\n"
        f"open({str(listed)!r}, 'w').write(' '.join(ids))"
    )
    return listed.read_text().split()


def signed_in(browser: Browser, server: Server, name: str) -> StorageState:
    place = server.folder / f"session-{name}"
    server.run(
        "from django.contrib.auth.models import User\n"
        "from tests.staff_sessions import session_of\n"
        f"open({str(place)!r}, 'w').write(session_of(User.objects.get(username={name!r})))"
    )
    with opened(browser, server.url, DESKTOP) as page:
        page.context.add_cookies([{"name": "sessionid", "value": place.read_text(), "url": server.url}])
        return page.context.storage_state()


@pytest.fixture(scope="module")
def lee(browser: Browser, practice: Server) -> StorageState:
    return signed_in(browser, practice, "lee")


@pytest.fixture(scope="module")
def okafor(browser: Browser, practice: Server) -> StorageState:
    return signed_in(browser, practice, "okafor")


@pytest.fixture
def page(browser: Browser, practice: Server, lee: StorageState) -> Iterator[Page]:
    with opened(browser, practice.url, LAPTOP, storage_state=lee) as page:
        yield page


# --- Every kind of page ------------------------------------------------------------------------------------------


def response(page: Page, ids: list[str]) -> None:
    page.goto(f"/physician/{ids[0]}/")


def nothing_written(page: Page, ids: list[str]) -> None:
    response(page, ids)
    page.get_by_text("Private note", exact=True).click()
    page.get_by_role("button", name="Keep the note").click()
    expect(page.get_by_role("alert")).to_be_focused()


def conflict(page: Page, ids: list[str]) -> None:
    response(page, ids)
    page.get_by_text("Private note", exact=True).click()
    page.get_by_label("Your note").fill("Mine.")
    page.locator("[name=revision]").evaluate_all("all => all.forEach(each => each.value = 1)")
    page.get_by_role("button", name="Keep the note").click()
    expect(page.locator("main")).to_have_attribute("data-page", "conflict")


def unsent(page: Page, ids: list[str]) -> None:
    response(page, ids)
    page.get_by_text("Private note", exact=True).click()
    page.get_by_label("Your note").fill("Half a note")
    page.get_by_role("button", name="Mark reviewed", exact=True).click()
    expect(page.get_by_role("alert")).to_be_focused()


def what_if(page: Page, ids: list[str]) -> None:
    page.goto(f"/physician/{ids[1]}/what-would-change/")


def effect(page: Page, ids: list[str]) -> None:
    what_if(page, ids)
    page.get_by_label("Low platelets or a bleeding problem").check()
    page.get_by_role("button", name="Show what would change").click()
    expect(page.get_by_role("heading", name="With these answers")).to_be_visible()


def record(page: Page, ids: list[str]) -> None:
    """With a list in which it stood."""
    page.goto("/physician/")
    page.goto(f"/physician/{ids[0]}/record/")
    expect(page.get_by_role("heading", name="In lists and exports")).to_be_visible()
    expect(page.get_by_role("region", name="Table of lists and exports")).to_be_visible()


PAGES: dict[str, Callable[[Page, list[str]], None]] = {
    "response": response,
    "study": lambda page, ids: _go(page, f"/physician/{ids[2]}/"),
    "withdrawn": lambda page, ids: _go(page, f"/physician/{ids[3]}/"),
    "nothing written": nothing_written,
    "conflict": conflict,
    "as seen": lambda page, ids: _go(page, f"/physician/{ids[0]}/as-seen/1/"),
    "record": record,
    "what if": what_if,
    "effect": effect,
    "unsent": unsent,
    "not found": lambda page, ids: _go(page, "/physician/00000000-0000-4000-8000-000000000000/"),
}


def _go(page: Page, address: str) -> None:
    page.goto(address)


@pytest.mark.parametrize("name", PAGES)
def test_axe_finds_nothing(page: Page, ids: list[str], name: str):
    page.emulate_media(reduced_motion="reduce")
    PAGES[name](page, ids)
    page.evaluate(AXE_SCRIPT)
    assert axe(page) == []
    unfold_one_of_each_sort(page)
    schemes: tuple[Literal["light", "dark"], ...] = ("light", "dark")
    for scheme in schemes:
        page.emulate_media(color_scheme=scheme)
        for size in WIDTHS.values():
            resize(page, size)
            assert axe(page) == [], (scheme, size)


@pytest.mark.parametrize("name", PAGES)
def test_nothing_has_to_be_scrolled_sideways_and_headings_go_step_by_step(page: Page, ids: list[str], name: str):
    PAGES[name](page, ids)
    for size in (NARROW, PHONE, (640, 450)):
        resize(page, size)
        fold(page, True)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), size
    levels = page.evaluate(
        "[...document.querySelectorAll('main :is(h1, h2, h3, h4):not([role=alert] *)')].map(each => +each.tagName[1])"
    )
    if name != "conflict":
        assert levels.count(1) == 1
        assert all(after <= before + 1 for before, after in zip([0, *levels], levels, strict=False)), levels


@pytest.mark.parametrize("name", ["response", "withdrawn", "conflict", "unsent", "record", "what if", "effect"])
def test_everything_to_press_is_large_enough(page: Page, ids: list[str], name: str):
    PAGES[name](page, ids)
    fold(page, True)
    small = page.evaluate(
        """() => [...document.querySelectorAll("main :is(button, summary, textarea, [type=text])"),
                  ...document.querySelectorAll("main :is(.also, .contents, .back) a")]
            .filter(each => each.checkVisibility() && each.getBoundingClientRect().height < 43.5)
            .map(each => each.outerHTML.slice(0, 150))"""
    )
    assert small == []


# --- Half a minute -----------------------------------------------------------------------------------------------


LONG = """
changes = {"health": ["bleeding"], "medicines": ["antiplatelet"], "claims": ["pay-today"], "payment": "over-5000"}
name, question, born = "Maximiliana " * 8, "Is it worth it? " * 60, dt.date(1950, 1, 2)
review, walk = shared(people.IN_A_TRIAL, name, born, question, ("prp",), **changes)
"""


def test_a_long_name_and_question_push_nothing_that_counts_out_of_sight(page: Page, practice: Server):
    place = practice.folder / "long"
    practice.run(f"{SHARED}{LONG}open({str(place)!r}, 'w').write(str(review.pk))")
    page.goto(f"/physician/{place.read_text()}/")
    top = page.locator(".top-of-response")
    for words in ("More than $5,000", "Pay today", "Yes, with all of that"):
        expect(top.get_by_text(words).last).to_be_in_viewport(ratio=1)
    for words in ("Low platelets", "Takes aspirin"):
        expect(top.locator(".against li").get_by_text(words).first).to_be_in_viewport(ratio=1)
    asked = top.locator(".asked")
    expect(asked.locator("details div")).to_be_hidden()
    asked.get_by_text("Show all that they ask").click()
    assert asked.locator("details div").inner_text().count("Is it worth it?") == 60


@pytest.mark.parametrize("which", [0, 1, 2])
def test_what_matters_stands_above_the_fold(page: Page, ids: list[str], which: int):
    page.goto(f"/physician/{ids[which]}/")
    below = page.locator(".top-of-response :is(h1, h2, h3, p, dd, li, summary)").evaluate_all(
        "all => all.filter(each => each.checkVisibility() && each.getBoundingClientRect().bottom > innerHeight)"
        ".map(each => each.textContent)"
    )
    assert below == []
    for button in ("Take it", "Mark reviewed"):
        expect(page.get_by_role("button", name=button, exact=True)).to_be_in_viewport()


# --- Keys ----------------------------------------------------------------------------------------------------------


def test_keys_move_the_focus_and_store_nothing(page: Page, ids: list[str]):
    page.goto(f"/physician/{ids[1]}/")
    for key, name in (("t", "Take it"), ("e", "Mark reviewed")):
        page.keyboard.press(key)
        expect(page.get_by_role("button", name=name, exact=True)).to_be_focused()
    page.keyboard.press("?")
    expect(page.get_by_text("Go to “Mark reviewed”")).to_be_visible()
    page.keyboard.press("?")
    expect(page.get_by_text("Go to “Mark reviewed”")).to_be_hidden()
    page.keyboard.press("r")
    reply = page.get_by_label("Your reply")
    expect(reply).to_be_focused()
    page.keyboard.type("tenet?")
    expect(reply).to_be_focused()
    expect(reply).to_have_value("tenet?")
    page.keyboard.press("Tab")
    page.keyboard.press("n")
    expect(page.get_by_label("Your note")).to_be_focused()
    expect(page.locator("main")).to_contain_text("New")


def test_keys_go_to_the_next_response_and_back_to_the_list(page: Page, ids: list[str]):
    page.goto(f"/physician/{ids[0]}/?from=state%3Dall")
    here = page.url
    page.keyboard.press("j")
    expect(page).not_to_have_url(here)
    expect(page.locator("main")).to_have_attribute("data-page", "response")
    page.keyboard.press("u")
    expect(page.locator("main")).to_have_attribute("data-page", "inbox")
    assert page.url.endswith("/physician/?state=all")


def test_keys_that_are_turned_off_are_off_in_both_places(page: Page, ids: list[str]):
    def turn(on: bool) -> None:
        if not page.get_by_label("Use these keys").is_visible():
            page.locator("#show-keys, details.keys summary").click()
        page.get_by_label("Use these keys").set_checked(on)

    def does(key: str) -> bool:
        page.goto(f"/physician/{ids[1]}/")
        page.keyboard.press(key)
        focused = page.evaluate("document.activeElement.textContent")
        return bool(focused == "Mark reviewed") if key == "e" else page.get_by_label("Use these keys").is_visible()

    page.goto("/physician/")
    turn(False)
    assert not does("e")
    assert not does("?")
    turn(True)
    assert does("e")
    page.goto("/physician/")
    expect(page.locator("#use-keys")).to_be_checked()
    page.goto(f"/physician/{ids[1]}/")
    turn(False)
    page.goto("/physician/")
    expect(page.locator("#use-keys")).not_to_be_checked()


# --- Nothing typed is lost ---------------------------------------------------------------------------------------


def test_who_leaves_a_text_that_is_not_sent_is_asked_first(page: Page, ids: list[str]):
    asked: list[str] = []

    def stay(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.dismiss()

    page.on("dialog", stay)
    page.goto(f"/physician/{ids[1]}/")
    page.get_by_text("Reply to the patient", exact=True).click()
    page.get_by_label("Your reply").press_sequentially("Come")
    page.get_by_role("link", name="Back to the inbox").click(no_wait_after=True)
    expect(page.get_by_label("Your reply")).to_have_value("Come")
    assert asked == ["beforeunload"]
    # A button sends the text along, so nobody is asked by the browser.
    page.get_by_role("button", name="Mark reviewed", exact=True).click()
    expect(page.get_by_role("alert")).to_be_focused()
    expect(page.get_by_label("Your reply")).to_have_value("Come")
    assert asked == ["beforeunload"]
    # What stands there still counts, though it was not typed on this page.
    page.get_by_label("Your reply").press("End")
    page.get_by_role("link", name="Back to the inbox").click(no_wait_after=True)
    expect(page.get_by_label("Your reply")).to_have_value("Come")
    assert asked == ["beforeunload"] * 2
    page.get_by_label("Your reply").fill("")
    page.get_by_role("link", name="Back to the inbox").click()
    expect(page.locator("main")).to_have_attribute("data-page", "inbox")


def test_without_scripts_a_text_is_kept_and_sent_with_the_step(
    browser: Browser, practice: Server, lee: StorageState, ids: list[str]
):
    with opened(browser, practice.url, PHONE, storage_state=lee, java_script_enabled=False) as page:
        page.goto(f"/physician/{ids[2]}/")
        page.get_by_text("Private note", exact=True).click()
        page.get_by_label("Your note").fill("Called at noon.")
        page.get_by_role("button", name="Mark reviewed", exact=True).click()
        expect(page.get_by_label("Your note")).to_have_value("Called at noon.")
        page.get_by_role("button", name="Mark reviewed, and keep the note too").click()
        expect(page.locator(".written").last).to_contain_text("Called at noon.")
        page.get_by_role("button", name="Reopen").click()
        expect(page.get_by_role("status").first).to_contain_text("Reopened")


def test_whoever_writes_has_room_to(page: Page, ids: list[str]):
    response(page, ids)
    page.get_by_text("Reply to the patient", exact=True).click()
    box = page.get_by_label("Your reply").bounding_box()
    assert box
    assert box["width"] >= 340


# --- Words of any length, groups whole ----------------------------------------------------------------------------


@pytest.mark.parametrize("where", [".who-line span", ".asked p", ".told dd", ".written", ".standing"])
def test_a_long_word_makes_nobody_scroll_sideways(page: Page, ids: list[str], where: str):
    response(page, ids)
    resize(page, PHONE)
    page.locator(where).first.evaluate(
        "each => { each.textContent = 'a'.repeat(60) + '@' + 'b'.repeat(60) + '.example'; }"
    )
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_a_group_of_answers_stands_in_one_column(page: Page, ids: list[str]):
    response(page, ids)
    lefts = page.locator(".all-answers > section").evaluate_all(
        "all => all.map(each => new Set([...each.querySelectorAll('h3, dt')]"
        ".map(one => Math.round(one.getBoundingClientRect().left))).size)"
    )
    assert set(lefts) == {1}


def test_the_steps_are_lines_of_one_list(page: Page, ids: list[str]):
    response(page, ids)
    edges = page.locator(".done-steps > li > p").evaluate_all(
        "all => all.map(each => each.getBoundingClientRect().left)"
    )
    assert len(edges) >= 3
    assert len(set(edges)) == 1


# --- Two at once, with and without scripts -----------------------------------------------------------------------


def test_who_comes_in_meanwhile_is_told_without_a_reload(
    browser: Browser, practice: Server, lee: StorageState, okafor: StorageState, ids: list[str]
):
    with (
        opened(browser, practice.url, LAPTOP, storage_state=lee) as mine,
        opened(browser, practice.url, LAPTOP, storage_state=okafor) as theirs,
    ):
        mine.clock.install()
        mine.goto(f"/physician/{ids[2]}/")
        live = mine.locator("#presence")
        expect(live).to_have_attribute("role", "status")
        expect(live).to_have_text("")
        theirs.goto(f"/physician/{ids[2]}/")
        with mine.expect_request("**/here/") as asked:
            mine.clock.run_for(30_000)
        assert asked.value.headers["x-background"] == "1"
        expect(live).to_have_text("Dr Okafor has this open now.")
        theirs.get_by_text("Private note", exact=True).click()
        theirs.get_by_label("Your note").fill("I take this one.")
        theirs.get_by_role("button", name="Keep the note").click()
        expect(theirs.locator("main")).to_contain_text("The note is kept.")
        mine.clock.run_for(30_000)
        expect(live).to_contain_text("Something was done here since you opened it.")
        mine.context.clear_cookies()
        mine.clock.run_for(30_000)
        expect(live).to_contain_text("You are signed out")


def test_all_of_it_works_without_scripts(browser: Browser, practice: Server, lee: StorageState, ids: list[str]):
    with opened(browser, practice.url, PHONE, storage_state=lee, java_script_enabled=False) as page:
        page.goto(f"/physician/{ids[1]}/")
        expect(page.get_by_text("Keys (?)")).to_be_hidden()
        page.get_by_text("Reply to the patient", exact=True).click()
        page.get_by_label("Your reply").fill("Come in on Monday.")
        page.get_by_role("button", name="Send the reply", exact=True).click()
        expect(page.get_by_role("status").first).to_contain_text("The reply is sent.")
        expect(page.locator(".written")).to_contain_text("Come in on Monday.")


# --- Paper -------------------------------------------------------------------------------------------------------


def test_on_paper_stands_the_response_and_nothing_to_press(page: Page, ids: list[str]):
    response(page, ids)
    page.emulate_media(media="print", color_scheme="light")
    shown = "(all, wanted) => all.filter(each => each.checkVisibility() !== wanted).map(each => each.outerHTML)"
    assert page.locator("button, .doings, .contents, nav, .presence").evaluate_all(shown, False) == []
    read = ".as-seen [data-guidance] h3, .all-answers dd, .past h3, .done-steps li, .top-of-response dd, tbody td"
    assert page.locator(f"main :is({read})").evaluate_all(shown, True) == []
