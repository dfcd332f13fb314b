"""What the dashboard counts: from tallies alone, in the words of the editions, and nothing that points at somebody."""

from __future__ import annotations

import datetime as dt
import random
from itertools import pairwise

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from questionnaire.models import AuditEvent, Tally
from questionnaire.services import kept, queueing, reviews, sharing, statistics
from questionnaire.services import responses as services
from questionnaire.services.statistics import PERIODS
from tests import sharing as given
from tests import web
from tests.domain.test_small_counts import worked_out
from tests.sharing import caller
from tests.staff import physician

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("published")]


def tally(count, weeks_ago=0, **values):
    """So many responses of that week with these values, hyphens as underscores; `all` goes without saying."""
    monday = kept.week_of(timezone.now()) - dt.timedelta(weeks=weeks_ago)
    for dimension, value in {"all": "all", **values}.items():
        row, _ = Tally.objects.get_or_create(week=monday, dimension=dimension.replace("_", "-"), value=value)
        row.count += count
        row.save()


def look(weeks=26):
    return statistics.look(by=caller(physician()), weeks=weeks)


def chart(slug, weeks=26):
    return next(each for each in look(weeks).charts if each.slug == slug)


def told(slug, weeks=26):
    """Names with counts; the count is None where it is hidden."""
    return {row.name: row.count for row in chart(slug, weeks).rows}


def shared(count, **changes):
    return [given.shared(name=f"Person {number}", **changes) for number in range(count)]


def test_what_is_shared_is_counted_by_all_it_tells():
    found = shared(6)
    shared(7, problem="skin", signs=["fever"])
    for review in found:
        reviews.mark_reviewed(by=caller(physician()), pk=review.pk, revision=review.revision)
    board = look()
    assert (board.total, board.empty, board.few) == (13, False, False)
    assert [(week.count, week.monday) for week in board.series] == [(13, kept.week_of(timezone.now()))]
    assert told("problem") == {"The choice joint": 6, "The choice skin": 7, "The choice not-sure": 0}
    assert told("offer/signs")["The choice fever"] == 7
    assert chart("offer/signs").question == "Short signs"
    assert told("standing") == {"No number": 13, "A number": 0}
    assert told("price")["The choice pain"] == 13
    assert told("flag") == {"Urgent": 0, "Red flag": 7, "Skin": 7, "Contraindicated": 0}
    assert told("review-time")["under-1-day"] == 6
    assert told("caution") == {"Title of not-approved.": 13, "Title of skin-caution.": 7, "Title of knee-caution.": 6}


def test_the_same_choice_of_two_questions_is_counted_apart_and_words_that_were_typed_never(published):
    def change(document):
        document["triage.yaml"]["offer"] = ["signs", "problem", "words"]

    web.publish(web.small_aid(change))
    shared(6, signs=["not-sure"], problem="not-sure")
    assert told("offer/signs")["I am not sure"] == 6
    assert told("offer/problem")["The choice not-sure"] == 6
    assert not Tally.objects.filter(value__contains="own words").exists()


def test_an_answer_that_is_off_the_path_is_not_counted(published):
    def change(document):
        document["triage.yaml"]["offer"] = ["joint-site"]

    web.publish(web.small_aid(change))
    for _ in range(6):
        walk = given.finished()
        given.share(given.confirmed(walk, given.ANSWERS | {"problem": "skin"}))
    assert told("offer/joint-site") == {"The choice knee": 0, "The choice hip": 0}


def test_what_is_withdrawn_is_counted_no_more():
    review = shared(6)[0]
    sharing.withdraw(walk=services.find(str(review.response_id)))
    assert look().total == 5


def test_few_are_not_shown_at_all_and_none_is_none():
    assert look().empty
    shared(4)
    board = look()
    assert (board.few, board.empty, board.total, board.series, board.charts) == (True, False, None, (), ())


def test_a_small_count_is_hidden_and_does_not_follow_from_the_total():
    tally(20, problem="joint")
    tally(9, problem="skin")
    tally(3, problem="not-sure")
    assert told("problem") == {"The choice joint": 20, "The choice skin": None, "The choice not-sure": None}
    assert [row.small for row in chart("problem").rows] == [False, False, True]


def test_a_small_count_does_not_follow_from_another_period():
    tally(8, flag="skin")
    tally(2, weeks_ago=20, flag="skin")
    tally(30, weeks_ago=40)
    assert (told("flag", 13)["Skin"], told("flag", 26)["Skin"], told("flag", 52)["Skin"]) == (None, 10, 10)


def test_names_come_from_the_newest_edition_that_knows_them():
    tally(8, problem="skin", caution="knee-caution", flag="unheard-of")

    def change(document):
        web.questions_of(document)["problem"]["choices"].pop(1)
        web.questions_of(document)["problem"]["choices"][0]["text"] = {"en": "Another word"}
        for file in ("guidance/all.yaml", "triage.yaml"):
            held = document[file]["flags"] if file == "triage.yaml" else document[file]
            held[:] = [each for each in held if each["slug"] not in ("skin", "skin-caution", "knee-caution")]

    web.publish(web.small_aid(change))
    assert told("problem") == {"Another word": 0, "The choice not-sure": 0, "The choice skin": 8}
    assert told("caution") == {"Title of knee-caution.": 8}
    assert told("flag")["unheard-of"] == 8


def test_the_look_is_on_record_and_reads_tallies_and_editions_alone():
    shared(6)
    user = physician()
    with CaptureQueriesContext(connection) as captured:
        statistics.look(by=caller(user))
    asked = [each["sql"] for each in captured.captured_queries]
    event = AuditEvent.objects.get(kind="viewed")
    assert (event.by, event.detail) == (user, {"page": "dashboard", "weeks": 26})
    for table in ("review", "response", "finishedversion", "reviewflag", "recall"):
        assert not [sql for sql in asked if f'"questionnaire_{table}"' in sql], table
    assert len(asked) <= 12, asked


def test_the_count_of_statements_does_not_grow_with_weeks_and_values():
    by = caller(physician())

    def statements():
        with CaptureQueriesContext(connection) as captured:
            statistics.look(by=by, weeks=52)
        return len(captured)

    tally(9, problem="joint")
    few = (statements(), statements())[1]
    rows = [
        Tally(week=kept.week_of(timezone.now()) - dt.timedelta(weeks=week), dimension="caution", value=f"c{n}", count=9)
        for week in range(60)
        for n in range(20)
    ]
    Tally.objects.bulk_create(rows)
    assert statements() == few + 1, "the older editions, once"


@pytest.mark.parametrize("seed", range(12))
def test_from_all_that_is_shown_no_small_count_can_be_worked_out(seed):
    pick = random.Random(seed)
    for week in (*range(14), 20, 25, 26, 30, 51, 60):
        for _ in range(pick.choice((0, 1, 3, 8))):
            values = {"problem": pick.choice(("joint", "joint", "skin", "not-sure")), "standing": "no-number"}
            tally(1, week, **values, review_time=pick.choice(queueing.TIMES))
    boards = [look(weeks) for weeks in PERIODS]
    monday = kept.week_of(timezone.now())
    for slug, adds_up in (("problem", True), ("standing", True), ("review-time", True), ("flag", False)):
        table, found = {}, {}
        rows = [{row.slug: row for each in board.charts if each.slug == slug for row in each.rows} for board in boards]
        for value in {value for each in rows for value in each}:
            since = [monday - dt.timedelta(weeks=weeks) for weeks in PERIODS]
            held = [Tally.objects.filter(dimension=slug, value=value, week__gt=each) for each in since]
            table[value] = tuple(sum(each.values_list("count", flat=True)) for each in held)
            found[value] = tuple(each[value].count if value in each else None for each in rows)
        known = [not board.few and not board.empty for board in boards]
        assert worked_out(table, found, known, adds_up) == [], slug
    weeks = {week.monday: week for week in boards[2].series}
    for board in boards:
        assert all(weeks[week.monday] == week for week in board.series), "a week reads the same in every period"
    for start, end in pairwise((0, *PERIODS)):
        stretch = [week for week in weeks.values() if start <= (monday - week.monday).days // 7 < end]
        true = dict(Tally.objects.filter(dimension="all").values_list("week", "count"))
        table = {str(week.monday): (true.get(week.monday, 0),) for week in stretch}
        assert worked_out(table, {str(week.monday): (week.count,) for week in stretch}, [True], True) == []
