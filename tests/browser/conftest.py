"""A real server with the shipped aid, one real Chromium, and a fresh browser context for each test."""

import os
import shutil
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tests.browser.server import Server

CANDIDATES = ("chromium", "chromium-browser", "google-chrome", "/usr/bin/chromium")
# The container's root has no sandbox; the rest keeps the browser from talking to anybody but the server under test.
FLAGS = ["--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync"]
PAGE_SECONDS = 15

PHONE = (360, 780)
DESKTOP = (1280, 900)
WIDTHS = {"phone": PHONE, "desktop": DESKTOP}

NewPage = Callable[..., Page]


# Fixtures that end with this folder: while Playwright runs, Django thinks that every test is asynchronous.
@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    found = shutil.which(os.environ["CHROMIUM"]) if "CHROMIUM" in os.environ else _first_chromium()
    if found is None:
        pytest.skip("no Chromium found: install it, or set CHROMIUM to where it is")
    flags = [*FLAGS, *(["--no-sandbox"] if os.geteuid() == 0 else [])]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=flags)
        yield browser
        browser.close()


def _first_chromium() -> str | None:
    return next(filter(None, map(shutil.which, CANDIDATES)), None)


@pytest.fixture(scope="package")
def server(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Asked for after the browser, so that without one nothing is started."""
    server = Server(tmp_path_factory.mktemp("server"))
    server.prepare()
    server.start()
    yield server
    server.stop()


@pytest.fixture
def new_page(browser: Browser, server: Server) -> Iterator[NewPage]:
    """Open a page in a browser context of its own: `new_page(width=PHONE, java_script_enabled=False)`."""
    contexts: list[BrowserContext] = []

    def open_page(size: tuple[int, int] = PHONE, *, base_url: str = server.url, **options: Any) -> Page:
        width, height = size
        context = browser.new_context(viewport={"width": width, "height": height}, base_url=base_url, **options)
        context.set_default_timeout(PAGE_SECONDS * 1000)
        contexts.append(context)
        return context.new_page()

    yield open_page
    for context in contexts:
        context.close()


@pytest.fixture
def page(new_page: NewPage) -> Page:
    return new_page()
