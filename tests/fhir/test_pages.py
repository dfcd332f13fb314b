"""The FHIR addresses as other programs call them."""

from __future__ import annotations

import json

import pytest

from questionnaire.models import Edition
from questionnaire.services import checking, opening, practices
from tests import drafting, staff, web
from tests.exports.fhir_renderer import every_item
from tests.exports.fhir_rules import broken
from tests.languages import in_spanish_too

pytestmark = pytest.mark.django_db

URL = "http://testserver/fhir/Questionnaire/exosomes"


@pytest.fixture
def get(client):
    """Ask for an address and read the resource that comes, which must have FHIR's content type."""

    def get(address, status=200, kind=None, **headers):
        reply = client.get(f"/fhir/{address}", headers=headers)
        assert reply.status_code == status, reply.content
        assert reply["Content-Type"] == "application/fhir+json; charset=utf-8"
        resource = json.loads(reply.content)
        if kind or status != 200:
            assert resource["resourceType"] == (kind or "OperationOutcome")
        return resource

    return get


def test_the_edition_in_use_is_there_for_everybody(published, get):
    made = get("Questionnaire/exosomes", kind="Questionnaire")
    assert (made["url"], made["version"], made["id"]) == (URL, "1", "exosomes")
    assert broken(made) == set()
    assert get("CodeSystem/exosomes", kind="CodeSystem")["url"] == "http://testserver/fhir/CodeSystem/exosomes"


def test_the_shipped_aid_is_there(shipped, get):
    assert broken(get("Questionnaire/exosomes")) == set()


def test_nobody_is_kept_in_mind(published, client):
    assert not client.get("/fhir/Questionnaire/exosomes").cookies


def test_what_no_clinician_signed_is_a_draft(published, get):
    made = get("Questionnaire/exosomes")
    assert (made["status"], made["experimental"]) == ("draft", True)
    assert "publisher" not in made


def test_a_signed_edition_is_active_and_the_one_before_retired(published, get, monkeypatch):
    monkeypatch.setattr(checking, "report", lambda edition: checking.Report((), (), 0.0))
    opening.open_document(by=None, document=web.small_aid(web.with_new_question))
    drafting.publish(staff.approver(), drafting.submit(staff.editor()))
    made, before = get("Questionnaire/exosomes"), get("Questionnaire/exosomes.1")
    assert (made["version"], made["status"], made["experimental"]) == ("2", "active", False)
    assert (before["version"], before["status"], before["url"], before["id"]) == ("1", "retired", URL, "exosomes.1")
    links = [[item["linkId"] for item in every_item(each["item"])] for each in (made, before)]
    assert "new-one" in links[0]
    assert "new-one" not in links[1]


def test_the_practice_is_the_publisher_from_the_moment_it_has_a_name(published, get):
    get("Questionnaire/exosomes")
    practice = practices.current()
    practice.name = "Riverside Clinic"
    practice.save()
    assert get("Questionnaire/exosomes")["publisher"] == "Riverside Clinic"


# --- Search


@pytest.mark.parametrize("kind", ["Questionnaire", "CodeSystem"])
def test_an_earlier_edition_is_found_by_its_version(kind, published, get):
    web.publish(web.small_aid(web.with_new_question))
    url = f"http://testserver/fhir/{kind}/exosomes"
    for query, version in [
        ("", "2"),
        (f"?url={url}", "2"),
        (f"?url={url}&version=1", "1"),
        (f"?url={url}%7C1", "1"),
        ("?version=2", "2"),
    ]:
        found = get(kind + query, kind="Bundle")
        assert (found["type"], found["total"]) == ("searchset", 1)
        [entry] = found["entry"]
        assert entry["resource"]["version"] == version
        # The address in the bundle gives that very resource.
        there = get(entry["fullUrl"].removeprefix("http://testserver/fhir/"))
        assert there == entry["resource"]


@pytest.mark.parametrize(
    "query",
    [f"url={URL}x", "url=https://example.org/Questionnaire/exosomes", f"url={URL}&version=2", "version=x"]
    + [f"version={number}" for number in ("0", "01", "-1", "9" * 400, "%D9%A1", "1.0")],
)
def test_a_search_without_a_match_is_empty(query, published, get):
    found = get(f"Questionnaire?{query}", kind="Bundle")
    assert found["total"] == 0
    assert "entry" not in found


# --- Languages


@pytest.fixture
def bilingual(db):
    """The small aid in English and Spanish."""
    return web.publish(in_spanish_too(web.small_aid()))


def test_translations_stand_in_the_canonical_resource_and_a_copy_has_one_language(bilingual, get):
    both, spanish = get("Questionnaire/exosomes"), get("Questionnaire/exosomes?language=es")
    assert (both["language"], spanish["language"]) == ("en", "es")
    for key in ("url", "version", "id"):
        assert both[key] == spanish[key]
    [translation] = both["_title"]["extension"]
    assert translation["extension"] == [
        {"url": "lang", "valueCode": "es"},
        {"url": "content", "valueString": spanish["title"]},
    ]
    assert both["title"] != spanish["title"]
    assert "translation" not in json.dumps(spanish)
    [found] = get(f"Questionnaire?url={URL}&language=es")["entry"]
    assert found["resource"] == spanish


def test_the_codes_have_their_words_in_each_language(bilingual, get):
    both, spanish = get("CodeSystem/exosomes")["concept"], get("CodeSystem/exosomes?language=es")["concept"]
    assert [each["designation"] for each in both] == [
        [{"language": "es", "value": each["display"]}] for each in spanish
    ]


def test_another_language_is_refused(bilingual, get):
    refused = get("Questionnaire/exosomes?language=fr", status=400)
    assert refused["issue"][0]["code"] == "invalid"
    assert "en, es" in refused["issue"][0]["diagnostics"]


# --- What goes wrong


@pytest.mark.parametrize(
    "address",
    [
        "Questionnaire/other",
        "Questionnaire/exosomes.2",
        "Questionnaire/exosomes.0",
        "Questionnaire/exosomes/1",
        "Questionnaire/exosomes%0A",
        "Questionnaire/%00",
        "CodeSystem/exosomes.",
        "Patient/1",
        "metadata/",
        "",
    ],
)
def test_what_is_not_there_is_told_in_fhir(address, published, get):
    assert get(address, status=404)["issue"][0]["code"] == "not-found"


def test_before_anything_is_published_only_the_server_speaks(db, get):
    assert get("Questionnaire/exosomes", status=404)
    assert get("Questionnaire", kind="Bundle")["total"] == 0
    assert get("metadata", kind="CapabilityStatement")


def test_a_draft_is_not_given_out(published, get):
    assert Edition.objects.get().number == 1
    opening.open_document(by=None, document=web.small_aid(web.with_new_question))
    assert Edition.objects.count() == 2
    get("Questionnaire/exosomes.2", status=404)
    assert get("Questionnaire/exosomes")["version"] == "1"


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete", "options"])
@pytest.mark.parametrize("address", ["metadata", "Questionnaire", "Questionnaire/exosomes", "Patient/1"])
def test_nothing_can_be_written(method, address, published, client):
    reply = getattr(client, method)(f"/fhir/{address}")
    assert reply.status_code == 405
    assert reply["Allow"] == "GET, HEAD"
    assert json.loads(reply.content)["resourceType"] == "OperationOutcome"


def test_the_head_can_be_asked_for(published, client):
    reply = client.head("/fhir/Questionnaire/exosomes")
    assert (reply.status_code, reply.content) == (200, b"")


@pytest.mark.parametrize(
    "accept",
    [
        "application/fhir+json",
        "application/fhir+json; fhirVersion=4.0",
        "APPLICATION/FHIR+JSON",
        "application/json;q=0.5, text/html",
        "text/html,application/xml;q=0.9,*/*;q=0.8",
        "application/*",
        "*/*",
    ],
)
def test_who_takes_json_gets_it(accept, published, get):
    get("Questionnaire/exosomes", accept=accept)


@pytest.mark.parametrize("accept", ["application/fhir+xml", "text/html", "application/json;q=0", "*/*; q=0.0"])
def test_who_takes_no_json_is_told(accept, published, get):
    get("Questionnaire/exosomes", status=406, accept=accept)


def test_the_format_in_the_address_goes_before_the_header(published, get):
    get("Questionnaire/exosomes?_format=json", accept="text/html")
    get("Questionnaire/exosomes?_format=application/fhir+json", accept="text/html")
    get("Questionnaire/exosomes?_format=xml", status=406)


def test_the_server_says_what_it_can_do(published, get):
    said = get("metadata", kind="CapabilityStatement")
    assert (said["fhirVersion"], said["implementation"]["url"]) == ("4.0.1", "http://testserver/fhir")
    can = {each["type"]: [one["code"] for one in each["interaction"]] for each in said["rest"][0]["resource"]}
    assert can == {
        "CodeSystem": ["read", "search-type"],
        "Questionnaire": ["read", "search-type"],
        "QuestionnaireResponse": ["read"],
    }


def test_canonical_addresses_stay_whatever_name_the_server_is_called_by(published, get, settings):
    settings.FHIR_BASE_URL = "https://aid.example.org/fhir"
    assert (
        get("Questionnaire/exosomes", host="localhost")["url"] == "https://aid.example.org/fhir/Questionnaire/exosomes"
    )
