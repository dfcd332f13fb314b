"""Five people with their answers, and how each of them walks from the start to the guidance.

The answers stand in the order in which the aid must ask for them: a question more, less or elsewhere fails the walk.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from playwright.sync_api import Page, expect


class Typed(str):
    """What is typed, in place of choices."""

    __slots__ = ()


Answer = Typed | str | list[str] | None
"""What is typed, a choice's slug, several of them, or None for a question that is skipped."""

EVERYONE = {"not-fda-approved", "legal-risk", "serious-harm", "unknown-long-term"}
"""Cautions that no answer takes away."""


@dataclass(frozen=True)
class Person:
    name: str
    answers: dict[str, Answer]
    sees: set[str]
    sees_not: set[str] = field(default_factory=set)
    alternatives: set[str] = field(default_factory=set)
    """All items of kind `alternative`, no more and no less."""
    urgent: list[str] = field(default_factory=list)
    """The same for urgent ones, in their order."""
    before_alternatives: set[str] = field(default_factory=set)
    """Cautions that must be read before any alternative is."""
    why: dict[str, str] = field(default_factory=dict)
    """What an item says about why it is seen, in this person's own answers."""


PAYING_FOR_A_DRIP = Person(
    name="no-trial",
    answers={
        "urgent-signs": ["none"],
        "age": "adult",
        "problem": "immune",
        "diagnosis": "with-test",
        "offer": ["exo-iv"],
        "source": "cord",
        "trial-claim": ["not-a-study"],
        "payment": "over-5000",
        "consent": "no-form",
        "claims": ["cures-many", "pay-today"],
        "stage": "deposit",
        "health": ["none"],
        "medicines": ["immune-drugs"],
        "matters": ["low-risk", "fda-checked"],
        "state": "florida",
    },
    sees={
        *("ladder-outside-rules", "route-drip-spine", "source-birth-tissue", "paying", "consent-gaps"),
        *("claim-cures-regrows", "claim-pay-today", "deposit-still-time", "state-florida", "none-for-immune"),
        *("weak-immune-first", "wait-before-paying", "ask-money-back", "see-immune-doctor", "contact-fda"),
        *("keep-medicines", "report-misleading", "standard-care-immune", "nothing-for-now-immune"),
        *("ask-what-i-pay-for", "ask-refund", "ask-value-low-risk", "value-fda-checked"),
    },
    sees_not={"ladder-looks-like-research", "ladder-warning", "ladder-cannot-tell", "ask-on-list", "fine-to-wait"},
    why={"paying": "What you would pay: More than $5,000", "not-fda-approved": "Everyone who uses this aid sees this."},
)

IN_A_TRIAL = Person(
    name="trial",
    answers={
        "urgent-signs": ["none"],
        "age": "adult",
        "problem": "joint",
        "joint-site": "knee",
        "diagnosis": "with-test",
        "severity": "moderate",
        "offer": ["exo-joint"],
        "source": "donor-marrow",
        "trial-claim": ["ind-trial", "listed", "irb"],
        "trial-number": Typed(" nct 05354141"),
        "listing": "open-with-clinic",
        "ind-letter": "both",
        "payment": "free",
        "consent": "all",
        "claims": ["none"],
        "stage": "visit",
        "health": ["none"],
        "medicines": ["none"],
        "tried": ["exercise", "specialist"],
        "matters": ["science"],
        "state": None,
    },
    sees={
        *("study-is-not-approval", "source-other-human", "check-kind-of-arthritis", "registry-not-checked"),
        *("see-joint-doctor", "real-study", "value-science", "ask-on-list", "ask-leave-study", "ask-ind-and-letter"),
        *("standard-care-knee", "nothing-for-now-joint", "exosomes-in-study", "exosomes-outside-study"),
    },
    sees_not={
        # Nobody answers for the registry here, and what was not checked never reads as real research.
        *("ladder-looks-like-research", "ladder-outside-rules", "paying", "no-fda-letter", "consent-gaps"),
        *("study-page-does-not-fit", "study-page-not-checked", "keep-medicines", "none-for-severe-joint"),
    },
    alternatives={"prp-knee", "a2m-knee", "marrow-knee"},
    why={"registry-not-checked": "Study number: NCT05354141"},
)

WITH_A_NERVE_DISEASE = Person(
    name="neuro",
    answers={
        "urgent-signs": ["none"],
        "age": "adult",
        "problem": "nerve",
        "nerve-kind": "parkinsons",
        "diagnosis": "exam-only",
        "offer": ["exo-mist", "prp"],
        "source": "not-sure",
        "trial-claim": ["not-sure"],
        "ind-letter": "not-sure",
        "payment": "not-sure",
        "consent": "not-sure",
        "claims": ["not-sure"],
        "stage": "looking",
        "health": ["none"],
        "medicines": ["none"],
        "matters": ["proven", "do-more"],
        "state": "not-sure",
    },
    sees={
        *("none-for-nerve", "route-drip-spine", "source-not-known", "fda-role-not-sure", "no-fda-letter"),
        *("ladder-cannot-tell", "paying", "claims-not-sure", "state-other", "mixed-products", "see-movement-doctor"),
        *("keep-medicines", "standard-care-parkinsons", "nothing-for-now-nerve", "ask-value-proven", "value-do-more"),
    },
    sees_not={"standard-care-ms", "ladder-looks-like-research", "fine-to-wait", "check-kind-of-arthritis"},
    why={"none-for-nerve": "Main problem: Parkinson's, multiple sclerosis (MS) or another nerve disease"},
)

ON_A_BLOOD_THINNER = Person(
    name="blood-thinner",
    answers={
        "urgent-signs": ["none"],
        "age": "adult",
        "problem": "joint",
        "joint-site": "knee",
        "diagnosis": "exam-only",
        "severity": "mild",
        "offer": ["prp"],
        "stage": "looking",
        "health": ["diabetes"],
        "medicines": ["blood-thinner", "nsaid"],
        "tried": ["none"],
        "matters": ["less-pain", "avoid-surgery", "low-cost"],
        "state": "texas",
    },
    sees={
        *("blood-thinner-never-stop", "nsaid-before-shot", "diabetes-before-shot", "mixed-products"),
        *("keep-medicines", "fine-to-wait", "see-joint-doctor", "value-low-cost", "standard-care-knee"),
        *("ask-prp-clearance", "ask-own-prepare", "ask-own-price", "ask-value-less-pain", "ask-value-avoid-surgery"),
    },
    sees_not={"paying", "contact-fda", "ask-ind-and-letter", "ask-marrow-rule", "state-texas", "route-not-known"},
    alternatives={"prp-knee", "a2m-knee", "marrow-knee"},
    before_alternatives={"blood-thinner-never-stop"},
    why={"blood-thinner-never-stop": "Your medicines: A blood thinner"},
)

WITH_A_RED_FLAG = Person(
    name="red-flag",
    answers={
        "urgent-signs": ["fever-after-shot", "hot-joint"],
        "age": "adult",
        "problem": "joint",
        "joint-site": "hip",
        "diagnosis": "no-diagnosis",
        "severity": "not-sure",
        "offer": ["exo-joint", "exo-skin"],
        "source": "placenta",
        "trial-claim": ["irb", "state-law"],
        "ind-letter": "refused",
        "payment": "1000-to-5000",
        "consent": "some",
        "claims": ["no-risk", "stories"],
        "stage": "treated",
        "after-treatment": "new-problem",
        "health": ["infection"],
        "medicines": ["steroid-shot"],
        "tried": ["nsaid"],
        "matters": ["not-sure"],
        "state": "utah",
    },
    sees={
        *("treated-new-problem", "treated-watch", "ladder-warning", "ladder-state-law", "no-options-infection"),
        *("no-options-before-diagnosis", "none-for-hip", "claim-no-risk", "claim-stories", "state-utah"),
        *("treated-tell-doctor", "treated-report", "get-diagnosis", "standard-care-hip", "ask-which-law"),
    },
    sees_not={"ladder-looks-like-research", "fine-to-wait", "ask-what-i-pay-for", "deposit-still-time"},
    urgent=["urgent-fever-shot", "urgent-hot-joint"],
    why={"urgent-hot-joint": "Warning signs: Fever, chills"},
)

PEOPLE = [PAYING_FOR_A_DRIP, IN_A_TRIAL, WITH_A_NERVE_DISEASE, ON_A_BLOOD_THINNER, WITH_A_RED_FLAG]


def kind(page: Page) -> str:
    """Which page this is."""
    return page.locator("main").get_attribute("data-page") or ""


def question(page: Page) -> str:
    """The slug of the question on this page, empty if there is none."""
    return page.locator("main").get_attribute("data-question") or ""


def start(page: Page) -> None:
    page.goto("/")
    page.get_by_role("link", name="Start", exact=True).click()


def fill(page: Page, answer: Answer) -> None:
    """Put the answer into the form that is shown."""
    if isinstance(answer, Typed):
        page.locator("input[name=answer]").fill(answer)
        return
    for slug in [answer] if isinstance(answer, str) else answer or []:
        page.locator(f"input[name=answer][value='{slug}']").check()


def send(page: Page) -> None:
    page.get_by_role("button", name="Continue", exact=True).click()


def steps(page: Page, person: Person, until: Iterable[str] = ("check",)) -> Iterator[str]:
    """Walk on, and yield the name of every page that is reached: a question's slug, or the kind of another page."""
    while True:
        slug = question(page)
        name = slug or kind(page)
        yield name
        if name in until:
            return
        if slug:
            assert slug in person.answers, f"{person.name} was not expected to be asked {slug}"
            fill(page, person.answers[slug])
            send(page)
        elif name == "study":
            # Whether or not there is a record to ask about.
            page.locator("input[name=said][value='same']").evaluate_all("all => all.forEach(each => each.click())")
            send(page)
        else:
            assert name == "urgent", f"{person.name} has come to {name}"
            page.get_by_role("button", name="Go on with the questions").click()


def walk(page: Page, person: Person, until: str = "check") -> list[str]:
    """From the start to the page of this name; the names of all pages on the way, this one too."""
    start(page)
    seen = list(steps(page, person, (until,)))
    if until == "check":
        assert [name for name in seen if name in person.answers] == list(person.answers)
    return seen


def finish(page: Page) -> None:
    page.get_by_role("button", name="Show my guidance").click()
    expect(page.locator("main")).to_have_attribute("data-page", "result")


def guidance(page: Page) -> list[tuple[str, str]]:
    """(slug, kind) of every item on this page, in the order of the document."""
    found: list[list[str]] = page.locator("[data-guidance]").evaluate_all(
        "all => all.map(each => [each.dataset.guidance, each.dataset.kind])"
    )
    return [(slug, each) for slug, each in found]
