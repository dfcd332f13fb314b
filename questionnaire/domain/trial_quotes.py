"""What a sponsor's own texts say of payment and of approval, quoted with a few words around it.

Of approval only what is said of the study or of what it tests is told: a record that names an approved drug of somebody
else's, or what patients took before, claims nothing for itself.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from questionnaire.domain.trial_design import OF_A_DOSE
from questionnaire.domain.trial_product import tested_names
from questionnaire.domain.trial_record import TrialRecord
from questionnaire.domain.trial_rules import TrialRules
from questionnaire.domain.trial_sites import words_of

Quote = tuple[str, str]
"""The field, and the words of it that are quoted."""
_Match = re.Match[str]

_AROUND = 80
"""Characters of a sponsor's text that are quoted around a phrase."""
_NEAR = 40
_DENIES_BEFORE = re.compile(r"(?i)\b(no|not|never|without|free of|any)\b[^.;:]{0,30}\Z")
_DENIES_AFTER = re.compile(r"(?i)[^.;:]{0,20}\b(covered|waived|reimbursed|not charged)\b")
"""How a text says within a few words that nobody pays, or that there is no approval."""

_ENDS = re.compile(r"(?<![A-Z])[.;:!?](?=\s|\Z)|\n\s*(?:\n|[*•-])")
"""Where a statement ends; the point in “U.S. FDA” ends none."""
_BE = r"is|are|was|were|be|been|being|has|have|had|receives?|received|gets?|got"
_SAID_OF = re.compile(rf"(?i)\b(?:{_BE})\s+(?:(?:been|now|also|already|full|U\.?S\.?|\w+ly)\s+)*\Z")
"""What stands before a phrase that tells something of what was named before: “the study has been”, “it is already”."""
_JOINED = re.compile(r"(?i)\b(?:although|but|while|whereas|because|since|and|so)\b")
_RELATIVE = re.compile(r"(?i)\b(?:that|which|who)\b")
_NAMES_NO_MORE = re.compile(
    r"(?i)\b(?:in|for|of|with|to|by|at|on|from|and|or|that|which|who|is|are|was|were|has|have|will|may|can)\b"
)
"""What ends the thing that “FDA-approved” stands in front of."""
_SUBJECT, _SHORT = 8, 4
"""Words that are looked at on either side of a phrase, and those of a statement that can be of the study alone."""
_STUDY = frozenset(("study", "trial", "protocol", "product", "ind", "investigational"))
_OF_ANYTHING = frozenset(
    ("drug", "drugs", "device", "devices", "blood", "test", "surgery", "placebo", "saline", "normal")
)
"""Words in names of what is tested that stand as well for what others make."""


def of_payment(record: TrialRecord, rules: TrialRules) -> Quote | None:
    """The first place where a text speaks of people paying, and does not take it back in the same breath."""
    return _first(record, rules.paying, lambda text, found: not _denied(text, found))


def of_approval(record: TrialRecord, rules: TrialRules) -> Quote | None:
    """The first place where a text says of the study or of what it tests that FDA approved it, or is about to.

    The reason for which a study stopped is left out, since it is quoted in any case (`speaks_of_approval`).
    """
    own = _own(record, rules)
    return _first(
        record,
        rules.approving,
        lambda text, found: (
            not _DENIES_BEFORE.search(text[max(0, found.start() - _NEAR) : found.start()])
            and _said_of(text, found, own)
        ),
        leave_out="whyStopped",
    )


def speaks_of_approval(text: str, rules: TrialRules) -> bool:
    """Whether this text speaks of approval by FDA at all."""
    return bool(rules.approving.search(text))


def _first(
    record: TrialRecord, pattern: re.Pattern[str], counts: Callable[[str, _Match], bool], *, leave_out: str = ""
) -> Quote | None:
    for field, text in record.free_texts:
        found = next((each for each in pattern.finditer(text) if counts(text, each)), None)
        if found is not None and field != leave_out:
            start, end = max(0, found.start() - _AROUND), found.end() + _AROUND
            whole = " ".join(text[start:end].split())
            return field, f"{'… ' if start else ''}{whole}{' …' if end < len(text) else ''}"
    return None


def _denied(text: str, found: _Match) -> bool:
    """Whether the words right before or after a phrase take it back: "no", "not", "covered by"."""
    before, after = text[max(0, found.start() - _NEAR) : found.start()], text[found.end() : found.end() + _NEAR]
    return bool(_DENIES_BEFORE.search(before) or _DENIES_AFTER.match(after))


def _own(record: TrialRecord, rules: TrialRules) -> Callable[[str], bool]:
    """Whether words name the study or what it tests."""
    names = {word for name in tested_names(record) for word in words_of(name) if len(word) > 2}
    told = _STUDY | (names - OF_A_DOSE - _OF_ANYTHING)

    def own(text: str) -> bool:
        return not told.isdisjoint(words_of(text)) or bool(rules.exosomes.search(text) or rules.branded.search(text))

    return own


def _said_of(text: str, found: _Match, own: Callable[[str], bool]) -> bool:
    """Whether this phrase of approval is said of what is the study's own."""
    before = _ENDS.split(text[: found.start()])[-1]
    after = _ENDS.split(text[found.end() :], maxsplit=1)[0]
    phrase = found[0].casefold()
    if len(words_of(f"{before} {phrase} {after}")) <= _SHORT:
        return True
    if said := _SAID_OF.search(before):
        return own(_subject(before[: said.start()]))
    if phrase.startswith("approved"):
        return own(" ".join(before.split()[-3:]))
    if "approval" in phrase or phrase.startswith("pending"):
        return own(" ".join(after.split()[:_SUBJECT]))
    return own(_NAMES_NO_MORE.split(" ".join(after.split()[:_SUBJECT]), maxsplit=1)[0])


def _subject(text: str) -> str:
    """What a statement is about, as far as the words before its verb tell; of “drugs that” it is the drugs."""
    parts = _RELATIVE.split(_JOINED.split(text)[-1])
    if len(parts) > 1:
        return " ".join((*parts[-2].split()[-2:], *parts[-1].split()))
    return " ".join(parts[0].split()[-_SUBJECT:])
