"""Editions: one is live, what was published never changes, and people in mid-journey are taken along."""

from __future__ import annotations

import threading

import pytest
from django.db import IntegrityError, transaction

from questionnaire.domain.reading import RULES, Refused
from questionnaire.models import Edition, Response
from questionnaire.services import editions, opening, publishing, responses
from tests import staff, web
from tests.database import tamper
from tests.web import ANSWERS, Walker, at_once, questions_of, small_aid

pytestmark = pytest.mark.django_db

Status = Edition.Status


def statuses():
    return dict(Edition.objects.values_list("number", "status"))


# --- Drafts and publishing


def test_publishing_supersedes_the_edition_before_and_dates_the_new_one(published):
    second = web.publish(small_aid(web.with_new_question), note=" A question more. ", safety_change=True)
    assert statuses() == {1: Status.SUPERSEDED, 2: Status.PUBLISHED}
    assert editions.live().pk == second.pk
    second.refresh_from_db()
    assert (second.change_note, second.safety_change) == ("A question more.", True)
    assert second.published_at is not None
    assert [each.number for each in editions.change_log("exosomes")] == [2, 1]


def test_a_publishing_that_fails_midway_leaves_the_old_edition_live(published, monkeypatch):
    draft = opening.open_document(by=None, document=small_aid())

    def fail(self, *args, **kwargs):
        raise RuntimeError

    monkeypatch.setattr(Edition, "save", fail)
    with pytest.raises(RuntimeError):
        publishing.put_live(draft=draft, change_note="x")
    assert statuses() == {1: Status.PUBLISHED, 2: Status.DRAFT}


@pytest.mark.parametrize(
    ("status", "second"),
    [
        (Status.PUBLISHED, Status.PUBLISHED),
        (Status.DRAFT, Status.DRAFT),
        (Status.DRAFT, Status.IN_REVIEW),
    ],
)
def test_the_database_itself_allows_one_published_edition_and_one_open_draft(status, second, db):
    first = make(1, status)
    with pytest.raises(IntegrityError), transaction.atomic():
        make(2, second)
    assert make(3, second, aid="another")
    assert list(Edition.objects.filter(aid="exosomes")) == [first]


def make(number, status, aid="exosomes"):
    date = "2026-01-01T00:00Z" if status in (Status.PUBLISHED, Status.SUPERSEDED) else None
    return Edition.objects.create(
        aid=aid, number=number, status=status, document="{}", content_hash="", published_at=date
    )


@pytest.mark.parametrize("status", [Status.PUBLISHED, Status.SUPERSEDED])
def test_the_database_itself_wants_a_date_with_what_was_published_and_only_there(status, db):
    with pytest.raises(IntegrityError), transaction.atomic():
        Edition.objects.create(aid="x", number=1, status=status, document="{}", content_hash="")
    with pytest.raises(IntegrityError), transaction.atomic():
        Edition.objects.create(aid="x", number=1, document="{}", content_hash="", published_at="2026-01-01T00:00Z")


def test_an_edition_number_is_given_once(published):
    with pytest.raises(IntegrityError), transaction.atomic():
        make(1, Status.DRAFT)


def test_one_draft_is_open_at_a_time(published):
    draft = opening.open_document(by=None, document=small_aid())
    assert (draft.number, draft.status) == (2, Status.DRAFT)
    with pytest.raises(opening.DraftOpen):
        opening.open_document(by=None, document=small_aid())
    Edition.objects.filter(pk=draft.pk).update(status=Status.IN_REVIEW)
    with pytest.raises(opening.DraftOpen):
        opening.open_document(by=None, document=small_aid())


def test_content_that_does_not_hold_together_becomes_no_draft(db):
    def loop(document):
        questions_of(document)["problem"]["when"] = web.when("joint-site", is_="knee")

    with pytest.raises(Refused) as refused:
        opening.open_document(by=None, document=small_aid(loop))
    assert "a loop" in str(refused.value)
    assert not Edition.objects.exists()


def test_what_is_not_a_draft_or_says_no_change_cannot_be_published(published):
    with pytest.raises(publishing.NotPublishable, match="published already"):
        publishing.put_live(draft=published, change_note="Again.")
    draft = opening.open_document(by=None, document=small_aid())
    with pytest.raises(publishing.NotPublishable, match="what changed"):
        publishing.put_live(draft=draft, change_note="  ")
    publishing.put_live(draft=draft, change_note="Once.")
    with pytest.raises(publishing.NotPublishable):
        publishing.put_live(draft=draft, change_note="Twice.")
    published.refresh_from_db()
    with pytest.raises(publishing.NotPublishable, match="superseded already"):
        publishing.put_live(draft=published, change_note="Back.")


def test_a_draft_that_was_broken_behind_our_back_is_not_published(published):
    draft = opening.open_document(by=None, document=small_aid())
    Edition.objects.filter(pk=draft.pk).update(document=draft.document.replace("knee", "nose"))
    with pytest.raises(editions.Tampered):
        publishing.put_live(draft=draft, change_note="x")
    assert statuses()[1] == Status.PUBLISHED


def test_an_aid_is_never_read_from_a_draft(published):
    draft = opening.open_document(by=None, document=small_aid())
    with pytest.raises(Edition.DoesNotExist):
        editions.aid_of(draft.pk)
    publishing.put_live(draft=draft, change_note="x")
    assert editions.aid_of(draft.pk).slug == "exosomes"
    assert editions.aid_of(published.pk).slug == "exosomes"


def test_an_edition_that_was_changed_behind_our_back_is_not_shown(published, cold):
    tamper(published, published.document.replace("Title of not-approved", "Title of approved"))
    with pytest.raises(editions.Tampered):
        editions.aid_of(published.pk)


def test_without_a_published_edition_there_is_none_live(db):
    opening.open_document(by=None, document=small_aid())
    with pytest.raises(editions.NoEdition):
        editions.live()


def test_content_comes_back_as_it_went_in(published):
    document = small_aid()
    assert editions.document_of(published) == document
    assert list(editions.document_of(published)) == list(document)


# --- People in mid-journey


def renamed(document):
    for raw in questions_of(document).values():
        raw["text"] = web.text("New words?")


def test_after_an_ordinary_change_a_person_finishes_on_the_edition_they_began_on(published, walker):
    walker.answers("signs", "problem")
    web.publish(small_aid(renamed))
    assert walker.get("/q/joint-site/").main.one("h1").text == "What of joint-site?"
    assert Walker().get("/q/signs/").main.one("h1").text == "New words?"
    walker.answers("joint-site", "age", "weight", "since", "trial-number", "words", "matters")
    page = walker.finish()
    assert page.name == "result"
    assert page.main["data-edition"] == "1"
    assert Response.objects.get().moved_from is None


def test_after_a_safety_change_answers_are_kept_and_only_what_is_new_is_asked_and_why_is_told(published, walker):
    before = walker.answers()
    assert before.name == "check"
    web.publish(small_aid(web.with_new_question), safety_change=True)
    page = walker.get("/check/")
    assert page.question == "new-one"
    assert page.main.one(role="status").text == "Our guidance changed for safety."
    answers = Response.objects.get().answers
    assert set(answers) == set(ANSWERS)
    assert not walker.get("/q/problem/").main.all(role="status")
    assert walker.answer("new-one", "yes").name == "check"
    page = walker.finish()
    assert page.main["data-edition"] == "2"
    assert Response.objects.get().answers == answers | {"new-one": "yes"}
    assert Response.objects.get().moved_from == 1


def test_a_safety_change_between_showing_a_question_and_sending_it_loses_nothing(published, walker):
    walker.answers("signs", "problem", "joint-site")
    web.publish(small_aid(web.with_new_question), safety_change=True)
    page = walker.answer("age", "61")
    assert page.status == 409
    assert "/q/new-one/" in page.links
    assert walker.answer("new-one", "no").question == "age"


def test_a_safety_change_reaches_people_over_a_later_ordinary_one(published, walker):
    walker.answers()
    web.publish(small_aid(web.with_new_question), safety_change=True)
    web.publish(small_aid(web.with_new_question))
    assert walker.get("/check/").question == "new-one"
    assert Response.objects.get().edition.number == 3
    web.publish(small_aid())
    assert walker.get("/q/new-one/").question == "new-one"
    assert Response.objects.get().edition.number == 3


def test_a_safety_change_before_somebody_began_does_not_concern_them(published, walker):
    web.publish(small_aid(), safety_change=True)
    walker.answers("signs")
    web.publish(small_aid())
    walker.get("/q/problem/")
    assert Response.objects.get().edition.number == 2
    assert Response.objects.get().moved_from is None


def test_a_choice_that_a_safety_change_removed_is_asked_again(published, walker):
    walker.answers()

    def without_knee(document):
        raw = questions_of(document)["joint-site"]
        raw["choices"] = [web.choice("shoulder"), web.choice("hip")]
        document["guidance/all.yaml"] = [
            each for each in document["guidance/all.yaml"] if each["slug"] != "knee-caution"
        ]
        document["meaning.yaml"][0]["sentences"].pop(0)

    web.publish(small_aid(without_knee), safety_change=True)
    page = walker.get("/check/")
    assert page.question == "joint-site"
    assert page.given == {}
    assert Response.objects.get().answers["joint-site"] == "knee"
    assert walker.answer("joint-site", "shoulder").name == "check"


def test_a_question_that_a_safety_change_removed_leaves_its_answer_aside(published, walker):
    walker.answers()

    def without_joints(document):
        section = document["questions.yaml"][0]
        section["questions"] = [raw for raw in section["questions"] if raw["slug"] != "joint-site"]
        document["guidance/all.yaml"] = [
            each for each in document["guidance/all.yaml"] if each["slug"] != "knee-caution"
        ]
        document["meaning.yaml"][0]["sentences"].pop(0)

    web.publish(small_aid(without_joints), safety_change=True)
    assert walker.get("/check/").name == "check"
    assert walker.finish().name == "result"
    assert Response.objects.get().answers["joint-site"] == "knee"


def test_a_new_urgent_rule_stops_a_person_in_mid_journey(published, walker):
    walker.answers()

    def knees_are_urgent(document):
        document["guidance/all.yaml"].append(
            web.item("urgent-knee", "urgent", now="same-day", when=web.when("joint-site", is_="knee"))
        )

    web.publish(small_aid(knees_are_urgent), safety_change=True)
    page = walker.get("/check/")
    assert page.name == "urgent"
    assert list(page.guidance) == ["urgent-knee"]


def test_a_finished_version_stays_on_its_edition_after_a_safety_change(published, walker):
    walker.to_the_end()
    web.publish(small_aid(web.with_new_question), safety_change=True)
    page = walker.get("/result/")
    assert page.main["data-edition"] == "1"
    assert "Our guidance has changed for safety since this was made" in page.text
    assert "/q/new-one/" in page.links


def test_coming_back_by_code_after_a_safety_change_asks_what_is_new(published, walker):
    walker.to_the_end()
    code = walker.post("/save/").main.one("p", class_="code").text
    web.publish(small_aid(web.with_new_question), safety_change=True)
    page = Walker().post("/return/", {"code": code})
    assert page.question == "new-one"
    assert page.main.one(role="status").text == "Our guidance changed for safety."


@pytest.mark.django_db(transaction=True)
def test_publishing_while_patients_answer_loses_no_answer(published):
    people = [Walker() for _ in range(4)]
    for person in people:
        person.answers("signs", "problem", "joint-site")
    rest = [slug for slug in ANSWERS if slug not in ("signs", "problem", "joint-site")]
    done = threading.Event()

    def walk(person):
        seen = set()
        page = person.get("/q/age/")
        while page.name != "check":
            if page.status == 409:
                page = person.get(next(link for link in page.links if link.startswith("/q/")))
            slug = page.question
            page = person.answer(slug, ANSWERS.get(slug, "yes"))
            seen.add(slug)
            assert len(seen) <= len(rest) + 1
        done.wait(30)
        page = person.get("/check/")
        return page.question or person.finish().main["data-edition"]

    def release():
        web.publish(small_aid(web.with_new_question), safety_change=True)
        done.set()

    told = at_once(*[lambda person=person: walk(person) for person in people], release)[:-1]
    assert set(told) <= {"2", "new-one"}
    for response in Response.objects.all():
        assert set(ANSWERS) <= set(response.answers)
        assert response.answers["age"] == "61"
        assert response.edition.number == 2
    assert statuses() == {1: Status.SUPERSEDED, 2: Status.PUBLISHED}


@pytest.mark.django_db(transaction=True)
def test_publishing_a_draft_twice_at_the_same_moment_publishes_it_once(published):
    draft = opening.open_document(by=None, document=small_aid())

    def publish():
        try:
            publishing.put_live(draft=Edition.objects.get(pk=draft.pk), change_note="x")
        except publishing.NotPublishable:
            return "refused"
        return "published"

    assert sorted(at_once(publish, publish, publish)) == ["published", "refused", "refused"]
    assert statuses() == {1: Status.SUPERSEDED, 2: Status.PUBLISHED}


@pytest.mark.django_db(transaction=True)
def test_two_requests_that_find_a_safety_change_move_a_response_once(published, walker):
    walker.answers()
    web.publish(small_aid(web.with_new_question), safety_change=True)
    pk = Response.objects.get().pk
    before = Response.objects.get().revision
    editions.aid_of(editions.live().pk)
    walks = at_once(*[lambda: responses.find(pk).journey.path[-1].slug] * 4)
    assert walks == ["new-one"] * 4
    moved = Response.objects.get()
    assert (moved.edition.number, moved.moved_from) == (2, 1)
    assert before < moved.revision <= before + 4


def test_an_older_programs_edition_is_still_read_and_a_draft_of_it_gets_what_is_new(db, shipped_document, client):
    """As after an upgrade: it lacks a fixed text and the files that only newer programs know."""
    old = {name: held for name, held in shipped_document.items() if name not in RULES}
    notes = {slug: text for slug, text in old["aid.yaml"]["notes"].items() if slug != "overdue-options"}
    old["aid.yaml"] = {**old["aid.yaml"], "notes": notes}
    text = editions.text_of(old)
    edition = Edition.objects.create(
        aid="exosomes",
        number=1,
        status=Status.PUBLISHED,
        document=text,
        content_hash=editions.hash_of(text),
        published_at="2026-01-01T00:00Z",
    )
    editions.aid_of.cache_clear()
    assert client.get("/").status_code == 200
    assert client.get("/readyz").status_code == 200
    draft = opening.open_from(by=staff.editor(), edition=edition)
    completed = editions.document_of(draft)
    assert {file: completed[file] for file in RULES} == {file: shipped_document[file] for file in RULES}
    assert completed["aid.yaml"]["notes"].keys() == shipped_document["aid.yaml"]["notes"].keys()
    assert {name: held for name, held in completed.items() if name in old and name != "aid.yaml"} == {
        name: held for name, held in old.items() if name != "aid.yaml"
    }
