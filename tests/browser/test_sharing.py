"""Sharing with the practice in a real browser: by keyboard, without scripts, on a phone, on paper, for every eye."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Literal

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser import people
from tests.browser.conftest import DESKTOP, PHONE, WIDTHS, opened
from tests.browser.server import Server
from tests.browser.test_accessibility import axe, unfold_one_of_each_sort
from tests.browser.visitor import Visitor

pytestmark = pytest.mark.browser

PRACTICE = """
from questionnaire.models import Practice
Practice.objects.create(**dict.fromkeys(Practice.REQUIRED, "Told here.") | {"name": "Lee Joint Clinic"})
"""
ANSWER = """
from django.contrib.auth.models import Group, User
from questionnaire.models import Review
from questionnaire.services import reviews, staff
user, _ = User.objects.get_or_create(username="lee", first_name="Dr", last_name="Lee")
user.groups.add(Group.objects.get(name=staff.PHYSICIANS))
lee = staff.Caller(user, "198.51.100.4")
for review in Review.objects.filter(ended_at=None, opened_at=None):
    reviews.look(by=lee, pk=review.pk)
    text = "Come in on Friday at 10.\\n\\nBring the letter from the clinic, and " + "x" * 90 + "."
    reviews.reply(by=lee, pk=review.pk, revision=review.revision, text=text)
"""
"""A physician opens what is new, and answers with a word that is wider than a phone."""

NARROW = (320, 640)


@pytest.fixture(scope="module")
def clinic(prepared: Server, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server whose practice is filled in."""
    with prepared.copied(tmp_path_factory.mktemp("clinic")) as server:
        server.run(PRACTICE)
        yield server


def visitor(server: Server, person: people.Person = people.IN_A_TRIAL) -> Visitor:
    made = Visitor(server.url)
    made.walk(person)
    return made


def share(made: Visitor) -> None:
    given: dict[str, str | list[str]] = {"name": "Maria López", "born": "05/06/1961", "contact": "(555) 010-0199"}
    status, _, text = made.post("/share/", given | {"question": "Is it too late?", "preferred": ["prp"]})
    assert (status, 'data-page="shared"' in text) == (200, True)


def tab_to(page: Page, wanted: Locator) -> None:
    """Go there as a person without a mouse does; whatever has the focus shows it."""
    for _ in range(250):
        page.keyboard.press("Tab")
        if wanted.evaluate("each => each === document.activeElement"):
            assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
            expect(wanted).to_be_in_viewport()
            return
    raise AssertionError(f"no way to {wanted} by keyboard")


def press(page: Page, name: str, role: Literal["link", "button"] = "link") -> None:
    tab_to(page, page.locator("main").get_by_role(role, name=name, exact=True).first)
    page.keyboard.press("Enter")


def arrives(page: Page, kind: str) -> None:
    expect(page.locator("main")).to_have_attribute("data-page", kind)


def type_into(page: Page, label: str, text: str) -> None:
    tab_to(page, page.get_by_label(label))
    page.keyboard.type(text)


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no-scripts"])
def test_a_person_shares_reads_the_answer_and_takes_it_back_by_keyboard_alone(
    browser: Browser, clinic: Server, scripts: bool
):
    state = visitor(clinic).as_browser()
    with opened(browser, clinic.url, PHONE, storage_state=state, java_script_enabled=scripts) as page:
        page.goto("/result/")
        press(page, "Read who would see what, and share")
        arrives(page, "share")
        press(page, "Share my answers", "button")
        expect(page.get_by_role("alert")).to_be_focused()
        assert page.title().startswith("Error: ")
        press(page, "Enter your name.")
        expect(page.get_by_label("Your name")).to_be_focused()
        page.keyboard.type("Maria López")
        type_into(page, "Date of birth", "may 6, 1961")
        type_into(page, "One way to reach you", "(555) 010-0199")
        type_into(page, "What would you like to ask? (optional)", "Is it too late?")
        tab_to(page, page.get_by_label("Bone marrow concentrate"))
        page.keyboard.press("Space")
        press(page, "Share my answers", "button")
        arrives(page, "shared")
        expect(page.get_by_text("May 6, 1961")).to_be_visible()
        expect(page.get_by_text("Bone marrow concentrate")).to_be_visible()
        code = page.locator("p.code").inner_text()
        clinic.run(ANSWER)
        page.context.clear_cookies()
        page.goto("/return/")
        type_into(page, "What is your code?", code)
        press(page, "Come back", "button")
        arrives(page, "result")
        expect(page.get_by_text("Come in on Friday at 10.")).to_be_in_viewport()
        expect(page.get_by_text("Dr Lee opened this on")).to_be_visible()
        press(page, "Take it back")
        arrives(page, "withdraw")
        press(page, "Take it back", "button")
        expect(page.locator("h1")).to_have_text("You have taken it back")
        press(page, "Go to my guidance")
        arrives(page, "result")
        expect(page.get_by_text("Come in on Friday at 10.")).to_have_count(0)


# --- For every eye


def at(address: str) -> Callable[[Page], None]:
    def open_page(page: Page) -> None:
        page.goto(address)

    return open_page


def refused(page: Page) -> None:
    page.goto("/share/")
    page.get_by_label("Date of birth").fill("13/05/61")
    page.get_by_role("button", name="Share my answers", exact=True).click()
    expect(page.get_by_role("alert")).to_be_visible()


def just_shared(page: Page) -> None:
    page.goto("/share/")
    page.get_by_label("Your name").fill("Maria López")
    page.get_by_label("Date of birth").fill("05/06/1961")
    page.get_by_label("One way to reach you").fill(
        "a-very-long-address-that-does-not-break@" + "x" * 60 + ".example.org"
    )
    page.get_by_role("button", name="Share my answers", exact=True).click()
    assert people.kind(page) == "shared"


PAGES: dict[str, tuple[bool, Callable[[Page], None]]] = {
    "offer": (False, at("/result/")),
    "form": (False, at("/share/")),
    "form with an error": (False, refused),
    "just shared": (False, just_shared),
    "shared": (True, at("/shared/")),
    "answered": (True, at("/result/")),
    "withdraw": (True, at("/withdraw/")),
    "erase": (True, at("/erase/")),
    "save": (True, at("/save/")),
}


@pytest.fixture(scope="module", params=PAGES)
def seen(request: pytest.FixtureRequest, browser: Browser, clinic: Server) -> Iterator[Page]:
    shared, open_page = PAGES[request.param]
    made = visitor(clinic, people.WITH_A_RED_FLAG if request.param == "answered" else people.IN_A_TRIAL)
    if shared:
        share(made)
        clinic.run(ANSWER)
    with opened(browser, clinic.url, storage_state=made.as_browser(), reduced_motion="reduce") as page:
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


@pytest.mark.parametrize("size", [NARROW, (DESKTOP[0] // 2, DESKTOP[1] // 2)], ids=["narrow", "zoomed"])
def test_nothing_has_to_be_scrolled_sideways(seen: Page, size: tuple[int, int]):
    seen.emulate_media(media="screen")
    seen.set_viewport_size({"width": size[0], "height": size[1]})
    assert seen.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_what_is_pressed_is_large_enough(seen: Page):
    seen.emulate_media(media="screen")
    seen.set_viewport_size({"width": PHONE[0], "height": PHONE[1]})
    pressed = "main :is(button, .button, .also a, textarea, input[type=text]), main .choice label"
    heights = seen.locator(pressed).evaluate_all("all => all.map(each => each.getBoundingClientRect().height)")
    assert all(height >= 43.5 for height in heights), heights


def test_the_answer_is_on_paper_and_nothing_to_press(browser: Browser, clinic: Server):
    made = visitor(clinic)
    share(made)
    clinic.run(ANSWER)
    with opened(browser, clinic.url, storage_state=made.as_browser()) as page:
        page.goto("/result/")
        page.emulate_media(media="print")
        expect(page.get_by_text("Come in on Friday at 10.")).to_be_visible()
        expect(page.get_by_text("Dr Lee opened this on")).to_be_visible()
        expect(page.get_by_role("link", name="Take it back")).to_have_count(0)
        expect(page.locator("main").get_by_text("Maria López")).to_have_count(0)
