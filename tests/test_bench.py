"""The benchmarks' arithmetic and their client: a wrong ratio would mislead for years."""

import os
import subprocess
import sys

import pytest

from bench import inbox as inbox_bench
from bench import proof as proof_bench
from bench import servers
from bench.__main__ import AID_FOLDER
from bench.figures import Round, Sample, Spread, is_disturbed, percentile, ratios, spread
from bench.people import PEOPLE
from bench.processes import Meter, disturbed_share
from bench.report import Report
from bench.thin.questions import BY_SLUG, QUESTIONS, SUBJECTS, answers_for, path
from bench.walker import chosen
from questionnaire.domain import proof
from questionnaire.domain.folder import document_of
from questionnaire.domain.reading import read
from questionnaire.domain.safety import KINDS

pytestmark = pytest.mark.pure


def sample(cpu, disturbed=0.0):
    return Sample(cpu=cpu, speed=1000 / cpu, p50=cpu / 10, p99=cpu, disturbed=disturbed)


# The machine became twice as slow after the first round; inside each round the aid costs a little more or less.
ROUNDS: list[Round] = [
    {"aid": sample(90), "thin": sample(100)},
    {"aid": sample(220, disturbed=0.3), "thin": sample(200)},
    {"aid": sample(200), "thin": sample(200, disturbed=0.1)},
]


def test_a_ratio_is_taken_inside_each_round():
    assert ratios(ROUNDS, "aid", "thin", "cpu") == pytest.approx([0.9, 1.1, 1.0])
    assert ratios(ROUNDS, "aid", "thin", "speed") == pytest.approx([1 / 0.9, 1 / 1.1, 1.0])


def test_median_least_and_most():
    assert spread([3.0, 1.0, 2.0]) == Spread(2.0, 1.0, 3.0)
    assert str(spread([1.004, 1.25])) == "1.13 (1.00-1.25)"


@pytest.mark.parametrize(("share", "value"), [(0.5, 50), (0.99, 99), (1.0, 100), (0.0, 1)])
def test_percentiles_are_values_that_were_seen(share, value):
    assert percentile(list(range(100, 0, -1)), share) == value


def test_a_round_is_marked_when_any_of_its_samples_was_disturbed():
    assert [is_disturbed(each) for each in ROUNDS] == [False, True, False]


def test_disturbed_is_what_others_used_of_all_cores():
    # Two cores for 10 s; 16 s were used, 12 s of them by the benchmark.
    assert disturbed_share(busy=16, own=12, seconds=10, cores=2) == pytest.approx(0.2)
    assert disturbed_share(busy=11.9, own=12, seconds=10, cores=2) == 0


def test_a_meter_counts_the_work_of_its_processes():
    meter = Meter({"this": [os.getpid()]}, [os.getpid()])
    sum(number * number for number in range(2_000_000))
    assert 0.02 < meter.read().cpu["this"] < 30


def test_the_report_tells_ratios_marks_and_targets():
    report = Report({"rounds": 3}, journeys={"SQLite": ROUNDS})
    text = "\n".join(report.lines())
    assert "1.00 (0.90-1.10)" in text
    assert "CPU at most 1.25 x thin: met (aim 1.0: met, aim 0.8: NOT MET)" in text
    assert text.count("DISTURBED") == 1
    assert "round 2: CPU 1.10, journeys a second 0.91  DISTURBED: others used up to 30% of the machine" in text
    summary = report.to_json()["summary"]["SQLite"]
    assert summary["disturbed_rounds"] == [2]
    assert summary["ratios"]["aid"]["cpu"]["median"] == pytest.approx(1.0)


def asked(name, ratios, rows):
    few, many = spread([10.0] * len(ratios)), spread([10 * ratio for ratio in ratios])
    return inbox_bench.Asked(name, few, many, spread(ratios), rows, (2, 2))


def test_the_inbox_is_judged_by_pages_that_show_as_much():
    found = inbox_bench.Inbox(
        filled=[inbox_bench.Filled(1000, 2, 10_000_000), inbox_bench.Filled(1_000_000, 300, 9_000_000_000)],
        asked=[
            asked("first page", [1.0, 1.2, 1.3], (25, 25)),
            asked("slow", [1.0, 1.21, 1.3], (25, 25)),
            asked("rare", [9.0, 9.0, 9.0], (0, 25)),
        ],
        disturbed=[0.0, 0.5, 0.05],
    )
    text = "\n".join(Report({}, inboxes={"SQLite": found}).lines())
    assert "1,000,000 made up in 300 s, 9,000 bytes a response" in text
    assert [each.verdict for each in found.asked] == ["met", "NOT MET", "shows more"]
    assert "at most 1.2 times as long: 1 of 2 that show as much" in text
    assert text.count("DISTURBED") == 1
    assert "round 2: DISTURBED: others used 50% of the machine" in text


@pytest.mark.parametrize("pages", range(len(SUBJECTS), len(QUESTIONS) + 1))
def test_the_thin_journey_is_made_as_long_as_asked_for(pages):
    script = answers_for(pages)
    answers: dict[str, str] = {}
    while (open_question := path(answers)[-1]).slug not in answers:
        assert script[open_question.slug] in dict(BY_SLUG[open_question.slug].choices)
        answers[open_question.slug] = script[open_question.slug]
    assert len(answers) == pages


def test_a_thin_journey_of_impossible_length_is_refused():
    with pytest.raises(ValueError, match="10 to 30 questions"):
        answers_for(len(QUESTIONS) + 1)


def test_the_aids_whose_proofs_are_timed_are_of_the_size_told_and_are_proved():
    shipped = document_of(AID_FOLDER)
    aid = read(proof_bench.generated(shipped, 10, 50))
    assert (len(aid.questions), len(aid.guidance)) == (10, 50)
    assert all(verdict.proved for verdict in proof.prove(aid))
    assert {each.kind for each in aid.safety} == set(KINDS)


@pytest.mark.parametrize("kind", servers.SETTINGS)
def test_both_servers_of_the_benchmarks_can_be_started(kind, tmp_path):
    environment = servers.environment(tmp_path, kind, f"sqlite:///{tmp_path / 'db.sqlite3'}")
    done = subprocess.run(
        [sys.executable, "-c", "import decisionaid.wsgi"],
        cwd=servers.ROOT,
        env=environment,
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr.decode()


PAGE = """<main data-page="question" data-question="{}">
<input type="checkbox" name="answer" value="a"><input type="checkbox" name="answer" value="none">"""


def test_people_answer_by_their_script_or_that_nothing_fits():
    assert chosen(PAGE.format("q"), {"q": ["a"]}) == {"answer": ["a"]}
    assert chosen(PAGE.format("q"), {"q": ["gone"]}) == {"answer": "none"}
    assert chosen(PAGE.format("new"), {"q": ["a"]}) == {"answer": "none"}


def test_people_can_type():
    page = '<main data-question="n"><input type="text" name="answer"><input type="checkbox" name="instead" value="no">'
    assert chosen(page, {"n": ["NCT01234567"]}) == {"answer": "NCT01234567"}
    assert chosen(page, {"n": ["no"]}) == {"instead": ["no"]}
    assert chosen(page, {}) == {"instead": "no"}


def test_the_five_people_differ():
    assert len(PEOPLE) == 5
    assert len({str(script) for script in PEOPLE.values()}) == 5
