"""What is known of a person's study, as facts for their guidance and as a listing for their page. Asks nobody."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping
from dataclasses import dataclass

from questionnaire.domain import trial_record
from questionnaire.domain.content import Aid
from questionnaire.domain.journey import Journey
from questionnaire.domain.ladder import LONGEST_SHOWN, Listing
from questionnaire.domain.letter_match import state_of
from questionnaire.domain.trial import Finding, judge, parts_of
from questionnaire.domain.trial_sites import Clinic
from questionnaire.models import FinishedVersion, RegistryCopy, RegistryStudy, Response, StudyCheck
from questionnaire.services import editions, registry
from questionnaire.services.sealing import seal, unseal, unsealed

FOUND, NOT_FOUND, NOT_CHECKED, MOVED = "found", "not-found", "not-checked", "moved"
NOT_ASKED = "not-asked"
"""Of the fact `registry-study`: there was no record about which the person could be asked."""
_COMPARED = ("registry-site", "registry-body-part")
"""Facts that come from what the person said as well."""
_WIDER = {("registry-exosomes", "product"): "described"}
"""What stood for a value in editions from before it."""


@dataclass(frozen=True, slots=True)
class Told:
    """What a person said of the study under their number.

    Attributes:
        said: empty when there was nothing to ask about.
        name, city: of the clinic, as they typed it.
    """

    said: str = ""
    name: str = ""
    city: str = ""

    @property
    def clinic(self) -> Clinic:
        """The clinic; a state behind the city, as in "Tampa, FL", is the clinic's state."""
        state = state_of("", self.city)
        city = self.city.rpartition(",")[0] if state and "," in self.city else self.city
        return Clinic(self.name, city, state)


def number_of(aid: Aid, journey: Journey) -> str:
    """The study's number that the person typed and that counts; empty when there is none, or the aid checks none."""
    if not aid.trial.given:
        return ""
    for question in journey.path:
        typed = journey.answers.get(question.slug)
        if question.kind == "trial-number" and question.slug in journey.counted and isinstance(typed, str):
            return typed if trial_record.NUMBER.fullmatch(typed) else ""
    return ""


def told(response: Response, number: str) -> Told:
    """What the person says of the study under this number now, whether they have confirmed it or not."""
    held = StudyCheck.objects.filter(response_id=response.pk, number=number).first() if number else None
    return told_by(held) if held is not None else Told()


def told_by(held: StudyCheck) -> Told:
    """What this row keeps, in the clear."""
    return _told(held.said, held.clinic)


def told_in(version: FinishedVersion, number: str) -> Told:
    """What the person had said of the study under this number when they confirmed this version."""
    if not number or version.study_number != number:
        return Told()
    return _told(version.study_said, version.study_clinic)


def _told(said: str, sealed_clinic: str) -> Told:
    held = json.loads(unseal(sealed_clinic)) if sealed_clinic else {}
    return Told(said, held.get("name", ""), held.get("city", ""))


def sealed_clinic(said: Told) -> str:
    """The clinic as it is kept; empty where none was named."""
    return seal(json.dumps({"name": said.name, "city": said.city})) if said.name or said.city else ""


def facts_of(
    said: Told, aid: Aid, journey: Journey, *, today: dt.date, last: FinishedVersion | None = None
) -> tuple[dict[str, str], RegistryCopy | None]:
    """What the aid's guidance may go by, and the record that it comes from; nothing without a number.

    Args:
        said: of the study under the number that counts.
        last: the version before. What was checked for it stays so while there is no newer answer.
    """
    number = number_of(aid, journey)
    if not number or not aid.facts:
        return {}, None
    known = registry.known(number)
    state, copy = known.state, known.copy if known.state == FOUND else None
    if state not in (FOUND, NOT_FOUND) and last is not None and number_in(last) == number:
        state, copy = _state_of(last), last.registry_copy
    return _facts(aid, journey, said, state, copy, today)


def facts_again(version: FinishedVersion, said: Told, aid: Aid, journey: Journey) -> dict[str, str]:
    """The facts of a version had the person said this, the registry and the day being as they were then."""
    number = number_of(aid, journey)
    if not number or not aid.facts:
        return {}
    day = version.finished_at.date()
    found, _ = _facts(aid, journey, said, _state_of(version), version.registry_copy, day)
    return found


def facts_for(version: FinishedVersion, aid: Aid, journey: Journey) -> dict[str, str]:
    """The facts that other answers than the version's would go by: another number is one that nobody checked."""
    number = number_of(aid, journey)
    if number and number != number_in(version):
        unchecked = {"registry": NOT_CHECKED, "registry-study": NOT_ASKED}
        return _declared(aid, unchecked)
    if number and journey.answers == unsealed(version.answers):
        return dict(version.facts)
    return facts_again(version, told_in(version, number), aid, journey)


def _state_of(version: FinishedVersion) -> str:
    return str(version.facts.get("registry", FOUND if version.registry_copy_id else NOT_CHECKED))


def _facts(
    aid: Aid, journey: Journey, said: Told, state: str, copy: RegistryCopy | None, today: dt.date
) -> tuple[dict[str, str], RegistryCopy | None]:
    if said.said == StudyCheck.Said.OTHER:
        # The record of another study says nothing about theirs.
        return _declared(aid, {"registry-study": said.said}), None
    facts = {"registry": NOT_FOUND if state == NOT_FOUND else NOT_CHECKED}
    if copy is not None:
        parts = parts_of(aid.trial, journey.counted)
        judged = judge(registry.record_of(copy), aid.trial, today=today, parts=parts, clinic=said.clinic)
        facts = dict(judged.facts)
    return _declared(aid, facts | {"registry-study": said.said or NOT_ASKED}), copy


def _declared(aid: Aid, facts: Mapping[str, str]) -> dict[str, str]:
    """Those that the edition knows: an older one may know none, or have a value only as part of a wider one."""
    told: dict[str, str] = {}
    for fact in aid.facts:
        value = facts.get(fact.slug, "")
        for each in (value, _WIDER.get((fact.slug, value), "")):
            if each in fact.values:
                told.setdefault(fact.slug, each)
    return told


def number_in(version: FinishedVersion) -> str:
    """The study's number that counts in this version."""
    aid = editions.aid_of(version.edition_id)
    return number_of(aid, Journey(aid, unsealed(version.answers), version.facts))


def listing_of(version: FinishedVersion) -> Listing | None:
    """What the page of this version shows of the registry's record; None without one that may be their study's."""
    number = number_in(version) if version.facts else ""
    if not number or version.facts.get("registry-study") == StudyCheck.Said.OTHER:
        return None
    study = RegistryStudy.objects.select_related("newest").filter(number=number).first()
    state, copy = _state_of(version), version.registry_copy
    if state == NOT_FOUND:
        return Listing(number, NOT_FOUND, checked=_not_found_on(version, study))
    if copy is not None:
        return _listing(version, number, FOUND, copy)
    if study is not None and study.state == RegistryStudy.State.MOVED:
        return Listing(number, MOVED, moved_to=study.moved_to)
    if study is not None and study.newest is not None and study.newest.fetched_at <= version.finished_at:
        return _listing(version, number, NOT_CHECKED, study.newest)
    return Listing(number, NOT_CHECKED)


def _not_found_on(version: FinishedVersion, study: RegistryStudy | None) -> dt.date:
    """The last day on which the registry gave this very answer."""
    same = study is not None and study.state == RegistryStudy.State.NOT_FOUND
    moment = study.checked_at if same and study is not None else None
    return (moment or version.finished_at).date()


def _listing(version: FinishedVersion, number: str, state: str, copy: RegistryCopy) -> Listing:
    """The record as it is kept, with the last day on which the registry gave just this."""
    aid = editions.aid_of(version.edition_id)
    counted = Journey(aid, unsealed(version.answers), version.facts).counted
    record = registry.record_of(copy)
    day, clinic = version.finished_at.date(), told_in(version, number).clinic
    judged = judge(record, aid.trial, today=day, parts=parts_of(aid.trial, counted), clinic=clinic)
    return Listing(
        number,
        state,
        checked=copy.confirmed_at.date(),
        data=copy.data_day,
        title=record.title[:LONGEST_SHOWN],
        sponsor=record.sponsor[:LONGEST_SHOWN],
        moved_to=copy.number if copy.number != number else "",
        findings=tuple(each for each in judged.findings if _agrees(each, version.facts)),
        older=state == NOT_CHECKED,
    )


def _agrees(finding: Finding, facts: Mapping[str, str]) -> bool:
    """Whether this is what the guidance went by: a version from before clinics were kept has that of a later day."""
    for fact in _COMPARED:
        if fact in facts and finding.slug.startswith(f"{fact.removeprefix('registry-')}-"):
            return finding.slug == f"{fact.removeprefix('registry-')}-{facts[fact]}"
    return finding.slug != "source"
