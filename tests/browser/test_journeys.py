"""Five different people walk from the start to their guidance in a real browser."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser import people
from tests.browser.conftest import WIDTHS, NewPage
from tests.browser.people import PEOPLE, Person

pytestmark = pytest.mark.browser

MOST_TABS = 80
"""More than any page but the guidance has places to stop at."""


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no-scripts"])
@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("person", PEOPLE, ids=lambda person: person.name)
def test_a_person_walks_to_the_end(new_page: NewPage, person: Person, width: str, scripts: bool):
    page = new_page(WIDTHS[width], java_script_enabled=scripts)
    seen = people.walk(page, person)
    if person.urgent:
        assert seen[:2] == ["urgent-signs", "urgent"]
    assert seen.count("urgent") == bool(person.urgent)
    # One more for the study under a number.
    expect(page.get_by_role("link", name="Change")).to_have_count(len(person.answers) + seen.count("study"))
    people.finish(page)
    assert_guidance_fits(page, person)


def assert_guidance_fits(page: Page, person: Person) -> None:
    items = people.guidance(page)
    slugs = [slug for slug, _ in items]
    assert len(slugs) == len(set(slugs)), "an item is shown twice"

    def of_kind(kind: str) -> list[str]:
        return [slug for slug, each in items if each == kind]

    assert people.EVERYONE | person.sees <= set(slugs)
    assert not person.sees_not & set(slugs)
    assert set(of_kind("alternative")) == person.alternatives
    assert of_kind("urgent") == person.urgent
    assert slugs[: len(person.urgent)] == person.urgent, "urgent items come first"
    assert {"caution", "standard-care", "next-step", "ask"} <= {kind for _, kind in items}
    alternatives = [slugs.index(slug) for slug in person.alternatives]
    assert all(slugs.index(slug) < min(alternatives) for slug in person.before_alternatives)
    for slug, words in person.why.items():
        expect(page.locator(f"[data-guidance={slug}] details.more")).to_contain_text(words)
    assert int(page.locator("main").get_attribute("data-edition") or 0) >= 1
    unsourced = (
        "all => all.filter(each => !each.querySelector('a[href^=\"https:\"]')).map(each => each.dataset.guidance)"
    )
    assert page.locator("[data-guidance]").evaluate_all(unsourced) == []


def test_urgent_guidance_says_what_to_do_and_lets_the_person_go_on(page: Page):
    people.walk(page, people.WITH_A_RED_FLAG, until="urgent")
    assert people.guidance(page) == [(slug, "urgent") for slug in people.WITH_A_RED_FLAG.urgent]
    expect(page.locator("[data-guidance=urgent-hot-joint] .do")).to_have_text("Go to an emergency room now")
    page.get_by_role("button", name="Go on with the questions").click()
    expect(page.locator("main")).to_have_attribute("data-question", "age")


def test_a_changed_answer_opens_what_is_new_and_comes_back(page: Page):
    person = people.ON_A_BLOOD_THINNER
    people.walk(page, person)
    change(page, "joint-site")
    expect(page.locator("input[name=answer][value=knee]")).to_be_checked()
    people.fill(page, "hip")
    people.send(page)
    assert people.kind(page) == "check"
    change(page, "offer")
    people.fill(page, ["exo-joint"])
    people.send(page)
    assert people.question(page) == "source"
    page.goto("/check/")
    assert people.question(page) == "source", "an open question comes before the check"


def change(page: Page, slug: str) -> None:
    page.get_by_role("link", name="Change").and_(page.locator(f"[href='/q/{slug}/']")).click()


def test_the_browsers_own_back_button_loses_nothing(page: Page):
    people.walk(page, people.ON_A_BLOOD_THINNER, until="diagnosis")
    page.go_back()
    assert people.question(page) == "joint-site"
    page.reload()
    expect(page.locator("input[name=answer][value=knee]")).to_be_checked()
    people.send(page)
    assert people.question(page) == "diagnosis"


def test_the_answers_come_back_on_another_device_with_the_code(new_page: NewPage):
    phone = new_page()
    people.walk(phone, people.IN_A_TRIAL, until="offer")
    phone.get_by_role("button", name="Save and come back later").click()
    phone.get_by_role("button", name="Give me a code").click()
    code = phone.locator(".code").inner_text()
    computer = new_page(WIDTHS["desktop"], java_script_enabled=False)
    computer.goto("/return/")
    computer.locator("input[name=code]").fill(code.lower().replace("-", " "))
    computer.get_by_role("button", name="Come back", exact=True).click()
    assert people.question(computer) == "offer"
    list(people.steps(computer, people.IN_A_TRIAL))
    people.finish(computer)
    assert_guidance_fits(computer, people.IN_A_TRIAL)


def test_erased_answers_are_gone(page: Page):
    people.walk(page, people.IN_A_TRIAL, until="offer")
    page.get_by_role("link", name="Erase my answers").click()
    page.get_by_role("button", name="Erase my answers").click()
    assert people.kind(page) == "erased"
    page.goto("/q/offer/")
    assert people.question(page) == "urgent-signs"


def test_a_whole_journey_by_keyboard_alone(page: Page):
    """Tab, Space, arrows and Enter only. Focus is seen at every stop, and comes round to where it began."""
    keys = Keyboard(page)
    page.goto("/")
    keys.to("Skip to the content")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
    keys.to("Start")
    page.keyboard.press("Enter")
    person = people.IN_A_TRIAL
    for slug, answer in person.answers.items():
        expect(page.locator("main")).to_have_attribute("data-question", slug)
        keys.answer(answer)
        keys.to("Continue")
        page.keyboard.press("Enter")
        if slug == "trial-number":
            expect(page.locator("main")).to_have_attribute("data-page", "study")
            keys.to("Continue")
            page.keyboard.press("Enter")
    expect(page.locator("main")).to_have_attribute("data-page", "check")
    keys.assert_no_trap()
    keys.to("Show my guidance")
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_have_attribute("data-page", "result")
    keys.assert_no_trap()
    assert_guidance_fits(page, person)


ACTIVE = """() => {
    const at = document.activeElement, look = getComputedStyle(at), box = at.getBoundingClientRect();
    return {
        body: at === document.body,
        name: at.tagName + " " + (at.value || at.innerText || "").trim(),
        type: at.type || "",
        outlined: look.outlineStyle !== "none" && parseFloat(look.outlineWidth) > 0,
        seen: box.width > 1 && box.height > 1 && box.bottom > 0 && box.top < innerHeight && box.right > 0
            && box.left < innerWidth,
    };
}"""


class Keyboard:
    def __init__(self, page: Page) -> None:
        self.page = page

    def tab(self) -> dict[str, str | bool]:
        """Press Tab once; where that leads must be seen."""
        self.page.keyboard.press("Tab")
        at: dict[str, str | bool] = self.page.evaluate(ACTIVE)
        assert at["body"] or (at["outlined"] and at["seen"]), f"the focus cannot be seen: {at}"
        return at

    def to(self, name: str) -> None:
        """Tab on to the control with this name."""
        for _ in range(MOST_TABS):
            if str(self.tab()["name"]).split(" ", 1)[-1] == name:
                return
        raise AssertionError(f"{name!r} cannot be reached with Tab")

    def answer(self, answer: people.Answer) -> None:
        if answer is None:
            return
        if isinstance(answer, people.Typed):
            self._to_type("text")
            self.page.keyboard.type(answer)
        elif isinstance(answer, list):
            for slug in answer:
                self.to(slug)
                self.page.keyboard.press("Space")
        else:
            self._radio(answer)

    def _to_type(self, *types: str) -> None:
        for _ in range(MOST_TABS):
            if self.tab()["type"] in types:
                return
        raise AssertionError(f"no input of type {types} can be reached with Tab")

    def _radio(self, slug: str) -> None:
        """Into the group with Tab, then down with the arrow until the choice is marked."""
        self._to_type("radio")
        self.page.keyboard.press("Space")
        for _ in range(MOST_TABS):
            if str(self.page.evaluate(ACTIVE)["name"]) == f"INPUT {slug}":
                break
            self.page.keyboard.press("ArrowDown")
        expect(self.page.locator(f"input[name=answer][value='{slug}']")).to_be_checked()

    def assert_no_trap(self) -> None:
        """Tab from the top through the whole page reaches every stop and leaves it at the end."""
        self.page.evaluate("document.activeElement.blur()")
        stops = self.page.locator("a[href], button, input:not([type=hidden]), summary").count()
        for _ in range(stops + 2):
            if self.tab()["body"]:
                return
        raise AssertionError("Tab does not leave the page")
