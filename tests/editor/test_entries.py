"""An editor changes one entry: what was not touched stays byte for byte, what is wrong is said at its field."""

from __future__ import annotations

import pytest
from django.http import QueryDict
from django.test import Client

from questionnaire.domain import places, reading
from questionnaire.domain.places import Place
from questionnaire.editor.entry_forms import EntryForm
from questionnaire.models import Edition
from questionnaire.services import drafts, opening
from tests import staff, web
from tests.drafting import KNEE, entry_of, retitled, save, the_draft
from tests.editor.conftest import fields_of
from tests.web import item

pytestmark = pytest.mark.django_db


def address(place, end=""):
    return f"/admin/guidance/draft/{place.room}/{place.name}/{end}"


def test_a_form_sent_back_as_it_came_changes_nothing_of_the_shipped_aid(shipped, ada):
    """For every entry there is: what the form shows and a browser posts is what is stored, byte for byte."""
    opening.open_from(by=ada.user, edition=shipped)
    before = the_draft().edition.document
    every = list(places.each(the_draft().document))
    # Forms of one room are made alike, so here by the browser every 25th stands for the rest; all of them below.
    for place, _ in every[::25]:
        page = ada.post(address(place), ada.form(address(place)))
        assert page.status == 200, (place, page.main.text[:500])
        assert the_draft().edition.document == before, place
    assert the_draft().edition.revision == 1


def test_every_form_of_the_shipped_aid_gives_back_what_it_was_made_of(shipped_document):
    aid = reading.read(shipped_document)
    for place, entry in places.each(shipped_document):
        data = QueryDict(mutable=True)
        form = EntryForm(place.room, entry, aid)
        for each in [*form.fields, *(held for row in form.rows for held in row.fields)]:
            shown = each.value if isinstance(each.value, list) else [each.value]
            for value in shown if each.value is not False else ():
                data.appendlist(each.name, str(value).replace("\n", "\r\n"))
        again = EntryForm(place.room, entry, aid, data)
        assert again.is_valid(), (place, again.errors)
        assert again.entry() == entry, place


def test_a_changed_text_is_stored_and_nothing_else(draft, ada):
    before = entry_of(KNEE)
    page = ada.post(address(KNEE), ada.form(address(KNEE), **{"title-en": "A knee needs care."}))
    assert "Saved in the draft" in page.main.text
    assert entry_of(KNEE) == before | {"title": {"en": "A knee needs care."}}
    assert the_draft().edition.last_changed_by == ada.user


def test_line_ends_and_blanks_are_put_right(draft, ada):
    typed = "One.\r\n\r\n- two  \r\n- three\r\n\r\n"
    ada.post(address(KNEE), ada.form(address(KNEE), **{"body-en": typed, "title-en": "  A \r\n title. "}))
    assert entry_of(KNEE)["body"] == {"en": "One.\n\n- two\n- three\n"}
    assert entry_of(KNEE)["title"] == {"en": "A title."}


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("", "Something is needed here"),
        ("Hello <script>alert(1)</script>", "HTML such as"),
        ("![x](https://example.org/x.png)", "pictures"),
        ("[x](http://example.org)", "a link must start with https://"),
        ("[x](javascript:alert(1))", "a link must start with https://"),
        ("x" * 20_001, "shorten it"),
        ("bell \x07", "cannot be seen"),
    ],
)
def test_a_text_that_may_not_stand_is_refused_at_its_field_and_kept(draft, ada, typed, said):
    page = ada.post(address(KNEE), ada.form(address(KNEE), **{"body-en": typed, "rank": "21"}))
    assert page.status == 422
    assert said.casefold() in page.alert.text.casefold()
    assert page.alert.all("a", href="#body-en")
    field = page.main.one("textarea", name="body-en")
    assert field.raw_text.removeprefix("\n") == typed
    assert field["aria-invalid"] == "true"
    assert page.main.one("input", name="rank")["value"] == "21"
    assert page.title.startswith("Error: ")
    assert the_draft().edition.revision == 1


def test_a_megabyte_is_refused_and_nothing_breaks(draft, ada):
    page = ada.post(address(KNEE), ada.form(address(KNEE), **{"body-en": "word " * 200_000}))
    assert page.status == 400
    assert "far too much text" in page.main.text
    assert the_draft().edition.revision == 1


def test_what_is_not_a_number_a_date_or_a_choice_is_refused(draft, ada):
    page = ada.post(address(KNEE), ada.form(address(KNEE), rank="soon"))
    assert "whole number" in page.alert.text
    head = places.HEAD
    page = ada.post(address(head), ada.form(address(head), next_review="tomorrow"))
    assert page.status == 422
    assert page.alert.all("a", href="#next_review")
    evidence = Place("evidence", "E-1")
    page = ada.post(address(evidence), ada.form(address(evidence), kind="odd"))
    assert "not one of the choices" in page.alert.text


def test_bytes_that_are_no_text_and_forged_fields_do_no_harm(draft, ada):
    fields = ada.form(address(KNEE))
    reply = ada.client.post(
        address(KNEE),
        b"base=" + fields["base"].encode() + b"&title-en=\xff\xfe&body-en=a%00b&evidence=E-1&evidence=NO&rank=10&odd=1",
        content_type="application/x-www-form-urlencoded",
    )
    assert reply.status_code in (302, 422)
    assert "odd" not in str(the_draft().document["guidance/all.yaml"])
    assert "\x00" not in the_draft().edition.document
    assert not the_draft().problems


def test_a_missing_field_is_refused_not_stored_empty(draft, ada):
    page = ada.post(address(KNEE), {"base": drafts.fingerprint(entry_of(KNEE))})
    assert page.status == 422
    assert the_draft().edition.revision == 1


def test_evidence_keeps_its_order_and_takes_more(draft, ada):
    evidence = Place("evidence", "E-1")
    drafts.add(by=ada.user, room="evidence", entry={**entry_of(evidence), "id": "E-2"})
    ada.post(address(KNEE), ada.form(address(KNEE), evidence=["E-2", "E-1"]))
    assert entry_of(KNEE)["evidence"] == ["E-1", "E-2"]


def test_choices_are_added_moved_and_taken_out(draft, ada):
    place = Place("question", "matters")
    fields = ada.form(address(place))
    changed = {"choice-0-order": "99", "choice-3-slug": "speed", "choice-3-text-en": "A quick result"}
    ada.post(address(place), fields | changed)
    assert [each["slug"] for each in entry_of(place)["choices"]] == ["cost", "proof", "speed", "pain"]
    ada.post(address(place), ada.form(address(place), **{"choice-0-remove": "on"}))
    assert [each["slug"] for each in entry_of(place)["choices"]] == ["proof", "speed", "pain"]


def test_a_choice_that_is_used_cannot_go_and_who_uses_it_is_linked(draft, ada):
    place = Place("question", "signs")
    page = ada.post(address(place), ada.form(address(place), **{"choice-0-remove": "on"}))
    assert page.status == 422
    assert page.alert.all("a", href="/admin/guidance/draft/item/urgent-breathing/")
    assert page.main.one("input", name="choice-0-remove").get("checked") is not None


def test_a_new_choice_needs_a_slug(draft, ada):
    place = Place("question", "matters")
    page = ada.post(address(place), ada.form(address(place), **{"choice-3-text-en": "A quick result"}))
    assert page.status == 422
    assert page.alert.all("a", href="#choice-3-slug")


def test_an_entry_is_added_with_its_slug_and_an_option_with_all_its_texts(draft, ada):
    fields = {
        "slug": "new-ask",
        "kind": "ask",
        "rank": "30",
        "title-en": "Ask this.",
        "body-en": "Why?",
        "evidence": "E-1",
    }
    page = ada.post("/admin/guidance/draft/add/item/", fields)
    assert page.status == 200
    assert entry_of(Place("item", "new-ask"))["title"] == {"en": "Ask this."}
    page = ada.get("/admin/guidance/draft/add/item/?option=1")
    names = {each["name"] for each in page.main.all("textarea")}
    assert {f"option-{key}-en" for key in ("what", "benefits", "harms", "short")} <= names
    texts = {
        f"option-{key}-en": f"About {key}."
        for key in ("name", "short", "what", "benefits", "harms", "unknown", "living", "cost", "fda")
    }
    more = {"slug": "new-option", "kind": "standard-care", "option": "1", "option-certainty": "low"}
    assert ada.post("/admin/guidance/draft/add/item/", fields | texts | more).status == 200
    assert entry_of(Place("item", "new-option"))["option"]["cost"] == {"en": "About cost."}


@pytest.mark.parametrize(
    ("room", "fields", "said"),
    [
        ("item", {"slug": "Not A Slug", "kind": "ask"}, "lower-case letters"),
        (
            "item",
            {"slug": "wait", "kind": "ask", "rank": "1", "title-en": "x", "body-en": "x", "evidence": "E-1"},
            "already",
        ),
        ("item", {"slug": "fine", "kind": "odd"}, "not one of the choices"),
        ("question", {"slug": "fine", "kind": "text", "text-en": "x", "short-en": "x"}, "where it belongs"),
        ("sentence", {"slug": "fine", "text-en": "x", "evidence": "E-1"}, "where it belongs"),
        ("source", {"slug": "fine", "title": "x"}, "Something is needed"),
    ],
)
def test_what_cannot_be_added_is_said_and_kept(draft, ada, room, fields, said):
    page = ada.post(f"/admin/guidance/draft/add/{room}/", fields)
    assert page.status == 422
    assert said in page.alert.text
    assert page.main.one("input", name="slug")["value"] == fields["slug"]
    assert the_draft().edition.revision == 1


def test_a_slug_of_an_earlier_edition_is_not_given_away(draft, ada):
    drafts.remove(by=ada.user, place=KNEE, base=drafts.fingerprint(entry_of(KNEE)))
    fields = {"slug": "knee-caution", "kind": "ask", "rank": "1", "title-en": "x", "body-en": "x", "evidence": "E-1"}
    page = ada.post("/admin/guidance/draft/add/item/", fields)
    assert "earlier edition" in page.alert.text


def test_an_entry_is_taken_out_after_asking(draft, ada):
    page = ada.get(address(KNEE, "remove/"))
    assert "out of the draft?" in page.main.text
    page = ada.post(address(KNEE, "remove/"), {"base": fields_of(page)["base"]})
    assert "is out of the draft" in page.main.text
    assert "knee-caution" not in the_draft().aid.item


def test_what_is_still_used_is_not_taken_out(draft, ada):
    question = Place("question", "joint-site")
    base = drafts.fingerprint(entry_of(question))
    page = ada.post(address(question, "remove/"), {"base": base})
    assert page.status == 422
    assert page.alert.all("a", href="/admin/guidance/draft/item/knee-caution/")
    section = Place("section", "you")
    page = ada.post(address(section, "remove/"), {"base": drafts.fingerprint(entry_of(section))})
    assert "still has questions" in page.alert.text


def test_questions_move_but_not_before_what_they_wait_for(draft, ada):
    weight = Place("question", "weight")
    ada.post(address(weight, "move/"), {"to": "later"})
    slugs = [question.slug for question in the_draft().aid.questions]
    assert slugs.index("weight") == slugs.index("since") + 1
    page = ada.post(address(Place("question", "joint-site"), "move/"), {"to": "earlier"})
    assert "was not moved" in page.main.text


def test_two_editors_at_one_entry_the_second_gets_all_three_texts(draft, ada, bob):
    fields = bob.form(address(KNEE))
    save(ada.user, KNEE, retitled(KNEE, "Ada's title."))
    page = bob.post(address(KNEE), fields | {"title-en": "Bob's title.", "body-en": "Bob's body."})
    assert page.status == 409
    table = page.main.one("table")
    rows = {row.all("th")[0].text: [cell.text for cell in row.all("td")] for row in table.all("tr")[1:]}
    assert rows["title.en"] == ["Title of knee-caution.", "Ada's title.", "Bob's title."]
    assert "Ada" in page.alert.text
    again = fields_of(page)
    assert (again["title-en"], again["body-en"]) == ("Bob's title.", "Bob's body.")
    assert entry_of(KNEE)["title"]["en"] == "Ada's title."
    bob.post(address(KNEE), again)
    assert entry_of(KNEE)["title"]["en"] == "Bob's title."


def test_two_editors_at_two_entries_both_succeed(draft, ada, bob):
    other = Place("item", "wait")
    mine, theirs = ada.form(address(KNEE)), bob.form(address(other))
    ada.post(address(KNEE), mine | {"title-en": "Ada's title."})
    bob.post(address(other), theirs | {"title-en": "Bob's title."})
    assert (entry_of(KNEE)["title"]["en"], entry_of(other)["title"]["en"]) == ("Ada's title.", "Bob's title.")


@pytest.mark.parametrize("what", ["discarded", "published", "in review", "removed", "role lost"])
def test_what_was_typed_is_not_lost_when_it_cannot_be_stored(draft, ada, bob, what):
    fields = bob.form(address(KNEE)) | {"body-en": "My precious words."}
    if what == "discarded":
        drafts.discard(by=ada.user, revision=1)
    elif what == "in review":
        Edition.objects.filter(pk=draft.pk).update(status="in-review")
    elif what == "published":
        drafts.discard(by=ada.user, revision=1)
        web.publish(web.small_aid(lambda document: document["guidance/all.yaml"].append(item("more", "ask"))))
    elif what == "removed":
        drafts.remove(by=ada.user, place=KNEE, base=drafts.fingerprint(entry_of(KNEE)))
    else:
        bob.user.groups.set(staff.approver("x").groups.all())
    page = bob.post(address(KNEE), fields)
    assert page.status in (403, 409)
    assert "My precious words." in page.main.text


def test_a_stale_token_gives_back_what_was_typed(draft, ada):
    client = Client(enforce_csrf_checks=True)
    staff.sign_in(client, ada.user)
    reply = client.post(address(KNEE), {"base": "x", "title-en": "My precious words."})
    page = web.Page(reply)
    assert page.status == 403
    assert page.main.one("textarea", name="title-en").raw_text.strip() == "My precious words."


def test_the_frame_shows_what_is_typed_and_stores_nothing(draft, ada):
    where = f"/admin/guidance/preview/shown/{KNEE.room}/{KNEE.name}/"
    fields = ada.form(address(KNEE)) | {"title-en": "Typed but not saved.", "scheme": "dark"}
    page = ada.post(where, fields)
    assert "Typed but not saved." in page.main.text
    assert page.root.one("html")["data-scheme"] == "dark"
    assert the_draft().edition.revision == 1
    page = ada.post(where, fields | {"body-en": "Hi <script>alert(1)</script> <b>x</b>"})
    assert not page.root.all("script")
    assert "cannot be shown" in page.main.text
    assert "Typed" not in ada.get(f"{where}?which=live").main.text


def test_only_the_frame_may_be_framed(draft, ada):
    framed = ada.client.get(f"/admin/guidance/preview/shown/{KNEE.room}/{KNEE.name}/")
    assert "frame-ancestors 'self'" in framed["Content-Security-Policy"]
    assert framed["X-Frame-Options"] == "SAMEORIGIN"
    for other in ("/admin/guidance/", address(KNEE), "/admin/guidance/preview/", "/"):
        reply = ada.client.get(other)
        assert "frame-ancestors 'none'" in reply["Content-Security-Policy"], other
        assert reply["X-Frame-Options"] == "DENY"


def test_words_are_found_in_any_entry(draft, ada):
    page = ada.get("/admin/guidance/draft/?find=knee caution")
    assert page.main.all("a", href=address(KNEE))
    assert not ada.get("/admin/guidance/draft/?find=nothing like this").main.all("a", href=address(KNEE))
    save(ada.user, KNEE, retitled(KNEE, "Changed."))
    assert "changed" in ada.get("/admin/guidance/draft/?room=item").main.text
