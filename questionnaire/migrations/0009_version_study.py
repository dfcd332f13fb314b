"""A finished version keeps what its person said of the study, and the letters of FDA that they were shown.

Those made before get what is on hand now. Where they went by another word on whether it is the study, that word stays.
"""

from __future__ import annotations

import re
from typing import Any

from django.db import migrations, models
from django.db.models import Q

_NUMBER = re.compile(r"NCT\d{8}")
_STEP = 500


def keep(apps: Any, schema_editor: Any) -> None:
    """Look at every version that may name a study, in steps: memory does not grow with their number."""
    versions = apps.get_model("questionnaire", "FinishedVersion").objects
    wanted = versions.filter(~Q(facts={}) | Q(response__study_check__isnull=False)).order_by("pk")
    last = 0
    while found := list(wanted.filter(pk__gt=last).select_related("response__study_check")[:_STEP]):
        for version in found:
            versions.filter(pk=version.pk).update(**_study_of(version))
        last = found[-1].pk


def _study_of(version: Any) -> dict[str, str]:
    """What it is known to have gone by. What is sealed is copied as it is."""
    number = next((each for each in version.answers.values() if _is_number(each)), "")
    check = getattr(version.response, "study_check", None)
    if not number or check is None or check.number != number:
        return {"study_number": number}
    told = version.facts.get("registry-study", "")
    # “Not sure” is the fact of whoever said nothing, too.
    said = check.said if told == "" or (told == "not-sure" and not check.said) else told
    return {"study_number": number, "study_said": said, "study_clinic": check.clinic}


def _is_number(answer: Any) -> bool:
    return isinstance(answer, str) and _NUMBER.fullmatch(answer) is not None


class Migration(migrations.Migration):
    dependencies = [("questionnaire", "0008_trials")]

    operations = [
        migrations.AddField(
            "finishedversion",
            "study_number",
            models.CharField(blank=True, default="", help_text="Of the study that counted, if any.", max_length=11),
            preserve_default=False,
        ),
        migrations.AddField(
            "finishedversion",
            "study_said",
            models.CharField(blank=True, default="", help_text="As `StudyCheck.said` was confirmed.", max_length=10),
            preserve_default=False,
        ),
        migrations.AddField(
            "finishedversion",
            "study_clinic",
            models.TextField(blank=True, default="", help_text="As `StudyCheck.clinic` was confirmed; sealed."),
            preserve_default=False,
        ),
        migrations.AddField(
            "finishedversion",
            "letters",
            models.TextField(
                blank=True,
                default="",
                help_text=(
                    "Sealed JSON: the letters of FDA that the person was shown, since they tell what was typed."
                ),
            ),
            preserve_default=False,
        ),
        migrations.AddIndex("finishedversion", models.Index(fields=["study_number"], name="finished_study_number")),
        migrations.RunPython(keep, migrations.RunPython.noop),
    ]
