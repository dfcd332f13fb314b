"""What must hold of a FHIR R4 resource beyond its structure: R4's own invariants and ours, each named."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from tests.exports.fhir_renderer import EXPRESSION, compiled, every_item

INVARIANTS = {
    "que-0": "name.matches('^[A-Z]([A-Za-z0-9_]){0,254}$')",
    "que-1": "repeat(item).all((type = 'group' implies item.exists()) and (type = 'display' implies item.empty()))",
    "que-2": "repeat(item).linkId.isDistinct()",
    "que-3": "repeat(item).where(type = 'display').code.empty()",
    "que-4": "repeat(item).all(answerOption.empty() or answerValueSet.empty())",
    "que-5": "repeat(item).where(answerOption.exists()).all(type = 'choice' or type = 'open-choice')",
    "que-6": "repeat(item).where(type = 'display').all(required.empty() and repeats.empty())",
    "que-7": "repeat(item).enableWhen.where(operator = 'exists').all(answer is boolean)",
    "que-8": "repeat(item).where(type = 'group' or type = 'display').initial.empty()",
    "que-9": "repeat(item).where(type = 'display').readOnly.empty()",
    "que-10": "repeat(item).where(maxLength.exists()).all(type = 'string' or type = 'text')",
    "que-11": "repeat(item).all(answerOption.empty() or initial.empty())",
    # Published as "more than two"; meant as the text of R4 has it.
    "que-12": "repeat(item).where(enableWhen.count() > 1).all(enableBehavior.exists())",
    "que-13": "repeat(item).all(repeats = true or initial.count() <= 1)",
    "enableWhen names an item": "repeat(item).enableWhen.question.subsetOf(%resource.repeat(item).linkId)",
    "an option is a coding of ours": "repeat(item).answerOption.all(value is Coding and value.system.exists())",
    "a coding names its system": "repeat(item).enableWhen.answer.where($this is Coding).all(system.exists())",
    "a type that R4 has": "repeat(item).type.all($this in ('group' | 'display' | 'choice' | 'integer' | 'decimal' "
    "| 'date' | 'string' | 'text'))",
    "an operator that R4 has": "repeat(item).enableWhen.operator.all($this in ('exists' | '=' | '!=' | '>' | '<' "
    "| '>=' | '<='))",
}


def broken(made: Mapping[str, Any]) -> set[str]:
    """Names of the rules that this Questionnaire breaks."""
    found = {name for name, rule in INVARIANTS.items() if compiled(rule)(made, {"resource": made}) != [True]}
    return found | set(_broken_by_items(made))


def _broken_by_items(made: Mapping[str, Any]) -> Iterator[str]:
    before: dict[str, Mapping[str, Any]] = {}
    for item in every_item(made["item"]):
        if not re.fullmatch(r"[A-Za-z0-9.-]+", item["linkId"]):
            yield "a linkId of letters, digits, hyphens and dots"
        if "enableWhen" in item and EXPRESSION in [each["url"] for each in item.get("extension", ())]:
            yield "one way of enabling"
        for each in item.get("enableWhen", ()):
            if each["question"] not in before:
                yield "enableWhen names what comes before"
            elif not _fits(each, before[each["question"]]):
                yield "enableWhen compares what can be answered"
        before[item["linkId"]] = item


def _fits(comparison: Mapping[str, Any], item: Mapping[str, Any]) -> bool:
    if comparison["operator"] == "exists":
        return True
    [key] = [key for key in comparison if key.startswith("answer")]
    if item["type"] != "choice":
        kinds = {"string": "String", "text": "String", "integer": "Integer", "decimal": "Decimal", "date": "Date"}
        return key == f"answer{kinds[item['type']]}"
    codes = [option["valueCoding"]["code"] for option in item["answerOption"]]
    return key == "answerCoding" and comparison[key]["code"] in codes
