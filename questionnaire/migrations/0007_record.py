"""The record is searched along its indexes, and SQLite's REPLACE does not slip past its triggers."""

from typing import Any

from django.db import migrations, models

# On SQLite, REPLACE deletes the row that is in the way without asking the trigger that refuses deletion.
_ONCE = {
    "auditevent": "id = NEW.id OR (chain = NEW.chain AND number = NEW.number)",
    "auditseal": "id = NEW.id OR number = NEW.number",
}


def protect(apps: Any, schema_editor: Any) -> None:
    if schema_editor.connection.vendor != "sqlite":
        return
    for table, same in _ONCE.items():
        schema_editor.execute(
            f"CREATE TRIGGER {table}_replace BEFORE INSERT ON questionnaire_{table} FOR EACH ROW "
            f"WHEN EXISTS (SELECT 1 FROM questionnaire_{table} WHERE {same}) "
            f"BEGIN SELECT RAISE(ABORT, 'the access record is never altered'); END"
        )


def unprotect(apps: Any, schema_editor: Any) -> None:
    if schema_editor.connection.vendor == "sqlite":
        for table in _ONCE:
            schema_editor.execute(f"DROP TRIGGER {table}_replace")


class Migration(migrations.Migration):
    dependencies = [("questionnaire", "0006_access_record")]

    operations = [
        migrations.RemoveIndex("auditevent", "audit_event_by"),
        migrations.RemoveIndex("auditevent", "audit_event_kind"),
        migrations.RemoveIndex("auditevent", "audit_event_at"),
        migrations.AddIndex("auditevent", models.Index(fields=["at", "id"], name="audit_event_at")),
        migrations.AddIndex("auditevent", models.Index(fields=["by", "at", "id"], name="audit_event_by")),
        migrations.AddIndex("auditevent", models.Index(fields=["kind", "at", "id"], name="audit_event_kind")),
        migrations.RunPython(protect, unprotect),
    ]
