"""On a shared desk another person takes over, quickly: with a PIN, where he has signed in fully today.

Decision: docs/decisions/0022-change-of-cashier.md
"""

from __future__ import annotations

from datetime import datetime

from django.contrib.auth.hashers import check_password, make_password

from bawabati.audit.writes import record_act
from bawabati.flows.steps.device_code import spend_device_code
from bawabati.flows.steps.midnight import last_midnight
from bawabati.flows.steps.refused_sign_in import note_refusal
from bawabati.flows.steps.side_effects import written_together
from bawabati.guard.rules import Scope, TooManyTries, Verdict, Visitor
from bawabati.guard.writes import weigh
from bawabati.people import writes
from bawabati.people.models import Staff
from bawabati.people.reads import all_roles_of, find_staff
from bawabati.people.rules import PASSKEY_ROLES, PinNotPossible, PinWrong, is_pin


def set_desk_pin(*, staff: Staff, pin: str, now: datetime) -> None:
    """The person's own PIN for a change of cashier; empty takes it away. Rule: desk-pin (ours)

    Raises PinNotPossible: too simple, or the person's role asks for a passkey.
    """
    if pin and (not is_pin(pin) or not PASSKEY_ROLES.isdisjoint(all_roles_of(staff.id))):
        raise PinNotPossible
    with written_together("set_desk_pin: set"):
        writes.set_desk_pin(staff, pin)
        _record(staff, "set_desk_pin", now)


def change_cashier(*, login: str, typed: str, browser_sha256: str, visitor: Visitor, now: datetime) -> Staff:
    """Who takes over: the PIN, or the code of a device, is that person's, who has signed in fully there today.

    After five wrong ones in a row only a full sign-in helps. Call it outside a transaction: each call counts as a try.
    Rule: desk-pin (ours)

    Raises:
        TooManyTries: of this browser's network.
        PinWrong: whatever it is that is not right.
    """
    if weigh(counting=Scope.DESK_PIN, subject=visitor.subject(), now=now) is not Verdict.FREE:
        raise TooManyTries
    staff = find_staff(login.replace("\0", ""))
    if staff is None or not _is_right(staff, typed, browser_sha256, now):
        if staff is None:
            make_password(typed)  # the same work, so that time tells nothing either
        with written_together("change_cashier: refusal noted"):
            note_refusal(staff, reason="pin", now=now)
        raise PinWrong
    with written_together("change_cashier: changed"):
        writes.forget_wrong_pins(staff=staff, browser_sha256=browser_sha256)
        _record(staff, "change_cashier", now)
    return staff


def _is_right(staff: Staff, typed: str, browser_sha256: str, now: datetime) -> bool:
    if not _may_try(staff, browser_sha256, now):
        make_password(typed)  # as above
        return False
    if staff.desk_pin and check_password(typed, staff.desk_pin):
        return True
    return spend_device_code(staff_id=staff.id, code=typed, now=now)


def _may_try(staff: Staff, browser_sha256: str, now: datetime) -> bool:
    if not PASSKEY_ROLES.isdisjoint(all_roles_of(staff.id)):
        return False
    with written_together("change_cashier: try counted"):
        return writes.try_known_browser(staff=staff, browser_sha256=browser_sha256, since=last_midnight(now))


def _record(staff: Staff, action: str, now: datetime) -> None:
    record_act(staff_id=staff.id, company_id=None, action=action, target=f"staff:{staff.id}", details={}, now=now)
