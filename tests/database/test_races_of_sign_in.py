"""At the same moment: one code, one invitation, one PIN too many."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any

import pytest

from bawabati.audit.models import AuditEntry
from bawabati.flows.change_cashier import change_cashier
from bawabati.flows.set_password import accept_invitation
from bawabati.flows.sign_in import check_code, check_password
from bawabati.guard.rules import TooManyTries, Visitor
from bawabati.people.models import KnownBrowser, Staff
from bawabati.people.rules import CodeWrong, Factor, InvitationOver, PinWrong, Role, SignInWrong
from bawabati.people.writes import know_browser, make_invitation, renew_recovery_codes, set_desk_pin
from people import NOON
from staff import PASSWORD, add_person, code_of, give_device

HERE = Visitor("10.0.0.1")
PIN = "730164"
Together = Callable[..., list[Any]]


@pytest.fixture
def nadjia(database: None) -> Staff:  # noqa: ARG001 - emptied after the test
    return add_person("nadjia@oran.example", Role.CASHIER)


def test_a_code_opens_one_of_two_sessions(nadjia: Staff, together: Together) -> None:
    code = code_of(give_device(nadjia), now=NOON)
    found = together(*[partial(check_code, staff_id=nadjia.id, code=code, now=NOON)] * 2)
    assert sorted(map(str, found)) == sorted([Factor.TOTP.value, str(CodeWrong())])


def test_a_recovery_code_opens_one_of_two_sessions(nadjia: Staff, together: Together) -> None:
    code = renew_recovery_codes(nadjia)[0]
    found = together(*[partial(check_code, staff_id=nadjia.id, code=code, now=NOON)] * 2)
    assert [one for one in found if one is Factor.RECOVERY_CODE] == [Factor.RECOVERY_CODE]
    assert AuditEntry.objects.filter(action="use_recovery_code").count() == 1


def test_an_invitation_sets_one_of_two_passwords(nadjia: Staff, together: Together) -> None:
    invitation = make_invitation(staff=nadjia, made_by=nadjia, expires_at=NOON + timedelta(hours=1), now=NOON)
    accept = partial(accept_invitation, invitation_id=invitation.id, password=PASSWORD, now=NOON)
    found = together(accept, accept)
    assert sum(isinstance(one, InvitationOver) for one in found) == 1
    assert AuditEntry.objects.filter(action="accept_invitation").count() == 1


def test_many_wrong_pins_at_once_are_five_tries(nadjia: Staff, together: Together) -> None:
    set_desk_pin(nadjia, PIN)
    know_browser(staff=nadjia, browser_sha256="desk", now=NOON)
    take_over = partial(change_cashier, login=nadjia.login, browser_sha256="desk", visitor=HERE, now=NOON)
    found = together(*[partial(take_over, typed="111111")] * 8)
    assert all(isinstance(one, PinWrong) for one in found)
    assert KnownBrowser.objects.get().wrong_pins == 5
    with pytest.raises(PinWrong):
        take_over(typed=PIN)


def test_many_wrong_passwords_at_once_are_six_tries(nadjia: Staff, together: Together) -> None:
    attempt = partial(check_password, login=nadjia.login, password="wrong", visitor=HERE, now=NOON)
    found = together(*[attempt] * 10)
    assert sum(isinstance(one, SignInWrong) for one in found) == 6
    assert sum(isinstance(one, TooManyTries) for one in found) == 4
