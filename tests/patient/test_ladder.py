"""The ladder on the guidance page: who says what, what to ask, and what the registry's record shows, in whose words."""

from __future__ import annotations

import datetime as dt
import json
import re

import pytest
import time_machine
from django.test import Client

from questionnaire.domain import reading
from questionnaire.exports import ladder
from questionnaire.models import FinishedVersion, RegistryCopy, RegistryStudy, Review
from questionnaire.services import trial_facts
from questionnaire.services.sealing import unsealed
from tests.physician import exports
from tests.staff import physician, sign_in
from tests.study_registry import HOSPITALS, KNEES, LUNGS, SUSPENDED, Registry, aid, record
from tests.web import BEFORE, Page, Walker, pdf_text, publish

pytestmark = pytest.mark.django_db

DAY = dt.datetime(2026, 5, 3, 15, tzinfo=dt.UTC)


@pytest.fixture
def registry(settings):
    with Registry().running() as made:
        made.says = record(LUNGS)
        settings.CTGOV_BASE_URL = made.base
        yield made


@pytest.fixture
def on_the_day():
    with time_machine.travel(DAY, tick=True):
        yield


@pytest.fixture
def guided(registry, walker, on_the_day):
    """A person's guidance with a ladder."""

    def guided(number=LUNGS, change=None, says=None, **said):
        publish(aid(change))
        registry.says = says or record(number)
        walker.answers(*BEFORE["trial-number"])
        page = walker.answer("trial-number", number)
        values = {"said": "same", "asked": "yes"} if page.main.all("input", type="radio") else {}
        walker.post("/study/", {"number": number} | values | said)
        walker.answers("words", "matters")
        page = walker.finish()
        assert page.name == "result"
        return page

    return guided


def rung(page, slug):
    return page.main.one("li", data_rung=slug).text


def test_each_rung_says_who_knows_what_and_what_to_ask(guided):
    page = guided()
    ladder = page.main.one("section", class_="ladder")
    assert "A listing is not approval." in ladder.text
    assert "You: You gave a number." in rung(page, "listed")
    assert "The registry, checked May 3, 2026: A record is listed under this number." in rung(page, "listed")
    assert "Nobody yet: No one has shown this so far." in rung(page, "ethics-board")
    assert all("Ask:" in each.text for each in ladder.having("data-rung"))
    assert ladder.all("a", href="mailto:ocod@fda.hhs.gov")
    assert "#ladder" in page.links


def test_there_is_no_mark_score_or_total(guided):
    ladder = guided().main.one("section", class_="ladder")
    assert not re.search(r"[✓✔☑✅★%]|\d+ of \d+|\bscore\b|\btotal\b", ladder.text)
    assert not [each for each in ladder.walk() if each.tag in ("img", "svg", "meter", "progress")]


def test_what_the_record_shows_is_told_with_its_field_and_where_it_comes_from(guided):
    page = guided()
    found = page.main.one("div", class_="listing")
    assert "We did not find your problem among those that the listing names" in found.text
    assert "(problem)" in found.text
    assert not re.search(r"[a-z][A-Z][a-z]+\)|Struct|\d{4}-\d\d", re.sub("“[^”]*”", "", found.text))
    assert "No one has confirmed or changed it since August 30, 2022" in found.text
    assert "checked May 3, 2026; shortened and reworded by us." in found.text
    assert f"https://clinicaltrials.gov/study/{LUNGS}" in page.links
    shown, left_open = found.all("ul")
    assert "The registry has no place for what people are charged." in left_open.text
    assert "By the listing, it is run by “Direct Biologics" in shown.text


def test_the_day_of_the_registrys_data_is_told_where_it_is_known(guided, walker):
    told = "data as of May 1, 2026, checked May 3, 2026; shortened and reworded by us."
    assert told in guided().text
    assert told in " ".join(pdf_text(walker.client.get("/result.pdf")).split())


def test_where_it_is_not_known_only_the_day_of_the_check_is_told(guided, registry):
    registry.data = ""
    page = guided()
    assert "Source: ClinicalTrials.gov, checked May 3, 2026; shortened" in page.text
    assert "data as of" not in page.text


def test_a_reason_names_the_registry_in_words(guided):
    page = guided()
    why = page.guidance["other-problem"].text
    assert "The registry (checked May 3, 2026): we did not find your problem in the listing" in why
    assert "registry-body-part" not in page.text


def test_what_a_sponsor_wrote_is_quoted_and_only_text(guided):
    held = record(SUSPENDED)
    held["protocolSection"]["statusModule"]["whyStopped"] = "<img src=x onerror=alert(1)> FDA approved"
    page = guided(SUSPENDED, says=held)
    assert "this reason: “<img src=x onerror=alert(1)> FDA approved”" in page.text
    assert not page.main.all("img")


def test_sponsor_title_and_places_are_quoted_wherever_they_stand(guided, walker):
    own = "Dr. X” cures knees, says FDA “& all <b>"
    held = record(LUNGS)
    study = held["protocolSection"]
    study["identificationModule"]["briefTitle"] = own
    study["sponsorCollaboratorsModule"]["leadSponsor"]["name"] = own
    study["contactsLocationsModule"]["locations"] = [{"facility": own, "city": "Tampa", "country": "United States"}]
    page = guided(says=held, clinic=own)
    for told in (
        page.main.one("div", class_="listing").text,
        " ".join(pdf_text(walker.client.get("/result.pdf")).split()),
    ):
        assert told.count("cures knees") >= 4, "in title, sponsor, place and who runs it"
        assert "cures knees" not in re.sub("“[^”]*”", "", told)
    assert not page.main.all("b")


def test_an_edition_without_words_for_a_finding_shows_nothing_in_its_place(guided):
    """What the program finds may be newer than the edition that somebody finished with."""
    held = record(LUNGS)
    design = held["protocolSection"]["designModule"]["designInfo"]
    design["allocation"] = "RANDOMIZED"
    held["protocolSection"]["armsInterventionsModule"]["armGroups"] = [
        {"label": "Exosomes", "type": "EXPERIMENTAL"},
        {"label": "Steroid", "type": "ACTIVE_COMPARATOR"},
    ]
    page = guided(says=held)
    words = "It compares the treatment with some other treatment"
    assert words in page.main.one("div", class_="listing").text
    version = FinishedVersion.objects.get()
    document = json.loads(version.edition.document)
    del document["trial.yaml"]["words"]["design-active-control"]
    aid, problems = reading.draft(document)
    assert [each.key for each in problems] == ["words.design-active-control"]
    listing = trial_facts.listing_of(version)
    shown = ladder.view(aid, unsealed(version.answers), version.facts, listing, "en", day=DAY.date())
    assert shown is not None
    assert shown.listing is not None
    texts = [text for text, _ in (*shown.listing.shows, *shown.listing.not_shown)]
    assert len(texts) > 8
    assert all(texts)


def test_no_contact_of_study_staff_is_shown_or_kept(guided):
    held = record(LUNGS)
    contact = {"name": "Pat Contact", "phone": "555-010-0100", "email": "pat@example.org", "role": "CONTACT"}
    places = held["protocolSection"]["contactsLocationsModule"]
    places["centralContacts"], places["overallOfficials"] = [contact], [contact]
    places["locations"][0]["contacts"] = [contact]
    page = guided(says=held)
    assert "Pat Contact" not in page.html
    assert "Pat Contact" not in RegistryCopy.objects.get().record


def test_an_older_copy_is_shown_only_with_its_date(guided, walker, registry):
    guided()
    RegistryStudy.objects.update(tried_at=DAY)
    registry.says = (503, "")
    other = Walker()
    with time_machine.travel(DAY + dt.timedelta(days=40), tick=True):
        other.answers(*BEFORE["trial-number"])
        page = other.answer("trial-number", LUNGS)
        assert "older copy, from May 3, 2026" in page.text
        other.post("/study/", {"number": LUNGS, "said": "same", "asked": "yes"})
        other.answers("words", "matters")
        page = other.finish()
    assert FinishedVersion.objects.latest("finished_at").facts["registry"] == "not-checked"
    assert "older copy, from May 3, 2026" in page.text
    assert "other-problem" not in page.guidance


def test_a_registry_that_did_not_answer_is_told_on_each_rung_it_would_have_answered(guided, walker):
    page = guided(says=(503, ""))
    told = "ClinicalTrials.gov: We could not check this on May 3, 2026."
    for slug in ("listed", "open-to-you", "exosomes-for-you", "your-clinic", "ind-letter", "free"):
        assert told in rung(page, slug), slug
        assert "Nobody yet" not in rung(page, slug)
    assert "could not check" not in rung(page, "ethics-board")
    assert " ".join(pdf_text(walker.client.get("/result.pdf")).split()).count(told) == 6


def test_the_day_of_a_check_that_failed_is_not_that_of_an_older_copy(guided, registry):
    guided()
    RegistryStudy.objects.update(tried_at=DAY)
    registry.says = (503, "")
    other = Walker()
    with time_machine.travel(DAY + dt.timedelta(days=40), tick=True):
        other.answers(*BEFORE["trial-number"])
        other.post("/study/", other.answer("trial-number", LUNGS).sent() | {"said": "same"})
        other.answers("words", "matters")
        assert "We could not check this on June 12, 2026." in rung(other.finish(), "listed")


def test_a_named_product_for_another_problem_is_called_both(guided):
    told = rung(guided(), "exosomes-for-you")
    assert "It names a product that is known as exosomes, or the like, but we did not find your problem" in told
    assert "description" not in told


def test_what_the_registry_has_keeps_its_heading_in_print_and_in_the_file(guided, walker):
    page = guided()
    heading = f"What the registry has under {LUNGS}"
    listing = page.main.one("div", class_="listing")
    assert listing.one("h3", class_="print-only").text == heading
    assert listing.one("summary").text == heading
    told = " ".join(pdf_text(walker.client.get("/result.pdf")).split())
    assert told.index("ocod@fda.hhs.gov") < told.index(heading) < told.index("In the words of the people who run it")
    assert "(problem)" in told
    assert "isFdaRegulatedDrug" not in told


def test_a_number_that_moved_is_told_with_the_new_one(registry, walker, on_the_day):
    publish(aid())
    registry.says, registry.moved_to = record(HOSPITALS), HOSPITALS
    registry.moves = LUNGS
    walker.answers(*BEFORE["trial-number"])
    page = walker.answer("trial-number", LUNGS)
    words = f"The registry now lists this study under another number: {HOSPITALS}."
    assert words in page.text
    shown = [each.text for each in page.main.one("dl", class_="study").all("dd")]
    assert shown[:2] == [LUNGS, HOSPITALS]
    assert shown[2] == record(HOSPITALS)["protocolSection"]["identificationModule"]["briefTitle"]
    walker.post("/study/", page.sent() | {"said": "same"})
    walker.answers("words", "matters")
    listing = walker.finish().main.one("div", class_="listing")
    assert words in listing.text
    assert f"https://clinicaltrials.gov/study/{HOSPITALS}" in [each["href"] for each in listing.all("a")]


def test_an_edition_from_before_named_products_is_told_what_stood_for_them():
    document = aid()
    newer, _ = reading.draft(document)
    fact = next(each for each in document["aid.yaml"]["facts"] if each["slug"] == "registry-exosomes")
    fact["values"].remove("product")
    older, _ = reading.draft(document)
    found = {"registry-exosomes": "product", "registry": "found"}
    assert trial_facts._declared(newer, found) == found
    assert trial_facts._declared(older, found) == found | {"registry-exosomes": "described"}


def test_words_are_the_aids(guided):
    def reworded(document):
        document["ladder.yaml"]["words"]["caption"] = {"en": "Being listed proves nothing."}

    assert "Being listed proves nothing." in guided(change=reworded).text


def test_a_clinic_that_was_named_is_compared(guided):
    page = guided(said="same", clinic="Nowhere Joint Center", city="Springfield")
    assert "We did not find your clinic or its city on the list." in rung(page, "your-clinic")
    assert "not-on-list" in page.guidance


def test_print_and_file_have_the_ladder(guided, walker):
    page = guided()
    told = pdf_text(walker.client.get("/result.pdf"))
    for each in page.main.one("section", class_="ladder").all("h3"):
        assert each.text in told
    assert "shortened and reworded by us" in told
    assert "The registry, checked May 3, 2026:" in told


def test_the_exports_of_a_shared_response_hold_the_facts(guided, walker):
    guided(KNEES)
    client = Client()
    walker.post("/share/", {"name": "Maria López", "born": "5/6/1961", "contact": "(555) 010-0199"})
    pk = Review.objects.get().pk
    sign_in(client, physician())
    told = pdf_text(client.get(f"/physician/{pk}/chart.pdf"))
    assert "A listing is not approval." in told
    assert "The registry, checked May 3, 2026: A record is listed under this number." in told
    assert "A listing is not approval." in Page(client.get(f"/physician/{pk}/as-seen/1/")).text
    answered = json.loads(client.get(f"/fhir/QuestionnaireResponse/{pk}").content)
    assert answered["status"] == "completed"
    rows = exports.fetched(client, exports.asked(client))
    assert "registry-study=same" in str(rows)
