"""Who may take away whose second factor, asked of the service itself."""

from __future__ import annotations

import pytest
from allauth.mfa.models import Authenticator
from django.contrib.auth.models import User

from questionnaire.services import second_factors
from questionnaire.services.staff import NotAllowed
from tests import staff

pytestmark = pytest.mark.django_db


@pytest.fixture
def lee():
    user = staff.physician()
    staff.with_factor(user)
    return user


def test_an_administrator_takes_away_all_that_somebody_has(lee):
    other = staff.editor()
    staff.with_factor(other)
    assert second_factors.remove(by=staff.administrator(), of=lee) == 2
    assert second_factors.remove(by=staff.administrator(), of=lee) == 0
    assert Authenticator.objects.filter(user=other).count() == 2


@pytest.mark.parametrize("make", [staff.physician, staff.editor, staff.approver, staff.member])
def test_nobody_else_does(make, lee):
    with pytest.raises(NotAllowed, match="Administrators"):
        second_factors.remove(by=make("sam"), of=lee)
    assert Authenticator.objects.filter(user=lee).count() == 2


def test_nor_an_administrator_who_is_one_no_longer(lee):
    for change in ({"is_active": False}, None):
        administrator = staff.administrator("joan")
        if change:
            User.objects.filter(pk=administrator.pk).update(**change)
        else:
            administrator.groups.clear()
        with pytest.raises(NotAllowed, match="Administrators"):
            second_factors.remove(by=administrator, of=lee)


def test_a_superusers_is_for_superusers(lee):
    root, other = (staff.member(name, is_superuser=True) for name in ("root", "other"))
    staff.with_factor(root)
    with pytest.raises(NotAllowed, match="superuser"):
        second_factors.remove(by=staff.administrator(), of=root)
    assert second_factors.remove(by=other, of=root) == 2


def test_ones_own_is_changed_elsewhere():
    administrator = staff.administrator()
    staff.with_factor(administrator)
    with pytest.raises(NotAllowed, match="Your sign-in"):
        second_factors.remove(by=administrator, of=administrator)
