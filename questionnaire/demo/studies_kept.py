"""What is kept of the made-up studies, as if the registry had been asked daily: a few rows for everybody."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Mapping
from dataclasses import asdict

from django.db import transaction

from questionnaire.demo import listed
from questionnaire.demo.listed import Listed
from questionnaire.demo.studies import STUDIES, Reply, Study
from questionnaire.domain.trial_changes import changes
from questionnaire.models import RegistryChange, RegistryCopy, RegistryStudy
from questionnaire.services import registry

ASKED = dt.timedelta(hours=3)
"""How long ago the registry was last asked: within a day, so that its answers count as fresh."""
_STATES = {
    "found": RegistryStudy.State.FOUND,
    "not-found": RegistryStudy.State.NOT_FOUND,
    "not-checked": RegistryStudy.State.NEVER,
}
Copies = Mapping[Reply, RegistryCopy]


def keep(now: dt.datetime) -> Copies:
    """Keep the registry's answers about every made-up study up to this moment; the copy behind each."""
    copies: dict[Reply, RegistryCopy] = {}
    with transaction.atomic():
        for study in STUDIES:
            # Each answer was given up to the next one, the last until now.
            ends = [*(since(reply, now) for reply in study.replies[1:]), now - ASKED]
            for reply, last in zip(study.replies, ends, strict=True):
                if reply.listed is not None:
                    copies[reply] = _copy(reply.listed, since(reply, now), last, now)
            _note_change(study, copies, now)
            _stand(study, copies, now)
    return copies


def _copy(study: Listed, fetched: dt.datetime, confirmed: dt.datetime, now: dt.datetime) -> RegistryCopy:
    text = listed.text_of(listed.as_json(study, now.astimezone(dt.UTC).date()))
    copy, _ = RegistryCopy.objects.get_or_create(
        number=study.number,
        content_hash=hashlib.sha256(text.encode()).hexdigest(),
        defaults={
            "record": text,
            "fetched_at": fetched,
            "confirmed_at": confirmed,
            "data_timestamp": f"{confirmed.date()}T09:00:05",
        },
    )
    return copy


def since(reply: Reply, now: dt.datetime) -> dt.datetime:
    """When the registry was first found to say so."""
    return now - dt.timedelta(days=reply.days)


def _note_change(study: Study, copies: Copies, now: dt.datetime) -> None:
    held = [copies[reply] for reply in study.replies if reply in copies]
    if len(held) < 2 or RegistryChange.objects.filter(before=held[0], after=held[1]).exists():
        return
    found = [asdict(each) for each in changes(registry.record_of(held[0]), registry.record_of(held[1]))]
    at = since(study.now, now)
    RegistryChange.objects.create(number=study.number, before=held[0], after=held[1], fields=found, found_at=at)


def _stand(study: Study, copies: Copies, now: dt.datetime) -> None:
    """Where we stand with the number after it was asked for the last time."""
    state, at = _STATES[study.now.state], now - ASKED
    never = state == RegistryStudy.State.NEVER
    values = {
        "state": state,
        "newest": copies.get(study.now),
        "checked_at": None if never else at,
        "tried_at": at,
        "reason": "failed" if never else "",
    }
    RegistryStudy.objects.update_or_create(number=study.number, defaults=values)
