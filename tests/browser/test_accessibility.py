"""Every kind of page, for people who do not see it, who touch it, who zoom it, who print it."""

from collections.abc import Callable, Iterator
from typing import Any, Literal

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Browser, Page, StorageState, expect

from tests.browser import people
from tests.browser.conftest import DESKTOP, PHONE, WIDTHS, NewPage, opened
from tests.browser.server import Server
from tests.browser.visitor import Visitor

pytestmark = pytest.mark.browser

WCAG_2_2_AA = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa"]
# Our own measure is higher than AA's for contrast (7:1), and what axe only advises is cheap to keep.
STRICTER = ["color-contrast-enhanced", "heading-order", "landmark-unique", "region", "skip-link"]
NARROW = (320, 640)
ZOOMED = (DESKTOP[0] // 2, DESKTOP[1] // 2)
"""A browser at 200% lays a page out in half as many pixels."""

STUDY = people.IN_A_TRIAL
RED_FLAG = people.WITH_A_RED_FLAG

# --- The pages -----------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def visitors(server: Server) -> dict[str, StorageState]:
    """Two browsers with finished answers, as the cookies that each has."""
    states = {}
    for person in (STUDY, RED_FLAG):
        visitor = Visitor(server.url)
        visitor.walk(person)
        states[person.name] = visitor.as_browser()
    return states


def at(address: str, kind: str, *press: str) -> Callable[[Page], None]:
    """Open a page of this kind: by its address, then by the buttons to press there."""

    def open_page(page: Page) -> None:
        page.goto(address)
        for name in press:
            page.get_by_role("button", name=name, exact=True).click()
        assert people.kind(page) == kind

    return open_page


def a_refused_question(page: Page) -> None:
    page.goto("/q/matters/")
    people.fill(page, ["less-pain", "do-more", "low-cost"])
    people.send(page)
    assert people.question(page) == "matters"


def erased(page: Page) -> None:
    page.context.clear_cookies()
    page.goto("/q/urgent-signs/")
    people.fill(page, ["none"])
    people.send(page)
    at("/erase/", "erased", "Erase my answers")(page)


# Questions of each kind: several choices, two, many with hints, typed or a choice, up to three, one to skip.
QUESTIONS = ("urgent-signs", "age", "problem", "trial-number", "matters", "state")

PAGES: dict[str, Callable[[Page], None]] = {
    "start": at("/", "start"),
    "about": at("/about/", "about"),
    "background": at("/about/exosomes/", "background"),
    "sources": at("/about/sources/", "sources"),
    "words": at("/about/words/", "words"),
    **{f"question {slug}": at(f"/q/{slug}/", "question") for slug in QUESTIONS},
    "question with an error": a_refused_question,
    "urgent": at("/urgent/", "urgent"),
    "check": at("/check/", "check"),
    "result": at("/result/", "result"),
    "urgent result": at("/result/", "result"),
    "save": at("/save/", "saved"),
    "saved with a code": at("/save/", "saved", "Give me a code"),
    "return": at("/return/", "return"),
    "return with an error": at("/return/", "return", "Come back"),
    "erase": at("/erase/", "erase"),
    "erased": erased,
    "error": at("/nothing-here/", "error"),
}


@pytest.fixture(scope="module", params=PAGES)
def shown(
    request: pytest.FixtureRequest, browser: Browser, server: Server, visitors: Any
) -> Iterator[tuple[str, Page]]:
    """One kind of page after the other, each opened once for all tests of this module that look at it."""
    person = RED_FLAG if "urgent" in request.param.split() else STUDY
    with opened(browser, server.url, storage_state=visitors[person.name]) as page:
        PAGES[request.param](page)
        yield request.param, page


@pytest.fixture
def name(shown: tuple[str, Page]) -> str:
    return shown[0]


@pytest.fixture
def seen(shown: tuple[str, Page]) -> Page:
    """The page on a phone in the light, folded as it comes, and still, so that nothing is measured half faded in."""
    page = shown[1]
    resize(page, PHONE)
    page.emulate_media(media="screen", color_scheme="light", reduced_motion="reduce")
    fold(page, False)
    return page


def resize(page: Page, size: tuple[int, int]) -> None:
    page.set_viewport_size({"width": size[0], "height": size[1]})


def fold(page: Page, open: bool = True) -> None:
    page.locator("details").evaluate_all("(all, open) => all.forEach(each => each.open = open)", open)


# --- What holds on every page ----------------------------------------------------------------------------------------

AXE = """([tags, rules]) => axe.run({
    runOnly: tags,
    rules: Object.fromEntries(rules.map(rule => [rule, {enabled: true}])),
    resultTypes: ["violations"],
}).then(found => found.violations)"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", WIDTHS)
def test_axe_finds_nothing(seen: Page, width: str, scheme: Literal["light", "dark"]):
    resize(seen, WIDTHS[width])
    seen.emulate_media(color_scheme=scheme)
    # Not as a script element: the page's own policy forbids those.
    seen.evaluate(AXE_SCRIPT)
    unfold_one_of_each_sort(seen)
    assert axe(seen) == []


def test_axe_finds_nothing_while_all_is_folded(seen: Page):
    if seen.locator("details").count():
        seen.evaluate(AXE_SCRIPT)
        assert axe(seen) == []


def unfold_one_of_each_sort(page: Page) -> None:
    """A guidance page has a hundred places to unfold, nearly all alike, and axe would look at each for a second."""
    page.locator("details").evaluate_all(
        """all => {
            const sorts = new Set();
            for (const each of all) {
                const sort = each.className + " in " + each.parentElement.className;
                each.open = !sorts.has(sort);
                sorts.add(sort);
            }
        }"""
    )


def axe(page: Page) -> list[str]:
    def told(violation: dict[str, Any]) -> str:
        nodes = [f"{node['target']}: {node['failureSummary']}" for node in violation["nodes"]]
        return f"{violation['id']}: {violation['help']} ({len(nodes)}) {nodes[:2]}"

    return [told(violation) for violation in page.evaluate(AXE, [WCAG_2_2_AA, STRICTER])]


def test_the_page_is_built_to_be_read_aloud(seen: Page, name: str):
    built = seen.evaluate(
        """() => {
            const all = (what, read) => [...document.querySelectorAll(what)].map(read);
            const ids = all("[id]", each => each.id);
            const named = ["aria-describedby", "aria-labelledby", "for"].flatMap(attribute =>
                all(`[${attribute}]`, each => each.getAttribute(attribute).split(/\\s+/)).flat());
            return {
                title: document.title,
                lang: document.documentElement.lang,
                headings: all(":is(h1, h2, h3, h4, h5, h6):not([role=alert] *)", each => Number(each.tagName[1])),
                mains: all("main", each => each.id),
                scripts: all("script", each => each.outerHTML),
                twice: ids.filter((id, place) => ids.indexOf(id) !== place),
                missing: named.filter(id => !ids.includes(id)),
                nameless: all("input:not([type=hidden]), textarea", each => each).filter(
                    each => !each.labels.length).map(each => each.outerHTML),
                groupless: all("[type=radio], [type=checkbox]", each => each).filter(
                    each => !each.closest("fieldset")?.querySelector(":scope > legend")).map(each => each.outerHTML),
            };
        }"""
    )
    assert built["lang"] == "en"
    assert built["title"].startswith("Error: ") == name.endswith("with an error")
    assert built["mains"] == ["main"]
    levels = built["headings"]
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in zip([0, *levels], levels, strict=False)), levels
    assert not any(built[fault] for fault in ("scripts", "twice", "missing", "nameless", "groupless")), built


@pytest.mark.parametrize("size", [NARROW, ZOOMED], ids=["narrow", "zoomed"])
def test_nothing_has_to_be_scrolled_sideways(seen: Page, size: tuple[int, int]):
    resize(seen, size)
    fold(seen, True)
    beyond = seen.evaluate(
        """() => [...document.querySelectorAll("main *, header *, footer *")].filter(each =>
            each.checkVisibility() && getComputedStyle(each).clipPath === "none"
            && each.getBoundingClientRect().right > innerWidth + 1
        ).map(each => each.outerHTML.slice(0, 200))"""
    )
    assert beyond == []
    assert seen.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_everything_to_press_is_large_enough(seen: Page):
    """44 px for what one is meant to press. A link in a sentence may be a line high; its row is its room."""
    fold(seen, True)
    small = seen.evaluate(
        """() => {
            const inSentence = each => getComputedStyle(each).display === "inline"
                && each.parentElement.innerText.trim() !== each.innerText.trim();
            const target = each => each.matches("[type=radio], [type=checkbox]") ? each.labels[0] : each;
            return [...document.querySelectorAll("a[href], button, summary, input:not([type=hidden]), textarea")]
                .filter(each => each.checkVisibility() && getComputedStyle(each).clipPath === "none")
                .filter(each => !(each.matches("a:not(.button)") && inSentence(each)))
                .map(each => [each, target(each).getBoundingClientRect()])
                .filter(([each, box]) => {
                    const least = each.matches(".summary a") ? 24 : 44;
                    return box.height < least - .5 || box.width < 24;
                })
                .map(([each, box]) => `${box.width} x ${box.height}: ${each.outerHTML.slice(0, 150)}`);
        }"""
    )
    assert small == []


def test_nothing_moves_for_who_wants_it_still(seen: Page):
    moving = """() => [...document.querySelectorAll("*")].filter(each => {
        const look = getComputedStyle(each);
        return look.animationName !== "none" || look.transitionDuration.split(",").some(time => parseFloat(time) > 0)
            || look.scrollBehavior === "smooth";
    }).map(each => each.outerHTML.slice(0, 150))"""
    seen.emulate_media(reduced_motion="reduce")
    fold(seen, True)
    assert seen.evaluate(moving) == []
    assert seen.evaluate("document.getAnimations().length") == 0


def test_on_paper_stands_what_can_be_read_and_nothing_to_press(seen: Page):
    seen.emulate_media(media="print", color_scheme="light")
    hidden = ".back, footer.foot nav, .skip, button, .screen-only, .actions"
    shown = """(all, wanted) => all.filter(each => each.checkVisibility({visibilityProperty: true}) !== wanted)
        .map(each => each.outerHTML.slice(0, 150))"""
    assert seen.locator(hidden).evaluate_all(shown, False) == []
    read = "[data-guidance] h3, [data-guidance] .prose, .facts section, .print-note, .source-list li, .scale dd"
    assert seen.locator(f"main[data-page=result] :is({read})").evaluate_all(shown, True) == []
    assert seen.evaluate("getComputedStyle(document.body).color") == "rgb(0, 0, 0)"


# --- A refused answer --------------------------------------------------------------------------------------------


REFUSED: dict[str, tuple[str, people.Answer, str]] = {
    "one choice left open": ("problem", None, "Choose the answer that fits best."),
    "several choices left open": ("health", [], "Choose all that fit, or the answer that says none does."),
    "none of these and one": ("health", ["anemia", "none"], "Keep one or the other."),
    "too many": ("matters", ["less-pain", "do-more", "low-cost", "quick"], "Choose up to 3. You chose 4."),
    "typed wrongly": (
        "trial-number",
        people.Typed("NCT 0535414"),
        "after NCT there must be 8 digits, and this has 7 digits",
    ),
}


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no-scripts"])
@pytest.mark.parametrize("case", REFUSED)
def test_a_refused_answer_is_told_at_once_and_kept(new_page: NewPage, visitors: Any, case: str, scripts: bool):
    slug, answer, told = REFUSED[case]
    page = new_page(storage_state=visitors[STUDY.name], java_script_enabled=scripts)
    page.goto(f"/q/{slug}/")
    refuse(page, answer)
    assert page.title().startswith("Error: ")
    summary = page.get_by_role("alert")
    expect(summary.get_by_role("heading", level=2)).to_have_text("There is a problem")
    expect(summary).to_be_focused()
    expect(summary).to_be_in_viewport()
    order = "all => all.map(each => each.tagName)"
    assert page.locator("nav.back, [role=alert], h1").evaluate_all(order) == ["NAV", "DIV", "H1"]
    link = summary.get_by_role("link")
    expect(link).to_contain_text(told)
    beside = page.locator(".error")
    expect(beside).to_have_text(f"Error: {link.inner_text()}")
    field = page.locator("[aria-describedby]").first
    assert beside.get_attribute("id") in (field.get_attribute("aria-describedby") or "").split()
    page.keyboard.press("Tab")
    expect(link).to_be_focused()
    page.keyboard.press("Enter")
    first = page.locator("main form input:not([type=hidden])").first
    expect(first).to_be_focused()
    expect(first).to_be_in_viewport()
    assert given(page) == answer


def refuse(page: Page, answer: people.Answer) -> None:
    """Send this in place of the answer that stands there; radio buttons cannot be emptied by hand."""
    for ticked in page.locator("input[type=checkbox]:checked").all():
        ticked.uncheck()
    page.locator("input[type=radio]:checked").evaluate_all("all => all.forEach(each => each.checked = false)")
    people.fill(page, answer)
    with page.expect_response("**/q/**") as reply:
        people.send(page)
    assert reply.value.status == 422


def given(page: Page) -> people.Answer:
    if page.locator("input[name=answer][type=text]").count():
        return page.locator("input[name=answer]").input_value()
    marked: list[str] = page.locator("input[name=answer]:checked").evaluate_all("all => all.map(each => each.value)")
    several = page.locator("input[type=checkbox]").count()
    return marked if several else (marked[0] if marked else None)


def test_a_refused_code_is_told_at_once_and_kept(new_page: NewPage):
    page = new_page()
    page.goto("/return/")
    page.locator("input[name=code]").fill("not a code of ours")
    page.get_by_role("button", name="Come back", exact=True).click()
    assert page.title().startswith("Error: ")
    expect(page.get_by_role("alert")).to_be_focused()
    page.get_by_role("alert").get_by_role("link").click()
    expect(page.locator("input[name=code]")).to_be_focused()
    expect(page.locator("input[name=code]")).to_have_value("not a code of ours")
