"""Our answers as a person would enter them in another program's form, and a form's answers as ours."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from questionnaire.domain.content import Aid
from questionnaire.domain.questions import Answer, Answers, Question
from questionnaire.exports.fhir_questionnaire import questionnaire
from questionnaire.exports.fhir_response import questionnaire_response
from tests.exports.fhir_renderer import Renderer, every_item

BASE = "https://aid.example.org/fhir"


def published(aid: Aid, **more: Any) -> dict[str, Any]:
    """This aid's Questionnaire as an edition's."""
    given: dict[str, Any] = {
        "base": BASE,
        "id": aid.slug,
        "version": 7,
        "date": "2026-11-26T09:30:00+00:00",
        "status": "active",
        "experimental": False,
        "publisher": "Riverside Clinic",
    }
    return questionnaire(aid, **(given | more))


def answered(aid: Aid, answers: Answers, **more: Any) -> dict[str, Any]:
    """These answers as a QuestionnaireResponse."""
    told: dict[str, Any] = {
        "base": BASE,
        "id": "2b0e1d2c-6a4f-4a55-9a53-5a8b7c6d5e4f",
        "version": 7,
        "status": "completed",
        "authored": "2026-11-26T10:00:00+00:00",
        "language": aid.language,
    }
    return questionnaire_response(aid, answers, **(told | more))


def entered(made: Mapping[str, Any], answers: Answers, facts: Mapping[str, str]) -> dict[str, list[dict[str, Any]]]:
    """What a person (and the program, for facts) enters who answers so, read off the questionnaire's own options."""
    items = {item["linkId"]: item for item in every_item(made["item"])}
    given: dict[str, list[dict[str, Any]]] = {}
    for slug, value in facts.items():
        if f"Fact.{slug}" in items:
            given[f"Fact.{slug}"] = [_option(items[f"Fact.{slug}"], value)]
    for slug, answer in answers.items():
        item = items[slug]
        if isinstance(answer, dict | list):
            given[slug] = [_option(item, each) for each in (answer.values() if isinstance(answer, dict) else answer)]
        elif answer is not None and item["type"] != "choice":
            given[slug] = [_typed(item, answer)]
        elif answer is not None and f"{slug}.Typed" in items:
            given[slug] = [_option(item, "Typed")]
            given[f"{slug}.Typed"] = [_typed(items[f"{slug}.Typed"], answer)]
        elif answer is not None:
            given[slug] = [_option(item, answer)]
    return given


def _option(item: Mapping[str, Any], slug: str) -> dict[str, Any]:
    [found] = [
        {"valueCoding": {key: option["valueCoding"][key] for key in ("system", "code", "display")}}
        for option in item["answerOption"]
        if option["valueCoding"]["code"].split(".")[-1] == slug
    ]
    return found


def _typed(item: Mapping[str, Any], answer: str) -> dict[str, Any]:
    if item["type"] == "integer":
        return {"valueInteger": int(answer)}
    if item["type"] == "decimal":
        return {"valueDecimal": float(answer)}
    return {"valueDate": answer} if item["type"] == "date" else {"valueString": answer}


def read_back(aid: Aid, made: Mapping[str, Any], response: Mapping[str, Any]) -> dict[str, Answer]:
    """Our answers from a response: of what is enabled in the questionnaire, what is absent was skipped."""
    given = dict(_answered(response.get("item", [])))
    shown = Renderer(made, given).shown
    return {question.slug: _ours(question, given) for question in aid.questions if question.slug in shown}


def _answered(items: list[dict[str, Any]]) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    for item in items:
        yield from _answered(item.get("item", []))
        if "answer" in item:
            yield item["linkId"], item["answer"]
            for answer in item["answer"]:
                yield from _answered(answer.get("item", []))


def _ours(question: Question, given: Mapping[str, list[dict[str, Any]]]) -> Answer:
    answers = given.get(question.slug, [])
    if not answers:
        return None
    codes = [answer["valueCoding"]["code"].split(".")[-1] for answer in answers if "valueCoding" in answer]
    if question.kind == "many":
        return list(codes)
    if question.kind == "one":
        return str(codes[0])
    if codes and codes != ["Typed"]:
        return {"choice": codes[0]}
    [typed] = given[f"{question.slug}.Typed"] if codes else answers
    [value] = [value for key, value in typed.items() if key.startswith("value")]
    return str(value) if isinstance(value, str) else format(Decimal(str(value)), "f")
