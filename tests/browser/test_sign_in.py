"""The front door in a real browser: axe on its pages, setting up an app and a passkey, the warning before the end."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from typing import Any

import pytest
from allauth.mfa.totp.internal import auth as totp
from playwright.sync_api import Browser, Page, Route, StorageState, expect

from tests.browser.conftest import DESKTOP, PHONE, opened
from tests.browser.server import Server
from tests.browser.test_accessibility import STRICTER, WCAG_2_2_AA
from tests.browser.test_editor import LOOKS, found_by_axe, signed_in
from tests.staff import PASSWORD, code

pytestmark = pytest.mark.browser

MAKE = """
from django.contrib.auth.models import User
from tests.staff import administrator, editor, physician, with_factor, with_password
made = {"lee": physician, "kim": editor, "uma": editor, "max": administrator, "ida": editor, "eva": editor}
for name, make in made.items():
    user = with_password(make(name))
    if name in ("max", "ida", "eva"):
        with_factor(user)
from questionnaire.services import editions, opening
opening.open_from(by=User.objects.get(username="ida"), edition=editions.live())
"""


@pytest.fixture(scope="module")
def door(prepared: Server, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server of its own, with people of every role."""
    with prepared.copied(tmp_path_factory.mktemp("door")) as server:
        server.run(MAKE)
        yield server


@pytest.fixture(scope="module")
def max_(browser: Browser, door: Server) -> StorageState:
    return signed_in(browser, door, "max")


@pytest.fixture(scope="module")
def ida(browser: Browser, door: Server) -> StorageState:
    return signed_in(browser, door, "ida")


def give_password(page: Page, name: str, word: str = PASSWORD) -> None:
    page.get_by_label("User name").fill(name)
    page.get_by_label("Password").fill(word)
    page.get_by_role("button", name="Sign in").click()


def looked_at(page: Page) -> None:
    """In both looks, on a phone and a desktop: axe finds nothing, and nothing is scrolled sideways."""
    for (width, height), scheme in LOOKS:
        page.set_viewport_size({"width": width, "height": height})
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        assert found_by_axe(page, WCAG_2_2_AA, STRICTER[:2]) == [], (page.url, scheme)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, f"{page.url} is wider than {width}"
        pressed = page.locator("main").locator("button, .button, .input").filter(visible=True)
        heights = pressed.evaluate_all("all => all.map(each => each.getBoundingClientRect().height)")
        small = [height for height in heights if height < 44]
        assert small == [], page.url


def complaints(page: Page) -> list[str]:
    told: list[str] = []
    page.on("console", lambda message: told.append(message.text) if message.type == "error" else None)
    return told


def test_an_app_is_set_up_and_used(browser: Browser, door: Server):
    with opened(browser, door.url, DESKTOP) as page:
        told = complaints(page)
        page.goto("/admin/guidance/checks/")
        looked_at(page)
        give_password(page, "kim", "wrong-word-here")
        expect(page.get_by_role("alert")).to_be_focused()
        looked_at(page)
        give_password(page, "kim")
        expect(page.get_by_role("heading", level=1)).to_have_text("Your sign-in")
        looked_at(page)
        page.get_by_role("link", name="Set up an app").click()
        assert page.locator("img.qr").evaluate("each => each.complete && each.naturalWidth > 20")
        looked_at(page)
        secret = page.locator("code.slug").inner_text()
        page.get_by_label("The code that the app shows now").fill("12")
        page.get_by_role("button", name="Set it up").click()
        expect(page.get_by_role("alert")).to_contain_text("not right")
        looked_at(page)
        assert page.locator("code.slug").inner_text() == secret
        shown = totp.format_hotp_value(totp.hotp_value(secret, int(time.time()) // 30))
        page.get_by_label("The code that the app shows now").fill(shown)
        page.get_by_role("button", name="Set it up").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Your recovery codes")
        looked_at(page)
        one = page.locator(".codes code").first.inner_text()
        page.get_by_role("link", name="I have them").click()
        expect(page).to_have_url(re.compile("/admin/guidance/checks/"))
        page.get_by_role("button", name="Sign out").click()
        give_password(page, "kim")
        expect(page.get_by_role("heading", level=1)).to_have_text("Second step")
        looked_at(page)
        page.get_by_label("Code").fill(one)
        page.get_by_role("button", name="Go on").click()
        expect(page).to_have_url(f"{door.url}/admin/guidance/")
        assert [line for line in told if "Content Security" in line] == []


def test_a_passkey_is_added_and_used(browser: Browser, door: Server):
    # Browsers know no passkeys for a bare address, but for this name of the same computer they do.
    with opened(browser, f"http://localhost:{door.port}", DESKTOP) as page:
        told = complaints(page)
        devtools = page.context.new_cdp_session(page)
        devtools.send("WebAuthn.enable")
        devtools.send(
            "WebAuthn.addVirtualAuthenticator",
            {
                "options": {
                    "protocol": "ctap2",
                    "transport": "internal",
                    "hasUserVerification": True,
                    "isUserVerified": True,
                    "automaticPresenceSimulation": True,
                }
            },
        )
        page.goto("/staff/sign-in/")
        give_password(page, "uma")
        # Where she works waits until there is a second factor.
        expect(page.get_by_role("heading", level=1)).to_have_text("Your sign-in")
        page.get_by_role("link", name="Add a passkey").click()
        looked_at(page)
        page.get_by_label("Name of this passkey").fill("Work laptop")
        page.get_by_role("button", name="Add it").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Your recovery codes")
        page.get_by_role("link", name="Your sign-in").click()
        expect(page.get_by_role("main")).to_contain_text("Work laptop")
        looked_at(page)
        page.get_by_role("button", name="Sign out").click()
        give_password(page, "uma")
        looked_at(page)
        page.get_by_role("button", name="Use a passkey").click()
        expect(page).to_have_url(re.compile("/admin/guidance/"))
        page.get_by_role("link", name="Your sign-in").click()
        page.get_by_role("link", name="Remove “Work laptop”").click()
        looked_at(page)
        page.get_by_role("button", name="Remove it").click()
        expect(page.get_by_role("main")).to_contain_text("no second factor yet")
        assert told == []


def test_a_passkey_that_fails_is_told_on_the_page(browser: Browser, door: Server):
    with opened(browser, door.url, PHONE) as page:
        page.goto("/staff/sign-in/")
        give_password(page, "lee")
        page.goto("/staff/second-factor/passkeys/add/")
        page.get_by_role("button", name="Add it").click()
        expect(page.locator("#passkey-fault")).to_contain_text("That did not work")


@pytest.mark.parametrize(
    "address",
    [
        "/staff/second-factor/",
        "/staff/second-factor/app/remove/",
        "/staff/second-factor/codes/new/",
        "/staff/password/",
        "/staff/sign-out/",
        "/staff/back/",
        "/staff/nowhere/",
    ],
)
def test_axe_finds_nothing_on_the_other_pages(browser: Browser, door: Server, max_: StorageState, address: str):
    with opened(browser, door.url, DESKTOP, storage_state=max_) as page:
        page.goto(address)
        looked_at(page)


def test_axe_finds_nothing_where_an_administrator_removes_a_factor(browser: Browser, door: Server, max_: StorageState):
    with opened(browser, door.url, DESKTOP, storage_state=max_) as page:
        page.goto("/admin/auth/user/")
        page.get_by_role("link", name="ida", exact=True).click()
        page.get_by_role("link", name="Remove the second factor of ida").click()
        for _, scheme in LOOKS:
            page.emulate_media(color_scheme=scheme)
            assert found_by_axe(page, WCAG_2_2_AA, []) == [], scheme


def test_the_end_is_told_beforehand_and_put_off_without_losing_a_word(
    browser: Browser, door: Server, ida: StorageState
):
    with opened(browser, door.url, DESKTOP, storage_state=ida) as page:
        left = iter([90, 1200, 0, 1200])
        asked: list[str] = []

        def answer(route: Route) -> None:
            asked.append(f"{route.request.method} {route.request.headers.get('x-background', '')}".strip())
            if route.request.method == "POST":
                reply = route.fetch()
                assert reply.status == 200
                assert reply.json()["left"] >= 1190
            route.fulfill(json={"left": next(left), "can_stay": True})

        page.route("**/staff/stay/", answer)
        page.clock.install()
        page.goto("/admin/guidance/draft/item/paying/")
        page.get_by_label("Title").fill("Typed and not saved.")
        warning = page.locator("#session")
        # There before it says anything, or a reader would not hear it.
        expect(warning.locator("[aria-live]")).to_have_text("")
        expect(warning).not_to_have_attribute("data-shown", "")
        page.clock.run_for(18 * 60 * 1000 + 2000)
        expect(warning).to_contain_text("signed out in one minute")
        looked_at(page)
        # The last line of the page can be scrolled clear of it.
        page.evaluate("scrollTo(0, document.body.scrollHeight)")
        foot = page.get_by_role("main").bounding_box()
        over = warning.bounding_box()
        assert foot is not None
        assert over is not None
        assert foot["y"] + foot["height"] <= over["y"]
        page.clock.run_for(50 * 1000)
        expect(warning).to_contain_text("signed out in half a minute")
        # It takes nobody out of what they are typing.
        assert page.evaluate("document.activeElement.name") == "title-en"
        page.get_by_role("button", name="Stay signed in").click()
        expect(warning).not_to_have_attribute("data-shown", "")
        expect(page.get_by_label("Title")).to_have_value("Typed and not saved.")
        page.clock.run_for(18 * 60 * 1000 + 2000)
        expect(warning).to_contain_text("You were signed out")
        expect(page.get_by_role("link", name="Sign in in a new tab")).to_be_focused()
        expect(page.get_by_role("heading", level=1)).to_be_hidden()
        expect(page).to_have_title("Signed out")
        looked_at(page)
        # Back from another tab in which somebody signed in.
        page.evaluate("dispatchEvent(new Event('focus'))")
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        expect(page.get_by_label("Title")).to_have_value("Typed and not saved.")
        assert asked == ["GET 1", "POST", "GET 1", "GET 1"]


def test_a_page_stays_covered_while_somebody_else_is_signed_in(browser: Browser, door: Server, ida: StorageState):
    with opened(browser, door.url, DESKTOP, storage_state=ida) as page:
        theirs: list[dict[str, Any]] = [{"left": 0, "can_stay": False}, {"left": 1200, "can_stay": True, "who": 0}]
        page.route("**/staff/stay/", lambda route: route.fulfill(json=theirs.pop(0)))
        page.clock.install()
        page.goto("/admin/guidance/")
        page.clock.run_for(20 * 60 * 1000 + 2000)
        expect(page.get_by_role("heading", level=1)).to_be_hidden()
        page.evaluate("dispatchEvent(new Event('focus'))")
        expect(page.locator("#session")).to_contain_text("Somebody else is signed in now")
        expect(page.get_by_role("heading", level=1)).to_be_hidden()


def test_a_page_is_covered_at_the_end_even_if_the_server_is_away(browser: Browser, door: Server, ida: StorageState):
    with opened(browser, door.url, DESKTOP, storage_state=ida) as page:
        page.route("**/staff/stay/", lambda route: route.abort())
        page.clock.install()
        page.goto("/admin/guidance/")
        page.clock.run_for(19 * 60 * 1000)
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        page.clock.run_for(90 * 1000)
        expect(page.get_by_role("heading", level=1)).to_be_hidden()


def test_words_held_are_sent_again_after_signing_in_in_another_tab(browser: Browser, door: Server):
    words = "Kept over the end of the session."
    with opened(browser, door.url, DESKTOP, storage_state=signed_in(browser, door, "eva")) as page:
        page.goto("/admin/guidance/draft/item/ask-refund/")
        page.get_by_label("Title").fill(words)
        page.context.clear_cookies(name="sessionid")
        page.get_by_role("button", name="Save").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("You were signed out")
        looked_at(page)
        with page.context.expect_page() as opening:
            page.get_by_role("link", name="Sign in in a new tab").click()
        other = opening.value
        give_password(other, "eva")
        # The one of now is used up.
        other.get_by_label("Code").fill(code(1))
        other.get_by_role("button", name="Go on").click()
        expect(other.get_by_role("heading", level=1)).to_have_text("You are signed in again")
        looked_at(other)
        other.close()
        page.get_by_role("button", name="Send it again").click()
        expect(page.get_by_role("status")).to_contain_text("Saved in the draft")
        expect(page.get_by_role("heading", level=1)).to_have_text(words)
