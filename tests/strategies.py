"""Random valid aids, and random answers to their questions.

How large an aid is and which words it holds is drawn by hypothesis, so a failing example shrinks; what is in it is
thrown with dice of one drawn seed, which is a hundred times faster than drawing each choice.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from questionnaire.domain import markup_rules
from questionnaire.domain.content import Aid
from questionnaire.domain.questions import Answer, Question
from tests import builders

COMPARISONS = ("at-least", "at-most", "more-than", "less-than")
GUIDANCE_KINDS = ("caution", "alternative", "standard-care", "next-step", "ask", "urgent")
TYPED = {
    "number": ("0", "7", "18", "99"),
    "date": ("2020-02-29", "2026-01-31", "2026-11-22"),
    "text": ("north", "South street"),
    "trial-number": ("NCT00517179", "NCT05060107", "NCT05354141"),
}
"""A few things that may be typed in answer to a question of each kind, whatever its bounds."""

usual = settings(deadline=None, max_examples=120, suppress_health_check=[HealthCheck.too_slow])
"""For a property that looks at one random aid."""

NASTY = (
    "yes",
    "no",
    "null",
    "~",
    "true",
    "true: false",
    "1e3",
    "0x1f",
    "010",
    "12:30",
    "2026-01-01",
    "<<",
    "=",
    "- item",
    "# not a comment",
    "a # b",
    "key: value",
    "{a: b}",
    "[a]",
    "*alias",
    "&anchor",
    "!tag",
    "%YAML 1.1",
    "--- ",
    "---\na\n...\nb",
    "'single' \"double\"",
    "back\\slash",
    " leading",
    "trailing ",
    "\n first line empty",
    "\n\nx",
    "  indented\nthen not",
    "ends in newline\n",
    "ends in newlines\n\n\n",
    "a\n\n\nb",
    "line ends in blank \nnext",
    "tab\there",
    "\ttab first",
    "line\n\ttab in line",
    "carriage\r\nreturn",
    "next\x85line",
    "next\x85line\nand another",
    "\u2028first\n",
    "separators\u2028and\u2029paragraph",
    "\ufeffmark",
    "Ünïcödé — “quotes” 漢字 🦴",
    "e\u0301 and \u00e9",
    "word " * 200,
    "x" * 3000,
    "very: long " * 60 + "\n" + "lines # " * 60,
)
"""Texts that a careless writer of YAML changes."""


class Dice(random.Random):
    """Chance that a failing example can name."""

    def __init__(self, seed: int) -> None:
        super().__init__(seed)
        self.thrown = seed

    def __repr__(self) -> str:
        return f"Dice({self.thrown})"

    def one_in(self, number: int) -> bool:
        return self.randrange(number) == 0


def dice() -> st.SearchStrategy[Dice]:
    """Dice of a drawn seed."""
    return st.integers(0, 2**32).map(Dice)


def nasty_texts() -> st.SearchStrategy[str]:
    """Texts that are hard to write as YAML, and any other."""
    characters = st.characters(exclude_categories=["Cs"])
    invented = st.text(characters, min_size=1, max_size=40) | st.text(
        "ab :#-'\"\n\t{}[],&*!|>%@`0\\\r\x85\u2028\ufeff", min_size=1
    )
    return (st.sampled_from(NASTY) | invented).filter(
        lambda words: bool(words.strip()) and not any(markup_rules.outside(words))
    )


def documents(texts: st.SearchStrategy[str] | None = None) -> st.SearchStrategy[dict[str, Any]]:
    """Valid aids: sections, questions of every kind, guidance and sentences, with conditions on what comes before."""
    words = st.just(["Words."]) if texts is None else st.lists(texts, min_size=1, max_size=6)
    return st.builds(_document, dice(), st.integers(1, 9), st.integers(1, 8), words)


def _document(dice: Dice, how_many: int, how_much: int, words: Sequence[str]) -> dict[str, Any]:
    languages = dice.choice([["en"], ["en"], ["en", "es"]])
    facts = dice.choice([[], [{"slug": "registry", "values": ["found", "not-found"]}]])

    def text() -> dict[str, str]:
        return {language: dice.choice(words) for language in languages}

    def perhaps(before: Sequence[dict[str, Any]]) -> dict[str, Any]:
        """`when` or nothing, to be spread into an entry."""
        return {"when": condition(dice, [*before, *facts])} if (before or facts) and not dice.one_in(3) else {}

    asked: list[dict[str, Any]] = []
    for number in range(how_many):
        asked.append({**_question(dice, f"q{number}"), "short": text(), "text": text(), **perhaps(asked)})
    cut = dice.randint(1, len(asked))
    parts = [part for part in (asked[:cut], asked[cut:]) if part]
    guidance = []
    for number in range(how_much):
        kind = dice.choice(GUIDANCE_KINDS)
        more = {"rank": dice.randint(-1, 2), "title": text(), "body": text(), **perhaps(asked)}
        if kind == "urgent":
            more |= {"now": dice.choice(["call-911", "same-day"]), "when": condition(dice, asked)}
        guidance.append(builders.item(f"g{number}", kind, **more))
    meaning = []
    for slot in (1, 2, 3):
        candidates = [
            builders.sentence(f"s{slot}-{place}", text=text(), when=condition(dice, [*asked, *facts]))
            for place in range(dice.randint(0, 2))
        ]
        meaning.append(builders.slot(slot, *candidates, builders.sentence(f"s{slot}-last", text=text())))
    made: dict[str, Any] = builders.document(
        aid={"facts": facts},
        questions=[{"section": f"part-{n}", "title": text(), "questions": part} for n, part in enumerate(parts, 1)],
        guidance=guidance,
        meaning=meaning,
        evidence=[builders.evidence("E-1", claim=text(), note=dice.choice(words))],
        sources=[builders.source("label", title=dice.choice(words))],
        glossary=[
            builders.term("word", word=text(), forms={each: [dice.choice(words)] for each in languages}, meaning=text())
        ],
    )
    made = _in_languages(made, languages)
    made["aid.yaml"]["languages"] = languages
    for language in languages:
        made[f"pages/about.{language}.md"] = dice.choice(words)
    return made


def _in_languages(held: Any, languages: list[str]) -> Any:
    """The same with every text that stands in English only in all of these languages."""
    if isinstance(held, dict):
        if set(held) == {"en"}:
            return dict.fromkeys(languages, held["en"])
        return {key: _in_languages(value, languages) for key, value in held.items()}
    return [_in_languages(each, languages) for each in held] if isinstance(held, list) else held


def _question(dice: Dice, slug: str) -> dict[str, Any]:
    """A question of any kind."""
    kind = dice.choice(["one", "one", "many", "number", "date", "text", "trial-number"])
    more: dict[str, Any] = {"optional": True} if dice.one_in(4) else {}
    if kind in ("one", "many"):
        more["choices"] = [builders.choice(each) for each in ("a", "b", "c")[: dice.randint(2, 3)]]
    elif dice.one_in(2):
        more["choices"] = [builders.choice("not-sure")]
    if kind == "many" and dice.one_in(2):
        more["most"] = dice.randint(1, 2)
    if kind == "many" and dice.one_in(2):
        more["choices"].append(builders.choice("none", exclusive=True))
    if kind == "number":
        more |= dice.choice([{}, {"least": 0}, {"most": 99}, {"least": 0, "most": "99.5", "decimals": 1}])
    if kind == "date":
        more |= dice.choice([{}, {"least": "2020-02-29"}, {"most": "2026-11-22"}])
    return builders.question(slug, kind, **more)


def condition(dice: Dice, subjects: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """A condition on some of these questions and facts, with groups."""

    def test() -> dict[str, Any]:
        return _test(dice, dice.choice(subjects))

    def part() -> dict[str, Any]:
        if dice.one_in(3):
            return {dice.choice(["all", "any"]): [test() for _ in range(dice.randint(1, 3))]}
        return test()

    return {dice.choice(["all", "any"]): [part() for _ in range(dice.randint(1, 3))]}


def _test(dice: Dice, subject: dict[str, Any]) -> dict[str, Any]:
    """A test that this question or fact can pass."""
    fact = "values" in subject
    start = {"fact" if fact else "question": subject["slug"]}
    kind = "fact" if fact else subject["kind"]
    operator = dice.choice(["is", "is-not", "answered", *(COMPARISONS if kind in ("number", "date") else ())])
    typed = TYPED.get(kind, ())
    if operator == "answered":
        return {**start, operator: dice.one_in(2)}
    if operator in COMPARISONS:
        value = dice.choice(typed)
        return {**start, operator: int(value) if kind == "number" and dice.one_in(2) else value}
    named = subject["values"] if fact else [each["slug"] for each in subject.get("choices", ())]
    values = dice.sample([*named, *typed], dice.randint(1, 2))
    return {**start, operator: values[0] if len(values) == 1 and dice.one_in(2) else values}


def answer(dice: Dice, question: Question) -> Answer:
    """Any acceptable answer to this question."""
    if question.optional and dice.one_in(4):
        return None
    named = list(question.choice)
    if question.kind == "one":
        return dice.choice(named)
    if question.kind == "many":
        chosen = dice.sample(named, dice.randint(1, len(named)))
        while not question.accepts(chosen):
            chosen = chosen[:-1]
        return chosen
    if named and dice.one_in(3):
        return {"choice": dice.choice(named)}
    return dice.choice(TYPED[question.kind])


def answers(dice: Dice, aid: Aid) -> dict[str, Answer]:
    """Acceptable answers to most questions, on the path or not, in any order."""
    given = {question.slug: answer(dice, question) for question in aid.questions if not dice.one_in(8)}
    return shuffled(dice, given)


def shuffled(dice: Dice, given: dict[str, Answer]) -> dict[str, Answer]:
    """The same answers, given in another order."""
    return {slug: given[slug] for slug in dice.sample(list(given), len(given))}


def facts(dice: Dice, aid: Aid) -> dict[str, str]:
    """What the program may have found out: every declared fact, or nothing yet."""
    return {} if dice.one_in(3) else {fact.slug: dice.choice(fact.values) for fact in aid.facts}
