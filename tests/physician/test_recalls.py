"""The recall list as a page: whom a safety change touches, page by page, as far as it is made."""

from __future__ import annotations

import copy

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from questionnaire.models import FinishedVersion, Recall, Review
from questionnaire.services import differences, finishing, recall_work, recalls, responses, sharing
from tests import sharing as given
from tests import web
from tests.physician.recalling import LIST, at, listed, reworded, safety_change, section, touched
from tests.web import Page, small_aid, text

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("published")]


def test_without_a_safety_change_it_says_so(dora):
    page = Page(dora.get(LIST))
    assert page.name == "recalls"
    assert "No safety change has been published" in page.text


def test_it_holds_those_who_shared_and_are_touched(dora):
    given.shared(name="Not Touched")
    given.finished(problem="skin")
    touched("Ann Bell", "Carl Day")
    page = Page(dora.get(LIST))
    assert listed(dora) == ["Ann Bell", "Carl Day"]
    assert "To work off: 2" in page.text
    assert "A caution is stronger." in page.text
    assert "The choice skin" in page.text


def test_it_stands_in_the_order_of_the_inbox_and_shows_flags(dora, monkeypatch):
    given.shared(name="Skin Alone", problem="skin")
    given.shared(name="Feverish", problem="skin", signs=["fever"])
    given.shared(name="Breathless", problem="skin", signs=["breathing"])
    safety_change()
    assert listed(dora) == ["Breathless", "Feverish", "Skin Alone"]
    rows = section(Page(dora.get(LIST)), "to-do-head").one("tbody").all("tr")
    assert "Urgent" in rows[0].text
    assert "Red flag" in rows[1].text
    assert rows[0].one("span", class_="is-urgent").text == "Urgent"
    # The same order page by page, and from one patient to the next.
    monkeypatch.setattr(recall_work, "SIZE", 1)
    page, seen = Page(dora.get(LIST)), []
    while True:
        head = section(page, "to-do-head")
        seen += [each.text for each in head.one("tbody").all("a")]
        following = [each["href"] for each in head.all("a") if each.text == "Next page"]
        if not following:
            break
        page = Page(dora.get(LIST + following[0]))
    assert seen == ["Breathless", "Feverish", "Skin Alone"]
    first = Recall.objects.get(review__level=0)
    chain = [first.pk]
    while (after := recall_work.next_after(Recall.objects.select_related("review").get(pk=chain[-1]))) is not None:
        chain.append(after)
    assert chain == list(Recall.objects.order_by("-pk").values_list("pk", flat=True))
    assert Page(dora.get(LIST, {"after": "nonsense"})).status == 200


def test_titles_tell_pages_apart_and_name_nobody(dora):
    one, other = touched("Ann Bell", "Carl Day")
    titles = [Page(dora.get(at(each))).title for each in (one, other)]
    assert titles[0] != titles[1]
    assert "edition 2" in titles[0]
    assert "Bell" not in titles[0]
    labels = [each.text for each in Page(dora.get(at(one))).main.all("h4")]
    assert labels == ["Text of the caution"]


def test_progress_is_shown_while_it_is_made_and_a_button_goes_on(dora):
    given.shared(problem="skin")
    web.publish(small_aid(reworded), safety_change=True)
    page = Page(dora.get(LIST))
    assert "0% of the finished responses looked through" in page.text
    assert "Nothing so far" in page.text
    page = Page(dora.post(f"{LIST}go-on/", follow=True))
    assert "Every finished response has been looked through" in page.text
    assert "looked through." in page.text
    assert listed(dora) == ["Maria López"]


def test_each_safety_change_has_its_own_list(dora):
    touched("Ann Bell")

    def both(document):
        reworded(document)
        document["guidance/all.yaml"][2]["title"] = text("Another title.")

    safety_change(both, note="Another caution.")
    assert listed(dora, edition="2") == ["Ann Bell"]
    page = Page(dora.get(LIST, {"edition": "nonsense"}))
    assert "Another caution." in page.text
    assert page.root.one("a", aria_current="page").text == "Edition 3"


def test_it_goes_page_by_page_at_the_same_cost(dora, monkeypatch):
    def asked():
        with CaptureQueriesContext(connection) as captured:
            dora.get(LIST)
        return len(captured)

    touched(*[f"Person {number}" for number in range(5)])
    asked()
    few = asked()
    assert few <= 22
    first = Recall.objects.select_related("version__response", "edition").order_by("pk")[0]
    original = first.version_id
    for _ in range(5, 60):
        review = Review.objects.get(version=original)
        response = copy.copy(first.version.response)
        response.pk = type(response)._meta.pk.get_default()
        response.save(force_insert=True)
        version = copy.copy(first.version)
        version.pk, version.response = None, response
        version.save(force_insert=True)
        review.pk, review.response, review.version = type(review)._meta.pk.get_default(), response, version
        review.save(force_insert=True)
        Recall.objects.create(edition=first.edition, version=version, review=review)
    assert asked() == few
    page = Page(dora.get(LIST))
    assert "To work off: 60" in page.text
    seen = []
    while True:
        rows = section(page, "to-do-head").one("tbody").all("a")
        seen += [each["href"] for each in rows]
        following = [each["href"] for each in section(page, "to-do-head").all("a") if each.text == "Next page"]
        if not following:
            break
        page = Page(dora.get(LIST + following[0]))
    assert seen == [at(each) for each in Recall.objects.order_by("review__queue", "pk")]
    monkeypatch.setattr(recall_work, "MOST_COUNTED", 50)
    assert "To work off: more than 50" in Page(dora.get(LIST)).text


def test_who_finished_again_or_took_it_back_leaves_it(dora):
    first, second = touched("Ann Bell", "Carl Day")
    walk = responses.find(first.version.response_id)
    finishing.finish(walk=walk)
    assert listed(dora) == ["Carl Day"]
    first.refresh_from_db()
    assert first.review is None, "it is off the index too, so that a page of the list stays short to look for"
    sharing.withdraw(walk=responses.find(second.version.response_id))
    assert listed(dora) == []
    page = Page(dora.get(at(first)))
    assert "came back and confirmed their answers again" in page.text
    assert not page.root.all("button", value="done")


def test_a_response_that_is_shared_while_the_list_waits_is_on_it(dora):
    walk = given.finished(problem="skin")
    web.publish(small_aid(reworded), safety_change=True)
    given.share(walk)
    recalls.work(seconds=20)
    assert listed(dora) == ["Maria López"]


def test_what_was_finished_on_a_later_edition_is_not_compared_with_an_earlier_one(dora):
    web.publish(small_aid(reworded), safety_change=True)
    web.publish(small_aid())
    given.shared(problem="skin")
    assert recalls.work(seconds=20)
    assert not Recall.objects.exists()


def test_what_was_erased_while_its_step_was_judged_stops_nothing(monkeypatch):
    walk = given.finished(problem="skin")
    given.finished(problem="skin")
    web.publish(small_aid(reworded), safety_change=True)

    class Erasing(differences.Judge):
        def differs(self, version):
            if version.response_id == walk.response.pk:
                responses.erase(pk=walk.response.pk)
            return super().differs(version)

    monkeypatch.setattr(recalls, "Judge", Erasing)
    assert recalls.work(seconds=20)
    assert Recall.objects.count() == FinishedVersion.objects.count() == 1


def test_what_was_shared_while_its_step_was_judged_is_on_it(dora, monkeypatch):
    walk = given.finished(problem="skin")
    web.publish(small_aid(reworded), safety_change=True)

    class Sharing(differences.Judge):
        def differs(self, version):
            given.share(walk)
            return super().differs(version)

    monkeypatch.setattr(recalls, "Judge", Sharing)
    assert recalls.work(seconds=20)
    assert listed(dora) == ["Maria López"]
