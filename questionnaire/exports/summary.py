"""What a physician reads of a shared response first, as labeled lines: the note's and the chart's first page."""

from __future__ import annotations

from dataclasses import dataclass

from questionnaire.domain.journey import Journey
from questionnaire.domain.trial_changes import flag_words
from questionnaire.exports import guidance
from questionnaire.exports.case import Case
from questionnaire.exports.guidance import Card
from questionnaire.exports.leaflet import day, letter_name
from questionnaire.exports.words import answer_words

UNVERIFIED = "Reported by the patient. Not verified."


@dataclass(frozen=True, slots=True)
class Row:
    """A label and what stands under it, one line or more."""

    label: str
    lines: tuple[str, ...]


def who(case: Case) -> tuple[Row, ...]:
    """Who shared it, and when."""
    return (
        Row("Patient", (f"{case.name}, born {day(case.born)}",)),
        Row("Dates", (f"Answered {day(case.finished)}, shared {day(case.shared)}",)),
    )


def situation(case: Case) -> tuple[Row, ...]:
    """What the patient told, and what follows from it for a physician. What the aid has no rule for is left out."""
    rules, language = case.aid.triage, case.aid.language
    price = (rules.price,) if rules.price not in rules.offer else ()
    standing = next((each.text[language] for each in rules.standings if each.slug == case.triage.standing), "")
    names = {each.slug: each.name[language] for each in rules.alternatives}
    rows = (
        Row("Situation", _told(case, rules.problem)),
        Row("Offer", _told(case, (*rules.offer, *price))),
        Row("Clinic", (f"“{case.clinic}”",) if case.clinic else ()),
        Row("On the ladder", (standing,) if standing else ()),
        Row("Trial registry", case.registry),
        Row("Letters from FDA", case.clinic_letters),
        Row("Flags", _flags(case)),
        Row("What matters", _told(case, rules.matters)),
        Row("Leans towards", tuple(names[slug] for slug in case.preferred if slug in names)),
        Row("Reasons against", _against(case, relative=False)),
        Row("With care", _against(case, relative=True)),
        Row("Asks", (f"“{case.question.strip()}”",) if case.question.strip() else ()),
    )
    return tuple(row for row in rows if row.lines)


def _told(case: Case, slugs: tuple[str, ...]) -> tuple[str, ...]:
    """What the patient answered to these questions, as far as they were asked and answered.

    The question is named before its answer, unless there is but one.
    """
    aid, language = case.aid, case.aid.language
    counted = Journey(aid, case.answers, case.facts).counted
    found = []
    for slug in slugs:
        if slug in counted and slug in aid.question:
            words = "; ".join(answer_words(aid.question[slug], case.answers[slug], language))
            found.append(words if len(slugs) == 1 else f"{aid.triage.name_of(aid.question[slug], language)}: {words}")
    return tuple(found)


def _flags(case: Case) -> tuple[str, ...]:
    """Each flag with what raised it."""
    words = flag_words(case.aid)
    told = [(words[slug], case.causes.get(slug)) for slug in case.triage.flags if slug in words]
    return tuple(f"{flag} ({cause})" if cause else flag for flag, cause in told) or (("None",) if words else ())


def _against(case: Case, *, relative: bool) -> tuple[str, ...]:
    """Contraindications after the alternatives that they speak against; a reason against several is told once.

    Args:
        relative: those that are only reasons for care, or those that are more.
    """
    language = case.aid.language
    against: dict[str, list[str]] = {}
    for alternative in case.aid.triage.alternatives:
        for one in alternative.contraindications:
            if one.relative is relative and (alternative.slug, one.slug) in case.triage.contraindications:
                against.setdefault(one.text[language], []).append(alternative.name[language])
    by_names: dict[str, list[str]] = {}
    for reason, names in against.items():
        by_names.setdefault(", ".join(names), []).append(reason)
    return tuple(f"{names}: {'; '.join(reasons)}" for names, reasons in by_names.items())


def given(case: Case, *, short: bool = False) -> tuple[Row, ...]:
    """The guidance that the patient was shown, by its titles.

    Args:
        short: cautions that stand in every patient's guidance are only counted.
    """
    overdue = guidance.is_overdue(case.aid, case.finished.date())
    view = guidance.view(case.aid, case.answers, case.outcome, case.aid.language, overdue=overdue)
    alternatives = tuple(card.option.name for card in view.options if card.option and card.kind == "alternative")
    rows = (
        Row("Urgent guidance given", tuple(card.title for card in view.urgent)),
        Row("Cautions given", _own_titles(view.cautions) if short else tuple(card.title for card in view.cautions)),
        Row("FDA letters shown", tuple(map(letter_name, case.letters))),
        Row("Alternatives shown", alternatives),
        Row("Alternatives named only, since the guidance was overdue for review", view.withheld),
    )
    return tuple(row for row in rows if row.lines)


def _own_titles(cautions: tuple[Card, ...]) -> tuple[str, ...]:
    own = tuple(card.title for card in cautions if card.why)
    rest = len(cautions) - len(own)
    return (*own, f"{rest} that every patient is given") if rest else own


def edition(case: Case) -> str:
    """Which edition of the aid it was, and which of the patient's versions."""
    name = case.aid.notes["name"][case.aid.language]
    version = f", version {case.version} of the answers" if case.version > 1 else ""
    return f"{name}, edition {case.edition} of {day(case.published)}{version}"
