"""What made-up people say of the study that their clinic named, and the facts that their guidance then goes by.

The facts come from the registry's made-up records by `domain/trial.py`, as everybody's do. Each record is judged once
for everybody with the same problem and the same clinic.
"""

from __future__ import annotations

import datetime as dt
import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from random import Random

from questionnaire.demo import studies_kept
from questionnaire.demo.records import ACCUSED
from questionnaire.demo.studies import STUDIES, Reply, Study
from questionnaire.domain import trial
from questionnaire.domain.content import Aid
from questionnaire.domain.trial_record import TrialRecord
from questionnaire.models import StudyCheck
from questionnaire.services import registry, trial_facts
from questionnaire.services.trial_facts import NOT_ASKED, NOT_CHECKED, NOT_FOUND

_FITS = 4.0
"""How many times likelier a study of somebody's own problem is."""
_SAID = {StudyCheck.Said.SAME: 8, StudyCheck.Said.NOT_SURE: 2, StudyCheck.Said.OTHER: 1}
_NAMES_CLINIC = 0.85
"""Share of people who say which clinic it is."""


def _clinic(name: str, city: str) -> str:
    return json.dumps({"name": name, "city": city})


@dataclass(frozen=True, slots=True)
class Named:
    """The study whose number somebody has; `said` is a value of `StudyCheck.Said` or empty, `clinic` JSON or empty."""

    number: str
    said: str = ""
    clinic: str = ""

    @property
    def is_accused(self) -> bool:
        """Whether FDA's made-up letter is to this clinic."""
        return bool(self.clinic) and json.loads(self.clinic)["name"] == ACCUSED.facility


class Checks:
    """The studies for one demonstration, dealt out so that even few people have many of them.

    Whoever is the first to be dealt a study is the plain case: it is theirs, at the clinic that is named for it first.
    """

    def __init__(self, aid: Aid, copies: studies_kept.Copies, now: dt.datetime, random: Random) -> None:
        self._aid, self._copies, self._now, self._random = aid, copies, now, random
        self._dealt: Counter[str] = Counter()
        self._judged: dict[tuple[Reply, tuple[str, ...], str], Mapping[str, str]] = {}

    @cached_property
    def _records(self) -> Mapping[Reply, TrialRecord]:
        return {reply: registry.record_of(copy) for reply, copy in self._copies.items()}

    def dealt(self, parts: tuple[str, ...]) -> Study:
        """A study for somebody whose problem is of these parts (`trial.parts_of`)."""
        study = min(STUDIES, key=lambda each: self._turn(each, parts))
        self._dealt[study.number] += 1
        return study

    def named(self, study: Study, reply: Reply) -> Named:
        """What somebody says of it who was shown this answer of the registry."""
        if reply.listed is None:
            # There was no record to be asked about.
            return Named(study.number)
        if self.is_first(study):
            return Named(study.number, str(StudyCheck.Said.SAME.value), _clinic(*study.clinics[0]))
        said = self._random.choices(list(_SAID), list(_SAID.values()))[0]
        clinic = ""
        if self._random.random() < _NAMES_CLINIC:
            clinic = _clinic(*self._random.choice(study.clinics))
        return Named(study.number, str(said.value), clinic)

    def is_first(self, study: Study) -> bool:
        """Whether it was dealt for the first time."""
        return self._dealt[study.number] == 1

    def _turn(self, study: Study, parts: tuple[str, ...]) -> float:
        """When it is this study's turn: the likelier it is and the less often it was dealt, the sooner."""
        likely = study.weight * (_FITS if self._fits(study.replies[-1], parts) else 1.0)
        return (self._dealt[study.number] + self._random.random()) / likely

    def _fits(self, reply: Reply, parts: tuple[str, ...]) -> bool:
        return reply.listed is not None and self._judge(reply, parts, "")["registry-body-part"] == "fits"

    def facts(self, named: Named, reply: Reply, parts: tuple[str, ...]) -> dict[str, str]:
        """What the aid's guidance may go by for this person, with this answer of the registry."""
        if named.said == StudyCheck.Said.OTHER:
            found: Mapping[str, str] = {"registry-study": named.said}
        elif reply.listed is None:
            state = NOT_FOUND if reply.state == NOT_FOUND else NOT_CHECKED
            found = {"registry": state, "registry-study": named.said or NOT_ASKED}
        else:
            said = named.said or NOT_ASKED
            found = {**self._judge(reply, parts, named.clinic), "registry-study": said}
        return {each.slug: found[each.slug] for each in self._aid.facts if found.get(each.slug) in each.values}

    def copy(self, named: Named, reply: Reply) -> int | None:
        """The id of the copy that those facts come from."""
        if named.said == StudyCheck.Said.OTHER or reply.listed is None:
            return None
        return self._copies[reply].pk

    def _judge(self, reply: Reply, parts: tuple[str, ...], clinic: str) -> Mapping[str, str]:
        key = (reply, parts, clinic)
        if key not in self._judged:
            where = trial_facts.Told(**json.loads(clinic)).clinic if clinic else None
            record, today = self._records[reply], self._now.date()
            self._judged[key] = trial.judge(record, self._aid.trial, today=today, parts=parts, clinic=where).facts
        return self._judged[key]
