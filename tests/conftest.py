"""Fixtures that every room's tests share. Environment and database are in decisionaid/settings_test.py."""

from __future__ import annotations

from typing import Any

import pytest
from django.db.models.signals import post_save
from django.dispatch import receiver

from questionnaire.domain import folder
from questionnaire.fhir import resources
from questionnaire.models import Edition
from questionnaire.pages import finished
from questionnaire.patient import pages
from questionnaire.services import editions, practices
from tests import web
from tests.database import empty_tables_after_tests  # noqa: F401 (a fixture)

_content_of: dict[int, str] = {}


@receiver(post_save, sender=Edition)
def forget_another(instance: Edition, **kwargs: Any) -> None:
    """An edition never changes, so the process keeps it by its id; but after a test's rollback an id is given again."""
    if _content_of.setdefault(instance.pk, instance.content_hash) != instance.content_hash:
        forget_editions()
        _content_of[instance.pk] = instance.content_hash


def forget_editions() -> None:
    kept_pages = (pages._kept_question_text, finished._kept_card_html, finished.source_text)
    for kept in (editions.aid_of, resources._made, *kept_pages):
        kept.cache_clear()
    _content_of.clear()


@pytest.fixture(autouse=True)
def no_practice_kept() -> None:
    practices.forget_kept()


@pytest.fixture
def cold() -> None:
    """As in a process that has just started: nothing is kept of any edition."""
    forget_editions()


@pytest.fixture
def published(db: None) -> Edition:
    """The small aid of tests/web.py, published: every kind of question, conditions, urgent rules, parked questions."""
    return web.publish(web.small_aid(), note="First edition.")


@pytest.fixture(scope="session")
def shipped_document() -> Any:
    return folder.document_of(editions.SHIPPED)


@pytest.fixture
def shipped(db: None, shipped_document: Any) -> Edition:
    """The aid that comes with the program, published."""
    return web.publish(shipped_document, note="First edition.")


@pytest.fixture
def walker(client: Any) -> web.Walker:
    """A person with a browser; every page they get is read, and none may fail."""
    return web.Walker(client)
