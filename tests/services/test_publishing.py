"""Two signatures: one person sends a draft to review, another one publishes it, and nothing is published half."""

from __future__ import annotations

import threading

import pytest
from django.db import IntegrityError, transaction

from questionnaire.domain.findings import ERROR, Finding
from questionnaire.models import Edition, RecallRun
from questionnaire.services import checking, drafts, editions, opening, publishing
from questionnaire.services.publishing import ChangedMeanwhile, NotPublishable, SamePerson
from questionnaire.services.staff import NotAllowed
from tests import staff, web
from tests.drafting import change, publish, submit, the_draft
from tests.web import Walker, small_aid

Status = Edition.Status


@pytest.fixture
def passing(monkeypatch):
    """The checks find nothing; that they are asked is tested by itself."""
    monkeypatch.setattr(checking, "report", lambda edition: checking.Report((), (), 0.0))


@pytest.fixture
def ada(db):
    return staff.editor("ada")


@pytest.fixture
def ben(db):
    return staff.approver("ben")


@pytest.fixture
def draft(published, ada, passing):
    opening.open_from(by=ada, edition=published)
    change(ada, "New words.")
    return the_draft().edition


def statuses():
    return dict(Edition.objects.values_list("number", "status"))


def test_from_draft_to_live_with_two_signatures(published, draft, ada, ben):
    reviewed = submit(ada)
    assert statuses() == {1: "published", 2: "in-review"}
    live = publish(ben, reviewed, change_note="  We say it\nbetter now. ", safety_change=True)
    assert statuses() == {1: "superseded", 2: "published"}
    live.refresh_from_db()
    assert (live.submitted_by, live.approved_by, live.last_changed_by) == (ada, ben, ada)
    assert (live.change_note, live.safety_change) == ("We say it better now.", True)
    assert editions.aid_of(editions.live().pk).item["knee-caution"].title["en"] == "New words."
    assert list(live.steps.order_by("number").values_list("kind", flat=True)) == [
        "opened",
        "changed",
        "submitted",
        "published",
    ]
    assert editions.change_log("exosomes")[0] == live


def test_the_log_of_changes_is_read_on_the_about_page(published, draft, ada, ben, client):
    publish(ben, submit(ada), change_note="We mended a sentence about knees.", safety_change=True)
    page = web.Page(client.get("/about/"))
    assert "We mended a sentence about knees." in page.main.text
    assert "a safety change" in page.main.text


def test_who_wrote_the_last_change_cannot_approve_it(draft, ada):
    cleo = staff.both("cleo")
    change(cleo, "Cleo's words.")
    reviewed = submit(ada)
    with pytest.raises(SamePerson):
        publish(cleo, reviewed)
    publish(staff.approver("ben"), reviewed)


def test_who_sent_it_to_review_cannot_approve_it(draft):
    cleo = staff.both("cleo")
    reviewed = submit(cleo)
    with pytest.raises(SamePerson):
        publish(cleo, reviewed)
    assert statuses()[2] == "in-review"


@pytest.mark.parametrize("signature", ["last_changed_by", "submitted_by"])
def test_the_database_itself_wants_two_people(draft, ada, ben, signature):
    reviewed = submit(ada)
    signed = {"submitted_by": ada, "last_changed_by": ada, "approved_by": ben}
    values = {"status": Status.PUBLISHED, "published_at": "2026-01-01T00:00Z"} | signed
    values[signature] = ben
    Edition.objects.filter(status=Status.PUBLISHED).update(status=Status.SUPERSEDED)
    with pytest.raises(IntegrityError), transaction.atomic():
        Edition.objects.filter(pk=reviewed.pk).update(**values)
    with pytest.raises(IntegrityError), transaction.atomic():
        Edition.objects.filter(pk=reviewed.pk).update(**(values | {"approved_by": None, signature: ada}))
    assert Edition.objects.filter(pk=reviewed.pk).update(**(values | {signature: ada})) == 1


def test_only_who_may_sends_to_review_or_publishes(draft, ada, ben):
    with pytest.raises(NotAllowed):
        submit(ben)
    reviewed = submit(ada)
    with pytest.raises(NotAllowed):
        publish(staff.editor("eve"), reviewed)
    with pytest.raises(NotAllowed):
        publishing.send_back(by=ada, edition_id=reviewed.pk, revision=reviewed.revision, note="No.")


def test_an_approver_who_lost_the_role_meanwhile_publishes_nothing(draft, ada, ben):
    reviewed = submit(ada)
    ben.groups.clear()
    with pytest.raises(NotAllowed, match="Clinical approvers"):
        publish(ben, reviewed)
    assert statuses() == {1: "published", 2: "in-review"}


def test_changes_wanted_goes_back_with_a_note_and_the_draft_can_be_changed_again(draft, ada, ben):
    reviewed = submit(ada)
    with pytest.raises(NotPublishable, match="which changes"):
        publishing.send_back(by=ben, edition_id=reviewed.pk, revision=reviewed.revision, note=" ")
    back = publishing.send_back(by=ben, edition_id=reviewed.pk, revision=reviewed.revision, note="Name the source.")
    assert (back.status, back.submitted_by) == ("draft", None)
    assert back.steps.latest("number").note == "Name the source."
    change(ada, "Better words.")
    publish(ben, submit(ada))
    assert statuses()[2] == "published"


def test_an_editor_takes_it_back_and_what_the_approver_had_open_is_not_published(draft, ada, ben):
    reviewed = submit(ada)
    publishing.take_back(by=ada, edition_id=reviewed.pk, revision=reviewed.revision)
    with pytest.raises(ChangedMeanwhile, match="draft now"):
        publish(ben, reviewed)
    change(ada, "Sneaked in.")
    again = submit(ada)
    with pytest.raises(ChangedMeanwhile, match="changed since"):
        publish(ben, reviewed)
    publish(ben, again)


def test_nothing_is_sent_or_published_without_a_word_on_what_changed(draft, ada, ben):
    for note in ("", " \n", "x" * 601):
        with pytest.raises(NotPublishable):
            submit(ada, change_note=note)
    reviewed = submit(ada)
    with pytest.raises(NotPublishable):
        publish(ben, reviewed, change_note="")


def test_what_the_checks_refuse_is_neither_sent_nor_published(draft, ada, ben, monkeypatch):
    finding = Finding(ERROR, "reading-grade", "This reads at grade 11.", "item/knee-caution", "body.en")
    reviewed = submit(ada)
    monkeypatch.setattr(checking, "report", lambda edition: checking.Report((finding,), (), 0.0))
    with pytest.raises(NotPublishable, match="1 thing to mend"):
        publish(ben, reviewed)
    publishing.take_back(by=ada, edition_id=reviewed.pk, revision=reviewed.revision)
    with pytest.raises(NotPublishable, match="1 thing to mend"):
        submit(ada)


def test_what_is_gone_cannot_be_sent_or_published(draft, ada, ben):
    drafts.discard(by=ada, revision=draft.revision)
    with pytest.raises(drafts.NoDraft):
        submit(ada, draft)
    with pytest.raises(drafts.NoDraft):
        publish(ben, draft)


def test_a_safety_change_begins_a_recall_and_another_does_not(published, draft, ada, ben):
    publish(ben, submit(ada), safety_change=True)
    assert RecallRun.objects.get().edition.number == 2
    opening.open_from(by=ada, edition=editions.live())
    change(ada, "Newer words.")
    publish(ben, submit(ada))
    assert RecallRun.objects.count() == 1


def test_a_draft_of_a_person_does_not_go_live_by_the_way_of_the_shipped_one(draft):
    with pytest.raises(IntegrityError), transaction.atomic():
        publishing.put_live(draft=draft, change_note="Unsigned.")
    assert statuses() == {1: "published", 2: "draft"}


@pytest.mark.django_db(transaction=True)
def test_two_who_publish_at_the_same_moment_publish_once(draft, ada, ben):
    reviewed = submit(ada)
    people = [ben, staff.approver("dan"), staff.approver("eve")]

    def work(person):
        try:
            return publish(person, reviewed).approved_by
        except ChangedMeanwhile:
            return None

    done = web.at_once(*[lambda person=person: work(person) for person in people])
    assert sum(each is not None for each in done) == 1
    assert statuses() == {1: "superseded", 2: "published"}
    assert Edition.objects.get(number=2).steps.filter(kind="published").count() == 1


@pytest.mark.django_db(transaction=True)
def test_patients_who_answer_while_an_edition_is_published_see_no_mixture(published, draft, ada, ben):
    reviewed = submit(ada)
    before, after = (editions.aid_of(published.pk), the_draft().aid)
    told = {1: before.item["knee-caution"].title["en"], 2: after.item["knee-caution"].title["en"]}
    go = threading.Event()
    seen = []

    def patient():
        go.wait(10)
        main = Walker().to_the_end().main
        seen.append((int(main["data-edition"]), main.one(data_guidance="knee-caution").one("h3").text))

    def publisher():
        go.set()
        publish(ben, reviewed)

    web.at_once(publisher, *[patient] * 50)
    assert len(seen) == 50
    for number, words in seen:
        assert words.removeprefix("Caution ") == told[number]
    assert statuses() == {1: "superseded", 2: "published"}


def test_a_new_draft_can_take_the_shipped_content_in_while_another_is_live(published, ada, ben, passing):
    draft = opening.open_document(by=ada, document=small_aid())
    publish(ben, submit(ada, draft))
    assert statuses() == {1: "superseded", 2: "published"}
