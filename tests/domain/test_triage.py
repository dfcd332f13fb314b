"""Triage on a small aid: what raises a flag, where an offer stands, and what triage.yaml must not say."""

from __future__ import annotations

import copy

import pytest

from questionnaire.domain import folder
from questionnaire.domain.atoms import atoms_of
from questionnaire.domain.journey import Journey
from questionnaire.domain.lint import lint
from questionnaire.domain.outcome import Outcome, outcome
from questionnaire.domain.reading import Refused, draft, read
from questionnaire.domain.triage import Triage, TriageRules, causes, counted, triage
from questionnaire.domain.triage_rules import HIGHEST_LEVEL
from questionnaire.domain.triage_words import cause_words
from tests.web import small_aid, text, when

pytestmark = pytest.mark.pure

ANSWERS = {
    "signs": ["none"],
    "problem": "joint",
    "joint-site": "knee",
    "age": "50",
    "weight": None,
    "since": "2020-01-01",
    "trial-number": {"choice": "no-number"},
    "words": None,
    "matters": ["pain"],
}
REGISTRY = {"all": [{"fact": "registry", "is": "closed"}]}
RULES = {
    "problem": ["problem", "joint-site"],
    "offer": ["since"],
    "price": "weight",
    "matters": ["matters"],
    "study": ["trial-number"],
    "flags": [
        {"slug": "late", "level": 60, "text": text("Waits"), "when": when("trial-number", is_="no-number")},
        {"slug": "urgent", "level": 0, "text": text("Emergency"), "now": ["call-911", "emergency-room"]},
        {"slug": "today", "level": 10, "text": text("Today"), "now": ["same-day"], "when": when("age", at_least=90)},
        {"slug": "against", "level": 50, "text": text("Leans to it"), "contraindicated": True},
        {"slug": "closed", "level": HIGHEST_LEVEL, "text": text("Closed"), "when": REGISTRY},
    ],
    "standings": [
        {"slug": "no-number", "text": text("No number"), "when": when("trial-number", is_="no-number")},
        {"slug": "closed", "text": text("Closed"), "when": REGISTRY},
        {"slug": "number", "text": text("A number")},
    ],
    "alternatives": [
        {
            "slug": "plasma",
            "name": text("Plasma"),
            "items": ["plasma"],
            "offered": when("matters", is_="proof"),
            "contraindications": [
                {
                    "slug": "knee",
                    "text": text("A knee"),
                    "when": when("joint-site", is_="knee"),
                    "items": ["knee-caution"],
                },
                {"slug": "young", "text": text("Young"), "when": when("age", less_than=40), "relative": True},
            ],
        },
        {
            "slug": "fat",
            "name": text("Fat"),
            "items": ["plasma"],
            "contraindications": [{"slug": "hip", "text": text("A hip"), "when": when("joint-site", is_="hip")}],
        },
    ],
}


def with_rules(change=None):
    """The small aid with these rules; `change` gets them to break or bend."""
    document = small_aid()
    document["aid.yaml"] |= {"facts": [{"slug": "registry", "values": ["open", "closed"]}]}
    document["triage.yaml"] = copy.deepcopy(RULES)
    if change is not None:
        change(document["triage.yaml"])
    return document


def seen(facts=None, preferred=(), **answers) -> Triage:
    aid = read(with_rules())
    given = ANSWERS | {slug.replace("_", "-"): answer for slug, answer in answers.items()}
    return triage(aid, given, outcome(aid, given, facts), facts=facts, preferred=preferred)


# --- What raises a flag ---------------------------------------------------------------------------------------------


def test_flags_stand_in_the_order_of_their_levels_and_the_first_gives_the_level():
    found = seen(signs=["breathing", "fever"], preferred=["plasma"], facts={"registry": "closed"})
    assert found.flags == ("urgent", "today", "against", "late", "closed")
    assert found.level == 0


def test_without_flags_there_is_no_level():
    found = seen(trial_number="NCT05060107")
    assert (found.flags, found.level) == ((), None)


@pytest.mark.parametrize(
    ("answers", "flag", "level"),
    [({"signs": ["breathing"]}, "urgent", 0), ({"signs": ["fever"]}, "today", 10), ({"age": "90"}, "today", 10)],
)
def test_an_urgent_action_or_a_condition_alone_raises_a_flag(answers, flag, level):
    found = seen(**answers)
    assert (found.flags, found.level) == ((flag, "late"), level)


def test_an_action_is_that_of_the_outcome_which_the_patient_got_not_of_the_answers():
    aid = read(with_rules())
    given = ANSWERS | {"signs": ["breathing"]}
    assert triage(aid, given, Outcome(meaning=(), items=())).flags == ("late",)


def test_a_contraindication_raises_a_flag_only_for_what_the_patient_leans_towards():
    assert "against" not in seen().flags
    assert "against" not in seen(preferred=["fat"]).flags
    assert "against" in seen(preferred=["plasma"]).flags
    assert "against" in seen(preferred=["fat"], joint_site="hip").flags


def test_what_was_offered_counts_as_preferred():
    assert "against" in seen(matters=["proof"]).flags


def test_a_reason_for_care_is_told_and_raises_no_flag():
    found = seen(joint_site="hip", age="30", preferred=["plasma"])
    assert found.contraindications == (("plasma", "young"), ("fat", "hip"))
    assert "against" not in found.flags


def test_a_letter_raises_the_flags_that_are_for_letters_alone():
    aid = read(
        with_rules(
            lambda rules: rules["flags"].append(
                {"slug": "letter", "level": 3, "text": text("A letter"), "letter": True}
            )
        )
    )
    shown = outcome(aid, ANSWERS)
    assert "letter" not in triage(aid, ANSWERS, shown).flags
    assert triage(aid, ANSWERS, shown, letter=True).flags == ("letter", "late")


def test_what_a_later_check_found_stands_in_place_of_what_was_known_and_opens_no_question():
    def asks_more(document):
        document["questions.yaml"][1]["questions"][0]["when"] = REGISTRY

    document = with_rules()
    asks_more(document)
    aid = read(document)
    given = {slug: answer for slug, answer in ANSWERS.items() if slug != "age"} | {"trial-number": "NCT05060107"}
    shown = outcome(aid, given, {"registry": "open"})
    found = triage(aid, given, shown, facts={"registry": "open"}, checked={"registry": "closed"}, preferred=["plasma"])
    assert found.standing == "closed"
    assert found.flags == ("against", "closed"), "what is asked after a question that was not there still counts"


# --- Why a flag is up -----------------------------------------------------------------------------------------------


def why(flag, facts=None, preferred=(), **answers):
    def named(rules):
        rules["causes"] = [
            {"question": "signs", "words": {"breathing": text("breath"), "fever": text("a fever")}},
            {"question": "joint-site", "words": {"knee": text("a knee"), "hip": text("a hip")}},
            {"question": "matters", "words": {"pain": text("pain"), "cost": text("cost"), "proof": text("proof")}},
            {"fact": "registry", "words": {"closed": text("closed now")}},
        ]
        rules["flags"] += [
            {"slug": "both", "level": 1, "text": text("Both"), "when": BOTH},
            {
                "slug": "either",
                "level": 2,
                "text": text("Either"),
                "when": {"any": [{"all": [KNEE, PAIN]}, COST, PAIN]},
            },
        ]

    aid = read(with_rules(named))
    given = ANSWERS | {slug.replace("_", "-"): answer for slug, answer in answers.items()}
    shown = [each.slug for each in outcome(aid, given, facts).items]
    found = causes(aid, counted(aid, given, facts), shown, [flag], preferred)
    return cause_words(aid, found[flag], most=2)


KNEE = {"question": "joint-site", "is": "knee"}
PAIN, COST = ({"question": "matters", "is": value} for value in ("pain", "cost"))
BOTH = {"all": [KNEE, PAIN]}


def test_a_flag_is_explained_by_the_answers_that_it_needs_together():
    assert why("both") == "a knee with pain"
    assert why("urgent", signs=["breathing", "fever"]) == "breath"
    assert why("today", signs=["fever"]) == "a fever"
    assert why("closed", facts={"registry": "closed"}) == "closed now"


def test_each_reason_that_is_enough_is_told_and_of_many_their_number():
    assert why("either", matters=["cost"]) == "cost"
    assert why("either") == "a knee with pain; pain"
    assert why("either", matters=["pain", "cost"]) == "a knee with pain; cost; and 1 more"


def test_a_reason_against_is_told_with_what_it_speaks_against_and_others_are_not():
    assert why("against", preferred=["plasma"], age="30") == "Plasma: A knee"


def test_a_flag_that_does_not_hold_or_has_no_words_is_not_explained():
    assert why("both", problem="skin") == ""
    assert why("late") == ""


def test_contraindications_are_told_of_all_alternatives_wanted_or_not():
    assert seen(age="30").contraindications == (("plasma", "knee"), ("plasma", "young"))


# --- Where it stands ------------------------------------------------------------------------------------------------


def test_the_first_standing_that_holds_counts():
    assert seen(facts={"registry": "closed"}).standing == "no-number"
    assert seen(trial_number="NCT05060107", facts={"registry": "closed"}).standing == "closed"
    assert seen(trial_number="NCT05060107", facts={"registry": "open"}).standing == "number"
    assert seen(trial_number="NCT05060107").standing == "number"


def test_the_problem_is_the_answer_to_its_main_question():
    assert seen().problem == "joint"
    assert seen(problem="not-sure").problem == "not-sure"


def test_an_answer_off_the_path_counts_for_nothing():
    assert seen(problem="skin", joint_site="knee").contraindications == ()


def test_a_journey_that_has_hardly_begun_is_judged_as_far_as_it_goes():
    aid = read(with_rules())
    given = {"signs": ["none"]}
    assert not Journey(aid, given).complete
    found = triage(aid, given, Outcome(meaning=(), items=()))
    assert found == Triage(flags=(), standing="number", contraindications=(), problem="", level=None)


def test_an_aid_without_rules_is_read_and_finds_nothing():
    aid = read(small_aid(lambda document: document.pop("triage.yaml")))
    assert aid.triage == TriageRules()
    assert triage(aid, ANSWERS, outcome(aid, ANSWERS)) == Triage((), "", (), "", None)


# --- What is refused ------------------------------------------------------------------------------------------------


def flag(rules, **more):
    rules["flags"][0] |= more


def standing(rules, number, **more):
    rules["standings"][number] |= more


def against(rules, **more):
    rules["alternatives"][0]["contraindications"][0] |= more


def caused(rules, *, twice=False, **about):
    rules["causes"] = [about | {"words": {"knee": text("a knee")}} for _ in range(1 + twice)]


GONE = {"all": [{"question": "gone", "is": "yes"}]}
NO_CHOICE = {"all": [{"question": "problem", "is": "elbow"}]}
NO_VALUE = {"all": [{"fact": "registry", "is": "lost"}]}


@pytest.mark.parametrize(
    ("change", "key", "said"),
    [
        (lambda rules: flag(rules, when=GONE), "flags.late.when", "no question or fact “gone”"),
        (lambda rules: flag(rules, when=NO_CHOICE), "flags.late.when", "no choice “elbow”"),
        (lambda rules: flag(rules, when=NO_VALUE), "flags.late.when", "never has the value “lost”"),
        (lambda rules: flag(rules, level=90), "flags.late.level", "0 to 89"),
        (lambda rules: flag(rules, level=-1), "flags.late.level", "0 to 89"),
        (lambda rules: rules["flags"][0].pop("level"), "flags.late.level", "0 to 89"),
        (lambda rules: flag(rules, now=["wait"]), "flags.late.now", "“wait” is not known"),
        (lambda rules: rules["flags"][0].pop("when"), "flags.late", "can never hold"),
        (lambda rules: rules["flags"][0].pop("text"), "flags.late.text", "text by language"),
        (lambda rules: flag(rules, levle=3), "flags.late.levle", "not known here"),
        (lambda rules: flag(rules, slug="urgent"), "flags.urgent", "two entries"),
        (lambda rules: flag(rules, slug="Not so"), "flags.Not so.slug", "lower-case"),
        (lambda rules: standing(rules, 2, when=REGISTRY), "standings", "the last standing"),
        (lambda rules: rules["standings"][0].pop("when"), "standings.no-number", "move it to the end"),
        (lambda rules: standing(rules, 0, when=GONE), "standings.no-number.when", "“gone”"),
        (lambda rules: standing(rules, 0, slug="number"), "standings.number", "two entries"),
        (lambda rules: rules["alternatives"][0].update(offered=GONE), "alternatives.plasma.offered", "“gone”"),
        (lambda rules: rules["alternatives"][0].update(items=["fat"]), "alternatives.plasma.items", "“fat”"),
        (lambda rules: rules["alternatives"][0].update(items=["wait"]), "alternatives.plasma.items", "“alternative”"),
        (lambda rules: rules["alternatives"][1].update(slug="plasma"), "alternatives.plasma", "two entries"),
        (lambda rules: against(rules, when=NO_CHOICE), "alternatives.plasma.knee.when", "“elbow”"),
        (lambda rules: against(rules, items=["none"]), "alternatives.plasma.knee.items", "“none” of kind “caution”"),
        (lambda rules: against(rules, items=["plasma"]), "alternatives.plasma.knee.items", "of kind “caution”"),
        (lambda rules: against(rules, slug="young"), "alternatives.plasma.young", "two entries"),
        (lambda rules: against(rules, when=None), "alternatives.plasma.knee.when", "needs a condition"),
        (lambda rules: rules.update(price="gone"), "price", "no question “gone”"),
        (lambda rules: rules.update(study=["trial-number", "gone"]), "study", "no question “gone”"),
        (lambda rules: rules.update(matters="gone"), "matters", "no question “gone”"),
        (lambda rules: rules.update(offer=["gone"]), "offer", "no question “gone”"),
        (lambda rules: rules.update(problem=["gone"]), "problem", "no question “gone”"),
        (lambda rules: rules.update(names=[{"slug": "gone", "text": text("X")}]), "names.gone", "no question “gone”"),
        (lambda rules: rules.update(problem=["signs"]), "problem", "kind “one”"),
        (lambda rules: rules.update(more=[]), "more", "not known here"),
        (lambda rules: rules.update(state="gone"), "state", "no question “gone”"),
        (lambda rules: caused(rules, question="gone"), "causes.gone", "no question or fact “gone”"),
        (lambda rules: caused(rules, question="problem"), "causes.problem.knee", "never has the value “knee”"),
        (lambda rules: caused(rules, fact="registry"), "causes.fact:registry.knee", "never has the value “knee”"),
        (lambda rules: caused(rules, question="joint-site", twice=True), "causes.entry 2", "another entry"),
    ],
)
def test_what_does_not_hold_together_is_named_with_its_key(change, key, said):
    with pytest.raises(Refused) as caught:
        read(with_rules(change))
    (problem,) = caught.value.problems
    assert (problem.file, problem.key) == ("triage.yaml", key)
    assert said in problem.message
    assert problem.breaks


def test_an_entry_without_a_name_is_told_by_its_number():
    _, problems = draft(with_rules(lambda rules: rules["flags"].append("late")))
    assert {each.key for each in problems if each.key.startswith("flags.entry 6")} >= {"flags.entry 6"}


def test_a_file_that_is_no_mapping_is_named():
    document = with_rules() | {"triage.yaml": ["flags"]}
    _, problems = draft(document)
    assert [(each.file, each.key) for each in problems] == [("triage.yaml", "")]


# --- As a folder ----------------------------------------------------------------------------------------------------


def test_the_file_goes_through_a_folder_byte_for_byte(tmp_path):
    folder.write(with_rules(), tmp_path)
    first = (tmp_path / "triage.yaml").read_bytes()
    held = folder.document_of(tmp_path)
    assert held["triage.yaml"] == RULES
    folder.write(held, tmp_path)
    assert (tmp_path / "triage.yaml").read_bytes() == first


def test_a_folder_that_gets_an_aid_without_the_file_loses_it(tmp_path):
    folder.write(with_rules(), tmp_path)
    folder.write(small_aid(), tmp_path)
    assert folder.document_of(tmp_path) == small_aid()


# --- Beside the other checks ----------------------------------------------------------------------------------------


def test_the_words_for_staff_are_looked_at_by_the_lint_too(shipped_document):
    document = copy.deepcopy(dict(shipped_document))
    document["triage.yaml"]["flags"][0]["text"]["en"] = "The exosomes are approved."
    aid = read(document)
    (finding,) = [each for each in lint(aid, aid.reviewed) if each.level == "error"]
    assert (finding.rule, finding.place, finding.field) == ("banned-claim", "", "triage.yaml flags.urgent.text.en")


def test_a_number_that_only_triage_compares_is_tried_on_both_sides():
    plain, ruled = read(small_aid()), read(with_rules())
    tried = {atom.value for atom in atoms_of(ruled.question["age"], ruled)}
    assert "90" in tried
    assert any(40 < int(value) < 90 for value in tried if value.isdigit())
    assert "90" not in {atom.value for atom in atoms_of(plain.question["age"], plain)}
