"""A record may be mangled in any way: then there is a finding, or it is no record. Never another error, never slow."""

from __future__ import annotations

import copy
import json
import time
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from questionnaire.domain import folder, trial, trial_record
from questionnaire.domain.content import Aid
from questionnaire.domain.trial_changes import changes
from questionnaire.domain.trial_record import NotARecord
from questionnaire.domain.trial_rules import FACTS
from questionnaire.domain.trial_sites import Clinic
from questionnaire.exports.ladder import finding_words
from questionnaire.services.editions import SHIPPED
from tests import records
from tests.domain.trials import TODAY

pytestmark = pytest.mark.pure

CLINIC = Clinic("Regen Partners", "Tampa", "FL")


@pytest.fixture(scope="module")
def aid() -> Aid:
    return folder.load(SHIPPED)


def judged(aid: Aid, raw: Any) -> trial.Judged | None:
    try:
        record = trial_record.read(raw)
    except NotARecord:
        return None
    found = trial.judge(record, aid.trial, today=TODAY, parts=("knee", "hip"), clinic=CLINIC)
    assert len(found.findings) > 8
    assert set(found.facts) == set(FACTS) - {"registry-study"}
    assert all(found.facts[name] in values for name, values in FACTS.items() if name in found.facts)
    for each in found.findings:
        words, told = aid.trial.words[each.slug]["en"], finding_words(aid, each, "en")[0]
        assert [told.count(mark) for mark in "“”"] == [words.count(mark) for mark in "“”"], "nothing leaves its quotes"
    json.dumps([each.value for each in found.findings]).encode()
    "".join(each.value for each in found.findings).encode("utf-8")
    return found


texts = st.text(st.characters(codec=None, categories=None), max_size=40) | st.sampled_from(
    [
        "\ud800",
        "<script>alert(1)</script>",
        "\x00\x1b[2J",
        "NCT",
        "2022-02-30",
        "9999-12",
        "\u202e",
        "exosome" * 400,
        "",
    ]
)
numbers = st.integers() | st.floats() | st.just(10**400)
junk = st.recursive(
    st.none() | st.booleans() | numbers | texts,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(texts, inner, max_size=4),
    max_leaves=8,
)


def places(held: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    found = [path] if path else []
    for key, value in held.items() if isinstance(held, dict) else enumerate(held) if isinstance(held, list) else ():
        found += places(value, (*path, key))
    return found


RAW = {number: records.raw(number) for number in records.NUMBERS}
PLACES = {number: places(raw) for number, raw in RAW.items()}


@st.composite
def mangled(draw: st.DrawFn) -> Any:
    """A real record with some of its parts gone, or turned into something else."""
    number = draw(st.sampled_from(records.NUMBERS))
    raw = copy.deepcopy(RAW[number])
    for path in draw(st.lists(st.sampled_from(PLACES[number]), min_size=1, max_size=6)):
        held: Any = raw
        try:
            for key in path[:-1]:
                held = held[key]
            if draw(st.booleans()) and isinstance(held, dict):
                held.pop(path[-1], None)
            else:
                held[path[-1]] = draw(junk)
        except (KeyError, IndexError, TypeError):
            continue
    return raw


@settings(max_examples=400, deadline=None)
@given(raw=mangled())
def test_a_mangled_record_gives_findings_or_is_none(aid: Aid, raw: Any) -> None:
    judged(aid, raw)


@settings(max_examples=200, deadline=None)
@given(raw=junk)
def test_anything_at_all_gives_findings_or_is_no_record(aid: Aid, raw: Any) -> None:
    judged(aid, raw)
    judged(aid, {"protocolSection": {"identificationModule": {"nctId": "NCT05060107"}, "statusModule": raw}})


@settings(max_examples=100, deadline=None)
@given(before=mangled(), after=mangled())
def test_what_changed_between_any_two_is_told(before: Any, after: Any) -> None:
    try:
        one, two = trial_record.read(before), trial_record.read(after)
    except NotARecord:
        return
    assert not (one == two and changes(one, two))
    assert changes(one, one) == ()


@pytest.mark.parametrize("module", sorted(RAW["NCT05354141"]["protocolSection"]))
def test_any_module_may_be_missing_or_of_another_type(aid, module):
    values: tuple[Any, ...] = (None, [], "text", 7, True, {"deep": [[[[]]]]})
    for value in values:
        raw = copy.deepcopy(RAW["NCT05354141"])
        raw["protocolSection"][module] = value
        assert (judged(aid, raw) is None) == (module == "identificationModule")


def test_a_deep_record_is_no_trouble(aid):
    deep: Any = "x"
    for _ in range(5000):
        deep = {"a": [deep]}
    assert judged(aid, records.changed(status={"overallStatus": deep}, extra={"deep": deep})) is not None


def test_ten_megabytes_are_cut_not_feared(aid):
    long = "exosome patient funded FDA " * 400_000
    raw = records.changed(
        description={"detailedDescription": long, "briefSummary": long},
        contactsLocations={"locations": [{"facility": f"Site {each}", "country": "X"} for each in range(100_000)]},
    )
    begun = time.perf_counter()
    assert judged(aid, raw) is not None
    assert time.perf_counter() - begun < 2


ADVERSARIAL = [
    "patient" + " " * 20_000,
    "patient " * 2_500,
    "patient" + "- " * 9_000 + "x",
    "exosom" + "a" * 19_994,
    "exosom" * 3_300,
    "extracellular " * 1_400,
    "FDA" + "\n" * 19_000,
    "charged to the " * 1_300,
    "no " * 6_600,
    "clinical site " * 1_400,
    "(" * 20_000,
    "İ" * 20_000,
    "\u0301" * 20_000,
]


@pytest.mark.parametrize("text", ADVERSARIAL, ids=range(len(ADVERSARIAL)))
def test_no_text_makes_the_patterns_go_back_and_forth(aid, text):
    long = text[:20_000]
    raw = records.changed(
        identification={"briefTitle": long, "officialTitle": long},
        description={"detailedDescription": long, "briefSummary": long},
        conditions={"conditions": [long], "keywords": [long]},
        armsInterventions={
            "interventions": [{"name": long, "description": long}],
            "armGroups": [{"label": long, "description": long}],
        },
        sponsorCollaborators={"leadSponsor": {"name": long, "class": "INDUSTRY"}},
        contactsLocations={"locations": [{"facility": long, "city": long, "country": "United States"}]},
    )
    begun = time.process_time()
    judged(aid, raw)
    assert time.process_time() - begun < 1, "some 200,000 characters"


def test_a_record_with_as_many_places_as_the_largest_is_judged_at_once(aid):
    sites = [
        {
            "facility": f"Hospital of Saint Nobody {each}",
            "city": f"Town {each}",
            "state": "Ohio",
            "country": "United States",
        }
        for each in range(1500)
    ]
    record = trial_record.read(records.changed(contactsLocations={"locations": sites}))
    begun = time.process_time()
    found = trial.judge(record, aid.trial, today=TODAY, parts=("knee",), clinic=CLINIC)
    assert found.facts["registry-site"] == "us-elsewhere"
    assert time.process_time() - begun < 0.5
