"""An aid as a folder of YAML and Markdown, read and written without loss.

`python -m questionnaire.domain.folder FOLDER` says what is wrong with a folder, or that nothing is; with `--write` it
also brings the files into their one form.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml

from questionnaire.domain.content import Aid
from questionnaire.domain.entries import Problem
from questionnaire.domain.reading import RULES, Document, Refused, read

WIDTH = 120
"""Columns after which a written file goes on in the next line."""

_LARGEST = 5_000_000
"""Bytes that one file may have: far above any real aid, so that a wrong folder is refused before it is parsed."""


_BREAKS = re.compile("[\x85\u2028\u2029]")
"""What YAML 1.1 takes for the end of a line, so it stands only escaped."""

_DEEPEST = 30
"""Levels of lists and mappings within each other; a real aid has about ten. Parsing far more ends the process."""


class _Loader(yaml.CSafeLoader if hasattr(yaml, "CSafeLoader") else yaml.SafeLoader):  # type: ignore[misc]
    """YAML with 1.2's scalars (only true and false are booleans, dates are text), and no key twice."""

    def construct_mapping(self, node: Any, deep: bool = False) -> Any:
        seen = set()
        for key, _value in node.value:
            name = self.construct_object(key, deep=True)
            if not isinstance(name, str):
                raise yaml.YAMLError(
                    f"line {key.start_mark.line + 1}: the key “{name}” is not a text; put it in quotes"
                )
            if name in seen:
                raise yaml.YAMLError(f"line {key.start_mark.line + 1}: the key “{name}” stands twice; keep one")
            seen.add(name)
        return super().construct_mapping(node, deep)


class _Dumper(yaml.SafeDumper):
    """Writes one way only: keys in their order, lists level with their key, several lines as a block."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> Any:
        return super().increase_indent(flow, indentless)

    def ignore_aliases(self, data: Any) -> bool:
        return True


def _text(dumper: yaml.SafeDumper, value: str) -> yaml.ScalarNode:
    several = "|" if "\n" in value else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", value, style='"' if _BREAKS.search(value) else several)


_Dumper.add_representer(str, _text)
for _class in (_Loader, _Dumper):
    _class.yaml_implicit_resolvers = {
        first: [(tag, pattern) for tag, pattern in resolvers if tag == "tag:yaml.org,2002:null"]
        for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }
    _class.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile(r"(true|false)\Z"), list("tf"))
    _class.add_implicit_resolver("tag:yaml.org,2002:int", re.compile(r"-?(0|[1-9][0-9]*)\Z"), list("-0123456789"))


def _parsed(text: str) -> Any:
    """What this YAML holds. Aliases, tags and deep nesting are refused before anything is built from them."""
    depth = 0
    for event in yaml.parse(text, Loader=_Loader):
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        line = event.start_mark.line + 1 if event.start_mark else 0
        if isinstance(event, yaml.AliasEvent):
            raise yaml.YAMLError(f"line {line}: an alias (*{event.anchor}); write the value out")
        if tag := getattr(event, "tag", None):
            raise yaml.YAMLError(f"line {line}: a tag ({tag}); drop it")
        if depth > _DEEPEST:
            raise yaml.YAMLError(f"line {line}: more than {_DEEPEST} levels within each other; write it flatter")
    return yaml.load(text, Loader=_Loader)


def document_of(folder: Path) -> Document:
    """What the files of this folder hold, by their name in it.

    Raises:
        Refused: a file cannot be read as YAML or as UTF-8, or the folder holds none.
    """
    document: dict[str, Any] = {}
    problems: list[Problem] = []
    for path in sorted(path for path in folder.rglob("*") if path.suffix in (".yaml", ".md") and path.is_file()):
        name = path.relative_to(folder).as_posix()
        try:
            if path.stat().st_size > _LARGEST:
                raise ValueError(f"the file is larger than {_LARGEST:,} bytes; split it")
            text = path.read_bytes().decode("utf-8")
            document[name] = text if path.suffix == ".md" else _parsed(text)
        except UnicodeDecodeError as error:
            problems.append(Problem(name, "", f"byte {error.start} is not UTF-8; save the file as UTF-8"))
        except (yaml.YAMLError, ValueError, RecursionError) as error:
            problems.append(Problem(name, "", f"this is not YAML that can be read: {' '.join(str(error).split())}"))
    if not document and not problems:
        problems.append(Problem(folder.name, "", "there is no aid in this folder; it needs an aid.yaml"))
    if problems:
        raise Refused(problems)
    return document


def load(folder: Path) -> Aid:
    """The aid in this folder.

    Raises:
        Refused: with all problems at once.
    """
    return read(document_of(folder))


def files_of(document: Document) -> Mapping[str, str]:
    """The text of each file of a folder that holds this document, always the same for the same document."""
    return {name: held if name.endswith(".md") else _yaml(held) for name, held in sorted(document.items())}


def _yaml(held: Any) -> str:
    return yaml.dump(held, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=WIDTH)


def write(document: Document, folder: Path) -> None:
    """Write this document as a folder. Files of an aid that the document does not have are removed, no others."""
    files = files_of(document)
    for pattern in ("guidance/*.yaml", "evidence/*.yaml", "sources/*.yaml", "pages/*.md", *RULES):
        for path in folder.glob(pattern):
            if path.relative_to(folder).as_posix() not in files:
                path.unlink()
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="\n")


def main(arguments: Sequence[str]) -> str:
    """Check the folder that is named, and with `--write` bring it into its one form; what to tell the person.

    Raises:
        Refused: with all problems at once; nothing is written then.
    """
    parser = argparse.ArgumentParser(prog="python -m questionnaire.domain.folder", description="Check an aid's folder.")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--write", action="store_true", help="also write its files in their one form")
    given = parser.parse_args(arguments)
    document = document_of(given.folder)
    found = read(document)
    if given.write:
        write(document, given.folder)
    counts = f"{len(found.questions)} questions, {len(found.guidance)} items, {len(found.evidence)} claims"
    return f"{counts}: nothing is wrong"


if __name__ == "__main__":
    try:
        print(main(sys.argv[1:]))
    except Refused as refused:
        sys.exit(f"{refused}\n{len(refused.problems)} to mend")
