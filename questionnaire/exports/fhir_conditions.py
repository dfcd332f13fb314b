"""A condition as FHIR R4 says it: `enableWhen`, on groups around the item where one list cannot say it.

A condition is first written as "all of these, each any of those". What has one comparison to a clause, or one clause
only, is a plain list on the item. Of the rest, each clause with alternatives becomes a group around the item, since
a disabled group disables what is in it: that is R4 alone, and every renderer runs it. Only what would need many groups,
and comparisons of dates (which widely used renderers do not make), become an `enableWhenExpression`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import product
from math import prod
from typing import Any

from questionnaire.domain.conditions import COMPARISONS, Condition, Group, Test, fact_key
from questionnaire.domain.content import Aid
from questionnaire.domain.questions import Question
from questionnaire.exports.fhir_codes import (
    Element,
    code_of,
    fact_code,
    fact_link,
    typed_link,
    typed_value,
    value_is_typed,
)

EXPRESSION = "http://hl7.org/fhir/uv/sdc/StructureDefinition/sdc-questionnaire-enableWhenExpression"
_MOST_GROUPS = 3
_MOST_CLAUSES = 200
_SIGNS = dict(zip(COMPARISONS, (">=", "<=", ">", "<"), strict=True))


@dataclass(frozen=True, slots=True)
class Comparison:
    """One entry of `enableWhen`; `kind` ends the key of its answer (`Coding` of `answerCoding`)."""

    link: str
    sign: str
    kind: str
    value: Any


Clause = tuple[Comparison, ...]
"""Comparisons of which one must hold."""


@dataclass(frozen=True, slots=True)
class Enabling:
    """What says when an item is enabled: on the item itself, and on each group to put around it, outermost first."""

    own: Element
    groups: tuple[Element, ...] = ()


def enabling(aid: Aid, system: str, when: Condition | None) -> Enabling:
    """How this condition is said.

    Args:
        system: address of the code system of the aid's answers.
    """
    if when is None:
        return Enabling({})
    clauses = _clauses(aid, when)
    several = [clause for clause in clauses or () if len(clause) > 1]
    single = [clause[0] for clause in clauses or () if len(clause) == 1]
    if clauses is None or len(several) > _MOST_GROUPS or any(each.kind == "Date" for row in clauses for each in row):
        return Enabling(_expression(aid, when))
    if single:
        return Enabling(_listed(single, "all", system), tuple(_listed(clause, "any", system) for clause in several))
    *around, last = several
    return Enabling(_listed(last, "any", system), tuple(_listed(clause, "any", system) for clause in around))


def _listed(comparisons: Iterable[Comparison], behavior: str, system: str) -> Element:
    entries = [_entry(each, system) for each in comparisons]
    return {"enableWhen": entries} | ({"enableBehavior": behavior} if len(entries) > 1 else {})


def _entry(each: Comparison, system: str) -> Element:
    # A coding is the same only in the same system.
    answer = {"system": system, "code": each.value} if each.kind == "Coding" else each.value
    return {"question": each.link, "operator": each.sign, f"answer{each.kind}": answer}


# --- As clauses ----------------------------------------------------------------------------------------------------


def _clauses(aid: Aid, when: Condition) -> list[Clause] | None:
    """The condition as clauses that must all hold; None where that would be very many."""
    parts: list[list[Clause]] = []
    for part in when.parts:
        tests = part.tests if isinstance(part, Group) else (part,)
        joined = _joined(part.behavior if isinstance(part, Group) else "all", [_of_test(aid, test) for test in tests])
        if joined is None:
            return None
        parts.append(joined)
    return _joined(when.behavior, parts)


def _joined(behavior: str, parts: list[list[Clause]]) -> list[Clause] | None:
    if behavior == "all":
        return _shortest([clause for part in parts for clause in part])
    if prod(len(part) for part in parts) > _MOST_CLAUSES:
        return None
    return _shortest([tuple(dict.fromkeys(sum(chosen, ()))) for chosen in product(*parts)])


def _shortest(clauses: list[Clause]) -> list[Clause]:
    """Without those that hold whenever another one does."""
    kept: list[Clause] = []
    for clause in sorted(dict.fromkeys(clauses), key=len):
        if not any(set(shorter) <= set(clause) for shorter in kept):
            kept.append(clause)
    return [clause for clause in dict.fromkeys(clauses) if clause in kept]


def _of_test(aid: Aid, test: Test) -> list[Clause]:
    link = link_of(test.subject)
    if test.operator == "answered":
        return [(Comparison(link, "exists", "Boolean", test.values[0] == "true"),)]
    if test.operator in COMPARISONS:
        question = aid.question[test.subject]
        kind, value = typed_value(aid, question, test.values[0])
        return [(Comparison(typed_link(question), _SIGNS[test.operator], kind, value),)]
    compared = [place for value in test.values for place in _places(aid, test.subject, value)]
    if test.operator == "is":
        return [tuple(Comparison(at, "=", kind, value) for at, kind, value in compared)]
    # Of what is not answered, R4 says that it differs from everything; ours does not hold then.
    return [
        (Comparison(link, "exists", "Boolean", True),),
        *((Comparison(at, "!=", kind, value),) for at, kind, value in compared),
    ]


def link_of(subject: str) -> str:
    """The linkId of the item that a condition reads."""
    return fact_link(_fact(subject)) if subject.startswith(fact_key("")) else subject


def _fact(subject: str) -> str:
    return subject.removeprefix(fact_key(""))


def _places(aid: Aid, subject: str, value: str) -> list[tuple[str, str, Any]]:
    """Where and as what this value may be given: linkId, kind, value."""
    if subject.startswith(fact_key("")):
        return [(link_of(subject), "Coding", fact_code(_fact(subject), value))]
    question: Question = aid.question[subject]
    places: list[tuple[str, str, Any]] = []
    if value in question.choice:
        places.append((subject, "Coding", code_of(subject, value)))
    if value_is_typed(question, value):
        places.append((typed_link(question), *typed_value(aid, question, value)))
    return places


# --- As FHIRPath ---------------------------------------------------------------------------------------------------


def _expression(aid: Aid, when: Condition) -> Element:
    parts = [
        f"({_words(part.behavior, [_path(aid, test) for test in part.tests])})"
        if isinstance(part, Group)
        else _path(aid, part)
        for part in when.parts
    ]
    said = {"language": "text/fhirpath", "expression": _words(when.behavior, parts)}
    return {"extension": [{"url": EXPRESSION, "valueExpression": said}]}


def _words(behavior: str, parts: list[str]) -> str:
    return (" and " if behavior == "all" else " or ").join(parts)


def _path(aid: Aid, test: Test) -> str:
    """One test; every one is true or false, never empty, so that `and` and `or` have two values only."""
    given = _answers(link_of(test.subject))
    if test.operator == "answered":
        return f"{given}.exists()" if test.values[0] == "true" else f"{given}.empty()"
    tests = [
        f"{_answers(each.link)}.where({_compared(each)}).exists()"
        for clause in _of_test(aid, test)
        for each in clause
        if each.sign != "exists"
    ]
    if test.operator == "is-not":
        return f"({given}.exists() and {' and '.join(f'{each}.not()' for each in tests)})"
    return f"({' or '.join(tests)})" if len(tests) > 1 else tests[0]


def _answers(link: str) -> str:
    return f"%resource.descendants().where(linkId = '{link}').answer"


def _compared(each: Comparison) -> str:
    sign = "=" if each.sign == "!=" else each.sign
    if each.kind == "Coding":
        return f"value.code {sign} {_quoted(each.value)}"
    if each.kind == "Date":
        return f"value {sign} @{each.value}"
    return f"value {sign} {_quoted(each.value) if each.kind == 'String' else each.value}"


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace("'", "\\'").replace("\n", "\\n").replace("\r", "\\r")
    return f"'{escaped}'"
