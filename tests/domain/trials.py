"""What a record is made to say: judged by the shipped rules, with the shipped words."""

from __future__ import annotations

import datetime as dt
from typing import Any

from questionnaire.domain import trial, trial_record
from questionnaire.domain.content import Aid
from questionnaire.domain.trial_sites import Clinic

TODAY = dt.date(2026, 11, 26)
THEN = dt.date(2022, 10, 15)
"""When most of the records were as they are kept."""


class Said:
    """Slugs, facts and words of one record."""

    def __init__(
        self, aid: Aid, raw: Any, *, today: dt.date = TODAY, parts: tuple[str, ...] = (), clinic: Clinic | None = None
    ) -> None:
        self.record = trial_record.read(raw)
        judged = trial.judge(self.record, aid.trial, today=today, parts=parts, clinic=clinic)
        self.findings = judged.findings
        self.slugs = {finding.slug for finding in judged.findings}
        self.facts = {name.removeprefix("registry-"): value for name, value in judged.facts.items()}
        self.all_facts = judged.facts
        self.value = {finding.slug: finding.value for finding in judged.findings}
        self.words = " ".join(
            aid.trial.words[finding.slug]["en"].replace("{value}", finding.value) for finding in judged.findings
        )
