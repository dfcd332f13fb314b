"""Whoever sees a patient, on whatever page or in whatever file, leaves an event that names that patient's response."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from questionnaire.fhir import urls as fhir_urls
from questionnaire.models import AuditEvent, AuditMention, Recall, Review
from questionnaire.physician import urls
from questionnaire.services import audit, recalls
from tests import sharing as given
from tests import studies, web
from tests.physician.exports import as_, asked
from tests.physician.recalling import reworded
from tests.staff import physician
from tests.web import pdf_text

pytestmark = pytest.mark.django_db

NAMES = ("Abernathy", "Brockhurst")
OURS = {f"physician:{each.name}": each for each in urls.urlpatterns} | {
    str(each.name): each for each in fhir_urls.urlpatterns if "QuestionnaireResponse" in str(each.pattern)
}
SHOWING = {
    *("physician:inbox", "physician:recalls", "physician:recall", "physician:response", "physician:download"),
    *("physician:chart-note", "physician:chart-note-file", "physician:chart", "physician:as-seen"),
    *("physician:reply", "physician:note", "physician:refer"),
    *("fhir-response", "fhir-with-questions"),
}
"""Addresses where somebody is seen, at the least: else this test would find nothing, and pass."""


def with_check_reworded(document: dict[str, Any]) -> None:
    studies.with_check(document)
    reworded(document)


class Crawler:
    """A physician who asks for every address with everything that it may be asked for with."""

    def __init__(self) -> None:
        self.client: Client = as_(physician())
        self.marks = {self._shared(name): (name, f"Words of {name[::-1]}") for name in NAMES}
        self.shown: defaultdict[str, set[str]] = defaultdict(set)
        web.publish(web.small_aid(with_check_reworded), safety_change=True)
        recalls.work(seconds=20)

    def _shared(self, name: str) -> Review:
        words = f"Words of {name[::-1]}"
        review = given.shared(name=f"Ann {name}", problem="skin", trial_number=studies.NUMBER, words=words)
        studies.said(review)
        return review

    def addresses(self, name: str) -> Iterator[str]:
        """The pattern's addresses for each response, entry or download there is."""
        held: dict[str, list[Any]] = {
            "pk": [each.pk for each in self.marks],
            "entry": list(Recall.objects.values_list("pk", flat=True)),
            "export": [None],
        }
        fixed = {"number": 1, "rest": "exosomes"}
        wanted = set(OURS[name].pattern.converters)
        many = wanted & set(held)
        assert wanted <= {*held, *fixed}, "a new kind of address: say here what to ask it for"
        alike = {key: value for key, value in fixed.items() if key in wanted}
        if not many:
            yield reverse(name, kwargs=alike)
        for key in many:
            for value in held[key]:
                # A download is for one fetch.
                found = value or asked(self.client).split("/")[-2]
                yield reverse(name, kwargs=alike | {key: found})

    def ask(self, name: str, address: str) -> None:
        self.check(name, lambda: self.client.get(address))
        for data in self.sent(name, address):
            self.check(name, lambda data=data: self.client.post(address, data))

    def sent(self, name: str, address: str) -> list[dict[str, Any]]:
        """Forms: with nothing, with what is taken in, with what is not, and as somebody who was overtaken."""
        if name.startswith("fhir"):
            return []
        if name == "physician:inbox":
            return [{}, {"words": "1961-05-06"}, *({"words": f"Ann {each}"} for each in NAMES)]
        found = [each for each in self.marks if str(each.pk) in address]
        for each in found:
            each.refresh_from_db()
        written = {"revision": str(found[0].revision if found else 1), "text": "Hello.", "then": "next"}
        acts = [{"act": act, "reply": "Hello.", "note": "x", "revision": "99"} for act in ("reply", "done", "nothing")]
        return [{}, written, written | {"text": ""}, written | {"revision": "99"}, *acts[: 0 if found else 3]]

    def check(self, name: str, act: Any, *, led: int = 0) -> None:
        """Each whose name or words are in the answer is named by an event of this one request."""
        last = AuditEvent.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
        reply = act()
        assert reply.status_code < 500, name
        body = read(reply)
        made = AuditEvent.objects.filter(pk__gt=last)
        named = {*made.values_list("subject", flat=True)}
        named |= {*AuditMention.objects.filter(event__in=made).values_list("subject", flat=True)}
        for review, marks in self.marks.items():
            if any(mark in body for mark in marks):
                self.shown[name].add(marks[0])
                assert review.pk in named, f"{name} showed {marks[0]}, and no event says so"
        if reply.status_code == 302 and led < 3:
            self.check(name, lambda: self.client.get(reply["Location"]), led=led + 1)


def read(reply: Any) -> str:
    if reply.streaming:
        return b"".join(reply.streaming_content).decode()
    if reply.get("Content-Type") == "application/pdf":
        return pdf_text(reply)
    return str(reply.content.decode())


@pytest.fixture
def crawler(settings: Any) -> Iterator[Crawler]:
    web.publish(web.small_aid(studies.with_check), note="First edition.")
    with studies.serving() as registry:
        settings.CTGOV_BASE_URL = registry.url
        yield Crawler()


def test_every_address_that_shows_a_patient_names_the_response(crawler: Crawler):
    for name in OURS:
        for address in crawler.addresses(name):
            crawler.ask(name, address)
    assert set(crawler.shown) >= SHOWING
    assert crawler.shown["physician:inbox"] == crawler.shown["physician:download"] == set(NAMES)
    assert crawler.shown["physician:recalls"] == set(NAMES)
    assert audit.verify().problems == ()
