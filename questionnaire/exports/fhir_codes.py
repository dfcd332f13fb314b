"""What the FHIR R4 resources of an aid share: addresses, codes, the types of answers, and texts in every language.

A code is `<question>.<choice>`, since one code system may give a code one meaning only, and "not-sure" stands under
many questions. A part of a name that begins with a capital is ours and never a slug, so the two cannot meet.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from questionnaire.domain.conditions import Condition, fact_key
from questionnaire.domain.content import Aid, Fact
from questionnaire.domain.questions import TYPED_KINDS, Choice, Question, Text

Element = dict[str, Any]
"""A resource, or a part of one, as it stands in JSON."""

STANDARD = "http://hl7.org/fhir/StructureDefinition"
_MOST = 2**31
"""An `integer` of FHIR has 32 bits."""


def canonical(base: str, kind: str, aid: str) -> str:
    """The address under which a resource of this kind is known, in every edition the same."""
    return f"{base}/{kind}/{aid}"


def extension(name: str, **value: Any) -> Element:
    """One of FHIR's own extensions."""
    return {"url": f"{STANDARD}/{name}", **value}


# --- Texts ---------------------------------------------------------------------------------------------------------


class Wording:
    """How texts are written: in one language, or in the aid's first one with the others as translations.

    Renderers ignore translations, so a reader's own language needs a copy of its own; but one canonical resource holds
    them all.
    """

    def __init__(self, aid: Aid, language: str | None) -> None:
        self.language = language or aid.language
        self.further = () if language else aid.languages[1:]

    def element(self, key: str, text: Text) -> Element:
        """The text under this key, and its translations under `_key`."""
        written: Element = {key: text[self.language]}
        if self.further:
            written[f"_{key}"] = {"extension": [_translation(language, text[language]) for language in self.further]}
        return written


def _translation(language: str, content: str) -> Element:
    held = [{"url": "lang", "valueCode": language}, {"url": "content", "valueString": content}]
    return extension("translation", extension=held)


def label(choice: Choice) -> Text:
    """A choice's words as a person reads them, its hint included: a renderer has no second line for that."""
    if choice.hint is None:
        return choice.text
    return {language: f"{words} – {choice.hint[language]}" for language, words in choice.text.items()}


# --- Names and codes -----------------------------------------------------------------------------------------------


def code_of(question: str, choice: str) -> str:
    return f"{question}.{choice}"


def typed_code(question: str) -> str:
    """The code of "I will type it", where choices stand in place of typing."""
    return f"{question}.Typed"


def typed_link(question: Question) -> str:
    """The linkId of the item that holds what was typed."""
    return f"{question.slug}.Typed" if question.choices else question.slug


def fact_link(fact: str) -> str:
    return f"Fact.{fact}"


def fact_code(fact: str, value: str) -> str:
    return f"Fact.{fact}.{value}"


def options_of(question: Question) -> list[tuple[str, Text]]:
    """Code and words of everything that may be chosen. To type is the first, under the question's short name."""
    listed = [(code_of(question.slug, choice.slug), label(choice)) for choice in question.choices]
    return [(typed_code(question.slug), question.short), *listed] if gated(question) else listed


def gated(question: Question) -> bool:
    """Whether a person first chooses to type, or something in its place."""
    return question.kind in TYPED_KINDS and bool(question.choices)


def conditions_of(aid: Aid) -> list[Condition]:
    """The conditions that a questionnaire says: those of questions and of urgent guidance."""
    said = [question.when for question in aid.questions]
    said += [item.when for item in aid.guidance if item.kind == "urgent"]
    return [when for when in said if when is not None]


def facts_read(aid: Aid) -> list[Fact]:
    """Facts on which a question or urgent guidance depends; no other one is worth a place in a questionnaire."""
    read = {subject for when in conditions_of(aid) for subject in when.reads()}
    return [fact for fact in aid.facts if fact_key(fact.slug) in read]


# --- Types of answers ----------------------------------------------------------------------------------------------


def item_type(aid: Aid, question: Question) -> str:
    """FHIR's type of the item in which this typed question is answered."""
    if question.kind == "number":
        return "integer" if _is_whole(aid, question) else "decimal"
    return {"date": "date", "text": "text", "trial-number": "string"}[question.kind]


def _is_whole(aid: Aid, question: Question) -> bool:
    """Whether every answer, bound and comparison of this number is a whole one that an `integer` can hold."""
    compared = [
        value
        for when in conditions_of(aid)
        for test in when.tests()
        if test.subject == question.slug and test.operator != "answered"
        for value in test.values
        if value not in question.choice
    ]
    bounds = (question.least, question.most)
    return question.decimals == 0 and all(
        value is not None and "." not in value and abs(int(value)) < _MOST for value in (*bounds, *compared)
    )


def value_is_typed(question: Question, value: str) -> bool:
    """Whether a condition's value is one that is typed in. Of a text the words may be those of a choice's slug too."""
    return question.kind in TYPED_KINDS and (value not in question.choice or question.kind == "text")


def typed_value(aid: Aid, question: Question, value: str) -> tuple[str, Any]:
    """What was typed, as the end of FHIR's key (`Integer` of `valueInteger`) and its value."""
    if question.kind == "number":
        # A number that an earlier edition took, with a fraction, is kept whole rather than cut down to the type.
        whole = item_type(aid, question) == "integer" and "." not in value
        return ("Integer", int(value)) if whole else ("Decimal", decimal(value))
    return ("Date" if question.kind == "date" else "String", value)


def decimal(value: str) -> int | float:
    """A number as JSON writes it: exact to 15 digits, and without a fraction where there is none."""
    number = Decimal(value)
    return int(number) if number == number.to_integral_value() else float(number)


# --- The code system -----------------------------------------------------------------------------------------------


def code_system(
    aid: Aid, *, base: str, id: str, version: int, about: Mapping[str, Any], language: str | None
) -> Element:
    """Every code of an edition with its meaning.

    Args:
        about: what it has in common with the questionnaire: status, date, publisher.
        language: for a copy in that language alone; None for the canonical resource with translations.
    """
    wording = Wording(aid, language)
    return {
        "resourceType": "CodeSystem",
        "id": id,
        "language": wording.language,
        "url": canonical(base, "CodeSystem", aid.slug),
        "version": str(version),
        "name": f"{pascal(aid.slug)}Answers",
        **wording.element("title", aid.title),
        **about,
        "caseSensitive": True,
        "content": "complete",
        "concept": [_concept(code, text, wording) for code, text in _codes(aid)],
    }


def pascal(slug: str) -> str:
    """A slug as a name for programs: some-aid is SomeAid. One that begins with a digit gets a letter in front."""
    name = "".join(part.capitalize() for part in slug.split("-"))
    return name if name[0].isalpha() else f"Aid{name}"


def _codes(aid: Aid) -> Iterator[tuple[str, Text]]:
    for question in aid.questions:
        yield from options_of(question)
    for fact in facts_read(aid):
        for value in fact.values:
            yield fact_code(fact.slug, value), dict.fromkeys(aid.languages, value)


def _concept(code: str, text: Text, wording: Wording) -> Element:
    concept: Element = {"code": code, "display": text[wording.language]}
    if wording.further:
        concept["designation"] = [{"language": language, "value": text[language]} for language in wording.further]
    return concept
