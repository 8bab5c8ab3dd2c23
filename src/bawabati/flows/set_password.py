"""A person sets the own password: by an invitation, or knowing that it is time."""

from __future__ import annotations

from datetime import datetime

from bawabati.audit.writes import record_act
from bawabati.flows.steps.passwords import check_new_password
from bawabati.flows.steps.side_effects import written_together
from bawabati.people import writes
from bawabati.people.models import Staff


def accept_invitation(*, invitation_id: int, password: str, now: datetime) -> Staff:
    """The account with its new password; it is signed out everywhere. Once. Rule: invitation (failures.md 5.2, 6.4)

    Raises:
        InvitationOver: used, replaced, or too old.
        PasswordWeak: the invitation stays good.
    """
    with written_together("accept_invitation: accepted"):
        staff = writes.use_invitation(invitation_id, now=now).staff
        check_new_password(password, staff)
        writes.set_password(staff, password)
        writes.end_sessions(staff.id)
        _record(staff, "accept_invitation", now)
    return staff


def change_password(*, staff: Staff, password: str, this_session: str, now: datetime) -> None:
    """Another password; every other session is over. Raises PasswordWeak."""
    check_new_password(password, staff)
    with written_together("change_password: changed"):
        writes.set_password(staff, password)
        writes.end_sessions(staff.id, but=this_session)
        _record(staff, "change_password", now)


def _record(staff: Staff, action: str, now: datetime) -> None:
    record_act(staff_id=staff.id, company_id=None, action=action, target=f"staff:{staff.id}", details={}, now=now)
