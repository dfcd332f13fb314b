"""Keys are rotated: all is read and found with the new key alone, whenever it stops and whoever writes meanwhile."""

from __future__ import annotations

import datetime as dt
import threading

import pytest
from allauth.mfa.adapter import get_adapter
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from cryptography.fernet import Fernet
from django.db.models import F

from questionnaire.domain.letters import Letter
from questionnaire.models import FinishedVersion, Response, Review, ReviewEntry, SearchToken, StudyCheck
from questionnaire.services import (
    audit,
    finishing,
    inbox,
    letters,
    responses,
    return_codes,
    reviews,
    rotation,
    sealed_places,
    sharing,
    trial_facts,
)
from questionnaire.services.inbox import Filters
from questionnaire.services.sealing import unseal, unsealed
from questionnaire.services.trial_facts import Told
from tests import sharing as given
from tests import staff
from tests.sharing import caller
from tests.web import at_once

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("published")]

NUMBER = "NCT01234567"
NEW, OTHER = (Fernet.generate_key().decode() for _ in range(2))


@pytest.fixture
def old(settings):
    return settings.FIELD_KEYS[0]


@pytest.fixture
def keys(settings, old):
    """Set the keys; `keys("new", "old")` puts the new one in front."""
    named = {"new": NEW, "old": old, "other": OTHER}

    def put(*names):
        settings.FIELD_KEYS = [named[name] for name in names]

    return put


@pytest.fixture
def shared(keys):
    """A shared response with a question, a note, a reply and words of the person's own, all under the old key."""
    keys("old")
    dora = staff.physician()
    review = given.share(given.finished(), question="May I go on with my pills?")
    for number, text in enumerate(("She sounded worried.", "Come in on Monday.")):
        step = (reviews.note, reviews.reply)[number]
        step(by=caller(dora), pk=review.pk, revision=number + 1, text=text)
    staff.with_factor(dora)
    name_clinic(review)
    return Review.objects.get()


def name_clinic(review):
    """The clinic that the patient named for their study, and a letter that they were shown because of it."""
    said = Told("same", "Hilltop Clinic", "Springfield")
    clinic = trial_facts.sealed_clinic(said)
    StudyCheck.objects.create(response=review.response, number=NUMBER, said="same", clinic=clinic)
    FinishedVersion.objects.filter(response=review.response).update(
        study_number=NUMBER,
        study_clinic=trial_facts.sealed_clinic(said),
        letters=letters.sealed((Letter("Hilltop Clinic", dt.date(2023, 9, 1), "warning"),)),
    )


def read(review):
    """Everything that was sealed, in the clear."""
    found = Review.objects.get(pk=review.pk)
    walk = responses.find(str(found.response_id))
    identity = reviews.identity(found)
    assert identity is not None
    version = finishing.latest(walk)
    assert version is not None
    return [
        identity.name,
        identity.born.isoformat(),
        identity.contact,
        reviews.question(found),
        *(entry.text for entry in reviews.entries(found)),
        walk.journey.answers["words"],
        sealed_answers(version),
        unseal(StudyCheck.objects.get().clinic),
        trial_facts.told_in(version, NUMBER).name,
        *(letter.firm for letter in letters.shown_in(version)),
        *secrets(),
    ]


def sealed_answers(version):
    return unsealed(version.answers)["words"]


def secrets():
    dora = staff.physician()
    return [
        get_adapter().decrypt(staff.with_factor(dora).data["secret"]),
        *RecoveryCodes.activate(dora).get_unused_codes(),
    ]


def found_by(**words):
    page = inbox.page(filters=Filters(), user=None, search=inbox.search_for(**words))
    return [who.name for each in page.reviews if (who := reviews.identity(each))]


def anew():
    return {each.place: each.anew for each in rotation.rotate()}


# --- Two keys, then the new one alone


def test_everything_is_read_and_found_with_the_new_key_alone(shared, keys):
    before = read(shared)
    keys("new", "old")
    assert read(shared) == before
    assert anew() == {
        "identities": 1,
        "questions of patients": 1,
        "notes and replies": 2,
        "answers": 1,
        "finished answers": 1,
        "clinics": 1,
        "finished clinics": 1,
        "letters shown": 1,
        "second factors": 2,
        "search words": 1,
    }
    keys("new")
    assert read(shared) == before
    assert found_by(name="lopez maria") == ["Maria López"]
    assert found_by(born=dt.date(1961, 5, 6)) == ["Maria López"]


def test_a_second_time_there_is_nothing_left_to_do(shared, keys):
    keys("new", "old")
    rotation.rotate()
    rows = [*Review.objects.values(), *ReviewEntry.objects.values(), *Response.objects.values()]
    assert set(anew().values()) == {0}
    assert [*Review.objects.values(), *ReviewEntry.objects.values(), *Response.objects.values()] == rows


def test_while_two_keys_are_in_use_a_search_finds_what_either_made(shared, keys):
    keys("new", "old")
    given.shared(name="Maria Bell")
    assert sorted(found_by(name="maria")) == ["Maria Bell", "Maria López"]
    assert found_by(name="Maria López") == ["Maria López"]
    assert found_by(name="Bell Maria") == ["Maria Bell"]
    assert sorted(found_by(born=dt.date(1961, 5, 6))) == ["Maria Bell", "Maria López"]
    rotation.rotate()
    assert sorted(found_by(name="maria")) == ["Maria Bell", "Maria López"]


def test_a_review_keeps_its_place_and_its_flags(keys):
    keys("old")
    review = given.shared(problem="skin")
    keys("new", "old")
    rotation.rotate()
    assert set(SearchToken.objects.values_list("queue", flat=True)) == {Review.objects.get().queue}
    review.refresh_from_db()
    assert review.flags == ["skin"]
    assert inbox.counts()["new"] == 1


def test_what_was_withdrawn_stays_empty(shared, keys):
    sharing.withdraw(walk=responses.find(str(shared.response_id)))
    keys("new", "old")
    done = anew()
    assert (done["identities"], done["notes and replies"], done["search words"]) == (0, 0, 0)
    assert done["answers"] == 1
    assert not SearchToken.objects.exists()


# --- Stopped, and taken up again


@pytest.mark.parametrize("place", [each.name for each in sealed_places.PLACES])
def test_stopped_in_the_middle_of_any_place_it_is_taken_up_again(place, keys, monkeypatch):
    keys("old")
    monkeypatch.setattr(rotation, "BATCH", 2)
    dora = staff.physician()
    for number in range(5):
        review = given.share(given.finished(words=f"Words {number}."), name=f"Person{number} Bell", question="Why?")
        reviews.note(by=caller(dora), pk=review.pk, revision=1, text=f"Note {number}.")
        name_clinic(review)
        staff.with_factor(staff.physician(f"p{number}"))
    keys("new", "old")

    class Stopped(Exception):
        pass

    def stop(counted):
        if counted.place == place:
            raise Stopped

    with pytest.raises(Stopped):
        rotation.rotate(stop)
    for number in range(5):
        assert found_by(name=f"Person{number}") == [f"Person{number} Bell"]
    done = {each.place: each for each in rotation.rotate()}
    assert 0 < done[place].anew < done[place].rows
    assert not sum(each.unreadable for each in done.values())
    keys("new")
    for number in range(5):
        assert found_by(name=f"bell person{number}") == [f"Person{number} Bell"]
    answers = Response.objects.values_list("answers", flat=True)
    assert {unsealed(each)["words"] for each in answers} == {f"Words {number}." for number in range(5)}
    versions = FinishedVersion.objects.all()
    assert {trial_facts.told_in(each, NUMBER).name for each in versions} == {"Hilltop Clinic"}
    assert {letter.firm for each in versions for letter in letters.shown_in(each)} == {"Hilltop Clinic"}
    notes = {entry.text for each in Review.objects.all() for entry in reviews.entries(each) if entry.text}
    assert notes == {f"Note {number}." for number in range(5)}


# --- Others write meanwhile


def meanwhile(monkeypatch, place, change):
    """Have `change` happen once, between the reading and the writing of a row of this place."""
    kind = type(next(each for each in sealed_places.PLACES if each.name == place))
    write = kind.write
    done: list[str] = []

    def slow(self, read, fresh):
        if self.name == place and not done:
            done.append(place)
            change()
        return write(self, read, fresh)

    monkeypatch.setattr(kind, "write", slow)
    return done


def test_an_answer_given_meanwhile_is_kept(shared, keys, monkeypatch):
    keys("new", "old")
    walk = responses.find(str(shared.response_id))
    done = meanwhile(
        monkeypatch, "answers", lambda: responses.answer(walk=walk, slug="words", answer="Words of this moment.")
    )
    rotation.rotate()
    assert done
    keys("new")
    assert responses.find(str(shared.response_id)).journey.answers["words"] == "Words of this moment."


def test_an_answer_that_was_read_before_does_not_bring_the_old_key_back(shared, keys):
    keys("new", "old")
    walk = responses.find(str(shared.response_id))
    rotation.rotate()
    responses.answer(walk=walk, slug="problem", answer="skin")
    keys("new")
    answers = responses.find(str(shared.response_id)).journey.answers
    assert (answers["words"], answers["problem"]) == ("My own words.", "skin")


@pytest.mark.parametrize("place", ["identities", "questions of patients", "notes and replies"])
def test_what_is_withdrawn_meanwhile_stays_empty(place, shared, keys, monkeypatch):
    keys("new", "old")
    done = meanwhile(monkeypatch, place, lambda: sharing.withdraw(walk=responses.find(str(shared.response_id))))
    rotation.rotate()
    assert done
    review = Review.objects.get()
    assert (review.identity, review.question) == ("", "")
    assert set(review.entries.values_list("text", flat=True)) == {""}
    assert not SearchToken.objects.exists()


@pytest.mark.parametrize("place", [each.name for each in sealed_places.PLACES if each.name != "second factors"])
def test_what_is_erased_meanwhile_stays_erased(place, shared, keys, monkeypatch):
    keys("new", "old")
    walk = responses.find(str(shared.response_id))
    done = meanwhile(monkeypatch, place, lambda: responses.erase(pk=walk.response.pk))
    rotation.rotate()
    assert done
    assert not Response.objects.exists()
    assert not FinishedVersion.objects.exists()


def test_a_row_that_changes_each_time_is_given_up_on(shared, keys, monkeypatch):
    keys("new", "old")
    kind = sealed_places.ResponseAnswers
    write = kind.write

    def always_late(self, read, fresh):
        Response.objects.update(revision=F("revision") + 1)
        return write(self, read, fresh)

    monkeypatch.setattr(kind, "write", always_late)
    with pytest.raises(rotation.Busy, match="answers"):
        rotation.rotate()


@pytest.mark.django_db(transaction=True)
def test_it_runs_while_people_answer_and_physicians_write(keys, monkeypatch):
    keys("old")
    monkeypatch.setattr(rotation, "BATCH", 3)
    dora = staff.physician()
    shares = [given.shared(name=f"Person{number} Bell", words=f"Old {number}.") for number in range(4)]
    keys("new", "old")
    stop = threading.Event()

    def patient(number):
        def write():
            walk = responses.find(str(shares[number].response_id))
            for turn in range(6):
                walk = responses.answer(walk=walk, slug="words", answer=f"New {number} {turn}.")
                finishing.finish(walk=walk)

        return write

    def physician():
        for _ in range(6):
            for each in shares:
                try:
                    review = Review.objects.get(pk=each.pk)
                    reviews.note(by=caller(dora), pk=each.pk, revision=review.revision, text="Called.")
                except reviews.Conflict:
                    continue

    def everybody():
        try:
            at_once(*map(patient, range(4)), physician)
        finally:
            stop.set()

    def rotates():
        while not stop.is_set():
            rotation.rotate()

    at_once(rotates, everybody)
    assert not sum(each.unreadable for each in rotation.rotate())
    keys("new")
    for number, each in enumerate(shares):
        walk = responses.find(str(each.response_id))
        assert walk.journey.answers["words"] == f"New {number} 5."
        assert found_by(name=f"person{number}") == [f"Person{number} Bell"]
        versions = [sealed_answers(version) for version in walk.response.versions.order_by("number")]
        assert versions == [f"Old {number}.", *(f"New {number} {turn}." for turn in range(6))]
    assert audit.verify().problems == ()


# --- What no key opens


def test_a_row_that_no_key_opens_is_counted_and_left(shared, keys):
    keys("other")
    lost = given.shared(name="Ann Bell", words="Lost words.")
    tokens = sorted(lost.tokens.values_list("token", flat=True))
    before = Review.objects.get(pk=lost.pk).identity
    keys("new", "old")
    done = {each.place: (each.rows, each.anew, each.unreadable) for each in rotation.rotate()}
    assert done["identities"] == done["answers"] == done["finished answers"] == done["search words"] == (2, 1, 1)
    assert Review.objects.get(pk=lost.pk).identity == before
    assert sorted(lost.tokens.values_list("token", flat=True)) == tokens
    keys("new", "old", "other")
    assert not sum(each.unreadable for each in rotation.rotate())
    keys("new")
    assert sorted(found_by(name="bell")) == ["Ann Bell"]


# --- What earlier keys are still needed for


def test_return_codes_need_the_key_that_hashed_them_until_they_are_used_or_made_anew(keys):
    keys("old")
    one, other = given.finished(), given.finished()
    codes = [return_codes.give(walk=one), return_codes.give(walk=other)]
    keys("new", "old")
    rotation.rotate()
    needed = rotation.needed()
    until = max(Response.objects.values_list("expires_at", flat=True))
    assert (needed.codes, needed.codes_until) == (2, until)
    assert return_codes.come_back(typed=codes[0], address="192.0.2.1").response.pk == one.response.pk
    keys("new")
    assert return_codes.come_back(typed=codes[0], address="192.0.2.1").response.pk == one.response.pk
    with pytest.raises(return_codes.UnknownCode):
        return_codes.come_back(typed=codes[1], address="192.0.2.1")


def test_seals_need_the_key_that_signed_them(shared, keys):
    audit.seal()
    keys("new", "old")
    given.shared()
    audit.seal()
    assert [(key.number, key.seals) for key in rotation.needed().keys] == [(2, 1)]
    keys("new")
    assert [(key.number, key.seals) for key in rotation.needed().keys] == [(0, 1)]
