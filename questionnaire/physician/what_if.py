"""“What would change?”: the same edition on other answers. They come with each request and are kept nowhere."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, QueryDict
from django.views.decorators.http import require_http_methods

from questionnaire.domain.content import Aid
from questionnaire.domain.journey import Journey
from questionnaire.domain.outcome import Outcome, outcome
from questionnaire.domain.questions import Answer, Answers, Question
from questionnaire.domain.triage import triage
from questionnaire.models import Review
from questionnaire.pages.forms import ANSWER, QuestionForm
from questionnaire.physician import answers, frame, histories, opened, response
from questionnaire.physician.opened import of_one_response
from questionnaire.physician.summary import against_words, standing_words
from questionnaire.services import checking, listing, queueing, trial_facts, trial_review
from questionnaire.services.queueing import Read
from questionnaire.services.reviews import Ended

ASKED = "asked"
"""Names the questions that a sent form held, since a question with nothing ticked sends nothing."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A question of the form; `was` is what the patient answered, where the form now says something else."""

    form: QuestionForm
    section: str
    was: str
    is_new: bool


@dataclass(frozen=True, slots=True)
class Effect:
    """What other answers would bring: titles of guidance, and flags and standing in words, before and after."""

    added: list[tuple[str, str]]
    gone: list[tuple[str, str]]
    same: list[tuple[str, str]]
    flags: tuple[tuple[str, ...], tuple[str, ...]]
    standing: tuple[str, str]
    against: tuple[tuple[str, ...], tuple[str, ...]]
    """Reasons against alternatives, each with the name of its alternative."""
    changes: list[tuple[str, str, str]]


@require_http_methods(["GET", "HEAD", "POST"])
@of_one_response
def what_if(request: HttpRequest, pk: UUID) -> HttpResponse:
    review = opened.open_review(request, pk, "what would change")
    if review.version is None:
        raise Ended(pk)
    letter = queueing.has_letter(review, review.version)
    found = queueing.read(review.version, review.preferred, review.facts, letter=letter)
    before = histories.journey_of(review.version)
    language = review.version.language
    sent = request.POST if request.method == "POST" else None
    given = dict(before.answers)
    refused = _taken_in(found.aid, sent, given, language) if sent is not None else []
    after = Journey(found.aid, given, _facts(review, found, given))
    context: dict[str, Any] = {
        **response.around(request, review),
        "version": review.version,
        "asked": _asked(before, after, refused, language),
        "refused": refused,
        "open": after.open,
        "open_short": found.aid.triage.name_of(after.open, language) if after.open else "",
    }
    if sent is not None and not refused and after.complete:
        context["effect"] = _effect(review, found, before, after, language)
        context["unchecked"] = _facts(review, found, given).get("registry") == trial_facts.NOT_CHECKED
    return frame.page(request, "physician/what_if.html", context, 422 if refused else 200)


def _taken_in(aid: Aid, sent: QueryDict, given: dict[str, Answer], language: str) -> list[QuestionForm]:
    """Put into `given` the answers that were sent; those that are none are returned as they were typed."""
    refused = []
    for slug in sent.getlist(ASKED):
        question = aid.question.get(slug)
        if question is None:
            continue
        form = _form(question, language, data=sent)
        if form.is_valid():
            given[slug] = form.cleaned_data["stored"]
        else:
            refused.append(form)
    return refused


def _form(question: Question, language: str, **more: Any) -> QuestionForm:
    form = QuestionForm(question, language, **more)
    form.prefix = question.slug
    if question.kind not in ("one", "many"):
        # On the patient's page the form's own template gives the field its look.
        form.fields[ANSWER].widget.attrs["class"] = "input"
    return form


def _asked(before: Journey, after: Journey, refused: list[QuestionForm], language: str) -> list[Asked]:
    """The questions that these answers lead to. The patient's own words stay out: they count as they are."""
    kept = {form.question.slug: form for form in refused}
    found = []
    for question in after.path:
        slug = question.slug
        if question.kind == "text" and slug in before.answers:
            continue
        form = kept.get(slug) or _form(question, language, given=after.answers.get(slug))
        told, now = (answers.told(each, [slug], language)[0] for each in (before, after))
        was = answers.in_words(told) if before.may_see(slug) and told != now else ""
        section = after.aid.section[question.section].title[language]
        found.append(Asked(form, section, was, is_new=not before.may_see(slug)))
    return found


def _effect(review: Review, found: Read, before: Journey, after: Journey, language: str) -> Effect:
    aid = found.aid
    facts = _facts(review, found, after.answers)
    result = outcome(aid, after.answers, facts)
    judged = triage(
        aid,
        after.answers,
        result,
        facts=facts,
        checked=_checked(review, found, after),
        preferred=review.preferred,
        letter=review.version is not None and queueing.has_letter(review, review.version),
    )
    old, new = _slugs(found.outcome), _slugs(result)
    return Effect(
        added=_titled(aid, [slug for slug in new if slug not in old]),
        gone=_titled(aid, [slug for slug in old if slug not in new]),
        same=_titled(aid, [slug for slug in new if slug in old]),
        flags=(_flags(aid, found.triage.flags), _flags(aid, judged.flags)),
        standing=(standing_words(aid, found.triage.standing), standing_words(aid, judged.standing)),
        against=(against_words(aid, found.triage), against_words(aid, judged)),
        changes=answers.changes(before, after, language),
    )


def _facts(review: Review, found: Read, given: Answers) -> dict[str, str]:
    """What these answers would go by; the registry is not asked for a number that was only tried out."""
    version = review.version
    if version is None:
        return {}
    return trial_facts.facts_for(version, found.aid, Journey(found.aid, given, version.facts))


def _checked(review: Review, found: Read, after: Journey) -> dict[str, str]:
    """What a later check of their study found, while these answers name the same one."""
    version = review.version
    if version is None or not review.facts:
        return {}
    study = trial_review.study_of(version, after)
    if study.number != trial_facts.number_of(found.aid, histories.journey_of(version)):
        return {}
    return trial_review.facts_now(study, trial_review.asked(study.number), checking.today()) or {}


def _slugs(shown: Outcome) -> list[str]:
    return [each.slug for each in (*shown.meaning, *shown.items)]


_KINDS = {
    "urgent": "Urgent",
    "caution": "Caution",
    "alternative": "Option",
    "standard-care": "Option",
    "next-step": "Next step",
    "ask": "Question to ask",
}


def _titled(aid: Aid, slugs: list[str]) -> list[tuple[str, str]]:
    """(kind in a word, title) of each."""
    kinds = {slug: _KINDS[aid.item[slug].kind] if slug in aid.item else "Opening sentence" for slug in slugs}
    return [(kinds[slug], histories.title(aid, slug)) for slug in slugs]


def _flags(aid: Aid, slugs: Iterable[str]) -> tuple[str, ...]:
    return tuple(flag.text for flag in listing.flag_words(aid, slugs))
