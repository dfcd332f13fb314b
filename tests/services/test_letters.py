"""FDA's letters: taken in whole or not at all, kept by editors, shown to patients only where an edition says so."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db import connection
from django.template.loader import render_to_string
from django.test import Client
from django.test.utils import CaptureQueriesContext

from questionnaire.domain.letters import Letter
from questionnaire.domain.reading import Refused as RefusedAid
from questionnaire.models import AuditEvent, FdaLetter
from questionnaire.pages import texts
from questionnaire.services import finishing, letters, opening, staff
from questionnaire.services.trial_facts import Told
from tests import sharing, studies, web
from tests.staff import approver, editor, physician, sign_in

pytestmark = pytest.mark.django_db

HEAD = "firm,other_names,product,city,state,date,kind,link,note"
LINE = "Kimera Labs,XoGlo|Amnio2X,Exosomes,Miramar,Florida,2023-09-01,warning,https://www.fda.gov/x,Read"


def taken(*lines: str, head: str = HEAD) -> tuple[int, int]:
    return letters.take_in(by=None, content="\n".join((head, *lines)).encode())


def refused(*lines: str, head: str = HEAD) -> tuple[str, ...]:
    with pytest.raises(letters.Refused) as caught:
        taken(*lines, head=head)
    assert not FdaLetter.objects.exists()
    return caught.value.problems


# --- Taking in


def test_a_file_is_taken_in_and_again_changes_nothing():
    assert taken(LINE) == (1, 0)
    letter = FdaLetter.objects.get()
    assert (letter.firm, letter.other_names, letter.state) == ("Kimera Labs", ["XoGlo", "Amnio2X"], "Florida")
    assert (letter.date, letter.kind, letter.link) == (dt.date(2023, 9, 1), "warning", "https://www.fda.gov/x")
    assert taken(LINE) == (0, 0)
    assert FdaLetter.objects.get().pk == letter.pk


def test_a_line_that_changed_changes_its_letter():
    taken(LINE)
    before = FdaLetter.objects.get()
    assert taken(LINE.replace("Miramar", "Miami"), LINE.replace("warning", "untitled")) == (1, 1)
    before.refresh_from_db()
    assert before.city == "Miami"
    assert FdaLetter.objects.count() == 2


def test_what_was_taken_in_is_on_record_and_what_changed_nothing_is_not():
    for lines in ((LINE,), (LINE,), (LINE.replace("Miramar", "Miami"), LINE.replace("warning", "untitled"))):
        taken(*lines)
    events = AuditEvent.objects.filter(kind="letters taken in").order_by("pk")
    assert [event.detail for event in events] == [{"new": 1, "changed": 0}, {"new": 1, "changed": 1}]
    assert {event.actor for event in events} == {"program"}


def test_a_byte_order_mark_and_spaces_do_no_harm():
    assert letters.take_in(
        by=None, content=b"\xef\xbb\xbf" + f"{HEAD}\r\n  Kimera   Labs ,,,,,2023-09-01,warning,,".encode()
    )
    assert FdaLetter.objects.get().firm == "Kimera Labs"


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (("2023-09-01", "9/1/2023"), "line 3: date: write it as 2025-01-31"),
        (("2023-09-01", "2023-02-30"), "line 3: date: write it as 2025-01-31"),
        (("warning", "stern"), "line 3: kind: "),
        (("Kimera Labs", ""), "line 3: firm: "),
        (("Kimera Labs", "K" * 201), "line 3: firm: "),
        (("https://www.fda.gov/x", "https://example.org/x"), "line 3: link: only an https address of fda.gov"),
        (("https://www.fda.gov/x", "https://fda.gov.example.org/x"), "line 3: link: only an https address of fda.gov"),
        (("https://www.fda.gov/x", "javascript:alert(1)"), "line 3: link: only an https address of fda.gov"),
        (("https://www.fda.gov/x", "http://www.fda.gov/x"), "line 3: link: only an https address of fda.gov"),
        (("https://www.fda.gov/x", "https://[fda.gov"), "line 3: link: only an https address of fda.gov"),
        (("Read", "Read,more"), "line 3: 9 columns are needed"),
        ((",Read", ""), "line 3: 9 columns are needed"),
    ],
)
def test_a_line_that_is_wrong_refuses_the_whole_file_by_its_number(change: tuple[str, str], words: str):
    good = LINE.replace("2023", "2020")
    problems = refused(good, LINE.replace(*change))
    assert len(problems) == 1
    assert problems[0].startswith(words)


def test_every_problem_is_named_at_once():
    problems = refused(LINE.replace("warning", "stern"), LINE, LINE, LINE.replace("2023-09-01", "soon"))
    assert [each.split(":")[0] for each in problems] == ["line 2", "line 4", "line 5"]
    assert "the same firm, date and kind as line 3" in problems[1]


def test_columns_that_lack_or_are_not_known_are_named():
    assert refused("x", head="firm,colour") == (
        *(f"line 1: there is no column “{name}”; add it" for name in letters.COLUMNS if name != "firm"),
        "line 1: the column “colour” is not known; drop it",
    )


@pytest.mark.parametrize("content", [b"\xff\xfe", b"firm\0", f'{HEAD}\n"open'.encode(), b""])
def test_what_is_no_csv_is_refused_in_words(content: bytes):
    with pytest.raises(letters.Refused) as caught:
        letters.take_in(by=None, content=content)
    assert caught.value.problems


def test_only_an_editor_takes_a_file_in():
    with pytest.raises(staff.NotAllowed):
        letters.take_in(by=physician(), content=f"{HEAD}\n{LINE}".encode())
    assert letters.take_in(by=editor(), content=f"{HEAD}\n{LINE}".encode()) == (1, 0)


def test_the_seed_is_taken_in_once_and_an_editors_list_is_left_alone():
    count = letters.seed()
    assert count == FdaLetter.objects.count() == 8
    assert not [each for each in FdaLetter.objects.all() if each.link and not letters.is_link(each.link)]
    FdaLetter.objects.exclude(firm="Regenerelle").delete()
    assert letters.seed() == 0
    assert FdaLetter.objects.count() == 1


# --- The admin


FORM = {"firm": "Kimera Labs", "other_names": "XoGlo\n\n Amnio2X ", "date": "2023-09-01", "kind": "warning"}
LIST, ADD = "/admin/questionnaire/fdaletter/", "/admin/questionnaire/fdaletter/add/"


def test_an_editor_keeps_the_list(db: None):
    client = sign_in(Client(), editor())
    assert client.post(ADD, FORM).status_code == 302
    letter = FdaLetter.objects.get()
    assert letter.other_names == ["XoGlo", "Amnio2X"]
    page = client.get(f"{LIST}{letter.pk}/change/")
    assert "XoGlo\nAmnio2X" in page.content.decode()
    assert client.post(f"{LIST}{letter.pk}/change/", FORM | {"city": "Miramar"}).status_code == 302
    letter.refresh_from_db()
    assert letter.city == "Miramar"
    refused = client.post(ADD, FORM | {"kind": "untitled", "link": "https://example.org/"})
    assert "fda.gov" in refused.content.decode()
    assert client.post(f"{LIST}{letter.pk}/delete/", {"post": "yes"}).status_code == 302
    assert not FdaLetter.objects.exists()


def test_nobody_else_does(db: None):
    for user in (approver(), physician("dora", is_staff=True)):
        client = sign_in(Client(), user)
        assert client.get(LIST).status_code == 403
        assert client.post(ADD, FORM).status_code == 403
    assert not FdaLetter.objects.exists()


# --- Patients


def shown(document: dict[str, Any]) -> None:
    studies.with_check(document)
    document["trial.yaml"]["letters_for_patients"] = True


def test_patients_are_told_of_no_letter_unless_the_edition_says_so():
    web.publish(web.small_aid(studies.with_check), note="First edition.")
    taken(LINE)
    walk = sharing.finished(words="They have XoGlo there")
    with CaptureQueriesContext(connection) as caught:
        assert letters.to_show(walk.journey, Told()) == ()
    assert not caught.captured_queries


def test_where_it_does_they_read_a_sentence_with_date_and_link():
    web.publish(web.small_aid(shown), note="First edition.")
    taken(LINE)
    walk = sharing.finished(words="They have XoGlo there")
    version = finishing.latest(walk)
    assert version is not None
    found = letters.shown_in(version)
    assert found == (Letter("Kimera Labs", dt.date(2023, 9, 1), "warning", "https://www.fda.gov/x"),)
    assert "Kimera" not in version.letters, "which letters match tells what a person typed"
    context = {"letters": found, "notes": texts.notes(walk.aid, "en")}
    html = render_to_string("parts/letter.html", context)
    assert "A letter says this." in html
    assert "Kimera Labs, September 1, 2023" in html
    assert 'href="https://www.fda.gov/x"' in html
    assert not render_to_string("parts/letter.html", {"letters": [], "notes": {}}).strip()
    other = finishing.latest(sharing.finished(words="Nothing of the kind"))
    assert other is not None
    assert (letters.shown_in(other), other.letters) == ((), "")


def test_an_edition_that_shows_letters_must_say_what_a_letter_is():
    def silent(document: dict[str, Any]) -> None:
        shown(document)
        del document["aid.yaml"]["notes"]["letter"]

    with pytest.raises(RefusedAid, match="patients are told of letters, so write what is said of them"):
        opening.open_document(by=None, document=web.small_aid(silent))
