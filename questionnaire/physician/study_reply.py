"""A reply to a patient of whose study the registry says more by now: true to what they read, and must do."""

from __future__ import annotations

from questionnaire.domain.content import Aid
from questionnaire.models import RegistryStudy
from questionnaire.services import checking, editions, trial_review
from questionnaire.services.trial_review import Study

CHANGED = "study-changed"
GONE = "study-gone"
NOW_FOUND = "study-now-found"
NOW_NONE = "study-now-none"
NOW_CHECKED = "study-now-checked"
"""Notes with which the reply begins. What comes of opening the guidance page alone is said only where it does."""


_UNCHECKED = "The study could not be checked when the patient finished. Now it was"
_WHY = {
    CHANGED: "The registry now says more than the patient read",
    GONE: "The registry no longer lists a study under this number",
}


def why(study: Study, row: RegistryStudy) -> str:
    """What happened since the patient finished, as a heading for physicians."""
    return _WHY.get(beginning(study, row), _UNCHECKED)


def prepared(study: Study, row: RegistryStudy | None, slugs: tuple[str, ...]) -> str:
    """What a physician may send, to be changed first; empty when there is nothing new to tell.

    Args:
        slugs: of guidance that the patient would read now and did not.
    """
    if not slugs or row is None:
        return ""
    aid, language = study.aid, study.version.language
    listed = (f"- {trial_review.title(aid, slug, language)}" for slug in slugs)
    return "\n".join((note(aid, beginning(study, row), language).strip(), *listed)).strip()


def beginning(study: Study, row: RegistryStudy) -> str:
    """The note for this case: what was found out when they finished, what it is now, and what they must do."""
    listed = row.state != RegistryStudy.State.NOT_FOUND
    if not trial_review.was_unchecked(study):
        return CHANGED if listed else GONE
    if not trial_review.comes_by_opening(study, row, checking.today()):
        return NOW_CHECKED
    return NOW_FOUND if listed else NOW_NONE


def note(aid: Aid, slug: str, language: str) -> str:
    """The aid's own words, and where an edition is older than this page, the shipped aid's."""
    text = aid.notes.get(slug) or editions.shipped_document()["aid.yaml"]["notes"][slug]
    return str(text.get(language) or next(iter(text.values())))
