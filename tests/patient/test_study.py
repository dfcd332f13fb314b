"""After the number of a study: what the registry has under it, whether it is the person's, and when nobody answers."""

from __future__ import annotations

import datetime as dt
import time

import pytest
import time_machine
from django.test import Client
from django.utils import dateformat, timezone

from questionnaire.models import FinishedVersion, RegistryCopy, RegistryStudy, Response, StudyCheck
from questionnaire.services import responses, trials
from tests.study_registry import HOSPITALS, KNEES, LUNGS, Registry, aid, record
from tests.web import BEFORE, Page, Walker, pdf_text, publish, small_aid, with_new_question

pytestmark = pytest.mark.django_db

SAME = {"said": "same", "clinic": "", "city": "", "asked": "yes"}
DOWN = (503, "busy")
ABSENT = (404, "NCT number not found")


@pytest.fixture
def registry(settings):
    with Registry().running() as made:
        made.says = record(LUNGS)
        settings.CTGOV_BASE_URL = made.base
        yield made


@pytest.fixture
def checked(registry):
    return publish(aid())


@pytest.fixture
def numbered(checked, walker):
    """A person at the page of their study."""

    def numbered(number=LUNGS):
        walker.answers(*BEFORE["trial-number"])
        page = walker.answer("trial-number", number)
        assert page.name == "study"
        return page

    return numbered


def say(walker, number=LUNGS, **values):
    return walker.post("/study/", SAME | {"number": number} | values)


def finished(walker, **values):
    page = say(walker, **values)
    assert page.question == "words", page.text
    assert walker.answers("words", "matters").name == "check"
    return walker.finish()


def tried_long_ago():
    RegistryStudy.objects.update(tried_at=timezone.now() - dt.timedelta(minutes=5))


def facts():
    return FinishedVersion.objects.latest("number").facts


# --- Found


def test_the_person_sees_number_title_and_sponsor_and_says_if_it_is_theirs(numbered, walker, registry):
    page = numbered()
    assert page.main.one("legend").text == "Is this the study you were told about?"
    identity = record(LUNGS)["protocolSection"]["identificationModule"]
    sponsor = record(LUNGS)["protocolSection"]["sponsorCollaboratorsModule"]["leadSponsor"]["name"]
    assert [each.text for each in page.main.one("dl", class_="study").all("dd")] == [
        LUNGS,
        identity["briefTitle"],
        sponsor,
    ]
    assert "A listing is not approval." in page.text
    assert "If you share your answers, the practice sees it, too." in page.text
    assert page.root.one("nav", class_="back").one("a")["href"] == "/q/trial-number/"
    assert [each["value"] for each in page.main.all("input", type="radio")] == ["same", "other", "not-sure"]
    assert finished(walker, clinic="Riverside Clinic", city="Austin").name == "result"
    held = StudyCheck.objects.get()
    assert (held.number, held.said) == (LUNGS, "same")
    assert "Riverside" not in held.clinic
    assert facts() | {"registry": "found", "registry-study": "same", "registry-body-part": "other"} == facts()
    assert FinishedVersion.objects.get().registry_copy is not None


def test_nothing_but_the_number_reaches_the_registry_and_no_log_has_it(numbered, walker, registry, caplog):
    numbered()
    finished(walker, clinic="Riverside Clinic", city="Austin")
    paths = [path.partition("?")[0] for path, _, _ in registry.asked]
    assert paths == [f"/api/v2/studies/{LUNGS}", "/api/v2/version"]
    for path, headers, body in registry.asked:
        headers.pop("Host")  # The stand-in's own address: its port may hold any figures.
        told = f"{path} {headers} {body!r}"
        for personal in ("Riverside", "Austin", "knee", "61", "My own words", "Cookie", str(Response.objects.get().pk)):
            assert personal not in told
        assert body == b""
    assert LUNGS not in caplog.text


def test_a_choice_is_needed_and_what_was_typed_stays(numbered, walker):
    numbered()
    page = walker.post("/study/", {"number": LUNGS, "asked": "yes", "clinic": "Riverside", "city": "x" * 201})
    assert page.status == 422
    assert [each["href"] for each in page.alert.all("a")] == ["#id_said_0", "#id_city"]
    assert page.alert.all("a")[0]["href"].removeprefix("#") in page.ids
    assert page.given["clinic"] == ["Riverside"]
    assert page.given["city"] == ["x" * 201]
    assert say(walker, said="forged").status == 422
    assert not StudyCheck.objects.exists()


def test_another_study_says_nothing_about_theirs(numbered, walker):
    numbered()
    page = finished(walker, said="other")
    assert facts() == {"registry-study": "other"}
    assert FinishedVersion.objects.get().registry_copy is None
    assert "other-problem" not in page.guidance
    assert "belongs to another study than yours" in page.text
    assert not page.main.all(class_="listing")


def test_who_is_not_sure_reads_what_the_record_shows(numbered, walker):
    numbered()
    page = finished(walker, said="not-sure")
    assert facts()["registry-study"] == "not-sure"
    assert "other-problem" in page.guidance


def test_it_is_asked_once_a_number_and_can_be_changed_from_the_check_page(numbered, walker, registry):
    numbered()
    assert say(walker, clinic="Riverside").question == "words"
    assert walker.answer("trial-number", LUNGS).question == "words"
    page = walker.answers("words", "matters")
    row = page.main.all("section", class_="answers")[-1]
    assert [each.text for each in row.all("span")][:2] == ["Yes, this is the study", "Riverside"]
    assert "/study/" in page.links
    page = walker.get("/study/")
    assert page.given | {"said": ["same"], "clinic": ["Riverside"]} == page.given
    assert say(walker, said="not-sure").name == "check"
    registry.says = record(KNEES)
    assert walker.answer("trial-number", KNEES).name == "study"
    assert walker.get("/check/").name == "study"
    assert walker.finish().name == "study"
    assert not FinishedVersion.objects.exists()


def test_what_was_said_stays_when_there_is_nothing_to_ask_and_goes_with_its_number(numbered, walker, registry):
    numbered()
    assert say(walker, clinic="Riverside", city="Austin, TX").question == "words"
    RegistryStudy.objects.update(state="not-found", newest=None)
    page = walker.get("/study/")
    assert not page.main.all("input", type="radio")
    walker.post("/study/", page.sent())
    walker.answers("words", "matters")
    row = walker.get("/check/").main.all("section", class_="answers")[-1]
    assert [each.text for each in row.all("span")][:3] == ["Yes, this is the study", "Riverside", "Austin, TX"]
    registry.says = DOWN
    walker.post("/study/", walker.answer("trial-number", KNEES).sent())
    row = walker.get("/check/").main.all("section", class_="answers")[-1]
    assert row.all("span")[0].text == "We could not show it to you"
    held = StudyCheck.objects.get()
    assert (held.number, held.said, held.clinic) == (KNEES, "", "")


def test_a_script_in_the_title_is_only_text(numbered, walker, registry):
    held = record(LUNGS)
    held["protocolSection"]["identificationModule"]["briefTitle"] = "<script>alert(1)</script>"
    registry.says = held
    page = numbered()
    assert "<script>alert(1)</script>" in page.text
    assert not page.root.all("script")
    assert not finished(walker).root.all("script")


def test_the_page_says_of_when_it_is_and_of_which_data_if_that_is_known(checked, walker, registry):
    walker.answers(*BEFORE["trial-number"])
    today = dateformat.format(timezone.now(), "F j, Y")
    page = walker.answer("trial-number", LUNGS)
    assert f"Source: ClinicalTrials.gov, data as of May 1, 2026, checked {today}." in page.text
    RegistryCopy.objects.update(data_timestamp="")
    page = walker.get("/study/")
    assert f"Source: ClinicalTrials.gov, checked {today}." in page.text
    assert "data as of" not in page.text


def test_the_page_says_how_far_one_is_as_the_question_before_does(checked, walker, registry):
    walker.answers(*BEFORE["trial-number"])
    part = walker.get("/q/trial-number/").main.one("p", class_="part").text
    assert part.startswith("Part ")
    assert walker.answer("trial-number", LUNGS).main.one("p", class_="part").text == part


def test_one_may_stop_here_and_come_back_with_or_without_an_answer(numbered, walker):
    assert numbered().main.one("button", value="save").text == "Save and come back later"
    assert walker.post("/study/", {"number": LUNGS, "asked": "yes", "then": "save"}).name == "saved"
    assert not StudyCheck.objects.exists()
    page = walker.post("/study/", {"number": LUNGS, "asked": "yes", "then": "save", "clinic": "Riverside"})
    assert (page.status, page.given["clinic"]) == (422, ["Riverside"])
    assert say(walker, clinic="Riverside", then="save").name == "saved"
    assert StudyCheck.objects.get().said == "same"
    assert walker.get("/study/").given["clinic"] == ["Riverside"]


# --- Not found, moved, not checked


@pytest.mark.parametrize(
    ("says", "word", "fact"),
    [(ABSENT, "lists no study under this number", "not-found"), (DOWN, "could not check this number", "not-checked")],
)
def test_without_a_record_the_page_says_so_and_goes_on(says, word, fact, checked, walker, registry):
    registry.says = says
    walker.answers(*BEFORE["trial-number"])
    page = walker.answer("trial-number", LUNGS)
    assert word in page.text
    assert not page.main.all("input", type="radio")
    assert [each.text for each in page.main.one("form").all("button")] == ["Continue", "Save and come back later"]
    assert walker.post("/study/", page.sent()).question == "words"
    assert walker.answers("words", "matters").name == "check"
    page = walker.finish()
    assert facts() == {"registry": fact, "registry-study": "not-asked"}
    assert word in page.main.one("section", class_="ladder").text
    assert ("not-listed" in page.guidance) == (fact == "not-found")


def test_a_study_under_another_number_is_told_with_that_number(checked, walker, registry):
    registry.says, registry.moved_to = (301, ""), HOSPITALS
    walker.answers(*BEFORE["trial-number"])
    page = walker.answer("trial-number", LUNGS)
    assert f"under another number: {HOSPITALS}." in page.text
    assert walker.post("/study/", page.sent()).question == "words"
    walker.answers("words", "matters")
    assert HOSPITALS in walker.finish().text
    assert facts()["registry"] == "not-checked"


def test_nobody_waits_longer_than_three_seconds(checked, walker, registry):
    registry.slow = 6
    walker.answers(*BEFORE["trial-number"])
    began = time.monotonic()
    page = walker.answer("trial-number", LUNGS)
    assert time.monotonic() - began < 3
    assert "could not check" in page.text
    walker.post("/study/", page.sent())
    walker.answers("words", "matters")
    began = time.monotonic()
    assert walker.finish().name == "result"
    assert time.monotonic() - began < 3


def test_finding_out_of_which_data_it_is_takes_nobody_longer_either(checked, walker, registry):
    walker.answers(*BEFORE["trial-number"])
    registry.slow = 1.4
    began = time.monotonic()
    page = walker.answer("trial-number", LUNGS)
    assert time.monotonic() - began < 3
    assert page.main.all("input", type="radio"), "the record came"
    assert RegistryCopy.objects.get().data_timestamp == ""


def test_opening_the_guidance_checks_again_once_and_loses_no_caution(checked, walker, registry):
    registry.says = DOWN
    walker.answers(*BEFORE["trial-number"])
    walker.post("/study/", walker.answer("trial-number", LUNGS).sent())
    walker.answers("words", "matters")
    before = walker.finish()
    registry.says = record(LUNGS)
    assert walker.get("/result/").text == before.text
    tried_long_ago()
    page = walker.get("/result/")
    assert set(before.guidance) < set(page.guidance)
    assert "We have checked the study's number since this page was first made." in page.text
    notice = page.main.one("aside", class_="notice screen-only")
    assert "New on this page because of it:" in notice.text
    assert [each.text for each in notice.all("li")] == ["Title of other-problem."]
    assert FinishedVersion.objects.count() == 2
    asked = len(registry.asked)
    walker.get("/result/")
    assert (FinishedVersion.objects.count(), len(registry.asked)) == (2, asked)
    assert "/study/" in page.links
    assert say(walker, said="other").name == "check"
    assert "You have changed an answer" in walker.get("/result/").text


def test_what_says_that_there_was_no_answer_goes_once_there_is_one(registry, walker):
    def unchecked(document):
        when = {"all": [{"question": "trial-number", "answered": True}, {"fact": "registry", "is": "not-checked"}]}
        document["guidance/all.yaml"][0:0] = [{**document["guidance/all.yaml"][-1], "slug": "unchecked", "when": when}]

    publish(aid(unchecked))
    registry.says = DOWN
    walker.answers(*BEFORE["trial-number"])
    walker.post("/study/", walker.answer("trial-number", LUNGS).sent())
    walker.answers("words", "matters")
    before = walker.finish()
    assert "unchecked" in before.guidance
    registry.says = record(LUNGS)
    tried_long_ago()
    page = walker.get("/result/")
    assert set(before.guidance) - set(page.guidance) == {"unchecked"}
    assert FinishedVersion.objects.count() == 2


def test_a_check_that_would_take_a_caution_away_makes_no_new_page(registry, walker):
    def softened(document):
        when = {"any": [{"fact": "registry", "is": "not-checked"}, {"fact": "registry", "answered": False}]}
        document["guidance/all.yaml"][0:0] = [{**document["guidance/all.yaml"][-1], "slug": "unchecked", "when": when}]

    publish(aid(softened))
    registry.says = DOWN
    walker.answers(*BEFORE["trial-number"])
    walker.post("/study/", walker.answer("trial-number", LUNGS).sent())
    walker.answers("words", "matters")
    assert "unchecked" in walker.finish().guidance
    registry.says = record(LUNGS)
    tried_long_ago()
    page = walker.get("/result/")
    assert "unchecked" in page.guidance
    assert FinishedVersion.objects.count() == 1
    # Only they themselves can take it up, and they are told that they can.
    assert "We could not check the study’s number when this was made" in page.text
    assert "You have changed an answer" not in page.text
    assert "/study/" in page.links, "and are asked first if it is their study"
    assert say(walker).name == "check"
    page = walker.finish()
    assert "unchecked" not in page.guidance
    assert "We could not check the study’s number when" not in page.text
    assert FinishedVersion.objects.count() == 2


def test_a_page_is_not_outdated_since_a_day_went_by_or_the_registry_is_down(numbered, walker, registry):
    numbered()
    with time_machine.travel(timezone.now(), tick=True) as clock:
        page = finished(walker)
        clock.shift(dt.timedelta(days=2))
        registry.says = DOWN
        later = walker.get("/result/")
        assert later.guidance.keys() == page.guidance.keys()
        assert "You have changed an answer" not in later.text
        walker.finish()
        assert FinishedVersion.objects.count() == 1
        assert facts()["registry"] == "found"
        # Another answer, while nobody can ask: what was checked stays checked.
        walker.answer("age", "70")
        walker.finish()
        assert (FinishedVersion.objects.count(), facts()["registry"]) == (2, "found")


# --- Two tabs, erased, another edition, a stale token


def test_a_number_changed_in_another_tab_is_asked_about_anew(numbered, walker, registry):
    numbered()
    registry.says = record(KNEES)
    assert walker.answer("trial-number", KNEES).name == "study"
    page = say(walker, number=LUNGS, clinic="Riverside")
    assert page.status == 409
    assert page.main["data-number"] == KNEES
    assert page.given["clinic"] == ["Riverside"]
    assert not StudyCheck.objects.exists()
    assert say(walker, number=KNEES).question == "words"


def test_two_tabs_that_say_different_things_leave_the_later_one(numbered, walker):
    numbered()
    say(walker, said="other")
    say(walker, said="same")
    held = StudyCheck.objects.get()
    assert (held.said, held.revision) == ("same", 2)


def test_a_number_that_changes_while_the_form_is_taken_in_is_noticed(numbered, walker):
    numbered()
    stale = responses.find(Response.objects.get().pk)
    walker.answer("trial-number", KNEES)
    with pytest.raises(trials.NumberChanged):
        trials.say(walk=stale, number=LUNGS, said="same")
    assert not StudyCheck.objects.exists()


def test_who_could_not_be_asked_is_asked_before_their_guidance_once_the_registry_answers(checked, walker, registry):
    registry.says = DOWN
    walker.answers(*BEFORE["trial-number"])
    walker.post("/study/", walker.answer("trial-number", LUNGS).sent())
    walker.answers("words", "matters")
    registry.says = record(LUNGS)
    tried_long_ago()
    assert walker.finish().name == "study"
    assert say(walker, said="other").name == "check"
    assert walker.finish().name == "result"
    assert facts() == {"registry-study": "other"}


def test_after_erasing_the_page_says_that_nothing_is_there(numbered, walker):
    numbered()
    other = Client()
    other.cookies = walker.client.cookies.copy()
    say(walker)
    Walker(other).post("/erase/")
    page = say(walker)
    assert page.status == 410
    assert not StudyCheck.objects.exists()
    assert walker.get("/study/").name == "start"


def test_a_safety_change_in_between_keeps_what_was_said(numbered, walker):
    numbered()
    say(walker, clinic="Riverside")
    publish(aid(with_new_question), safety_change=True)
    assert walker.answer("new-one", "yes").question == "words"
    walker.answers("words", "matters")
    assert walker.finish().name == "result"
    assert facts()["registry-study"] == "same"


def test_an_edition_without_the_rules_asks_nothing(registry, walker):
    publish(small_aid())
    walker.answers(*BEFORE["trial-number"])
    assert walker.answer("trial-number", LUNGS).question == "words"
    assert walker.get("/study/").question == "words"
    walker.answers("words", "matters")
    assert "ladder" not in walker.finish().ids
    assert not registry.asked


def test_no_number_leads_past_it(checked, walker):
    walker.answers(*BEFORE["trial-number"])
    assert walker.answer("trial-number", {"choice": "no-number"}).question == "words"
    assert walker.get("/study/").question == "words"


def test_a_stale_token_loses_nothing(numbered, checked, walker):
    strict = Client(enforce_csrf_checks=True)
    numbered()
    strict.cookies = walker.client.cookies
    page = Page(strict.post("/study/", SAME | {"number": LUNGS, "clinic": "Riverside"}))
    assert (page.status, page.name) == (403, "study")
    assert page.given | {"said": ["same"], "clinic": ["Riverside"]} == page.given
    assert not StudyCheck.objects.exists()


def test_the_words_are_the_aids(registry, walker):
    def reworded(document):
        document["trial.yaml"]["words"]["not-found"] = {"en": "Nobody knows this number."}

    publish(aid(reworded))
    registry.says = ABSENT
    walker.answers(*BEFORE["trial-number"])
    assert "Nobody knows this number." in walker.answer("trial-number", LUNGS).text


def test_the_file_and_the_exports_take_the_facts_along(numbered, walker):
    numbered()
    page = finished(walker)
    told = pdf_text(walker.client.get("/result.pdf"))
    assert "We did not find your problem among those" in page.text
    assert "A listing is not approval." in told
    assert "What the listing shows" in told
