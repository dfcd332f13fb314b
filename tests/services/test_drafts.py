"""The draft: one at a time, changed entry by entry, by two people at once, and never broken."""

from __future__ import annotations

import json

import pytest
from django.contrib.auth.models import AnonymousUser

from questionnaire.domain.places import NoSuchPlace, NotEmpty, Place, PlaceTaken
from questionnaire.domain.reading import Refused
from questionnaire.models import Edition, EditionStep
from questionnaire.services import drafts, editions, opening
from questionnaire.services.staff import NotAllowed
from tests import staff, web
from tests.drafting import KNEE, entry_of, retitled, save, the_draft
from tests.web import choice, item, question, questions_of, small_aid, text, when

pytestmark = pytest.mark.django_db

SIGNS = Place("question", "signs")


@pytest.fixture
def ada():
    return staff.editor("ada")


@pytest.fixture
def bob():
    return staff.editor("bob")


@pytest.fixture
def draft(published, ada):
    return opening.open_from(by=ada, edition=published)


def test_a_draft_holds_what_the_live_edition_holds_and_patients_see_nothing_of_it(published, ada, draft):
    assert the_draft().document == editions.document_of(published)
    assert (draft.number, draft.based_on, draft.status) == (2, published, "draft")
    save(ada, KNEE, retitled(KNEE, "New words."))
    assert the_draft().aid.item["knee-caution"].title["en"] == "New words."
    assert editions.aid_of(editions.live().pk).item["knee-caution"].title["en"] != "New words."


def test_one_draft_is_open_at_a_time(published, ada, bob, draft):
    with pytest.raises(opening.DraftOpen):
        opening.open_from(by=bob, edition=published)
    with pytest.raises(opening.DraftOpen):
        opening.open_document(by=bob, document=small_aid())
    drafts.discard(by=bob, revision=the_draft().edition.revision)
    assert drafts.current() is None
    assert opening.open_from(by=bob, edition=published).number == 2


def test_rolling_back_opens_a_draft_from_an_older_edition(published, ada):
    newer = web.publish(small_aid(lambda d: d["guidance/all.yaml"].append(item("extra", "ask"))))
    assert "extra" in editions.aid_of(newer.pk).item
    draft = opening.open_from(by=ada, edition=published)
    assert the_draft().document == editions.document_of(published)
    assert draft.number == 3


@pytest.mark.parametrize("who", [staff.approver, lambda: staff.member("nobody"), AnonymousUser])
def test_only_an_editor_changes_guidance(published, draft, who):
    person = who()
    entry = retitled(KNEE, "Not mine.")
    for act in (
        lambda: save(person, KNEE, entry),
        lambda: drafts.add(by=person, room="item", entry=item("new", "ask")),
        lambda: drafts.remove(by=person, place=KNEE, base=drafts.fingerprint(entry_of(KNEE))),
        lambda: drafts.move(by=person, place=KNEE, steps=1),
        lambda: drafts.discard(by=person, revision=1),
        lambda: opening.open_from(by=person, edition=published),
    ):
        with pytest.raises(NotAllowed):
            act()
    assert the_draft().edition.revision == 1


def test_a_role_that_was_taken_away_counts_at_once(draft, ada):
    entry = retitled(KNEE, "Too late.")
    ada.groups.clear()
    with pytest.raises(NotAllowed, match="Guidance editors"):
        save(ada, KNEE, entry)
    ada = staff.editor("ada")
    type(ada).objects.filter(pk=ada.pk).update(is_active=False)
    with pytest.raises(NotAllowed):
        save(ada, KNEE, entry)


def test_who_changed_what_and_when_is_kept(draft, ada, bob):
    before = entry_of(KNEE)
    save(ada, KNEE, retitled(KNEE, "One."))
    place = drafts.add(by=bob, room="item", entry=item("new", "ask"))
    drafts.move(by=bob, place=place, steps=-1)
    drafts.remove(by=ada, place=place, base=drafts.fingerprint(entry_of(place)))
    steps = [
        (step.number, step.kind, step.place, step.by and step.by.username) for step in draft.steps.order_by("number")
    ]
    assert steps == [
        (1, "opened", "", "ada"),
        (2, "changed", "item/knee-caution", "ada"),
        (3, "added", "item/new", "bob"),
        (4, "moved", "item/new", "bob"),
        (5, "removed", "item/new", "ada"),
    ]
    changed = draft.steps.get(number=2)
    assert json.loads(changed.before) == before
    assert json.loads(changed.after)["title"] == text("One.")
    assert the_draft().edition.last_changed_by == ada


def test_saving_what_is_there_already_is_no_step(draft, ada):
    save(ada, KNEE, entry_of(KNEE))
    assert the_draft().edition.revision == 1


def test_two_people_at_one_entry_the_second_gets_all_three_texts_and_nothing_is_lost(draft, ada, bob):
    found = entry_of(KNEE)
    base = drafts.fingerprint(found)
    first = {**found, "title": text("Ada's.")}
    save(ada, KNEE, first, base)
    save(ada, KNEE, {**first, "body": text("Ada's body.")})
    mine = {**found, "title": text("Bob's.")}
    with pytest.raises(drafts.Conflict) as conflict:
        save(bob, KNEE, mine, base)
    caught = conflict.value
    assert (caught.ancestor, caught.mine) == (found, mine)
    assert caught.theirs == {**first, "body": text("Ada's body.")}
    assert caught.step.by == ada
    assert entry_of(KNEE) == caught.theirs
    # With all three before him Bob decides.
    save(bob, KNEE, mine, drafts.fingerprint(caught.theirs))
    assert entry_of(KNEE) == mine


def test_two_people_at_two_entries_do_not_meet(draft, ada, bob):
    other = Place("item", "wait")
    bases = {place: drafts.fingerprint(entry_of(place)) for place in (KNEE, other)}
    mine, theirs = retitled(KNEE, "Mine."), retitled(other, "Theirs.")
    save(ada, KNEE, mine, bases[KNEE])
    save(bob, other, theirs, bases[other])
    assert (entry_of(KNEE), entry_of(other)) == (mine, theirs)


def test_what_somebody_removed_meanwhile_is_a_conflict_too(draft, ada, bob):
    found = entry_of(KNEE)
    base = drafts.fingerprint(found)
    drafts.remove(by=ada, place=KNEE, base=base)
    with pytest.raises(drafts.Conflict) as conflict:
        save(bob, KNEE, {**found, "title": text("Bob's.")}, base)
    assert (conflict.value.ancestor, conflict.value.theirs) == (found, None)
    with pytest.raises(drafts.Conflict):
        drafts.remove(by=bob, place=KNEE, base=base)


def test_a_draft_that_somebody_changed_is_not_discarded_unseen(draft, ada, bob):
    save(ada, KNEE, retitled(KNEE, "New."))
    with pytest.raises(drafts.Conflict):
        drafts.discard(by=bob, revision=1)
    assert drafts.current()


def test_a_choice_that_a_condition_reads_cannot_be_deleted_and_who_reads_it_is_named(draft, ada):
    signs = entry_of(SIGNS)
    signs["choices"] = [each for each in signs["choices"] if each["slug"] != "breathing"]
    with pytest.raises(drafts.WouldBreak) as refused:
        save(ada, SIGNS, signs)
    assert {str(place) for place in refused.value.places} == {"item/urgent-breathing"}
    assert the_draft().edition.revision == 1


def test_a_loop_of_questions_is_refused(draft, ada):
    problem = Place("question", "problem")
    with pytest.raises(drafts.WouldBreak, match="loop"):
        save(ada, problem, {**entry_of(problem), "when": when("joint-site", is_="knee")})
    with pytest.raises(drafts.WouldBreak, match="asked later"):
        drafts.move(by=ada, place=Place("question", "joint-site"), steps=-2)


def test_script_in_a_text_a_megabyte_and_a_link_elsewhere_are_refused(draft, ada):
    for words in ("Hi <script>alert(1)</script>", "[here](http://example.org)", "[x](javascript:alert(1))", "![x](y)"):
        with pytest.raises(drafts.WouldBreak) as refused:
            save(ada, KNEE, {**entry_of(KNEE), "body": text(words)})
        assert {str(place) for place in refused.value.places} == {"item/knee-caution"}
    with pytest.raises(drafts.TooLarge):
        save(ada, KNEE, {**entry_of(KNEE), "body": text("x" * 1_000_000)})
    assert the_draft().edition.revision == 1


def test_a_slug_never_changes_and_one_of_an_earlier_edition_is_not_used_again(draft, ada):
    with pytest.raises(drafts.SlugUsed):
        save(ada, KNEE, {**entry_of(KNEE), "slug": "other"})
    drafts.remove(by=ada, place=KNEE, base=drafts.fingerprint(entry_of(KNEE)))
    with pytest.raises(drafts.SlugUsed, match="earlier edition"):
        drafts.add(by=ada, room="item", entry=item("knee-caution", "ask"))
    with pytest.raises(PlaceTaken):
        drafts.add(by=ada, room="item", entry=item("wait", "ask"))


def test_a_folder_may_not_ask_an_earlier_question_in_another_way(published):
    def other_kind(document):
        questions_of(document)["words"].update(kind="many", choices=[choice("a"), choice("b")])
        del questions_of(document)["words"]["most"]

    with pytest.raises(Refused, match="another slug"):
        opening.open_document(by=None, document=small_aid(other_kind))


def test_what_is_not_there_is_not_saved_moved_or_removed(draft, ada):
    nobody = Place("item", "nobody")
    with pytest.raises(NoSuchPlace):
        drafts.save(by=ada, place=nobody, entry=item("nobody", "ask"), base="")
    with pytest.raises(NoSuchPlace):
        drafts.move(by=ada, place=nobody, steps=1)
    with pytest.raises(NoSuchPlace):
        drafts.remove(by=ada, place=nobody, base="")
    section = Place("section", "you")
    with pytest.raises(NotEmpty):
        drafts.remove(by=ada, place=section, base=drafts.fingerprint(entry_of(section)))


def test_a_new_question_with_a_new_item_that_reads_it(draft, ada):
    drafts.add(by=ada, room="question", entry=question("extra", "one", choice("yes"), choice("no")), within="you")
    drafts.add(by=ada, room="item", entry=item("for-extra", "ask", when=when("extra", is_="yes")))
    assert "extra" in the_draft().aid.question
    assert the_draft().problems == ()


def test_what_is_untidy_is_kept_and_told(draft, ada):
    drafts.add(
        by=ada,
        room="evidence",
        entry={**entry_of(Place("evidence", "E-1")), "id": "E-2"},
    )
    assert [problem.key for problem in the_draft().problems] == ["E-2"]


def test_in_review_nothing_is_changed(draft, ada):
    Edition.objects.filter(pk=draft.pk).update(status=Edition.Status.IN_REVIEW)
    with pytest.raises(drafts.Locked):
        save(ada, KNEE, retitled(KNEE, "No."))
    with pytest.raises(drafts.Locked):
        drafts.discard(by=ada, revision=1)


def test_after_publication_there_is_no_draft_to_change(published, ada):
    entry = item("knee-caution", "caution")
    with pytest.raises(drafts.NoDraft):
        drafts.save(by=ada, place=KNEE, entry=entry, base="")


@pytest.mark.django_db(transaction=True)
def test_many_at_once_lose_no_change(published):
    people = [staff.editor(f"editor-{number}") for number in range(6)]
    opening.open_from(by=people[0], edition=published)
    slugs = ["knee-caution", "skin-caution", "young-caution", "wait", "plasma", "ask-number"]

    def work(number):
        place = Place("item", slugs[number])
        for words in ("One.", "Two.", "Three."):
            save(people[number], place, {**entry_of(place), "title": text(f"{slugs[number]} {words}")})

    web.at_once(*[lambda number=number: work(number) for number in range(6)])
    titles = {slug: the_draft().aid.item[slug].title["en"] for slug in slugs}
    assert titles == {slug: f"{slug} Three." for slug in slugs}
    assert EditionStep.objects.filter(kind="changed").count() == 18


@pytest.mark.django_db(transaction=True)
def test_two_who_open_a_draft_at_the_same_moment_get_one(published):
    people = [staff.editor(f"editor-{number}") for number in range(4)]

    def work(person):
        try:
            return opening.open_from(by=person, edition=published).pk
        except opening.DraftOpen:
            return None

    opened = web.at_once(*[lambda person=person: work(person) for person in people])
    assert sum(each is not None for each in opened) == 1
    assert EditionStep.objects.filter(edition__number=2).count() == 1
