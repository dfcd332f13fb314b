"""From a change to the live edition by the pages: what changes is seen, two people sign, and nothing slips through."""

from __future__ import annotations

import datetime as dt

import pytest

from questionnaire.models import Edition, Recall
from questionnaire.services import checking, drafts, editions, opening
from tests import staff
from tests.drafting import change, submit, the_draft
from tests.editor.conftest import Desk, fields_of
from tests.web import Walker, parsed

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("passing")]

REVIEW = "/admin/guidance/draft/review/"


@pytest.fixture
def changed(draft, ada):
    change(ada.user, "Knees need care.")
    return the_draft().edition


def signed(act, edition=None, **more):
    edition = edition or the_draft().edition
    fields = {"edition": edition.pk, "revision": edition.revision, "act": act, "change_note": "We speak of knees."}
    return fields | ({"read": "on"} if act == "publish" else {}) | more


def test_the_whole_way_by_the_pages(changed, ada, ben):
    page = ada.get(REVIEW)
    assert "Knees need care." in page.main.text
    assert page.main.all("ins")
    page = ada.post(REVIEW, signed("submit", safety_change="on"))
    assert "is in review" in page.main.text
    page = ben.get("/admin/guidance/")
    assert "It waits for you" in page.main.text
    page = ben.get(REVIEW)
    assert page.main.one("textarea", name="change_note").text == "We speak of knees."
    assert page.main.one("input", name="safety_change").get("checked") is not None
    page = ben.post(REVIEW, signed("publish", safety_change="on"))
    assert "Edition 2 is live." in page.main.text
    assert editions.live().safety_change
    assert "We speak of knees." in page.main.text


def test_nobody_signs_twice(changed, ada):
    cleo = Desk(staff.both("cleo"))
    submit(ada.user)
    Edition.objects.filter(pk=changed.pk).update(last_changed_by=cleo.user)
    page = cleo.get(REVIEW)
    assert "somebody else must approve" in page.main.text
    assert not page.main.all("button", value="publish")
    page = cleo.post(REVIEW, signed("publish"))
    assert page.status == 403
    assert "somebody else must approve" in page.main.text
    assert the_draft().locked


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"change_note": " "}, "what changed"),
        ({"change_note": "x" * 700}, "at most 600"),
        ({"read": ""}, "tick that you have read"),
        ({"act": "odd"}, "choose one of the buttons"),
    ],
)
def test_what_is_missing_is_said_and_what_was_typed_is_kept(changed, ada, ben, fields, said):
    submit(ada.user)
    data = signed("publish") | fields
    if "read" in fields:
        del data["read"]
    page = ben.post(REVIEW, data)
    assert page.status == 422
    assert said in page.alert.text
    assert page.main.one("textarea", name="change_note").text == " ".join(data["change_note"].split())
    assert the_draft().locked


def test_changes_wanted_goes_back_with_its_note(changed, ada, ben):
    submit(ada.user)
    page = ben.post(REVIEW, signed("send-back", note=""))
    assert page.status == 422
    ben.post(REVIEW, signed("send-back", note="Name the source."))
    assert "Name the source." in ada.get("/admin/guidance/").main.text
    assert not the_draft().locked


def test_an_old_page_signs_nothing(changed, ada, ben):
    old = signed("publish", submit(ada.user))
    ada.post(REVIEW, signed("take-back"))
    change(ada.user, "Something else.")
    submit(ada.user)
    page = ben.post(REVIEW, old | {"change_note": "My sentence."})
    assert page.status == 409
    assert "My sentence." in page.main.text
    assert editions.live().number == 1


def test_a_role_that_was_taken_away_meanwhile_signs_nothing(changed, ada, ben):
    submit(ada.user)
    ben.user.groups.set(staff.editor("x").groups.all())
    page = ben.post(REVIEW, signed("publish"))
    assert page.status == 403
    assert editions.live().number == 1


def test_the_second_of_two_publishers_is_told(changed, ada, ben):
    submit(ada.user)
    fields = signed("publish")
    ben.post(REVIEW, fields)
    page = Desk(staff.approver("dan")).post(REVIEW, fields)
    assert page.name == "board"
    assert "nothing to review" in page.main.text
    assert editions.live().approved_by == ben.user


def test_finished_responses_are_counted_and_a_safety_change_lists_them(published, ada, ben):
    for _ in range(2):
        Walker().to_the_end()
    opening.open_from(by=ada.user, edition=published)
    change(ada.user, "Knees need care.")
    assert "2 of 2 finished responses" in ada.get(REVIEW).main.text
    ada.post(REVIEW, signed("submit", safety_change="on"))
    page = ben.post(REVIEW, signed("publish", safety_change="on"))
    assert Recall.objects.count() == 2
    assert "2 finished responses" in page.main.text


def test_who_sees_more_and_who_fewer_is_shown_with_a_person_to_walk(draft, ada):
    where = "/admin/guidance/draft/item/knee-caution/when/"
    ada.post(where, fields_of(ada.get(where)) | {"t0-0-values": ["hip"], "act": "save"})
    page = ada.get(REVIEW)
    assert "More people see it." in page.main.text
    assert "Fewer people see it." in page.main.text
    person = page.main.all("input", name="person")[0]["value"]
    page = ada.post("/admin/guidance/preview/person/", {"person": person})
    assert page.name in ("check", "question", "urgent")


def test_a_change_of_the_rules_is_told_before_all_else(published, ada):
    opening.open_document(by=ada.user, document={**editions.document_of(published), "safety.yaml": []})
    assert "The rules themselves change" in ada.get(REVIEW).main.text


def test_the_draft_is_discarded_after_asking_and_not_unseen(draft, ada, bob):
    page = ada.get("/admin/guidance/draft/discard/")
    revision = page.main.one("input", name="revision")["value"]
    change(bob.user, "Bob's.")
    page = ada.post("/admin/guidance/draft/discard/", {"revision": revision})
    assert page.status == 409
    page = ada.post("/admin/guidance/draft/discard/", {"revision": the_draft().edition.revision})
    assert "is discarded" in page.main.text
    assert drafts.current() is None


def test_a_draft_opens_from_any_edition_and_only_one_at_a_time(published, ada):
    assert ada.post("/admin/guidance/open/", {"from": "77"}).status == 404
    assert ada.post("/admin/guidance/open/", {"from": "x"}).status == 404
    ada.post("/admin/guidance/open/", {"from": "1"})
    page = ada.post("/admin/guidance/open/", {"from": "1"})
    assert "A draft is open already" in page.main.text
    assert the_draft().edition.number == 2


def test_editions_are_compared_by_the_page(changed, ada):
    page = ada.get("/admin/guidance/editions/1/?with=draft")
    assert "Knees need care." in page.main.one("del").text
    assert "Title of knee-caution." in page.main.one("ins").text
    assert ada.get("/admin/guidance/editions/1/?with=nonsense").status == 200


def test_no_edition_is_changed_in_the_administration(changed, client):
    root = staff.member("root")
    root.is_superuser = True
    root.save()
    staff.sign_in(client, root)
    assert client.get("/admin/questionnaire/edition/").status_code == 404
    index = parsed(client.get("/admin/").content.decode())
    assert not [link for link in index.all("a") if "edition" in (link.get("href") or "")]
    assert index.all("a", href="/admin/guidance/")


def test_the_review_that_is_due_is_told_on_every_page_of_the_staff(published, ada, monkeypatch):
    aid = editions.aid_of(published.pk)
    for days, said in ((61, ""), (60, "due in 60 days"), (0, "due in 0 days"), (-1, "was due on")):
        monkeypatch.setattr(checking, "today", lambda days=days: aid.next_review - dt.timedelta(days=days))
        for address in ("/admin/guidance/", "/admin/"):
            text = ada.client.get(address).content.decode()
            assert (said in text) if said else ("review of the guidance" not in text), (days, address)
