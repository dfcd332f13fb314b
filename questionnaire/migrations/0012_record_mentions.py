"""Which responses a page of a list showed, or a download took out, is found by response; as unalterable as the rest."""

from typing import Any

import django.db.models.deletion
from django.db import migrations, models

_TABLE = "questionnaire_auditmention"
_NEVER = "the access record is never altered"
_AT_ONCE = 500


def protect(apps: Any, schema_editor: Any) -> None:
    """As the events themselves are protected; the function is theirs."""
    if schema_editor.connection.vendor == "postgresql":
        for name, when in (("row", "UPDATE OR DELETE"), ("table", "TRUNCATE")):
            each = "ROW" if name == "row" else "STATEMENT"
            schema_editor.execute(
                f"CREATE TRIGGER auditmention_{name} BEFORE {when} ON {_TABLE} "
                f"FOR EACH {each} EXECUTE FUNCTION questionnaire_record_frozen()",
                None,
            )
        return
    for event in ("UPDATE", "DELETE"):
        schema_editor.execute(
            f"CREATE TRIGGER auditmention_{event.lower()} BEFORE {event} ON {_TABLE} FOR EACH ROW "
            f"BEGIN SELECT RAISE(ABORT, '{_NEVER}'); END"
        )
    # REPLACE deletes the row that is in the way without asking the trigger that refuses deletion.
    schema_editor.execute(
        f"CREATE TRIGGER auditmention_replace BEFORE INSERT ON {_TABLE} FOR EACH ROW "
        f"WHEN EXISTS (SELECT 1 FROM {_TABLE} WHERE event_id = NEW.event_id AND subject = NEW.subject) "
        f"BEGIN SELECT RAISE(ABORT, '{_NEVER}'); END"
    )


def unprotect(apps: Any, schema_editor: Any) -> None:
    on_postgresql = schema_editor.connection.vendor == "postgresql"
    for name in ("row", "table") if on_postgresql else ("update", "delete", "replace"):
        where = f" ON {_TABLE}" if on_postgresql else ""
        schema_editor.execute(f"DROP TRIGGER auditmention_{name}{where}")


def index_earlier(apps: Any, schema_editor: Any) -> None:
    """Events of recall lists have named their responses from the first on."""
    mention = apps.get_model("questionnaire", "AuditMention")
    naming = apps.get_model("questionnaire", "AuditEvent").objects.filter(detail__has_key="reviews").order_by("pk")
    rows = []
    for pk, at, detail in naming.values_list("pk", "at", "detail").iterator(chunk_size=_AT_ONCE):
        rows += [mention(event_id=pk, subject=each, exported=False, at=at) for each in dict.fromkeys(detail["reviews"])]
        if len(rows) > _AT_ONCE:
            mention.objects.bulk_create(rows)
            rows = []
    mention.objects.bulk_create(rows)


class Migration(migrations.Migration):
    dependencies = [("questionnaire", "0011_registry_dates")]

    operations = [
        migrations.CreateModel(
            name="AuditMention",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "event_id", "subject", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("subject", models.UUIDField(help_text="The review that it names.")),
                (
                    "exported",
                    models.BooleanField(
                        help_text="Whether its content was taken out of here, or only stood on a page."
                    ),
                ),
                ("at", models.DateTimeField(help_text="The moment of the event.")),
                (
                    "event",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="mentions",
                        to="questionnaire.auditevent",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["subject", "exported", "at", "event"], name="audit_mention_subject"),
                ],
            },
        ),
        migrations.RunPython(index_earlier, migrations.RunPython.noop),
        migrations.RunPython(protect, unprotect),
    ]
