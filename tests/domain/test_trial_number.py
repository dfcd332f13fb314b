"""A study's number as people type and paste it."""

from __future__ import annotations

import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from questionnaire.domain.trial_number import LetterAmongDigits, NotATrialNumber, OtherRegistry, WrongLength, parse
from tests.strategies import usual

pytestmark = pytest.mark.pure


@pytest.mark.parametrize(
    "typed",
    [
        "NCT05060107",
        "nct05060107",
        "NcT05060107",
        "  NCT05060107\n",
        "NCT 0506-0107",
        "NCT-05060107",
        "NCT: 05060107",
        "NCT #05060107",
        "NCT05060107.",
        "NCT\u00a00506\u20130107",
        "05060107",
        "https://clinicaltrials.gov/study/NCT05060107",
        "https://www.clinicaltrials.gov/study/nct05060107",
        "clinicaltrials.gov/ct2/show/NCT05060107?term=exosome&rank=1",
        "https://clinicaltrials.gov/study/NCT05060107#participation-criteria",
        "https://ClinicalTrials.gov/ct2/show/record/NCT05060107",
        "see https://clinicaltrials.gov/study/NCT05060107 (my clinic's)",
        "https://clinicaltrials.gov/study/NCT05060107/",
    ],
)
def test_what_people_type_and_paste_is_taken(typed):
    assert parse(typed) == "NCT05060107"


@pytest.mark.parametrize(
    ("typed", "digits"),
    [
        ("NCT", 0),
        ("NCT1", 1),
        ("NCT0535414", 7),
        ("NCT 535414", 6),
        ("NCT005354141", 9),
        ("NCT" + "0" * 50, 50),
        ("https://clinicaltrials.gov/study/NCT0535414", 7),
        ("https://clinicaltrials.gov/study/NCT053541411", 9),
    ],
)
def test_a_number_of_another_length_is_refused_with_its_length_and_never_filled_up(typed, digits):
    with pytest.raises(WrongLength) as caught:
        parse(typed)
    assert caught.value.digits == digits


@pytest.mark.parametrize("typed", ["0535414", "535414", "005354141", "1"])
def test_bare_digits_that_are_not_eight_are_never_filled_up(typed):
    with pytest.raises(NotATrialNumber):
        parse(typed)


@pytest.mark.parametrize(
    "typed", ["NCT0506O107", "NCTO5060107", "nct0506o107", "NCT0506I107", "NCT0506l107", "NCT05 06O 107"]
)
def test_a_letter_among_the_digits_is_asked_about(typed):
    with pytest.raises(LetterAmongDigits):
        parse(typed)
    with pytest.raises(LetterAmongDigits):
        parse(f"https://clinicaltrials.gov/study/{typed.replace(' ', '')}".replace("NCTO", "NCT0O"))


@pytest.mark.parametrize(
    "typed",
    [
        "ISRCTN12345678",
        "isrctn 12345678",
        "EUCTR2004-001234-12-DE",
        "EudraCT 2004-001234-12",
        "2004-001234-12",
        "2022-500123-12-00",
        "CTIS2022-500123-12-00",
        "ChiCTR2000012345",
        "ChiCTR-IPR-17012345",
        "jRCTs031200123",
        "JPRN-UMIN000012345",
        "CTRI/2020/01/012345",
        "ACTRN12620000123456",
        "DRKS00012345",
        "IRB 2020-123",
        "IRB#44",
        "IND 12345",
        "IND12345",
        "ind-12345678",
        "EU CT 2023-503456-12-00",
        "EU CT number: 2023-503456-12-00",
        "RBR-6z7hj2",
        "PER-014-19",
        "https://www.isrctn.com/ISRCTN12345678",
        "https://anzctr.org.au/Trial/Registration/TrialReview.aspx?ACTRN=12620000123456",
        "https://trialsearch.who.int/Trial2.aspx?TrialID=JPRN-jRCT1080225000",
        "It is ISRCTN12345678",
        "Our IND is 12345",
    ],
)
def test_the_number_of_another_registry_or_board_is_called_so(typed):
    with pytest.raises(OtherRegistry):
        parse(typed)


@pytest.mark.parametrize(
    "typed",
    [
        "",
        " ",
        "-",
        "I do not know",
        "Indiana University study",
        "a find of 12345",
        "superhuman 1",
        "NCT00000000",
        "00000000",
        "NCT0506010X",
        "NCT05060107 and NCT05354141",
        "NCTNCT05060107",
        "XNCT05060107",
        "https://example.org/NCT05060107",
        "https://clinicaltrials.gov/",
        "https://clinicaltrials.gov/study/NCT05060107X",
        "NCT٠٥٠٦٠١٠٧",
        "NCT０５０６０１０７",
        "NCT05060107\0",
        "NCT05060107<script>",
    ],
)
def test_anything_else_is_no_trial_number(typed):
    with pytest.raises(NotATrialNumber) as caught:
        parse(typed)
    assert not isinstance(caught.value, OtherRegistry)


NEARLY = st.text("NCTnct0123456789OIl -–.:#/?\n", max_size=16)
LINKS = st.builds("clinicaltrials.gov/{}{}{}".format, st.text("/ctshow?=", max_size=8), st.just("NCT") | NEARLY, NEARLY)


@usual
@given(st.text() | NEARLY | LINKS | st.from_regex(r"[Nn][Cc][Tt] ?\d{7,9}", fullmatch=True))
def test_whatever_is_typed_gives_a_whole_number_or_says_why_not(typed):
    try:
        number = parse(typed)
    except NotATrialNumber:
        return
    assert re.fullmatch(r"NCT[0-9]{8}", number)
    assert number[3:] in re.sub(r"[^0-9]", "", typed), "digits were made up"
    assert parse(number) == number


@usual
@given(st.from_regex(r"[0-9]{1,7}|[0-9]{9,12}", fullmatch=True), st.sampled_from(["", "NCT", "nct ", "NCT-"]))
def test_a_short_or_long_number_is_never_made_to_fit(digits, before):
    with pytest.raises(NotATrialNumber):
        parse(before + digits)
    with pytest.raises(WrongLength):
        parse(f"https://clinicaltrials.gov/study/NCT{digits}")


def test_a_very_long_text_is_refused_at_once():
    started = time.process_time()
    with pytest.raises(NotATrialNumber):
        parse("clinicaltrials.gov/" * 10_000)
    assert time.process_time() - started < 1
