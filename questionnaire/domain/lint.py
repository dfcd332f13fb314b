"""What an editor should mend before an aid is published: dates, words, balance, questions without effect.

The safety of what people are shown is not looked at here but proved (`proof.py`).
"""

from __future__ import annotations

import datetime as dt
import re
import statistics
from collections import Counter, defaultdict
from collections.abc import Iterator

from questionnaire.domain import wording
from questionnaire.domain.claims import unfounded
from questionnaire.domain.conditions import Condition
from questionnaire.domain.content import OPTION_TEXTS, SOURCE_KINDS, Aid, Guidance
from questionnaire.domain.findings import ERROR, WARNING, Finding
from questionnaire.domain.pieces import pieces

_RATE = re.compile(
    r"\b\d[\d,]* (?:of|in|out of) (?:every |each )?"
    r"(10{1,2}|10?,?000|\d[\d,]*(?= (?:people|patients|men|women|adults|knees)))(?![\d,]*\d)"
)
_ONE_IN = re.compile(
    r"\b(?:1|one) in (?:every )?(\d[\d,]*|\w+teen|two|three|four|five|six|seven|eight|nine|ten)\b", re.I
)
_ADDRESS = re.compile(r"https://[^\s)>\]]+")


def lint(aid: Aid, today: dt.date) -> list[Finding]:
    """Everything to mend (errors) and to know (warnings) in this aid on this day."""
    if not aid.lint.given:
        message = "This aid brings no lint.yaml, so its words and dates cannot be checked. Add one."
        return [Finding(ERROR, "lint-settings", message)]
    checks = (_review, _sources, _grades, _claims, _spelling, _options, _effects)
    found = [finding for check in checks for finding in check(aid, today)]
    return sorted(found, key=lambda finding: finding.level != ERROR)


def links(aid: Aid) -> list[str]:
    """Every address that a person could be led to, each once."""
    written = [*aid.notes.values(), *(page.body for page in aid.pages), *(item.body for item in aid.guidance)]
    written += [text for item in aid.guidance if item.option for text in item.option.texts.values()]
    found = {address for texts in written for text in texts.values() for address in _ADDRESS.findall(text)}
    return sorted(found | {source.url for source in aid.sources if source.url})


def _review(aid: Aid, today: dt.date) -> Iterator[Finding]:
    left = (aid.next_review - today).days
    if left < 0:
        message = f"The review was due on {aid.next_review}. Check the facts, then set new dates."
        yield Finding(ERROR, "review-overdue", message, "aid/head", "next_review")
    elif left <= aid.lint.soon:
        message = f"The next review is due in {left} days, on {aid.next_review}."
        yield Finding(WARNING, "review-soon", message, "aid/head", "next_review")


def _sources(aid: Aid, today: dt.date) -> Iterator[Finding]:
    """An entry stands on its sources: it is out of date when none of them was checked within its kind's period."""
    shortest = min(aid.lint.periods.values(), default=365)
    missing = sorted(set(SOURCE_KINDS) - set(aid.lint.periods))
    if missing:
        message = f"lint.yaml names no period for sources of kind {', '.join(missing)}. Add them under `periods`."
        yield Finding(ERROR, "lint-settings", message)
    left = {
        source.slug: aid.lint.periods.get(source.kind, shortest) - (today - source.last_checked).days
        for source in aid.sources
    }
    overdue: dict[str, list[str]] = defaultdict(list)
    for owner, evidence in _citing(aid):
        cited = [slug for id in evidence for slug in aid.claim[id].sources]
        if cited and all(left[slug] < 0 for slug in cited):
            overdue[max(cited, key=lambda slug: left[slug])].append(owner)
    for slug, owners in overdue.items():
        message = (
            f"{_many(len(owners), 'text')} ({_some(owners)}) rest on sources that are all overdue. Read this one again."
        )
        yield Finding(ERROR, "source-overdue", message, f"source/{slug}", "last_checked")
    for slug, days in left.items():
        if 0 <= days <= aid.lint.soon:
            message = f"This source is due to be read again in {days} days."
            yield Finding(WARNING, "source-due-soon", message, f"source/{slug}", "last_checked")


def _citing(aid: Aid) -> Iterator[tuple[str, tuple[str, ...]]]:
    yield from ((item.slug, item.evidence) for item in aid.guidance)
    yield from ((each.slug, each.evidence) for each in aid.sentence.values())
    yield from ((page.slug, page.evidence) for page in aid.pages)


def _many(count: int, what: str) -> str:
    return f"{count} {what}" if count == 1 else f"{count} {what}s"


def _some(names: list[str]) -> str:
    return ", ".join(names[:3]) + (", …" if len(names) > 3 else "")


def _grades(aid: Aid, today: dt.date) -> Iterator[Finding]:
    for piece in pieces(aid):
        if not piece.graded or len(wording.words(piece.text)) < aid.lint.shortest:
            continue
        found = wording.grade(piece.text)
        if found > aid.lint.grade:
            message = (
                f"This reads at grade {found:.1f}; grade {aid.lint.grade} is the most. Use shorter sentences and words."
            )
            marked = wording.hardest(piece.text, aid.lint.grade)
            yield Finding(ERROR, "reading-grade", message, piece.place, piece.field, marked)


def _claims(aid: Aid, today: dt.date) -> Iterator[Finding]:
    for piece in pieces(aid):
        for sentence in wording.sentences(piece.text):
            for claim in unfounded(sentence, aid.lint.claims):
                message = (
                    f"This sentence says “{claim}” of an unproven product. Say who says so, deny it, or leave it out."
                )
                yield Finding(ERROR, "banned-claim", message, piece.place, piece.field, (sentence,))


def _spelling(aid: Aid, today: dt.date) -> Iterator[Finding]:
    wrong = {form: right for right, forms in aid.lint.spelling.items() for form in forms}
    if not wrong:
        return
    # The longest first, so that a form within another one does not hide it; and nothing within an address.
    either = re.compile(
        rf"(?<![\w@./-])(?:{'|'.join(map(re.escape, sorted(wrong, key=len, reverse=True)))})(?![\w-]|\.\w)"
    )
    for piece in pieces(aid):
        for form in dict.fromkeys(either.findall(piece.text)):
            message = f"Write “{wrong[form]}”, not “{form}”."
            yield Finding(ERROR, "product-name", message, piece.place, piece.field, (form,))


def _options(aid: Aid, today: dt.date) -> Iterator[Finding]:
    options = [item for item in aid.guidance if item.option is not None]
    for language in aid.languages:
        lengths = {item.slug: _length(item, language) for item in options}
        middle = statistics.median(lengths.values()) if lengths else 0
        yield from _denominators(options, language)
        for item in options:
            yield from _balance(aid, item, language)
            if not middle / aid.lint.option_length <= lengths[item.slug] <= middle * aid.lint.option_length:
                message = (
                    f"This option has {lengths[item.slug]} words; the usual is {middle:.0f}. Give options equal room."
                )
                yield Finding(ERROR, "balance", message, f"item/{item.slug}", "option")


def _length(item: Guidance, language: str) -> int:
    return len(wording.words(_all_of(item, language)))


def _balance(aid: Aid, item: Guidance, language: str) -> Iterator[Finding]:
    assert item.option is not None
    good, bad = (len(wording.words(item.option.texts[key][language])) for key in ("benefits", "harms"))
    if max(good, bad) > aid.lint.benefit_to_harm * max(1, min(good, bad)):
        message = f"Benefits take {good} words and harms {bad}. Tell both in like detail."
        yield Finding(ERROR, "balance", message, f"item/{item.slug}", f"option.benefits.{language}")


def _denominators(options: list[Guidance], language: str) -> Iterator[Finding]:
    """Options stand side by side, so all their numbers are out of the same."""
    texts = {item.slug: _all_of(item, language) for item in options}
    rates = [(slug, match) for slug, text in texts.items() for match in _RATE.finditer(text)]
    bases = Counter(match[1].replace(",", "") for _, match in rates)
    usual = max(bases, key=lambda base: bases[base], default="")
    for slug, match in rates:
        if match[1].replace(",", "") != usual:
            message = f"Numbers in one comparison need one base. Say it out of {usual}, as the other options do."
            yield Finding(ERROR, "denominator", message, f"item/{slug}", "option", (match[0],))
    for slug, text in texts.items():
        for match in _ONE_IN.finditer(text):
            message = f"“{match[0]}” is hard to compare. Say how many out of 100."
            yield Finding(ERROR, "denominator", message, f"item/{slug}", "option", (match[0],))


def _all_of(item: Guidance, language: str) -> str:
    assert item.option is not None
    return "\n".join(wording.plain(item.option.texts[key][language]) for key in OPTION_TEXTS)


def _effects(aid: Aid, today: dt.date) -> Iterator[Finding]:
    deciding = [item.when for item in aid.guidance] + [each.when for each in aid.sentence.values()]
    read = _read_by(deciding)
    # What decides only whether a question is asked matters as far as that question does.
    while more := _read_by([q.when for q in aid.questions if q.slug in read]) - read:
        read |= more
    asked_for = _read_by([q.when for q in aid.questions if q.for_physician])
    for question in aid.questions:
        place = f"question/{question.slug}"
        if question.slug not in read | asked_for and not question.for_physician:
            message = (
                "The answers change nothing. Let guidance read it, mark it for the physician, or drop the question."
            )
            yield Finding(ERROR, "no-effect", message, place)
        if question.slug in read and question.for_physician:
            message = "This question is marked as only for the physician, but a condition reads it. Drop the mark."
            yield Finding(ERROR, "no-effect", message, place, "for_physician")


def _read_by(conditions: list[Condition | None]) -> set[str]:
    return {subject for when in conditions if when is not None for subject in when.reads()}
