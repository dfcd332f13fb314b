"""Build an `Aid` from plain data, or refuse it with every problem named.

The data is a *document*: what each file of an aid's folder holds, by file name. An edition in the database keeps the
same document, so a folder and an edition are read by this one path.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from questionnaire.domain import (
    checks,
    content,
    ladder_rules,
    lint_settings,
    markup_rules,
    questions,
    safety,
    source_reading,
    triage_rules,
    trial_rules,
)
from questionnaire.domain.condition_reading import condition
from questionnaire.domain.content import GUIDANCE_KINDS, Aid
from questionnaire.domain.entries import Entry, Problem

Document = Mapping[str, Any]
RULES = ("safety.yaml", "lint.yaml", triage_rules.FILE, trial_rules.FILE, ladder_rules.FILE)
"""Files that an aid may lack. They say what is proved, checked and told of it, and are changed in the folder alone."""

LANGUAGE = re.compile(r"[a-z]{2,3}(-[a-z0-9]+)*")


class Refused(ValueError):
    """The content does not hold together. `problems` names everything that is wrong, sorted by file and key."""

    def __init__(self, problems: list[Problem]) -> None:
        self.problems = sorted(set(problems))
        super().__init__("\n".join(map(str, self.problems)))


def read(document: Document) -> Aid:
    """The aid that this document describes.

    Raises:
        Refused: with all problems at once.
    """
    aid, problems = draft(document)
    if problems:
        raise Refused(problems)
    return aid


def draft(document: Document) -> tuple[Aid, list[Problem]]:
    """The aid as far as it can be read, and everything that is wrong with it.

    While a problem `breaks` it, such as a name that does not exist, the aid must not be shown or proved.
    """
    problems: list[Problem] = []
    aid = _Reader(document, problems).aid()
    problems.extend(checks.check(aid, document))
    return aid, sorted(set(problems))


class _Reader:
    def __init__(self, document: Document, problems: list[Problem]) -> None:
        self.document = document
        self.problems = problems
        head = document.get("aid.yaml")
        declared = head.get("languages") if isinstance(head, Mapping) else None
        listed = [declared] if isinstance(declared, str) else declared
        self.languages = tuple(map(str, listed)) if isinstance(listed, list) and listed else ("en",)
        self.used: set[str] = {"aid.yaml"}

    def aid(self) -> Aid:
        head = Entry(self.document.get("aid.yaml"), "aid.yaml", "", self.problems, self.languages)
        notes = head.inner(head.get("notes"), "notes")
        sections, questions = self._questions()
        guidance = [self._guidance(entry) for entry in self._each("guidance/")]
        lint, triage = self._whole("lint.yaml"), self._whole(triage_rules.FILE)
        trial, ladder = self._whole(trial_rules.FILE), self._whole(ladder_rules.FILE)
        aid = Aid(
            slug=head.slug(),
            languages=tuple(_languages(head)),
            title=head.text("title"),
            decision=head.text("decision"),
            reviewed=head.date("reviewed"),
            next_review=head.date("next_review"),
            facts=tuple(_facts(head)),
            certainties=tuple(_certainties(head)),
            notes={key: notes.text(key) for key in notes.raw},
            sections=tuple(sections),
            questions=tuple(questions),
            guidance=tuple(sorted(guidance, key=_shown_order)),
            meaning=tuple(self._meaning()),
            evidence=tuple(source_reading.evidence(entry) for entry in self._each("evidence/", name="id")),
            sources=tuple(source_reading.source(entry) for entry in self._each("sources/")),
            terms=tuple(source_reading.term(entry) for entry in self._each("glossary.yaml")),
            pages=tuple(self._page(entry) for entry in self._each("pages.yaml")),
            safety=tuple(safety.read_property(entry) for entry in self._each("safety.yaml")),
            lint=lint_settings.read_settings(lint) if lint else lint_settings.LintSettings(),
            triage=triage_rules.read_rules(triage, content.URGENT_ACTIONS) if triage else triage_rules.TriageRules(),
            trial=trial_rules.read_rules(trial) if trial else trial_rules.TrialRules(),
            ladder=ladder_rules.read_rules(ladder) if ladder else ladder_rules.LadderRules(),
        )
        head.finish()
        for file in self.document:
            if file not in self.used:
                self.problems.append(
                    Problem(file, "", "an aid has no file of this name; correct the name or remove it")
                )
        return aid

    def _each(self, files: str, *, name: str = "slug") -> Iterator[Entry]:
        """Every entry of this list file, or of those in this folder, in order; a place is the entry's own name."""
        pattern = re.compile(rf"{files}[\w-]+\.yaml" if files.endswith("/") else re.escape(files))
        for file in sorted(file for file in self.document if pattern.fullmatch(file)):
            self.used.add(file)
            listed = self.document[file]
            if not isinstance(listed, list):
                self.problems.append(
                    Problem(file, "", "this file must hold a list of entries, each starting with “- ”")
                )
                continue
            for number, raw in enumerate(listed, 1):
                named = raw.get(name) if isinstance(raw, Mapping) else None
                place = named if isinstance(named, str) and named else f"entry {number}"
                yield Entry(raw, file, place, self.problems, self.languages)

    def _questions(self) -> tuple[list[content.Section], list[questions.Question]]:
        sections, questions = [], []
        for entry in self._each("questions.yaml", name="section"):
            section = content.Section(slug=entry.slug("section"), title=entry.text("title"))
            sections.append(section)
            for raw in entry.list("questions"):
                slug = raw.get("slug", "?") if isinstance(raw, Mapping) else "?"
                inner = Entry(raw, entry.file, str(slug), self.problems, self.languages)
                questions.append(_question(inner, section.slug))
            entry.finish()
        return sections, questions

    def _guidance(self, entry: Entry) -> content.Guidance:
        option = entry.inner(entry.get("option"), "option") if entry.has("option") else None
        kind = entry.word("kind", GUIDANCE_KINDS)
        item = content.Guidance(
            slug=entry.slug(),
            kind=kind,
            rank=entry.whole("rank", 0),
            title=entry.text("title"),
            body=entry.text("body"),
            evidence=entry.words("evidence"),
            when=condition(entry),
            now=entry.word("now", content.URGENT_ACTIONS) if kind == "urgent" else None,
            option=_option(option) if option else None,
        )
        entry.finish()
        return item

    def _meaning(self) -> Iterator[tuple[content.Sentence, ...]]:
        for entry in self._each("meaning.yaml", name="slot"):
            entry.whole("slot", 0)
            yield tuple(
                _sentence(entry.inner(raw, raw.get("slug", "?") if isinstance(raw, Mapping) else "?"))
                for raw in entry.list("sentences")
            )
            entry.finish()

    def _whole(self, file: str) -> Entry | None:
        """A file that is one mapping; None where the aid does not bring it."""
        self.used.add(file)
        return Entry(self.document[file], file, "", self.problems, self.languages) if file in self.document else None

    def _page(self, entry: Entry) -> content.Page:
        slug = entry.slug()
        body = {}
        for language in self.languages:
            file = f"pages/{slug}.{language}.md"
            self.used.add(file)
            text = self.document.get(file)
            if not isinstance(text, str) or not text.strip():
                self.problems.append(
                    Problem(file, "", f"the text of page “{slug}” is missing in this language; write it")
                )
            else:
                self.problems += [Problem(file, "", message) for message in markup_rules.outside(text)]
            body[language] = text if isinstance(text, str) else ""
        page = content.Page(slug, entry.text("title"), entry.text("lead"), body, entry.words("evidence"))
        entry.finish()
        return page


def _shown_order(item: content.Guidance) -> tuple[int, int]:
    return (GUIDANCE_KINDS.index(item.kind) if item.kind in GUIDANCE_KINDS else 0, item.rank)


def _languages(head: Entry) -> Iterator[str]:
    for language in head.words("languages"):
        if not LANGUAGE.fullmatch(language):
            head.wrong("languages", f"“{language}” is not a language code such as en or pt-br")
        yield language


def _facts(head: Entry) -> Iterator[content.Fact]:
    for number, raw in enumerate(head.list("facts", needed=False), 1):
        entry = head.inner(raw, f"facts.{number}")
        yield content.Fact(entry.slug(), entry.words("values"))
        entry.finish()


def _certainties(head: Entry) -> Iterator[content.Certainty]:
    for number, raw in enumerate(head.list("certainty"), 1):
        entry = head.inner(raw, f"certainty.{number}")
        yield content.Certainty(entry.slug(), entry.text("word"), entry.text("meaning"))
        entry.finish()


def _question(entry: Entry, section: str) -> questions.Question:
    choices = [
        _choice(entry.inner(raw, f"choices.{number}"))
        for number, raw in enumerate(entry.list("choices", needed=False), 1)
    ]
    question = questions.Question(
        slug=entry.slug(),
        kind=entry.word("kind", questions.QUESTION_KINDS),
        section=section,
        short=entry.text("short"),
        text=entry.text("text"),
        hint=entry.maybe_text("hint"),
        optional=entry.flag("optional"),
        for_physician=entry.flag("for_physician"),
        when=condition(entry),
        choices=tuple(choices),
        least=_bound(entry, "least"),
        most=_bound(entry, "most"),
        decimals=entry.whole("decimals", 0),
        unit=entry.maybe_text("unit"),
    )
    entry.finish()
    return question


def _bound(entry: Entry, key: str) -> str | None:
    return entry.measure(key) if entry.has(key) else None


def _choice(entry: Entry) -> questions.Choice:
    choice = questions.Choice(entry.slug(), entry.text("text"), entry.maybe_text("hint"), entry.flag("exclusive"))
    entry.finish()
    return choice


def _option(entry: Entry) -> content.Option:
    option = content.Option(
        name=entry.text("name"),
        certainty=entry.word("certainty", content.EFFECT_CERTAINTY),
        texts={key: entry.text(key) for key in content.OPTION_TEXTS},
    )
    entry.finish()
    return option


def _sentence(entry: Entry) -> content.Sentence:
    sentence = content.Sentence(entry.slug(), entry.text("text"), entry.words("evidence"), condition(entry))
    entry.finish()
    return sentence
