"""A condition is put together from lists, row by row, and comes back as it was when nobody touched it."""

from __future__ import annotations

import pytest
from django.http import QueryDict
from hypothesis import given

from questionnaire.domain import places
from questionnaire.domain.places import Place
from questionnaire.domain.reading import read
from questionnaire.editor.condition_forms import ConditionForm, parsed_of
from tests import strategies
from tests.drafting import KNEE, entry_of, retitled, save, the_draft
from tests.editor.conftest import fields_of
from tests.web import when

WHEN = "/admin/guidance/draft/item/knee-caution/when/"


def posted(form: ConditionForm) -> QueryDict:
    """What a browser sends of this form."""
    data = QueryDict(mutable=True)
    data["behavior"] = form.behavior
    data["parts"] = str(len(form.parts))
    for number, part in enumerate(form.parts):
        data[f"p{number}-group"] = part.group
        data[f"p{number}-tests"] = str(len(part.tests))
        for place, row in enumerate(part.tests):
            data[f"t{number}-{place}-subject"] = row.subject
            data[f"t{number}-{place}-operator"] = row.operator
            data.setlist(f"t{number}-{place}-values", [slug for slug, _ in row.choices if slug in row.values])
            data[f"t{number}-{place}-typed"] = row.typed
    return data


@pytest.mark.pure
def test_every_condition_of_the_shipped_aid_comes_back_as_it_was(shipped_document):
    aid = read(shipped_document)
    for place, entry in places.each(shipped_document):
        if "when" in entry:
            again = ConditionForm(aid, entry["when"], posted(ConditionForm(aid, entry["when"])))
            assert again.is_valid(), place
            assert again.when() == entry["when"], place


@pytest.mark.pure
@strategies.usual
@given(document=strategies.documents())
def test_any_condition_means_the_same_when_it_is_put_together_anew(document):
    aid = read(document)
    for _, entry in places.each(document):
        if "when" in entry:
            form = ConditionForm(aid, None, posted(ConditionForm(aid, entry["when"])))
            assert form.is_valid()
            made, problems = parsed_of(form.when(), aid)
            assert not problems
            before = parsed_of(entry["when"], aid)[0]
            assert made is not None
            assert before is not None
            assert _meaning(made) == _meaning(before)


def _meaning(condition):
    """Values as a set, since their order says nothing."""
    return str(
        [
            condition.behavior,
            [
                [getattr(part, "behavior", ""), [_test(test) for test in getattr(part, "tests", [part])]]
                for part in condition.parts
            ],
        ]
    )


def _test(test):
    return (test.subject, test.operator, sorted(test.values))


pytestmark = pytest.mark.django_db


def test_the_page_shows_the_condition_in_words_and_in_rows(draft, ada):
    page = ada.get(WHEN)
    assert "“Short of joint-site” is “Choice knee”" in page.main.text or "is “" in page.main.text
    assert page.main.one("input", type="radio", value="all").get("checked") is not None
    assert page.main.one("input", name="t0-0-values", value="knee").get("checked") is not None


def test_a_row_is_added_filled_and_saved_without_any_script(draft, ada):
    page = ada.post(WHEN, fields_of(ada.get(WHEN)) | {"act": "add-test"})
    fields = fields_of(page)
    assert fields["parts"] == "2"
    page = ada.post(WHEN, fields | {"t1-0-subject": "problem", "t1-0-operator": "is-not", "act": "show"})
    assert page.main.one("input", name="t1-0-values", value="skin")
    assert the_draft().edition.revision == 1
    page = ada.post(WHEN, fields_of(page) | {"t1-0-values": ["skin", "not-sure"], "act": "save"})
    assert "The condition is saved" in page.main.text
    assert entry_of(KNEE)["when"] == {
        "all": [{"question": "joint-site", "is": "knee"}, {"question": "problem", "is-not": ["skin", "not-sure"]}]
    }


def test_a_group_and_a_number_can_be_put_in_and_a_row_taken_out(draft, ada):
    page = ada.post(WHEN, fields_of(ada.get(WHEN)) | {"act": "add-group"})
    page = ada.post(WHEN, fields_of(page) | {"act": "add-to:1"})
    typed = {
        "t1-0-subject": "age",
        "t1-0-operator": "at-least",
        "t1-0-typed": "65",
        "t1-1-subject": "words",
        "t1-1-operator": "not-answered",
    }
    page = ada.post(WHEN, fields_of(page) | typed | {"act": "remove:1-2"})
    page = ada.post(WHEN, fields_of(page) | {"act": "show"})
    ada.post(WHEN, fields_of(page) | {"t1-0-typed": "65", "act": "save"})
    assert entry_of(KNEE)["when"]["all"][1] == {
        "any": [{"question": "age", "at-least": "65"}, {"question": "words", "answered": False}]
    }


def test_always_is_no_condition_at_all(draft, ada):
    ada.post(WHEN, fields_of(ada.get(WHEN)) | {"behavior": "always", "act": "save"})
    assert "when" not in entry_of(KNEE)


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"t0-0-subject": ""}, "Choose a question"),
        ({"t0-0-values": []}, "Choose at least one answer"),
        ({"t0-0-operator": "odd"}, "Choose how to compare"),
        ({"t0-0-subject": "nothing-like-it", "t0-0-values": ["x"]}, "no question or fact"),
        ({"t0-0-subject": "problem", "t0-0-values": ["knee"]}, "has no choice"),
        ({"t0-0-subject": "problem", "t0-0-operator": "at-least", "t0-0-typed": "3"}, "compares numbers"),
        ({"t0-0-subject": "age", "t0-0-operator": "at-least", "t0-0-typed": "old"}, "neither"),
    ],
)
def test_a_row_that_says_nothing_true_is_refused_and_kept(draft, ada, changed, said):
    page = ada.post(WHEN, fields_of(ada.get(WHEN)) | changed | {"act": "save"})
    assert page.status == 422
    assert said in page.alert.text
    assert the_draft().edition.revision == 1


def test_a_question_cannot_wait_for_a_later_one_or_for_itself(draft, ada):
    place = Place("question", "problem")
    where = "/admin/guidance/draft/question/problem/when/"
    page = ada.get(where)
    offered = {option["value"] for option in page.main.all("option")}
    assert "joint-site" not in offered
    rows = {"behavior": "all", "parts": "1", "p0-group": "", "p0-tests": "1", "act": "save"}
    for forged, said in (("joint-site", "loop"), ("problem", "loop"), ("matters", "asked later")):
        row = {"t0-0-subject": forged, "t0-0-operator": "answered"}
        page = ada.post(where, fields_of(page) | rows | row)
        assert page.status == 422, forged
        assert said in page.alert.text
    assert "when" not in entry_of(place)


def test_two_at_one_condition_get_both(draft, ada, bob):
    fields = fields_of(bob.get(WHEN))
    save(ada.user, KNEE, retitled(KNEE, "Ada's."))
    page = bob.post(WHEN, fields | {"t0-0-values": ["hip"], "act": "save"})
    assert page.status == 409
    assert page.main.one("input", name="t0-0-values", value="hip").get("checked") is not None
    assert entry_of(KNEE)["when"] == when("joint-site", is_="knee")


def test_no_condition_is_ever_typed_as_code(draft, ada):
    page = ada.get(WHEN)
    assert not page.main.all("textarea")
