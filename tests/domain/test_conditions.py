"""When a condition holds, and what it names as the reason."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from questionnaire.domain.conditions import Condition, Group, fact_key, is_fact
from questionnaire.domain.conditions import Test as Comparison
from questionnaire.domain.journey import Journey
from questionnaire.domain.reading import read
from tests import strategies
from tests.domain import reference
from tests.strategies import usual

pytestmark = pytest.mark.pure

UNANSWERED = None

TRUTH = [
    # operator, values, what was given, whether it holds
    ("is", ("a",), ("a",), True),
    ("is", ("a",), ("b",), False),
    ("is", ("a", "b"), ("b",), True),
    ("is", ("a",), ("b", "a"), True),
    ("is", ("a",), UNANSWERED, False),
    ("is-not", ("a",), ("a",), False),
    ("is-not", ("a",), ("b",), True),
    ("is-not", ("a", "b"), ("c",), True),
    ("is-not", ("a", "b"), ("b",), False),
    ("is-not", ("a",), ("b", "a"), False),
    ("is-not", ("a",), ("b", "c"), True),
    ("is-not", ("a",), UNANSWERED, False),
    ("answered", ("true",), ("a",), True),
    ("answered", ("true",), UNANSWERED, False),
    ("answered", ("false",), ("a",), False),
    ("answered", ("false",), UNANSWERED, True),
    ("at-least", ("18",), ("17.9",), False),
    ("at-least", ("18",), ("18.0",), True),
    ("at-least", ("18",), ("100",), True),
    ("at-least", ("18",), UNANSWERED, False),
    ("at-most", ("18",), ("18",), True),
    ("at-most", ("18",), ("9",), True),
    ("at-most", ("18",), ("19",), False),
    ("at-most", ("18",), UNANSWERED, False),
    ("more-than", ("18",), ("18",), False),
    ("more-than", ("18",), ("100",), True),
    ("more-than", ("-2",), ("-1",), True),
    ("more-than", ("18",), UNANSWERED, False),
    ("less-than", ("18",), ("18",), False),
    ("less-than", ("18",), ("9",), True),
    ("less-than", ("18",), UNANSWERED, False),
    ("at-least", ("2026-01-31",), ("2026-01-31",), True),
    ("at-least", ("2026-01-31",), ("2025-12-31",), False),
    ("at-most", ("2026-01-31",), ("2026-01-30",), True),
    ("more-than", ("2026-01-31",), ("2026-02-01",), True),
    ("less-than", ("2026-01-31",), ("2026-01-31",), False),
    # What is no number and no date never compares.
    *(
        (operator, (bound,), (given,), False)
        for operator in strategies.COMPARISONS
        for bound, given in [
            ("18", "not-sure"),
            ("18", "nan"),
            ("18", "infinity"),
            ("18", "-inf"),
            ("18", "snan"),
            ("18", "1e9"),
            ("18", "٩٩"),
            ("18", ""),
            ("18", "2026-01-31"),
            ("2026-01-31", "18"),
            ("2026-01-31", "not-sure"),
            ("nan", "18"),
        ]
    ),
]


@pytest.mark.parametrize(("operator", "values", "answer", "holds"), TRUTH)
def test_each_operator_holds_when_it_should(operator, values, answer, holds):
    counted = {} if answer is UNANSWERED else {"q": answer}
    assert Comparison("q", operator, values).holds(counted) is holds
    assert Comparison("q", operator, values).holds({**counted, "other": ("a",)}) is holds


def test_the_truth_table_has_every_operator_answered_and_not():
    for operator in ("is", "is-not", "answered", *strategies.COMPARISONS):
        rows = [row for row in TRUTH if row[0] == operator]
        assert {row[3] for row in rows} == {True, False}
        assert operator == "answered" or not any(row[3] for row in rows if row[2] is UNANSWERED)


YES, NO = Comparison("a", "is", ("x",)), Comparison("b", "is", ("x",))
COUNTED = {"a": ("x",), "c": ("x",)}
ALSO = Comparison("c", "answered", ("true",))


@pytest.mark.parametrize(
    ("behavior", "parts", "holds", "why"),
    [
        ("all", (YES,), True, ("a",)),
        ("all", (YES, ALSO), True, ("a", "c")),
        ("all", (ALSO, YES), True, ("c", "a")),
        ("all", (YES, NO), False, None),
        ("any", (YES, NO), True, ("a",)),
        ("any", (NO, NO), False, None),
        ("any", (NO, ALSO, YES), True, ("c", "a")),
        ("all", (YES, Group("any", (NO, ALSO))), True, ("a", "c")),
        ("all", (YES, Group("all", (NO, ALSO))), False, None),
        ("any", (YES, Group("all", (NO, ALSO))), True, ("a",)),
        ("any", (NO, Group("all", (ALSO, YES))), True, ("c", "a")),
        ("all", (YES, Group("any", (YES, ALSO))), True, ("a", "c")),
        ("all", (Comparison("b", "answered", ("false",)),), True, ("b",)),
    ],
)
def test_all_any_and_groups(behavior, parts, holds, why):
    condition = Condition(behavior, parts)
    assert condition.holds(COUNTED) is holds
    if holds:
        assert condition.why(COUNTED) == why


def test_a_condition_says_what_it_reads():
    condition = Condition("all", (YES, Group("any", (NO, Comparison(fact_key("registry"), "is", ("found",))))))
    assert condition.reads() == {"a", "b", "fact:registry"}


def test_a_fact_and_a_question_of_one_name_are_two_things():
    condition = Condition("all", (Comparison(fact_key("registry"), "is", ("found",)),))
    assert not condition.holds({"registry": ("found",)})
    assert condition.holds({"fact:registry": ("found",)})


@usual
@given(strategies.documents(), strategies.dice())
def test_it_judges_as_the_rules_written_out_do(document, dice):
    aid = read(document)
    facts = strategies.facts(dice, aid)
    answers = strategies.answers(dice, aid)
    counted = Journey(aid, answers, facts).counted
    values = {key if ":" in key else f"question:{key}": list(held) for key, held in counted.items()}
    for entry in document["guidance/all.yaml"]:
        when = aid.item[entry["slug"]].when
        assert (when is None or when.holds(counted)) is reference.holds(entry.get("when"), values)


@usual
@given(strategies.documents(), strategies.dice())
def test_why_names_only_what_held_and_what_alone_makes_it_hold(document, dice):
    aid = read(document)
    facts = strategies.facts(dice, aid)
    counted = Journey(aid, strategies.answers(dice, aid), facts).counted
    for item in aid.guidance:
        if item.when is None or not item.when.holds(counted):
            continue
        why = item.when.why(counted)
        unknown = {key for key in item.when.reads() if is_fact(key) and key not in counted}
        assert why or unknown
        assert not unknown & set(why), "what is not known explains nothing"
        assert len(set(why)) == len(why)
        assert set(why) <= item.when.reads()
        for key in why:
            assert any(test.holds(counted) for test in item.when.tests() if test.subject == key)
        # An answer that only failed tests is no reason.
        for key in item.when.reads() - set(why) - unknown:
            parts = [part for part in item.when.parts if part.holds(counted)]
            inner = [test for part in parts for test in (part.tests if isinstance(part, Group) else (part,))]
            assert not any(test.holds(counted) for test in inner if test.subject == key)


@usual
@given(strategies.documents())
def test_with_nothing_answered_only_unanswered_holds(document):
    for item in read(document).guidance:
        for test in item.when.tests() if item.when else ():
            assert test.holds({}) is (test.operator == "answered" and test.values == ("false",))


@usual
@given(
    st.sampled_from(strategies.COMPARISONS),
    st.text(max_size=8) | st.from_regex(r"-?[0-9.e_]{1,6}"),
    st.text(max_size=8) | st.from_regex(r"-?[0-9.e_]{1,6}"),
)
def test_nothing_that_was_stored_makes_a_comparison_fail(operator, given_, bound):
    assert Comparison("q", operator, (bound,)).holds({"q": (given_,)}) in (True, False)
