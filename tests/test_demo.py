"""A demonstration's made-up responses are kept as shared ones are, and its accounts are what they should be."""

from __future__ import annotations

import datetime as dt
import json
from collections import Counter
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command
from django.db import connection
from django.forms.models import model_to_dict

from questionnaire.demo import accounts, filling, names
from questionnaire.demo.rows import COLUMNS
from questionnaire.domain.journey import Journey
from questionnaire.domain.outcome import outcome
from questionnaire.models import (
    AuditEvent,
    FinishedVersion,
    KeptCount,
    Practice,
    Response,
    Review,
    ReviewFlag,
    SearchToken,
    Tally,
)
from questionnaire.services import (
    audit,
    editions,
    inbox,
    kept,
    practices,
    queueing,
    responses,
    reviews,
    search_words,
    sharing,
    trial_review,
)
from questionnaire.services.inbox import Filters
from questionnaire.services.sealing import unsealed
from tests import recount
from tests import sharing as given
from tests.sharing import caller
from tests.staff import groups, physician

pytestmark = pytest.mark.django_db
write = filling._write
PASSWORD = "violet-harbor-92-lamp"
COUNT = 60


def run(monkeypatch, *arguments, count=COUNT, password=PASSWORD):
    monkeypatch.setenv("DEMO_PASSWORD", password)
    call_command("demo", "--responses", str(count), *arguments)


@pytest.fixture
def filled(shipped, monkeypatch):
    """Made-up responses to the shipped aid, some in every state."""
    run(monkeypatch, "--seed", "5")
    assert {each.state for each in Review.objects.all()} == set(Review.State.values)


def stored():
    """Everything about the made-up people that does not depend on sealing."""
    found = []
    for each in Review.objects.order_by("pk").select_related("version"):
        steps = [(entry.kind, entry.text, entry.at) for entry in reviews.entries(each)]
        held = model_to_dict(each, exclude=["identity", "question", "version", "taken_by", "opened_by"])
        answers = each.version.answers if each.version else None
        found.append((each.pk, held, answers, reviews.identity(each), reviews.question(each), steps))
    return found


# --- What is kept of them


def test_each_answered_along_their_path_and_was_told_what_the_edition_says(filled):
    for version in FinishedVersion.objects.all():
        aid, answers = editions.aid_of(version.edition_id), unsealed(version.answers)
        assert Journey(aid, answers, version.facts).complete
        assert outcome(aid, answers, version.facts).to_json() == version.outcome
        assert answers == unsealed(version.response.answers)


def test_each_review_stands_where_the_services_would_put_it(filled):
    for review in Review.objects.exclude(state="withdrawn").select_related("version"):
        fresh = Review(state=review.state, shared_at=review.shared_at, preferred=review.preferred)
        fresh.identity, fresh.question = review.identity, review.question
        assert review.version is not None
        trial_review.apply(fresh, review.version)
        for name in ("flags", "level", "problem", "standing"):
            assert getattr(review, name) == getattr(fresh, name), name
        assert review.queue == queueing.place(queueing.level_of(fresh), review.shared_at)
        assert review.revision == review.entries.count()
        done = [entry.at for entry in reviews.entries(review) if entry.kind == "reviewed"]
        assert review.reviewed_at == (done[0] if done else None)
        who = reviews.identity(review)
        assert who is not None
        found = SearchToken.objects.filter(review=review)
        assert set(found.values_list("token", flat=True)) == search_words.tokens_of(who.name, who.born)
        flags = ReviewFlag.objects.filter(review=review)
        assert sorted(flags.values_list("flag", flat=True)) == sorted(review.flags)
        assert set(found.values_list("queue", flat=True)) == {review.queue}
        stands = tuple(getattr(review, name) for name in recount.STANDS)
        assert set(flags.values_list(*recount.STANDS)) == ({stands} if review.flags else set())


def test_what_is_counted_as_they_are_added_is_what_counting_gives(filled):
    everyone = list(Review.objects.select_related("version"))
    counted = Counter(f"state:{each.state}" for each in everyone)
    counted += Counter(f"level:{queueing.level_of(each)}" for each in everyone)
    assert {each.name: each.count for each in KeptCount.objects.all()} == counted
    tallied: Counter[tuple[dt.date, str, str]] = Counter()
    for each in everyone:
        if each.version is not None:
            pairs = queueing.values_of_version(queueing.read(each.version, each.preferred))
            pairs |= {("flag", flag) for flag in each.flags}
            pairs |= {("standing", each.standing), ("review-time", queueing.review_time(each))}
            tallied.update((kept.week_of(each.shared_at), *pair) for pair in pairs)
    assert {(each.week, each.dimension, each.value): each.count for each in Tally.objects.all()} == tallied


def test_taking_every_one_back_brings_all_that_is_kept_of_them_to_nothing(filled):
    for response in Response.objects.filter(is_shared=True):
        sharing.withdraw(walk=responses.find(response.pk))
    assert kept.counts("state:") == {"withdrawn": COUNT}
    assert set(Tally.objects.values_list("count", flat=True)) == {0}
    assert not SearchToken.objects.exists()
    assert audit.verify().problems == ()


def test_the_access_record_is_whole_and_tells_every_step(filled):
    assert audit.verify().problems == ()
    for review in Review.objects.all():
        kinds = AuditEvent.objects.filter(subject=review.pk).order_by("number").values_list("kind", flat=True)
        steps = [kind.replace("study changed", "study") for kind in kinds if kind != "viewed"]
        assert steps == [entry.kind for entry in reviews.entries(review)]
        assert ("viewed" in kinds) == (review.opened_at is not None)


def test_a_made_up_response_is_stored_as_a_shared_one_is(filled):
    alone = Review.objects.filter(state="new", opened_at=None, version__facts={})
    theirs = alone.select_related("version", "response")[0]
    who = reviews.identity(theirs)
    assert who is not None
    assert theirs.version is not None
    aid, held = editions.aid_of(theirs.version.edition_id), theirs.version.answers
    # PostgreSQL keeps no order of keys.
    answers = {question.slug: held[question.slug] for question in aid.questions if question.slug in held}
    slug, answer = next(iter(answers.items()))
    begun = responses.begin(edition=editions.live(), language="en", slug=slug, answer=answer)
    walk = given.confirmed(begun, answers)
    more = {"preferred": theirs.preferred, "question": reviews.question(theirs), "born": who.born}
    ours = Review.objects.get(pk=given.share(walk, name=who.name, contact=who.contact, **more).pk)
    but = ("identity", "question", "response", "version", "queue", "shared_at", "expires_at")
    assert model_to_dict(theirs, exclude=but) == model_to_dict(ours, exclude=but)
    assert (reviews.identity(theirs), reviews.question(theirs)) == (reviews.identity(ours), reviews.question(ours))
    assert theirs.expires_at - theirs.shared_at == ours.expires_at - ours.shared_at
    assert ours.version is not None
    for name in ("number", "edition_id", "language", "answers", "facts", "outcome"):
        assert getattr(theirs.version, name) == getattr(ours.version, name), name
    assert theirs.response is not None
    for name in ("edition_id", "language", "answers", "acknowledged", "moved_from", "code_hash", "is_shared"):
        assert getattr(theirs.response, name) == getattr(ours.response, name), name
    events = [AuditEvent.objects.get(subject=each.pk) for each in (theirs, ours)]
    assert len({(each.kind, each.actor, each.address, json.dumps(each.detail)) for each in events}) == 1


def test_physicians_can_go_on_with_them(filled):
    dora = User.objects.get(username="demo-physician")
    page = inbox.page(filters=Filters(), user=dora)
    assert [each.queue for each in page.reviews] == sorted(each.queue for each in page.reviews)
    review = reviews.look(by=caller(dora), pk=page.reviews[0].pk)
    reviews.note(by=caller(dora), pk=review.pk, revision=review.revision, text="Seen.")
    who = reviews.identity(review)
    assert who is not None
    found = inbox.page(filters=Filters(), user=dora, search=inbox.search_for(name=who.name, born=who.born))
    assert [each.pk for each in found.reviews] == [review.pk]


def test_most_are_not_urgent_and_names_are_many(filled):
    flagged = ReviewFlag.objects.filter(flag__in=["urgent", "red-flag"]).values("review").distinct().count()
    assert flagged < COUNT / 4
    assert len(set(names.LAST)) > 1000
    assert all(name.isalpha() for name in (*names.FIRST, *names.LAST))


def test_any_aid_can_be_demonstrated(published, monkeypatch):
    run(monkeypatch, count=30)
    for version in FinishedVersion.objects.all():
        assert Journey(editions.aid_of(version.edition_id), unsealed(version.answers)).complete
    assert "Own words" not in json.dumps([version.answers for version in FinishedVersion.objects.all()])
    assert audit.verify().problems == ()


# --- Seeds, portions, adding to what is there


@pytest.mark.parametrize("portion", [filling.PORTION, COUNT])
def test_a_seed_and_a_moment_make_the_same_people(shipped, portion):
    now, people = dt.datetime(2026, 5, 4, 9, 30, tzinfo=dt.UTC), [physician().pk]
    held = []
    for seed in (3, 3, 4):
        filling.fill(responses=COUNT, physicians=people, seed=seed, say=str, now=now, portion=portion)
        held.append([each[1:] for each in stored()])
        for model in (Review, Response):
            model.objects.all().delete()
    strip = [[(held_of | {"response": None}, *rest) for held_of, *rest in each] for each in held]
    assert strip[0] == strip[1]
    assert strip[0] != strip[2]


def test_more_can_be_added(filled, monkeypatch):
    run(monkeypatch, "--seed", "5", count=25)
    assert Review.objects.count() == COUNT + 25
    assert sum(kept.counts("state:").values()) == COUNT + 25
    assert audit.verify().problems == ()


def indexes() -> set[str]:
    with connection.cursor() as cursor:
        tables = [model._meta.db_table for model in COLUMNS]
        return {name for table in tables for name in connection.introspection.get_constraints(cursor, table)}


@pytest.mark.django_db(transaction=True)
def test_indexes_that_are_built_last_or_were_left_out_are_all_there_afterwards(shipped, monkeypatch):
    monkeypatch.setattr(filling, "MANY", 1)
    groups()
    wanted = indexes()
    assert {"walk_problem", "flag_taken_by", "search_token_queue", "audit_event_at"} <= wanted
    seen: list[set[str]] = []

    def look_and_write(batch: Any) -> int:
        seen.append(indexes())
        return write(batch)

    monkeypatch.setattr(filling, "_write", look_and_write)
    run(monkeypatch, count=5)
    assert not {"walk_problem", "flag_taken_by", "search_token_queue", "audit_event_at"} & seen[0]
    assert indexes() == wanted
    with connection.cursor() as cursor:
        cursor.execute("DROP INDEX walk_problem")
    run(monkeypatch, count=5)
    # There is somebody to be looked for by now.
    assert seen[1] == indexes() == wanted


def test_what_patients_shared_is_not_mixed_with_made_up_people_unless_asked_for(published, monkeypatch):
    given.shared()
    with pytest.raises(CommandError, match="--add"):
        run(monkeypatch, count=5)
    assert Review.objects.count() == 1
    assert not User.objects.exists()
    run(monkeypatch, "--add", count=5)
    assert Review.objects.count() == 6


# --- Accounts and the practice


def test_one_account_for_each_role_and_none_can_do_everything(filled, client):
    groups = {each.username: [group.name for group in each.groups.all()] for each in User.objects.all()}
    assert sorted(groups.values()) == [
        ["Administrators"],
        ["Clinical approvers"],
        ["Guidance editors"],
        ["Physicians"],
        ["Physicians"],
    ]
    assert set(groups) == {role.username for role in accounts.ROLES}
    assert not User.objects.filter(is_superuser=True).exists()
    for name in groups:
        assert client.login(username=name, password=PASSWORD), name


def test_a_second_run_gives_the_accounts_its_own_password(filled, monkeypatch, client):
    run(monkeypatch, count=0, password="another-harbor-17-lamp")
    assert User.objects.count() == len(accounts.ROLES)
    assert client.login(username="demo-physician", password="another-harbor-17-lamp")
    assert not client.login(username="demo-physician", password=PASSWORD)


@pytest.mark.parametrize(
    ("password", "told"),
    [("", "Set DEMO_PASSWORD"), ("short", "too short"), ("password1234", "too common"), ("demo-editor", "similar")],
)
def test_a_missing_or_weak_password_is_refused_and_nothing_is_made(shipped, monkeypatch, password, told):
    with pytest.raises(CommandError, match=told):
        run(monkeypatch, password=password)
    assert not User.objects.exists()
    assert not Review.objects.exists()


def test_nothing_published_is_told_and_nothing_is_made(db, monkeypatch):
    with pytest.raises(CommandError, match="publish_shipped_aid"):
        run(monkeypatch)
    assert not User.objects.exists()


@pytest.mark.parametrize("count", ["-1", "10000001"])
def test_a_number_out_of_bounds_is_refused(shipped, monkeypatch, count):
    with pytest.raises(CommandError, match="from 0 to"):
        run(monkeypatch, count=count)


def test_the_practice_gets_a_made_up_name_and_pages_still_say_demonstration(filled):
    practice = practices.current()
    assert "made up" in practice.name
    assert set(practice.missing) == {"funding", "interests"}


def test_a_practice_that_is_filled_in_stays_as_it_is(shipped, monkeypatch):
    Practice.objects.create(pk=1, name="Hill Clinic")
    run(monkeypatch, count=1)
    assert practices.current().name == "Hill Clinic"
