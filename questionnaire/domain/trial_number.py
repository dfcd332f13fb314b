"""A study's number on ClinicalTrials.gov, taken from what a person typed or pasted.

The registry itself accepts a number with leading zeros left out, so a number with a digit lost would be taken for
another study: a short number is therefore never filled up.
"""

from __future__ import annotations

import re

_LINK = re.compile(r"clinicaltrials\.gov/\S*?(NCT[0-9][0-9A-Z]*)", re.IGNORECASE)
_LISTS = (
    "ISRCTN|EUCTR|EUDRACT|EU ?CT|CTIS|CHICTR|ITMCTR|JRCT|JPRN|JAPIC|UMIN|CTRI|ACTRN|DRKS|NTR|IRCT|KCT|TCTR|PACTR|RBR|"
    "RPCEC|SLCTR|LBCTR|PHRR|PER|SNCTP|U1111"
)
"""How the numbers of other lists of studies begin, those of WHO's network among them."""
_OTHER_REGISTRIES = re.compile(
    rf"(?<![A-Z0-9])(?:(?:{_LISTS})\D{{0,12}}\d|(?:IND|IRB)(?![A-Z])|\d{{4}}-\d{{6}}-\d{{2}})", re.IGNORECASE
)

_LONGEST = 2000
"""Characters of the longest link that is looked at."""


class NotATrialNumber(ValueError):
    """What was typed is no ClinicalTrials.gov number; the subclass says in which way."""


class OtherRegistry(NotATrialNumber):
    """It looks like a number that another registry, an ethics board or FDA gives."""


class LetterAmongDigits(NotATrialNumber):
    """There is a letter O or I where a digit belongs."""


class WrongLength(NotATrialNumber):
    """NCT is followed by more or fewer than 8 digits; `digits` says how many."""

    def __init__(self, digits: int) -> None:
        self.digits = digits
        super().__init__(digits)


def parse(typed: str) -> str:
    """The number as `NCT` and 8 digits.

    Raises:
        NotATrialNumber: or one of its subclasses.
    """
    if len(typed) > _LONGEST:
        raise NotATrialNumber
    link = _LINK.search(typed)
    text = re.sub(r"[\s\-–—_.:#]", "", link.group(1) if link else typed).upper()
    if re.fullmatch(r"NCT\d*", text, re.ASCII):
        digits = len(text) - 3
        if digits != 8:
            raise WrongLength(digits)
        if text == "NCT00000000":
            raise NotATrialNumber
        return text
    if re.fullmatch(r"NCT[\dOIL]+", text, re.ASCII):
        raise LetterAmongDigits
    if re.fullmatch(r"\d{8}", text, re.ASCII):
        return parse(f"NCT{text}")
    if _OTHER_REGISTRIES.search(typed.strip()):
        raise OtherRegistry
    raise NotATrialNumber
