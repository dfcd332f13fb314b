"""What the dashboard counts, in order and in words: the values that the live edition knows, and older ones by name."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from questionnaire.domain.content import Aid
from questionnaire.domain.trial_changes import flag_levels, flag_words
from questionnaire.services import editions, queueing

MOST_EDITIONS = 12
"""How many editions, from the newest on, are asked for the name of a value."""
FLAG, CAUTION, OFFER, TIME = "flag", "caution", "offer", "review-time"


@dataclass(frozen=True, slots=True)
class Group:
    """Values that are counted side by side.

    Attributes:
        slug: the dimension; for what was offered with its question, such as `offer/stage`.
        values: slugs in the order in which they are shown.
        adds_up: a response has at most one of them.
    """

    slug: str
    values: tuple[str, ...]
    adds_up: bool


def groups(aid: Aid) -> list[Group]:
    """All that is counted of responses to this aid."""
    rules = aid.triage
    found = [_of_question(aid, "problem", slug) for slug in rules.problem[:1]]
    found += [_of_question(aid, f"{OFFER}/{slug}", slug) for slug in rules.offer]
    found.append(Group("standing", tuple(each.slug for each in rules.standings), adds_up=True))
    found += [_of_question(aid, "price", rules.price)] if rules.price else []
    found.append(Group(FLAG, tuple(flag_levels(aid)), adds_up=False))
    found.append(Group(TIME, (*queueing.TIMES, "not-yet"), adds_up=True))
    cautions = tuple(item.slug for item in aid.guidance if item.kind == "caution")
    found.append(Group(CAUTION, cautions, adds_up=False))
    return [group for group in found if group.values]


def _of_question(aid: Aid, slug: str, question: str) -> Group:
    asked = aid.question[question]
    return Group(slug, tuple(choice.slug for choice in asked.choices), adds_up=asked.kind != "many")


class Words:
    """Names of values, from the newest edition that knows them."""

    def __init__(self, aid: Aid) -> None:
        self._aids = [aid]
        self._older: Iterator[Aid] | None = None

    def of(self, group: str, value: str) -> str:
        """The name of this value; its slug when no recent edition knows it, or it is a stretch of time."""
        return value if group == TIME else self._asked(lambda aid: _value(aid, group, value)) or value

    def question(self, slug: str) -> str:
        """The short name of a question; its slug when no recent edition knows it."""
        return self._asked(lambda aid: _question(aid, slug)) or slug

    def _asked(self, name: Callable[[Aid], str]) -> str:
        place = 0
        while place < len(self._aids) or self._load():
            if found := name(self._aids[place]):
                return found
            place += 1
        return ""

    def _load(self) -> bool:
        """Take one more edition, the next older; False when there is none."""
        if self._older is None:
            log = editions.change_log(self._aids[0].slug)[1:MOST_EDITIONS]
            self._older = (editions.aid_of(each.pk) for each in log)
        aid = next(self._older, None)
        if aid is not None:
            self._aids.append(aid)
        return aid is not None


def _question(aid: Aid, slug: str) -> str:
    return aid.triage.name_of(aid.question[slug], aid.language) if slug in aid.question else ""


def _value(aid: Aid, group: str, value: str) -> str:
    if group == CAUTION:
        return aid.item[value].title[aid.language] if value in aid.item else ""
    if group == FLAG:
        return flag_words(aid).get(value, "")
    if group == "standing":
        return next((each.text[aid.language] for each in aid.triage.standings if each.slug == value), "")
    asked = {"problem": next(iter(aid.triage.problem), ""), "price": aid.triage.price}
    question = aid.question.get(asked.get(group, group.removeprefix(f"{OFFER}/")))
    return question.choice[value].text[aid.language] if question is not None and value in question.choice else ""
