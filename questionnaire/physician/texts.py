"""What a physician typed into the fields of a response's page: what a step sends, and what would be left behind.

One form owns all of these fields, so each button sends them along, with or without a script, and nothing that was typed
is lost by pressing the wrong one.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from django.http import HttpRequest

from questionnaire.services.reviews import LONGEST_TEXT

TEXT = "text"
"""A form with a single field calls it so: a page that was open while the program was changed still sends this."""
TELL = "tell"
"""The field of the reply that was prepared about a study; `PREPARED` carries it as it was before anybody changed it."""
PREPARED = "prepared"
FIELD = "field"
"""In the address of a reply: the field that is sent, where it is not the one of the step's own name."""


@dataclass(frozen=True, slots=True)
class Box:
    """A field: the step that sends it, what it is called, and what is done with it."""

    step: str
    noun: str
    verb: str
    past: str

    @property
    def left(self) -> str:
        """That it was not sent, in a sentence."""
        return f"You wrote a {self.noun} that is not {self.past}."

    @property
    def send(self) -> str:
        """To send it, as the end of a sentence."""
        return f"{self.verb} the {self.noun}"


BOXES: Mapping[str, Box] = {
    "reply": Box("reply", "reply", "send", "sent"),
    TELL: Box("reply", "reply about the study", "send", "sent"),
    "note": Box("note", "note", "keep", "kept"),
    "refer": Box("refer", "referral", "keep", "kept"),
}


@dataclass(frozen=True, slots=True)
class Choice:
    """A way on from a page that refused a step: the words of its button, and what it sends as `unsent`."""

    value: str
    words: str


@dataclass(frozen=True, slots=True)
class Refused:
    """Why a step was not taken: a problem for each field, and the ways on at `address`, where there are any."""

    problems: Mapping[str, str]
    address: str = ""
    choices: tuple[Choice, ...] = field(default_factory=tuple)


def typed(request: HttpRequest, step: str = "") -> dict[str, str]:
    """Every field in which something stands that was typed, as it was typed.

    Args:
        step: of a form with a single field, whose text then stands under the field that this step sends.
    """
    if request.method != "POST":
        return {}
    found = {name: request.POST[name] for name in BOXES if request.POST.get(name, "").strip()}
    if TELL in found and _plain(found[TELL]) == _plain(request.POST.get(PREPARED, "")):
        del found[TELL]
    only, own = request.POST.get(TEXT, ""), field_of(request, step)
    # A step without words has no such field; what is sent to one came from no page of ours.
    if only.strip() and (own in BOXES or not step) and own not in request.POST:
        found[own] = only
    return found


def field_of(request: HttpRequest, step: str) -> str:
    """The field that this step sends; one that there is none of, for a step without words."""
    other = request.GET.get(FIELD, "")
    return other if other in BOXES and BOXES[other].step == step else step


def sent(request: HttpRequest, step: str) -> str:
    """The words that this step sends, as they were typed; a reply that was prepared may be sent unchanged."""
    name = field_of(request, step)
    return request.POST.get(name, request.POST.get(TEXT, ""))


def problem(name: str, text: str) -> str:
    """Why this text cannot be stored, with what to do; empty when it can."""
    length = len(_plain(text))
    if not length:
        return f"Write the {BOXES[name].noun} before you {BOXES[name].verb} it."
    if length > LONGEST_TEXT:
        return f"Use {LONGEST_TEXT:,} characters or fewer. You used {length:,}."
    return ""


def listed(parts: Iterable[str]) -> str:
    """These parts as one phrase: "a, b and c"."""
    *most, last = parts
    return f"{', '.join(most)} and {last}" if most else last


def _plain(text: str) -> str:
    return text.strip().replace("\r\n", "\n")
