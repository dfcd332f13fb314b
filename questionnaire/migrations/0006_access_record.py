"""The database itself refuses to change or delete the access record; and who may read responses, and the record."""

from typing import Any

from django.db import migrations

_TABLES = ("questionnaire_auditevent", "questionnaire_auditseal")
_NEVER = "the access record is never altered"

POSTGRESQL = f"""
CREATE FUNCTION questionnaire_record_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '{_NEVER}' USING ERRCODE = 'integrity_constraint_violation';
END $$;
"""

GROUPS = {
    "Physicians": [("review", "review_responses", "Can read and answer shared responses")],
    "Administrators": [("auditevent", "search_record", "Can search the access record")],
}


def _name(table: str, event: str) -> str:
    return f"{table.removeprefix('questionnaire_')}_{event.lower()}"


def protect(apps: Any, schema_editor: Any) -> None:
    on_postgresql = schema_editor.connection.vendor == "postgresql"
    if on_postgresql:
        schema_editor.execute(POSTGRESQL, None)
    for table in _TABLES:
        if on_postgresql:
            schema_editor.execute(
                f"CREATE TRIGGER {_name(table, 'row')} BEFORE UPDATE OR DELETE ON {table} "
                f"FOR EACH ROW EXECUTE FUNCTION questionnaire_record_frozen()",
                None,
            )
            schema_editor.execute(
                f"CREATE TRIGGER {_name(table, 'table')} BEFORE TRUNCATE ON {table} "
                f"FOR EACH STATEMENT EXECUTE FUNCTION questionnaire_record_frozen()",
                None,
            )
            continue
        for event in ("UPDATE", "DELETE"):
            schema_editor.execute(
                f"CREATE TRIGGER {_name(table, event)} BEFORE {event} ON {table} FOR EACH ROW "
                f"BEGIN SELECT RAISE(ABORT, '{_NEVER}'); END"
            )


def unprotect(apps: Any, schema_editor: Any) -> None:
    on_postgresql = schema_editor.connection.vendor == "postgresql"
    for table in _TABLES:
        for event in ("row", "table") if on_postgresql else ("UPDATE", "DELETE"):
            where = f" ON {table}" if on_postgresql else ""
            schema_editor.execute(f"DROP TRIGGER {_name(table, event)}{where}")
    if on_postgresql:
        schema_editor.execute("DROP FUNCTION questionnaire_record_frozen()")


def permit(apps: Any, schema_editor: Any) -> None:
    """Django makes permissions only after all migrations, so those that the groups need are made here already."""
    for group_name, rights in GROUPS.items():
        group, _ = apps.get_model("auth", "Group").objects.get_or_create(name=group_name)
        for model, codename, name in rights:
            content_type, _ = apps.get_model("contenttypes", "ContentType").objects.get_or_create(
                app_label="questionnaire", model=model
            )
            permission, _ = apps.get_model("auth", "Permission").objects.get_or_create(
                content_type=content_type, codename=codename, defaults={"name": name}
            )
            group.permissions.add(permission)


class Migration(migrations.Migration):
    dependencies = [
        ("questionnaire", "0005_reviews"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]

    operations = [
        migrations.RunPython(protect, unprotect),
        migrations.RunPython(permit, migrations.RunPython.noop),
    ]
