"""A log line tells where something went wrong, and nothing of whom."""

import logging
import sys

import pytest

from decisionaid.logs import Formatter

pytestmark = pytest.mark.pure


def logged(error):
    try:
        raise error
    except type(error):
        record = logging.LogRecord(
            "django.request", logging.ERROR, __file__, 1, "Internal Server Error", None, sys.exc_info()
        )
    return Formatter().format(record)


def test_an_exception_is_named_but_not_quoted():
    line = logged(ValueError("Failing row contains (Jane, 1960-02-03)"))
    assert "ValueError" in line
    assert "test_logs.py" in line
    assert "Jane" not in line


def test_causes_are_told_in_the_same_way():
    try:
        int("Jane")
    except ValueError as error:
        cause = error
    outer = RuntimeError("about Jane")
    outer.__cause__ = cause
    line = logged(outer)
    assert line.index("ValueError") < line.index("RuntimeError")
    assert "about Jane" not in line
    assert "invalid literal" not in line
