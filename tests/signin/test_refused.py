"""Every try that came to nothing is on record: at the door, at one's own sign-in, and where a role was missing."""

from __future__ import annotations

from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.contrib.auth.models import User
from django.test import Client

from questionnaire.models import AuditEvent, Edition
from questionnaire.services import audit, checking, opening
from tests import sharing as given
from tests import staff
from tests.drafting import KNEE
from tests.signin.conftest import DOOR, SECOND, Visitor, secret_on

pytestmark = pytest.mark.django_db

PASSWORD, AGAIN = "/staff/password/", "/staff/password/again/"
APP, PASSKEY = "/staff/second-factor/app/", "/staff/second-factor/passkeys/add/"
FORGED = '{"id": "x", "type": "public-key"}'
WRONG, ELSEWHERE = "not-the-password", "203.0.113.7"


def refusals() -> list[AuditEvent]:
    return list(AuditEvent.objects.filter(kind__contains="refused").order_by("pk"))


def the_one() -> AuditEvent:
    (event,) = refusals()
    assert event.address in (ELSEWHERE, "127.0.0.1")
    return event


def told(event: AuditEvent) -> tuple[str, Any, dict[str, Any]]:
    return event.kind, event.by, event.detail


def wrong_code() -> str:
    return "000000" if staff.code() != "000000" else "000001"


@pytest.fixture
def seated(lee: Any) -> Visitor:
    """Lee, signed in."""
    visitor = Visitor()
    staff.sign_in(visitor.client, lee)
    return visitor


# --- At the door


def test_a_wrong_password(visitor: Visitor, lee: Any):
    visitor.password("lee", WRONG)
    assert told(the_one()) == ("sign-in refused", None, {"what": "password", "account": lee.pk, "user name": "lee"})


def test_a_name_that_nobody_has_is_not_recorded_since_it_may_be_a_password(visitor: Visitor, lee: Any):
    visitor.password("my-pass-word", WRONG)
    assert told(the_one()) == ("sign-in refused", None, {"what": "password"})


def test_the_right_password_of_a_closed_account(visitor: Visitor, lee: Any):
    User.objects.filter(pk=lee.pk).update(is_active=False)
    visitor.password("lee")
    assert told(the_one()) == ("sign-in refused", None, {"what": "password", "account": lee.pk, "user name": "lee"})


def test_too_many_passwords(visitor: Visitor, lee: Any):
    for _ in range(6):
        visitor.password("lee", WRONG)
    assert [each.detail["what"] for each in refusals()] == ["password"] * 5 + ["too many tries"]


@pytest.mark.parametrize("field", ["code", "credential"])
def test_a_wrong_second_factor(field: str, visitor: Visitor, lee: Any):
    visitor.password("lee")
    assert visitor.client.post(SECOND, {field: wrong_code() if field == "code" else FORGED}).status_code == 422
    detail = {"what": "second factor", "account": lee.pk, "user name": "lee"}
    assert told(the_one()) == ("sign-in refused", None, detail)


@pytest.mark.parametrize("field", ["code", "credential"])
def test_too_many_second_factors(field: str, visitor: Visitor, lee: Any):
    visitor.password("lee")
    for _ in range(6):
        visitor.client.post(SECOND, {field: wrong_code() if field == "code" else FORGED})
    assert [each.detail["what"] for each in refusals()] == ["second factor"] * 5 + ["too many tries"]


def test_nothing_is_refused_where_nothing_was_wrong(visitor: Visitor, lee: Any):
    visitor.sign_in("lee")
    fields = {"oldpassword": staff.PASSWORD, "password1": "another-long-word-9", "password2": "another-long-word-9"}
    visitor.post(PASSWORD, **fields)
    assert visitor.get("/staff/second-factor/").status == 200
    assert refusals() == []


# --- One's own sign-in


def test_a_wrong_password_at_the_change_of_the_password(seated: Visitor, lee: Any):
    fields = {"password1": "another-long-word-9", "password2": "another-long-word-9"}
    assert seated.post(PASSWORD, oldpassword=WRONG, **fields).status == 422
    assert told(the_one()) == ("refused", lee, {"page": "account_change_password", "what": "password"})
    for _ in range(5):
        seated.post(PASSWORD, oldpassword=WRONG, **fields)
    assert seated.post(PASSWORD, oldpassword=staff.PASSWORD, **fields).status == 429
    assert [each.detail["what"] for each in refusals()] == ["password"] * 5 + ["too many tries"] * 2
    assert WRONG not in str([each.detail for each in AuditEvent.objects.all()])


def test_a_new_password_that_is_too_weak_is_no_try_to_get_in(seated: Visitor):
    weak = {"password1": "password", "password2": "password"}
    assert seated.post(PASSWORD, oldpassword=staff.PASSWORD, **weak).status == 422
    assert refusals() == []


def test_a_wrong_password_when_it_is_asked_for_again(seated: Visitor, lee: Any):
    for _ in range(6):
        seated.post(AGAIN, password=WRONG)
    assert told(refusals()[0]) == ("sign-in refused", lee, {"what": "password", "account": lee.pk, "user name": "lee"})
    assert [each.detail["what"] for each in refusals()] == ["password"] * 5 + ["too many tries"]
    assert {each.by for each in refusals()} == {lee}


@pytest.mark.parametrize("code", ["000000", ""])
def test_an_app_whose_code_is_wrong_is_not_set_up(code: str, visitor: Visitor, new: Any):
    visitor.password("new")
    secret = secret_on(visitor.get(APP))
    assert visitor.post(APP, code=code).status == 422
    assert told(the_one()) == ("refused", new, {"page": "mfa_activate_totp", "what": "codes of an app"})
    assert secret not in str(the_one().detail)
    assert not Authenticator.objects.exists()


@pytest.mark.parametrize("credential", ["{}", "no JSON", "[1]", '"x"', "5", FORGED])
def test_a_passkey_that_is_none_is_not_added(credential: str, visitor: Visitor, new: Any):
    visitor.password("new")
    visitor.get(PASSKEY)
    assert visitor.post(PASSKEY, name="Work laptop", credential=credential).status == 422
    assert told(the_one()) == ("refused", new, {"page": "mfa_add_webauthn", "what": "passkey"})
    assert not Authenticator.objects.exists()


def test_new_recovery_codes_for_whoever_has_no_second_factor(visitor: Visitor, new: Any):
    visitor.password("new")
    assert visitor.client.post("/staff/second-factor/codes/new/").status_code == 422
    assert told(the_one()) == ("refused", new, {"page": "mfa_generate_recovery_codes", "what": "recovery codes"})
    assert not Authenticator.objects.exists()


# --- A role that is missing


@pytest.mark.parametrize(
    ("address", "page"),
    [
        ("/physician/", "physician:inbox"),
        ("/physician/dashboard/", "physician:dashboard"),
        ("/physician/export/", "physician:ask-export"),
        ("/admin/guidance/", "guidance:board"),
        ("/admin/guidance/draft/review/", "guidance:review"),
        ("/admin/record/", "record"),
        ("/admin/auth/user/", "admin:auth_user_changelist"),
        ("/admin/", "admin-door"),
    ],
)
def test_a_page_that_needs_a_role(address: str, page: str, published: Any):
    user = staff.member("nobody", is_staff=address == "/admin/auth/user/")
    client = staff.sign_in(Client(), user)
    reply = client.get(address, follow=True)
    assert reply.status_code == 403
    assert told(the_one()) == ("refused", user, {"page": page})
    assert audit.verify().problems == ()


@pytest.mark.parametrize("address", ["/physician/{}/", "/physician/{}/note/", "/fhir/QuestionnaireResponse/{}"])
def test_a_response_that_needs_a_role_is_named(address: str, published: Any):
    review = given.shared()
    client = staff.sign_in(Client(), staff.editor())
    assert client.get(address.format(review.pk)).status_code == 403
    assert the_one().subject == review.pk


def test_a_superusers_account_is_not_an_administrators(max_: Any, visitor: Visitor):
    root = staff.member("root", is_superuser=True)
    staff.sign_in(visitor.client, max_)
    for address in ("password/", "change/", "delete/"):
        visitor.client.post(f"/admin/auth/user/{root.pk}/{address}", {"password1": "x"})
    assert {(each.kind, each.by) for each in refusals()} == {("refused", max_)}
    assert "admin:auth_user_password_change" in {each.detail["page"] for each in refusals()}


def test_a_second_factor_that_is_not_theirs_to_remove(max_: Any, visitor: Visitor):
    staff.sign_in(visitor.client, max_)
    visitor.client.post(f"/admin/auth/user/{max_.pk}/second-factor/")
    assert told(the_one()) == ("refused", max_, {"page": "admin:auth_user_second_factor", "what": "second factor"})


def test_an_entry_that_only_an_editor_changes(published: Any):
    ben = staff.approver()
    opening.open_from(by=staff.editor(), edition=published)
    client = staff.sign_in(Client(), ben)
    assert client.post(f"/admin/guidance/draft/{KNEE.room}/{KNEE.name}/", {"title-en": "x"}).status_code == 403
    assert told(the_one()) == ("refused", ben, {"page": "guidance:entry"})


def test_a_draft_that_somebody_else_must_sign(published: Any, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(checking, "report", lambda edition: checking.Report((), (), 0.0))
    cleo = staff.both()
    draft = opening.open_from(by=cleo, edition=published)
    Edition.objects.filter(pk=draft.pk).update(status="in-review", last_changed_by=cleo)
    client = staff.sign_in(Client(), cleo)
    revision = Edition.objects.get(pk=draft.pk).revision
    sent = {"act": "publish", "edition": draft.pk, "revision": revision, "read": "on", "change_note": "x"}
    assert client.post("/admin/guidance/draft/review/", sent).status_code == 403
    assert told(the_one()) == ("refused", cleo, {"page": "guidance:review"})


def test_somebody_elses_download_and_one_that_is_over(published: Any):
    dora, emil = (staff.sign_in(Client(), staff.physician(name)) for name in ("dora", "emil"))
    place = dora.post("/physician/export/", {"filters": ""})["Location"]
    assert emil.get(place).status_code == emil.get(f"{place}responses.csv").status_code == 404
    assert emil.post(f"{place}cancel/").status_code == 404
    dora.post(f"{place}cancel/")
    assert dora.get(f"{place}responses.csv").status_code == 410
    assert [(each.by.username, each.detail["why"]) for each in refusals() if each.by] == [
        *[("emil", "NoExport")] * 3,
        ("dora", "NotReady"),
    ]


def test_an_entry_of_a_recall_list_that_is_none(published: Any):
    dora = staff.physician()
    assert staff.sign_in(Client(), dora).get("/physician/recalls/7/").status_code == 404
    assert told(the_one()) == ("refused", dora, {"step": "recall", "why": "NoRecall"})


# --- Neither


def test_a_form_with_no_token_of_ours_is_a_try_of_whoever_is_signed_in(lee: Any):
    strict = Client(enforce_csrf_checks=True)
    assert strict.post(DOOR, {"login": "lee"}).status_code == 403
    assert strict.post("/physician/", {"words": "x"}).status_code == 403
    assert refusals() == []
    staff.sign_in(strict, lee)
    assert strict.post("/physician/", {"words": "x"}).status_code == 403
    assert told(the_one()) == ("refused", lee, {"page": "physician:inbox", "what": "token"})


def test_if_it_cannot_be_recorded_nothing_else_is_answered(published: Any, monkeypatch: pytest.MonkeyPatch):
    client = staff.sign_in(Client(), staff.editor())
    monkeypatch.setattr(audit, "record", lambda **event: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        client.get("/physician/")
