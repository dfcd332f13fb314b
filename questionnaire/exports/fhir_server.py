"""What a FHIR server says about itself: what it can do, what it found, what went wrong."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from questionnaire.exports.fhir_codes import Element

FHIR_VERSION = "4.0.1"
CHANGED = "2026-11-26"
"""When what the server can do last changed."""

_EDITIONS = "Without `version` the edition in use; with it that edition. `language` gives a copy in one language alone."
_SEARCHED = (("url", "uri"), ("version", "token"))


def capability_statement(*, base: str, languages: Iterable[str]) -> Element:
    """What may be asked of this instance.

    Args:
        base: the address under which all of it lies.
        languages: those of the edition in use.
    """
    read_only = {"interaction": [{"code": "read"}]}
    kinds = [{"type": kind, **_searchable()} for kind in ("CodeSystem", "Questionnaire")]
    told = f"{_EDITIONS} Languages: {', '.join(languages)}."
    answers = "For staff who are signed in."
    return {
        "resourceType": "CapabilityStatement",
        "status": "active",
        "date": CHANGED,
        "kind": "instance",
        "software": {"name": "decisionaid"},
        "implementation": {"description": "A patient decision aid: its questions, and answers to them.", "url": base},
        "fhirVersion": FHIR_VERSION,
        "format": ["json"],
        "rest": [
            {
                "mode": "server",
                "documentation": told,
                "resource": [*kinds, {"type": "QuestionnaireResponse", **read_only, "documentation": answers}],
            }
        ],
    }


def _searchable() -> Element:
    return {
        "interaction": [{"code": "read"}, {"code": "search-type"}],
        "searchParam": [{"name": name, "type": kind} for name, kind in _SEARCHED],
    }


def searchset(found: Mapping[str, Any], *, asked: str) -> Element:
    """The answer to a search.

    Args:
        found: resources by their address on this server.
        asked: the search as it was understood.
    """
    entries = [
        {"fullUrl": address, "resource": resource, "search": {"mode": "match"}} for address, resource in found.items()
    ]
    made = {"resourceType": "Bundle", "type": "searchset", "total": len(entries)}
    # An empty list is not allowed.
    return made | {"link": [{"relation": "self", "url": asked}]} | ({"entry": entries} if entries else {})


def operation_outcome(code: str, text: str) -> Element:
    """What went wrong.

    Args:
        code: of FHIR's issue types, such as `not-found` or `deleted`.
    """
    return {
        "resourceType": "OperationOutcome",
        "issue": [{"severity": "error", "code": code, "diagnostics": text}],
    }
