"""Finish a response: its guidance is worked out and kept, with everything it came from, as a version of its own."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils import timezone

from questionnaire.domain.outcome import Outcome, Unfinished, outcome
from questionnaire.models import FinishedVersion, Response
from questionnaire.services import letters, responses, shared, trial_facts, versions
from questionnaire.services.responses import Gone, Walk
from questionnaire.services.trial_facts import Told


def finish(*, walk: Walk, based_on: FinishedVersion | None = None) -> FinishedVersion:
    """Work out the guidance and keep it with everything it came from. Confirming twice makes one version.

    What is known of the person's study is taken from what is kept; nobody is asked here.

    Args:
        based_on: make a new version only of what this one was made from, since the person confirms nothing now; it has
            the same letters.

    Raises:
        Unfinished: a question is open, or urgent guidance has not been seen.
        Gone: the response was erased meanwhile.
    """
    with transaction.atomic():
        try:
            response = Response.objects.select_for_update().get(pk=walk.response.pk)
        except Response.DoesNotExist:
            raise Gone from None
        walk = responses.walk_of(response)
        if walk.urgent_unseen:
            raise Unfinished("urgent")
        now, said = timezone.now(), trial_facts.told(response, walk.number)
        last = response.versions.select_related("registry_copy").order_by("-number").first()
        if based_on is not None and last is not None and not (last == based_on and _says(last, walk, said)):
            return last
        today = now.astimezone(dt.UTC).date()
        facts, copy = trial_facts.facts_of(said, walk.aid, walk.journey, today=today, last=last)
        result = outcome(walk.aid, walk.journey.answers, facts)
        shown = letters.shown_in(based_on) if based_on else letters.to_show(walk.journey, said)
        if last and _says(last, walk, said) and (last.facts, letters.shown_in(last)) == (facts, shown):
            return last
        version = FinishedVersion.objects.create(
            response=response,
            number=last.number + 1 if last else 1,
            edition_id=response.edition_id,
            language=response.language,
            answers=response.answers,
            facts=facts,
            outcome=result.to_json(),
            registry_copy=copy,
            study_number=walk.number,
            study_said=said.said,
            study_clinic=trial_facts.sealed_clinic(said),
            letters=letters.sealed(shown),
            finished_at=now,
        )
        if response.is_shared:
            shared.renewed(response, version)
        return version


def _says(version: FinishedVersion, walk: Walk, said: Told) -> bool:
    """Whether the version was made of this edition, these answers, and this about the study."""
    if version.edition_id != walk.response.edition_id or not versions.same_answers(version, walk.response):
        return False
    return trial_facts.told_in(version, walk.number) == said


def latest(walk: Walk) -> FinishedVersion | None:
    """The newest finished version of this response."""
    return (
        walk.response.versions.select_related("edition", "registry_copy")
        .defer("edition__document")
        .order_by("-number")
        .first()
    )


def is_current(version: FinishedVersion, walk: Walk) -> bool:
    """Whether what the person says is still what the version was made from.

    The registry may say something else by now; that alone makes no page outdated.
    """
    said = trial_facts.told(walk.response, walk.number)
    if not _says(version, walk, said):
        return False
    return bool(trial_facts.facts_again(version, said, walk.aid, walk.journey) == version.facts)


def shown_outcome(version: FinishedVersion) -> Outcome:
    return Outcome.from_json(version.outcome)
