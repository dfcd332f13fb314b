"""A folder is read and written without loss, and YAML's traps are refused or have no effect."""

from __future__ import annotations

import contextlib
import datetime as dt
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from questionnaire.domain import folder
from questionnaire.domain.reading import Refused, read
from tests import builders, strategies
from tests.strategies import NASTY, usual

pytestmark = pytest.mark.pure

SHIPPED = Path(__file__).resolve().parents[2] / "questionnaire" / "content" / "exosomes"


def bytes_of(root):
    """What each file of a folder holds."""
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in root.rglob("*") if path.is_file()}


def write(root, **files):
    """The small aid as a folder, with some files replaced by these bytes; a keyword of `builders.FILES` names one."""
    folder.write(builders.document(), root)
    for name, held in files.items():
        (root / builders.FILES[name]).write_bytes(held.encode() if isinstance(held, str) else held)
    return root


def problems(root):
    """What is said about a folder that is refused."""
    with pytest.raises(Refused) as caught:
        folder.load(root)
    return caught.value.problems


def parsed(root, text):
    """What one file of YAML holds."""
    root.mkdir(exist_ok=True)
    (root / "one.yaml").write_text(text, encoding="utf-8")
    return folder.document_of(root)["one.yaml"]


@settings(usual, max_examples=40)
@given(strategies.documents(strategies.nasty_texts()))
def test_what_is_written_is_read_back_the_same_and_written_again_the_same(document):
    with tempfile.TemporaryDirectory() as first, tempfile.TemporaryDirectory() as second:
        folder.write(document, Path(first))
        loaded = folder.document_of(Path(first))
        assert loaded == document
        assert read(loaded) == read(document)
        folder.write(loaded, Path(second))
        assert bytes_of(Path(first)) == bytes_of(Path(second))


@pytest.mark.parametrize("words", NASTY)
def test_a_text_stays_the_text_it_was(tmp_path, words):
    held = [{"a": words, "b": {"c": [words, words]}, "when": {"all": [{"question": words}]}}]
    folder.write({"x.yaml": held, "pages/y.en.md": words}, tmp_path)
    assert folder.document_of(tmp_path) == {"x.yaml": held, "pages/y.en.md": words}


@usual
@given(strategies.nasty_texts())
def test_any_text_stays_the_text_it_was(words):
    held = {words: words, "in": [{"deep": [words]}]}
    with tempfile.TemporaryDirectory() as root:
        folder.write({"x.yaml": held, "y.md": words}, Path(root))
        assert folder.document_of(Path(root)) == {"x.yaml": held, "y.md": words}


def test_keys_keep_their_order_and_lines_end_in_newline_only(tmp_path):
    document = builders.document(aid={"title": {"en": "Zebra"}})
    folder.write(document, tmp_path)
    loaded = folder.document_of(tmp_path)
    assert list(loaded["aid.yaml"]) == list(document["aid.yaml"])
    assert all(b"\r" not in held and held.endswith(b"\n") for held in bytes_of(tmp_path).values())


def test_writing_removes_files_that_the_document_does_not_have_and_leaves_others(tmp_path):
    write(tmp_path)
    (tmp_path / "guidance" / "old.yaml").write_text("[]")
    (tmp_path / "pages" / "old.en.md").write_text("Old.")
    (tmp_path / "picture.png").write_bytes(b"png")
    folder.write(builders.document(), tmp_path)
    assert set(bytes_of(tmp_path)) == {*builders.document(), "picture.png"}


def test_the_small_aid_can_be_kept_in_a_folder(tmp_path):
    write(tmp_path)
    assert folder.load(tmp_path) == builders.aid()


@pytest.mark.parametrize("word", ["yes", "no", "on", "off", "y", "Yes", "True", "truest", "falsehood", "true."])
def test_only_true_and_false_are_no_words(tmp_path, word):
    assert parsed(tmp_path, f"a: {word}\nb: true\nc: false\n") == {"a": word, "b": True, "c": False}


@pytest.mark.parametrize(
    "word",
    ["2026-01-01", "2026-01-01T10:00:00Z", "12:30", "1:30:00", "1e3", "1.5", ".5", ".inf", ".nan", "0x1f", "0b1"],
)
def test_dates_times_and_odd_numbers_stay_text(tmp_path, word):
    assert parsed(tmp_path, f"a: {word}\n") == {"a": word}


@pytest.mark.parametrize("word", ["010", "1_000", "+1", "08", "<<", "=", "No. 7"])
def test_what_other_yaml_reads_as_a_number_or_a_merge_stays_text(tmp_path, word):
    assert parsed(tmp_path, f"a: {word}\n") == {"a": word}


def test_plain_digits_are_whole_numbers(tmp_path):
    assert parsed(tmp_path, "a: 10\nb: -3\nc: 0\nd: '10'\n") == {"a": 10, "b": -3, "c": 0, "d": "10"}


def test_a_date_without_quotes_is_read_as_a_date(tmp_path):
    aid = (write(tmp_path) / "aid.yaml").read_text()
    (tmp_path / "aid.yaml").write_text(aid.replace("'2026-11-01'", "2026-11-01"))
    assert folder.load(tmp_path).reviewed == dt.date(2026, 11, 1)


def test_a_key_that_stands_twice_is_named_with_its_line(tmp_path):
    write(tmp_path, pages="- slug: about\n  title: {en: A}\n  lead: {en: B}\n  title: {en: C}\n  evidence: [E-1]\n")
    (problem,) = problems(tmp_path)
    assert problem.file == "pages.yaml"
    assert "line 4" in problem.message
    assert "“title” stands twice" in problem.message


def test_a_key_that_stands_twice_deep_inside_is_named(tmp_path):
    with pytest.raises(Refused, match=r"“en” stands twice"):
        parsed(tmp_path, "- a:\n  - {b: {en: x, en: y}}\n")


@pytest.mark.parametrize("key", ["1", "true", "null", "[a]", "{a: b}", ""])
def test_a_key_that_is_no_text_is_named(tmp_path, key):
    with pytest.raises(Refused, match="is not a text; put it in quotes"):
        parsed(tmp_path, f"? {key}\n: x\n")


def test_an_alias_is_refused(tmp_path):
    write(tmp_path, pages="- &a {slug: about}\n- *a\n")
    (problem,) = problems(tmp_path)
    assert "line 2: an alias (*a)" in problem.message


def test_an_alias_cannot_be_merged_either(tmp_path):
    with pytest.raises(Refused, match="an alias"):
        parsed(tmp_path, "a: &a {b: c}\nd:\n  <<: *a\n")


def test_a_billion_laughs_are_refused_at_once(tmp_path):
    lines = ["a0: &a0 [lol, lol, lol, lol, lol, lol, lol, lol, lol]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 12)]
    with pytest.raises(Refused, match="an alias"):
        parsed(tmp_path, "\n".join(lines))


@pytest.mark.parametrize(
    "value",
    [
        "!!int ''",
        "!!bool maybe",
        "!!timestamp never",
        "!!timestamp 2026-01-01",
        "!!binary aGk=",
        "!!set {a}",
        "!!float ''",
        "!!python/object/apply:os.system [ls]",
        "!mine x",
        "! x",
    ],
)
def test_a_tag_is_refused(tmp_path, value):
    with pytest.raises(Refused, match="line 1: a tag"):
        parsed(tmp_path, f"a: {value}\n")


@pytest.mark.parametrize("opened", ["[", "{a: ", "- ", "? "])
@pytest.mark.parametrize("deep", [40, 3000, 1_000_000])
def test_deep_nesting_is_refused_and_does_not_end_the_process(tmp_path, opened, deep):
    with pytest.raises(Refused):
        parsed(tmp_path, opened * deep)


def test_deep_nesting_that_is_closed_is_refused_too(tmp_path):
    with pytest.raises(Refused, match="levels within each other"):
        parsed(tmp_path, "[" * 40 + "]" * 40)


def test_a_huge_file_is_refused_before_it_is_parsed(tmp_path):
    write(tmp_path, glossary=b"# " + b"x" * 5_000_000)
    (problem,) = problems(tmp_path)
    assert (problem.file, "larger than 5,000,000 bytes" in problem.message) == ("glossary.yaml", True)


def test_a_very_long_number_is_refused(tmp_path):
    with pytest.raises(Refused):
        parsed(tmp_path, "a: " + "9" * 5000)


@pytest.mark.parametrize("file", ["glossary.yaml", "pages/about.en.md"])
def test_bytes_that_are_not_utf_8_are_named_with_their_place(tmp_path, file):
    write(tmp_path)
    (tmp_path / file).write_bytes(b"- caf\xe9\n")
    (problem,) = problems(tmp_path)
    assert (problem.file, problem.message) == (file, "byte 5 is not UTF-8; save the file as UTF-8")


def test_a_nul_byte_is_refused(tmp_path):
    write(tmp_path, glossary=b"- slug: a\0b\n")
    (problem,) = problems(tmp_path)
    assert (problem.file, "this is not YAML that can be read" in problem.message) == ("glossary.yaml", True)


@pytest.mark.parametrize(
    "text", ["\ta: 1\n", "a:\n\tb: 1\n", "a: [\n", "a: 'x\n", "a: b: c\n", "a: 1\n---\nb: 2\n", "@a\n"]
)
def test_broken_yaml_is_refused_with_the_line(tmp_path, text):
    write(tmp_path, glossary=text)
    (problem,) = problems(tmp_path)
    assert problem.file == "glossary.yaml"
    assert "line " in problem.message


def test_every_broken_file_is_named_not_the_first_only(tmp_path):
    write(tmp_path, glossary="a: [", pages="a: 1\na: 2\n", evidence=b"\xff", sources="- *x\n")
    assert [problem.file for problem in problems(tmp_path)] == [
        "evidence/all.yaml",
        "glossary.yaml",
        "pages.yaml",
        "sources/all.yaml",
    ]


def test_an_empty_file_holds_no_list(tmp_path):
    write(tmp_path, glossary="")
    (problem,) = problems(tmp_path)
    assert (problem.file, "must hold a list" in problem.message) == ("glossary.yaml", True)


@pytest.mark.parametrize("there", [True, False])
def test_a_folder_without_an_aid_says_so(tmp_path, there):
    root = tmp_path / "nothing"
    if there:
        root.mkdir()
    (problem,) = problems(root)
    assert "needs an aid.yaml" in problem.message


def test_a_byte_order_mark_does_no_harm(tmp_path):
    held = (write(tmp_path) / "aid.yaml").read_bytes()
    (tmp_path / "aid.yaml").write_bytes(b"\xef\xbb\xbf" + held)
    assert folder.load(tmp_path) == builders.aid()


def test_windows_line_ends_do_no_harm_in_yaml(tmp_path):
    held = (write(tmp_path) / "questions.yaml").read_bytes()
    (tmp_path / "questions.yaml").write_bytes(held.replace(b"\n", b"\r\n"))
    assert folder.load(tmp_path) == builders.aid()


def test_a_file_of_no_known_name_is_named_and_not_passed_over(tmp_path):
    write(tmp_path)
    for name in ("guidence", "guidance/more"):
        (tmp_path / name).mkdir(parents=True)
        (tmp_path / name / "cautions.yaml").write_text("[]\n")
    for name in ("question.yaml", "pages/about.fr.md", "pages/gone.en.md"):
        (tmp_path / name).write_text("[]\n")
    assert [problem.file for problem in problems(tmp_path)] == [
        "guidance/more/cautions.yaml",
        "guidence/cautions.yaml",
        "pages/about.fr.md",
        "pages/gone.en.md",
        "question.yaml",
    ]


FILES = folder.files_of(builders.document())
DAMAGES = (
    *(b"*a ", b"&a ", b"!!int ", b"- ", b": ", b"\n", b"\t", b"'", b'"', b"[", b"}", b"#", b"|", b"? ", b"<<: "),
    *(b"---\n", b"%", b"true", b"null", b"9", b"\xff", b"\0", b""),
)


@settings(usual, max_examples=120)
@given(
    st.sampled_from(sorted(FILES)),
    st.lists(st.tuples(st.integers(0, 3000), st.integers(0, 30), st.sampled_from(DAMAGES)), min_size=1, max_size=4),
)
def test_damaged_bytes_are_loaded_or_refused_and_nothing_else(name, damages):
    held = FILES[name].encode()
    for place, length, put in damages:
        start = place % (len(held) + 1)
        held = held[:start] + put + held[start + length :]
    with tempfile.TemporaryDirectory() as root:
        for file, text in FILES.items():
            path = Path(root) / file
            path.parent.mkdir(exist_ok=True)
            path.write_bytes(held if file == name else text.encode())
        with contextlib.suppress(Refused):
            folder.load(Path(root))


def test_a_folder_can_be_checked_from_the_command_line(tmp_path):
    def run(root):
        command = [sys.executable, "-m", "questionnaire.domain.folder", str(root)]
        return subprocess.run(command, capture_output=True, text=True, cwd=SHIPPED.parents[2], check=False)

    good = run(write(tmp_path / "good"))
    assert (good.returncode, good.stderr) == (0, "")
    assert "nothing is wrong" in good.stdout
    bad = run(write(tmp_path / "bad", glossary="", pages="- *x\n"))
    assert bad.returncode == 1
    assert "glossary.yaml: this file must" in bad.stderr or "pages.yaml: this is not YAML" in bad.stderr
    assert "to mend" in bad.stderr


def test_the_parser_in_c_and_the_one_in_python_agree():
    """Where libyaml is missing the slower parser reads the same."""

    class Slow(yaml.SafeLoader):
        yaml_implicit_resolvers = folder._Loader.yaml_implicit_resolvers

    document = builders.document(glossary=[builders.term("word", meaning={"en": words}) for words in NASTY])
    text = folder.files_of(document)["glossary.yaml"]
    assert yaml.load(text, Loader=Slow) == yaml.load(text, Loader=folder._Loader) == document["glossary.yaml"]


def test_the_shipped_aid_is_in_canonical_form_byte_for_byte():
    held = bytes_of(SHIPPED)
    written = {name: text.encode() for name, text in folder.files_of(folder.document_of(SHIPPED)).items()}
    assert sorted(held) == sorted(written)
    assert [name for name in sorted(held) if held[name] != written[name]] == []


def test_the_shipped_aid_holds_together():
    folder.load(SHIPPED)


def test_a_folder_edited_by_hand_is_checked_and_brought_into_its_one_form(tmp_path):
    folder.write(builders.document(), tmp_path)
    before = {path: path.read_text() for path in tmp_path.rglob("*.yaml")}
    questions = tmp_path / "questions.yaml"
    questions.write_text("# by hand\n\n" + questions.read_text())
    assert "nothing is wrong" in folder.main([str(tmp_path)])
    assert questions.read_text().startswith("# by hand")
    folder.main([str(tmp_path), "--write"])
    assert {path: path.read_text() for path in tmp_path.rglob("*.yaml")} == before
    questions.write_text("- section: x\n")
    with pytest.raises(Refused):
        folder.main([str(tmp_path), "--write"])
    assert questions.read_text() == "- section: x\n"
