"""What the patient said of their study, and the letters they were shown, are the confirmed version's for everybody."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.utils import timezone

from questionnaire.models import FdaLetter, FinishedVersion, RegistryStudy, Response, Review, ReviewEntry
from questionnaire.services import responses, sharing, trial_review
from tests import sharing as given
from tests import web
from tests.physician import exports
from tests.physician import test_response_what_if as what_if
from tests.physician.desk import Desk, at, part
from tests.physician.exports import as_
from tests.study_registry import KNEES, LUNGS, Registry, aid, record
from tests.web import BEFORE, Page, Walker, pdf_text, text

pytestmark = pytest.mark.django_db

CLINIC = {"clinic": "Kimera Labs", "city": "Miramar, FL"}
ADDRESS = "https://www.fda.gov/letter"
NAMED = "Kimera Labs, September 1, 2023"


def with_letters(document: dict[str, Any]) -> None:
    document["trial.yaml"]["letters_for_patients"] = True
    document["aid.yaml"]["notes"] |= {"letter": text("A letter says this."), "study-changed": text("We looked again:")}


@pytest.fixture
def registry(settings: Any) -> Iterator[Registry]:
    with Registry().running() as made:
        made.says = record(LUNGS)
        settings.CTGOV_BASE_URL = made.base
        yield made


@pytest.fixture
def joe(db: None, registry: Registry, walker: Walker) -> Walker:
    """A patient with guidance, who named a clinic that FDA has written to."""
    web.publish(aid(with_letters), note="First edition.")
    letter()
    walker.answers(*BEFORE["trial-number"])
    walker.answer("trial-number", LUNGS)
    say(walker)
    walker.answers("words", "matters")
    assert walker.finish().name == "result"
    return walker


@pytest.fixture
def review(joe: Walker) -> Review:
    return given.share(responses.find(Response.objects.get().pk))


@pytest.fixture
def dora(joe: Walker) -> Desk:
    return Desk("dora")


def letter(**more: Any) -> FdaLetter:
    given: dict[str, Any] = {"firm": "Kimera Labs", "date": dt.date(2023, 9, 1), "kind": "warning", "link": ADDRESS}
    return FdaLetter.objects.create(**given | more)


def say(walker: Walker, said: str = "same", number: str = LUNGS, **clinic: str) -> Page:
    return walker.post("/study/", {"number": number, "said": said, "asked": "yes", **CLINIC, **clinic})


def not_listed() -> None:
    """The registry was asked again, and lists the study no longer."""
    RegistryStudy.objects.filter(number=LUNGS).update(state="not-found", checked_at=timezone.now())


LIVE = re.compile(r"Letters from FDA:? Kimera Labs, warning letter of September 1, 2023\.? ")


def told(page: Page) -> str:
    return page.main.one("table", class_="three").text


def noted(desk: Desk, review: Review) -> str:
    return " ".join(desk.client.get(at(review, "chart-note.txt")).content.decode().split())


def everything(desk: Desk, review: Review) -> list[str]:
    """Each page and file on which the physician reads what the patient said and saw."""
    seen = desk.get(at(review, "as-seen/1/"))
    page = desk.open(review)
    return [
        *(part(page, name).text for name in ("study", "guidance", "versions")),
        seen.text,
        pdf_text(desk.client.get(at(review, "as-seen/1/guidance.pdf"))),
        pdf_text(desk.client.get(at(review, "chart.pdf"))),
        noted(desk, review),
        *(str(sorted(row.items())) for row in csv_of(desk)),
        desk.client.get(f"/fhir/QuestionnaireResponse/{review.pk}").content.decode(),
        desk.post(at(review, "what-would-change/"), what_if.sent(desk.get(at(review, "what-would-change/")))).text,
    ]


def csv_of(desk: Desk) -> list[dict[str, str]]:
    client = as_(desk.user)
    return exports.fetched(client, exports.asked(client))


# --- What was said


def test_a_change_that_is_not_confirmed_is_nowhere_on_the_physicians_side(joe: Walker, review: Review, dora: Desk):
    before = everything(dora, review)
    assert "Yes, this is the study" in before[0]
    assert "Kimera Labs" in before[0]
    assert say(joe, "other", clinic="Hilltop Joint Clinic", city="Springfield, IL").name == "check"
    assert "You have changed an answer" in joe.get("/result/").text
    assert everything(dora, review) == before
    assert FinishedVersion.objects.count() == 1


def test_once_confirmed_the_physician_sees_it_with_what_changed(joe: Walker, review: Review, dora: Desk):
    say(joe, "other", clinic="Hilltop Joint Clinic", city="Springfield, IL")
    joe.finish()
    page = dora.open(review)
    assert "No, it is another one" in told(page)
    assert "Hilltop Joint Clinic" in told(page)
    assert [each.kind for each in ReviewEntry.objects.filter(review=review).order_by("number")][-1] == "changed"
    review.refresh_from_db()
    assert review.state == Review.State.NEW
    changes = part(page, "versions").all("dl", class_="changes")[0].text
    assert "Is this the study? from Yes, this is the study → to No, it is another one" in changes
    assert "Clinic of the study from Kimera Labs, Miramar, FL → to Hilltop Joint Clinic, Springfield, IL" in changes
    assert f"Letter from FDA: {NAMED}" in part(page, "versions").text.partition("Guidance gone")[2]


def test_another_clinic_alone_makes_another_version_and_confirming_twice_only_one(joe: Walker):
    facts = FinishedVersion.objects.get().facts
    say(joe, clinic="Riverside Clinic")
    assert "You have changed an answer" in joe.get("/result/").text
    assert joe.finish().name == "result"
    joe.finish()
    assert [each.facts for each in FinishedVersion.objects.all()] == [facts, facts]
    assert "You have changed an answer" not in joe.get("/result/").text


def test_the_same_said_again_makes_no_version(joe: Walker):
    page = joe.get("/study/")
    assert page.given["city"] == ["Miramar, FL"]
    joe.post("/study/", page.sent())
    assert "You have changed an answer" not in joe.get("/result/").text
    joe.finish()
    assert FinishedVersion.objects.count() == 1


def test_what_is_not_confirmed_hides_no_mismatch(joe: Walker, review: Review, dora: Desk):
    say(joe, "other")
    not_listed()
    assert trial_review.after_refresh(LUNGS) == 1
    page = dora.open(review)
    assert "The registry no longer lists a study under this number" in page.text
    assert "Title of not-listed." in part(page, "study").text


def test_nor_does_another_number_that_is_not_confirmed(joe: Walker, review: Review, registry: Registry):
    registry.says = record(KNEES)
    assert joe.answer("trial-number", KNEES).name == "study"
    say(joe, number=KNEES)
    not_listed()
    assert trial_review.after_refresh(KNEES) == 0
    assert trial_review.after_refresh(LUNGS) == 1


def test_a_check_again_goes_by_what_was_confirmed(joe: Walker, review: Review, dora: Desk, registry: Registry):
    say(joe, "other")
    registry.says = (404, "NCT number not found")
    page = dora.open(review)
    RegistryStudy.objects.update(tried_at=None)
    assert "this response is flagged" in dora.step(page, "check-again").text


def test_who_confirmed_that_it_is_another_study_is_flagged_for_nothing(joe: Walker, review: Review):
    say(joe, "other")
    joe.finish()
    say(joe, "same")
    not_listed()
    assert trial_review.after_refresh(LUNGS) == 0


# --- Letters that were shown


def test_a_letter_that_was_deleted_stands_where_the_patient_saw_it(joe: Walker, review: Review, dora: Desk):
    before = [joe.get("/result/").main.one(class_="letters").text, *everything(dora, review)[1:]]
    assert f"A letter says this. {NAMED}: read this letter at FDA" in before[0]
    assert sum(NAMED in each for each in before) == 6, "the page, three times as seen, the chart and the note"
    FdaLetter.objects.all().delete()
    after = [joe.get("/result/").main.one(class_="letters").text, *everything(dora, review)[1:]]
    # Beside what was shown stands, in the chart and the note, what matches now.
    assert any(LIVE.search(each) for each in before)
    assert not any(LIVE.search(each) for each in after)
    assert after == [LIVE.sub("", each) for each in before]
    assert NAMED in pdf_text(joe.client.get("/result.pdf"))
    assert ADDRESS in dora.get(at(review, "as-seen/1/")).links
    page = dora.open(review)
    assert not part(page, "study").all(class_="letters"), "it matches no longer"
    assert "Letters from FDA (1)" in part(page, "guidance").text
    assert f"FDA letters shown: {NAMED}." in noted(dora, review)


def test_a_letter_that_was_changed_stands_as_it_was(joe: Walker, review: Review, dora: Desk):
    FdaLetter.objects.update(date=dt.date(2024, 1, 2), link="https://www.fda.gov/other")
    for page in (joe.get("/result/"), dora.get(at(review, "as-seen/1/"))):
        assert NAMED in page.text
        assert ADDRESS in page.links
    assert "January 2, 2024" in part(dora.open(review), "study").one(class_="letters").text


def test_a_letter_that_comes_later_is_told_the_physician_at_once_and_the_patient_when_they_confirm(
    joe: Walker, review: Review, dora: Desk
):
    letter(kind="untitled", date=dt.date(2026, 2, 3))
    assert "February 3, 2026" not in joe.get("/result/").text
    page = dora.open(review)
    assert "February 3, 2026" not in part(page, "guidance").text
    now = part(page, "study").one(class_="letters").text
    assert "untitled letter of February 3, 2026" in now
    assert "These match now. What the patient was shown stands in their guidance below." in now
    joe.finish()
    assert "February 3, 2026" in joe.get("/result/").text
    page = dora.open(review)
    assert "Letter from FDA: Kimera Labs, February 3, 2026" in part(page, "versions").text
    assert "February 3, 2026" not in dora.get(at(review, "as-seen/1/")).text
    assert "February 3, 2026" in dora.get(at(review, "as-seen/2/")).text


def test_a_page_that_is_made_anew_by_a_check_keeps_its_letters(registry: Registry, walker: Walker):
    web.publish(aid(with_letters), note="First edition.")
    letter()
    registry.says = (503, "busy")
    walker.answers(*BEFORE["trial-number"])
    walker.post("/study/", walker.answer("trial-number", LUNGS).sent())
    # What nobody could be asked about they say later; the product they name in their own words.
    FdaLetter.objects.update(other_names=["XoGlo"])
    walker.answer("words", "They use XoGlo")
    walker.answers("matters")
    assert NAMED in walker.finish().text
    FdaLetter.objects.all().delete()
    registry.says = record(LUNGS)
    RegistryStudy.objects.update(tried_at=timezone.now() - dt.timedelta(minutes=5))
    assert NAMED in walker.get("/result/").text
    assert FinishedVersion.objects.count() == 2
    assert "Say if it is the study you were told about" in walker.get("/result/").text
    say(walker)
    page = walker.get("/result/")
    assert "Say if it is the study" not in page.text, "they have said so, and are asked to confirm it"
    assert "You have changed an answer" in page.text


def test_an_edition_that_tells_patients_of_no_letters_keeps_none(registry: Registry, walker: Walker):
    web.publish(aid(), note="First edition.")
    letter()
    walker.answers(*BEFORE["trial-number"])
    walker.answer("trial-number", LUNGS)
    say(walker)
    walker.answers("words", "matters")
    assert not walker.finish().main.all(class_="letters")
    assert FinishedVersion.objects.get().letters == ""


# --- Taken back, erased


def test_what_was_typed_lies_sealed_in_the_version(joe: Walker):
    held = FinishedVersion.objects.values().get()
    assert (held["study_number"], held["study_said"]) == (LUNGS, "same")
    for word in ("Kimera", "Miramar", ADDRESS):
        assert word not in str(held)


def test_nothing_of_it_is_left_to_a_practice_whose_patient_took_it_back(joe: Walker, review: Review, dora: Desk):
    walk = responses.find(str(review.response_id))
    sharing.withdraw(walk=walk)
    page = dora.open(review)
    for word in ("Kimera", LUNGS):
        assert word not in page.html
    for place in ("as-seen/1/", "as-seen/1/guidance.pdf", "chart.pdf", "chart-note.txt"):
        reply = dora.client.get(at(review, place))
        assert reply.status_code in (404, 410)
        assert b"Kimera" not in reply.content
    assert trial_review.after_refresh(LUNGS) == 0
    assert NAMED in joe.get("/result/").text, "to the patient it stays as it was"


def test_erasing_leaves_nothing_of_it(joe: Walker, review: Review):
    joe.post("/erase/")
    assert not FinishedVersion.objects.exists()
    assert trial_review.after_refresh(LUNGS) == 0


def test_nor_does_the_end_of_its_time(joe: Walker):
    Response.objects.update(expires_at=Response.objects.get().created_at)
    assert responses.purge_expired() == 1
    assert not FinishedVersion.objects.exists()
