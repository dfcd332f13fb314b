"""Each rule of the lint finds its fault, at its place, and is quiet without it."""

from __future__ import annotations

import copy
import datetime as dt

import pytest

from questionnaire.domain import content
from questionnaire.domain.lint import links, lint
from questionnaire.domain.reading import Refused, read
from tests.web import item, option, question, small_aid, text

pytestmark = pytest.mark.pure

DAY = dt.date(2026, 2, 1)
SETTINGS = {
    "periods": dict.fromkeys(content.SOURCE_KINDS, 365),
    "claims": {
        "subjects": ["exosomes"],
        "banned": ["safe"],
        "denials": ["not"],
        "sayers": ["says"],
        "breaks": ["but"],
    },
    "spelling": {"FDA": ["Fda"]},
}


def found(change=None, day=DAY, settings=SETTINGS):
    document = small_aid(change)
    document["aid.yaml"] |= {"reviewed": "2026-01-01", "next_review": "2026-12-01"}
    if settings is not None:
        document["lint.yaml"] = copy.deepcopy(settings)
    return lint(read(document), day)


def of(rule, findings):
    return [finding for finding in findings if finding.rule == rule]


def test_the_small_aid_has_little_to_mend():
    rules = {finding.rule for finding in found()}
    assert rules <= {"balance", "no-effect"}


def test_the_shipped_aid_has_nothing_to_mend_on_the_day_of_its_check(shipped_document):
    aid = read(shipped_document)
    assert [finding for finding in lint(aid, aid.reviewed) if finding.level == "error"] == []


def test_without_settings_nothing_can_be_published():
    assert [finding.rule for finding in found(settings=None)] == ["lint-settings"]


@pytest.mark.parametrize(
    ("day", "rule", "level"),
    [
        (dt.date(2026, 10, 1), None, None),
        (dt.date(2026, 10, 2), "review-soon", "warning"),
        (dt.date(2026, 12, 1), "review-soon", "warning"),
        (dt.date(2026, 12, 2), "review-overdue", "error"),
    ],
)
def test_a_review_is_told_sixty_days_before(day, rule, level):
    told = [(each.rule, each.level) for each in found(day=day) if each.rule.startswith("review")]
    assert told == ([(rule, level)] if rule else [])


def test_what_rests_only_on_overdue_sources_is_an_error_at_the_source():
    # The small aid's one source was checked on January 1, 2026.
    assert not of("source-overdue", found(day=dt.date(2027, 1, 1)))
    assert of("source-due-soon", found(day=dt.date(2026, 12, 31)))[0].place == "source/paper"
    late = of("source-overdue", found(day=dt.date(2027, 1, 2)))
    assert [(each.place, each.level) for each in late] == [("source/paper", "error")]
    assert "texts" in late[0].message

    def another(document):
        document["sources/all.yaml"].append(
            document["sources/all.yaml"][0] | {"slug": "newer", "last_checked": "2026-12-30"}
        )
        document["evidence/all.yaml"][0]["sources"] = ["paper", "newer"]

    assert not of("source-overdue", found(another, day=dt.date(2027, 1, 2)))


HARD = "Investigational administration necessitates comprehensive regulatory authorization beforehand."


def set_body(words):
    def change(document):
        document["guidance/all.yaml"][2]["body"] = text(words)

    return change


def test_a_hard_text_is_marked_at_its_hardest_sentence():
    findings = of("reading-grade", found(set_body(f"This is easy to read for all of us. {HARD}")))
    assert [(each.place, each.field) for each in findings] == [("item/not-approved", "body.en")]
    assert findings[0].passages == (HARD,)


def test_a_banned_claim_is_marked_with_its_sentence():
    findings = of("banned-claim", found(set_body("Look here. Exosomes are safe. They are not cheap.")))
    assert findings[0].passages == ("Exosomes are safe.",)
    assert not of("banned-claim", found(set_body("The clinic says exosomes are safe. Exosomes are not safe.")))


def test_a_name_spelled_wrong_is_told_but_not_within_an_address():
    assert of("product-name", found(set_body("Ask Fda about it.")))[0].passages == ("Fda",)
    assert not of("product-name", found(set_body("Write to ask@Fda.gov or [here](https://Fda.gov/x).")))


def test_options_need_like_room_for_benefit_and_harm():
    def lean(document):
        made = option("Lean")
        made["benefits"], made["harms"] = text("word " * 40), text("None.")
        document["guidance/all.yaml"].append(item("lean", "alternative", option=made))

    assert "item/lean" in {each.place for each in of("balance", found(lean))}


def test_one_comparison_has_one_base():
    def rates(words):
        def change(document):
            document["guidance/all.yaml"].append(
                item("rated", "alternative", option=option("Rated") | {"benefits": text(words)})
            )

        return change

    mixed = of("denominator", found(rates("It helped 14 of 100 people, or 20 of 100. It harmed 3 of 1,000 people.")))
    assert [each.passages for each in mixed] == [("3 of 1,000",)]
    assert not of("denominator", found(rates("It helped 14 of 100 people. It harmed 3 of 100 in 5 of 8 trials.")))
    assert of("denominator", found(rates("It helped 1 in 7.")))[0].passages == ("1 in 7",)

    def two(document):
        rates("It helped 14 of 100 people, and 12 of 100 later.")(document)
        another = option("Another") | {"benefits": text("It helped 7 of 50 people.")}
        document["guidance/all.yaml"].append(item("another", "alternative", option=another))

    assert [each.place for each in of("denominator", found(two))] == ["item/another"]


def test_a_question_whose_answers_change_nothing_is_told():
    def idle(document):
        document["questions.yaml"][0]["questions"].append(question("idle", "text", most=10))
        document["questions.yaml"][0]["questions"].append(question("asked", "text", most=10, for_physician=True))
        document["guidance/all.yaml"][3]["when"] = {"all": [{"question": "asked", "answered": True}]}

    places = {each.place for each in of("no-effect", found(idle))}
    assert {"question/idle", "question/asked"} <= places


def test_every_address_is_listed_once():
    assert links(read(small_aid())) == ["https://example.org/paper"]
    linked = small_aid(set_body("See [here](https://example.org/here) and [there](tel:911)."))
    assert links(read(linked)) == ["https://example.org/here", "https://example.org/paper"]


def test_wrong_settings_are_refused_by_name():
    with pytest.raises(Refused) as refused:
        found(settings=SETTINGS | {"grad": 7, "soon": "soon"})
    assert {problem.key for problem in refused.value.problems} >= {"grad", "soon"}
