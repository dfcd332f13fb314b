"""A small aid that checks numbers of studies, records, and a registry on this computer that plays the public one."""

from __future__ import annotations

import contextlib
import copy
import datetime as dt
import json
import threading
from collections.abc import Iterator
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from unittest.mock import patch

from django.utils import timezone

from questionnaire.domain import folder, trial_rules
from questionnaire.integrations import clinicaltrials
from questionnaire.models import FinishedVersion, RegistryCopy, RegistryStudy, Review, StudyCheck
from questionnaire.services import editions, registry, registry_turn, trial_review
from questionnaire.services.sealing import seal
from tests.web import item, text

NUMBER = "NCT01234567"
RECORD: dict[str, Any] = {
    "protocolSection": {
        "identificationModule": {"nctId": NUMBER, "briefTitle": "Exosomes for a knee"},
        "statusModule": {
            "overallStatus": "RECRUITING",
            "statusVerifiedDate": "2026-10",
            "startDateStruct": {"date": "2025-01-31"},
            "completionDateStruct": {"date": "2030-01", "type": "ESTIMATED"},
        },
        "sponsorCollaboratorsModule": {"leadSponsor": {"name": "Some University"}},
        "oversightModule": {"isFdaRegulatedDrug": True},
        "designModule": {"studyType": "INTERVENTIONAL", "phases": ["PHASE1"]},
        "conditionsModule": {"conditions": ["Knee osteoarthritis"]},
        "armsInterventionsModule": {"interventions": [{"type": "BIOLOGICAL", "name": "MSC exosomes"}]},
        "contactsLocationsModule": {
            "locations": [
                {
                    "facility": "Hilltop Joint Clinic",
                    "city": "Springfield",
                    "state": "Illinois",
                    "country": "United States",
                    "contacts": [{"name": "Nurse Nobody", "phone": "555 010 0123"}],
                }
            ]
        },
    }
}


@cache
def _rules() -> Any:
    return folder.document_of(editions.SHIPPED)["trial.yaml"]


def with_check(document: dict[str, Any]) -> None:
    """The shipped rules, and cautions that go by what the registry says."""
    rules = copy.deepcopy(_rules())
    rules["evidence"] = {slug: ["E-1"] for slug in trial_rules.ALL}
    rules["part_of"] = {"joint-site": {"knee": ["knee"]}}
    document["trial.yaml"] = rules
    document["aid.yaml"]["notes"] |= {"letter": text("A letter says this."), "study-changed": text("We looked again:")}
    with_facts(document, "guidance/all.yaml", "E-1")


def with_facts(document: dict[str, Any], file: str, evidence: str) -> None:
    """Cautions that go by what the registry says, added to this file."""
    document["aid.yaml"]["facts"] = [{"slug": slug, "values": list(held)} for slug, held in trial_rules.FACTS.items()]
    for fact, value in (("registry-open", "not-open"), ("registry", "not-found"), ("registry", "not-checked")):
        when = {"all": [{"fact": fact, "is": value}]}
        document[file].append(item(f"study-{value}", "caution", rank=50, when=when, evidence=[evidence]))


def record(number: str = NUMBER, **status: Any) -> dict[str, Any]:
    """The record, with these values in its status."""
    held = copy.deepcopy(RECORD)
    held["protocolSection"]["identificationModule"]["nctId"] = number
    held["protocolSection"]["statusModule"] |= status
    return held


def told(held: dict[str, Any]) -> RegistryCopy:
    """As if the registry had answered this just now."""
    number = held["protocolSection"]["identificationModule"]["nctId"]
    kept = registry._kept(number, json.dumps(clinicaltrials._without_contacts(held)))
    now = timezone.now()
    values = {"state": RegistryStudy.State.FOUND, "newest": kept, "checked_at": now, "tried_at": None, "reason": ""}
    RegistryStudy.objects.update_or_create(number=number, defaults=values)
    return kept


def said(
    review: Review,
    said: str = "same",
    *,
    number: str = NUMBER,
    name: str = "Hilltop Joint Clinic",
    city: str = "Springfield",
) -> None:
    """As if the patient had said this of the study before they confirmed the shared version."""
    clinic = seal(json.dumps({"name": name, "city": city}))
    StudyCheck.objects.create(response_id=str(review.response_id), number=number, said=said, clinic=clinic)
    told = {"study_number": number, "study_said": said, "study_clinic": clinic}
    FinishedVersion.objects.filter(pk=str(review.version_id)).update(**told)


def finished_with(review: Review, held: dict[str, Any] | None, **facts: str) -> None:
    """As if the patient's page had been made with this record; None where the registry could not be reached."""
    kept = told(held) if held is not None else None
    version = FinishedVersion.objects.get(pk=str(review.version_id))
    if kept is not None:
        study = trial_review.study_of(version)
        facts = dict(study.judged(registry.record_of(kept), timezone.now().date()).facts) | facts
    facts = facts or {"registry": "not-checked"}
    FinishedVersion.objects.filter(pk=version.pk).update(
        facts=facts, registry_copy=kept, finished_at=timezone.now() if kept else version.finished_at
    )


class Registry:
    """Answers for the public registry: `answer` is a record, or a status without one; `data`, of when its data are."""

    def __init__(self) -> None:
        self.answer: Any = RECORD
        self.data = "2026-11-24T09:00:06"
        self.asked: list[str] = []
        registry = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                answer = registry.answer
                if self.path.endswith("/version"):
                    answer = {"dataTimestamp": registry.data}
                else:
                    registry.asked.append(self.path)
                status = answer if isinstance(answer, int) else 200
                body = b"" if status != 200 else json.dumps(answer).encode()
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *args: Any) -> None:
                """Tests' output stays quiet."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"


@contextlib.contextmanager
def serving() -> Iterator[Registry]:
    played = Registry()
    thread = threading.Thread(target=played.server.serve_forever, daemon=True)
    thread.start()
    with patch.object(registry_turn, "SPACING", dt.timedelta(0)):
        yield played
    played.server.shutdown()
    played.server.server_close()
