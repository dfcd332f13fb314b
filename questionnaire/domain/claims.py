"""Claims that no text may make of an unproven product: that it is safe, approved, a cure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from questionnaire.domain.lint_settings import Claims

_TOKEN = re.compile(r"[\w'’]+(?:[-‑][\w'’]+)*|[.,;:?!()–—]")

Phrases = dict[tuple[str, ...], str]
"""What a phrase does to a claim after it, by its words."""

_FARTHEST = 100
"""Words before a claim that are looked at: more than a sentence has that anybody could read."""

_DENIES, _SAYS, _ENDS = "denies", "says", "ends"


def unfounded(sentence: str, rules: Claims) -> Iterator[str]:
    """Each banned claim that this sentence makes of a subject without denying it or saying who makes it.

    A denial counts for what follows within a few words, up to a word such as "but", or to a comma after which the
    subject is named anew; "not only" denies nothing. Who makes a claim must stand before it. A question that asks
    whether something is so claims nothing.
    """
    if not _subject(rules.subjects).search(sentence.casefold()):
        return
    tokens = _tokens(sentence)
    if tokens[-1] == "?" and tokens[0] in rules.askers:
        return
    phrases = _phrases(rules)
    for claim, words in _banned(rules.banned):
        for place in range(len(tokens) - len(words) + 1):
            if tokens[place] != words[0] or tokens[place : place + len(words)] != words:
                continue
            if not _taken_back(tokens[max(0, place - _FARTHEST) : place], rules, phrases):
                yield claim
                break


def _tokens(text: str) -> list[str]:
    return [token.casefold().replace("’", "'").replace("‑", "-") for token in _TOKEN.findall(text)]


@lru_cache(maxsize=8)
def _subject(subjects: tuple[str, ...]) -> re.Pattern[str]:
    """Finds a subject as a word, as in "exosome's" and "exosome-based" too; nothing when there are none."""
    either = "|".join(re.escape(subject.casefold()) for subject in subjects)
    return re.compile(rf"(?<!\w)(?:{either})(?!\w)" if either else r"(?!)")


@lru_cache(maxsize=8)
def _banned(claims: tuple[str, ...]) -> list[tuple[str, list[str]]]:
    return [(claim, words) for claim in claims if (words := _tokens(claim))]


@lru_cache(maxsize=8)
def _phrases(rules: Claims) -> Phrases:
    groups = ((rules.sayers, _SAYS), (rules.denials, _DENIES), (rules.breaks, _ENDS))
    return {tuple(_tokens(phrase)): effect for listed, effect in groups for phrase in listed}


def _taken_back(before: list[str], rules: Claims, phrases: Phrases) -> bool:
    """Whether the words before a claim deny it or name who makes it; the phrase nearest to the claim settles it."""
    longest = max(map(len, phrases), default=0)
    subject, anew, void = _subject(rules.subjects), False, False
    for end in range(len(before), 0, -1):
        anew = anew or bool(subject.search(before[end - 1]))
        void = void or (anew and before[end - 1] == ",") or len(before) - end >= rules.reach
        held = (tuple(before[start:end]) for start in range(max(0, end - longest), end))
        effect = next((phrases[words] for words in held if words in phrases), "")
        if effect == _ENDS:
            return False
        if effect == _SAYS or (effect == _DENIES and not void):
            return True
    return False
