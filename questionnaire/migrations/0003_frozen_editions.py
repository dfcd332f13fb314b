"""The database itself refuses to change or delete what was published; and the two groups who work on guidance."""

from typing import Any

from django.db import migrations

_PUBLISHED = "('published', 'superseded')"
_NEVER = "a published edition never changes"
_LOCKED = "what is in review does not change; take it back first"
_STEPS = "what was done to an edition is never altered"

# Columns that may change when an edition is superseded: its status alone. SQLite has no way to compare whole rows.
_COLUMNS = (
    "id",
    "aid",
    "number",
    "document",
    "content_hash",
    "change_note",
    "safety_change",
    "based_on_id",
    "revision",
    "last_changed_by_id",
    "submitted_by_id",
    "approved_by_id",
    "created_at",
    "published_at",
)
_OTHERWISE_CHANGED = " OR ".join(f"NEW.{column} IS NOT OLD.{column}" for column in _COLUMNS)
_CONTENT_CHANGED = "(NEW.document <> OLD.document OR NEW.content_hash <> OLD.content_hash)"
_NOT_BOTH_DRAFT = "(OLD.status <> 'draft' OR NEW.status <> 'draft')"

SQLITE = {
    "edition_frozen_update": (
        "UPDATE ON questionnaire_edition",
        f"OLD.status = 'superseded' OR (OLD.status = 'published' AND "
        f"(NEW.status <> 'superseded' OR {_OTHERWISE_CHANGED}))",
        _NEVER,
    ),
    "edition_locked_update": (
        "UPDATE ON questionnaire_edition",
        f"OLD.status NOT IN {_PUBLISHED} AND {_NOT_BOTH_DRAFT} AND {_CONTENT_CHANGED}",
        _LOCKED,
    ),
    "edition_frozen_delete": ("DELETE ON questionnaire_edition", f"OLD.status IN {_PUBLISHED}", _NEVER),
    "edition_step_update": ("UPDATE ON questionnaire_editionstep", "1", _STEPS),
    "edition_step_delete": (
        "DELETE ON questionnaire_editionstep",
        f"(SELECT status FROM questionnaire_edition WHERE id = OLD.edition_id) IN {_PUBLISHED}",
        _STEPS,
    ),
}

POSTGRESQL = f"""
CREATE FUNCTION questionnaire_edition_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    same questionnaire_edition;
BEGIN
    IF TG_OP = 'TRUNCATE' THEN
        IF EXISTS (SELECT 1 FROM questionnaire_edition WHERE status IN {_PUBLISHED}) THEN
            RAISE EXCEPTION '{_NEVER}' USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        RETURN NULL;
    END IF;
    IF TG_OP = 'DELETE' THEN
        IF OLD.status IN {_PUBLISHED} THEN
            RAISE EXCEPTION '{_NEVER}' USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        RETURN OLD;
    END IF;
    IF OLD.status IN {_PUBLISHED} THEN
        same := NEW;
        same.status := OLD.status;
        IF OLD.status = 'superseded' OR NEW.status <> 'superseded' OR same IS DISTINCT FROM OLD THEN
            RAISE EXCEPTION '{_NEVER}' USING ERRCODE = 'integrity_constraint_violation';
        END IF;
    ELSIF {_NOT_BOTH_DRAFT} AND {_CONTENT_CHANGED} THEN
        RAISE EXCEPTION '{_LOCKED}' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER edition_frozen_row BEFORE UPDATE OR DELETE ON questionnaire_edition
    FOR EACH ROW EXECUTE FUNCTION questionnaire_edition_frozen();
CREATE TRIGGER edition_frozen_table BEFORE TRUNCATE ON questionnaire_edition
    FOR EACH STATEMENT EXECUTE FUNCTION questionnaire_edition_frozen();

CREATE FUNCTION questionnaire_edition_step_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        IF (SELECT status FROM questionnaire_edition WHERE id = OLD.edition_id) IN {_PUBLISHED} THEN
            RAISE EXCEPTION '{_STEPS}' USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        RETURN OLD;
    END IF;
    IF TG_OP = 'TRUNCATE' AND NOT EXISTS (SELECT 1 FROM questionnaire_editionstep) THEN
        RETURN NULL;
    END IF;
    RAISE EXCEPTION '{_STEPS}' USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER edition_step_frozen_row BEFORE UPDATE OR DELETE ON questionnaire_editionstep
    FOR EACH ROW EXECUTE FUNCTION questionnaire_edition_step_frozen();
CREATE TRIGGER edition_step_frozen_table BEFORE TRUNCATE ON questionnaire_editionstep
    FOR EACH STATEMENT EXECUTE FUNCTION questionnaire_edition_step_frozen();
"""

POSTGRESQL_REMOVAL = """
DROP TRIGGER edition_frozen_row ON questionnaire_edition;
DROP TRIGGER edition_frozen_table ON questionnaire_edition;
DROP TRIGGER edition_step_frozen_row ON questionnaire_editionstep;
DROP TRIGGER edition_step_frozen_table ON questionnaire_editionstep;
DROP FUNCTION questionnaire_edition_frozen();
DROP FUNCTION questionnaire_edition_step_frozen();
"""

GROUPS = {"Guidance editors": ["edit_guidance"], "Clinical approvers": ["approve_guidance"]}
NAMES = {
    "edit_guidance": "Can change the draft of the guidance",
    "approve_guidance": "Can approve and publish guidance",
}


def protect(apps: Any, schema_editor: Any) -> None:
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(POSTGRESQL, None)
        return
    for name, (event, when, message) in SQLITE.items():
        schema_editor.execute(
            f"CREATE TRIGGER {name} BEFORE {event} FOR EACH ROW WHEN {when} BEGIN SELECT RAISE(ABORT, '{message}'); END"
        )


def unprotect(apps: Any, schema_editor: Any) -> None:
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(POSTGRESQL_REMOVAL, None)
        return
    for name in SQLITE:
        schema_editor.execute(f"DROP TRIGGER {name}")


def make_groups(apps: Any, schema_editor: Any) -> None:
    """Django makes permissions only after all migrations, so those that the groups need are made here already."""
    content_type, _ = apps.get_model("contenttypes", "ContentType").objects.get_or_create(
        app_label="questionnaire", model="edition"
    )
    permissions = apps.get_model("auth", "Permission").objects
    for group_name, codenames in GROUPS.items():
        group, _ = apps.get_model("auth", "Group").objects.get_or_create(name=group_name)
        for codename in codenames:
            permission, _ = permissions.get_or_create(
                content_type=content_type, codename=codename, defaults={"name": NAMES[codename]}
            )
            group.permissions.add(permission)


def remove_groups(apps: Any, schema_editor: Any) -> None:
    apps.get_model("auth", "Group").objects.filter(name__in=GROUPS).delete()


class Migration(migrations.Migration):
    dependencies = [
        ("questionnaire", "0002_drafts_and_signatures"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]

    operations = [
        migrations.RunPython(protect, unprotect),
        migrations.RunPython(make_groups, remove_groups),
    ]
