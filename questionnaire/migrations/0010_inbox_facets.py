"""Each set of things that the inbox is narrowed by has an index; flags carry what else their review is found by."""

from itertools import product
from typing import Any

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

CARRY = (
    "UPDATE questionnaire_reviewflag SET (state, problem, standing, taken_by_id) = ("
    "SELECT state, problem, standing, taken_by_id FROM questionnaire_review AS review "
    "WHERE review.id = questionnaire_reviewflag.review_id)"
)
_STATES = [
    ("new", "New"),
    ("taken", "Taken"),
    ("waiting", "Waiting"),
    ("reviewed", "Reviewed"),
    ("withdrawn", "Withdrawn"),
]
_NARROWINGS = ((), ("problem",), ("standing",), ("problem", "standing"))


def _taken_by() -> Any:
    return models.ForeignKey(
        db_index=False,
        null=True,
        on_delete=django.db.models.deletion.PROTECT,
        related_name="+",
        to=settings.AUTH_USER_MODEL,
    )


def _indexes() -> list[Any]:
    """The flags' table and the reviews' own, with and without the physician who took them."""
    found = []
    for (model, prefix, begin, key), taken, names in product(
        (("review", "walk", (), "id"), ("reviewflag", "flag", ("flag",), "review")), ((), ("taken_by",)), _NARROWINGS
    ):
        if model == "review" and not taken + names:
            continue  # renamed below
        index = models.Index(
            fields=[*taken, *begin, *names, "state", "queue", key],
            name="_".join([prefix, *(taken + names or ("state",))]),
            condition=models.Q(taken_by__isnull=False) if taken else None,
        )
        found.append(migrations.AddIndex(model, index))
    return found


class Migration(migrations.Migration):
    dependencies = [
        ("questionnaire", "0009_version_study"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveIndex("review", "review_problem"),
        migrations.RemoveIndex("review", "review_standing"),
        migrations.RemoveIndex("review", "review_taken_by"),
        migrations.RemoveIndex("reviewflag", "review_flag_queue"),
        migrations.RenameIndex("review", new_name="walk_state", old_name="review_state"),
        migrations.AddField(
            "reviewflag",
            "state",
            models.CharField(choices=_STATES, default="", max_length=12),
            preserve_default=False,
        ),
        migrations.AddField("reviewflag", "problem", models.CharField(blank=True, max_length=60)),
        migrations.AddField("reviewflag", "standing", models.CharField(blank=True, max_length=60)),
        migrations.AddField("reviewflag", "taken_by", _taken_by()),
        migrations.RunSQL(CARRY, migrations.RunSQL.noop),
        # Both have another index that begins with the same column.
        migrations.AlterField("review", "taken_by", _taken_by()),
        migrations.AlterField(
            "reviewentry",
            "review",
            models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="entries",
                to="questionnaire.review",
            ),
        ),
        *_indexes(),
    ]
