"""A real server with the shipped aid, one real Chromium, and a fresh browser context for each test."""

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from tests.browser.server import Server

CANDIDATES = ("chromium", "chromium-browser", "google-chrome", "/usr/bin/chromium")
FLAGS = [
    "--disable-gpu",
    # It talks to the server under test and to nobody else.
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
]
PAGE_SECONDS = 15

PHONE = (360, 780)
DESKTOP = (1280, 900)
WIDTHS = {"phone": PHONE, "desktop": DESKTOP}

NewPage = Callable[..., Page]


# Both end with this folder, not with the run: while Playwright's loop runs, Django takes every test for asynchronous.
@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    found = chromium()
    if found is None:
        pytest.skip("no Chromium found: install it, or set CHROMIUM to where it is")
    # A browser that runs as root, as in a container, has no sandbox.
    flags = [*FLAGS, *(["--no-sandbox"] if os.geteuid() == 0 else [])]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=flags)
        yield browser
        browser.close()


def chromium() -> str | None:
    if given := os.environ.get("CHROMIUM"):
        return shutil.which(given)
    return next(filter(None, map(shutil.which, CANDIDATES)), None)


@pytest.fixture(scope="package")
def prepared(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Server:
    """A server that never runs: others start from a copy of its folder. Without a browser it is not even made."""
    server = Server(tmp_path_factory.mktemp("prepared"))
    server.prepare()
    return server


@pytest.fixture(scope="package")
def server(prepared: Server, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with prepared.copied(tmp_path_factory.mktemp("server")) as server:
        yield server


@contextmanager
def opened(browser: Browser, url: str, size: tuple[int, int] = PHONE, **options: Any) -> Iterator[Page]:
    """A page in a browser context of its own, which may ask nobody but the server at `url` for anything."""
    width, height = size
    context = browser.new_context(viewport={"width": width, "height": height}, base_url=url, **options)
    context.set_default_timeout(PAGE_SECONDS * 1000)
    asked: list[str] = []
    context.on("request", lambda request: asked.append(request.url))
    yield context.new_page()
    context.close()
    hosts = {urlsplit(address).netloc for address in asked if not address.startswith("data:")}
    assert hosts <= {urlsplit(url).netloc}, "a page asked another host for something"


@pytest.fixture
def new_page(browser: Browser, server: Server) -> Iterator[NewPage]:
    """`new_page(DESKTOP, java_script_enabled=False)`: each is a device of its own."""
    with ExitStack() as stack:
        yield lambda *size, url=server.url, **options: stack.enter_context(opened(browser, url, *size, **options))


@pytest.fixture
def page(new_page: NewPage) -> Page:
    return new_page()
