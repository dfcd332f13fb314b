"""What was published refuses change and deletion: by the ORM, and by the database when somebody goes around it."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, connection, transaction

from questionnaire.models import Edition, EditionStep, Frozen
from questionnaire.services import editions, opening, startup
from tests import web
from tests.database import tamper
from tests.web import small_aid, text

pytestmark = pytest.mark.django_db


def title_changed(words):
    return lambda document: document["aid.yaml"].update(title=text(words))


@pytest.fixture
def superseded(published):
    web.publish(small_aid(title_changed("Newer.")))
    return Edition.objects.get(pk=published.pk)


def sql(statement, *values):
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, values)


def row(edition):
    return Edition.objects.filter(pk=edition.pk).values().get()


@pytest.mark.parametrize("which", ["published", "superseded"])
def test_the_orm_refuses(which, request):
    edition = Edition.objects.get(pk=request.getfixturevalue(which).pk)
    before = row(edition)
    edition.change_note = "Something else."
    for act in (
        edition.save,
        edition.delete,
        lambda: Edition.objects.filter(pk=edition.pk).update(change_note="Something else."),
        lambda: Edition.objects.filter(pk=edition.pk).delete(),
        lambda: Edition.objects.all().delete(),
        lambda: Edition.objects.bulk_update([edition], ["change_note"]),
    ):
        with pytest.raises(Frozen), transaction.atomic():
            act()
    assert row(edition) == before


COLUMNS = {
    "aid": "other",
    "number": 77,
    "document": "{}",
    "content_hash": "0" * 64,
    "change_note": "Other.",
    "safety_change": True,
    "based_on_id": None,
    "revision": 99,
    "published_at": "2020-01-01 00:00:00",
    "created_at": "2020-01-01 00:00:00",
    "status": "draft",
}


@pytest.mark.parametrize("which", ["published", "superseded"])
@pytest.mark.parametrize("column", COLUMNS)
def test_the_database_refuses_to_change_any_column(which, column, request):
    edition = request.getfixturevalue(which)
    if column == "based_on_id":
        web.publish(small_aid(title_changed("Third.")))
        edition = Edition.objects.filter(based_on__isnull=False, status=which).get()
    before = row(edition)
    with pytest.raises(DatabaseError):
        sql(f"UPDATE questionnaire_edition SET {column} = %s WHERE id = %s", COLUMNS[column], edition.pk)
    assert row(edition) == before


def test_a_superseded_edition_does_not_come_back(superseded):
    with pytest.raises(DatabaseError):
        sql("UPDATE questionnaire_edition SET status = 'published' WHERE id = %s", superseded.pk)


@pytest.mark.parametrize("which", ["published", "superseded"])
def test_the_database_refuses_deletion(which, request):
    edition = request.getfixturevalue(which)
    with pytest.raises(DatabaseError):
        sql("DELETE FROM questionnaire_editionstep WHERE edition_id = %s", edition.pk)
    with pytest.raises(DatabaseError):
        sql("DELETE FROM questionnaire_edition WHERE id = %s", edition.pk)
    assert row(edition)


def test_postgresql_refuses_to_empty_the_tables(published):
    if connection.vendor != "postgresql":
        return
    for table in ("questionnaire_edition", "questionnaire_editionstep"):
        with pytest.raises(DatabaseError):
            sql(f"TRUNCATE {table} CASCADE")


def test_what_was_done_to_an_edition_is_never_altered(published):
    step = EditionStep.objects.get()
    with pytest.raises(DatabaseError):
        sql("UPDATE questionnaire_editionstep SET note = 'x' WHERE id = %s", step.pk)


def test_an_edition_in_review_does_not_change_its_content(published):
    draft = opening.open_document(by=None, document=small_aid())
    sql("UPDATE questionnaire_edition SET status = 'in-review' WHERE id = %s", draft.pk)
    for column in ("document", "content_hash"):
        with pytest.raises(DatabaseError):
            sql(f"UPDATE questionnaire_edition SET {column} = 'x' WHERE id = %s", draft.pk)
    with pytest.raises(DatabaseError):
        sql("UPDATE questionnaire_edition SET status = 'draft', document = 'x' WHERE id = %s", draft.pk)


def test_a_start_with_a_live_edition_that_was_tampered_with_fails(published, caplog):
    startup.verify_editions()
    tamper(published, published.document.replace("Title of not-approved", "Title of approved"))
    with pytest.raises(editions.Tampered, match="backup"):
        startup.verify_editions()
    assert "edition 1 of exosomes is not what was published" in caplog.text


def test_an_older_edition_that_was_tampered_with_is_told_of_and_stops_nothing(superseded, caplog):
    tamper(superseded, "{}")
    startup.verify_editions()
    assert "edition 1 of exosomes is not what was published" in caplog.text


def test_a_database_that_is_not_ready_yet_stops_no_start(monkeypatch, caplog):
    def fail():
        raise DatabaseError("no such table")

    monkeypatch.setattr(editions, "tampered", fail)
    startup.verify_editions()
    assert "could not be checked" in caplog.text
    assert "no such table" not in caplog.text
