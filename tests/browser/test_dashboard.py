"""Dashboard and recall list in a real browser: axe in both looks, on a phone and on a desk, and in print."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Literal

import pytest
from playwright.sync_api import Browser, Page, StorageState

from tests.browser.conftest import DESKTOP, PHONE, opened
from tests.browser.server import Server
from tests.browser.test_accessibility import STRICTER, WCAG_2_2_AA
from tests.browser.test_editor import found_by_axe

pytestmark = pytest.mark.browser

KEY = "dashboardtestsdashboardtests0001"
MAKE = f"""
import datetime as dt, random
from django.contrib.auth.models import Group, User
from django.contrib.sessions.models import Session
from django.utils import timezone
from questionnaire.models import Edition, Recall, Tally
from questionnaire.services import editions, finishing, kept, opening, publishing, recalls
from questionnaire.services import responses, sharing, tally_words
from questionnaire.services.recall_work import work_off
from questionnaire.services.staff import Caller
from tests.staff_sessions import session_of

user = User.objects.create_user("dora", first_name="Dora", last_name="Lee")
user.groups.add(Group.objects.get(name="Physicians"))
Session.objects.filter(session_key=session_of(user)).update(session_key="{KEY}")

def answer_to(question):
    if question.kind == "many":
        return [question.choices[-1].slug]
    if question.kind == "one":
        return question.choices[0].slug
    return None if question.optional else {{"choice": question.choices[0].slug}}

def share(name):
    first = editions.aid_of(editions.live().pk).questions[0]
    walk = responses.begin(edition=editions.live(), language="en", slug=first.slug, answer=answer_to(first))
    while walk.journey.open is not None:
        walk = responses.answer(walk=walk, slug=walk.journey.open.slug, answer=answer_to(walk.journey.open))
    walk = responses.acknowledge_urgent(walk=walk)
    finishing.finish(walk=walk)
    walk = responses.find(walk.response.pk)
    sharing.share(
        walk=walk, name=name, born=dt.date(1961, 5, 6), contact="(555) 010-0199", address="192.0.2.7"
    )

for name in ("Maria López-Ortiz", "Ann Bell", "Carl Day"):
    share(name)

document = editions.document_of(editions.numbered(editions.live().number))
cautions = document["guidance/cautions-offer.yaml"]
for each in cautions:
    if each["slug"] == "legal-risk":
        each["body"]["en"] = each["body"]["en"].replace(".", ", as we know now.", 1)
new = {{**cautions[0], "slug": "new-one", "title": {{"en": "Something that was not known before."}}}}
new.pop("when", None)
cautions.append(new)
draft = opening.open_document(by=None, document=document)
publishing.put_live(draft=draft, change_note="What the law says of it is clearer.", safety_change=True)
recalls.work(seconds=60)
first = Recall.objects.order_by("pk").first()
work_off(by=Caller(user, "192.0.2.1"), pk=first.pk, revision=first.review.revision, note="Called, left a message.")

pick = random.Random(3)
monday = kept.week_of(timezone.now())
rows = []
for group in (*tally_words.groups(editions.aid_of(editions.live().pk)), None):
    dimension, _, question = (group.slug if group else "all").partition("/")
    for place, value in enumerate(group.values if group else ("all",)):
        name = question + "/" + value if question else value
        for week in range(1, 53):
            count = pick.choice((0, 1, 2, 3)) if place % 4 == 3 else pick.randrange(3, 40)
            count = count * 5 if group is None else count if week % 7 else 0
            rows.append(Tally(week=monday - dt.timedelta(weeks=week), dimension=dimension, value=name, count=count))
Tally.objects.bulk_create(rows)
"""


def at(address: str) -> Callable[[Page], None]:
    def go(page: Page) -> None:
        page.goto(address)

    return go


def open_first(page: Page) -> None:
    page.goto("/physician/recalls/")
    page.get_by_role("region", name="To work off").get_by_role("link").first.click()


def send_nothing(page: Page) -> None:
    open_first(page)
    page.get_by_role("button", name="Send the reply").click()
    assert page.get_by_role("alert").count() == 1


PAGES: dict[str, Callable[[Page], None]] = {
    "dashboard": at("/physician/dashboard/"),
    "dashboard of a year": at("/physician/dashboard/?weeks=52"),
    "recalls": at("/physician/recalls/"),
    "recall": open_first,
    "recall with an error": send_nothing,
}


@pytest.fixture(scope="module")
def practice(prepared: Server, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server with a year of tallies, a safety change and those whom it touches."""
    with prepared.copied(tmp_path_factory.mktemp("practice")) as server:
        server.run(MAKE)
        yield server


@pytest.fixture(scope="module")
def dora(practice: Server) -> StorageState:
    return {
        "cookies": [
            {
                "name": "sessionid",
                "value": KEY,
                "domain": "127.0.0.1",
                "path": "/",
                "expires": -1,
                "httpOnly": True,
                "secure": False,
                "sameSite": "Lax",
            }
        ],
        "origins": [],
    }


LOOKS: tuple[tuple[tuple[int, int], Literal["light", "dark"]], ...] = ((DESKTOP, "light"), (PHONE, "dark"))


@pytest.mark.parametrize("name", PAGES)
def test_axe_finds_nothing_and_nothing_is_wider_than_the_page(
    browser: Browser, practice: Server, dora: StorageState, name: str
):
    with opened(browser, practice.url, DESKTOP, storage_state=dora) as page:
        told: list[str] = []
        page.on("console", lambda message: told.append(message.text) if message.type == "error" else None)
        PAGES[name](page)
        assert page.locator("main").get_attribute("data-page") == name.split()[0]
        page.locator("details").evaluate_all("all => all.forEach((each, place) => each.open = place < 3)")
        for (width, height), scheme in LOOKS:
            page.set_viewport_size({"width": width, "height": height})
            page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
            assert page.evaluate("document.documentElement.scrollWidth") <= width, f"{name} is wider than {width}"
            too_wide = page.locator(".chart text").evaluate_all(
                "all => all.filter(each => each.getBoundingClientRect().right"
                " > each.closest('section').getBoundingClientRect().right).map(each => each.textContent)"
            )
            assert too_wide == []
            assert found_by_axe(page, WCAG_2_2_AA, STRICTER) == [], (name, scheme)
        assert [line for line in told if "Content Security" in line] == []


def test_the_tables_are_on_paper_without_being_unfolded(browser: Browser, practice: Server, dora: StorageState):
    with opened(browser, practice.url, DESKTOP, storage_state=dora) as page:
        page.goto("/physician/dashboard/")
        table = page.locator("#problem-head + svg + details table")
        assert not table.is_visible()
        page.emulate_media(media="print")
        assert table.is_visible()
        assert page.locator("summary").first.is_hidden()
