"""The texts of an aid, each as it is read in one piece, with the place where it can be changed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from questionnaire.domain.content import Aid, Guidance
from questionnaire.domain.questions import Question
from questionnaire.domain.wording import plain


@dataclass(frozen=True, slots=True)
class Piece:
    """One text in one language. `graded` is False for labels, such as a choice, that are no sentences."""

    place: str
    field: str
    text: str
    graded: bool = True


def pieces(aid: Aid) -> Iterator[Piece]:
    """Every text that a person can read, staff included. What no entry of an editor holds has an empty place."""
    for language in aid.languages:
        yield Piece("aid/head", f"title.{language}", aid.title[language], False)
        yield Piece("aid/head", f"decision.{language}", aid.decision[language])
        for item in aid.guidance:
            yield from _of_item(item, language)
        for sentence in aid.sentence.values():
            yield Piece(f"sentence/{sentence.slug}", f"text.{language}", sentence.text[language])
        for question in aid.questions:
            yield from _of_question(question, language)
        for page in aid.pages:
            yield Piece(f"page/{page.slug}", f"title.{language}", page.title[language], False)
            yield Piece(f"page/{page.slug}", f"body.{language}", plain(f"{page.lead[language]}\n{page.body[language]}"))
        for term in aid.terms:
            yield Piece(f"term/{term.slug}", f"meaning.{language}", term.meaning[language])
        for entry in aid.evidence:
            yield Piece(f"evidence/{entry.id}", f"claim.{language}", entry.claim[language])
        for certainty in aid.certainties:
            yield Piece(f"certainty/{certainty.slug}", f"meaning.{language}", certainty.meaning[language])
        for slug, text in aid.notes.items():
            yield Piece(f"note/{slug}", f"text.{language}", plain(text[language]), not slug.startswith("option-"))
        for key, text in aid.triage.texts():
            yield Piece("", f"triage.yaml {key}.{language}", text[language])
        for key, text in aid.trial.texts():
            yield Piece("", f"trial.yaml {key}.{language}", text[language])
        for key, text in aid.ladder.texts():
            yield Piece("", f"ladder.yaml {key}.{language}", plain(text[language]))


def _of_item(item: Guidance, language: str) -> Iterator[Piece]:
    place = f"item/{item.slug}"
    yield Piece(place, f"body.{language}", plain(f"{item.title[language]}\n{item.body[language]}"))
    if item.option is not None:
        yield Piece(place, f"option.name.{language}", item.option.name[language], False)
        for key, text in item.option.texts.items():
            yield Piece(place, f"option.{key}.{language}", plain(text[language]))


def _of_question(question: Question, language: str) -> Iterator[Piece]:
    place = f"question/{question.slug}"
    hint = question.hint[language] if question.hint else ""
    yield Piece(place, f"text.{language}", f"{question.text[language]}\n{hint}")
    for choice in question.choices:
        words = f"{choice.text[language]}\n{choice.hint[language] if choice.hint else ''}"
        yield Piece(place, f"choices.{choice.slug}.text.{language}", words.strip(), False)
