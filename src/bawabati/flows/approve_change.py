"""Another person approves what one person asked for, and it happens; or refuses it, and it never does."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar, assert_never

from bawabati.audit.writes import record_act
from bawabati.companies.reads import find_active_gateway_account
from bawabati.companies.writes import set_gateway_account
from bawabati.errors import CannotDo
from bawabati.flows.steps.gateway_changes import access_with, first_access, is_outdated, secret_purpose
from bawabati.flows.steps.over_person import staff_over
from bawabati.flows.steps.side_effects import written_together
from bawabati.people.models import PendingChange, Staff
from bawabati.people.reads import get_staff, get_staff_allowed
from bawabati.people.rules import (
    ASKED_WITH,
    REFUNDS_WAIT,
    TWO_PEOPLE,
    Action,
    ChangeKind,
    ChangeState,
    NotAllowed,
    check_two_people,
)
from bawabati.people.writes import decide_change, lock_change, take_factors_away
from bawabati.sealed import unseal


class ChangeOutdated(CannotDo):
    """The account has changed since, in another way: nobody may approve what he did not see."""

    code: ClassVar[str] = "change_outdated"
    sentence: ClassVar[str] = "The account is no longer what it was when this was asked for. Refuse it and ask again."


def approve_change(*, change_id: int, login: str, now: datetime) -> PendingChange:
    """Makes the change. Safe to race: a change is decided once. Rule: two-people (behaviour.md 4)

    Raises:
        NoSuchChange, ChangeDecided, ChangeOutdated: there is nothing that could be approved.
        NotAllowed: that person may not approve it.
        SamePerson: the person asked for it. The database refuses this too.
    """
    with written_together("approve_change: approved"):
        change = lock_change(change_id)
        staff = _deciding(change, login, _approves(change))
        check_two_people(asked_by=change.asked_by_id, approved_by=staff.id)
        kind = ChangeKind(change.kind)
        match kind:
            case ChangeKind.GATEWAY_ACCOUNT:
                _change_gateway_account(change)
            case ChangeKind.LOST_FACTOR:
                take_factors_away(staff_id=change.what["staff"], refunds_from=now + REFUNDS_WAIT)
            case _:
                assert_never(kind)
        _decide(change, ChangeState.APPROVED, staff, now)
    return change


def refuse_change(*, change_id: int, login: str, now: datetime) -> PendingChange:
    """Nothing changes. Who may approve refuses; who asked takes it back.

    Raises:
        NoSuchChange, ChangeDecided, NotAllowed: as `approve_change`.
    """
    with written_together("refuse_change: refused"):
        change = lock_change(change_id)
        try:
            staff = _deciding(change, login, _approves(change))
        except NotAllowed:
            staff = _deciding(change, login, ASKED_WITH[ChangeKind(change.kind)])
            if staff.id != change.asked_by_id:
                raise
        _decide(change, ChangeState.REFUSED, staff, now)
    return change


def _approves(change: PendingChange) -> Action:
    return TWO_PEOPLE[ASKED_WITH[ChangeKind(change.kind)]]


def _deciding(change: PendingChange, login: str, action: Action) -> Staff:
    if change.kind == ChangeKind.LOST_FACTOR:
        return staff_over(get_staff(change.what["staff"]), login=login, action=action)
    return get_staff_allowed(login=login, action=action, company_id=change.company_id)


def _change_gateway_account(change: PendingChange) -> None:
    company_id = change.company_id
    if company_id is None:
        raise ChangeOutdated
    account = find_active_gateway_account(company_id)
    changes = change.what["changes"]
    if (account.id if account else None) != change.what["account"] or (account and is_outdated(account, changes)):
        raise ChangeOutdated
    sealed = change.secret_sealed
    password = None if sealed is None else unseal(bytes(sealed), purpose=secret_purpose(company_id))
    if account is None:
        access = first_access(change.what["gateway"], changes, password=password or "")
    else:
        access = access_with(account, changes, password=password)
    set_gateway_account(company_id=company_id, access=access)


def _decide(change: PendingChange, state: ChangeState, staff: Staff, now: datetime) -> None:
    decide_change(change, state=state, decided_by=staff, now=now)
    record_act(
        staff_id=staff.id,
        company_id=change.company_id,
        action=f"{'approve' if state is ChangeState.APPROVED else 'refuse'}_change",
        target=f"change:{change.id}",
        details=change.what,
        now=now,
    )
