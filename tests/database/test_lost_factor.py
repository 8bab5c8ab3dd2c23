"""A lost second factor is taken away by two administrators, and refunds wait a day."""

from __future__ import annotations

from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from django.core.management import CommandError, call_command

from bawabati.audit.models import AuditEntry
from bawabati.flows.approve_change import approve_change, refuse_change
from bawabati.flows.ask_factor_reset import ask_factor_reset
from bawabati.flows.ask_refund import ask_refund
from bawabati.flows.set_up_factor import LastFactor, remove_factor
from bawabati.flows.steps.staff_payment import NoSuchPayment
from bawabati.payments.rules import RefundReason
from bawabati.people.models import PendingChange, Staff, StaffRole, StaffSession
from bawabati.people.reads import has_factor, list_factors
from bawabati.people.rules import (
    ChangeWaiting,
    NoSuchPerson,
    NotAllowed,
    RefundsWait,
    Role,
    SamePerson,
    check_may_refund,
)
from bawabati.people.writes import add_passkey, renew_recovery_codes
from people import NOON, SALIMA, add_company
from staff import add_person, give_device, session_key_of

LEILA = "leila@oran.example"
TAREK = "tarek@oran.example"
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


@pytest.fixture
def salima(database: None) -> Staff:  # noqa: ARG001 - emptied after the test
    """A finance officer with a device and recovery codes, signed in; Leila and Tarek are administrators."""
    company = add_company()
    for login in (LEILA, TAREK):
        add_person(login, Role.ADMINISTRATOR, company=company)
    salima = Staff.objects.get(login=SALIMA)
    give_device(salima, SECRET)
    renew_recovery_codes(salima)
    session_key_of(salima)
    return salima


def ask(*, login: str = LEILA, person: str = SALIMA) -> PendingChange:
    return ask_factor_reset(person_login=person, because="she showed her badge", login=login, now=NOON)


def test_nothing_changes_before_another_administrator_agrees(salima: Staff) -> None:
    change = ask()
    assert has_factor(salima.id)
    with pytest.raises(SamePerson):
        approve_change(change_id=change.id, login=LEILA, now=NOON)
    with pytest.raises(ChangeWaiting):
        ask(login=TAREK)
    approve_change(change_id=change.id, login=TAREK, now=NOON)
    assert list_factors(salima.id) == []
    assert not StaffSession.objects.exists()
    acts = set(AuditEntry.objects.values_list("action", flat=True))
    assert {"ask_factor_reset", "approve_change"} <= acts


def test_refunds_wait_a_day(salima: Staff) -> None:
    approve_change(change_id=ask().id, login=TAREK, now=NOON)
    refunds_from = Staff.objects.get(id=salima.id).refunds_from
    with pytest.raises(RefundsWait, match="23/11/2026 12:00"):
        check_may_refund(refunds_from, now=NOON + timedelta(hours=23, minutes=59))
    check_may_refund(refunds_from, now=NOON + timedelta(hours=24))
    check_may_refund(None, now=NOON)
    with pytest.raises(NoSuchPayment):
        ask_refund(payment_id=1, reason=RefundReason.BILL_DUE_AGAIN, amount=None, because="x", login=SALIMA, now=NOON)


def test_the_person_takes_no_part_and_neither_does_anybody_from_elsewhere(salima: Staff) -> None:
    with pytest.raises(NotAllowed):
        ask(person=LEILA)
    with pytest.raises(NotAllowed):
        ask(login=SALIMA)
    with pytest.raises(NoSuchPerson):
        ask(person="nobody@oran.example")
    tafna = add_company("tafna")
    StaffRole.objects.filter(company=tafna).delete()
    add_person("amel@tafna.example", Role.ADMINISTRATOR, company=tafna)
    with pytest.raises(NotAllowed):
        ask(login="amel@tafna.example")
    change = ask(login=TAREK)
    with pytest.raises(NotAllowed):
        approve_change(change_id=change.id, login=SALIMA, now=NOON)
    assert has_factor(salima.id)


def test_it_may_be_refused_and_asked_again(salima: Staff) -> None:
    refuse_change(change_id=ask().id, login=LEILA, now=NOON)
    assert has_factor(salima.id)
    approve_change(change_id=ask().id, login=TAREK, now=NOON)
    assert not has_factor(salima.id)


def test_who_works_everywhere_is_in_the_hands_of_administrators_of_everywhere(salima: Staff) -> None:
    add_person("omar.national@example.org", Role.OPERATOR)
    with pytest.raises(NotAllowed):
        ask(person="omar.national@example.org")
    for login in ("first@example.org", "second@example.org"):
        add_person(login, Role.ADMINISTRATOR)
    change = ask(person="omar.national@example.org", login="first@example.org")
    assert change.company is None
    approve_change(change_id=change.id, login="second@example.org", now=NOON)
    assert has_factor(salima.id)


def test_the_commands_say_what_is_asked_and_do_it(salima: Staff, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("ask_factor_reset", SALIMA, because="she showed her badge", login=LEILA)
    change = PendingChange.objects.get()
    call_command("approve_change", change.id, login=TAREK)
    said = capsys.readouterr().out
    assert f"{SALIMA}: every second factor goes" in said
    assert "because: she showed her badge" in said
    assert not has_factor(salima.id)
    with pytest.raises(CommandError):
        call_command("ask_factor_reset", "nobody@oran.example", because="x", login=LEILA)


def test_no_secret_stands_in_clear(salima: Staff) -> None:
    kept = str(list(Authenticator.objects.values_list("data", flat=True)))
    assert SECRET not in kept
    codes = renew_recovery_codes(salima)
    kept = str(list(Authenticator.objects.values_list("data", flat=True)))
    assert not any(code in kept for code in codes)


def test_two_removals_at_once_leave_one_factor(salima: Staff, together: object) -> None:
    add_passkey(staff=salima, name="key", credential={})
    first, second = (factor.id for factor in list_factors(salima.id) if factor.type != "recovery_codes")

    def remove(factor_id: int) -> str:
        try:
            remove_factor(staff=salima, factor_id=factor_id, now=NOON)
        except LastFactor:
            return "stays"
        return "gone"

    assert callable(together)
    assert sorted(together(lambda: remove(first), lambda: remove(second))) == ["gone", "stays"]


def test_a_company_that_is_joined_later_counts_too(salima: Staff) -> None:
    add_person(SALIMA, Role.AUDITOR, company=add_company("tafna"))
    with pytest.raises(NotAllowed):
        ask()
    assert has_factor(salima.id)
