"""When the registry last gave a copy, to which the date of its data belongs.

Dates so far may have been told in another round than the copy, so they are forgotten; the timer finds them out anew.
"""

from typing import Any

from django.db import migrations, models
from django.db.models import F
from django.utils import timezone


def confirm(apps: Any, schema_editor: Any) -> None:
    """A copy was last given when its study was last answered for with it, else when it was fetched."""
    copies = apps.get_model("questionnaire", "RegistryCopy")
    copies.objects.update(confirmed_at=F("fetched_at"), data_timestamp="")
    found = apps.get_model("questionnaire", "RegistryStudy").objects.filter(state="found", checked_at__isnull=False)
    for newest, checked_at in found.values_list("newest_id", "checked_at").iterator():
        copies.objects.filter(pk=newest, confirmed_at__lt=checked_at).update(confirmed_at=checked_at)


class Migration(migrations.Migration):
    dependencies = [("questionnaire", "0010_inbox_facets")]

    operations = [
        migrations.AddField(
            model_name="registrycopy",
            name="confirmed_at",
            field=models.DateTimeField(default=timezone.now, help_text="When the registry last gave just this."),
            preserve_default=False,
        ),
        migrations.AlterField(
            model_name="registrycopy",
            name="fetched_at",
            field=models.DateTimeField(help_text="When the registry first gave it."),
        ),
        migrations.AlterField(
            model_name="registrycopy",
            name="data_timestamp",
            field=models.CharField(
                blank=True,
                help_text="Of the registry's data when it last gave this; empty if it was not asked.",
                max_length=40,
            ),
        ),
        migrations.RunPython(confirm, migrations.RunPython.noop),
    ]
