"""One patient of the recall list: what reads differently, working it off, and who may."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from questionnaire.models import AuditEvent, Recall, Review, ReviewEntry
from questionnaire.services import recall_work, responses, reviews, sharing
from questionnaire.services.staff import ADMINISTRATORS
from tests import sharing as given
from tests import staff, web
from tests.physician.recalling import LIST, at, listed, safety_change, section, send, touched
from tests.sharing import caller
from tests.web import Page, small_aid

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("published")]


def test_old_and_new_text_stand_side_by_side_with_what_differs_marked(dora):
    (recall,) = touched()
    page = Page(dora.get(at(recall)))
    assert page.name == "recall"
    for words in ("Maria López", "May 6, 1961", "(555) 010-0199", "A caution is stronger.", "has not come back since"):
        assert words in page.text
    (pair,) = page.root.all("div", class_="pair")
    old, new = pair.all("p")
    assert [each.text for each in pair.all("h5")] == ["Old, edition 1", "New, edition 2"]
    assert old.text == "Body of taken out: skin-caution."
    assert new.text == "Body of put in: skin-caution, which is stronger now."
    assert (len(old.all("del")), len(new.all("ins"))) == (1, 1)
    assert page.root.one("h3").text == "reworded Caution: Title of skin-caution."
    assert f"/physician/{recall.review_id}/" in page.links


def test_what_is_gone_or_added_is_told_with_the_answers_behind_it(dora):
    given.shared()

    def change(document):
        items = document["guidance/all.yaml"]
        items[:] = [each for each in items if each["slug"] != "ask-number"]
        items.append(web.item("new-one", "caution", rank=50, when=web.when("joint-site", is_="knee")))

    safety_change(change)
    page = Page(dora.get(at(Recall.objects.get())))
    assert [each.text for each in page.root.all("h3")] == [
        "added Caution: Title of new-one.",
        "gone Question to ask: Title of ask-number.",
    ]
    assert "Shown since they answered: Short joint-site – The choice knee" in page.text
    assert "Was not there." in page.text
    assert "Is not there any more." in page.text


def test_a_question_that_is_newly_asked_is_said(dora):
    given.shared()
    safety_change(web.with_new_question)
    page = Page(dora.get(at(Recall.objects.get())))
    assert "This edition asks something they have not answered: What of new-one?" in page.text


def test_a_patient_who_came_back_without_confirming_is_told_of(dora):
    (recall,) = touched()
    responses.find(recall.version.response_id)
    assert "came back since and was told of the change, but has not confirmed" in Page(dora.get(at(recall))).text


def test_a_later_edition_is_told_of(dora):
    (recall,) = touched()
    web.publish(small_aid())
    assert "Edition 3 has come since" in Page(dora.get(at(recall))).text


def test_worked_off_goes_on_to_the_next_and_stays_in_sight(dora):
    first, second = touched("Ann Bell", "Carl Day")
    reply = send(dora, first, note="Called her.")
    assert reply["Location"] == at(second)
    said = Page(dora.get(at(second))).root.one("ul", class_="messages")
    assert "Ann Bell: worked off." in said.text, "the page is of somebody else"
    assert [each["href"] for each in said.all("a")] == [f"/physician/{first.review_id}/"]
    assert listed(dora) == ["Carl Day"]
    assert listed(dora, "done-head") == ["Ann Bell"]
    assert "Dora" in section(Page(dora.get(LIST)), "done-head").text
    entry = ReviewEntry.objects.get(kind="recalled")
    assert "Called" not in entry.text
    page = Page(dora.get(at(first)))
    assert "Called her." in page.text
    assert "Worked off by Dora" in page.text
    assert send(dora, second)["Location"] == f"{LIST}?edition=2"
    assert listed(dora, "done-head") == ["Carl Day", "Ann Bell"]
    assert AuditEvent.objects.filter(kind="recalled").count() == 2


def test_what_was_worked_off_goes_page_by_page_too(dora, monkeypatch):
    for each in touched("Ann", "Bea", "Cleo"):
        recall_work.work_off(by=caller(staff.physician()), pk=each.pk, revision=1)
    monkeypatch.setattr(recall_work, "SIZE", 2)
    page = Page(dora.get(LIST))
    (earlier,) = [each["href"] for each in page.root.all("a") if each.text == "Earlier ones"]
    assert listed(dora, "done-head") == ["Cleo", "Bea"]
    page = Page(dora.get(LIST + earlier.partition("#")[0]))
    assert [each.text for each in section(page, "done-head").one("tbody").all("a")] == ["Ann"]


def test_a_reply_goes_to_the_patient_and_a_note_that_was_typed_stays(dora):
    (recall,) = touched()
    page = Page(send(dora, recall, "reply", reply="Read your guidance again.", note="Not yet called."))
    assert page.root.one("textarea", name="note").text == "Not yet called."
    status = sharing.status(responses.find(recall.version.response_id))
    assert status is not None
    assert [each.text for each in status.replies] == ["Read your guidance again."]
    assert listed(dora) == ["Maria López"]
    assert send(dora, recall, "reply", reply="And call us.")["Location"] == at(recall)


@pytest.mark.parametrize(
    ("act", "typed", "field"),
    [
        ("reply", {"reply": "  "}, "reply"),
        ("reply", {"reply": "x" * 5001}, "reply"),
        ("done", {"note": "x" * 5001}, "note"),
        ("done", {"reply": "Not sent yet."}, "reply"),
        ("", {"note": "Lost?"}, "act"),
    ],
)
def test_what_cannot_be_done_keeps_all_that_was_typed(dora, act, typed, field):
    (recall,) = touched()
    reply = send(dora, recall, act, **typed)
    page = Page(reply)
    assert reply.status_code == 422
    assert page.alert.one("a")["href"] == f"#{field}"
    assert field in page.ids
    for name, words in typed.items():
        assert page.root.one("textarea", name=name).text == words.strip()
    assert listed(dora) == ["Maria López"]
    assert not ReviewEntry.objects.exclude(kind="shared").exists()


def test_of_two_physicians_the_second_reads_what_the_first_did(dora, emil):
    (recall,) = touched()
    revision = Page(emil.get(at(recall))).root.one("input", name="revision")["value"]
    assert "Also open now: Emil" in Page(dora.get(at(recall))).text
    send(dora, recall, note="Called him.")
    page = Page(send(emil, recall, revision=revision, note="Will write."))
    assert page.status == 409
    assert "Called him." in section(page, "since").text
    assert page.root.one("textarea", name="note").text == "Will write."
    page = Page(send(emil, recall, note="Will write."))
    assert page.status == 409
    assert "Worked off by Dora" in section(page, "standing").text
    assert Recall.objects.get(handled_by__username="dora") == recall
    assert ReviewEntry.objects.filter(kind="recalled").count() == 1
    assert AuditEvent.objects.filter(kind="refused").count() == 2


def test_withdrawn_in_the_middle_is_gone_and_what_was_typed_is_kept(dora):
    (recall,) = touched()
    revision = Page(dora.get(at(recall))).root.one("input", name="revision")["value"]
    sharing.withdraw(walk=responses.find(recall.version.response_id))
    for act in ("done", "reply"):
        typed = "note" if act == "done" else "reply"
        reply = dora.post(at(recall), {"act": act, "revision": revision, typed: "Called her."})
        assert reply.status_code == 410
        assert "Called her." in Page(reply).text
    page = Page(dora.get(at(recall)))
    assert page.status == 410
    assert "López" not in page.html


def test_erased_in_the_middle_there_is_nothing_any_more(dora):
    (recall,) = touched()
    responses.erase(pk=recall.version.response_id)
    reply = dora.post(at(recall), {"act": "done", "revision": "1", "note": "Called her."})
    assert reply.status_code == 404
    assert "Called her." in Page(reply).text


def test_what_is_not_shared_cannot_be_opened_by_its_number(dora):
    given.finished(problem="skin")
    safety_change()
    recall = Recall.objects.get()
    assert dora.get(at(recall)).status_code == 404
    assert send(dora, recall, revision="0").status_code == 404
    assert dora.get(f"{LIST}999999/").status_code == 404


def test_words_that_were_typed_are_shown_as_words(dora):
    (recall,) = touched("<b>Bold</b> Name")
    send(dora, recall, note="<script>alert(1)</script>")
    page = Page(dora.get(at(recall)))
    assert page.root.one("h1").text == "<b>Bold</b> Name"
    assert not page.main.all("script")


def test_physicians_alone_get_any_of_it(django_user_model):
    (recall,) = touched()
    others = [
        staff.editor(),
        staff.approver(),
        staff.member("adam", ADMINISTRATORS),
        django_user_model.objects.create_superuser("root", password="x"),
    ]
    for user in others:
        client = Client()
        staff.sign_in(client, user)
        assert client.get(LIST).status_code == 403
        assert client.get(at(recall)).status_code == 403
        assert client.post(at(recall), {"act": "done", "revision": "1"}).status_code == 403
        assert client.post(f"{LIST}go-on/").status_code == 403
    for address in (LIST, at(recall)):
        assert Client().get(address)["Location"].startswith("/staff/sign-in/")
    assert AuditEvent.objects.filter(kind="refused").count() == 4 * len(others)
    assert listed_is_untouched(recall)


def listed_is_untouched(recall):
    recall.refresh_from_db()
    return recall.handled_at is None


def test_every_look_is_on_record(dora):
    (recall,) = touched()
    dora.get(LIST)
    dora.get(at(recall))
    details = list(AuditEvent.objects.filter(kind="viewed").order_by("pk").values_list("detail", "subject"))
    assert details == [
        ({"page": "recalls", "edition": 2, "reviews": [str(recall.review_id)]}, None),
        ({"page": "recall"}, recall.review_id),
    ]


def test_working_off_fails_whole_if_it_cannot_be_recorded(dora, monkeypatch):
    (recall,) = touched()
    revision = Review.objects.get().revision
    monkeypatch.setattr("questionnaire.services.audit.hash_of", lambda event: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        recall_work.work_off(by=caller(staff.physician()), pk=recall.pk, revision=revision)
    assert listed_is_untouched(recall)
    assert not ReviewEntry.objects.filter(kind="recalled").exists()


def test_one_page_asks_little(dora):
    (recall,) = touched()
    dora.get(at(recall))
    with CaptureQueriesContext(connection) as captured:
        dora.get(at(recall))
    assert len(captured) <= 30, [each["sql"][:80] for each in captured.captured_queries]


def test_a_conflict_with_a_step_elsewhere_is_told_too(dora):
    (recall,) = touched()
    revision = Review.objects.get().revision
    reviews.note(by=caller(staff.physician("emil")), pk=recall.review_id, revision=revision, text="Looked at it.")
    page = Page(send(dora, recall, revision=str(revision)))
    assert page.status == 409
    assert "Looked at it." in section(page, "since").text


def test_a_version_that_was_finished_before_the_shared_one_is_nobodys(dora):
    walk = given.finished(problem="skin")
    safety_change()
    recall = Recall.objects.get()
    given.share(given.confirmed(responses.find(walk.response.pk), given.ANSWERS | {"new-one": "yes"}))
    assert recall.review_id is None
    reply = dora.get(at(recall))
    assert reply.status_code == 404
    assert "skin" not in reply.content.decode()
    assert AuditEvent.objects.filter(kind="refused").exists()
