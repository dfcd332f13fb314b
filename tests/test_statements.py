"""How often a page asks the database: a question page at most twice, an answer at most three times."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from questionnaire.domain.journey import Journey
from questionnaire.domain.questions import Answer, Question
from questionnaire.models import Edition, Response
from questionnaire.patient.questions import where_next
from questionnaire.services import editions, practices, responses
from tests import web
from tests.web import Page, Walker

# Without a test's own transaction around it, so that BEGIN, COMMIT and savepoints are seen as a patient's are.
pytestmark = pytest.mark.django_db(transaction=True)

TYPED = {"number": "61", "date": "2024-05-06", "text": "My own words.", "trial-number": "NCT01234567"}


def statements(act):
    """What this asks the database on a warm process: one that has shown this edition before."""
    editions.aid_of(editions.live().pk)
    practices.is_demonstration()
    with CaptureQueriesContext(connection) as captured:
        reply = act()
    return reply, [each["sql"] for each in captured.captured_queries]


def check_counts(client: Client, slug: str, sent: dict[str, Any]) -> None:
    reply, asked = statements(lambda: client.get(f"/q/{slug}/"))
    page = Page(reply)
    assert page.question == slug, slug
    assert len(asked) <= 2, (slug, asked)
    reply, written = statements(lambda: client.post(f"/q/{slug}/", sent))
    assert reply.status_code == 302, (slug, Page(reply).text)
    assert len(written) <= 3, (slug, written)
    assert not [sql for sql in asked + written if '"document"' in sql], slug
    assert any(sql.startswith(("INSERT", "UPDATE")) for sql in written), written


def fields(answer: Answer) -> dict[str, Any]:
    return {"instead": answer["choice"]} if isinstance(answer, dict) else {"answer": answer}


def ways_to_answer(question: Question) -> list[Answer]:
    if question.kind in TYPED:
        return [TYPED[question.kind]]
    slugs = [choice.slug for choice in question.choices]
    return [[slug] for slug in slugs] if question.kind == "many" else list(slugs)


def answers_that_reach(aid: Any, wanted: str) -> dict[str, Answer]:
    """Answers on the way to this question, found by trying for every question before it each way to answer."""
    order = [question.slug for question in aid.questions]
    found: dict[str, Answer] = {}
    # The conditions behind it, and theirs: only those questions need to be tried.
    needed: set[str] = set()
    todo = [wanted]
    while todo:
        when = aid.question[todo.pop()].when
        new = {slug for slug in (when.reads() if when else ()) if slug in aid.question} - needed
        needed |= new
        todo.extend(new)

    def search(place: int) -> bool:
        slug = order[place]
        journey = Journey(aid, found)
        if slug == wanted:
            return journey.open is not None and journey.open.slug == wanted
        if journey.open is None or journey.open.slug != slug:
            return search(place + 1)
        ways = ways_to_answer(aid.question[slug])
        for answer in ways if slug in needed else ways[-1:]:
            found[slug] = answer
            if search(place + 1):
                return True
            del found[slug]
        return False

    assert search(0), f"no answers lead to {wanted}"
    return found


def test_every_question_of_the_shipped_aid_is_shown_and_answered_in_few_statements(shipped, cold):
    live = editions.live()
    aid = editions.aid_of(live.pk)
    for question in aid.questions:
        client = Client()
        answers = answers_that_reach(aid, question.slug)
        for slug, answer in answers.items():
            assert client.post(f"/q/{slug}/", fields(answer)).status_code == 302
        if answers:
            client.post("/urgent/")
            assert where_next(responses.walk_of(Response.objects.latest("created_at"))) == f"/q/{question.slug}/"
        check_counts(client, question.slug, fields(ways_to_answer(question)[-1]))


@pytest.mark.parametrize("slug", web.ANSWERS)
def test_every_kind_of_question_is_shown_and_answered_in_few_statements(slug, published, walker):
    before = list(web.ANSWERS)[: list(web.ANSWERS).index(slug)]
    if before:
        walker.answers(*before)
    check_counts(walker.client, slug, {"answer": web.ANSWERS[slug]})
    # The same on the way back, with an answer there already.
    check_counts(walker.client, slug, {"answer": web.ANSWERS[slug]})


def test_a_refused_answer_costs_no_more(published, walker):
    walker.answers("signs", "problem", "joint-site")
    reply, asked = statements(lambda: walker.client.post("/q/age/", {"answer": "17"}))
    assert reply.status_code == 422
    assert len(asked) <= 3


def test_the_aid_is_read_from_the_database_once_for_all_pages(published, cold):
    with CaptureQueriesContext(connection) as captured:
        for _ in range(2):
            Walker(Client()).to_the_end()
    assert len([each for each in captured.captured_queries if '"document"' in each["sql"]]) == 1


def test_after_a_safety_change_the_next_pages_are_as_cheap_as_before(published, walker):
    walker.answers()
    web.publish(web.small_aid(web.with_new_question), safety_change=True)
    assert walker.get("/check/").question == "new-one"
    check_counts(walker.client, "new-one", {"answer": "yes"})
    assert Edition.objects.count() == 2


def test_nothing_is_held_open_after_a_request(published, walker):
    walker.to_the_end()
    for address in ("/", "/q/age/", "/check/", "/result/"):
        walker.get(address)
        assert not connection.in_atomic_block
        assert connection.get_autocommit()
