"""A download that its reader broke off is told apart from one that was called off."""

from django.db import migrations, models

STATES = [
    ("ready", "Ready to download"),
    ("running", "Running"),
    ("done", "Done"),
    ("cancelled", "Cancelled"),
    ("broken", "Broken off"),
]


class Migration(migrations.Migration):
    dependencies = [("questionnaire", "0006_access_record")]
    operations = [
        migrations.AlterField(
            model_name="export", name="state", field=models.CharField(choices=STATES, default="ready", max_length=10)
        )
    ]
