"""A name that a person typed is taken for a firm's or a product's only where it is close: no false alarms."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from questionnaire.domain.letter_match import COMMON, Named, Typed, matches, state_of, telling
from questionnaire.domain.trial_sites import words_of

pytestmark = pytest.mark.pure

SEED = Path(__file__).resolve().parent.parent.parent / "questionnaire" / "content" / "letters.csv"

KIMERA = Named(("Kimera Labs", "Kimera Labs Inc", "XoGlo", "XoGloPro", "Amnio2X"), "Miramar", "Florida")
CHARA = Named(("Chara Biologics", "CharaExo"), "Chatsworth", "California")
SUPREME = Named(("Supreme Rejuvenation", "Supreme Exosomes"), "Houston", "Texas")
REGENERELLE = Named(("Regenerelle", "AT Venture Center for Global Techtrepeneurship"))
NEW_JERSEY = Named(("Regenerative Solutions of New Jersey", "Stem Cell Center of New Jersey"), "", "New Jersey")
THRIVE = Named(("Thrive",), "", "")
"""Made up: a firm called by an everyday word."""


def seeded() -> list[Named]:
    with SEED.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return [Named((r["firm"], *r["other_names"].split("|"), r["product"]), r["city"], r["state"]) for r in rows]


CLINICS = (
    """
Advanced Regenerative Clinic|Stem Cell Center|Stem Cell Institute|Regenerative Medicine Center|The Health Clinic
Bio Labs|Biologics Clinic|Exosome Center|Exosomes|Wellness Spa|Premier Pain Center|Elite Sports Medicine|Total Wellness
Supreme Wellness|Supreme Health|Rejuvenation Clinic|Rejuvenation Med Spa|Platinum Medical|Platinum Spa|Platinum Health
Vita Clinic|Vitality Medical|Chara Dental|Chara Yoga|Kimera Thai Kitchen|Kimera|Chara|Dynamic Health|Dynamic Pain Clinic
Houston Regenerative Medicine|Miramar Medical Center|Chatsworth Clinic|Florida Stem Cell Center|Texas Rejuvenation
Nevada Laboratories|Florida Biologics|California Biologics|Premier Biologics|Cell Therapeutics|Labs|Lab|Therapeutics
Mayo Clinic|Cleveland Clinic|Duke University Hospital|Johns Hopkins|Kaiser Permanente|Northside Hospital|Hilltop Clinic
Venture Center|Global Health Center|AT Center|Innovative Therapeutics|Infinity Biologics|Genesis Labs|Nano Clinic|Nano
Invitra|EX Clinic|Pro Health|Cord Blood Center|Amnio Center|Omni Health|Core Medical|Extra Exosomes|Gel|Dr. Smith|MD
""".strip()
    .replace("\n", "|")
    .split("|")
)


@pytest.mark.parametrize("clinic", CLINICS)
def test_names_that_many_clinics_have_match_no_letter(clinic: str):
    for letter in seeded():
        for city, state in (("", ""), ("Denver", "Colorado"), ("Miami, FL", "")):
            typed = Typed(clinic, city, state)
            if (clinic, state_of(state, city)) == ("Kimera", "florida"):
                # The one telling word, in the firm's own state, is close enough.
                continue
            assert not matches(letter, typed), letter.names[0]


@pytest.mark.parametrize(
    ("letter", "typed"),
    [
        (KIMERA, Typed("Kimera Labs")),
        (KIMERA, Typed("KIMERA LABS, INC.")),
        (KIMERA, Typed("Kimera Labs Miramar", "Miramar", "FL")),
        (KIMERA, Typed("Kimera", "Miami, Florida")),
        (KIMERA, Typed(texts=("They use XoGlo from the fridge.",))),
        (KIMERA, Typed(texts=("it is xoglopro",))),
        (KIMERA, Typed(texts=("made by kimera labs they said",))),
        (KIMERA, Typed("XoGlo Lounge", "Austin", "Texas")),
        (CHARA, Typed("Chara Biologics", "Los Angeles", "California")),
        (SUPREME, Typed("Supreme Rejuvenation", "Houston", "TX")),
        (REGENERELLE, Typed("Regenerelle LLC", "Tampa", "Florida")),
        (NEW_JERSEY, Typed("Stem Cell Center of New Jersey", "Jersey City, NJ")),
        (CHARA, Typed("Chara", "", "California")),
    ],
)
def test_a_close_name_is_found(letter: Named, typed: Typed):
    assert matches(letter, typed)


@pytest.mark.parametrize(
    ("letter", "typed"),
    [
        (KIMERA, Typed("Kimera Labs", "Austin", "Texas")),
        (KIMERA, Typed("Kimera Labs", "Austin, TX")),
        (KIMERA, Typed("Kimera", "Denver")),
        (KIMERA, Typed("Kimara Labs")),
        (KIMERA, Typed("Kimera Dental Labs")),
        (KIMERA, Typed("Chimera Labs")),
        (KIMERA, Typed(texts=("a xoglow finish", "kimera", "the labs"))),
        (CHARA, Typed("Chara")),
        (CHARA, Typed("Charra Biologics")),
        (SUPREME, Typed("Supreme Rejuvenation")),
        (SUPREME, Typed("Supreme Rejuvenation", "Dallas", "Florida")),
        (SUPREME, Typed("Supreme Rejuvenation Center", "Houston", "Texas")),
        (SUPREME, Typed(texts=("They sell supreme exosomes.",))),
        (NEW_JERSEY, Typed("Stem Cell Center", "Newark", "New Jersey")),
        (NEW_JERSEY, Typed("Regenerative Solutions", "", "New Jersey")),
        (THRIVE, Typed("Thrive Clinic")),
        (THRIVE, Typed("Thrive")),
        (Named(("THRIVE",)), Typed("Thrive")),
        (THRIVE, Typed(texts=("I want to thrive.",))),
    ],
)
def test_what_is_only_near_is_not(letter: Named, typed: Typed):
    assert not matches(letter, typed)


@pytest.mark.parametrize(
    ("state", "city", "told"),
    [
        ("FL", "", "florida"),
        ("new  york", "", "new york"),
        ("N.J.", "", "new jersey"),
        ("", "Miami, FL", "florida"),
        ("", "Miami, Florida 33101", "florida"),
        ("", "Florida City", ""),
        ("District of Columbia", "", "district of columbia"),
        ("Ontario", "Toronto, ON", ""),
        ("", "", ""),
    ],
)
def test_the_state_is_read_from_what_people_type(state: str, city: str, told: str):
    assert state_of(state, city) == told


@given(st.lists(st.sampled_from(sorted(COMMON)), min_size=1, max_size=6), st.booleans())
def test_common_words_alone_never_match_a_firm_elsewhere(words: list[str], as_text: bool):
    name = " ".join(words)
    typed = Typed(texts=(name,)) if as_text else Typed(name, "Boise", "Idaho")
    assert not any(matches(letter, typed) for letter in seeded())


@given(st.text(max_size=60), st.text(max_size=30), st.text(max_size=20))
def test_any_text_is_judged_and_only_its_telling_words_can_match(clinic: str, city: str, state: str):
    for letter in seeded():
        if matches(letter, Typed(clinic, city, state, (clinic,))):
            assert any(telling(words_of(name)) & telling(words_of(clinic)) for name in letter.names)


@given(st.sampled_from(seeded()), st.data())
def test_one_letter_wrong_in_the_telling_word_is_another_name(letter: Named, data: st.DataObject):
    name = letter.names[0]
    places = [place for place, sign in enumerate(name) if sign.isalpha() and place < len(name.split()[0])]
    place = data.draw(st.sampled_from(places))
    other = data.draw(st.sampled_from([sign for sign in "abcdefghijklmnopqrstuvwxyz" if sign != name[place].lower()]))
    assert not matches(letter, Typed(name[:place] + other + name[place + 1 :]))
