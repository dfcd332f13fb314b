"""How the proof of safety properties grows with the aid: generated aids beside the shipped one, in the same round."""

from __future__ import annotations

import copy
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.figures import Spread, spread
from questionnaire.domain import proof, reading
from questionnaire.domain.content import Aid
from questionnaire.domain.folder import document_of

SIZES = ((10, 50), (25, 125), (50, 250), (100, 500))
"""Questions and items of the generated aids."""
CHOICES = 6
_FLAG = {"question": "q0", "is": ["c0", "not-sure"]}


@dataclass(frozen=True)
class Growth:
    """One generated aid: seconds, and how many times as long as the shipped aid in the same round."""

    questions: int
    items: int
    seconds: Spread
    ratio: Spread


@dataclass(frozen=True)
class Proofs:
    """Seconds for the shipped aid, and how it grows."""

    shipped: Spread
    growth: list[Growth]


def timings(folder: Path, rounds: int) -> Proofs:
    """Prove the shipped aid and each generated one, once a round, in an order that turns round every time.

    Raises:
        ValueError: a generated aid is not proved, so its time says nothing.
    """
    document = document_of(folder)
    aids: dict[Any, Aid] = {"shipped": reading.read(document)}
    aids |= {size: reading.read(generated(document, *size)) for size in SIZES}
    taken: dict[Any, list[float]] = {name: [] for name in aids}
    for number in range(rounds):
        for name in list(aids)[:: -1 if number % 2 else 1]:
            taken[name].append(_seconds(lambda name=name: _prove(aids[name])))  # type: ignore[misc]
    shipped = taken.pop("shipped")
    growth = []
    for questions, items in SIZES:
        seconds = taken[questions, items]
        ratios = [one / other for one, other in zip(seconds, shipped, strict=True)]
        growth.append(Growth(questions, items, spread(seconds), spread(ratios)))
    return Proofs(spread(shipped), growth)


def _seconds(work: Callable[[], object]) -> float:
    begin = time.perf_counter()
    work()
    return time.perf_counter() - begin


def _prove(aid: Aid) -> None:
    failed = [verdict for verdict in proof.prove(aid) if not verdict.proved]
    if failed:
        raise ValueError(f"not proved: {failed[0].property}: {failed[0].findings[0].message}")


def generated(shipped: Any, questions: int, items: int) -> Any:
    """An aid of this size with the shipped aid's frame: skip logic, and a property of each kind."""
    document = copy.deepcopy(dict(shipped))
    evidence = document["evidence/regulation.yaml"][0] | {"id": "E-1", "unused": ""}
    del evidence["unused"]
    made: dict[str, Any] = {"aid.yaml": document["aid.yaml"]}
    sources = [source for source in _all(document, "sources/") if source["slug"] in evidence["sources"]]
    return made | {
        "questions.yaml": [{"section": "all", "title": _text("All"), "questions": _questions(questions)}],
        "guidance/all.yaml": list(_items(questions, items)),
        "meaning.yaml": [
            {"slot": n, "sentences": [{"slug": f"means-{n}", "text": _text("So."), "evidence": ["E-1"]}]}
            for n in (1, 2, 3)
        ],
        "evidence/all.yaml": [evidence],
        "sources/all.yaml": sources,
        "glossary.yaml": [],
        "pages.yaml": [],
        "safety.yaml": list(_properties()),
    }


def _all(document: Any, folder: str) -> Iterator[dict[str, Any]]:
    for file, held in document.items():
        if file.startswith(folder):
            yield from held


def _text(words: str) -> dict[str, str]:
    return {"en": words}


def _is(question: int, *choices: int) -> dict[str, Any]:
    return {"question": f"q{question}", "is": [f"c{choice}" for choice in choices]}


def _questions(count: int) -> list[dict[str, Any]]:
    claim = _question(1) | {"slug": "claim"}
    return [*(_question(number) for number in range(count - 1)), claim]


def _question(number: int) -> dict[str, Any]:
    """Every third one may have several answers, and two of three are asked only after another's answer."""
    several = number % 3 == 0
    choices: list[dict[str, Any]] = [{"slug": f"c{n}", "text": _text(f"Choice {n}")} for n in range(CHOICES)]
    unsure: dict[str, Any] = {"slug": "not-sure", "text": _text("I am not sure")}
    made: dict[str, Any] = {
        "slug": f"q{number}",
        "kind": "many" if several else "one",
        "short": _text(f"Question {number}"),
        "text": _text(f"What is {number}?"),
        "choices": [*choices, unsure | ({"exclusive": True} if several else {})],
    }
    if number % 3 and number > 3:
        made["when"] = {"any": [_is(number - number % 3, 0, 1, 2), {"question": f"q{number - 3}", "answered": True}]}
    return made


def _items(questions: int, items: int) -> Iterator[dict[str, Any]]:
    kinds = ("caution", "next-step", "ask")
    frame = {"title": _text("A title."), "body": _text("A body."), "evidence": ["E-1"]}
    yield frame | {"slug": "red-flag", "kind": "urgent", "rank": 1, "now": "call-911", "when": {"all": [_FLAG]}}
    for kind in kinds:
        yield frame | {"slug": f"always-{kind}", "kind": kind, "rank": 1}
    for choice in (0, 1):
        yield frame | {"slug": f"says-{choice}", "kind": "ask", "rank": 2, "when": {"all": [_is(1, choice)]}}
    found = {"fact": "registry", "is": "found"}
    claimed = {"question": "claim", "is": "c1"}
    yield frame | {"slug": "claimed", "kind": "ask", "rank": 2, "when": {"any": [claimed, found]}}
    asked = questions - 1
    for number in range(items - 7):
        one, other = number % asked, (number * 7 + 3) % asked
        unsure = {"question": f"q{one}", "is": "not-sure"}
        group = {"all": [_is(one, number % CHOICES), {"question": f"q{other}", "is-not": [f"c{number % CHOICES}"]}]}
        yield frame | {
            "slug": f"i{number}",
            "kind": kinds[number % 3],
            "rank": number + 3,
            "when": {"any": [unsure, group] if one != other else [unsure]},
        }


def _properties() -> Iterator[dict[str, Any]]:
    def made(kind: str, **more: Any) -> dict[str, Any]:
        return {"slug": kind, "kind": kind, "title": _text("It holds."), "why": _text("It must."), **more}

    flag = {"all": [_FLAG]}
    yield made("always-shown", items=["always-caution", "always-ask"])
    yield made("only-when", items=["red-flag"], when=flag)
    yield made("caution-with", items=["always-ask"], cautions=["always-caution"], when=flag)
    yield made("urgent-first", when=flag)
    yield made("at-least-one", kinds=["caution"])
    yield made("never-together", groups=[["says-0", "says-1"]])
    yield made("everything-reached")
    yield made("claim-never-softens", question="claim", choice="not-sure", claims=["c1", "c2"])
    yield made("fact-never-softens", facts=["registry"])
    yield made("not-sure-never-softer", choice="not-sure")
