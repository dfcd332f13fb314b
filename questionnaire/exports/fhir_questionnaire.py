"""An edition as a FHIR R4 Questionnaire that any renderer can ask.

A section is a group; a question is an item whose linkId is its slug. Urgent guidance and the note on emergencies are
display items, since a questionnaire that asks for warning signs must not be silent about them; no other guidance is in
it. A fact that a condition reads is a hidden item, filled in by us.

Where choices stand in place of typing ("I have no number"), the item is a choice between these and "to type" (under the
question's short name), with a child of the typed kind that is enabled by the latter. So every answer is coded or typed,
never either, and a person can go from one to the other in every renderer; an open-choice with conditions on it makes
some renderers fail.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from questionnaire.domain.content import Aid, Fact, Guidance, Section
from questionnaire.domain.questions import LONGEST_TEXT, Choice, Question, Text, how_many
from questionnaire.exports import markup
from questionnaire.exports.fhir_codes import (
    Element,
    Wording,
    canonical,
    code_of,
    decimal,
    extension,
    fact_code,
    fact_link,
    facts_read,
    gated,
    item_type,
    label,
    pascal,
    typed_code,
    typed_link,
)
from questionnaire.exports.fhir_conditions import Enabling, enabling

_CONTROLS = "http://hl7.org/fhir/questionnaire-item-control"


def questionnaire(
    aid: Aid,
    *,
    base: str,
    id: str,
    version: int,
    date: str,
    status: str,
    experimental: bool,
    publisher: str = "",
    language: str | None = None,
) -> Element:
    """The Questionnaire of an edition.

    Args:
        base: the start of canonical addresses, without a slash at its end.
        id: under which the server gives this very edition.
        version: the edition's number.
        date: when it was published, as ISO 8601 with its zone.
        status: `draft` until clinicians have signed it, `active`, or `retired` after a newer edition.
        publisher: who answers for it; left out while nobody is named.
        language: for a copy in that language alone; None for the canonical resource with translations.
    """
    return {
        "resourceType": "Questionnaire",
        "id": id,
        "language": language or aid.language,
        "url": canonical(base, "Questionnaire", aid.slug),
        "version": str(version),
        "name": pascal(aid.slug),
        **Wording(aid, language).element("title", aid.title),
        **about(date=date, status=status, experimental=experimental, publisher=publisher),
        "subjectType": ["Patient"],
        **Wording(aid, language).element("description", aid.decision),
        "lastReviewDate": aid.reviewed.isoformat(),
        "item": list(_Items(aid, base, language).all()),
    }


def about(*, date: str, status: str, experimental: bool, publisher: str) -> Element:
    """What the questionnaire of an edition and its code system have in common."""
    held = {"status": status, "experimental": experimental, "date": date, "publisher": publisher}
    return {key: value for key, value in held.items() if value != ""}


class _Items:
    """Writes the items of one aid."""

    def __init__(self, aid: Aid, base: str, language: str | None) -> None:
        self.aid = aid
        self.system = canonical(base, "CodeSystem", aid.slug)
        self.wording = Wording(aid, language)

    def all(self) -> Iterator[Element]:
        note = _plain(self.aid.notes["emergency"])
        yield {"linkId": "Note.emergency", **self.wording.element("text", note), "type": "display"}
        yield from (self._fact(fact) for fact in facts_read(self.aid))
        for section in self.aid.sections:
            items = list(self._of_section(section))
            if items:
                title = self.wording.element("text", section.title)
                yield {"linkId": f"Section.{section.slug}", **title, "type": "group", "item": items}

    def _fact(self, fact: Fact) -> Element:
        options = [{"valueCoding": self._coding(fact_code(fact.slug, value), value)} for value in fact.values]
        return {
            "extension": [extension("questionnaire-hidden", valueBoolean=True)],
            "linkId": fact_link(fact.slug),
            "text": fact.slug,
            "type": "choice",
            "readOnly": True,
            "answerOption": options,
        }

    def _of_section(self, section: Section) -> Iterator[Element]:
        for question in self.aid.questions:
            if question.section == section.slug:
                yield self._around(question.slug, self._question(question), self._enabling(question))
        for item in self.aid.guidance:
            if item.kind == "urgent" and self._asked_last(item) == section.slug:
                yield self._around(f"Urgent.{item.slug}", self._urgent(item), self._enabling(item))

    def _asked_last(self, item: Guidance) -> str:
        """The section after which all that urgent guidance depends on has been asked."""
        reads = item.when.reads() if item.when else frozenset()
        asked = [question.section for question in self.aid.questions if question.slug in reads]
        return asked[-1] if asked else self.aid.questions[0].section

    def _enabling(self, owner: Question | Guidance) -> Enabling:
        return enabling(self.aid, self.system, owner.when)

    def _around(self, name: str, item: Element, enabled: Enabling) -> Element:
        """The item with what says when it is enabled, within the groups that this needs."""
        added = enabled.own | {"extension": [*item.get("extension", ()), *enabled.own.get("extension", ())]}
        made = _in_order(item | {key: value for key, value in added.items() if value})
        for number, group in reversed(list(enumerate(enabled.groups, 1))):
            made = _in_order({"linkId": f"{name}.When{number}", "type": "group", **group, "item": [made]})
        return made

    # --- Questions

    def _question(self, question: Question) -> Element:
        item: Element = {
            "linkId": question.slug,
            **self.wording.element("text", question.text),
            "required": not question.optional,
        }
        within: list[Element] = []
        if question.hint is not None:
            within.append(self._hint(question, question.hint))
        if question.choices:
            item |= self._choice(question)
        else:
            item |= self._typed(question)
        if gated(question):
            within.append(self._child(question))
        return item | ({"item": within} if within else {})

    def _choice(self, question: Question) -> Element:
        several = question.kind == "many"
        # One below the other, as on our pages: side by side the words of two choices are easily mixed up.
        below = extension("questionnaire-choiceOrientation", valueCode="vertical")
        extensions = [_control("check-box" if several else "radio-button"), below]
        if question.most_chosen is not None:
            extensions.append(extension("questionnaire-maxOccurs", valueInteger=question.most_chosen))
        options = [self._option(question, choice) for choice in question.choices]
        if gated(question):
            gate = typed_code(question.slug)
            options.insert(0, {"valueCoding": self._said(gate, question.short)})
        return {"extension": extensions, "type": "choice", "repeats": several, "answerOption": options}

    def _option(self, question: Question, choice: Choice) -> Element:
        alone = {"extension": [extension("questionnaire-optionExclusive", valueBoolean=True)]}
        said = {"valueCoding": self._said(code_of(question.slug, choice.slug), label(choice))}
        return alone | said if choice.exclusive else said

    def _child(self, question: Question) -> Element:
        """What is typed, where something may be chosen in its place."""
        gate = {"system": self.system, "code": typed_code(question.slug)}
        return _in_order(
            {
                "linkId": typed_link(question),
                **self.wording.element("text", question.short),
                "required": True,
                "enableWhen": [{"question": question.slug, "operator": "=", "answerCoding": gate}],
                **self._typed(question),
            }
        )

    def _typed(self, question: Question) -> Element:
        kind = item_type(self.aid, question)
        item: Element = {"type": kind}
        if question.kind == "text":
            item["maxLength"] = how_many(question.most) or LONGEST_TEXT
        elif question.kind == "trial-number":
            pattern = extension("regex", valueString="^NCT[0-9]{8}$")
            item |= {"maxLength": 11, "extension": [extension("entryFormat", valueString="NCT01234567"), pattern]}
        else:
            extensions = list(self._bounds(question, f"value{kind.capitalize()}"))
            item |= {"extension": extensions} if extensions else {}
        return item

    def _bounds(self, question: Question, key: str) -> Iterator[Element]:
        for name, bound in (("minValue", question.least), ("maxValue", question.most)):
            if bound is not None:
                yield extension(name, **{key: bound if question.kind == "date" else decimal(bound)})
        if key == "valueDecimal":
            yield extension("maxDecimalPlaces", valueInteger=question.decimals)
        if question.unit is not None:
            yield extension("questionnaire-unit", valueCoding=self.wording.element("display", question.unit))

    # --- What is only shown

    def _hint(self, question: Question, hint: Text) -> Element:
        return {
            "extension": [_control("help")],
            "linkId": f"{question.slug}.Hint",
            **self.wording.element("text", hint),
            "type": "display",
        }

    def _urgent(self, item: Guidance) -> Element:
        body = _plain(item.body)
        text = {language: f"{title} {body[language]}" for language, title in item.title.items()}
        return {"linkId": f"Urgent.{item.slug}", **self.wording.element("text", text), "type": "display"}

    def _coding(self, code: str, display: str) -> Element:
        return {"system": self.system, "code": code, "display": display}

    def _said(self, code: str, text: Text) -> Element:
        return {"system": self.system, "code": code, **self.wording.element("display", text)}


def _control(code: str) -> Element:
    return extension(
        "questionnaire-itemControl", valueCodeableConcept={"coding": [{"system": _CONTROLS, "code": code}]}
    )


def _plain(text: Text) -> dict[str, str]:
    """A text's words without marks, in every language."""
    return {language: " ".join(markup.plain(words).split()) for language, words in text.items()}


_ORDER = ("extension", "linkId", "text", "_text", "type", "enableWhen", "enableBehavior", "required", "repeats")


def _in_order(item: Element) -> Element:
    """The item with its keys in the order in which FHIR lists them."""
    first: dict[str, Any] = {key: item[key] for key in _ORDER if key in item}
    return first | item
