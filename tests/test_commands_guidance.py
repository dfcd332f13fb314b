"""The commands of those who keep the guidance: check, compare, go on with recall lists."""

from __future__ import annotations

import json

import pytest
from django.core.management import CommandError, call_command

from questionnaire.domain import folder
from questionnaire.integrations import links
from questionnaire.management.commands import check_aid
from questionnaire.services import editions, opening
from tests import staff, web
from tests.drafting import KNEE, change
from tests.web import small_aid, text


def run(capsys, *arguments):
    """What the command says, and whether it ended well."""
    ended = None
    try:
        call_command(*map(str, arguments))
    except SystemExit as end:
        ended = end.code
    return capsys.readouterr().out.strip(), ended or 0


@pytest.mark.django_db
@pytest.mark.slow
def test_the_shipped_folder_can_be_published(capsys):
    said, code = run(capsys, "check_aid", editions.SHIPPED)
    assert said.endswith("This can be published.")
    assert code == 0


@pytest.mark.django_db
@pytest.mark.slow
def test_a_faulty_folder_exits_with_1_and_tells_all_as_json(capsys, tmp_path, shipped_document):
    broken = json.loads(json.dumps(shipped_document))
    item = next(each for each in broken["guidance/cautions-offer.yaml"] if each["slug"] == "legal-risk")
    item["when"] = {"all": [{"question": "age", "is": "adult"}]}
    item["body"] = text("Exosomes are safe. " + item["body"]["en"])
    folder.write(broken, tmp_path / "aid")
    said, code = run(capsys, "check_aid", tmp_path / "aid", "--json")
    told = json.loads(said)
    assert code == 1
    assert told["publishable"] is False
    rules = {finding["rule"] for finding in told["findings"]}
    assert {"banned-claim", "always-legal-risk"} <= rules
    person = next(finding["person"] for finding in told["findings"] if finding["rule"] == "always-legal-risk")
    assert person["answers"]["age"] == "under-18"
    plain, _ = run(capsys, "check_aid", tmp_path / "aid")
    assert "A person who answered" in plain
    assert "cannot be published yet" in plain


@pytest.mark.django_db
def test_a_folder_that_does_not_hold_together_is_told_of_and_so_is_one_that_cannot_be_read(capsys, tmp_path):
    document = small_aid()
    document["guidance/all.yaml"][2]["evidence"] = ["NO-1"]
    folder.write(document, tmp_path / "aid")
    said, code = run(capsys, "check_aid", tmp_path / "aid")
    assert code == 1
    assert "NO-1" in said
    (tmp_path / "aid" / "aid.yaml").write_text("{")
    said, code = run(capsys, "check_aid", tmp_path / "aid", "--json")
    assert code == 1
    assert json.loads(said)["publishable"] is False


@pytest.mark.django_db
def test_without_a_folder_the_draft_is_checked_or_else_what_is_live(capsys, published):
    said, code = run(capsys, "check_aid")
    assert (code, "lint-settings" in said) == (1, True)
    opening.open_from(by=staff.editor("ada"), edition=published)
    change(staff.editor("ada"), "Knees need care.")
    assert run(capsys, "check_aid")[1] == 1


@pytest.mark.django_db
def test_with_nothing_to_check_it_says_so(capsys):
    with pytest.raises(CommandError, match="Name a folder"):
        call_command("check_aid")


@pytest.mark.django_db
def test_links_are_asked_only_when_wanted(capsys, published, monkeypatch):
    asked = []

    def doubtful(addresses):
        asked.extend(addresses)
        return [links.Answer(addresses[0], True, "the site answered 404")]

    monkeypatch.setattr(check_aid, "doubtful", doubtful)
    run(capsys, "check_aid")
    assert asked == []
    said, _ = run(capsys, "check_aid", "--links")
    assert "dead link: https://example.org/paper: the site answered 404" in said


@pytest.mark.django_db
def test_editions_are_compared_by_number_and_by_name(capsys, published):
    opening.open_from(by=staff.editor("ada"), edition=published)
    change(staff.editor("ada"), "Knees need care.", KNEE)
    said, _ = run(capsys, "compare_editions", "live", "draft")
    assert "changed: item/knee-caution" in said
    assert "{+Knees need care.+}" in said
    assert said.endswith("1 entries differ.")
    told = json.loads(run(capsys, "compare_editions", "1", "draft", "--json")[0])
    assert told[0]["fields"][0]["after"] == "Knees need care."
    for wrong in ("7", "x"):
        with pytest.raises(CommandError):
            call_command("compare_editions", "1", wrong)


@pytest.mark.django_db
def test_recall_lists_are_finished_by_a_timer(capsys, published):
    web.Walker().to_the_end()
    web.publish(small_aid(lambda d: d["aid.yaml"]["notes"].update(demo=text("x"))), safety_change=True)
    said, _ = run(capsys, "update_recalls")
    assert said == "Edition 2: 0 finished responses to look at."


@pytest.mark.django_db
def test_every_edition_is_exported_as_it_was_loaded(capsys, published, tmp_path):
    second = small_aid(lambda document: document["aid.yaml"].update(title=text("Another title")))
    web.publish(second)
    opening.open_from(by=staff.editor("ada"), edition=published)
    change(staff.editor("ada"), "Knees need care.")
    for which, arguments in (("one", ["--edition", "1"]), ("two", ["--edition", "2"]), ("draft", ["--draft"])):
        run(capsys, "export_aid", tmp_path / which, *arguments)
    assert folder.document_of(tmp_path / "one") == small_aid()
    assert folder.document_of(tmp_path / "two") == second
    assert "Knees need care." in (tmp_path / "draft" / "guidance" / "all.yaml").read_text()
