"""Where wrong guesses at sign-in are counted, and the two groups who work with patients and with accounts."""

from typing import Any

from django.db import migrations, models

GROUPS: dict[str, list[tuple[str, str, str]]] = {
    # What a physician may do is asked of the group itself, so that a superuser without it reads no response.
    "Physicians": [],
    "Administrators": [
        ("auth", "user", "add"),
        ("auth", "user", "change"),
        ("auth", "user", "view"),
        ("auth", "group", "view"),
        ("questionnaire", "practice", "add"),
        ("questionnaire", "practice", "change"),
        ("questionnaire", "practice", "view"),
    ],
}


def make_groups(apps: Any, schema_editor: Any) -> None:
    """Django makes permissions only after all migrations, so those that the groups need are made here already."""
    content_types = apps.get_model("contenttypes", "ContentType").objects
    permissions = apps.get_model("auth", "Permission").objects
    for group_name, granted in GROUPS.items():
        group, _ = apps.get_model("auth", "Group").objects.get_or_create(name=group_name)
        for app, model, act in granted:
            content_type, _ = content_types.get_or_create(app_label=app, model=model)
            permission, _ = permissions.get_or_create(
                content_type=content_type, codename=f"{act}_{model}", defaults={"name": f"Can {act} {model}"}
            )
            group.permissions.add(permission)


def remove_groups(apps: Any, schema_editor: Any) -> None:
    apps.get_model("auth", "Group").objects.filter(name__in=GROUPS).delete()


class Migration(migrations.Migration):
    dependencies = [
        ("questionnaire", "0003_frozen_editions"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]

    operations = [
        migrations.CreateModel(
            name="SignInCount",
            fields=[
                ("cache_key", models.CharField(max_length=255, primary_key=True, serialize=False)),
                ("value", models.TextField()),
                ("expires", models.DateTimeField(db_index=True)),
            ],
        ),
        migrations.RunPython(make_groups, remove_groups),
    ]
