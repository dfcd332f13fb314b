"""The list from which a physician comes, carried in an address: only slugs and days, whatever was sent."""

from __future__ import annotations

import datetime as dt

import pytest
from django.http import QueryDict
from hypothesis import given
from hypothesis import strategies as st

from questionnaire.physician import filters
from questionnaire.physician.filters import CameFrom
from questionnaire.services.inbox import STATES, Filters

pytestmark = pytest.mark.pure

slugs = st.from_regex(r"[a-z0-9]{1,8}(-[a-z0-9]{1,8}){0,3}", fullmatch=True) | st.just("")
days = st.none() | st.dates()


@given(
    st.builds(
        Filters,
        state=st.sampled_from(STATES),
        flag=slugs,
        problem=slugs,
        standing=slugs,
        mine=st.booleans(),
        since=days,
        until=days,
    ),
    st.just("") | st.from_regex(r"[A-Za-z0-9_-]{8,40}", fullmatch=True),
)
def test_what_is_written_is_read_again(made: Filters, token: str):
    came_from = CameFrom(made, token)
    assert filters.read(QueryDict(came_from.query)) == came_from


@given(st.text(max_size=200))
def test_whatever_was_sent_only_slugs_and_days_come_out(text: str):
    names = ("state", "flag", "problem", "standing", "mine", "since", "until", "name")
    sent = QueryDict(mutable=True)
    for name in names:
        sent[name] = text
    read = filters.read(sent).filters
    assert read.state in STATES
    for value in (read.flag, read.problem, read.standing):
        assert value == "" or value == text
        assert all(each in "abcdefghijklmnopqrstuvwxyz0123456789-" for each in value)


def test_nothing_narrows_nothing():
    assert filters.read(QueryDict("")) == CameFrom()
    assert CameFrom().query == CameFrom().link == ""
    assert CameFrom(Filters(state="all", since=dt.date(2026, 5, 6))).link == "?from=state%3Dall%26since%3D2026-05-06"
