"""What the registry says of a shared response's study now, against what its patient read.

A record changes after a patient has finished, or could not be fetched then. Where the offer stands, and the flags that
follow from it, go by what it says now. Where that would add to the patient's guidance, the response is flagged and goes
up in the inbox, so that a physician can tell them.
"""

from __future__ import annotations

import copy
import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction

from questionnaire.domain import trial
from questionnaire.domain.content import Aid
from questionnaire.domain.journey import Journey
from questionnaire.domain.outcome import Outcome, Unfinished, outcome
from questionnaire.domain.trial_changes import STUDY_CHANGED
from questionnaire.domain.trial_record import TrialRecord
from questionnaire.domain.trial_sites import Clinic
from questionnaire.models import FinishedVersion, RegistryStudy, Review, ReviewEntry, StudyCheck
from questionnaire.services import (
    audit,
    checking,
    editions,
    finishing,
    letters,
    queueing,
    registry,
    responses,
    reviews,
    shared,
    staff,
    trial_facts,
    trials,
)
from questionnaire.services.registry import Known
from questionnaire.services.sealing import unseal, unsealed
from questionnaire.services.staff import Caller
from questionnaire.services.trial_facts import NOT_CHECKED, Told

State, Said = RegistryStudy.State, StudyCheck.Said


class NoNumber(LookupError):
    """The patient gave no number of a study, or their edition checks none."""


@dataclass(frozen=True, slots=True)
class Study:
    """The study of one finished version, as far as its patient had told when they confirmed it.

    Attributes:
        number: empty when they gave none.
    """

    version: FinishedVersion
    journey: Journey
    number: str
    told: Told

    @property
    def aid(self) -> Aid:
        return self.journey.aid

    @property
    def clinic(self) -> Clinic:
        return self.told.clinic

    def judged(self, record: TrialRecord, today: dt.date) -> trial.Judged:
        """What this record shows for this patient."""
        rules = self.aid.trial
        parts = trial.parts_of(rules, self.journey.counted)
        return trial.judge(record, rules, today=today, parts=parts, clinic=self.clinic)


def study_of(version: FinishedVersion, journey: Journey | None = None) -> Study:
    """The study that this version names; `journey` is the version's, where it is at hand."""
    if journey is None:
        aid = editions.aid_of(version.edition_id)
        journey = Journey(aid, unsealed(version.answers), version.facts)
    number = trial_facts.number_of(journey.aid, journey)
    return Study(version, journey, number, trial_facts.told_in(version, number))


def asked(number: str) -> RegistryStudy | None:
    """Where we stand with this number."""
    return RegistryStudy.objects.select_related("newest").filter(number=number).first() if number else None


def facts_now(study: Study, row: RegistryStudy | None, today: dt.date) -> dict[str, str] | None:
    """The facts by the last answer of the registry.

    None where nothing can be compared: there was no answer since the patient finished, or what the registry has under
    the number is another study than the one they were told of.
    """
    said = study.told.said
    if row is None or row.checked_at is None or row.checked_at <= study.version.finished_at or said == Said.OTHER:
        return None
    if row.state == State.FOUND and row.newest is not None:
        facts = dict(study.judged(registry.record_of(row.newest), today).facts)
    elif row.state == State.NOT_FOUND:
        facts = {"registry": "not-found"}
    else:
        return None
    facts["registry-study"] = said or trial_facts.NOT_ASKED
    return {each.slug: facts[each.slug] for each in study.aid.facts if facts.get(each.slug) in each.values}


def same_record(study: Study, row: RegistryStudy) -> bool:
    """Whether the registry says now what it said when the patient finished."""
    if row.state == State.NOT_FOUND:
        return bool(study.version.facts.get("registry") == trial_facts.NOT_FOUND)
    return bool(study.version.registry_copy_id and study.version.registry_copy_id == row.newest_id)


def added(study: Study, row: RegistryStudy | None, today: dt.date) -> tuple[str, ...]:
    """Slugs of guidance and opening sentences that the patient would read now and did not, in order of reading."""
    facts = facts_now(study, row, today)
    return () if facts is None else _added(study, facts)


def _added(study: Study, facts: Mapping[str, str]) -> tuple[str, ...]:
    seen = Outcome.from_json(study.version.outcome)
    shown = {each.slug for each in (*seen.meaning, *seen.items)}
    try:
        now = outcome(study.aid, study.journey.answers, facts)
    except Unfinished:
        # A question that only these facts open: what would be added is not known before it is answered.
        return ()
    return tuple(each.slug for each in (*now.meaning, *now.items) if each.slug not in shown)


def was_unchecked(study: Study) -> bool:
    """Whether nobody could say anything of the number when the patient finished."""
    version = study.version
    return version.registry_copy_id is None and version.facts.get("registry", NOT_CHECKED) == NOT_CHECKED


def comes_by_opening(study: Study, row: RegistryStudy | None, today: dt.date) -> bool:
    """Whether the patient need only open their guidance page to read what is added, as `trials.again` renews it.

    Not where they have changed an answer since, nor where a caution would be lost: their page then stays as it was
    until they confirm their answers again.
    """
    version, facts = study.version, facts_now(study, row, today)
    if not was_unchecked(study) or facts is None:
        return False
    if not finishing.is_current(version, responses.walk_of(version.response)):
        return False
    try:
        return trials.keeps_warnings(version, outcome(study.aid, study.journey.answers, facts))
    except Unfinished:
        return False


def apply(review: Review, version: FinishedVersion) -> None:
    """Set on a review that is shared now what follows from this version and from any check since it was finished."""
    study = study_of(version)
    facts = facts_now(study, asked(study.number), checking.today())
    adds = facts is not None and bool(_added(study, facts))
    queueing.apply(review, version, facts, adds=adds, letter=letters.any_about(version, review))


@dataclass(frozen=True, slots=True)
class Checked:
    """What "check again" came to.

    Attributes:
        known: what the registry said, or what is known where it was not asked.
        flagged: whether the response was flagged for it now.
        wait: seconds until it may be asked again, where it was not asked: somebody had just done so.
    """

    known: Known
    flagged: bool
    wait: int = 0


def check_again(*, by: Caller, pk: UUID) -> Checked:
    """Ask the registry anew for the study of this review, and compare. Recorded, whatever comes of it.

    Raises:
        staff.NotAllowed, reviews.NoReview, reviews.Ended, NoNumber.
    """
    staff.require_physician(by.user)
    review = Review.objects.select_related("version").filter(pk=pk).first()
    if review is None:
        reviews.refused(by=by, pk=pk, step="check again", why="NoReview")
        raise reviews.NoReview(pk)
    if review.version is None:
        reviews.refused(by=by, pk=pk, step="check again", why="Ended")
        raise reviews.Ended(pk)
    number = study_of(review.version).number
    if not number:
        reviews.refused(by=by, pk=pk, step="check again", why="NoNumber")
        raise NoNumber(pk)
    wait = registry.wait(number)
    # No transaction stays open while the registry is waited for.
    known = registry.known(number) if wait else registry.ask_again(number)
    with transaction.atomic():
        reason = "asked a moment ago" if wait else known.reason
        detail = {"registry": known.state, "why": reason} if reason else {"registry": known.state}
        # The review first and its record after it, as in every step: two transactions then never wait for each other.
        flagged = recheck(pk=pk, number=number, by=by)
        audit.record(kind="study checked", by=by.user, address=by.address, subject=pk, detail=detail)
    return Checked(known, flagged, wait)


def after_refresh(number: str) -> int:
    """Compare every open response with this study, after the registry was asked anew; how many are flagged now."""
    found = Review.objects.filter(version__study_number=number, ended_at=None).order_by("shared_at")
    return sum(recheck(pk=pk, number=number) for pk in list(found.values_list("pk", flat=True)))


def recheck(*, pk: UUID, number: str, by: Caller | None = None) -> bool:
    """Bring a review's standing and flags into line with its study's record as it is kept now.

    What the patient read stays as it was. Where the record adds to it, the review is flagged; the physicians are told
    what it adds, and not again what they were told before.

    Args:
        number: of the study that was asked for; a response that names another one by now is left as it is.
        by: the physician who asked; None when the program did.

    Returns:
        Whether there is something new to tell.
    """
    with transaction.atomic():
        review = Review.objects.select_for_update(of=("self",)).select_related("version").filter(pk=pk).first()
        version = review.version if review else None
        if review is None or version is None or (study := study_of(version)).number != number:
            return False
        facts = facts_now(study, asked(number), checking.today())
        if facts is None:
            return False
        slugs = _added(study, facts)
        text = "\n".join(title(study.aid, slug, study.aid.language) for slug in slugs)
        told = bool(slugs) and text != _told_last(review)
        before = copy.copy(review)
        queueing.apply(review, version, facts, adds=bool(slugs), letter=queueing.has_letter(review, version))
        if told or _differs(review, before):
            _settle(review, before, text if told else "", by)
    return told


def _differs(review: Review, before: Review) -> bool:
    return (review.flags, review.standing, review.facts) != (before.flags, before.standing, before.facts)


def _settle(review: Review, before: Review, text: str, by: Caller | None) -> None:
    """Save it; with something to tell, or a flag more, whoever was done with it must look again."""
    gained = {*review.flags} - {*before.flags} - {STUDY_CHANGED}
    if (text or gained) and review.state in (Review.State.WAITING, Review.State.REVIEWED):
        review.state = Review.State.NEW
    if text:
        shared.add_entry(review, ReviewEntry.Kind.STUDY, by=by.user if by else None, text=text)
    queueing.settle(review, before)
    if not text and (review.flags, review.standing) == (before.flags, before.standing):
        return
    detail = {"version": review.version.number} if review.version else {}
    if by is None:
        audit.record(kind="study changed", actor=audit.PROGRAM, subject=review.pk, detail=detail)
    else:
        audit.record(kind="study changed", by=by.user, address=by.address, subject=review.pk, detail=detail)


def _told_last(review: Review) -> str:
    """What the last flagging since the patient's newest answers told."""
    changed = review.entries.filter(kind=ReviewEntry.Kind.CHANGED).order_by("-number").first()
    told = review.entries.filter(kind=ReviewEntry.Kind.STUDY, number__gt=changed.number if changed else 0)
    last = told.order_by("-number").first()
    return unseal(last.text) if last and last.text else ""


def title(aid: Aid, slug: str, language: str) -> str:
    """How an item of guidance, or an opening sentence, is called."""
    item = aid.item.get(slug)
    text = aid.sentence[slug].text if item is None else item.option.name if item.option else item.title
    return text.get(language) or text[aid.language]
