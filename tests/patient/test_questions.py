"""One question a page: how it is asked, what is refused and how, and that nothing typed is ever lost."""

from __future__ import annotations

import runpy

import pytest
from django.test import Client

from questionnaire.models import Response
from questionnaire.patient import pages
from tests.web import ANSWERS, Page, Walker, questions_of, small_aid

pytestmark = pytest.mark.django_db

BEFORE = {slug: list(ANSWERS)[:place] for place, slug in enumerate(ANSWERS)}


def stored(slug=None):
    """The one response's answers, or one of them."""
    answers = Response.objects.get().answers
    return answers if slug is None else answers.get(slug)


@pytest.fixture
def at(published, walker):
    """Answer everything that comes before a question, and show it."""

    def at(slug):
        if BEFORE[slug]:
            walker.answers(*BEFORE[slug])
        page = walker.get(f"/q/{slug}/")
        assert page.question == slug
        return page

    return at


# --- How a question is asked


@pytest.mark.parametrize("slug", ANSWERS)
def test_a_question_page_is_one_plain_form_under_the_question(slug, at, walker):
    page = at(slug)
    assert page.status == 200
    assert page.name == "question"
    assert page.main.one("form", method="post").get("action") is None
    assert "novalidate" in page.main.one("form").attrs
    heading = page.root.one("h1")
    assert heading.text == f"What of {slug}?"
    assert heading.within("legend") or heading.all("label")
    assert page.title.startswith(f"What of {slug}? – ")
    assert [button.text for button in page.main.all("button")][0] == "Continue"
    assert not page.root.having("required")
    assert not page.root.all("script")


@pytest.mark.parametrize("slug", ANSWERS)
def test_the_way_back_stands_before_main_and_leads_to_the_question_before(slug, at):
    page = at(slug)
    back = page.root.one("nav", class_="back").one("a")
    assert not back.within("main")
    assert page.html.index('class="back"') < page.html.index("<main")
    assert back["href"] == (f"/q/{BEFORE[slug][-1]}/" if BEFORE[slug] else "/")


@pytest.mark.parametrize("slug", ANSWERS)
def test_no_answer_is_chosen_beforehand_and_a_given_one_is_shown_on_return(slug, at, walker):
    assert at(slug).given == {}
    walker.answer(slug, ANSWERS[slug])
    given = {"age": "61", "trial-number": "NCT01234567"}.get(slug, ANSWERS[slug])
    expected = {"answer": given if isinstance(given, list) else [given]} if given else {}
    assert walker.get(f"/q/{slug}/").given == expected


def test_each_input_has_a_label_and_its_hint_is_read_with_it(at):
    page = at("signs")
    for field in page.main.all("input", type="checkbox"):
        assert page.main.one("label", for_=field["id"]).text
    assert page.main.one("fieldset")["aria-describedby"] in page.ids
    assert page.main.one(id=page.main.one("fieldset")["aria-describedby"]).text == "We ask this first."


def test_a_choice_in_place_of_typing_is_shown_on_return(at, walker):
    at("trial-number")
    walker.answer("trial-number", {"choice": "no-number"})
    assert stored("trial-number") == {"choice": "no-number"}
    assert walker.get("/q/trial-number/").given == {"instead": ["no-number"]}


def test_start_leads_to_the_first_question_and_later_to_where_the_person_stopped(published, walker):
    page = walker.get("/")
    assert page.name == "start"
    start = next(link for link in page.main.all("a") if link.text == "Start")
    assert start["href"] == "/q/signs/"
    assert not Response.objects.exists()
    walker.answers("signs", "problem")
    assert "/q/joint-site/" in walker.get("/").links


def test_a_response_begins_with_the_first_answer_and_not_before(published, walker):
    walker.get("/q/signs/")
    assert not Response.objects.exists()
    assert "response" not in walker.client.cookies
    walker.answers("signs")
    assert stored() == {"signs": ["none"]}
    cookie = walker.client.cookies["response"]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    assert "none" not in cookie.value


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


# --- Tokens against forged requests


@pytest.fixture
def strict(published):
    """A person whose browser's tokens are looked at."""
    return Walker(Client(enforce_csrf_checks=True))


def send(walker, page, slug, **fields):
    token = page.sent()["csrfmiddlewaretoken"][0]
    return walker.post(f"/q/{slug}/", {"csrfmiddlewaretoken": token, **fields})


@pytest.mark.parametrize("token", [None, "", "stale" * 13, "a" * 64], ids=["none", "empty", "wrong length", "stale"])
@pytest.mark.parametrize(
    ("slug", "sent"), [("signs", {"answer": ["fever"]}), ("problem", {"answer": ["skin"]})], ids=["first", "later"]
)
def test_a_page_sent_with_a_stale_token_comes_back_with_what_was_typed_and_then_works(token, slug, sent, strict):
    page = strict.get("/q/signs/")
    if slug != "signs":
        page = send(strict, page, "signs", answer="none")
    before = list(Response.objects.values_list("answers", flat=True))
    page = strict.post(f"/q/{slug}/", sent | ({} if token is None else {"csrfmiddlewaretoken": token}))
    assert page.status == 403
    assert page.question == slug
    assert page.given == sent
    assert page.title.startswith("Error: ")
    assert "Your answer is still here" in page.alert.text
    assert all(link["href"].removeprefix("#") in page.ids for link in page.alert.all("a"))
    assert list(Response.objects.values_list("answers", flat=True)) == before
    send(strict, page, slug, **sent)
    assert stored(slug) == (sent["answer"] if slug == "signs" else sent["answer"][0])


def test_typed_words_come_back_from_a_stale_page_too(strict):
    page = strict.get("/q/signs/")
    for slug in ANSWERS:
        if slug == "words":
            break
        page = send(strict, page, slug, answer=ANSWERS[slug])
    typed = "A long\nstory <b>& more"
    refused = strict.post("/q/words/", {"answer": typed})
    assert refused.status == 403
    assert refused.given == {"answer": [typed]}
    assert send(strict, refused, "words", answer=typed).question == "matters"


def test_a_browser_that_takes_no_cookies_is_told_to_allow_them(published):
    page = Page(Client(enforce_csrf_checks=True).post("/q/signs/", {"answer": "none"}))
    assert page.status == 403
    assert "allow cookies" in page.text
    assert page.given == {"answer": ["none"]}
    assert not Response.objects.exists()


@pytest.mark.parametrize("address", ["/check/", "/urgent/", "/save/", "/erase/", "/return/"])
def test_every_other_form_refuses_a_missing_token_and_leads_back_to_itself(address, strict):
    page = send(strict, strict.get("/q/signs/"), "signs", answer="fever")
    answers = stored()
    page = strict.post(address)
    assert page.status == 403
    assert address in page.links or page.name == "return"
    assert stored() == answers
    assert Response.objects.get().code_hash is None


def test_a_code_typed_into_a_stale_page_comes_back(strict):
    page = strict.post("/return/", {"code": "ACDEF-GHJKM-NPQRT"})
    assert (page.status, page.name) == (403, "return")
    assert page.given == {"code": ["ACDEF-GHJKM-NPQRT"]}
    assert page.alert.all("a")


def test_a_page_from_another_site_changes_nothing(published):
    client = Client(enforce_csrf_checks=True)
    walker = Walker(client)
    page = send(walker, walker.get("/q/signs/"), "signs", answer="none")
    token = page.sent()["csrfmiddlewaretoken"][0]
    refused = walker.post(
        "/q/problem/", {"answer": "skin", "csrfmiddlewaretoken": token}, headers={"Origin": "https://evil.example"}
    )
    assert refused.status == 403
    assert stored() == {"signs": ["none"]}


# --- Going back, changing, stopping


def test_a_double_submit_is_one_answer(published, walker):
    walker.answers("signs")
    first = walker.answer("problem", "joint")
    second = walker.answer("problem", "joint")
    assert first.question == second.question == "joint-site"
    assert Response.objects.count() == 1
    assert stored() == {"signs": ["none"], "problem": "joint"}


def test_a_changed_answer_closes_questions_and_keeps_their_answers_aside(published, walker):
    walker.answers()
    walker.answer("problem", "skin")
    page = walker.get("/check/")
    assert page.name == "check"
    assert stored("joint-site") == "knee"
    counted = page.main.one("section", class_="parked")
    assert "Short joint-site" in counted.text
    changes = [link["href"] for link in page.main.all("a") if link.text.startswith("Change")]
    assert changes == [f"/q/{slug}/" for slug in ANSWERS if slug != "joint-site"]
    assert "The choice knee" not in page.text
    guidance = walker.finish().guidance
    assert "knee-caution" not in guidance
    assert "skin-caution" in guidance


def test_a_changed_answer_opens_questions_again_with_their_answers_still_there(published, walker):
    walker.answers()
    walker.answer("problem", "skin")
    assert walker.answer("problem", "joint").name == "check"
    page = walker.get("/check/")
    assert not page.main.all("section", class_="parked")
    assert "knee-caution" in walker.finish().guidance


def test_a_question_that_a_change_opens_is_asked_before_the_check(published, walker):
    walker.answers("signs")
    walker.answer("problem", "skin")
    walker.answers("age", "weight", "since", "trial-number", "words", "matters")
    assert walker.answer("problem", "joint").question == "joint-site"
    assert walker.get("/check/").question == "joint-site"
    assert walker.answers("joint-site").name == "check"


def test_the_check_page_shows_each_answer_in_the_persons_words(published, walker):
    page = walker.answers()
    rows = {term.text: term.parent.one("dd", class_="change") for term in page.main.all("dt")}
    assert list(rows) == [f"Short {slug}" for slug in ANSWERS]
    for slug, change in zip(ANSWERS, rows.values(), strict=True):
        link = change.one("a")
        assert link["href"] == f"/q/{slug}/"
        assert link.text == f"Change: Short {slug}"
    for words in (
        "No, I have none of these",
        "61 years",
        "May 6, 2024",
        "NCT01234567",
        "My own words.",
        "Not answered",
    ):
        assert words in page.text


def test_stopping_keeps_the_answer_first_and_leads_to_the_code(published, walker):
    walker.answers("signs")
    page = walker.answer("problem", "skin", then="save")
    assert page.name == "saved"
    assert stored("problem") == "skin"
    assert walker.post("/q/age/", {"then": "save"}).name == "saved"
    assert walker.post("/q/age/", {"then": "save", "answer": "17"}).status == 422


def test_an_urgent_answer_goes_before_the_wish_to_stop(published, walker):
    assert walker.answer("signs", "breathing", then="save").name == "urgent"


def test_each_answer_keeps_the_cookie_as_long_as_the_answers(published, walker, settings):
    walker.answers("signs")
    del walker.client.cookies["response"]["max-age"]
    reply = walker.client.post("/q/problem/", {"answer": "skin"})
    assert reply.cookies["response"]["max-age"] == settings.RETENTION_DAYS * 24 * 3600


# --- Methods


@pytest.mark.parametrize("address", ["/", "/about/", "/about/sources/", "/about/words/", "/result/", "/result.pdf"])
def test_pages_to_read_take_no_post(address, published, client):
    assert client.post(address).status_code == 405


@pytest.mark.parametrize("method", ["put", "patch", "delete", "options"])
def test_forms_take_get_head_and_post_only(method, published, client):
    for address in ("/q/signs/", "/check/", "/urgent/", "/save/", "/return/", "/erase/"):
        assert getattr(client, method)(address).status_code == 405
        assert client.head(address).status_code in (200, 302)
