"""What is timed of the inbox: every page is there, and shows what the service finds for the same."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import User
from django.core.management import call_command

from bench import inbox_cases


@pytest.mark.django_db
def test_pages_that_are_timed_show_what_the_calls_find_that_are_timed(shipped, monkeypatch, settings):
    settings.REQUIRE_MFA = False
    monkeypatch.setenv("DEMO_PASSWORD", "violet-harbor-92-lamp")
    call_command("demo", "--responses", "140", "--seed", "1")
    user = User.objects.get(username="demo-physician")
    found = {name: work() for name, work in inbox_cases.service_calls(user)}
    # A page that cannot be had fails by itself; a table has a row of headings.
    shown = {name: max(work() - 1, 0) for name, work in inbox_cases.pages(user)}
    assert shown.pop("the dashboard")
    assert shown == {name: found[name] for name in shown}
    assert found["mine and flag"] < found["one flag"] <= found["first page"] == 25
