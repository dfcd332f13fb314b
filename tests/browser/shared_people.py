"""Shared responses for browser tests: what `Server.run` makes on the server's own database."""

from __future__ import annotations

SHARED = """
import datetime as dt
from django.contrib.auth.models import Group, User
from questionnaire.models import Review
from questionnaire.services import editions, finishing, responses, reviews, sharing
from questionnaire.services.staff import Caller
from tests.browser import people

def confirmed(walk, given):
    while (slug := walk.journey.open and walk.journey.open.slug) is not None:
        walk = responses.answer(walk=walk, slug=slug, answer=stored(walk, slug, given))
    walk = responses.acknowledge_urgent(walk=walk)
    finishing.finish(walk=walk)
    return responses.find(walk.response.pk)

def stored(walk, slug, given):
    question, answer = walk.aid.question[slug], given.get(slug)
    if question.kind == "one" and isinstance(answer, list):
        return answer[0]
    return "NCT05354141" if question.kind == "trial-number" and answer else answer

def shared(person, name, born, question, preferred=(), **changes):
    first = person.answers["urgent-signs"]
    walk = responses.begin(edition=editions.live(), language="en", slug="urgent-signs", answer=first)
    walk = confirmed(walk, person.answers | changes)
    return sharing.share(walk=walk, name=name, born=born, contact="(555) 010-0142", question=question,
                         preferred=preferred, address="192.0.2.7"), walk

"""
"""Only how to share; what is made of it is what follows."""

MAKE = (
    SHARED
    + """
for name, first, last in (("lee", "Dr", "Lee"), ("okafor", "Dr", "Okafor")):
    user = User.objects.create_user(name, first_name=first, last_name=last, is_staff=True)
    user.groups.add(Group.objects.get(name="Physicians"))

flagged, walk = shared(people.WITH_A_RED_FLAG, "Maria Delgado-Whitfield", dt.date(1961, 5, 6),
    "I had the shot on Monday and my hip has been hot since.\\n\\nDo I have to come in, or does this pass?", ("prp",))
again = {slug: stored(walk, slug, people.WITH_A_RED_FLAG.answers) for slug in walk.response.answers}
for slug, answer in (("severity", "severe"), ("medicines", ["steroid-shot", "blood-thinner"])):
    walk = responses.answer(walk=walk, slug=slug, answer=answer)
walk = responses.acknowledge_urgent(walk=walk)
finishing.finish(walk=walk)
thinner, _ = shared(people.ON_A_BLOOD_THINNER, "Ann Bell", dt.date(1950, 1, 2), "", ("prp", "a2m"))
study, _ = shared(people.IN_A_TRIAL, "Joe Stone", dt.date(1972, 11, 30), "Is this study worth it?")
gone, walk = shared(people.ON_A_BLOOD_THINNER, "Kim Gone", dt.date(1980, 2, 3), "Words of theirs")
sharing.withdraw(walk=responses.find(walk.response.pk))
okafor = Caller(User.objects.get(username="okafor"), "198.51.100.9")
flagged = Review.objects.get(pk=flagged.pk)
reviews.look(by=okafor, pk=flagged.pk)
called = "Called at 9:10, no answer.\\n\\nTrying again at noon."
reviews.note(by=okafor, pk=flagged.pk, revision=flagged.revision, text=called)
"""
)
