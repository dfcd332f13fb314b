"""What a question's first view costs a phone with nothing in its cache."""

import pytest
from playwright.sync_api import Request

from tests.browser import people
from tests.browser.conftest import NewPage
from tests.browser.server import Server
from tests.browser.visitor import Visitor

pytestmark = pytest.mark.browser

MOST_REQUESTS = 4
MOST_BYTES = 30_000


def test_every_question_is_light(new_page: NewPage, server: Server):
    """At most 4 requests and 30 kB as sent, headers too. Other hosts are watched for in every test of this folder."""
    person = people.IN_A_TRIAL
    visitor = Visitor(server.url)
    visitor.walk(person)
    page = new_page(storage_state=visitor.as_browser())
    page.context.new_cdp_session(page).send("Network.setCacheDisabled", {"cacheDisabled": True})
    asked: list[Request] = []
    page.on("request", lambda request: asked.append(request))  # noqa: PLW0108 (Playwright takes no built-in)
    for slug in person.answers:
        asked.clear()
        page.goto(f"/q/{slug}/")
        assert people.question(page) == slug
        # The icon is written into the page.
        sent = {each.url: each for each in asked if not each.url.startswith("data:")}
        assert any("decisionaid" in url and url.endswith(".css") for url in sent), "the page came without its looks"
        assert len(asked) <= MOST_REQUESTS, list(sent)
        assert sum(map(size, sent.values())) <= MOST_BYTES, {url: size(each) for url, each in sent.items()}


def size(request: Request) -> int:
    sizes = request.sizes()
    return sizes["responseHeadersSize"] + sizes["responseBodySize"]
