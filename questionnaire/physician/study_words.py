"""Why the registry gave no answer, in words for staff: one sentence for each way in which that can happen."""

from __future__ import annotations

WHY = {
    "refused": "The registry did not accept our request (status 400). Tell whoever runs this program.",
    "busy": "The registry asked us to come back later (status 429).",
    "failed": "The registry has a fault of its own (status 500 or above).",
    "unexpected": "The registry answered in a way that this program does not know.",
    "timed-out": "No whole answer came in time.",
    "unreachable": "There was no connection to the registry.",
    "too-large": "The answer was larger than any record that this program reads, so it was not read.",
    "html": "A web page came in place of a record. Something on the way to the registry may have stopped the request.",
    "not-json": "The answer came broken, so nothing could be read from it.",
    "not-a-record": "What came was no record of a study.",
    "another-study": "The registry sent the record of another study, which was not used.",
    "never-asked": "The registry has not been asked for this number yet.",
    "out-of-date": "The registry last answered more than a day ago.",
    "queue": "This program was asking the registry for others at that moment, and asks at most once a second.",
    "moves-in-a-circle": "The registry leads from this number to others and back to it.",
}
"""By `registry.REASONS`."""


def why(reason: str) -> str:
    """The sentence; a word that an earlier program kept says only that there was no answer."""
    return WHY.get(reason, "The registry gave no answer that can be used.")
