"""What is refused, forged, broken or out of reach: named, with what to do, and nothing typed is lost."""

from __future__ import annotations

import runpy

import pytest

from questionnaire.models import Response
from questionnaire.patient import pages
from tests.web import BEFORE, questions_of, small_aid, stored

pytestmark = pytest.mark.django_db

# --- What is refused

REFUSED = [
    # question, what is posted, words of the refusal
    ("signs", {}, "Choose all that fit"),
    ("signs", {"answer": ["none", "fever"]}, "together with another answer"),
    ("signs", {"answer": ["none", "not-sure"]}, "together with another answer"),
    ("signs", {"answer": ["fever", "forged"]}, "not on the list"),
    ("signs", {"answer": ["joint"]}, "not on the list"),
    ("signs", {"answer": "fever,none"}, "not on the list"),
    ("signs", {"answer": "None"}, "not on the list"),
    ("problem", {}, "Choose the answer that fits best"),
    ("problem", {"answer": "knee"}, "not on the list"),
    ("problem", {"answer": "joint\x00"}, "not on the list"),
    ("problem", {"answer": "x" * 10_000}, "not on the list"),
    ("age", {}, "Enter a number, or tick the box that fits"),
    ("age", {"answer": "   "}, "Enter a number"),
    ("age", {"answer": "old"}, "in digits"),
    ("age", {"answer": "17"}, "from 18 to 120 years"),
    ("age", {"answer": "121"}, "from 18 to 120 years"),
    ("age", {"answer": "-30"}, "from 18 to 120 years"),
    ("age", {"answer": "61.5"}, "a whole number"),
    ("age", {"answer": "NaN"}, "in digits"),
    ("age", {"answer": "-Infinity"}, "in digits"),
    ("age", {"answer": "1e999999"}, "in digits"),
    ("age", {"answer": "1e99999999999"}, "in digits"),
    ("age", {"answer": "9" * 10_000}, "in digits"),
    ("age", {"answer": "6\x001"}, "Null characters"),
    ("age", {"answer": "61", "instead": "rather-not"}, "not both"),
    ("age", {"instead": "forged"}, "not on the list"),
    ("weight", {"answer": "70.25"}, "at most 1 digit after the point"),
    ("weight", {"answer": "1e999999"}, "in digits"),
    ("weight", {"answer": "1e99999999999"}, "in digits"),
    ("weight", {"answer": "70." + "0" * 40 + "1"}, "in digits"),
    ("since", {}, "Enter a date"),
    ("since", {"answer": "yesterday"}, "month, day and year"),
    ("since", {"answer": "2024-02-30"}, "month, day and year"),
    ("since", {"answer": "1999-12-31"}, "from 2000-01-01 to 2030-12-31"),
    ("since", {"answer": "01/01/2031"}, "from 2000-01-01 to 2030-12-31"),
    ("since", {"answer": "9" * 10_000}, "month, day and year"),
    ("trial-number", {"answer": "NCT0123456"}, "this has 7 digits"),
    ("trial-number", {"answer": "NCTO1234567"}, "letter among the digits"),
    ("trial-number", {"answer": "ISRCTN12345678"}, "another kind of number"),
    ("trial-number", {"answer": "EudraCT 2004-001234-12"}, "clear what you typed and tick the box that fits"),
    ("trial-number", {"answer": "x" * 10_000}, "NCT and 8 digits"),
    ("words", {"answer": "w" * 201}, "Use 200 characters or fewer. You used 201."),
    ("words", {"answer": "w" * 10_000}, "Use 200 characters or fewer. You used 10,000."),
    ("words", {"answer": "a\x00b"}, "Null characters"),
    ("matters", {"answer": ["pain", "cost", "proof"]}, "Choose up to 2. You chose 3."),
]


def case_name(value):
    return repr(value)[:40] if isinstance(value, str | dict) else None


@pytest.mark.parametrize(("slug", "sent", "told"), REFUSED, ids=case_name)
def test_a_refused_answer_comes_back_named_linked_and_as_it_was_typed(slug, sent, told, at, walker):
    at(slug)
    page = walker.post(f"/q/{slug}/", sent)
    assert page.status == 422
    assert page.question == slug
    assert page.title.startswith("Error: ")
    assert told in page.alert.text
    assert page.alert.one("h2").text == "There is a problem"
    targets = [link["href"] for link in page.alert.all("a")]
    assert targets
    for target in targets:
        field = page.main.one(id=target.removeprefix("#"))
        assert field.tag in ("input", "textarea")
    assert page.html.index('role="alert"') < page.html.index("<h1>")
    # The same words beside the field, which names them as its description.
    beside = page.main.one("div", class_="error")
    assert told in beside.text
    assert beside.text.startswith("Error: ")
    assert any(beside["id"] in each["aria-describedby"].split() for each in page.main.having("aria-describedby"))
    known = {choice["slug"] for choice in questions_of(small_aid())[slug].get("choices", ())}
    for name, values in sent.items():
        for value in [values] if isinstance(values, str) else values:
            shown = page.main.having("value") + page.main.all("textarea")
            kept = [each for each in shown if value.strip() in (each.get("value"), each.raw_text.strip())]
            if value in known:
                assert [each for each in kept if "checked" in each.attrs], f"{name}={value} is lost"
            elif slug not in ("signs", "problem", "matters") and name == "answer" and "\x00" not in value:
                assert kept or not value.strip(), f"{name}={value[:40]} is lost"
    assert slug not in (Response.objects.get().answers if BEFORE[slug] else {})
    assert Response.objects.exists() is bool(BEFORE[slug])


def test_a_refused_answer_leaves_the_earlier_one_as_it_was(at, walker):
    at("age")
    walker.answer("age", "61")
    assert walker.answer("age", "17").status == 422
    assert stored("age") == "61"
    assert walker.get("/q/age/").given == {"answer": ["61"]}


@pytest.mark.parametrize(
    ("slug", "typed", "kept"),
    [
        ("age", " 61 years ", "61"),
        ("age", "61.0", "61"),
        ("age", "18", "18"),
        ("age", "120", "120"),
        ("weight", "1,070.50", "1070.5"),
        ("weight", "", None),
        ("since", "05/06/2024", "2024-05-06"),
        ("since", "2000-01-01", "2000-01-01"),
        ("since", "2030-12-31", "2030-12-31"),
        ("trial-number", "nct 01234567", "NCT01234567"),
        ("trial-number", "https://clinicaltrials.gov/study/NCT01234567?tab=table", "NCT01234567"),
        ("words", "   ", None),
    ],
)
def test_what_people_type_is_understood(slug, typed, kept, at, walker):
    at(slug)
    assert walker.answer(slug, typed).status == 200
    assert slug in stored()
    assert stored(slug) == kept


def test_own_words_come_back_as_typed_and_lie_sealed(at, walker):
    at("words")
    typed = "First line\r\nsecond “line” ünï 漢 🙂 <b> {{ x }}"
    walker.answer("words", typed)
    assert "second" not in str(stored())
    assert set(stored("words")) == {"sealed"}
    assert walker.get("/q/words/").given == {"answer": [typed.replace("\r\n", "\n")]}


def test_the_mark_that_the_token_replaces_cannot_be_typed_since_each_process_has_its_own(at):
    assert len(pages.TOKEN_PLACE) > 30
    assert runpy.run_path(pages.__file__)["TOKEN_PLACE"] != pages.TOKEN_PLACE
    assert pages.TOKEN_PLACE not in at("words").html


# --- Forged, broken and repeated requests


def test_a_field_sent_twice_counts_once_and_unknown_fields_not_at_all(published, walker):
    page = walker.post("/q/signs/", {"answer": ["none", "none"], "problem": "joint", "stored": "x", "instead": "y"})
    assert page.question == "problem"
    assert stored() == {"signs": ["none"]}
    walker.post("/q/problem/", {"answer": ["skin", "joint"]})
    assert stored("problem") == "joint"
    walker.answers("joint-site")
    assert walker.post("/q/age/", {"answer": ["50", "61"]}).question == "weight"
    assert stored("age") == "61"


def test_several_answers_are_kept_in_the_order_of_the_question(at, walker):
    at("matters")
    assert walker.post("/q/matters/", {"answer": ["proof", "pain", "proof", "pain"]}).name == "check"
    assert stored("matters") == ["pain", "proof"]


@pytest.mark.parametrize("slug", ["joint-site", "matters", "check", "no-such-question"])
def test_a_question_out_of_reach_leads_to_the_right_one_and_takes_no_answer(slug, published, walker):
    walker.answers("signs")
    walker.answer("problem", "skin")
    before = stored()
    assert walker.get(f"/q/{slug}/").question == "age"
    page = walker.post(f"/q/{slug}/", {"answer": "knee"})
    assert (page.status, page.name) == (409, "error")
    assert page.main.one("h1").text == "That question is not on your way now"
    assert "/q/age/" in page.links
    assert walker.get("/q/age/").question == "age"
    assert stored() == before


@pytest.mark.parametrize("address", ["/check/", "/result/", "/result.pdf", "/urgent/", "/save/", "/erase/", "/q/age/"])
def test_without_answers_every_way_in_leads_to_the_start(address, published, walker):
    page = walker.get(address)
    assert page.name == "start" or page.question == "signs"


def test_an_answer_to_a_later_question_without_any_before_is_told_so(published, walker):
    page = walker.answer("age", "61")
    assert (page.status, page.name) == (410, "error")
    assert {"/return/", "/"} <= set(page.links)
    assert not Response.objects.exists()


def test_a_body_of_a_megabyte_is_refused_with_a_way_on(at, walker):
    at("words")
    page = walker.answer("words", "w" * 1_000_000)
    assert (page.status, page.name) == (400, "error")
    assert "saved answers are kept" in page.text
    assert "words" not in stored()


def test_a_form_with_a_thousand_fields_is_refused_with_a_way_on(at, walker):
    at("words")
    page = walker.post("/q/words/", {f"field{number}": "x" for number in range(1000)})
    assert (page.status, page.name) == (400, "error")


URLENCODED = "application/x-www-form-urlencoded"
MULTIPART = "multipart/form-data; boundary=b"
PART = b'--b\r\nContent-Disposition: form-data; name="answer"'


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (b"answer=caf\xe9\xff", URLENCODED),
        (b"answer=caf%E9%FF%C0%80", URLENCODED),
        (b"answer=%ED%A0%80", URLENCODED),
        (b"\xff\xfe\x00answer=\x00", URLENCODED),
        (b"answer=words", URLENCODED + "; charset=utf-16"),
        (PART + b"\r\n\r\n\xff\xfe\r\n--b--\r\n", MULTIPART),
        (PART, MULTIPART),
        (b"no boundary", "multipart/form-data"),
        (b'{"answer": "words"}', "application/json"),
        (b"", URLENCODED),
        (b"&&==&;", URLENCODED),
    ],
    ids=lambda value: repr(value)[:40],
)
def test_bytes_that_are_no_form_never_break_a_page(body, content_type, at, walker):
    at("words")
    page = walker.post("/q/words/", body, content_type=content_type)
    assert page.status in (200, 400, 422)
    assert page.name in ("question", "error")
    # Whatever was read is text that can be stored and shown again.
    walker.answer("words", "mine")
    assert walker.get("/q/words/").given == {"answer": ["mine"]}


@pytest.mark.parametrize("slug", ["signs", "problem", "age"])
def test_not_utf_8_is_no_choice_and_no_number(slug, at, walker):
    at(slug)
    assert walker.post(f"/q/{slug}/", b"answer=\xff\xfe", content_type=URLENCODED).status == 422


def test_odd_addresses_are_not_found_and_say_so(published, walker):
    for address in ("/q/%00/", "/q/%FF%FE/", "/q/signs/more/", "/q//", "/no-such/", "/about/no-such/", "/%2e%2e/etc"):
        page = walker.get(address)
        assert (page.status, page.name) == (404, "error")
        assert "/" in page.links
