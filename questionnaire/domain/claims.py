"""Claims that no text may make of an unproven product: that it is safe, approved, a cure."""

from __future__ import annotations

import re
from collections.abc import Iterator

from questionnaire.domain.lint_settings import Claims

_TOKEN = re.compile(r"[\w'’]+(?:-[\w'’]+)*|[.,;:?!()–—]")


def unfounded(sentence: str, rules: Claims) -> Iterator[str]:
    """Each banned claim that this sentence makes of a subject without denying it or saying who makes it.

    A denial counts for what follows within a few words, up to a word such as "but"; "not only" denies nothing. Who
    makes a claim must stand before it. A question claims nothing.
    """
    tokens = [token.casefold() for token in _TOKEN.findall(sentence)]
    if not tokens or tokens[-1] == "?" or not _has_subject(tokens, rules):
        return
    for claim in rules.banned:
        words = [token.casefold() for token in _TOKEN.findall(claim)]
        for place in range(len(tokens) - len(words) + 1):
            if tokens[place : place + len(words)] == words and not _taken_back(tokens[:place], rules):
                yield claim
                break


def _has_subject(tokens: list[str], rules: Claims) -> bool:
    text = f" {' '.join(tokens)} "
    return any(f" {subject.casefold()} " in text for subject in rules.subjects)


def _taken_back(before: list[str], rules: Claims) -> bool:
    """Whether the words before a claim deny it or name who makes it."""
    for distance, number in enumerate(range(len(before) - 1, -1, -1)):
        token = before[number]
        if token in rules.breaks or (token == "only" and number and before[number - 1] == "not"):
            return False
        if token in rules.sayers or (token in rules.denials and distance < rules.reach):
            return True
    return False
