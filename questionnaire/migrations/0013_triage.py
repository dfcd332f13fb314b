"""What a later check of the study found, by which flags and standing of a review then go."""

from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies: ClassVar = [("questionnaire", "0012_record_mentions")]

    operations: ClassVar = [
        migrations.AlterField(
            model_name="review",
            name="identity",
            field=models.TextField(
                blank=True, help_text="Sealed JSON: name, born, contact, and clinic if given. Empty once withdrawn."
            ),
        ),
        migrations.AddField(
            model_name="review",
            name="facts",
            field=models.JSONField(
                default=dict,
                help_text="What the registry's newest check found; empty while that is what the version has.",
            ),
        ),
    ]
