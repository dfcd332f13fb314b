"""After sharing: what the patient learns of it, how they take it back, and when it ends."""

from __future__ import annotations

import datetime as dt

import pytest
import time_machine
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from questionnaire.domain.content import SHARING_NOTES
from questionnaire.models import AuditEvent, Edition, FinishedVersion, Response, Review
from questionnaire.services import editions, reviews, staff
from tests import web
from tests.patient.sharing import answered, finished, lee, opened, practice, share, sharer, text_of
from tests.web import Walker, pdf_text, small_aid

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("published")]

MAY = dt.datetime(2026, 5, 1, 12, 0, tzinfo=dt.UTC)
DAY = dt.timedelta(days=1)


@pytest.fixture
def clock():
    """It stands still on May 1; move it by `clock.shift`."""
    with time_machine.travel(MAY, tick=False) as traveller:
        yield traveller


# --- What the patient learns


def test_the_guidance_page_says_with_whom_it_is_shared_and_that_nobody_opened_it(clock):
    practice()
    walker = sharer()
    page = walker.get("/result/")
    assert "You shared this with Lee Joint Clinic on May 1, 2026." in text_of(page)
    assert "Not opened yet." in text_of(page)
    assert "Not marked as reviewed yet." in text_of(page)
    assert {"/shared/", "/withdraw/"} <= set(page.links)
    assert not page.main.all(id="share")


def test_who_opened_it_first_and_when_is_told_on_every_device(clock):
    walker = sharer()
    clock.shift(2 * DAY)
    opened()
    clock.shift(DAY)
    opened()
    other = Walker(Client())
    other.post("/return/", {"code": walker.post("/save/").main.one("p", class_="code").text})
    for each in (walker.get("/result/"), walker.get("/shared/"), other.get("/result/")):
        assert "Dr Lee opened this on May 3, 2026." in text_of(each)


def test_replies_stand_first_the_newest_last_as_plain_paragraphs_with_name_and_date(clock):
    practice()
    walker = sharer()
    opened()
    clock.shift(DAY)
    answered("Come in.\n\nBring the <b>letter</b>.")
    clock.shift(DAY)
    answered("On Friday.")
    page = walker.get("/result/")
    shown = page.main.one("section", class_="shared")
    assert shown.one("h2").text == "An answer from Lee Joint Clinic"
    told = [(each.one("h3").text, [line.text for line in each.all("p")]) for each in shown.all("article")]
    assert told == [
        ("Dr Lee, May 2, 2026", ["Come in.", "Bring the <b>letter</b>."]),
        ("Dr Lee, May 3, 2026", ["On Friday."]),
    ]
    assert page.html.index("Come in.") < page.html.index("What this means for you")
    # On paper too.
    assert not any(each.within("details") for each in shown.all("article"))
    assert "screen-only" not in (shown["class"] or "")
    assert "Come in." not in pdf_text(walker.client.get("/result.pdf"))


def test_with_urgent_guidance_a_reply_is_announced_above_it_and_stands_right_after(clock):
    walker = finished()
    walker.answer("signs", "fever")
    walker.post("/urgent/")
    walker.finish()
    share(walker)
    assert "has written to you" not in walker.get("/result/").text
    opened()
    answered("Come in today.")
    page = walker.get("/result/")
    assert "#shared-title" in page.links
    places = [
        page.html.index(each) for each in ("has written to you", "urgent-fever", "Come in today.", "What this means")
    ]
    assert places == sorted(places)


def test_notes_for_colleagues_are_never_shown(clock):
    walker = sharer()
    review = Review.objects.get()
    reviews.note(by=lee(), pk=review.pk, revision=review.revision, text="Sounds anxious.")
    review.refresh_from_db()
    reviews.refer(by=lee(), pk=review.pk, revision=review.revision, text="To Dr Park.")
    for address in ("/result/", "/shared/"):
        page = walker.get(address)
        assert "anxious" not in page.text
        assert "Park" not in page.text


def test_reviewed_is_told_until_other_answers_are_confirmed(clock):
    walker = sharer()
    opened()
    review = Review.objects.get()
    reviews.mark_reviewed(by=lee(), pk=review.pk, revision=review.revision)
    assert "Marked as reviewed." in text_of(walker.get("/result/"))
    clock.shift(DAY)
    walker.answer("joint-site", "hip")
    assert "sees your earlier answers until you confirm" in text_of(walker.get("/result/"))
    assert Review.objects.get().version == FinishedVersion.objects.get()
    walker.finish()
    shown = text_of(walker.get("/result/"))
    assert "Not marked as reviewed yet." in shown
    assert "Your guidance was made anew after that, on May 2, 2026." in shown
    review.refresh_from_db()
    assert review.version is not None
    assert (review.version.number, review.state, Review.objects.count()) == (2, "new", 1)


def test_coming_back_for_the_answer_leads_to_it_even_past_an_unconfirmed_change():
    walker = sharer()
    code = walker.post("/save/").main.one("p", class_="code").text
    walker.answer("joint-site", "hip")
    page = Walker(Client()).post("/return/", {"code": code})
    assert page.name == "result"
    assert "/check/" in page.links
    walker.answer("signs", "breathing")
    assert Walker(Client()).post("/return/", {"code": code}).name == "urgent"


def test_what_is_kept_and_erased_is_told_as_it_is_once_shared(clock):
    notes = {
        "shared-kept": web.text("With {practice} until {until}."),
        "erase-shared": web.text("Back from {practice}."),
    }
    web.publish(small_aid(lambda document: document["aid.yaml"]["notes"].update(notes)))
    practice()
    walker = finished()
    assert "Back from" not in walker.get("/erase/").text
    assert "Note answers-kept." in walker.get("/save/").text
    share(walker)
    assert "Back from Lee Joint Clinic." in walker.get("/erase/").text
    assert "With Lee Joint Clinic until May 1, 2027." in walker.get("/save/").text
    assert "Note answers-kept." not in walker.get("/save/").text


def test_the_cookie_lasts_as_long_as_what_is_shared(clock, settings):
    walker = finished()
    usual = walker.client.cookies["response"]["max-age"]
    share(walker)
    assert usual == settings.RETENTION_DAYS * 86400
    assert walker.client.cookies["response"]["max-age"] == settings.SHARED_DAYS * 86400


# --- Taking it back


def test_taking_it_back_is_asked_first_then_done_at_once_and_leaves_the_patients_own_answers():
    walker = sharer()
    answered("Come in.")
    page = walker.get("/withdraw/")
    assert page.name == "withdraw"
    assert "Note withdraw." in page.text
    assert Review.objects.get().state == "waiting"
    page = walker.post("/withdraw/")
    assert page.main.one("h1").text == "You have taken it back"
    assert "Note withdrawn." in page.text
    review = Review.objects.get()
    assert (review.state, review.identity, review.question, review.version) == ("withdrawn", "", "", None)
    page = walker.get("/result/")
    assert page.main.one(id="share")
    assert "Come in." not in page.text
    assert walker.get("/shared/").name == "result"
    assert walker.post("/withdraw/").main.one("h1").text == "You have taken it back"
    assert Review.objects.count() == 1


def test_a_second_browser_with_the_code_can_take_it_back():
    walker = finished()
    code = share(walker).main.one("p", class_="code").text
    other = Walker(Client())
    other.post("/return/", {"code": code})
    assert other.post("/withdraw/").name == "withdraw"
    assert Review.objects.get().state == "withdrawn"
    assert walker.get("/shared/").name == "result"


def test_another_persons_browser_cannot():
    sharer()
    stranger = finished()
    stranger.post("/withdraw/")
    Walker(Client()).post("/withdraw/")
    assert Review.objects.get().state == "new"


def test_sharing_again_is_a_new_review_without_the_old_replies():
    walker = sharer()
    answered("Come in.")
    walker.post("/withdraw/")
    page = share(walker, name="Maria L. Diaz")
    assert page.name == "shared"
    assert "Maria L. Diaz" in page.text
    assert not walker.get("/result/").main.all("article", class_="reply")
    assert sorted(Review.objects.values_list("state", flat=True)) == ["new", "withdrawn"]


def test_erasing_takes_it_back_too():
    walker = sharer()
    assert walker.post("/erase/").name == "erased"
    review = Review.objects.get()
    assert (review.state, review.ending, review.identity, review.response) == ("withdrawn", "erased", "", None)
    assert not FinishedVersion.objects.exists()
    assert list(AuditEvent.objects.order_by("number").values_list("kind", flat=True)) == ["shared", "erased"]


# --- Its end


def purge() -> tuple[int, int, int]:
    call_command("purge_expired")
    return Response.objects.count(), FinishedVersion.objects.count(), Review.objects.count()


def test_a_shared_response_is_kept_until_its_time_is_over_then_all_is_gone(clock, settings):
    walker = sharer()
    clock.shift(dt.timedelta(days=settings.SHARED_DAYS, seconds=-1))
    assert purge() == (1, 1, 1)
    assert walker.get("/result/").name == "result"
    clock.shift(dt.timedelta(seconds=2))
    assert walker.get("/result/").name == "start"
    assert purge() == (0, 0, 0)


def test_after_taking_it_back_the_usual_time_holds(clock, settings):
    walker = sharer()
    clock.shift(10 * DAY)
    walker.post("/withdraw/")
    clock.shift(dt.timedelta(days=settings.RETENTION_DAYS, seconds=-1))
    assert purge() == (1, 1, 1)
    clock.shift(dt.timedelta(seconds=2))
    # That something was taken back stays until the time it was shared for is over.
    assert purge() == (0, 0, 1)
    clock.shift(dt.timedelta(days=settings.SHARED_DAYS))
    assert purge() == (0, 0, 0)


def test_a_response_that_goes_on_after_its_sharing_is_the_patients_alone_and_can_be_shared_again(clock, settings):
    walker = sharer()
    clock.shift(dt.timedelta(days=settings.SHARED_DAYS - 10))
    walker.answer("joint-site", "hip")
    walker.finish()
    clock.shift(20 * DAY)
    assert purge() == (1, 2, 0)
    page = walker.get("/result/")
    assert page.main.one(id="share")
    assert not Response.objects.get().is_shared
    assert share(walker).name == "shared"
    assert Review.objects.count() == 1


def test_an_earlier_review_whose_time_is_over_does_not_end_the_later_one(clock, settings):
    walker = sharer()
    walker.post("/withdraw/")
    clock.shift(30 * DAY)
    share(walker)
    clock.shift(dt.timedelta(days=settings.SHARED_DAYS - 20))
    assert purge() == (1, 1, 1)
    assert Review.objects.get().state == "new"
    assert walker.get("/shared/").name == "shared"


# --- What it costs, and editions of before


def asked(walker: Walker, address: str) -> int:
    walker.get(address)
    with CaptureQueriesContext(connection) as captured:
        walker.get(address)
    return len(captured.captured_queries)


def test_the_guidance_page_asks_the_database_no_more_than_before_and_twice_more_when_shared():
    walker = finished()
    unshared = asked(walker, "/result/")
    assert unshared == 3
    share(walker)
    opened()
    for number in range(3):
        answered(f"Answer {number}.")
    assert asked(walker, "/result/") == unshared + 2
    assert asked(walker, "/q/joint-site/") <= 2


def without_words_on_sharing(document):
    for slug in SHARING_NOTES:
        del document["aid.yaml"]["notes"][slug]


def test_an_edition_of_before_sharing_takes_the_shipped_aids_words_for_it():
    practice()
    old = small_aid(without_words_on_sharing)
    text = editions.text_of(old)
    Edition.objects.update(status=Edition.Status.SUPERSEDED)
    Edition.objects.create(
        aid="exosomes",
        number=2,
        status=Edition.Status.PUBLISHED,
        document=text,
        content_hash=editions.hash_of(text),
        published_at="2026-01-01T00:00Z",
    )
    walker = finished()
    assert "read your answers and your guidance before you talk" in walker.get("/result/").text
    page = walker.get("/share/")
    assert "only the doctors at Lee Joint Clinic can open what you share" in page.text
    assert "for 365 days" in page.text
    assert share(walker).name == "shared"
    assert "The doctors at Lee Joint Clinic" in walker.get("/withdraw/").text
    assert "also takes back what you shared" in walker.get("/erase/").text
    assert walker.post("/withdraw/").status == 200


def test_the_name_a_patient_reads_is_the_physicians_not_the_accounts():
    walker = sharer()
    opened()
    assert staff.shown_name(lee().user) == "Dr Lee"
    assert "lee opened" not in walker.get("/result/").text
