"""What somebody would read differently on another edition, text by text."""

from __future__ import annotations

import pytest

from questionnaire.domain import reading
from questionnaire.domain.outcome import outcome
from questionnaire.domain.reread import reread
from tests import web
from tests.sharing import ANSWERS

pytestmark = pytest.mark.pure


def compared(change, **answers):
    given = ANSWERS | answers
    before, after = (reading.draft(web.small_aid(each))[0] for each in (None, change))
    return reread(before, outcome(before, given), after, given, {}, language="en")


def found(change, **answers):
    return [(each.what, each.kind, each.slug) for each in compared(change, **answers).changes]


def item(document, slug):
    return next(each for each in document["guidance/all.yaml"] if each["slug"] == slug)


def test_nothing_differs_where_nothing_was_changed():
    told = compared(None)
    assert (told.asked, told.changes) == ("", ())


def test_an_item_that_is_gone_added_or_reworded_is_told_with_its_texts():
    def change(document):
        items = document["guidance/all.yaml"]
        items.remove(item(document, "ask-number"))
        items.append(web.item("new-one", "caution", rank=50, when=web.when("joint-site", is_="knee")))
        item(document, "not-approved")["body"] = web.text("Another body.")
        item(document, "skin-caution")["body"] = web.text("They do not see it.")

    told = compared(change)
    assert [(each.what, each.slug) for each in told.changes] == [
        ("reworded", "not-approved"),
        ("added", "new-one"),
        ("gone", "ask-number"),
    ]
    (part,) = told.changes[0].parts
    assert (part.name, part.before, part.after) == ("body", "Body of not-approved.", "Another body.")
    assert told.changes[1].reasons == ("joint-site",)
    assert [part.name for part in told.changes[2].parts] == ["title", "body", "claims"]


def test_every_text_that_a_person_reads_counts():
    def claim(document):
        document["evidence/all.yaml"][0]["claim"] = web.text("That is so no more.")

    def cost(document):
        item(document, "plasma")["option"]["cost"] = web.text("More than before.")

    def action(document):
        item(document, "urgent-breathing")["now"] = "emergency-room"

    assert len(found(claim)) == 3 + len([1 for each in found(claim) if each[1] != "sentence"])
    assert found(cost) == [("reworded", "alternative", "plasma")]
    assert found(action, signs=["breathing"]) == [("reworded", "urgent", "urgent-breathing")]


def test_a_sentence_that_took_the_place_of_another_stands_beside_it():
    def change(document):
        document["meaning.yaml"][0]["sentences"].pop(0)

    (change_,) = compared(change).changes
    assert (change_.what, change_.kind) == ("reworded", "sentence")
    assert (change_.parts[0].before, change_.parts[0].after) == ("Sentence for-knees.", "Sentence for-all.")


def test_where_something_new_is_asked_only_what_they_saw_is_compared():
    def change(document):
        web.with_new_question(document)
        document["guidance/all.yaml"].remove(item(document, "ask-number"))
        item(document, "knee-caution")["title"] = web.text("Another title.")
        document["guidance/all.yaml"].append(web.item("new-one", "caution", rank=50))
        document["meaning.yaml"][1]["sentences"][0]["text"] = web.text("Another second.")

    told = compared(change)
    assert told.asked == "new-one"
    assert [(each.what, each.slug) for each in told.changes] == [
        ("reworded", "second"),
        ("reworded", "knee-caution"),
        ("gone", "ask-number"),
    ]
