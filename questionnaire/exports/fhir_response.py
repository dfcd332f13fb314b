"""Finished answers as a FHIR R4 QuestionnaireResponse, and both together as a Bundle.

It holds what was asked and answered, in the words shown, and nothing that names a person. What is absent was not asked
(its item is disabled) or was skipped (its item is enabled); "not sure" is an answer like any other.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping

from questionnaire.domain.content import Aid
from questionnaire.domain.journey import Journey
from questionnaire.domain.questions import Answers, Question, values_of
from questionnaire.exports.fhir_codes import (
    Element,
    canonical,
    code_of,
    fact_code,
    fact_link,
    facts_read,
    gated,
    label,
    typed_code,
    typed_link,
    typed_value,
)
from questionnaire.exports.fhir_conditions import enabling

STATUSES = ("in-progress", "completed", "amended")


def questionnaire_response(
    aid: Aid,
    answers: Answers,
    *,
    base: str,
    id: str,
    version: int,
    status: str,
    authored: str,
    language: str,
    facts: Mapping[str, str] | None = None,
) -> Element:
    """The answers that count, in the questionnaire's order and nesting.

    Args:
        answers: as the domain knows them, not sealed.
        id: a random one, by which nobody can be found.
        version: number of the edition that was answered.
        status: one of `STATUSES`; `amended` where answers were changed after a first finish.
        authored: when it was finished, as ISO 8601 with its zone.
        language: in which the person read it.
        facts: what the program had found out when it was finished.
    """
    writer = _Writer(aid, base, language)
    items = [*writer.facts(facts or {}), *writer.sections(Journey(aid, answers, facts))]
    made = {
        "resourceType": "QuestionnaireResponse",
        "id": id,
        "language": language,
        "questionnaire": f"{canonical(base, 'Questionnaire', aid.slug)}|{version}",
        "status": status,
        "authored": authored,
    }
    # FHIR has no empty lists.
    return made | ({"item": items} if items else {})


class _Writer:
    def __init__(self, aid: Aid, base: str, language: str) -> None:
        self.aid = aid
        self.system = canonical(base, "CodeSystem", aid.slug)
        self.language = language

    def facts(self, facts: Mapping[str, str]) -> Iterator[Element]:
        for fact in facts_read(self.aid):
            if fact.slug in facts:
                value = facts[fact.slug]
                answer = self._coding(fact_code(fact.slug, value), value)
                yield {"linkId": fact_link(fact.slug), "text": fact.slug, "answer": [answer]}

    def sections(self, journey: Journey) -> Iterator[Element]:
        for section in self.aid.sections:
            items = [
                self._within_groups(question, self._question(question, journey))
                for question in journey.path
                if question.section == section.slug and question.slug in journey.counted
            ]
            if items:
                yield {"linkId": f"Section.{section.slug}", "text": section.title[self.language], "item": items}

    def _within_groups(self, question: Question, item: Element) -> Element:
        for number in range(len(enabling(self.aid, self.system, question.when).groups), 0, -1):
            item = {"linkId": f"{question.slug}.When{number}", "item": [item]}
        return item

    def _question(self, question: Question, journey: Journey) -> Element:
        answer = journey.answers[question.slug]
        if isinstance(answer, str) and question.kind not in ("one", "many"):
            answered = [self._typed(question, answer)]
        else:
            answered = [self._chosen(question, slug) for slug in _in_their_order(question, values_of(answer))]
        return {"linkId": question.slug, "text": question.text[self.language], "answer": answered}

    def _chosen(self, question: Question, slug: str) -> Element:
        return self._coding(code_of(question.slug, slug), label(question.choice[slug])[self.language])

    def _typed(self, question: Question, answer: str) -> Element:
        kind, value = typed_value(self.aid, question, answer)
        typed = {f"value{kind}": value}
        if not gated(question):
            return typed
        short = question.short[self.language]
        child = {"linkId": typed_link(question), "text": short, "answer": [typed]}
        return self._coding(typed_code(question.slug), short) | {"item": [child]}

    def _coding(self, code: str, display: str) -> Element:
        return {"valueCoding": {"system": self.system, "code": code, "display": display}}


def _in_their_order(question: Question, chosen: tuple[str, ...]) -> list[str]:
    return [slug for slug in question.choice if slug in chosen]


def bundle(questionnaire: Element, response: Element) -> Element:
    """Both in one file, each under an address that holds within it."""
    asked = uuid.uuid5(uuid.NAMESPACE_URL, response["questionnaire"])
    return {
        "resourceType": "Bundle",
        "type": "collection",
        "timestamp": response["authored"],
        "entry": [
            {"fullUrl": asked.urn, "resource": questionnaire},
            {"fullUrl": uuid.UUID(response["id"]).urn, "resource": response},
        ],
    }
