"""How the shipped aid reads: plain, complete, sourced, and never a promise."""

from __future__ import annotations

import re
import statistics
from collections.abc import Iterator

import pytest
from django.template.loader import render_to_string

from questionnaire.domain.content import Aid
from questionnaire.exports import markup
from questionnaire.exports.guidance import claim_view
from tests.content.reading import grade

pytestmark = pytest.mark.pure

HARDEST = 8.0
WITHOUT_NOT_SURE = {
    "age": "a person knows their age group, and treatment of minors must not hang on a guess",
    "stage": "a person knows how far along they are",
}
PRAISE = re.compile(
    r"\bexosomes?\b[^.?!]*\b(is|are)\s+(?:\w+\s+){0,2}?(safe|approved|FDA-approved|legal|permitted|proven|effective)\b",
    re.IGNORECASE,
)
DENIED = re.compile(
    r"\b(no|not|none|never|nobody|without|if|says?|said|told|claims?|likely wrong|cannot)\b", re.IGNORECASE
)


def items(aid: Aid) -> Iterator[tuple[str, str]]:
    """Every text that is read as one piece, by a name to find it."""
    for item in aid.guidance:
        yield item.slug, markup.plain(f"{item.title['en']}\n\n{item.body['en']}")
        if item.option:
            for key, text in item.option.texts.items():
                yield f"{item.slug}.{key}", markup.plain(text["en"])
    for slot in aid.meaning:
        for sentence in slot:
            yield sentence.slug, sentence.text["en"]
    for question in aid.questions:
        yield question.slug, f"{question.text['en']}\n{question.hint['en'] if question.hint else ''}"
    for page in aid.pages:
        yield page.slug, markup.plain(page.body["en"])
    for term in aid.terms:
        yield term.slug, term.meaning["en"]
    for entry in aid.evidence:
        yield entry.id, entry.claim["en"]
    for note, text in aid.notes.items():
        if not note.startswith("option-"):
            yield f"note {note}", markup.plain(text["en"])


def test_each_item_of_guidance_reads_at_grade_8_or_lower(aid: Aid) -> None:
    grades = {name: grade(text) for name, text in items(aid) if len(text.split()) >= 12}
    too_hard = {name: found for name, found in grades.items() if found > HARDEST}
    assert not too_hard


def test_the_median_item_reads_at_grade_7_or_lower(aid: Aid) -> None:
    guidance = [grade(markup.plain(f"{item.title['en']}\n\n{item.body['en']}")) for item in aid.guidance]
    assert statistics.median(guidance) <= 7


def test_sentences_of_guidance_are_short(aid: Aid) -> None:
    long = {
        item.slug: sentence
        for item in aid.guidance
        for sentence in re.split(r"(?<=[.?!])\s+|\n", markup.plain(f"{item.title['en']}\n{item.body['en']}"))
        if len(sentence.split()) > 22
    }
    assert not long


def test_no_text_calls_exosomes_safe_approved_or_permitted(aid: Aid) -> None:
    praised = {}
    for name, text in items(aid):
        for sentence in re.split(r"(?<=[.?!])\s+|\n", text):
            if PRAISE.search(sentence) and not DENIED.search(sentence):
                praised[name] = sentence
    assert not praised


def test_every_item_cites_evidence_that_names_a_source_with_a_link(aid: Aid) -> None:
    for item in aid.guidance:
        links = [aid.source[slug].url for id in item.evidence for slug in aid.claim[id].sources]
        assert any(link.startswith("https://") for link in links), item.slug


def test_nothing_that_was_read_only_in_a_copy_is_called_certain(aid: Aid) -> None:
    assert not [e.id for e in aid.evidence if e.read == "secondary" and e.certainty in ("official", "high")]


def test_papers_in_journals_are_called_so_and_never_official_text(aid: Aid) -> None:
    official, paper = (aid.certainty[slug].word["en"] for slug in ("official", "paper"))
    for entry in aid.evidence:
        grounds = dict(claim_view(aid, entry, "en").grounds)
        assert not [each for each in grounds.get(official, ()) if each.kind in ("trial", "review", "article")]
        assert {each.kind for each in grounds.get(paper, ())} <= {"trial", "review", "article"}
        assert sorted(each.slug for found in grounds.values() for each in found) == sorted(entry.sources)
    told = " ".join(render_to_string("parts/claim.html", {"claim": claim_view(aid, aid.claim["CT-06"], "en")}).split())
    plain = re.sub("<[^>]*>", "", told)
    assert plain.endswith("(Official text: National Library of Medicine; Published paper: BMJ 2014)")
    assert "Published paper: Regenerative Medicine 2017" in re.sub(
        "<[^>]*>", "", render_to_string("parts/claim.html", {"claim": claim_view(aid, aid.claim["CT-02"], "en")})
    )


def test_what_no_item_uses_says_why(aid: Aid) -> None:
    cited = {id for item in aid.guidance for id in item.evidence}
    cited |= {id for slot in aid.meaning for sentence in slot for id in sentence.evidence}
    cited |= {id for page in aid.pages for id in page.evidence} | {id for term in aid.terms for id in term.evidence}
    cited |= {id for ids in aid.trial.evidence.values() for id in ids}
    assert {entry.id for entry in aid.evidence if not entry.unused} == cited


def test_not_sure_is_offered_wherever_it_is_a_true_answer(aid: Aid) -> None:
    without = {question.slug for question in aid.questions if "not-sure" not in question.choice}
    assert without == set(WITHOUT_NOT_SURE)


def test_every_question_changes_something_or_says_it_is_for_the_physician(aid: Aid) -> None:
    read = {key for question in aid.questions if question.when for key in question.when.reads()}
    read |= {key for item in aid.guidance if item.when for key in item.when.reads()}
    read |= {key for slot in aid.meaning for sentence in slot if sentence.when for key in sentence.when.reads()}
    assert [q.slug for q in aid.questions if q.slug not in read and not q.for_physician] == []


def test_every_choice_changes_something_or_is_the_plain_opposite(aid: Aid) -> None:
    """A choice that no condition names must be the answer beside which the others mean something."""
    named: dict[str, set[str]] = {}
    for when in [q.when for q in aid.questions] + [i.when for i in aid.guidance]:
        for test in when.tests() if when else ():
            named.setdefault(test.subject, set()).update(test.values)
    for slot in aid.meaning:
        for sentence in slot:
            for test in sentence.when.tests() if sentence.when else ():
                named.setdefault(test.subject, set()).update(test.values)
    silent = {
        f"{question.slug}: {choice.slug}"
        for question in aid.questions
        for choice in question.choices
        if choice.slug not in named.get(question.slug, set())
    }
    allowed = {"none", "no-problem", "looking", "with-test", "free", "all", "visit", "not-sure"}
    assert {name for name in silent if name.split(": ")[1] not in allowed} == set()


def test_the_seven_groups_of_the_article_can_be_chosen(aid: Aid) -> None:
    groups = {"joint", "tendon-ligament", "spine", "immune", "nerve", "skin", "hair", "surgery", "wound"}
    assert groups <= set(aid.question["problem"].choice)
    assert "hong-exosomes-2025" in aid.source


def test_every_option_has_the_same_headings_and_balanced_room(aid: Aid) -> None:
    uneven = {}
    for item in aid.guidance:
        if item.option:
            benefits = len(item.option.texts["benefits"]["en"].split())
            harms = len(item.option.texts["harms"]["en"].split())
            if not 0.5 <= benefits / harms <= 2:
                uneven[item.slug] = (benefits, harms)
            assert len(item.option.texts["short"]["en"].split()) <= 12, item.slug
    assert not uneven


def test_links_lead_only_to_https_telephone_and_mail(aid: Aid) -> None:
    texts = [text["en"] for text in aid.notes.values()] + [page.body["en"] for page in aid.pages]
    texts += [item.body["en"] for item in aid.guidance]
    links = [link for text in texts for link in re.findall(r"\]\(([^)]+)\)", text)]
    assert links
    assert [link for link in links if not link.startswith(("https://", "tel:", "mailto:"))] == []
