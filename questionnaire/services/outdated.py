"""Why a person's newest guidance is not what they would get now, so that their page can say it."""

from __future__ import annotations

from dataclasses import dataclass

from questionnaire.models import Edition, FinishedVersion
from questionnaire.services import finishing, registry, trial_facts, versions
from questionnaire.services.responses import Walk
from questionnaire.services.trial_facts import FOUND, NOT_CHECKED, NOT_FOUND


@dataclass(frozen=True, slots=True)
class Outdated:
    """What came after a version was made.

    Attributes:
        answers: the person has changed an answer, or what they said of their study.
        notes: what changed for safety in the guidance, in the editors' words, oldest first. Only such a change is put
            before people who have finished.
        registry: the trial registry could not be asked then and has answered by now.
    """

    answers: bool = False
    notes: tuple[str, ...] = ()
    registry: bool = False

    def __bool__(self) -> bool:
        return self.answers or bool(self.notes) or self.registry


def why(version: FinishedVersion, walk: Walk) -> Outdated:
    """What came after this version of this person."""
    notes: tuple[str, ...] = ()
    if version.edition_id == walk.response.edition_id:
        answers = not finishing.is_current(version, walk)
    else:
        said = trial_facts.told(walk.response, walk.number)
        same = versions.same_answers(version, walk.response) and trial_facts.told_in(version, walk.number) == said
        answers, notes = not same, _safety_changes(version.edition, walk)
    return Outdated(answers, notes, not answers and _answered(version, walk))


def _safety_changes(edition: Edition, walk: Walk) -> tuple[str, ...]:
    found = Edition.objects.filter(aid=edition.aid, safety_change=True, number__gt=edition.number)
    until = found.filter(number__lte=Edition.objects.values("number").filter(pk=walk.response.edition_id))
    return tuple(until.order_by("number").values_list("change_note", flat=True))


def _answered(version: FinishedVersion, walk: Walk) -> bool:
    unchecked = version.facts.get("registry") == NOT_CHECKED and bool(walk.number)
    return unchecked and registry.known(walk.number).state in (FOUND, NOT_FOUND)
