"""FDA's public letters: taken in from a file, found again by the name of a clinic or a product, shown to patients."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction

from questionnaire.domain.journey import Journey
from questionnaire.domain.letter_match import Named, Typed, matches
from questionnaire.domain.letters import Letter
from questionnaire.models import FdaLetter, FinishedVersion, Review
from questionnaire.services import audit, editions, staff, trial_facts
from questionnaire.services.sealing import seal, unseal, unsealed
from questionnaire.services.trial_facts import Told

COLUMNS = ("firm", "other_names", "product", "city", "state", "date", "kind", "link", "note")
SEED = Path(settings.BASE_DIR) / "questionnaire" / "content" / "letters.csv"
"""The letters that come with the program."""
BETWEEN = "|"


class Refused(ValueError):
    """The file is taken in whole or not at all. `problems` names each problem with its line."""

    def __init__(self, problems: Iterable[str]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(self.problems))


def take_in(*, by: Any, content: bytes) -> tuple[int, int]:
    """Keep the letters of a CSV file; how many are new, and how many changed.

    A letter is known by firm, date and kind, so taking in the same file again changes nothing. What was kept is on
    record as numbers.

    Args:
        by: a guidance editor; None for the operator at the computer.

    Raises:
        staff.NotAllowed.
        Refused: something in it is wrong; nothing is kept.
    """
    rows = read(content)
    new = changed = 0
    if by is not None:
        staff.require(by, staff.EDIT)
    with transaction.atomic():
        for letter in rows:
            known = FdaLetter.objects.filter(firm=letter.firm, date=letter.date, kind=letter.kind).first()
            if known is None:
                letter.save(force_insert=True)
                new += 1
            elif _values(known) != _values(letter):
                letter.pk = known.pk
                letter.save(force_update=True)
                changed += 1
        if new or changed:
            who = {"actor": audit.PROGRAM} if by is None else {"by": by}
            audit.record(kind="letters taken in", detail={"new": new, "changed": changed}, **who)
    return new, changed


def seed() -> int:
    """Take in the letters that come with the program if there are none; how many that made."""
    return 0 if FdaLetter.objects.exists() else take_in(by=None, content=SEED.read_bytes())[0]


def _values(letter: FdaLetter) -> dict[str, Any]:
    return {name: getattr(letter, name) for name in COLUMNS}


def read(content: bytes) -> list[FdaLetter]:
    """The letters in a CSV file, not kept yet.

    Raises:
        Refused.
    """
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Refused([f"byte {error.start} is not UTF-8; save the file as UTF-8"]) from error
    if "\0" in text:
        raise Refused(["there is a null character in it; save it as CSV"])
    found = csv.DictReader(io.StringIO(text), strict=True)
    problems: list[str] = []
    letters: list[FdaLetter] = []
    seen: dict[tuple[Any, ...], int] = {}
    try:
        problems += _of_head(found.fieldnames or ())
        for row in () if problems else found:
            line, told = found.line_num, len(problems)
            letter = _letter(row, line, problems)
            key = (letter.firm, letter.date, letter.kind)
            if len(problems) == told and seen.setdefault(key, line) != line:
                problems.append(f"line {line}: the same firm, date and kind as line {seen[key]}; keep one")
            letters.append(letter)
    except csv.Error as error:
        problems.append(f"line {found.line_num}: this is not CSV that can be read: {error}")
    if problems:
        raise Refused(problems)
    return letters


def _of_head(names: Iterable[str]) -> Iterator[str]:
    given = list(names)
    for name in (name for name in COLUMNS if name not in given):
        yield f"line 1: there is no column “{name}”; add it"
    for name in (name for name in given if name not in COLUMNS):
        yield f"line 1: the column “{name}” is not known; drop it"


def _letter(row: dict[str, Any], line: int, problems: list[str]) -> FdaLetter:
    """One letter; what is wrong with it goes to `problems`."""
    if None in row or None in row.values():
        problems.append(f"line {line}: {len(COLUMNS)} columns are needed; put texts with commas in quotes")
        return FdaLetter()
    given = {name: " ".join(row[name].split()) for name in COLUMNS}
    names = [name.strip() for name in given["other_names"].split(BETWEEN) if name.strip()]
    day, told = _date(given["date"]), len(problems)
    letter = FdaLetter(**{**given, "other_names": names, "date": day})
    if day is None:
        problems.append(f"line {line}: date: write it as 2025-01-31")
    if given["link"] and not is_link(given["link"]):
        problems.append(f"line {line}: link: only an https address of fda.gov is a primary link; leave it empty")
    try:
        letter.clean_fields(exclude={"other_names", "date", "link"} if len(problems) > told else {"other_names"})
    except ValidationError as error:
        for name, messages in error.message_dict.items():
            problems.append(f"line {line}: {name}: {' '.join(messages)}")
    return letter


def _date(given: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(given) if len(given) == len("2025-01-31") else None
    except ValueError:
        return None


def is_link(link: str) -> bool:
    """Whether this leads to FDA's own pages."""
    try:
        parts = urlsplit(link)
        host = parts.hostname or ""
    except ValueError:
        return False
    return parts.scheme == "https" and (host == "fda.gov" or host.endswith(".fda.gov"))


# --- Finding them again


def matching(*typed: Typed) -> list[FdaLetter]:
    """The letters about any of these clinics or products, the newest first. Nothing typed, nothing asked."""
    given = [each for each in typed if each.clinic or any(each.texts)]
    if not given:
        return []
    listed = FdaLetter.objects.order_by("-date", "firm")
    return [letter for letter in listed if any(matches(_named(letter), each) for each in given)]


def about(journey: Journey, said: Told, review: Review) -> list[FdaLetter]:
    """The letters that a physician is shown beside a response, by all that its patient typed.

    Args:
        journey: that of the shared version.
        said: of their study.
    """
    question = unseal(review.question) if review.question else ""
    clinic = str(json.loads(unseal(review.identity)).get("clinic", "")) if review.identity else ""
    return matching(typed_of(journey, said, question), Typed(clinic, state=_state_in(journey)))


def any_about(version: FinishedVersion, review: Review) -> bool:
    """Whether there is one, for the review's flags."""
    aid = editions.aid_of(version.edition_id)
    if not any(flag.letter for flag in aid.triage.flags):
        return False
    journey = Journey(aid, unsealed(version.answers), version.facts)
    said = trial_facts.told_in(version, trial_facts.number_of(aid, journey))
    return bool(about(journey, said, review))


def _state_in(journey: Journey) -> str:
    """The state of the clinic, in words, where the patient said it."""
    question = journey.aid.question.get(journey.aid.triage.state)
    if question is None:
        return ""
    said = (question.choice.get(slug) for slug in journey.counted.get(question.slug, ()))
    return next((choice.text[journey.aid.language] for choice in said if choice), "")


def _named(letter: FdaLetter) -> Named:
    names = (letter.firm, *letter.other_names, letter.product)
    return Named(tuple(filter(None, names)), letter.city, letter.state)


def typed_of(journey: Journey, said: Told, *more: str) -> Typed:
    """What a person typed: the clinic, their own words in answers on their path, and `more`, such as their question."""
    kinds = {slug for slug, question in journey.aid.question.items() if question.kind == "text"}
    texts = tuple(value for slug in kinds for value in journey.counted.get(slug, ()) if value)
    return Typed(said.name, said.city, texts=(*texts, *filter(None, more)))


# --- Shown to patients


def to_show(journey: Journey, said: Told) -> tuple[Letter, ...]:
    """The letters that the patient is to be told of. Nobody is even asked unless the edition's approvers turned it on.

    Args:
        said: of the study under the number that counts.
    """
    if not journey.aid.trial.letters_for_patients:
        return ()
    found = matching(typed_of(journey, said))
    return tuple(Letter(each.firm, each.date, each.kind, each.link) for each in found)


def sealed(shown: tuple[Letter, ...]) -> str:
    """Letters as a finished version keeps them. Which they are tells what the person typed, so they are sealed."""
    return seal(json.dumps([each.to_json() for each in shown])) if shown else ""


def shown_in(version: FinishedVersion) -> tuple[Letter, ...]:
    """The letters that the patient was shown in this version, whatever became of them since."""
    return tuple(map(Letter.from_json, json.loads(unseal(version.letters)))) if version.letters else ()
