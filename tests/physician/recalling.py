"""Safety changes of the small aid, and the pages of the recall list as tests read them."""

from __future__ import annotations

from questionnaire.models import Recall
from questionnaire.services import recalls
from tests import sharing as given
from tests import web
from tests.web import Page, small_aid, text

LIST = "/physician/recalls/"


def reworded(document):
    item = next(each for each in document["guidance/all.yaml"] if each["slug"] == "skin-caution")
    item["body"] = text("Body of skin-caution, which is **stronger** now.")


def safety_change(change=reworded, note="A caution is stronger."):
    edition = web.publish(small_aid(change), safety_change=True, note=note)
    assert recalls.work(seconds=20)
    return edition


def touched(*names):
    """People with a skin problem, who shared before a safety change; the entries of the list, in the same order."""
    made = [given.shared(name=name, problem="skin") for name in names or ("Maria López",)]
    safety_change()
    return [Recall.objects.get(review=review) for review in made]


def at(recall):
    return f"{LIST}{recall.pk}/"


def section(page, id):
    return next(each for each in page.root.all("section") if each.get("aria-labelledby") == id)


def listed(client, part="to-do-head", **query):
    page = Page(client.get(LIST, query))
    return [each.text for each in section(page, part).all("a") if each["href"].startswith(f"{LIST}")]


def send(client, recall, act="done", revision=None, **typed):
    if revision is None:
        revision = Page(client.get(at(recall))).root.one("input", name="revision")["value"]
    return client.post(at(recall), {"act": act, "revision": revision, **typed})
