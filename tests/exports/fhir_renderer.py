"""A generic renderer of FHIR R4 Questionnaires, written from the text of R4 and apart from the program's own code.

It knows nothing of our aids: it is given a Questionnaire and what was entered in each item, and says what it shows.

- `enableWhen`: `exists` compares whether there is an answer; `!=` holds when no answer equals, so without any too; each
  other operator holds when one answer does. `enableBehavior` joins them; with several and none given the file is wrong.
- A disabled item disables all that is in it, and what was entered in it counts for nothing.
- `sdc-questionnaire-enableWhenExpression` is FHIRPath over the response as it stands.
- It understands no other extension.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from functools import cache
from operator import ge, gt, le, lt
from typing import Any

import fhirpathpy
from fhirpathpy.models import models

EXPRESSION = "http://hl7.org/fhir/uv/sdc/StructureDefinition/sdc-questionnaire-enableWhenExpression"

Item = Mapping[str, Any]
Entered = Mapping[str, list[dict[str, Any]]]
"""Answers by linkId, each `{"valueCoding": {...}}` or the like, in enabled items and in others."""

_ORDERED: dict[str, Callable[[Any, Any], bool]] = {">": gt, "<": lt, ">=": ge, "<=": le}


class Renderer:
    """A questionnaire with something entered in it.

    Attributes:
        shown: linkIds of every enabled item, in order.
        response: the QuestionnaireResponse that it would send.
    """

    def __init__(self, questionnaire: Item, entered: Entered) -> None:
        self.entered = entered
        self.shown: list[str] = []
        self.answers: dict[str, list[dict[str, Any]]] = {}
        self.response: dict[str, Any] = {"resourceType": "QuestionnaireResponse", "status": "completed", "item": []}
        self._show(questionnaire["item"], self.response["item"])

    def _show(self, items: list[Item], into: list[dict[str, Any]]) -> None:
        for item in items:
            if not self._enabled(item):
                continue
            link = item["linkId"]
            self.shown.append(link)
            if item["type"] == "display":
                continue
            made: dict[str, Any] = {"linkId": link}
            into.append(made)
            inner: list[dict[str, Any]] = []
            if item["type"] == "group":
                made["item"] = inner
            else:
                self.answers[link] = [dict(answer) for answer in self.entered.get(link, ())]
                if self.answers[link]:
                    made["answer"] = [dict(answer) for answer in self.answers[link]]
                    made["answer"][0]["item"] = inner
            self._show(item.get("item", []), inner)

    def _enabled(self, item: Item) -> bool:
        said = [each for each in item.get("extension", ()) if each["url"] == EXPRESSION]
        listed = item.get("enableWhen", [])
        assert not (said and listed), f"{item['linkId']} is enabled in two ways"
        if said:
            return self._evaluate(said[0]["valueExpression"]["expression"])
        held = [self._holds(each) for each in listed]
        if len(held) > 1:
            assert item["enableBehavior"] in ("all", "any")
        return any(held) if item.get("enableBehavior") == "any" else all(held)

    def _evaluate(self, expression: str) -> bool:
        found = compiled(expression)(self.response, {"resource": self.response})
        assert found in ([True], [False]), f"{expression} gives {found}"
        return bool(found[0])

    def _holds(self, comparison: Mapping[str, Any]) -> bool:
        given = [_value(answer) for answer in self.answers.get(comparison["question"], ())]
        wanted = _value(comparison, "answer")
        operator = comparison["operator"]
        if operator == "exists":
            return bool(given) is wanted
        if operator == "!=":
            return wanted not in given
        if operator == "=":
            return wanted in given
        return any(_ORDERED[operator](each, wanted) for each in given)


@cache
def compiled(expression: str) -> Any:
    return fhirpathpy.compile(expression, models["r4"])


def _value(held: Mapping[str, Any], prefix: str = "value") -> Any:
    """A value that compares with others of its kind: a coding by system and code, a number as a number."""
    [(key, value)] = [(key, value) for key, value in held.items() if key.startswith(prefix)]
    if key.endswith("Coding"):
        return (value["system"], value["code"])
    if key.endswith(("Integer", "Decimal")):
        return Decimal(str(value))
    return dt.date.fromisoformat(value) if key.endswith("Date") else value


def every_item(items: list[Item]) -> Iterator[Item]:
    """All items, each before what is in it."""
    for item in items:
        yield item
        yield from every_item(item.get("item", []))
