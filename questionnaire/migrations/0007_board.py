"""An index for what was worked off of a recall list, the newest first."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("questionnaire", "0006_access_record")]

    operations = [
        migrations.AddIndex(
            model_name="recall",
            index=models.Index(
                condition=models.Q(("handled_at__isnull", False), ("review__isnull", False)),
                fields=["edition", "-handled_at", "-id"],
                name="recall_done",
            ),
        ),
    ]
