"""What an editor did not touch comes back byte for byte; what they did touch lands where it belongs."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from django.http import QueryDict
from hypothesis import given

from questionnaire.domain import folder, places, reading
from questionnaire.domain.content import Aid
from questionnaire.domain.places import Place
from questionnaire.domain.problem_places import of_problem
from questionnaire.editor import specs
from questionnaire.editor.condition_forms import ConditionForm
from questionnaire.editor.entry_forms import EntryForm
from questionnaire.services import drafts, editions
from tests import strategies, web
from tests.drafting import entry_of, save
from tests.editor.conftest import fields_of

SHIPPED = folder.document_of(Path(editions.SHIPPED))
JOINT_SITE = Place("question", "joint-site")


def sent(form: EntryForm) -> QueryDict:
    """What a browser would post of this form, with its own line ends."""
    data = QueryDict(mutable=True)
    data["choices"] = str(len(form.rows))
    for row in form.rows:
        data[f"choice-{row.number}-slug"], data[f"choice-{row.number}-order"] = row.slug, row.order
    for each in [*form.fields, *(each for row in form.rows for each in row.fields)]:
        if each.spec.kind == "several":
            data.setlist(each.name, [id for id, _ in each.options if id in each.value])
        elif each.spec.kind != "flag":
            lines = each.value.replace("\r\n", "\n").replace("\r", "\n").split("\n")
            data[each.name] = ("\r\n" if each.tall else "").join(lines)
        elif each.value:
            data[each.name] = "on"
    return data


def sent_condition(form: ConditionForm) -> QueryDict:
    """What a browser would post of this condition: ticked boxes in the order of the page."""
    data = QueryDict(mutable=True)
    data["behavior"], data["parts"] = form.behavior, str(len(form.parts))
    for number, part in enumerate(form.parts):
        data[f"p{number}-group"], data[f"p{number}-tests"] = part.group, str(len(part.tests))
        for place, row in enumerate(part.tests):
            name = f"t{number}-{place}"
            data[f"{name}-subject"], data[f"{name}-operator"] = row.subject, row.operator
            data.setlist(f"{name}-values", [slug for slug, _ in row.choices if slug in row.values])
            data[f"{name}-typed"] = row.typed
    return data


def assert_untouched(document: reading.Document, aid: Aid) -> None:
    for place, entry in places.each(document):
        form = EntryForm(place.room, entry, aid, sent(EntryForm(place.room, entry, aid)))
        assert form.is_valid(), (place, form.errors)
        assert json.dumps(form.entry()) == json.dumps(entry), place
        if place.room in specs.WITH_CONDITION:
            when = entry.get("when")
            condition = ConditionForm(aid, when, sent_condition(ConditionForm(aid, when)))
            assert condition.is_valid(), (place, condition.errors)
            assert json.dumps(condition.when()) == json.dumps(when), place


@pytest.mark.pure
def test_every_entry_of_the_shipped_aid():
    assert_untouched(SHIPPED, reading.draft(SHIPPED)[0])


@pytest.mark.pure
@strategies.usual
@given(strategies.documents(strategies.nasty_texts()))
def test_any_entry(document):
    assert_untouched(document, reading.draft(document)[0])


def _first_of_each_room() -> list[Place]:
    first: dict[str, Place] = {}
    for place, entry in places.each(SHIPPED):
        first.setdefault(f"{place.room}{'-option' if 'option' in entry else ''}", place)
    return list(first.values())


@pytest.mark.pure
@pytest.mark.parametrize("place", _first_of_each_room(), ids=str)
def test_a_problem_stands_at_its_field(place):
    aid, stored = reading.draft(SHIPPED)[0], places.get(SHIPPED, place)
    blank = EntryForm(place.room, stored, aid)
    optional = {"least", "most", "unit"}
    typed = [*blank.fields, *(each for row in blank.rows if row.fixed for each in row.fields)]
    tried = [each for each in typed if each.spec.kind in ("text", "markdown") and each.spec.path not in optional]
    for each in tried:
        data = sent(blank)
        data[each.name] = "Look <script>here</script>"
        form = EntryForm(place.room, stored, aid, data)
        document = places.put(SHIPPED, place, form.entry())
        problems = [problem for problem in reading.draft(document)[1] if problem.breaks]
        assert {of_problem(document, problem) for problem in problems} == {place}
        form.add_problems(problems)
        assert {name for name, _ in form.errors} == {each.name}
    assert tried or place.room == "source"


@pytest.mark.pure
def test_a_part_that_was_not_sent_stays():
    aid, stored = reading.draft(SHIPPED)[0], places.get(SHIPPED, Place("question", "severity"))
    data = sent(EntryForm("question", stored, aid))
    for name in [name for name in data if name.startswith("hint")]:
        del data[name]
    assert EntryForm("question", stored, aid, data).entry() == stored


@pytest.mark.pure
def test_typed_words_with_spaces_are_one_value():
    document = web.small_aid()
    aid = reading.read(document)
    when = {"all": [{"question": "words", "is": ["South street", "north"]}]}
    data = sent_condition(ConditionForm(aid, when))
    data["t0-0-operator"] = "is-not"
    assert ConditionForm(aid, when, data).when() == {
        "all": [{"question": "words", "is-not": ["South street", "north"]}]
    }


@pytest.mark.django_db
def test_a_choice_keeps_its_words_when_another_was_put_before_it(draft, ada, bob):
    address = f"/admin/guidance/draft/question/{JOINT_SITE.name}/"
    mine = ada.form(address)
    theirs = entry_of(JOINT_SITE)
    save(bob.user, JOINT_SITE, {**theirs, "choices": [web.choice("ankle"), *theirs["choices"]]})
    mine["choice-0-text-en"] = "My knee"
    page = ada.post(address, mine)
    assert page.status == 409
    again = {**fields_of(page), "base": drafts.fingerprint(entry_of(JOINT_SITE))}
    assert ada.post(address, again).status == 200
    words = {each["slug"]: each["text"]["en"] for each in entry_of(JOINT_SITE)["choices"]}
    assert words == {"knee": "My knee", "hip": "The choice hip", "ankle": "The choice ankle"}


@pytest.mark.django_db
@pytest.mark.parametrize("id", ["REG/42", "REG 42", "é", "a.b", ""])
def test_an_id_that_no_address_can_hold_is_refused(draft, ada, id):
    page = ada.post(
        "/admin/guidance/draft/add/evidence/",
        {
            "slug": id,
            "claim-en": "So.",
            "kind": "rule",
            "certainty": "official",
            "read": "primary",
            "sources": "paper",
            "last_checked": "2026-01-01",
        },
    )
    assert page.status == 422
    assert ada.get("/admin/guidance/draft/?room=evidence").status == 200


@pytest.mark.django_db
@pytest.mark.parametrize(
    "forged",
    [
        {"behavior": "all", "parts": "1", "p0-tests": "0"},
        {"behavior": "nonsense"},
        {},
        {"parts": "--5", "behavior": "any"},
        {"behavior": "all", "parts": "1", "p0-tests": "1", "t0-0-subject": "nobody", "t0-0-values": "x"},
        {"behavior": "all", "parts": "1", "p0-tests": "1", "t0-0-subject": "problem", "t0-0-values": "knee"},
        {"behavior": "all", "parts": "1", "p0-tests": "1", "t0-0-subject": "words", "t0-0-typed": "x" * 120_000},
    ],
)
def test_a_forged_condition_is_refused_and_nothing_changes(draft, ada, forged):
    place = Place("item", "knee-caution")
    before = entry_of(place)
    page = ada.post(f"/admin/guidance/draft/{place}/when/", forged | {"base": drafts.fingerprint(before)})
    assert page.status == 422
    assert page.alert.text
    assert entry_of(place) == before


@pytest.mark.django_db
def test_a_number_that_is_none_is_refused(draft, ada):
    address = "/admin/guidance/draft/item/knee-caution/"
    assert ada.post(address, ada.form(address, rank="--5")).status == 422


@pytest.mark.django_db
def test_an_approver_who_saves_is_told_why_not(draft, ben, ada):
    address = "/admin/guidance/draft/item/knee-caution/"
    page = ben.post(address, ada.form(address))
    assert page.status == 403
    assert "published" not in page.main.text


@pytest.mark.django_db
def test_what_keeps_an_entry_in_is_always_said(draft, ada):
    address = "/admin/guidance/draft/sentence/second/remove/"
    page = ada.post(address, ada.form(address))
    assert page.status == 422
    assert "sentence" in page.alert.text
