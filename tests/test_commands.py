"""What an operator runs: content in, content out, answers whose time is over away."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from questionnaire.domain import folder
from questionnaire.models import Edition
from questionnaire.services import editions, opening
from tests import web
from tests.database import tamper
from tests.web import questions_of, small_aid

pytestmark = pytest.mark.django_db


def run(capsys, *arguments):
    call_command(*map(str, arguments))
    return capsys.readouterr().out.strip()


def files(root):
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in Path(root).rglob("*") if path.is_file()}


@pytest.fixture
def small_folder(tmp_path):
    folder.write(small_aid(), tmp_path / "small")
    return tmp_path / "small"


# --- publish_shipped_aid


def test_the_shipped_aid_is_published_once(db, capsys):
    assert run(capsys, "publish_shipped_aid") == "Published edition 1."
    assert run(capsys, "publish_shipped_aid") == "An edition is published already."
    edition = Edition.objects.get()
    assert (edition.aid, edition.number, edition.status) == ("exosomes", 1, Edition.Status.PUBLISHED)
    assert not edition.safety_change


def test_another_published_edition_is_left_as_it_is(published, capsys):
    assert run(capsys, "publish_shipped_aid") == "An edition is published already."
    assert Edition.objects.get() == published


def test_a_first_draft_is_not_overtaken(db, capsys):
    opening.open_document(by=None, document=small_aid())
    assert "publish the draft" in run(capsys, "publish_shipped_aid")
    assert Edition.objects.get().status == Edition.Status.DRAFT


def test_a_shipped_aid_that_does_not_hold_together_is_named_and_not_published(db, small_folder, monkeypatch):
    (small_folder / "meaning.yaml").unlink()
    monkeypatch.setattr(editions, "SHIPPED", small_folder)
    with pytest.raises(CommandError, match=r"meaning\.yaml"):
        call_command("publish_shipped_aid")
    assert not Edition.objects.exists()


# --- load_aid


def test_a_folder_becomes_the_open_draft(published, small_folder, capsys):
    assert run(capsys, "load_aid", small_folder) == "Edition 2 of “exosomes” is the open draft."
    draft = Edition.objects.get(number=2)
    assert draft.status == Edition.Status.DRAFT
    assert editions.document_of(draft) == small_aid()
    assert editions.live().pk == published.pk


def test_a_folder_that_is_wrong_is_refused_whole_with_every_problem(db, tmp_path):
    def wrong(document):
        questions_of(document)["problem"]["choices"][0]["slug"] = "Not A Slug"
        document["guidance/all.yaml"][3]["evidence"] = ["E-9"]
        document["evidence/all.yaml"][0]["sources"] = ["no-such-source"]
        del document["aid.yaml"]["notes"]["demo"]

    folder.write(small_aid(wrong), tmp_path / "wrong")
    (tmp_path / "wrong" / "glossary.yaml").write_bytes(b"- \xff")
    with pytest.raises(CommandError) as refused:
        call_command("load_aid", str(tmp_path / "wrong"))
    assert "glossary.yaml" in str(refused.value)
    folder.write(small_aid(wrong), tmp_path / "wrong")
    with pytest.raises(CommandError) as refused:
        call_command("load_aid", str(tmp_path / "wrong"))
    told = str(refused.value)
    for file, key in (
        ("aid.yaml", "notes.demo"),
        ("questions.yaml", "Not A Slug"),
        ("guidance/all.yaml", "E-9"),
        ("evidence/all.yaml", "no-such-source"),
    ):
        assert [line for line in told.splitlines() if line.startswith(file) and key in line], key
    assert told.splitlines()[-1] == f"{len(told.splitlines()) - 1} to mend; nothing was loaded."
    assert not Edition.objects.exists()


@pytest.mark.parametrize("name", ["empty", "missing"])
def test_a_folder_without_an_aid_is_refused(name, db, tmp_path):
    (tmp_path / "empty").mkdir()
    with pytest.raises(CommandError, match=r"aid\.yaml"):
        call_command("load_aid", str(tmp_path / name))
    assert not Edition.objects.exists()


def test_a_second_draft_is_refused_and_the_first_kept(db, small_folder):
    draft = opening.open_document(by=None, document=small_aid())
    with pytest.raises(CommandError, match="open already"):
        call_command("load_aid", str(small_folder))
    assert Edition.objects.get() == draft


# --- export_aid


def test_the_shipped_folder_comes_back_byte_for_byte(shipped, tmp_path, capsys):
    assert run(capsys, "export_aid", tmp_path / "out") == f"Wrote edition 1 to {tmp_path / 'out'}."
    assert files(tmp_path / "out") == files(editions.SHIPPED)


def test_load_then_export_gives_the_same_files(db, small_folder, tmp_path, capsys):
    run(capsys, "load_aid", small_folder)
    run(capsys, "export_aid", tmp_path / "out", "--draft")
    assert files(tmp_path / "out") == files(small_folder)


def test_any_edition_can_be_asked_for(published, tmp_path, capsys):
    def title(name):
        return lambda document: document["aid.yaml"].update(title=web.text(name))

    web.publish(small_aid(title("Second")))
    opening.open_document(by=None, document=small_aid(title("Third")))
    for arguments, name in (([], "Second"), (["--edition", 1], "A small aid"), (["--draft"], "Third")):
        run(capsys, "export_aid", tmp_path / name, *arguments)
        assert folder.load(tmp_path / name).title["en"] == name


@pytest.mark.parametrize("arguments", [["--edition", 9], ["--edition", 0], ["--draft"]])
def test_an_edition_that_is_not_there_is_said_and_nothing_written(arguments, published, tmp_path):
    with pytest.raises(CommandError, match="no such edition"):
        call_command("export_aid", str(tmp_path / "out"), *map(str, arguments))
    assert not (tmp_path / "out").exists()


def test_without_a_published_edition_there_is_nothing_to_export(db, tmp_path):
    with pytest.raises(CommandError, match="no such edition"):
        call_command("export_aid", str(tmp_path / "out"))


def test_draft_and_edition_cannot_be_asked_for_together(published, tmp_path):
    with pytest.raises(CommandError):
        call_command("export_aid", str(tmp_path / "out"), "--draft", "--edition", "1")


def test_a_folder_with_other_things_in_it_is_left_alone(published, tmp_path):
    (tmp_path / "notes.md").write_text("mine")
    (tmp_path / "table.yaml").write_text("- mine")
    before = files(tmp_path)
    with pytest.raises(CommandError, match="something other than an aid"):
        call_command("export_aid", str(tmp_path))
    assert files(tmp_path) == before


def test_a_file_in_the_folders_place_is_left_alone(published, tmp_path):
    (tmp_path / "out").write_text("mine")
    with pytest.raises(CommandError):
        call_command("export_aid", str(tmp_path / "out"))
    assert (tmp_path / "out").read_text() == "mine"


def test_exporting_over_an_older_export_leaves_no_file_of_it(published, small_folder, capsys):
    (small_folder / "guidance" / "old.yaml").write_text("[]\n")
    run(capsys, "export_aid", small_folder)
    assert files(small_folder) == {name: text.encode() for name, text in folder.files_of(small_aid()).items()}


def test_an_edition_that_was_changed_behind_our_back_is_not_exported(published, tmp_path):
    tamper(Edition.objects.get(), "{}")
    with pytest.raises(editions.Tampered):
        call_command("export_aid", str(tmp_path / "out"))
    assert not (tmp_path / "out").exists()


def test_every_command_says_what_it_does(capsys):
    for command in ("publish_shipped_aid", "load_aid", "export_aid", "purge_expired"):
        with pytest.raises(SystemExit):
            call_command(command, "--help")
        assert len(capsys.readouterr().out.split("options:")[0]) > 80
