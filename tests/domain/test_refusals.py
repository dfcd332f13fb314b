"""What is wrong with an aid is named: the file, the key and the mend, all at once."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from questionnaire.domain import content, folder
from questionnaire.domain.entries import Problem
from questionnaire.domain.journey import Journey
from questionnaire.domain.outcome import Unfinished, outcome
from questionnaire.domain.reading import Refused, read
from tests import builders, strategies
from tests.builders import (
    asking,
    choice,
    document,
    evidence,
    item,
    option,
    page,
    question,
    section,
    sentence,
    slot,
    source,
    term,
    text,
)
from tests.strategies import Dice, usual

pytestmark = pytest.mark.pure

GONE = object()
QUESTIONS, GUIDANCE, MEANING = "questions.yaml", "guidance/all.yaml", "meaning.yaml"
EVIDENCE, SOURCES, AID = "evidence/all.yaml", "sources/all.yaml", "aid.yaml"


def problems(held) -> list[Problem]:
    """What is said about a document that is refused."""
    with pytest.raises(Refused) as caught:
        read(held)
    found = caught.value.problems
    assert found == sorted(set(found))
    assert str(caught.value) == "\n".join(str(problem) for problem in found)
    return found


def named(held) -> list[tuple[str, str]]:
    """File and key of everything that is wrong."""
    return [(problem.file, problem.key) for problem in problems(held)]


def only(held, file, key, *said):
    """Exactly one thing is wrong, there, and these words are said of it."""
    (problem,) = problems(held)
    assert (problem.file, problem.key) == (file, key)
    for words in said:
        assert words in problem.message
    assert len(problem.message) > len("mend me"), "a mend is named"


def changed(path, value) -> dict[str, Any]:
    """The small aid with another value at this path; `GONE` takes the key away."""
    held = document()
    *way, last = path
    inner: Any = held
    for step in way:
        inner = inner[step]
    if value is GONE:
        del inner[last]
    else:
        inner[last] = value
    return held


def asks(slug, when) -> dict[str, Any]:
    """A question with a condition."""
    return question(slug, when=when)


def if_yes(*slugs) -> dict[str, Any]:
    """A condition: each of these was answered with yes."""
    return {"all": [{"question": slug, "is": "yes"} for slug in slugs]}


# --- Conditions -------------------------------------------------------------------------------------------------------


def test_a_condition_on_an_unknown_question_is_named_wherever_it_stands():
    when = {"all": [{"question": "gone", "is": "yes"}]}
    held = document(
        questions=[section(question("first", when=when), *builders.every_kind())],
        guidance=[item("caution", when={"any": [{"all": when["all"]}]}), item("other")],
        meaning=[slot(1, sentence("early", when=when), sentence("last")), slot(2), slot(3)],
    )
    found = problems(held)
    assert [(each.file, each.key) for each in found] == [
        (GUIDANCE, "caution.when"),
        (MEANING, "early.when"),
        (QUESTIONS, "first.when"),
    ]
    assert all("“gone”" in each.message for each in found)


def test_a_condition_on_an_unknown_fact_is_named():
    only(
        asking(question("q"), guidance=[item("g", when={"all": [{"fact": "weather", "is": "fair"}]})]),
        GUIDANCE,
        "g.when",
        "weather",
    )


def test_a_value_that_a_fact_never_has_is_named():
    only(
        asking(question("q"), guidance=[item("g", when={"all": [{"fact": "registry", "is": ["found", "lost"]}]})]),
        GUIDANCE,
        "g.when",
        "“lost”",
        "found, not-found",
    )


def test_a_fact_cannot_be_compared_as_a_number():
    when = {"all": [{"fact": "registry", "at-least": 3}]}
    only(asking(question("q"), guidance=[item("g", when=when)]), GUIDANCE, "g.when", "`at-least` compares")


def test_a_question_that_waits_for_itself_is_a_loop():
    only(asking(asks("a", if_yes("a"))), QUESTIONS, "a.when", "a loop: a → a")


def test_two_questions_that_wait_for_each_other_are_one_loop():
    only(asking(asks("a", if_yes("b")), asks("b", if_yes("a"))), QUESTIONS, "a.when", "a loop: a → b → a")


def test_three_questions_in_a_ring_are_one_loop():
    held = asking(asks("a", if_yes("b")), asks("b", if_yes("c")), asks("c", if_yes("a")), question("d"))
    only(held, QUESTIONS, "a.when", "a loop: a → b → c → a", "not wait")


def test_two_loops_are_both_named():
    held = asking(*(asks(one, if_yes(other)) for one, other in ("ab", "ba", "cd", "dc")))
    assert [problem.message.split(";")[0] for problem in problems(held)] == ["a loop: a → b → a", "a loop: c → d → c"]


def test_a_question_that_waits_for_a_later_one_is_named():
    only(
        asking(asks("a", if_yes("b")), question("b")),
        QUESTIONS,
        "a.when",
        "“b” is asked later than “a”",
        "move it before",
    )


def test_a_later_question_between_two_loops_is_named_too():
    held = asking(asks("a", if_yes("b", "d")), asks("b", if_yes("a")), asks("c", if_yes("d")), asks("d", if_yes("c")))
    said = [problem.message for problem in problems(held)]
    assert any("“d” is asked later than “a”" in message for message in said)
    assert len(said) == 3


def test_a_question_later_in_another_section_is_later_too():
    held = asking(question("x"))
    held[QUESTIONS] = [section(asks("a", if_yes("b"))), section(question("b"), slug="more")]
    only(held, QUESTIONS, "a.when", "later")


@pytest.mark.parametrize("operator", ["is", "is-not"])
def test_a_choice_that_no_longer_exists_is_named(operator):
    held = asking(question("a"), guidance=[item("g", when={"all": [{"question": "a", operator: ["yes", "maybe"]}]})])
    only(held, GUIDANCE, "g.when", "“a” has no choice “maybe”", "yes, no")


@pytest.mark.parametrize(
    ("slug", "test"),
    [
        ("age", {"is": "121"}),
        ("age", {"is": "old"}),
        ("since", {"is": "2026-02-30"}),
        ("trial", {"is": "NCT1"}),
        ("health", {"is": "knee"}),
        ("joint", {"at-least": 3}),
        ("clinic", {"more-than": "b"}),
        ("age", {"at-least": "2026-01-01"}),
        ("age", {"at-least": "nan"}),
        ("age", {"less-than": "1e400"}),
        ("since", {"at-most": 18}),
        ("since", {"at-most": "2026-13-01"}),
    ],
)
def test_a_test_that_can_never_hold_is_named(slug, test):
    held = document()
    held[GUIDANCE][1]["when"] = {"all": [{"question": slug, **test}]}
    only(held, GUIDANCE, "not-approved.when")


@pytest.mark.parametrize(
    ("when", "key"),
    [
        ({}, ""),
        ({"all": []}, "all"),
        ({"all": None}, "all"),
        ({"all": {"question": "joint", "is": "knee"}}, "all"),
        ({"all": [{"question": "joint", "is": "knee"}], "any": [{"question": "joint", "is": "hip"}]}, ""),
        ({"none": [{"question": "joint", "is": "knee"}]}, "none"),
        ([{"question": "joint", "is": "knee"}], ""),
        ("always", ""),
        (False, ""),
        ({"all": ["joint"]}, "all.1"),
        ({"all": [{}]}, "all.1"),
        ({"all": [{"question": "joint"}]}, "all.1"),
        ({"all": [{"is": "knee"}]}, "all.1.question"),
        ({"all": [{"question": "joint", "is": "knee", "is-not": "hip"}]}, "all.1"),
        ({"all": [{"question": "joint", "equals": "knee"}]}, "all.1"),
        ({"all": [{"question": "joint", "fact": "registry", "is": "found"}]}, "all.1.question"),
        ({"all": [{"question": "joint", "is": []}]}, "all.1.is"),
        ({"all": [{"question": "joint", "is": 5}]}, "all.1.is"),
        ({"all": [{"question": "joint", "is": ["knee", "knee"]}]}, "all.1.is"),
        ({"all": [{"question": "joint", "answered": "yes"}]}, "all.1.answered"),
        ({"all": [{"question": "age", "at-least": [1, 2]}]}, "all.1.at-least"),
        ({"all": [{"question": "age", "at-least": None}]}, "all.1.at-least"),
        ({"all": [{"question": "age", "at-least": True}]}, "all.1.at-least"),
        ({"all": [{"any": [{"all": [{"question": "joint", "is": "knee"}]}]}]}, "all.1.any.1"),
        ({"all": [{"any": []}]}, "all.1.any"),
    ],
)
def test_a_malformed_condition_is_named_to_the_test(when, key):
    found = named(changed((GUIDANCE, 1, "when"), when))
    place = ".".join(part for part in ("not-approved.when", key) if part)
    assert any(file == GUIDANCE and at == place for file, at in found), found


def test_a_condition_left_empty_is_always():
    assert read(changed((GUIDANCE, 1, "when"), None)).item["not-approved"].when is None


# --- Names ------------------------------------------------------------------------------------------------------------

CERTAINTY = {"slug": "low", "word": text("low"), "meaning": text("Low.")}


@pytest.mark.parametrize(
    ("held", "file", "key"),
    [
        (document(questions=[section(question("a")), section(question("b"))]), QUESTIONS, "you"),
        (asking(question("a"), question("a")), QUESTIONS, "a"),
        (asking(question("a", choices=[choice("x"), choice("y"), choice("x")])), QUESTIONS, "a.choices"),
        (asking(question("a"), guidance=[item("g"), item("g", "ask")]), GUIDANCE, "g"),
        (asking(question("a"), guidance=[item("means-1")]), GUIDANCE, "means-1"),
        (document(evidence=[evidence("E-1"), evidence("E-1")]), EVIDENCE, "E-1"),
        (document(sources=[source("label"), source("label")]), SOURCES, "label"),
        (document(glossary=[term("a"), term("a")]), "glossary.yaml", "a"),
        (document(pages=[page("a"), page("a")]), "pages.yaml", "a"),
        (document(aid={"facts": [{"slug": "registry", "values": ["found", "not-found"]}] * 2}), AID, "registry"),
        (document(aid={"certainty": [*builders.head()["certainty"], CERTAINTY]}), AID, "low"),
    ],
)
def test_a_name_that_stands_twice_is_named_in_each_kind(held, file, key):
    if (file, key) == (QUESTIONS, "you"):
        held[GUIDANCE], held[MEANING] = [item("g")], [slot(1), slot(2), slot(3)]
    found = [problem for problem in problems(held) if problem.key == key]
    assert [
        problem.message for problem in found if "have this slug" in problem.message or "two choices" in problem.message
    ]
    assert found[0].file.split("/")[0] == file.split("/")[0]
    assert len(problems(held)) == 1


def test_a_name_in_two_files_is_still_there_twice():
    held = document()
    held["evidence/more.yaml"] = [evidence("E-1")]
    held["guidance/more.yaml"] = [item("not-approved")]
    assert [key for _file, key in named(held)] == ["E-1", "not-approved"]


@pytest.mark.parametrize(
    "slug", ["Knee", "knee joint", "knee_joint", "-knee", "knee-", "a--b", "knie\u00e9", "a:b", "../x", "a\n"]
)
def test_a_slug_has_lower_case_letters_digits_and_single_hyphens(slug):
    only(changed((GUIDANCE, 1, "slug"), slug), GUIDANCE, f"{slug}.slug", "lower-case")


# --- Texts and languages ----------------------------------------------------------------------------------------------


def test_a_text_that_is_missing_in_a_declared_language_is_named_at_every_place():
    found = problems(document(aid={"languages": ["en", "es"]}))
    missing = [problem.key for problem in found if problem.key.endswith(".es")]
    for key in (
        "title.es",
        "notes.urgent.es",
        "joint.text.es",
        "joint.choices.1.text.es",
        "joint.choices.2.hint.es",
        "age.unit.es",
        "you.title.es",
        "not-approved.body.es",
        "waiting.option.harms.es",
        "entry 1.means-always.text.es",
        "E-1.claim.es",
        "about.lead.es",
        "exosome.meaning.es",
        "certainty.1.word.es",
    ):
        assert key in missing
    forms = [problem for problem in found if problem.key == "exosome.forms.es"]
    assert [problem.file for problem in forms] == ["glossary.yaml"]
    assert all(
        "no text in this language" in each.message for each in found if each.key in missing and each not in forms
    )


@pytest.mark.parametrize("blank", ["", " ", "\n", None, 5, ["x"]])
def test_a_blank_text_is_missing(blank):
    only(changed((GUIDANCE, 1, "title", "en"), blank), GUIDANCE, "not-approved.title.en", "no text in this language")


def test_a_text_in_a_language_that_is_not_declared_is_named():
    only(
        changed((GUIDANCE, 1, "title"), {"en": "Title", "fr": "Titre"}),
        GUIDANCE,
        "not-approved.title.fr",
        "does not declare",
        "add it to `languages`",
    )


def test_a_page_without_its_text_in_a_language_is_named_by_its_file():
    only(changed(("pages/about.en.md",), GONE), "pages/about.en.md", "", "page “about” is missing")
    only(changed(("pages/about.en.md",), " \n"), "pages/about.en.md", "", "page “about” is missing")


def test_one_language_may_stand_without_a_list_and_is_then_the_one():
    assert read(changed((AID, "languages"), "en")) == builders.aid()
    assert any("no text in this language" in each.message for each in problems(changed((AID, "languages"), "fr")))


@pytest.mark.parametrize(
    "languages", [[], None, GONE, 5, [5], {"en": 1}, ["en", "en"], [""], ["../x"], ["EN"], [["en"]]]
)
def test_languages_that_are_none_are_named(languages):
    assert (AID, "languages") in named(changed((AID, "languages"), languages))


# --- Evidence and sources ---------------------------------------------------------------------------------------------


def test_evidence_that_does_not_exist_is_named_at_each_that_cites_it():
    held = document(
        guidance=[item("g", evidence=["E-1", "E-9"])],
        meaning=[slot(1, sentence("s", evidence="E-9")), slot(2), slot(3)],
        glossary=[term("t", evidence=["E-9"])],
        pages=[page("p", evidence=["E-9"])],
    )
    assert named(held) == [
        ("glossary.yaml", "t.evidence"),
        (GUIDANCE, "g.evidence"),
        (MEANING, "s.evidence"),
        ("pages.yaml", "p.evidence"),
    ]


@pytest.mark.parametrize("cited", [[], GONE, None])
def test_guidance_without_evidence_is_named(cited):
    assert named(changed((GUIDANCE, 1, "evidence"), cited)) == [(GUIDANCE, "not-approved.evidence")]


def test_a_source_that_does_not_exist_is_named():
    only(document(evidence=[evidence("E-1", sources=["label", "gone"])]), EVIDENCE, "E-1.sources", "“gone”")


def test_evidence_that_nothing_cites_says_why_or_is_named():
    only(document(evidence=[evidence("E-1"), evidence("E-2")]), EVIDENCE, "E-2", "nothing cites", "`unused`")
    read(document(evidence=[evidence("E-1"), evidence("E-2", unused="Background only.")]))


def test_evidence_that_is_cited_is_not_unused():
    only(document(evidence=[evidence("E-1", unused="Not needed.")]), EVIDENCE, "E-1.unused", "drop `unused`")


def test_a_source_that_no_evidence_uses_is_named():
    only(document(sources=[source("label"), source("spare")]), SOURCES, "spare", "use it or drop it")


@pytest.mark.parametrize(("kind", "certainty"), [("rule", "official"), ("effect", "high")])
def test_what_was_read_in_a_copy_is_never_certain(kind, certainty):
    held = document(evidence=[evidence("E-1", kind=kind, certainty=certainty, read="secondary")])
    only(held, EVIDENCE, "E-1.certainty", "never", "lower it")
    read(document(evidence=[evidence("E-1", kind=kind, certainty=certainty, read="primary")]))


@pytest.mark.parametrize(("kind", "certainty"), [("effect", "official"), ("rule", "high"), ("report", "low")])
def test_an_effect_and_a_statement_have_scales_of_their_own(kind, certainty):
    only(document(evidence=[evidence("E-1", kind=kind, certainty=certainty)]), EVIDENCE, "E-1.certainty", "use one of")


@pytest.mark.parametrize(
    "url", ["http://example.org", "ftp://example.org", "example.org", "javascript:alert(1)", "HTTPS", ""]
)
def test_a_link_that_is_not_https_is_named(url):
    found = named(document(sources=[source("label", url=url)]))
    assert (SOURCES, "label.url") in found


def test_only_the_article_may_have_no_link():
    read(document(sources=[source("label", kind="article", url="")]))
    assert named(document(sources=[source("label", kind="article", url="http://a")])) == [(SOURCES, "label.url")]


# --- The head ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("note", content.REQUIRED_NOTES)
def test_a_missing_note_is_named(note):
    only(changed((AID, "notes", note), GONE), AID, f"notes.{note}", "write it")


@pytest.mark.parametrize("slug", ["high", "very-low", "official", "inference"])
def test_a_missing_word_of_certainty_is_named(slug):
    scale = [entry for entry in builders.head()["certainty"] if entry["slug"] != slug]
    only(document(aid={"certainty": scale}), AID, "certainty", f"“{slug}” is missing")


@pytest.mark.parametrize("reviewed", ["2027-05-01", "2027-05-02"])
def test_the_next_review_comes_after_the_last(reviewed):
    only(document(aid={"reviewed": reviewed}), AID, "next_review", "later date")


@pytest.mark.parametrize(
    "date", ["22.11.2026", "2026-02-30", "20261122", "2026-W01-1", "2026-1-2", "soon", "", 2026, None, GONE]
)
@pytest.mark.parametrize(
    ("path", "key"),
    [((EVIDENCE, 0, "last_checked"), "E-1.last_checked"), ((SOURCES, 0, "last_checked"), "label.last_checked")],
)
def test_a_date_that_is_none_is_named(path, key, date):
    only(changed(path, date), path[0], key, "2026-11-22")


@pytest.mark.parametrize("key", ["reviewed", "next_review"])
def test_a_date_of_review_that_is_none_is_named(key):
    assert (AID, key) in named(changed((AID, key), "some day"))


def test_without_its_head_an_aid_is_refused():
    assert (AID, "") in named(changed((AID,), GONE))


def test_without_questions_an_aid_is_refused():
    held = asking(question("a"))
    del held[QUESTIONS]
    only(held, QUESTIONS, "", "at least one question")
    held[QUESTIONS] = [section()]
    only(held, QUESTIONS, "", "at least one question")


@pytest.mark.parametrize(
    "name", ["question.yaml", "guidence/a.yaml", "guidance/a/b.yaml", "guidance/../../x.yaml", "pages/a.en.md"]
)
def test_a_file_of_an_unknown_name_is_named(name):
    held = document()
    held[name] = []
    only(held, name, "", "no file of this name")


# --- Questions --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("asked", "key"),
    [
        (question("q", choices=[]), "choices"),
        (question("q", choices=[choice("a")]), "choices"),
        (question("q", "many", choices=[choice("a")]), "choices"),
        (question("q", choices=[choice("a"), choice("b", exclusive=True)]), "choices"),
        (question("q", "text", choices=[choice("b", exclusive=True)]), "choices"),
        (question("q", "number", choices=[choice("10")]), "choices"),
        (question("q", "date", choices=[choice("2026-01-31")]), "choices"),
        (question("q", "number", unit=None), "unit"),
        (question("q", unit=text("years")), "unit"),
        (question("q", "text", decimals=1), "unit"),
        (question("q", "number", decimals=-1), "decimals"),
        (question("q", "number", decimals="1"), "decimals"),
        (question("q", "number", decimals=True), "decimals"),
        (question("q", "number", least="few"), "least"),
        (question("q", "number", least="nan"), "least"),
        (question("q", "number", most="1e3"), "most"),
        (question("q", "number", most=[5]), "most"),
        (question("q", "number", most=True), "most"),
        (question("q", "number", least=5, most=4), "most"),
        (question("q", "date", least=5), "least"),
        (question("q", "date", least="2026-02-30"), "least"),
        (question("q", "date", least="2026-01-02", most="2026-01-01"), "most"),
        (question("q", "text", most=0), "most"),
        (question("q", "text", most="many"), "most"),
        (question("q", "text", most="²"), "most"),
        (question("q", "text", most="9" * 5000), "most"),
        (question("q", "text", least=1), "least"),
        (question("q", "many", most="1.5"), "most"),
        (question("q", "many", most=-1), "most"),
        (question("q", "many", least=1), "least"),
        (question("q", most=1), "most"),
        (question("q", "trial-number", most=1), "most"),
        (question("q", "radio", choices=[choice("a"), choice("b")]), "kind"),
        (question("q") | {"kind": None}, "kind"),
        (question("q", optional="yes"), "optional"),
        (question("q", for_physician=1), "for_physician"),
        (question("q", choices=[choice("a"), choice("b"), "c"]), "choices.3"),
        (question("q", choices={"a": "b"}), "choices"),
        (question("q", choices=[choice("a"), choice("b", text="b")]), "choices.2.text"),
        (question("q", text="What?"), "text"),
        (question("q", hnt=text("x")), "hnt"),
        (question("q", choices=[choice("a"), choice("b", exclusve=True)]), "choices.2.exclusve"),
    ],
)
def test_a_question_that_cannot_be_asked_is_named(asked, key):
    assert (QUESTIONS, f"q.{key}") in named(asking(asked))


@pytest.mark.parametrize(
    "asked",
    [
        question("q", "number", least=-1, most="1.5", decimals=1),
        question("q", "number", least=3, most=3),
        question("q", "date", least="2026-01-01"),
        question("q", "many", most=1),
        question("q", "text", most="10", choices=[choice("none")], optional=True),
        question("q", "trial-number", hint=None),
    ],
)
def test_a_question_that_can_be_asked_is_taken(asked):
    assert read(asking(asked)).question["q"].kind == asked["kind"]


def test_the_known_keys_are_listed_where_one_is_misspelt():
    (problem,) = problems(asking(question("q", hnt=text("x"))))
    for key in ("hint", "unit", "when", "choices", "least", "for_physician"):
        assert key in problem.message


# --- Guidance and meaning ---------------------------------------------------------------------------------------------


def test_urgent_guidance_needs_a_condition_and_what_to_do_now():
    held = document(guidance=[item("now", "urgent")])
    assert named(held) == [(GUIDANCE, "now.now"), (GUIDANCE, "now.when")]
    held = document(guidance=[item("now", "urgent", now="wait", when={"all": [{"question": "joint", "is": "hip"}]})])
    only(held, GUIDANCE, "now.now", "call-911")


def test_only_urgent_guidance_says_what_to_do_now():
    assert named(document(guidance=[item("g", now="call-911")])) == [(GUIDANCE, "g.now")]


@pytest.mark.parametrize(
    ("change", "key"),
    [
        ({"kind": "warning"}, "g.kind"),
        ({"kind": None}, "g.kind"),
        ({"rank": "first"}, "g.rank"),
        ({"rank": 1.5}, "g.rank"),
        ({"rank": True}, "g.rank"),
        ({"title": "A title"}, "g.title"),
        ({"title": ["A title"]}, "g.title"),
        ({"body": 5}, "g.body"),
        ({"evidence": 5}, "g.evidence"),
        ({"evidence": [5]}, "g.evidence"),
        ({"evidence": ["E-1", "E-1"]}, "g.evidence"),
        ({"evidence": {"E-1": True}}, "g.evidence"),
        ({"option": "waiting"}, "g.option"),
        ({"option": {**option(), "certainty": "official"}}, "g.option.certainty"),
        ({"option": {**option(), "price": text("x")}}, "g.option.price"),
        ({"wen": {"all": []}}, "g.wen"),
        ({"slug": 5}, "entry 1.slug"),
    ],
)
def test_guidance_of_the_wrong_shape_is_named(change, key):
    assert (GUIDANCE, key) in named(document(guidance=[item("g") | change, item("other")]))


@pytest.mark.parametrize("key", content.OPTION_TEXTS)
def test_an_option_has_every_text(key):
    held = {name: value for name, value in option().items() if name != key}
    only(document(guidance=[item("g", option=held), item("other")]), GUIDANCE, f"g.option.{key}")


@pytest.mark.parametrize("slots", [0, 1, 2, 4])
def test_there_are_three_slots(slots):
    held = document(meaning=[slot(number) for number in range(slots)])
    only(held, MEANING, "", "three slots", f"not {slots}")


def test_a_slot_ends_without_a_condition():
    when = {"all": [{"question": "joint", "is": "hip"}]}
    only(document(meaning=[slot(1), slot(2, sentence("s", when=when)), slot(3)]), MEANING, "2", "no condition")
    held = document(meaning=[slot(1), {"slot": 2, "sentences": []}, slot(3)])
    only(held, MEANING, "2", "no condition")


def test_a_sentence_behind_one_without_a_condition_is_named():
    held = document(meaning=[slot(1, sentence("always"), sentence("never")), slot(2), slot(3)])
    only(held, MEANING, "always", "nothing after this sentence can ever show")


# --- Shapes -----------------------------------------------------------------------------------------------------------

WRONG = ["a text", 5, True, None, [], ["x"], [None], {}, {"x": "y"}, [[]], 1.5]
LISTS = [QUESTIONS, GUIDANCE, MEANING, EVIDENCE, SOURCES, "glossary.yaml", "pages.yaml"]


@pytest.mark.parametrize("file", LISTS)
@pytest.mark.parametrize("held", [each for each in WRONG if not isinstance(each, list)])
def test_a_file_that_holds_no_list_is_named(file, held):
    assert (file, "") in named(changed((file,), held))


@pytest.mark.parametrize("file", LISTS)
@pytest.mark.parametrize("entry", ["a text", 5, True, None, [], 1.5])
def test_an_entry_that_is_no_mapping_is_named_by_its_number(file, entry):
    held = document()
    held[file].append(entry)
    assert (file, f"entry {len(held[file])}") in named(held)


@pytest.mark.parametrize(
    "path",
    [
        (AID, "facts", 0),
        (AID, "certainty", 0),
        (AID, "notes"),
        (QUESTIONS, 0),
        (QUESTIONS, 0, "questions"),
        (QUESTIONS, 0, "questions", 0),
        (QUESTIONS, 0, "questions", 1, "when"),
        (GUIDANCE, 0, "when", "all"),
        (GUIDANCE, 3, "option"),
        (MEANING, 0, "sentences"),
        (MEANING, 0, "sentences", 0),
        (EVIDENCE, 0),
        ("glossary.yaml", 0, "forms"),
    ],
)
@pytest.mark.parametrize("value", ["a text", 5, True])
def test_a_value_of_another_shape_is_named(path, value):
    assert any(file == path[0] for file, _key in named(changed(path, value)))


@pytest.mark.parametrize(
    "path",
    [
        (AID,),
        (AID, "facts", 0),
        (AID, "certainty", 0),
        (QUESTIONS, 0),
        (QUESTIONS, 0, "questions", 0),
        (QUESTIONS, 0, "questions", 0, "choices", 0),
        (GUIDANCE, 0),
        (GUIDANCE, 0, "when"),
        (GUIDANCE, 0, "when", "all", 0),
        (GUIDANCE, 3, "option"),
        (MEANING, 0),
        (MEANING, 0, "sentences", 0),
        (EVIDENCE, 0),
        (SOURCES, 0),
        ("glossary.yaml", 0),
        ("pages.yaml", 0),
    ],
)
def test_a_key_that_nothing_reads_is_named_everywhere(path):
    (problem,) = problems(changed((*path, "mispelt"), "x"))
    assert problem.file == path[0]
    assert problem.key.endswith("mispelt")
    assert "known are: " in problem.message


def test_a_long_wrong_value_is_not_repeated_whole():
    (problem,) = problems(changed((GUIDANCE, 1, "rank"), "long " * 1000))
    assert len(problem.message) < 200


# --- All at once ------------------------------------------------------------------------------------------------------


def test_twelve_faults_are_twelve_problems():
    held = document(
        aid={"next_review": "2026-10-01"},
        evidence=[evidence("E-1", read="secondary"), evidence("E-2")],
        sources=[source("label", url="http://example.org")],
    )
    del held[AID]["notes"]["erased"]
    asked = held[QUESTIONS][0]["questions"]
    asked[0]["when"] = {"all": [{"question": "clinic", "answered": True}]}
    asked[0]["choices"][0]["exclusive"] = True
    asked[2]["least"] = "none"
    asked[4]["mots"] = 80
    held[GUIDANCE][0]["when"] = {"all": [{"question": "health", "is": "gout"}]}
    held[GUIDANCE][1]["title"] = {"fr": "Titre", "en": "Title"}
    held[GUIDANCE][2]["evidence"] = ["E-7"]
    held[MEANING].pop()
    assert named(held) == sorted(
        [
            (AID, "next_review"),
            (AID, "notes.erased"),
            (EVIDENCE, "E-1.certainty"),
            (EVIDENCE, "E-2"),
            (GUIDANCE, "not-approved.title.fr"),
            (GUIDANCE, "see-doctor.when"),
            (GUIDANCE, "too-young.evidence"),
            (MEANING, ""),
            (QUESTIONS, "age.least"),
            (QUESTIONS, "clinic.mots"),
            (QUESTIONS, "joint.choices"),
            (QUESTIONS, "joint.when"),
            (SOURCES, "label.url"),
        ]
    )


def test_a_folder_is_refused_with_the_same_problems_as_its_document(tmp_path):
    held = document(guidance=[item("g", evidence=["E-7"]), item("h", kind="?")])
    folder.write(held, tmp_path)
    with pytest.raises(Refused) as caught:
        folder.load(tmp_path)
    assert caught.value.problems == problems(held)


def test_a_problem_reads_as_a_line():
    assert str(Problem("aid.yaml", "title", "write one")) == "aid.yaml: title: write one"
    assert str(Problem("aid.yaml", "", "write one")) == "aid.yaml: write one"


# --- Anything at all --------------------------------------------------------------------------------------------------

SCALARS = st.sampled_from(
    [
        *(None, True, False, 0, 1, -1, 10**30, 1.5, float("nan"), float("inf")),
        *("", " ", "a\nb", "\0", "\ud800", "9" * 5000, "x" * 2000),
        *("x", "yes", "joint", "first", "E-1", "label", "en", "knee", "fact:registry", "NCT05060107", "🦴"),
        *("one", "many", "number", "date", "text", "trial-number", "urgent", "official", "secondary"),
        *("²", "٣", "0", "nan", "sNaN", "-Infinity", "1e999999999", "2026-01-31", "20260131"),
    ]
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["slug", "question", "fact", "is", "at-least", "answered", "all", "any", "en", "fr", "x"]),
            inner,
            max_size=3,
        )
    ),
    max_leaves=6,
)
KEYS = [
    "when",
    "slug",
    "kind",
    "choices",
    "most",
    "least",
    "unit",
    "option",
    "now",
    "evidence",
    "unused",
    "x",
    "all",
    "is",
]


def places(held: Any, at: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The way to every value within a document."""
    inner = held.items() if isinstance(held, dict) else enumerate(held) if isinstance(held, list) else ()
    for key, value in inner:
        yield (*at, key)
        yield from places(value, (*at, key))


def mutate(held: dict[str, Any], dice: Dice, value: Any) -> None:
    """Delete, replace, insert, double or move one value anywhere, in the document itself."""
    found = list(places(held))
    *way, last = dice.choice(found)
    inner: Any = held
    for step in way:
        inner = inner[step]
    doing = dice.choice(["delete", "replace", "replace", "replace", "insert", "double", "move"])
    if doing == "delete":
        del inner[last]
    elif doing == "replace":
        inner[last] = value
    elif doing == "move":
        other: Any = held
        for step in dice.choice(found):
            other = other[step]
        inner[last] = copy.deepcopy(other)
    elif isinstance(inner, list):
        inner.insert(dice.randrange(len(inner) + 1), value if doing == "insert" else copy.deepcopy(inner[last]))
    elif way:
        inner[dice.choice(KEYS)] = value


@settings(usual, max_examples=600)
@given(st.data(), strategies.dice(), st.integers(1, 4))
def test_a_document_with_anything_in_it_is_read_or_refused_and_nothing_else(data, dice, times):
    held = document()
    for _ in range(times):
        mutate(held, dice, data.draw(VALUES))
    try:
        aid = read(held)
    except Refused as refused:
        said = refused.problems
    else:
        said = []
        for answers in ({}, builders.ANSWERS):
            try:
                outcome(aid, answers, {"registry": "found"})
            except Unfinished:
                assert Journey(aid, answers).open
    for problem in said:
        assert problem.file
        assert len(problem.message) > 10


@settings(usual, max_examples=100)
@given(strategies.documents(), strategies.dice(), st.integers(1, 3))
def test_a_random_aid_with_parts_exchanged_is_read_or_refused_and_nothing_else(held, dice, times):
    for _ in range(times):
        mutate(held, dice, dice.choice([None, "", "q0", "a", 5, [], {}]))
    try:
        aid = read(held)
    except Refused:
        return
    answers = {each.slug: strategies.answer(dice, each) for each in aid.questions}
    outcome(aid, answers)
