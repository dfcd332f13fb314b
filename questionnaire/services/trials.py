"""A person's study: ask the registry about its number, keep if it is the one they were told of, try again later.

The registry is asked here alone, outside of any transaction; guidance goes by what is kept (`trial_facts.py`).
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from questionnaire.domain.conditions import Test, fact_key
from questionnaire.domain.content import Guidance
from questionnaire.domain.outcome import Outcome, Unfinished, outcome
from questionnaire.integrations.clinicaltrials import PATIENT_SECONDS
from questionnaire.models import FinishedVersion, Response, StudyCheck
from questionnaire.services import editions, finishing, registry, responses, trial_facts, tries, versions
from questionnaire.services.registry import Known
from questionnaire.services.responses import Gone, Walk
from questionnaire.services.trial_facts import FOUND, NOT_CHECKED, NOT_FOUND, Told

LONGEST_CLINIC = 200
"""Characters of a clinic's name, and of its city."""
AGAIN_SECONDS = 2.0
MOST_ASKED = 60
"""Times that one address may have the registry asked within a window: more than a waiting room does."""
_PURPOSE = "registry address"
"""Longest wait when the guidance page is opened: that page has work of its own."""
_NEVER_LOST = ("caution", "urgent")
_UNCHECKED = Test(fact_key("registry"), "is", (NOT_CHECKED,))


class NumberChanged(ValueError):
    """Another number counts by now than the one that the person was asked about."""


@dataclass(frozen=True, slots=True)
class Since:
    """What a check brought that succeeded only after the person's page was made; `new` are slugs of guidance."""

    new: tuple[str, ...]
    to_say: bool
    """Whether the person had not yet been asked if it is their study when this page was made."""


def number_of(walk: Walk) -> str:
    """The number that counts on this person's path; empty when there is none, or the edition checks none."""
    return walk.number


def to_ask(walk: Walk) -> bool:
    """Whether there is a number about which they were not asked yet, or a record by now that they were not shown."""
    if not number_of(walk):
        return False
    said = told(walk)
    return said is None or (not said.said and registry.known(number_of(walk)).state == FOUND)


def told(walk: Walk) -> Told | None:
    """What the person said of the study under their number; None before they were asked, or without a number."""
    number = number_of(walk)
    held = StudyCheck.objects.filter(response_id=walk.response.pk, number=number).first() if number else None
    return trial_facts.told_by(held) if held is not None else None


def check(walk: Walk, *, address: str, seconds: float = PATIENT_SECONDS) -> Known | None:
    """What the registry says of the person's number, asked anew if that is due; None without a number.

    Args:
        address: where the request came from; only counted, so that nobody keeps everybody waiting with made-up numbers.
        seconds: the longest wait.
    """
    number = number_of(walk)
    if not number:
        return None
    known = registry.known(number)
    if known.state != NOT_CHECKED:
        return known
    try:
        tries.refuse_if_over(purpose=_PURPOSE, address=address, most=MOST_ASKED)
    except tries.TooManyTries:
        return known
    tries.count(purpose=_PURPOSE, address=address)
    return registry.look_up(number, seconds=seconds)


def say(*, walk: Walk, number: str, said: str, clinic: str = "", city: str = "") -> None:
    """Keep what the person says of the study under this number.

    Args:
        number: the one that their page showed.
        said: a value of `StudyCheck.Said`, or empty where there was nothing to ask about: what they said of this
            number before then stays.
        clinic, city: only compared with the sites of the record, and sealed.

    Raises:
        NumberChanged: another number counts by now.
        Gone: the response was erased meanwhile.
    """
    with transaction.atomic():
        locked = Response.objects.select_for_update().filter(pk=walk.response.pk).first()
        if locked is None:
            raise Gone
        if number_of(responses.walk_of(locked)) != number:
            raise NumberChanged
        held, _ = StudyCheck.objects.get_or_create(response=locked, defaults={"number": number})
        changed = {"number": number, "revision": held.revision + 1}
        if said or held.number != number:
            changed |= {"said": said, "clinic": trial_facts.sealed_clinic(Told(said, clinic, city))}
        # Only what changes: the clinic's seal may be made anew at this moment.
        StudyCheck.objects.filter(pk=held.pk).update(**changed)


def again(walk: Walk, version: FinishedVersion, *, address: str) -> FinishedVersion:
    """The version to show: a new one if the number could not be checked for this one and now can be.

    No guidance that warns is ever lost by it, but what says that there was no answer: where other would be, the version
    stays, and the page offers to make it anew (`outdated.py`).
    """
    if version.facts.get("registry") != NOT_CHECKED or not finishing.is_current(version, walk):
        return version
    known = check(walk, address=address, seconds=AGAIN_SECONDS)
    if known is None or known.state not in (FOUND, NOT_FOUND):
        return version
    today = timezone.now().astimezone(dt.UTC).date()
    said = trial_facts.told(walk.response, walk.number)
    facts, _ = trial_facts.facts_of(said, walk.aid, walk.journey, today=today, last=version)
    try:
        if _warnings(version, outcome(walk.aid, walk.journey.answers, facts)):
            return version
        return finishing.finish(walk=walk, based_on=version)
    except Unfinished:
        return version


def _warnings(version: FinishedVersion, now: Outcome) -> set[str]:
    """What warns in this version and would not in that outcome."""
    aid = editions.aid_of(version.edition_id)
    items = (aid.item[each.slug] for each in Outcome.from_json(version.outcome).items)
    warned = {item.slug for item in items if item.kind in _NEVER_LOST and not _tells_of_no_answer(item)}
    return warned - {each.slug for each in now.items}


def _tells_of_no_answer(item: Guidance) -> bool:
    """Whether this only says that the number could not be checked, which is untrue once it was."""
    when = item.when
    return when is not None and when.behavior == "all" and _UNCHECKED in when.parts


def keeps_warnings(version: FinishedVersion, now: Outcome) -> bool:
    """Whether everything that warns in this version would in that outcome too, as `again` asks for."""
    return not _warnings(version, now)


def since(version: FinishedVersion) -> Since | None:
    """What was found out after the version before, from the same answers; None if this version is no such one."""
    if version.number == 1 or version.facts.get("registry") not in (FOUND, NOT_FOUND):
        return None
    before = version.response.versions.filter(number=version.number - 1, edition_id=version.edition_id).first()
    if before is None or before.facts.get("registry") != NOT_CHECKED or not versions.same_answers(before, version):
        return None
    had = {each.slug for each in Outcome.from_json(before.outcome).items}
    new = tuple(each.slug for each in Outcome.from_json(version.outcome).items if each.slug not in had)
    asked = trial_facts.told_in(version, trial_facts.number_in(version)).said
    return Since(new, to_say=version.facts["registry"] == FOUND and not asked)
